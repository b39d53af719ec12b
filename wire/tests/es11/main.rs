//! ES11 over HTTP: both bindings, both halves.

#![cfg(test)]

mod client_errors;
mod codes;
mod fields;
mod http_rules;
mod log;
mod mutated;
mod round_trip;
mod spelling;
mod support;
mod urgency;
