//! The operator: calls ES2+ by `rsp es2`.

use std::process::Output;

use serde_json::Value;

use super::{EID, Lab, json, printed, status_code, text, told};

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

impl Operator<'_> {
    fn call(&self, arguments: &[&str]) -> Output {
        let server = self.lab.smdp.peers.address();
        let connection =
            ["--server", &server, "--cert", "operators/alpha.pem", "--key", "operators/alpha.key"];
        self.lab.bench.rsp(&[&["es2"], arguments, &connection, &["--ci", "pki", "--json"]].concat())
    }

    /// A call that is executed, and its answer.
    pub fn ok(&self, arguments: &[&str]) -> Value {
        let output = self.call(arguments);
        assert!(output.status.success(), "es2 {arguments:?}: {}", told(&output));
        json(&printed(&output))
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
        let (iccid, smds) = (self.order(), self.lab.alternative.lpas.address());
        let confirm = ["confirm-order", "--iccid", &iccid, "--smds-address", &smds];
        let confirmed = self.ok(&[&confirm[..], more].concat());
        Order { iccid, matching_id: text(&confirmed["matchingId"]) }
    }

    /// The same, and releases it.
    pub fn release(&self) -> Order {
        self.confirm(&["--release"])
    }

    pub fn cancel(&self, order: &Order) {
        let cancel =
            ["cancel-order", "--iccid", &order.iccid, "--eid", EID, "--matching-id", &order.matching_id];
        self.ok(&[&cancel[..], &["--final-status", "available"]].concat());
    }
}
