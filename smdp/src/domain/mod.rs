//! Profiles, orders and the states between them: pure values, no store, no wire.

mod eligibility;
mod function_call;
mod happening;
mod order;
mod package;
mod profile;
mod session;
mod smds_event;
mod state;

pub use eligibility::check_eligibility;
pub use function_call::{CallKey, EarlierCall, ExecutedCall};
pub use happening::{Delivery, Happening, HappeningId, HappeningRecord, Report, ReportedFailure};
pub use order::{NewOrder, Order, OrderId};
pub use package::{Bound, BoundTo, Kept, Package, PackageProtection, StoredPackage};
pub use profile::{NewProfile, Profile, ProfileId};
pub use session::SessionRecord;
pub use smds_event::{EventFailure, EventTry, FailureKind, SmdsEvent, SmdsEventId, SmdsEventStage};
pub use state::{Event, ProfileState, TRANSITIONS, Transition};
