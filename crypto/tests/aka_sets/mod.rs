//! Published test sets of the authentication algorithms.
#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod milenage;
pub mod tuak;
