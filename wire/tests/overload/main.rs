//! A server that is asked too much.

#![cfg(test)]

mod bodies;
mod connections;
mod handshakes;
#[path = "../es9plus/support/pki.rs"]
mod pki;
mod refusals;
mod slow;
mod support;
mod waiting;
