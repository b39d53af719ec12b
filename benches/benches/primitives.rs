//! Cryptography alone, on each engine and curve.
//!
//!     cargo bench -p benches --bench primitives

#![cfg(test)]

mod common;

fn main() {
    common::run("primitives");
}
