//! Certificate revocation lists as SGP.22 §4.6 describes them: RFC 5280's version 2, signed by a Certificate Issuer,
//! whole, in parts, or as the difference to an earlier one.
//!
//! An eUICC looks at the signature first and at the form afterwards (SGP.22 §5.7.12), so reading takes two steps:
//! [`SignedCrl::from_der`] finds out whose key is to be asked, [`SignedCrl::verify`] asks it, and [`SignedCrl::read`]
//! gives the list, if it has the form that it must have.

mod error;
mod extension;
mod fields;
mod number;
mod read;
mod signed;

use asn1::der::Limits;

pub use error::CrlError;
pub use number::CrlNumber;
pub use signed::SignedCrl;

pub(crate) use extension::{
    CRL_NUMBER, DELTA_CRL_INDICATOR, EXPIRATION_DATE, ISSUING_DISTRIBUTION_POINT, PARTIAL_CRL_NUMBER,
    TOTAL_PARTIAL_CRL_NUMBER,
};

use crate::{Name, UnixTime};

/// The longest list that is looked at, in bytes: what 256 blocks of 255 bytes bring to a card (SGP.22 §5.7.2).
pub const MAX_CRL_LENGTH: usize = 256 * 255;

/// The shortest entries with the one extension that a complete list needs make eight elements in 44 bytes.
const LIMITS: Limits = Limits { size: MAX_CRL_LENGTH, depth: 16, elements: 20_000 };

/// A list of revoked certificates whose form is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crl {
    /// Who issued it, and the certificates in it.
    pub issuer: Name,
    /// When it was issued. An eUICC takes this for the time (SGP.22 §4.6.3).
    pub this_update: UnixTime,
    /// When the next one is issued at the latest.
    pub next_update: UnixTime,
    /// Its number; every publication has a higher one.
    pub number: CrlNumber,
    /// On a delta list, the number of the list that it adds to.
    pub base: Option<CrlNumber>,
    /// Which part of the list this is; `None` where it is whole.
    pub part: Option<Part>,
    /// The revoked certificates, in order.
    pub revoked: Vec<RevokedCertificate>,
}

/// The place of a part among the parts of a list (SGP.22 §4.6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    number: u32,
    total: u32,
}

impl Part {
    /// Part `number` of `total`, counted from one. `None` where there can be no such part.
    #[must_use]
    pub const fn new(number: u32, total: u32) -> Option<Part> {
        if number >= 1 && number <= total { Some(Part { number, total }) } else { None }
    }

    /// partialCrlNumber: 1 and up.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.number
    }

    /// totalPartialCrlNumber.
    #[must_use]
    pub const fn total(self) -> u32 {
        self.total
    }
}

/// One entry of a list. Whatever reason it gives, the certificate is revoked for good (SGP.22 §4.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevokedCertificate {
    /// The serial number of the certificate: the bytes of the INTEGER.
    pub serial_number: Vec<u8>,
    /// When it was revoked.
    pub revocation_date: UnixTime,
    /// When the certificate expires (id-rsp-expDate); parts of a list may leave it out.
    pub expiration_date: Option<UnixTime>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_counted_from_one_to_their_total() {
        assert_eq!(Part::new(2, 3).map(|part| (part.number(), part.total())), Some((2, 3)));
        for (number, total) in [(0, 1), (2, 1), (0, 0), (1, 0)] {
            assert_eq!(Part::new(number, total), None, "{number} of {total}");
        }
    }
}
