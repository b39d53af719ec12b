//! ES2+ over HTTP, both halves of both directions, and the TLS with certificates on both sides that it needs.

#![cfg(test)]

mod client_errors;
mod fields;
mod http_rules;
mod mutual_tls;
mod mutual_tls_certificates;
mod progress;
mod rate;
mod round_trip;
mod secrets;
mod support;
mod trust;
