//! `rsp load` against this project's SM-DP+, each a process of its own.

#![cfg(test)]

#[path = "../whole/common.rs"]
#[allow(dead_code, reason = "other tests need the rest")]
mod common;

mod arguments;
mod lab;
mod results;
mod runs;
