//! `rsp card serve`: cards at their ports, from outside the process.

#![cfg(test)]

#[path = "../whole/common.rs"]
#[allow(dead_code, reason = "every test program uses a part of it")]
mod common;
mod hostile;
mod http;
mod lab;
#[cfg(unix)]
mod modem;
mod power;
mod several;
mod stdio;
mod tcp;
mod vpcd;
