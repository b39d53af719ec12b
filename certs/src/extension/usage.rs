//! What a key may be used for: keyUsage and extKeyUsage.

use std::{fmt, ops::BitOr};

use rasn::types::BitString;

use super::Source;
use crate::{
    error::CertError,
    oid::{self, Oid},
};

/// The named bits of keyUsage (RFC 5280 §4.2.1.3), bit 0 first.
const NAMES: [&str; 9] = [
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];

/// keyUsage: a set of purposes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct KeyUsage(u16);

impl KeyUsage {
    /// No purpose at all.
    pub const NONE: KeyUsage = KeyUsage(0);
    /// digitalSignature (0).
    pub const DIGITAL_SIGNATURE: KeyUsage = KeyUsage(1);
    /// keyAgreement (4).
    pub const KEY_AGREEMENT: KeyUsage = KeyUsage(1 << 4);
    /// keyCertSign (5).
    pub const KEY_CERT_SIGN: KeyUsage = KeyUsage(1 << 5);
    /// cRLSign (6).
    pub const CRL_SIGN: KeyUsage = KeyUsage(1 << 6);

    /// Whether every purpose of the other set is in this one.
    #[must_use]
    pub const fn contains(self, other: KeyUsage) -> bool {
        self.0 & other.0 == other.0
    }

    pub(super) fn read(source: &Source<'_>) -> Result<KeyUsage, CertError> {
        let bits: rasn_pkix::KeyUsage = source.decode()?;
        if bits.len() > NAMES.len() {
            return Err(source.malformed("there are bits without a meaning in it"));
        }
        let set = bits.iter().by_vals().enumerate().filter(|(_, set)| *set);
        Ok(KeyUsage(set.fold(0, |all, (position, _)| all | 1 << position)))
    }

    /// The named bits, trailing zeros left off as DER has it.
    pub(crate) fn to_bits(self) -> BitString {
        let length = NAMES.len().min(16 - usize::try_from(self.0.leading_zeros()).unwrap_or(16));
        (0..length).map(|position| self.0 >> position & 1 == 1).collect()
    }
}

impl BitOr for KeyUsage {
    type Output = KeyUsage;

    fn bitor(self, other: KeyUsage) -> KeyUsage {
        KeyUsage(self.0 | other.0)
    }
}

impl fmt::Display for KeyUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set: Vec<&str> = NAMES
            .iter()
            .enumerate()
            .filter(|(bit, _)| self.0 >> bit & 1 == 1)
            .map(|(_, name)| *name)
            .collect();
        f.write_str(if set.is_empty() { "nothing" } else { "" })?;
        f.write_str(&set.join(" and "))
    }
}

impl fmt::Debug for KeyUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyUsage({self})")
    }
}

/// extKeyUsage: a list of purposes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendedKeyUsage(pub Vec<Oid>);

impl ExtendedKeyUsage {
    /// What SGP.22 §4.5.2.1.0.5 asks of a TLS certificate: serverAuth and clientAuth.
    #[must_use]
    pub fn tls() -> ExtendedKeyUsage {
        ExtendedKeyUsage(vec![oid::owned(oid::SERVER_AUTH), oid::owned(oid::CLIENT_AUTH)])
    }

    /// Whether these are the purposes of a TLS certificate and no other, in whichever order.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        let ExtendedKeyUsage(purposes) = self;
        let ExtendedKeyUsage(tls) = ExtendedKeyUsage::tls();
        purposes.len() == tls.len() && tls.iter().all(|purpose| purposes.contains(purpose))
    }

    pub(super) fn read(source: &Source<'_>) -> Result<ExtendedKeyUsage, CertError> {
        source.decode().map(ExtendedKeyUsage)
    }
}

impl fmt::Display for ExtendedKeyUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |purpose: &Oid| {
            if oid::is(purpose, oid::SERVER_AUTH) {
                "serverAuth".to_owned()
            } else if oid::is(purpose, oid::CLIENT_AUTH) {
                "clientAuth".to_owned()
            } else {
                purpose.to_string()
            }
        };
        f.write_str(&self.0.iter().map(name).collect::<Vec<_>>().join(" and "))
    }
}
