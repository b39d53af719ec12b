//! What a server has acknowledged, it keeps: while eUICCs download, it is killed, its data base ends its connections,
//! its disk fills up. The real binary over TLS, judged by what its clients were told.
//!
//! `RSPLAB_CRASH_SEED` repeats a run, `RSPLAB_CRASH=long` makes it ten times as long, `RSPLAB_STRICT_TIME=1` asserts that a
//! server is ready again within two seconds; without it, only the figure is printed.

#![cfg(test)]

#[path = "../whole/common.rs"]
#[allow(dead_code, reason = "every test program uses a part of it")]
mod common;
#[path = "../../../smdp/tests/common/postgres.rs"]
#[allow(dead_code, reason = "every test program uses a part of it")]
mod postgres;

mod check;
mod damage;
mod disk;
mod euicc;
mod journal;
mod killer;
mod kills;
#[allow(dead_code, reason = "every test program uses a part of it")]
mod lab;
mod operator;
mod run;
mod shutdown;
