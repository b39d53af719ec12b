//! The load generator: many eUICCs against any SM-DP+, and what came of it.
//!
//! * [`run`] lets a [`fleet`] loose on a [`target`], such as a [`client::Server`], as a [`plan`] says: what they do, when
//!   attempts are due ([`arrival`]), and which [`orders`] they present. [`progress`] tells how it gets on, [`ending`] why an
//!   attempt did not succeed.
//! * [`stock`]: orders in great number, written into a store.
//! * [`samples`]: times, collected in HDR histograms.
//! * [`machine`]: where the generator runs.
//! * [`packaging`]: import, protection and binding of profile packages alone, in this process.
//! * [`report`]: what came of a run, as text, JSON, CSV, one HTML page, or beside another.
//! * [`result`]: what a run tells, as it is written to JSON and read again.

pub mod arrival;
pub mod client;
pub mod ending;
pub mod fleet;
pub mod machine;
pub mod orders;
pub mod packaging;
pub mod plan;
pub mod progress;
pub mod report;
pub mod result;
pub mod samples;
pub mod stock;
pub mod target;

mod attempts;
mod closed_loop;
#[cfg(test)]
mod fake;
mod open_loop;
mod pace;
mod recorder;
mod run;
mod session;
mod stopwatch;
#[cfg(test)]
mod tests;
mod timeline;

pub use run::run;
