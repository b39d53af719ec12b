//! Each function of ES9+ below HTTP, and the whole session.
//!
//!     cargo bench -p benches --bench es9plus

#![cfg(test)]

mod common;

fn main() {
    common::run("es9plus");
}
