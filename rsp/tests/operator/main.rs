//! Operators and their SM-DP+: from the order to the report, over nothing but ES2+ and ES9+, each end a process of its own.

#![cfg(test)]

#[path = "../whole/common.rs"]
#[allow(dead_code, reason = "other tests need the rest")]
mod common;
#[path = "../../../smdp/tests/common/postgres.rs"]
#[allow(dead_code, reason = "other tests need the rest")]
mod postgres;

mod cancel;
mod certificates;
mod client;
mod documents;
mod download;
mod lab;
mod lookup;
mod repeated;
mod reports;
mod strangers;
