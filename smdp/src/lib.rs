//! The SM-DP+: profiles and orders (`domain`), where they are kept (`store`), how they get there (`seed`, `import`), the
//! functions that an LPA calls (`es9plus`) and those that an operator calls (`es2plus`), what it tells the operator
//! (`reports`) and what the SM-DSs (`smds`); and what it does wrong when it is asked to (`faults`, `catalogue`).
//!
//! The checks of an RSP session that need no order are in `protocol::smdp_session`; this crate adds order, profile and
//! durability: what is answered was written first.

pub mod catalogue;
mod config;
pub mod domain;
mod es2plus;
mod es9plus;
pub mod faults;
pub mod import;
pub mod management;
pub mod metrics;
mod observe;
mod outbox;
pub mod reports;
pub mod seed;
mod server;
pub mod smds;
pub mod store;
pub mod upkeep;

pub use config::{Config, Limits, NotificationPoints, Operator, Rebinding, Smds, Unreachable};
pub use server::{BoxedRng, Parts, Smdp};
