//! `rsp conform server` against this project's SM-DP+ and SM-DS, each a process of its own: every case that can be asked is
//! passed, and which cannot is known.

#![cfg(test)]

#[path = "../whole/common.rs"]
#[allow(dead_code, reason = "other tests need the rest")]
mod common;

mod arguments;
mod lab;
mod seed;
mod smdp;
mod smds;
