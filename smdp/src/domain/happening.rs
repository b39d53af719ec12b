//! What happened to an order: kept as its history, and told to the operator where the operator is to know.

use std::fmt;

use asn1::Iccid;
use protocol::clock::Timestamp;
use protocol::status::StatusCode;
use protocol::types::Eid;
use serde::{Deserialize, Serialize};

use super::{OrderId, ProfileState};

/// The store's number of a happening; later ones have higher numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct HappeningId(pub i64);

impl fmt::Display for HappeningId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Something that happened to an order, before the store has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Happening {
    /// When.
    pub at: Timestamp,
    /// The eUICC that has part in it, where the order does not name it yet.
    pub eid: Option<Eid>,
    /// What, in the words of the specification: `ES2+.ConfirmOrder`, `ES9+.GetBoundProfilePackage` …
    pub what: &'static str,
    /// The status code or reason that goes with it.
    pub detail: Option<String>,
    /// What the operator is told, if anything (SGP.22 §5.3.5).
    pub report: Option<Report>,
}

/// One ES2+.HandleDownloadProgressInfo to send (SGP.22 §5.3.5).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Report {
    /// notificationPointId.
    pub point: u32,
    /// Why the step failed, if it did.
    pub failure: Option<ReportedFailure>,
    /// resultData: the finalResult of a ProfileInstallationResult.
    pub result_data: Option<Vec<u8>>,
}

/// The status codes of a step that failed (SGP.22 §5.3.5, table 32b).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ReportedFailure {
    /// What it is about, dotted.
    pub subject_code: String,
    /// What is wrong with it, dotted.
    pub reason_code: String,
    /// For humans.
    pub message: String,
}

impl From<StatusCode> for ReportedFailure {
    fn from(code: StatusCode) -> Self {
        Self {
            subject_code: code.subject.to_owned(),
            reason_code: code.reason.to_owned(),
            message: code.meaning.to_owned(),
        }
    }
}

/// Something that happened, as the store keeps it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HappeningRecord {
    /// The store's number.
    pub id: HappeningId,
    /// When.
    pub at: Timestamp,
    /// The order.
    pub order: OrderId,
    /// The profile.
    pub iccid: Iccid,
    /// The operator of the profile.
    pub operator: Option<String>,
    /// The type of the profile.
    pub profile_type: String,
    /// The eUICC, where it was known then.
    pub eid: Option<Eid>,
    /// What.
    pub what: String,
    /// The status code or reason that goes with it.
    pub detail: Option<String>,
    /// The state of the profile after it.
    pub state: ProfileState,
    /// What the operator is told.
    pub report: Option<Report>,
    /// How the telling goes.
    pub delivery: Delivery,
}

/// How far a report has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Delivery {
    /// There is none to deliver.
    None,
    /// It waits for its next try.
    Due {
        /// When that is.
        at: Timestamp,
        /// How often it was tried.
        attempts: u32,
    },
    /// The operator has it.
    Delivered,
    /// It was tried for too long, or nobody wants it any more.
    GivenUp,
}
