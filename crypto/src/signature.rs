//! ECDSA signatures in their two encodings.

use std::fmt;

use elliptic_curve::pkcs8::der::{
    self, Decode, DecodeValue, Encode, EncodeValue, Header, Length, Reader, Sequence, Writer, asn1::UintRef,
};

use crate::CryptoError;

/// An ECDSA signature: r and s, each 32 bytes, big-endian, in the plain format of BSI TR-03111
/// (SGP.22 §2.6.7.2). This is the value of the data objects '5F37'.
///
/// Whether r and s lie in 1..n-1 depends on the curve, so it is checked when the signature is verified.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; 64]);

impl Signature {
    /// A signature from the 64 bytes r ‖ s.
    ///
    /// # Errors
    /// [`CryptoError::SignatureLength`] for any other length.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CryptoError> {
        bytes.try_into().map(Self).map_err(|_| CryptoError::SignatureLength(bytes.len()))
    }

    /// The 64 bytes r ‖ s.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }

    /// A signature from the DER of `SEQUENCE { r INTEGER, s INTEGER }`, the form within X.509 certificates
    /// (RFC 5480 Appendix A).
    ///
    /// # Errors
    /// [`CryptoError::SignatureDer`] if it is not canonical DER, has trailing bytes, or r or s is negative or
    /// longer than 256 bits.
    pub fn from_der(der: &[u8]) -> Result<Self, CryptoError> {
        let EcdsaSigValue { r, s } = EcdsaSigValue::from_der(der).map_err(|_| CryptoError::SignatureDer)?;
        let mut bytes = [0; 64];
        let (left, right) = bytes.split_at_mut(32);
        pad_left(left, r.as_bytes())?;
        pad_left(right, s.as_bytes())?;
        Ok(Self(bytes))
    }

    /// The DER of `SEQUENCE { r INTEGER, s INTEGER }` (RFC 5480 Appendix A), at most 72 bytes.
    ///
    /// # Errors
    /// None known: two 32-byte integers always encode. The type admits [`CryptoError::Engine`] so that
    /// nothing here can panic.
    pub fn to_der(&self) -> Result<Vec<u8>, CryptoError> {
        let (r, s) = self.0.split_at(32);
        UintRef::new(r)
            .and_then(|r| EcdsaSigValue { r, s: UintRef::new(s)? }.to_der())
            .map_err(|_| CryptoError::Engine("the signature did not encode"))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}

/// Writes an integer without leading zeros into a field of fixed width.
fn pad_left(field: &mut [u8], integer: &[u8]) -> Result<(), CryptoError> {
    let start = field.len().checked_sub(integer.len()).ok_or(CryptoError::SignatureDer)?;
    field.iter_mut().skip(start).zip(integer).for_each(|(to, from)| *to = *from);
    Ok(())
}

/// `ECDSA-Sig-Value` of RFC 5480.
struct EcdsaSigValue<'a> {
    r: UintRef<'a>,
    s: UintRef<'a>,
}

impl<'a> DecodeValue<'a> for EcdsaSigValue<'a> {
    type Error = der::Error;

    fn decode_value<R: Reader<'a>>(reader: &mut R, _: Header) -> der::Result<Self> {
        Ok(Self { r: UintRef::decode(reader)?, s: UintRef::decode(reader)? })
    }
}

impl EncodeValue for EcdsaSigValue<'_> {
    fn value_len(&self) -> der::Result<Length> {
        self.r.encoded_len()? + self.s.encoded_len()?
    }

    fn encode_value(&self, writer: &mut impl Writer) -> der::Result<()> {
        self.r.encode(writer)?;
        self.s.encode(writer)
    }
}

impl<'a> Sequence<'a> for EcdsaSigValue<'a> {}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_r_and_s(r: &[u8], s: &[u8]) -> Signature {
        let mut bytes = [0; 64];
        bytes[32 - r.len()..32].copy_from_slice(r);
        bytes[64 - s.len()..].copy_from_slice(s);
        Signature(bytes)
    }

    #[test]
    fn der_integers_lose_their_leading_zeros_and_get_them_back() {
        for (signature, der) in [
            (with_r_and_s(&[1], &[0x7f]), vec![0x30, 6, 2, 1, 1, 2, 1, 0x7f]),
            (with_r_and_s(&[0x80], &[0xff, 0]), vec![0x30, 9, 2, 2, 0, 0x80, 2, 3, 0, 0xff, 0]),
        ] {
            assert_eq!(signature.to_der().unwrap(), der);
            assert_eq!(Signature::from_der(&der).unwrap(), signature);
        }
        let widest = Signature([0xff; 64]);
        let der = widest.to_der().unwrap();
        assert_eq!(der.len(), 72);
        assert_eq!(Signature::from_der(&der).unwrap(), widest);
    }

    #[test]
    fn der_that_is_not_canonical_or_does_not_fit_is_refused() {
        let mut too_wide = vec![0x30, 38, 2, 33];
        too_wide.extend([0x7f; 33]);
        too_wide.extend([2, 1, 1]);
        for (der, why) in [
            (&[][..], "empty"),
            (&[0x30, 6, 2, 1, 1, 2, 1, 1, 0], "trailing byte"),
            (&[0x30, 7, 2, 1, 1, 2, 1, 1, 0], "trailing byte inside"),
            (&[0x30, 0x81, 6, 2, 1, 1, 2, 1, 1], "length not minimal"),
            (&[0x30, 7, 2, 2, 0, 1, 2, 1, 1], "integer not minimal"),
            (&[0x30, 6, 2, 1, 0x80, 2, 1, 1], "negative r"),
            (&[0x30, 5, 2, 0, 2, 1, 1], "empty integer"),
            (&[0x30, 3, 2, 1, 1], "no s"),
            (&[0x31, 6, 2, 1, 1, 2, 1, 1], "not a sequence"),
            (&too_wide, "r of 33 bytes"),
        ] {
            assert_eq!(Signature::from_der(der), Err(CryptoError::SignatureDer), "{why}");
        }
    }

    #[test]
    fn only_64_bytes_are_a_plain_signature() {
        for length in [0, 63, 65, 72] {
            assert_eq!(Signature::from_bytes(&vec![1; length]), Err(CryptoError::SignatureLength(length)));
        }
    }
}
