//! Object identifiers that certificates of remote SIM provisioning carry.
//!
//! Kept as slices of arcs, so that they can be constants and be compared without allocation.

pub use rasn::types::ObjectIdentifier as Oid;
use thiserror::Error;

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

/// Why a text is no object identifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("an object identifier is numbers with dots between them, such as 2.999.20")]
pub struct OidError;

/// Reads the dotted form.
///
/// # Errors
/// [`OidError`] if it is none, or if its first two numbers are not possible.
pub fn parse(text: &str) -> Result<Oid, OidError> {
    let arc = |arc: &str| arc.bytes().all(|digit| digit.is_ascii_digit()).then(|| arc.parse().ok()).flatten();
    let arcs: Vec<u32> = text.split('.').map(arc).collect::<Option<_>>().ok_or(OidError)?;
    match arcs.as_slice() {
        // X.660: two arcs at least; below the roots 0 and 1 stand 40 each.
        [0 | 1, 0..40, ..] | [2, _, ..] => Oid::new(arcs).ok_or(OidError),
        _ => Err(OidError),
    }
}

/// Whether an object identifier is this one.
#[must_use]
pub fn is(oid: &Oid, arcs: &[u32]) -> bool {
    let oid: &[u32] = oid.as_ref();
    oid == arcs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dotted_form_is_read_and_written_back() {
        for text in ["2.999.20", "1.2.840.10045.2.1", "0.39", "2.4294967295"] {
            assert_eq!(parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_object_identifier_is_refused() {
        for text in ["", "2", "2.", ".2", "2..9", "3.1", "1.40", "2.+9", "2.9 ", "2.x", "2.4294967296"] {
            assert_eq!(parse(text), Err(OidError), "{text}");
        }
    }
}
