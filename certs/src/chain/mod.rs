//! Certificate verification (SGP.22 §4.5.2.2) for chains of variant O.
//!
//! Revocation is not looked at: a list of revoked certificates would be an input of its own.
//!
//! ```text
//!   CERT.CI.ECDSA ─┬─ CERT.EUM.ECDSA ── CERT.EUICC.ECDSA        verify_euicc_chain
//!                  └─ CERT.DPauth, CERT.DPpb, CERT.DP.TLS, …    verify_server_certificate
//! ```

mod anchor;
mod euicc;
mod link;
mod memory;
mod name_constraints;
mod profile;
mod server;

pub use anchor::TrustAnchor;
pub use euicc::{ChainError, VerifiedEuicc, verify_euicc_chain};
pub use server::{PairError, ServerCertificateError, verify_same_server, verify_server_certificate};
