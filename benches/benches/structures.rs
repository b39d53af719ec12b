//! Messages in DER, and a request read and its answer written in each binding.
//!
//!     cargo bench -p benches --bench structures

#![cfg(test)]

mod common;

fn main() {
    common::run("structures");
    common::run("bindings");
}
