//! Certificate chains for the judge: good ones, and such as differ from a good one in one thing.
//!
//! An [`Authority`] is a Certificate Issuer on one curve with whatever private keys the judge was given. It makes
//!
//! * the chain of an eUICC, as an SM-DP+ or SM-DS sees it ([`EuiccDefect`]),
//! * the signing certificates of an SM-DP+ or SM-DS, as an eUICC sees them ([`ServerDefect`], [`SigningDefect`]),
//! * the TLS certificate of such a server, as an LPA sees it ([`TlsDefect`]),
//! * the TLS certificate of who calls ES2+, ES12 or ES15 ([`ClientDefect`]).
//!
//! Each defect is one small change to the description of a good certificate, or to its bytes. Its table says what it is,
//! which section asks for the refusal, how strictly, and what the refusal looks like. Where the specification describes a
//! certificate but does not ask the reader to look, the level is SHOULD.
//!
//! Nothing here looks at a clock: what is good is so from 2020 to 2049, what has expired did so in 2016, what is not valid
//! yet will be in 2048. Keys and serial numbers come from the caller's random numbers: same seed, same bytes.

mod authority;
mod client;
mod client_defect;
mod crl;
mod defects;
mod draft;
mod euicc;
mod euicc_defect;
mod flaw;
mod server;
mod server_defect;
mod signing_defect;
mod tls;
mod tls_defect;

use certs::eid::EidError;
use certs::tree::TreeError;
use certs::workshop::WorkshopError;
use certs::{CertError, Identity, KeyMismatch, Reason};
use crypto::{CryptoError, SigningKey};
use thiserror::Error;

pub use authority::Authority;
pub use client::Client;
pub use client_defect::ClientDefect;
pub use defects::UnknownDefect;
pub use euicc_defect::{EuiccDefect, Refusal};
pub use server_defect::{CardAnswer, ServerDefect};
pub use signing_defect::SigningDefect;
pub use tls_defect::TlsDefect;

/// A certificate and the private key of its holder.
#[derive(Clone, Debug)]
pub struct Credential {
    /// DER; in a bad one perhaps unreadable, or with another key than the one below.
    pub certificate: Vec<u8>,
    /// What the holder signs with.
    pub key: SigningKey,
}

impl From<&Identity> for Credential {
    fn from(identity: &Identity) -> Self {
        Self { certificate: identity.certificate().raw().to_vec(), key: identity.key().clone() }
    }
}

/// What an eUICC shows a server (SGP.22 §5.7.13).
#[derive(Clone, Debug)]
pub struct EuiccChain {
    /// The EID in CERT.EUICC.ECDSA, or the one asked for where the defect is that there is none.
    pub eid: [u8; 16],
    /// CERT.EUM.ECDSA in DER, perhaps unreadable.
    pub eum: Vec<u8>,
    /// CERT.EUICC.ECDSA.
    pub euicc: Credential,
}

/// What an SM-DP+ shows an eUICC.
#[derive(Clone, Debug)]
pub struct ServerPair {
    /// CERT.DPauth.ECDSA (SGP.22 §5.7.13).
    pub auth: Credential,
    /// CERT.DPpb.ECDSA (SGP.22 §5.7.5).
    pub pb: Credential,
}

/// What one side shows in a TLS handshake.
#[derive(Clone, Debug)]
pub struct TlsChain {
    /// Its own certificate first, then what stands above it, if that is shown at all. DER, perhaps unreadable.
    pub chain: Vec<Vec<u8>>,
    /// What its holder signs the handshake with.
    pub key: SigningKey,
}

/// Why a chain cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PkiError {
    /// The directory has not the private key for it. A case that needs it cannot be run with this directory.
    #[error("the private key of {whose} is not in the certificate directory")]
    NoKey {
        /// The certificate that it belongs to.
        whose: &'static str,
    },
    /// There is no such defect for this host name. The fault is that of whoever asks for it.
    #[error("a certificate for {host:?} cannot be wrong like this: {why}")]
    Host {
        /// The name asked for.
        host: String,
        /// What it lacks.
        why: &'static str,
    },
    /// The EUM may issue certificates for every EID there is.
    #[error("no EID is out of the EUM's range")]
    NoEidOutside,
    /// The EID is none.
    #[error(transparent)]
    Eid(#[from] EidError),
    /// The directory has no Certificate Issuer, or one that is none.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// A Certificate Issuer was made that is none.
    #[error("CERT.CI.ECDSA cannot be a root of trust: {0}")]
    NotARoot(Reason),
    /// A certificate cannot be made.
    #[error(transparent)]
    Workshop(#[from] WorkshopError),
    /// A good certificate that was made cannot be read back.
    #[error(transparent)]
    Certificate(#[from] CertError),
    /// The engine failed.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
}

impl From<KeyMismatch> for PkiError {
    fn from(mismatch: KeyMismatch) -> Self {
        Self::Workshop(mismatch.into())
    }
}
