//! The Protected Profile Package: profile elements that were encrypted before it is known for whom (SGP.22 §2.5.3).

use std::fmt;

use asn1::tlv;
use crypto::scp03t::{Kind, Opener, Protector, SessionKeys};
use zeroize::Zeroizing;

use super::{BppError, tags};

/// Profile elements under random keys of their own, as TLVs `86` one after the other. To bind it, only its keys are encrypted
/// for the eUICC: that costs the same whatever its size.
#[derive(Clone)]
pub struct ProtectedPackage {
    keys: SessionKeys,
    elements: Vec<u8>,
}

impl ProtectedPackage {
    /// Protects an Unprotected Profile Package under these keys, which are used for no other.
    pub fn protect(package: &[u8], keys: SessionKeys) -> Self {
        let elements = Protector::new(keys.clone()).protect_segments(Kind::Encrypted86, package);
        Self { keys, elements }
    }

    /// One that was protected earlier.
    pub fn from_parts(keys: SessionKeys, elements: Vec<u8>) -> Self {
        Self { keys, elements }
    }

    /// PPK-ENC, PPK-CMAC and the initial MAC chaining value.
    pub fn keys(&self) -> &SessionKeys {
        &self.keys
    }

    /// The TLVs `86`, in the clear for nobody: what has to be kept secret are the keys.
    pub fn into_elements(self) -> Vec<u8> {
        self.elements
    }

    /// The Unprotected Profile Package.
    ///
    /// # Errors
    /// [`BppError::Malformed`] where the elements were not protected under these keys.
    pub fn open(&self) -> Result<Zeroizing<Vec<u8>>, BppError> {
        const NOT_OURS: BppError = BppError::Malformed("a protected package does not open");
        let mut opener = Opener::new(self.keys.clone());
        let mut package = Zeroizing::new(Vec::with_capacity(self.elements.len()));
        for element in tlv::children(&self.elements) {
            let element = element.map_err(|_| NOT_OURS)?;
            package.extend_from_slice(&opener.open(element.raw).map_err(|_| NOT_OURS)?);
        }
        Ok(package)
    }

    /// The Bound Profile Package, a complete TLV `BF36`, that begins with what [`super::bind_head`] made.
    pub fn behind(&self, head: &[u8]) -> Vec<u8> {
        let body = head.len() + tlv::length(tags::SEQUENCE_OF_86, self.elements.len());
        let mut package = Vec::with_capacity(tlv::length(tags::BOUND_PROFILE_PACKAGE, body));
        tlv::write_header(&mut package, tlv::Tag(tags::BOUND_PROFILE_PACKAGE), body);
        package.extend_from_slice(head);
        tlv::write_header(&mut package, tlv::Tag(tags::SEQUENCE_OF_86), self.elements.len());
        package.extend_from_slice(&self.elements);
        package
    }
}

impl fmt::Debug for ProtectedPackage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProtectedPackage({} bytes)", self.elements.len())
    }
}
