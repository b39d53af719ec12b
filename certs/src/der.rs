//! Strict DER for the types of X.509.
//!
//! The codec of [`asn1::der`] is made for the messages of RSP; X.509 has members of any type, which rasn's own codec
//! reads. The same three steps are taken: bounds first, then decoding, then comparison with the canonical form.

use asn1::der::Limits;

/// A certificate nests some ten levels and has fewer than a hundred elements; this leaves room for long names.
const LIMITS: Limits = Limits { size: crate::MAX_CERTIFICATE_LENGTH, depth: 24, elements: 2048 };

/// Checks that the bytes are one TLV, in canonical form down to its last element's header, and no larger than those of a
/// certificate.
pub(crate) fn check(bytes: &[u8]) -> Result<(), String> {
    check_within(bytes, &LIMITS)
}

/// The same within other limits.
pub(crate) fn check_within(bytes: &[u8], limits: &Limits) -> Result<(), String> {
    asn1::der::check(bytes, limits).map_err(|error| error.to_string())
}

/// Decodes one value that fills the bytes and is in canonical form, of the size of a certificate. The error says what is
/// wrong.
pub(crate) fn decode<T: rasn::Decode + rasn::Encode>(bytes: &[u8]) -> Result<T, String> {
    decode_within(bytes, &LIMITS)
}

/// Decodes one value that fills the bytes and is in canonical form. The error says what is wrong.
pub(crate) fn decode_within<T: rasn::Decode + rasn::Encode>(
    bytes: &[u8],
    limits: &Limits,
) -> Result<T, String> {
    check_within(bytes, limits)?;
    let value: T = rasn::der::decode(bytes).map_err(|error| error.kind.to_string())?;
    if encode(&value)? == bytes { Ok(value) } else { Err("not in canonical form".to_owned()) }
}

/// Encodes a value. The error says what cannot be encoded.
pub(crate) fn encode<T: rasn::Encode>(value: &T) -> Result<Vec<u8>, String> {
    rasn::der::encode(value).map_err(|error| error.to_string())
}
