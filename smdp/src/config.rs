//! What an operator of the SM-DP+ chooses.

use std::time::Duration;

use protocol::bpp::HostId;
use protocol::clock::Timestamp;
use protocol::types::ServerAddress;

/// The configuration of one SM-DP+.
#[derive(Clone, Debug)]
pub struct Config {
    /// The address that LPAs know, and that is signed.
    pub address: ServerAddress,
    /// The host id of the key derivation.
    pub host_id: HostId,
    /// Limits on orders and sessions.
    pub limits: Limits,
    /// What happens when an eUICC comes back with another one-time key.
    pub rebinding: Rebinding,
    /// Who orders profiles here.
    pub operators: Vec<Operator>,
    /// Where events are registered.
    pub smds: Smds,
    /// Whether the error catalogue is open.
    pub catalogue: bool,
}

impl Config {
    /// A configuration with the usual limits and host id.
    pub fn new(address: ServerAddress) -> Self {
        let host_id = HostId::of_server(&address);
        let (limits, rebinding) = (Limits::default(), Rebinding::default());
        Self {
            address,
            host_id,
            limits,
            rebinding,
            operators: Vec::new(),
            smds: Smds::default(),
            catalogue: false,
        }
    }

    /// The operator of a name.
    pub fn operator(&self, name: &str) -> Option<&Operator> {
        self.operators.iter().find(|operator| operator.name == name)
    }
}

/// Limits that SGP.22 asks for and leaves to the SM-DP+.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// How often an order may be tried (SGP.22 §3.1.3).
    pub download_attempts: u32,
    /// How often a wrong confirmation code is forgiven (SGP.22 §3.1.3.2).
    pub confirmation_code_attempts: u32,
    /// After how many seconds an RSP session takes no further message.
    pub session_seconds: i64,
    /// After how many days an order over ES2+ ends by itself; never where it is `None`.
    pub order_days: Option<u32>,
}

impl Limits {
    /// When an order that is confirmed now ends by itself.
    pub fn order_end(&self, now: Timestamp) -> Option<Timestamp> {
        self.order_days.map(|days| now.plus_seconds(i64::from(days) * 24 * 60 * 60))
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { download_attempts: 10, confirmation_code_attempts: 3, session_seconds: 600, order_days: None }
    }
}

/// The SM-DSs that an order may name, and how ES2+ waits for them (SGP.22 §5.3.2).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Smds {
    /// Their addresses.
    pub servers: Vec<ServerAddress>,
    /// What becomes of a release whose event is not registered at the first try.
    pub unreachable: Unreachable,
    /// How long ES2+.ConfirmOrder and ReleaseProfile wait for the first try to register an event.
    pub wait: Duration,
}

impl Default for Smds {
    fn default() -> Self {
        Self { servers: Vec::new(), unreachable: Unreachable::default(), wait: Duration::from_secs(5) }
    }
}

/// What becomes of a release whose SM-DS is not reached, does not answer in time, or is busy.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum Unreachable {
    /// The order is released, and its event is registered as soon as that can be done.
    #[default]
    Retry,
    /// The order stays as it was, and the operator is told 8.9/5.1.
    Refuse,
}

/// What happens when an eUICC to which a package was bound comes back with another one-time key: SGP.22 §5.6.2 allows
/// both.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum Rebinding {
    /// The profile is bound again, with new keys.
    #[default]
    Bind,
    /// 8.2/3.7, and the order has ended.
    Refuse,
}

/// An operator: whose profiles these are, and what it is told of their downloads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Operator {
    /// The name that its profiles carry.
    pub name: String,
    /// Whether it takes ES2+.HandleDownloadProgressInfo.
    pub takes_reports: bool,
    /// What it is told, under which numbers.
    pub points: NotificationPoints,
}

impl Operator {
    /// An operator that is told what SGP.22 defines a number for.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), takes_reports: true, points: NotificationPoints::default() }
    }
}

/// The notificationPointId of each step (SGP.22 §5.3.5); `None` where a step is not reported.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotificationPoints {
    /// The profile suits the eUICC and was offered: by agreement.
    pub eligibility_passed: Option<u32>,
    /// It does not, or the order was tried too often.
    pub eligibility_failed: Option<u32>,
    /// The confirmation code was wrong too often.
    pub confirmation_failed: Option<u32>,
    /// The package was handed out, or could not be bound again.
    pub download: Option<u32>,
    /// The eUICC reported how the installation ended.
    pub installation: Option<u32>,
    /// The session was cancelled for good before the package was handed out: no number is defined, the step that was
    /// reached is meant (SGP.22 §5.6.5).
    pub cancelled_before_download: Option<u32>,
    /// The same after it.
    pub cancelled_after_download: Option<u32>,
    /// The profile was enabled: no number is defined, so 100 or more.
    pub enabled: Option<u32>,
    /// The profile was disabled.
    pub disabled: Option<u32>,
    /// The profile was deleted.
    pub deleted: Option<u32>,
}

impl Default for NotificationPoints {
    fn default() -> Self {
        Self {
            eligibility_passed: None,
            eligibility_failed: Some(1),
            confirmation_failed: Some(2),
            download: Some(3),
            installation: Some(4),
            cancelled_before_download: Some(1),
            cancelled_after_download: Some(3),
            enabled: None,
            disabled: None,
            deleted: None,
        }
    }
}
