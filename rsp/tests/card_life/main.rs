//! The life of a card as a file: made, looked at, copied, damaged, and robbed of its power.

#![cfg(test)]

#[path = "../whole/common.rs"]
#[allow(dead_code, reason = "every test program uses a part of it")]
mod common;

mod bench;
mod copies;
mod damage;
mod inspect;
mod manufacture;
mod power_loss;
