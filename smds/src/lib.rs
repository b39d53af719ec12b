//! The SM-DS: event records (`domain`), where they are kept (`store`), what an LPA asks (`es11`), what SM-DP+s and other
//! SM-DSs ask (`es12`), and what an Alternative SM-DS asks of its Root (`root`).
//!
//! Root and Alternative are the same program; one that knows a Root is an Alternative. The checks of an RSP session that
//! need no event are in `protocol::mutual_authentication`.

mod config;
pub mod domain;
mod es11;
mod es12;
pub mod management;
pub mod metrics;
pub mod root;
mod server;
pub mod store;
pub mod upkeep;

pub use config::{Config, Limits};
pub use server::{BoxedRng, Parts, Smds};
