//! The default profile: a small USIM profile made from ICCID, IMSI, Ki and OPc.
//!
//! Header, MF with EF.ICCID, EF.DIR and EF.ARR, PUKs, PINs, a USIM with what a phone reads first, Milenage parameters, end.
//! Files come from the templates of the TCA interoperable profile (annex A); only what differs from them is written.

mod access_rules;
mod elements;
mod subscriber;

pub use elements::default_profile;
pub use subscriber::{Imsi, ImsiError, Subscriber};

use asn1::Iccid;
use asn1::profile::{PackageError, ProfileElement, ProfilePackage};
use thiserror::Error;

/// Why a package does not say which profile it is.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum NoIccid {
    /// It is no row of profile elements.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// It does not begin with a profile header that can be read.
    #[error("it does not begin with a profile header")]
    NoHeader,
}

/// The ICCID in the header of a profile package. Unlike EF.ICCID it is written there in the order of its digits.
///
/// # Errors
/// [`NoIccid`].
pub fn iccid_of(package: &[u8]) -> Result<Iccid, NoIccid> {
    let elements = ProfilePackage::parse(package)?;
    let first = elements.elements().first().ok_or(NoIccid::NoHeader)?;
    match first.decode() {
        Ok(ProfileElement::Header(header)) => {
            Ok(Iccid::from(header.iccid.map(|digits| digits.rotate_left(4))))
        }
        _ => Err(NoIccid::NoHeader),
    }
}
