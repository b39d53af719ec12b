//! How fast it goes: what is measured and what it is measured against, and the load generator.
//!
//! * [`floor`]: what the protocol makes unavoidable, as fast as this machine computes it; [`measure`]: by which clock.
//! * [`pki`], [`profile`], [`euicc`], [`laboratory`]: a PKI, profile packages of any size, eUICCs that answer as fast as their
//!   signatures can be made, and an SM-DP+ in memory. Seeded: each run measures the same bytes.

pub mod euicc;
pub mod floor;
pub mod laboratory;
pub mod measure;
pub mod pki;
pub mod profile;
