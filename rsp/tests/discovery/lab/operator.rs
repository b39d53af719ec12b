//! The operator: calls ES2+ by `rsp es2`.

use std::process::Output;

use serde_json::Value;

use super::{EID, Lab, json, printed, status_code, text, told, until};

#[derive(Clone, Copy)]
pub struct Operator<'a> {
    pub(super) lab: &'a Lab,
}

/// A profile that was ordered for the card.
pub struct Order {
    pub iccid: String,
    /// Its MatchingID, which is its EventID too.
    pub matching_id: String,
}

impl Order {
    fn confirmed(iccid: String, output: &Output) -> Self {
        Self { iccid, matching_id: text(&answer(output)["matchingId"]) }
    }
}

/// What was answered to a call that was executed.
fn answer(output: &Output) -> Value {
    assert!(output.status.success(), "{}", told(output));
    json(&printed(output))
}

impl Operator<'_> {
    fn call(&self, arguments: &[&str]) -> Output {
        let server = self.lab.smdp.peers.address();
        let connection =
            ["--server", &server, "--cert", "operators/alpha.pem", "--key", "operators/alpha.key"];
        self.lab.bench.rsp(&[&["es2"], arguments, &connection, &["--ci", "pki", "--json"]].concat())
    }

    /// A call that is executed, and its answer.
    pub fn ok(&self, arguments: &[&str]) -> Value {
        answer(&self.call(arguments))
    }

    /// A call that is refused, and the status code that says why.
    pub fn refused(&self, arguments: &[&str]) -> String {
        let output = self.call(arguments);
        assert_eq!(output.status.code(), Some(1), "es2 {arguments:?} was not refused: {}", told(&output));
        status_code(&output)
    }

    /// Orders any profile for the card, and gives its ICCID.
    pub fn order(&self) -> String {
        text(&self.ok(&["download-order", "--profile-type", "travel", "--eid", EID])["iccid"])
    }

    /// Orders and confirms a profile that the card will find by the Alternative SM-DS.
    pub fn confirm(&self, more: &[&str]) -> Order {
        let iccid = self.order();
        let output = self.try_to_confirm(&iccid, more);
        Order::confirmed(iccid, &output)
    }

    /// The same, and releases it, as often as that is refused because the SM-DS has raised an error (SGP.22 table 27).
    pub fn release_at_last(&self) -> Order {
        let iccid = self.order();
        let output = until("the order is released", || {
            let output = self.try_to_confirm(&iccid, &["--release"]);
            let is_refused = !output.status.success() && status_code(&output) == "8.9/4.2";
            (!is_refused).then_some(output)
        });
        Order::confirmed(iccid, &output)
    }

    fn try_to_confirm(&self, iccid: &str, more: &[&str]) -> Output {
        let smds = self.lab.alternative.lpas.address();
        let confirm = ["confirm-order", "--iccid", iccid, "--smds-address", &smds];
        self.call(&[&confirm[..], more].concat())
    }

    /// Orders, confirms and releases a profile that the card will find by the Alternative SM-DS.
    pub fn release(&self) -> Order {
        self.confirm(&["--release"])
    }

    pub fn cancel(&self, order: &Order) {
        let cancel =
            ["cancel-order", "--iccid", &order.iccid, "--eid", EID, "--matching-id", &order.matching_id];
        self.ok(&[&cancel[..], &["--final-status", "available"]].concat());
    }
}
