//! Orders and the states of their profiles: pure values, no store, no wire.

mod eligibility;
mod order;
mod session;

pub use eligibility::check_eligibility;
pub use order::{Bound, NewOrder, Order, OrderId, Package, PackageProtection, ProfileState};
pub use session::SessionRecord;
