//! The management API as its callers meet it: every route, every error, and what no answer may hold.

#![cfg(test)]

#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "not every test binary needs all that the tests share")]
mod common;

mod access;
mod api;
mod creating_orders;
mod creating_profiles;
mod document;
mod events;
mod faults;
mod history;
mod log;
mod metrics;
mod orders;
mod probes;
mod profiles;
mod secrets;
mod serving;
mod session;
mod smds_events;
mod store_down;
