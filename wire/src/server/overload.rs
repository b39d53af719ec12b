//! What is not done because too much is asked, and who is told of it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tracing::warn;

use super::Urgency;

/// While it goes on, the log says so again after so long.
const PAUSE: Duration = Duration::from_secs(60);

/// What a server that is asked too much does not do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Overload {
    /// Answer a request: it was refused with 503.
    Request(Urgency),
    /// Receive the rest of a request: too much of others' bodies was there already. It was refused with 503.
    Body,
    /// Shake hands on a connection: too many others wanted to.
    Handshake,
    /// Wait any longer for a complete request on a connection: its place was another's.
    Connection,
}

impl Overload {
    fn told(self) -> &'static str {
        match self {
            Self::Request(_) => "requests are refused with 503",
            Self::Body => "requests with long bodies are refused with 503",
            Self::Handshake => "connections are cut off before TLS",
            Self::Connection => "connections without a complete request make room for others",
        }
    }
}

/// One line of the log for each kind of overload, and another each minute in which it goes on.
#[derive(Default)]
pub(super) struct Warnings(Mutex<HashMap<&'static str, Instant>>);

impl Warnings {
    pub(super) fn warn(&self, what: Overload) {
        let told = what.told();
        if self.is_due(told) {
            warn!("asked too much: {told}");
        }
    }

    fn is_due(&self, told: &'static str) -> bool {
        let now = Instant::now();
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = last.get(told).is_none_or(|last| now - *last >= PAUSE);
        if due {
            last.insert(told, now);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn each_kind_is_told_once_a_minute() {
        let warnings = Warnings::default();
        let due = |what: Overload| warnings.is_due(what.told());
        for _ in 0..2 {
            assert!(due(Overload::Request(Urgency::Begins)));
            assert!(!due(Overload::Request(Urgency::GoesOn)));
            assert!(due(Overload::Body) && due(Overload::Handshake) && due(Overload::Connection));
            advance(PAUSE - Duration::from_millis(1)).await;
            assert!(!due(Overload::Handshake));
            advance(Duration::from_millis(1)).await;
        }
    }
}
