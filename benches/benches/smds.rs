//! ES11 below HTTP.
//!
//!     cargo bench -p benches --bench smds

#![cfg(test)]

mod common;

fn main() {
    common::run("smds");
}
