//! Object identifiers that certificates of remote SIM provisioning carry.
//!
//! Kept as slices of arcs, so that they can be constants and be compared without allocation.

pub use rasn::types::ObjectIdentifier as Oid;

/// id-ecPublicKey (RFC 5480).
pub const EC_PUBLIC_KEY: &[u32] = &[1, 2, 840, 10045, 2, 1];
/// ecdsa-with-SHA256 (RFC 5758), the only signature algorithm of SGP.22 §4.5.2.1.1.
pub const ECDSA_WITH_SHA256: &[u32] = &[1, 2, 840, 10045, 4, 3, 2];
/// id-kp-serverAuth (RFC 5280 §4.2.1.12).
pub const SERVER_AUTH: &[u32] = &[1, 3, 6, 1, 5, 5, 7, 3, 1];
/// id-kp-clientAuth (RFC 5280 §4.2.1.12).
pub const CLIENT_AUTH: &[u32] = &[1, 3, 6, 1, 5, 5, 7, 3, 2];

/// id-rspRole (SGP.22 annex H): the certificate policies below it name the role of a certificate's holder.
pub const RSP_ROLE: &[u32] = &[2, 23, 146, 1, 2, 1];

/// Identifier of the Certificate Issuer in the SGP.26 test certificates.
pub const TEST_CI: &[u32] = &[2, 999, 1];
/// Identifier of the EUM in the SGP.26 test certificates.
pub const TEST_EUM: &[u32] = &[2, 999, 5];
/// Identifier of the first SM-DP+ in the SGP.26 test certificates.
pub const TEST_SM_DP: &[u32] = &[2, 999, 10];
/// Identifier of the SM-DS in the SGP.26 test certificates.
pub const TEST_SM_DS: &[u32] = &[2, 999, 15];

/// The owned form of a constant of this module.
#[must_use]
pub fn owned(arcs: &'static [u32]) -> Oid {
    Oid::new_unchecked(arcs.into())
}

/// Whether an object identifier is this one.
#[must_use]
pub fn is(oid: &Oid, arcs: &[u32]) -> bool {
    let oid: &[u32] = oid.as_ref();
    oid == arcs
}
