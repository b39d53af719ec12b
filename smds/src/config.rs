//! What those who run an SM-DS choose.

use std::time::Duration;

use protocol::clock::Timestamp;
use protocol::types::ServerAddress;

/// The configuration of one SM-DS. Whether it is a Root or an Alternative SM-DS is not said here: an Alternative one is put
/// together with a [`RootSmds`](crate::root::RootSmds).
#[derive(Clone, Debug)]
pub struct Config {
    /// The address that LPAs know, that is signed, and that an Alternative SM-DS registers at its Root.
    pub address: ServerAddress,
    /// Limits.
    pub limits: Limits,
    /// How this SM-DS calls itself towards the Root (SGP.22 §6.5.1.3): its OID.
    pub requester: String,
}

/// Limits that SGP.22 leaves to the SM-DS.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// After how many seconds an RSP session takes no further message.
    pub session_seconds: i64,
    /// After how many days an event ends by itself; never where it is `None`.
    pub event_days: Option<u32>,
    /// How long the Root SM-DS may take for an answer.
    pub root_patience: Duration,
}

impl Limits {
    /// When an event that is registered now ends by itself.
    pub fn event_end(&self, now: Timestamp) -> Option<Timestamp> {
        self.event_days.map(|days| now.plus_seconds(i64::from(days) * 24 * 60 * 60))
    }

    /// When a registration that is forwarded now counts as abandoned: the Root has its time, and so has the store before and
    /// after it.
    pub fn forward_until(&self, now: Timestamp) -> Timestamp {
        now.plus(self.root_patience.saturating_mul(3))
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { session_seconds: 600, event_days: None, root_patience: Duration::from_secs(10) }
    }
}
