//! A list of which nothing is known but who is said to have signed it.

use asn1::{SubjectKeyIdentifier, tlv};
use crypto::Signature;
use rasn_pkix::AlgorithmIdentifier;

use super::{
    Crl, CrlError, LIMITS, MAX_CRL_LENGTH,
    extension::AUTHORITY_KEY_IDENTIFIER,
    fields::{Fields, decode},
    read,
};
use crate::{KeyUsage, chain::TrustAnchor, der, oid};

/// A revocation list as it came, with a signature that is still to be verified.
#[derive(Clone, Debug, PartialEq)]
pub struct SignedCrl {
    tbs: Vec<u8>,
    authority: SubjectKeyIdentifier,
    signature: Signature,
}

impl SignedCrl {
    /// Reads the outermost parts of a list (CertificateList) from its DER encoding. Nothing may follow it.
    ///
    /// # Errors
    /// [`CrlError`], where the signature or the key that made it cannot be found.
    pub fn from_der(bytes: &[u8]) -> Result<SignedCrl, CrlError> {
        const OUTERMOST: &str = "outermost SEQUENCE";
        if bytes.len() > MAX_CRL_LENGTH {
            return Err(CrlError::TooLong(bytes.len()));
        }
        der::check_within(bytes, &LIMITS).map_err(|why| CrlError::malformed(OUTERMOST, why))?;
        let mut whole = Fields::new(OUTERMOST, bytes);
        let mut parts = Fields::new(OUTERMOST, whole.take("SEQUENCE", 0x30)?.value);
        let tbs = parts.take("tbsCertList", 0x30)?;
        verify_algorithm("signatureAlgorithm", parts.take("signatureAlgorithm", 0x30)?.raw)?;
        let signature = parts.take("signatureValue", 0x03)?.value;
        parts.end()?;
        Ok(SignedCrl {
            tbs: tbs.raw.to_vec(),
            authority: authority(tbs.value)?,
            signature: read_signature(signature)?,
        })
    }

    /// The identifier of the key that is said to have signed it: a ciPKId.
    #[must_use]
    pub fn authority_key_identifier(&self) -> &SubjectKeyIdentifier {
        &self.authority
    }

    /// Verifies that a Certificate Issuer signed it.
    ///
    /// # Errors
    /// [`CrlError::KeyUsage`] where the key is not for revocation lists, [`CrlError::Signature`] where another key
    /// signed.
    pub fn verify(&self, ci: &TrustAnchor) -> Result<(), CrlError> {
        let usage = ci.certificate().extensions().key_usage.as_ref().map(|extension| extension.value);
        if usage.is_some_and(|usage| !usage.contains(KeyUsage::CRL_SIGN)) {
            return Err(CrlError::KeyUsage);
        }
        let key = ci.certificate().public_key();
        key.verify(ci.engine(), &self.tbs, &self.signature).map_err(|_| CrlError::Signature)
    }

    /// The list, if it has the form that SGP.22 §4.6 asks for.
    ///
    /// # Errors
    /// [`CrlError`] says which field is not as it must be.
    pub fn read(&self) -> Result<Crl, CrlError> {
        read::read(&self.tbs)
    }
}

/// SGP.22 §4.5.2.1.1: ecdsa-with-SHA256, its parameters left out.
pub(super) fn verify_algorithm(field: &'static str, bytes: &[u8]) -> Result<(), CrlError> {
    let algorithm: AlgorithmIdentifier = decode(field, bytes)?;
    if oid::is(&algorithm.algorithm, oid::ECDSA_WITH_SHA256) && algorithm.parameters.is_none() {
        Ok(())
    } else {
        Err(CrlError::SignatureAlgorithm { field, actual: algorithm.algorithm })
    }
}

fn read_signature(bit_string: &[u8]) -> Result<Signature, CrlError> {
    let malformed = |why: String| CrlError::malformed("signatureValue", why);
    match bit_string.split_first() {
        Some((0, bytes)) => Signature::from_der(bytes).map_err(|error| malformed(error.to_string())),
        _ => Err(malformed("it is not made of whole bytes".to_owned())),
    }
}

/// The key that is named, found without a look at anything else.
fn authority(tbs: &[u8]) -> Result<SubjectKeyIdentifier, CrlError> {
    const FIELD: &str = "authorityKeyIdentifier";
    let extensions = tlv::find(tbs, 0xA0).and_then(|explicit| tlv::find(explicit.value, 0x30));
    let mut extensions = extensions.map_or(&[][..], |list| list.value);
    while let Ok((extension, rest)) = tlv::read(extensions) {
        let identifier = tlv::find(extension.value, 0x06);
        if identifier.is_some_and(|identifier| identifier.value == AUTHORITY_KEY_IDENTIFIER) {
            let value = tlv::find(extension.value, 0x04).map_or(&[][..], |value| value.value);
            let value: rasn_pkix::AuthorityKeyIdentifier = decode(FIELD, value)?;
            // RFC 5280 §5.2.1: the key identifier is what names the key.
            let identifier =
                value.key_identifier.ok_or(CrlError::malformed(FIELD, "it has no keyIdentifier"))?;
            let identifier = SubjectKeyIdentifier::new(identifier.to_vec());
            return identifier.map_err(|error| CrlError::malformed(FIELD, error.to_string()));
        }
        extensions = rest;
    }
    Err(CrlError::MissingExtension(FIELD))
}
