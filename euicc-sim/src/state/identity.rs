//! What the ECASD keeps (SGP.22 §2.4.2): the eUICC's private keys and certificates.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::hex::{self, Octets};

/// The eUICC's key and certificate chain under one CI, as kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityRecord {
    /// CERT.EUICC.ECDSA, DER.
    #[serde(with = "hex")]
    pub euicc_certificate: Vec<u8>,
    /// CERT.EUM.ECDSA, DER.
    #[serde(with = "hex")]
    pub eum_certificate: Vec<u8>,
    /// SK.EUICC.ECDSA.
    #[serde(with = "hex")]
    pub private_key: Secret,
}

/// A private scalar: wiped when dropped, never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<[u8; 32]>);

impl Secret {
    /// Keeps a scalar.
    pub fn new(scalar: Zeroizing<[u8; 32]>) -> Self {
        Self(scalar)
    }

    /// The scalar, big-endian.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([redacted])")
    }
}

impl Octets for Secret {
    fn octets(&self) -> &[u8] {
        self.0.as_slice()
    }

    fn from_octets(octets: &[u8]) -> Result<Self, String> {
        Ok(Self(Zeroizing::new(Octets::from_octets(octets)?)))
    }
}
