//! The event of an order at an SM-DS (SGP.22 §3.6): what has to be registered there, and deleted again.

use std::fmt;
use std::str::FromStr;

use protocol::clock::Timestamp;
use protocol::status::StatusCode;
use protocol::types::{Eid, EventId, ServerAddress};

use super::OrderId;

/// The store's number of an event; none is given twice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SmdsEventId(pub i64);

impl fmt::Display for SmdsEventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// How far an event has come. It goes from the first to the fourth, and never back once a deletion may have been executed:
/// no SM-DS takes an EventID twice (SGP.22 §3.6.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SmdsEventStage {
    /// Its order is released, and the SM-DS is to know.
    Registering,
    /// The SM-DS knows.
    Registered,
    /// Its order has ended, and the SM-DS is to forget it.
    Deleting,
    /// The SM-DS has forgotten it.
    Deleted,
    /// The SM-DS could not be told for too long, and may have it still.
    GivenUp,
}

impl SmdsEventStage {
    /// Every stage.
    pub const ALL: [Self; 5] =
        [Self::Registering, Self::Registered, Self::Deleting, Self::Deleted, Self::GivenUp];

    /// The name in the store and in the management API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Registering => "Registering",
            Self::Registered => "Registered",
            Self::Deleting => "Deleting",
            Self::Deleted => "Deleted",
            Self::GivenUp => "GivenUp",
        }
    }
}

impl fmt::Display for SmdsEventStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for SmdsEventStage {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|stage| stage.name() == text).ok_or(())
    }
}

/// The event of an order at an SM-DS, as the store keeps it. It outlives its order: what an SM-DS was told it has to be
/// told again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SmdsEvent {
    /// The store's number.
    pub id: SmdsEventId,
    /// The order.
    pub order: OrderId,
    /// The eUICC.
    pub eid: Eid,
    /// The MatchingID of the order (SGP.22 §5.3.2).
    pub event_id: EventId,
    /// The SM-DS.
    pub smds: ServerAddress,
    /// How far it has come.
    pub stage: SmdsEventStage,
    /// When something is to be done next, if anything: a try, or the end of the order.
    pub due: Option<Timestamp>,
    /// Until when a try may be under way.
    pub lease: Option<Timestamp>,
    /// How many tries have begun, of both functions. It is the name of the last one.
    pub attempts: u32,
    /// How many tries of this stage have failed.
    pub failures: u32,
    /// Whether the SM-DS may have executed a registration.
    pub known: bool,
    /// Whether the SM-DS may have executed a deletion.
    pub forgotten: bool,
    /// Why the last try of this stage failed.
    pub failure: Option<EventFailure>,
    /// When its order ends by itself.
    pub expires: Option<Timestamp>,
    /// When its order was released.
    pub created: Timestamp,
    /// When it came to this stage.
    pub changed: Timestamp,
}

/// Why a call to an SM-DS had not the effect that was wanted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EventFailure {
    /// What it was.
    pub kind: FailureKind,
    /// In words, for those who run the server.
    pub message: String,
}

/// What kind of failure.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FailureKind {
    /// The SM-DS answered Failed, with this code: `8.9/5.1`.
    Refused(String),
    /// The SM-DS does not take our TLS certificate. It has done nothing.
    NotAdmitted,
    /// The SM-DS was not reached. It has done nothing.
    NotReached,
    /// There was no answer, or none that can be read: nobody knows.
    NoAnswer,
}

impl FailureKind {
    const NOT_ADMITTED: &str = "not admitted";
    const NOT_REACHED: &str = "not reached";
    const NO_ANSWER: &str = "no answer";

    /// The kind by its text.
    pub fn of_text(text: String) -> Self {
        match text.as_str() {
            Self::NOT_ADMITTED => Self::NotAdmitted,
            Self::NOT_REACHED => Self::NotReached,
            Self::NO_ANSWER => Self::NoAnswer,
            _ => Self::Refused(text),
        }
    }

    /// Whether a registration may have been executed all the same. An SM-DS that answers with one of the codes of SGP.22
    /// §5.9.1, or did not take the call at all, has changed nothing; one that failed in the middle does not know.
    pub fn may_be_registered(&self) -> bool {
        const UNDONE: [StatusCode; 3] =
            [StatusCode::EVENT_IN_USE, StatusCode::SMDS_INACCESSIBLE, StatusCode::SMDS_EXECUTION_ERROR];
        self.may_have_had_an_effect() && !UNDONE.into_iter().any(|code| self.is(code))
    }

    /// Whether a deletion may have been executed all the same, be it in part: an Alternative SM-DS that keeps its record
    /// (8.9/5.1, 8.9/4.2) may have deleted it at the Root already (SGP.22 §5.9.2).
    pub fn may_be_deleted(&self) -> bool {
        self.may_have_had_an_effect()
    }

    /// Whether the SM-DS has looked at the call, or may have.
    fn may_have_had_an_effect(&self) -> bool {
        match self {
            Self::Refused(code) => !self.is_busy() && !code.starts_with("1.6/") && !code.starts_with("1.1/"),
            Self::NotAdmitted | Self::NotReached => false,
            Self::NoAnswer => true,
        }
    }

    /// Whether an SM-DS is there that says no. A busy one has said nothing yet, and one whose Root is gone (8.9/5.1) says
    /// something else when that is back.
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Refused(_) => !self.is_busy() && !self.is(StatusCode::SMDS_INACCESSIBLE),
            Self::NotAdmitted => true,
            Self::NotReached | Self::NoAnswer => false,
        }
    }

    fn is(&self, code: StatusCode) -> bool {
        matches!(self, Self::Refused(found) if *found == code.to_string())
    }

    /// SGP.02: 1.2/4.4.
    pub fn is_busy(&self) -> bool {
        self.is(StatusCode::BUSY)
    }

    /// Whether a history that tells of one need not tell of the other.
    pub fn is_like(&self, other: &Self) -> bool {
        let lost = |kind: &Self| matches!(kind, Self::NotReached | Self::NoAnswer);
        self == other || (lost(self) && lost(other))
    }
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refused(code) => code,
            Self::NotAdmitted => Self::NOT_ADMITTED,
            Self::NotReached => Self::NOT_REACHED,
            Self::NoAnswer => Self::NO_ANSWER,
        })
    }
}

impl fmt::Display for EventFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.message.is_empty() {
            return self.kind.fmt(f);
        }
        write!(f, "{}: {}", self.kind, self.message)
    }
}

/// How a try to tell an SM-DS has ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EventTry {
    /// The SM-DS is where it should be: it was told now, or had been told before.
    Done,
    /// It is not, as far as we know.
    Failed {
        /// Why.
        failure: EventFailure,
        /// When to try again; never where it is `None`, which only a deletion may be.
        next: Option<Timestamp>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_and_failures_are_read_back_from_their_names() {
        for stage in SmdsEventStage::ALL {
            assert_eq!(stage.to_string().parse(), Ok(stage));
        }
        assert_eq!("registered".parse::<SmdsEventStage>(), Err(()));
        let refused = FailureKind::Refused("8.9/5.1".to_owned());
        for kind in [refused, FailureKind::NotAdmitted, FailureKind::NotReached, FailureKind::NoAnswer] {
            assert_eq!(FailureKind::of_text(kind.to_string()), kind);
        }
    }

    #[test]
    fn only_an_smds_that_says_no_has_refused() {
        let refused = |code: &str| FailureKind::Refused(code.to_owned());
        for (kind, refusal, registered, deleted) in [
            (refused("8.9.5/3.3"), true, false, true),
            (refused("8.9/5.1"), false, false, true),
            (refused("8.9/4.2"), true, false, true),
            (refused("1.6/2.1"), true, false, false),
            (refused("1.2/4.2"), true, true, true),
            (refused("1.2/4.4"), false, false, false),
            (FailureKind::NotAdmitted, true, false, false),
            (FailureKind::NotReached, false, false, false),
            (FailureKind::NoAnswer, false, true, true),
        ] {
            assert_eq!(kind.is_refusal(), refusal, "{kind}");
            assert_eq!(kind.may_be_registered(), registered, "{kind}");
            assert_eq!(kind.may_be_deleted(), deleted, "{kind}");
        }
    }
}
