//! What an SM-DP+ does wrong when it is asked to, and that it does nothing else.

#![cfg(test)]

#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "not every test binary needs all that the tests share")]
mod common;

mod catalogue;
mod packages;
mod rules;
