//! How fast it goes: what is measured and what it is measured against, and the load generator.
//!
//! * [`floor`]: what the protocol makes unavoidable, as fast as this machine computes it; [`measure`]: by which clock.
//! * [`pki`], [`clock`], [`profile`], [`euicc`], [`laboratory`]: a PKI, a time that passes, profile packages of any size, eUICCs
//!   that answer as fast as their signatures can be made, and an SM-DP+ in memory. Seeded: each run measures the same bytes.
//! * [`smds`], [`card`]: an SM-DS in memory, and a card that is given the same profile again and again.
//! * [`subjects`]: everything that is measured, and its floor; [`instructions`]: what of it a processor executes.
//! * [`load`]: many eUICCs against any SM-DP+.
//! * `goals`: what is wanted of all that, held against its bounds. On Linux, which tells what a process costs.

pub mod card;
pub mod clock;
pub mod euicc;
pub mod floor;
#[cfg(target_os = "linux")]
pub mod goals;
pub mod instructions;
pub mod laboratory;
pub mod load;
pub mod measure;
pub mod pki;
pub mod profile;
pub mod smds;
pub mod subjects;
