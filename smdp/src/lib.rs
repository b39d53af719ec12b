//! The SM-DP+: orders and profiles (`domain`), where they are kept (`store`), how they get there (`seed`), and the
//! functions that an LPA calls (`es9plus`).
//!
//! The checks of an RSP session that need no order are in `protocol::smdp_session`; this crate adds order, profile and
//! durability: what is answered was written first.

mod config;
pub mod domain;
mod es9plus;
pub mod seed;
pub mod store;

pub use config::{Config, Limits};
pub use es9plus::{BoxedRng, Parts, Smdp};
