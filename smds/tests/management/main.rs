//! The management API as its callers meet it: every route, every filter, every error.

#![cfg(test)]

#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "not every test binary needs all that the tests share")]
mod common;

mod access;
mod api;
mod document;
mod events;
mod metrics;
mod probes;
mod removal;
mod root_deletions;
mod serving;
mod store_down;
