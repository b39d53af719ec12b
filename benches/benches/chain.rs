//! An eUICC's certificates verified, for the first time and again.
//!
//!     cargo bench -p benches --bench chain

#![cfg(test)]

mod common;

fn main() {
    common::run("chain");
}
