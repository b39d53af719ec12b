//! The SM-DP+ and the SM-DSs: events are registered and deleted over ES12 (SGP.22 §3.6.1, §3.6.3, §5.9).
//!
//! What has to be told was written with the change to the order that it tells of. It is told from here, one call after the
//! other for each event, and again with growing pauses: an SM-DS that is gone for a while ends with each event registered once
//! and deleted once, and one that is gone holds up no other.

mod news;
mod worker;

use std::future::Future;
use std::time::Duration;

use protocol::es2plus::{CallHeader, StatusData};
use protocol::es12::{DeleteEvent, RegisterEvent};
use protocol::types::ServerAddress;

use crate::domain::{EventFailure, FailureKind};
use crate::outbox::Schedule;
pub(crate) use news::{EventNews, FirstTry, Waiting};
pub use worker::keep_events;

/// Calls an SM-DS.
pub trait EventSender: Send + Sync + 'static {
    /// ES12.RegisterEvent (SGP.22 §5.9.1).
    fn register(
        &self,
        smds: &ServerAddress,
        header: CallHeader,
        event: RegisterEvent,
    ) -> impl Future<Output = Outcome> + Send;

    /// ES12.DeleteEvent (SGP.22 §5.9.2).
    fn delete(
        &self,
        smds: &ServerAddress,
        header: CallHeader,
        event: DeleteEvent,
    ) -> impl Future<Output = Outcome> + Send;
}

/// How SM-DSs are told again: for as long as a month that they are to forget an event, since nobody else will tell them.
pub fn usual_schedule() -> Schedule {
    const MINUTE: Duration = Duration::from_secs(60);
    Schedule { longest_pause: 5 * MINUTE, give_up_after: 30 * 24 * 60 * MINUTE, ..Schedule::default() }
}

/// How a call to an SM-DS has ended. What is told in words has no secrets in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Executed-Success.
    Done,
    /// Failed, with this status code.
    Refused(StatusData),
    /// The SM-DS does not take our TLS certificate: nothing was executed.
    NotAdmitted(String),
    /// The SM-DS was not reached: nothing was executed.
    NotReached(String),
    /// No answer, or one that cannot be read: the call may have been executed.
    Unknown(String),
}

impl Outcome {
    /// The failure, if it is one. What an SM-DS wrote is cut down to what a log and a data base can take.
    fn into_failure(self) -> Option<EventFailure> {
        let (kind, message) = match self {
            Self::Done => return None,
            Self::Refused(status) => {
                let message = status.message.clone().unwrap_or_default();
                (FailureKind::Refused(code_of(&status)), message)
            }
            Self::NotAdmitted(why) => (FailureKind::NotAdmitted, why),
            Self::NotReached(why) => (FailureKind::NotReached, why),
            Self::Unknown(why) => (FailureKind::NoAnswer, why),
        };
        Some(EventFailure { kind, message: printable(&message) })
    }
}

/// `8.9/5.1`; what is no code is told as that of an error of which nothing is known.
fn code_of(status: &StatusData) -> String {
    let is_code = |text: &str| {
        (1..=16).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    if is_code(&status.subject_code) && is_code(&status.reason_code) {
        return format!("{}/{}", status.subject_code, status.reason_code);
    }
    protocol::status::StatusCode::EXECUTION_ERROR.to_string()
}

fn printable(text: &str) -> String {
    const LENGTH: usize = 200;
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LENGTH).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_smds_writes_is_cut_down() {
        let refused = |subject: &str, message: &str| {
            let status = StatusData {
                subject_code: subject.to_owned(),
                reason_code: "5.1".to_owned(),
                message: Some(message.to_owned()),
            };
            Outcome::Refused(status).into_failure().unwrap()
        };
        assert_eq!(refused("8.9", "gone").to_string(), "8.9/5.1: gone");
        assert_eq!(refused("8.9", "a\nb\0c").message, "a b c");
        assert_eq!(refused("8.9", &"ä".repeat(5000)).message.chars().count(), 200);
        for strange in ["", "8.9\n", "x", &"1".repeat(17)] {
            assert_eq!(refused(strange, "").to_string(), "1.2/4.2", "{strange:?}");
        }
        assert_eq!(Outcome::Done.into_failure(), None);
    }
}
