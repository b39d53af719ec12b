//! Packages bound, below HTTP and without a store.
//!
//!     cargo bench -p benches --bench binding

#![cfg(test)]

mod common;

fn main() {
    common::run("binding");
}
