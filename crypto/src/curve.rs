//! The elliptic curves of RSP.

use std::fmt;

/// An elliptic curve on which RSP keys live (SGP.22 §2.6.7.1). All keys of one certificate chain share a curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Curve {
    /// NIST P-256, also called secp256r1 and prime256v1.
    P256,
    /// brainpoolP256r1 of RFC 5639.
    BrainpoolP256r1,
}

impl Curve {
    /// Every curve that this crate knows.
    pub const ALL: [Self; 2] = [Self::P256, Self::BrainpoolP256r1];

    /// The arcs of the curve's object identifier, as it stands in the algorithm parameters of a key
    /// (SGP.22 §4.5.2.1.1).
    #[must_use]
    pub const fn oid_arcs(self) -> &'static [u32] {
        match self {
            Self::P256 => &[1, 2, 840, 10045, 3, 1, 7],
            Self::BrainpoolP256r1 => &[1, 3, 36, 3, 3, 2, 8, 1, 1, 7],
        }
    }

    /// The curve named by these object identifier arcs, if it is one of ours.
    #[must_use]
    pub fn from_oid_arcs(arcs: &[u32]) -> Option<Self> {
        Self::ALL.into_iter().find(|curve| curve.oid_arcs() == arcs)
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::P256 => "NIST P-256",
            Self::BrainpoolP256r1 => "brainpoolP256r1",
        })
    }
}
