//! What the servers stand on: their data bases (`database`), how a call is carried out and told of (`failure`, `observe`,
//! `metrics`), what a node keeps at hand of what it wrote (`recent`), and the port for operation (`management`).
//!
//! Nothing here knows what a server is for: no profile, no event record.

pub mod database;
pub mod failure;
pub mod management;
pub mod metrics;
pub mod observe;
pub mod recent;
