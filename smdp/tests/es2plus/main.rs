//! The SM-DP+ as an operator meets it on ES2+, above the wire: one test for each rule of SGP.22 §5.3, on SQLite; the store's
//! own tests show that PostgreSQL keeps the same promises.

#![cfg(test)]

#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "not every test binary needs all that the tests share")]
mod common;

mod cancel_order;
mod confirm_order;
mod download_order;
mod idempotency;
mod release_profile;
mod reports;
mod requests;
mod smds_address;
