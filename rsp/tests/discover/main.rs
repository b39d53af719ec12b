//! `rsp lpa discover` against an SM-DP+ and SM-DSs as their users run them.

#![cfg(test)]

#[path = "../whole/common.rs"]
#[expect(dead_code, reason = "shared with the tests of the whole")]
mod common;
mod lab;
mod power_on;
mod retrieval;
