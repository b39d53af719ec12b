//! A profile installed in a card.
//!
//!     cargo bench -p benches --bench card

#![cfg(test)]

mod common;

fn main() {
    common::run("card");
}
