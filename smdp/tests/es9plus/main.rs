//! The SM-DP+ as an LPA meets it on ES9+, above the wire: one test for each check that SGP.22 §5.6 asks for.
//!
//! What is asserted is the specification's: the status code, what becomes of the order, what of the session.

#![cfg(test)]

#[path = "../common/mod.rs"]
#[allow(dead_code, reason = "not every test binary needs all that the tests share")]
mod common;

mod at_hand;
mod authenticate_client;
mod cancel_session;
mod certificates;
mod confirmation_code;
mod eligibility;
mod get_bound_profile_package;
mod handle_notification;
mod initiate_authentication;
mod limits;
mod order_lookup;
mod races;
mod rebinding;
mod replays;
mod secrets;
mod tampering;
