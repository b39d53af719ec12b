//! ES12 over HTTP, both halves, and the TLS that lets in every SM-DP+ and SM-DS.

#![cfg(test)]

mod callers;
mod doubt;
mod fields;
mod http_rules;
mod log;
mod round_trip;
mod support;
mod trust;
mod urgency;
