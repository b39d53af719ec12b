//! No secret leaves the server: a whole session at the most talkative level, then everything it wrote and answered is
//! searched for every key and code that took part.

#![cfg(test)]

#[path = "../whole/common.rs"]
#[allow(dead_code, reason = "every test program uses a part of it")]
mod common;
#[path = "../crash/lab/mod.rs"]
#[allow(dead_code, reason = "every test program uses a part of it")]
mod lab;
#[path = "../../../smdp/tests/common/postgres.rs"]
#[allow(dead_code, reason = "every test program uses a part of it")]
mod postgres;

mod known;
mod leaks;
mod operation;
mod search;
mod session;
