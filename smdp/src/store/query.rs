//! What is asked of a store, and what it answers, where that is not a value of the domain.

use std::ops::AddAssign;

use asn1::Iccid;
use protocol::clock::Timestamp;
use protocol::types::{Eid, EventId};

use crate::domain::{
    CallKey, HappeningId, Order, OrderId, ProfileId, ProfileState, SmdsEventId, SmdsEventStage,
};

/// Which profiles to list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProfileFilter {
    /// Of this operator only.
    pub operator: Option<String>,
    /// Of this type only.
    pub profile_type: Option<String>,
    /// In this state only.
    pub state: Option<ProfileState>,
    /// With a higher number than this.
    pub after: Option<ProfileId>,
    /// At most so many.
    pub limit: u32,
}

impl Default for ProfileFilter {
    fn default() -> Self {
        Self { operator: None, profile_type: None, state: None, after: None, limit: u32::MAX }
    }
}

/// Which orders to list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrderFilter {
    /// Of this operator only.
    pub operator: Option<String>,
    /// For this profile only.
    pub iccid: Option<Iccid>,
    /// Linked to this eUICC only.
    pub eid: Option<Eid>,
    /// In this state only.
    pub state: Option<ProfileState>,
    /// With a higher number than this.
    pub after: Option<OrderId>,
    /// At most so many.
    pub limit: u32,
}

impl Default for OrderFilter {
    fn default() -> Self {
        Self { operator: None, iccid: None, eid: None, state: None, after: None, limit: u32::MAX }
    }
}

/// Which happenings to list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HappeningFilter {
    /// Of this order only.
    pub order: Option<OrderId>,
    /// Of this profile only.
    pub iccid: Option<Iccid>,
    /// Of this eUICC only.
    pub eid: Option<Eid>,
    /// With a higher number than this.
    pub after: Option<HappeningId>,
    /// At most so many.
    pub limit: u32,
}

impl Default for HappeningFilter {
    fn default() -> Self {
        Self { order: None, iccid: None, eid: None, after: None, limit: u32::MAX }
    }
}

/// Which events at SM-DSs to list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SmdsEventFilter {
    /// Of this order only.
    pub order: Option<OrderId>,
    /// This one only.
    pub event_id: Option<EventId>,
    /// In this stage only.
    pub stage: Option<SmdsEventStage>,
    /// With a higher number than this.
    pub after: Option<SmdsEventId>,
    /// At most so many.
    pub limit: u32,
}

impl Default for SmdsEventFilter {
    fn default() -> Self {
        Self { order: None, event_id: None, stage: None, after: None, limit: u32::MAX }
    }
}

/// What an operator owns of a profile type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TypeInventory {
    /// Nobody has such a profile.
    Unknown,
    /// Others have.
    NotOwned,
    /// The operator has, whatever their states.
    Owned,
}

/// Which profile is wanted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// This one.
    Iccid(Iccid),
    /// Any of an operator's profiles of a type.
    OfType {
        /// The operator.
        operator: String,
        /// The type.
        profile_type: String,
    },
}

/// Writes the answer to the call that made an order.
pub type WriteAnswer = fn(&Order) -> String;

/// The reservation of a profile.
#[derive(Clone, Debug)]
pub struct Reservation {
    /// Which profile.
    pub wanted: Wanted,
    /// The eUICC, where it is known.
    pub eid: Option<Eid>,
    /// When.
    pub at: Timestamp,
    /// The call that asks for it, with the function that writes its answer.
    pub call: Option<(CallKey, WriteAnswer)>,
}

/// A notification as it was accepted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotificationRecord {
    /// The eUICC.
    pub eid: Eid,
    /// Its sequence number, which the eUICC gives once (SGP.22 §3.5).
    pub sequence_number: u64,
    /// SHA-256 over what the eUICC signed: some sign anew each time they are asked.
    pub digest: [u8; 32],
    /// The bytes as received.
    pub bytes: Vec<u8>,
    /// When it came, milliseconds since the Unix epoch.
    pub received: i64,
}

/// What is old enough to go: everything of its kind that was last touched before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Retention {
    /// RSP sessions that lapsed or ended. One whose package was handed out stays until its order is done: the result
    /// may come late, and only the session knows the key that it is verified with.
    pub sessions: Timestamp,
    /// What happened, unless its report is still to be delivered.
    pub happenings: Timestamp,
    /// Executed calls of ES2+: from then on, the same call is a new one.
    pub calls: Timestamp,
    /// Notifications.
    pub notifications: Timestamp,
}

/// How much was removed.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Pruned {
    /// RSP sessions.
    pub sessions: u64,
    /// Bound packages of orders that are done.
    pub bound_packages: u64,
    /// Happenings.
    pub happenings: u64,
    /// Executed calls.
    pub calls: u64,
    /// Notifications.
    pub notifications: u64,
}

impl AddAssign for Pruned {
    fn add_assign(&mut self, more: Self) {
        self.sessions += more.sessions;
        self.bound_packages += more.bound_packages;
        self.happenings += more.happenings;
        self.calls += more.calls;
        self.notifications += more.notifications;
    }
}

/// How much there is.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Counts {
    /// Profiles by state.
    pub profiles: Vec<(ProfileState, u64)>,
    /// RSP sessions kept.
    pub sessions: u64,
    /// Reports to be delivered.
    pub reports_due: u64,
    /// Events at SM-DSs by stage; a stage without any is left out.
    pub smds_events: Vec<(SmdsEventStage, u64)>,
}
