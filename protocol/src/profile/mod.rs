//! Profile packages: the default profile, patterns that are filled for one subscriber after the other, and what a package
//! says of itself.
//!
//! The default profile is a small USIM profile made from ICCID, IMSI, Ki and OPc: header, MF with EF.ICCID, EF.DIR and
//! EF.ARR, PUKs, PINs, a USIM with what a phone reads first, Milenage parameters, end. Files come from the templates of the
//! TCA interoperable profile (annex A); only what differs from them is written.

mod access_rules;
mod elements;
mod personalisation;
mod subscriber;
mod template;

pub use elements::default_profile;
pub use personalisation::{Code, CodeError, CodeName, Msisdn, MsisdnError, Personalisation};
pub use subscriber::{Imsi, ImsiError, Subscriber};
pub use template::{ProfileTemplate, TemplateError};

use asn1::Iccid;
use asn1::profile::{ElementKind, PackageError, ProfileElement, ProfilePackage};
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

/// What the header of a profile package says of the profile.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Header {
    /// `iccid`. Unlike EF.ICCID it is written there in the order of its digits.
    pub iccid: Iccid,
    /// `profileType`, where the package has one: 1 to 100 characters.
    pub profile_type: Option<String>,
}

/// The header of a profile package.
///
/// # Errors
/// [`NoIccid`].
pub fn header_of(package: &[u8]) -> Result<Header, NoIccid> {
    let elements = ProfilePackage::parse(package)?;
    let first = elements.elements().first().ok_or(NoIccid::NoHeader)?;
    match first.decode() {
        Ok(ProfileElement::Header(header)) => Ok(Header {
            iccid: Iccid::from(header.iccid.map(|digits| digits.rotate_left(4))),
            profile_type: header.profile_type,
        }),
        _ => Err(NoIccid::NoHeader),
    }
}

/// The ICCID in the header of a profile package.
///
/// # Errors
/// [`NoIccid`].
pub fn iccid_of(package: &[u8]) -> Result<Iccid, NoIccid> {
    header_of(package).map(|header| header.iccid)
}

/// The content of EF.ICCID, if the package fills the file. An eUICC refuses a profile whose metadata have another ICCID
/// (SGP.22 §5.5.5), whatever the header says.
pub fn ef_iccid_of(package: &[u8]) -> Option<Iccid> {
    let elements = ProfilePackage::parse(package).ok()?;
    let mf = elements.elements().iter().find(|element| element.kind() == Some(ElementKind::Mf))?;
    let ProfileElement::Template(mf) = mf.decode().ok()? else { return None };
    template::beginning(mf.file(elements::member::EF_ICCID)?).map(Iccid::from)
}
