//! Everything of Remote SIM Provisioning that needs no socket, disk, clock or entropy of its own.
//!
//! Time comes in through [`clock::Clock`], randomness through `rand_core`; the same seed, clock and inputs give the
//! same bytes. The SM-DP+ (`smdp_session`), the SM-DS (`smds_session`), the card, the LPA and every test drive these same pieces.

pub mod activation_code;
pub mod bpp;
pub mod clock;
pub mod confirmation_code;
pub mod es11;
pub mod es12;
pub mod es2plus;
pub mod es9plus;
pub mod function_call;
pub mod hex_bytes;
pub mod mutual_authentication;
pub mod profile;
pub mod smdp_session;
pub mod smds_session;
pub mod status;
pub mod trace;
pub mod types;
