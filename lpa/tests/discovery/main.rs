//! Event retrieval and what follows from it (SGP.22 §3.6.2), between a card that verifies, SM-DSs and SM-DP+s that sign: the
//! servers are those of `protocol`, in a network that is a table.

#![cfg(test)]

#[path = "../common/mod.rs"]
mod common;
mod euicc;
mod lab;
mod network;
mod processing;
mod retrieval;
mod server;
