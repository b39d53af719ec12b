//! The error catalogue, walked through with our LPA and our card: each entry shows what it promises.

#![cfg(test)]

#[path = "../whole/common.rs"]
#[allow(dead_code, reason = "not every test binary needs all that the tests share")]
mod common;

mod commands;
mod lab;
mod walk;
