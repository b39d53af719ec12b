//! Discovery from end to end: operator, SM-DP+, Alternative and Root SM-DS, card and LPA, each a process of its own, and nothing
//! but the program and its interfaces between them.

#![cfg(test)]

#[path = "../whole/common.rs"]
#[allow(dead_code, reason = "other tests need the rest")]
mod common;
#[path = "../../../smdp/tests/common/postgres.rs"]
#[allow(dead_code, reason = "other tests need the rest")]
mod postgres;

mod default_smdp;
mod disturbance;
mod documents;
mod flapping;
mod lab;
mod lost_answers;
mod mistakes;
mod outages;
mod release;
mod several_events;
mod shutdown;
mod strangers;
mod two_nodes;
mod whole_way;
