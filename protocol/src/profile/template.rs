//! A profile package as the pattern of many: searched once, then filled for one subscriber after the other.
//!
//! [`ProfileTemplate::parse`] finds the places of what differs between subscribers, and makes room where a file has to be
//! written that the package leaves as its template has it. All values have a fixed length, so that [`ProfileTemplate::fill`]
//! only copies the package and overwrites those places; every other byte stays as it is.

mod error;
mod network_access;
mod places;
mod room;

use std::fmt;

use asn1::profile::{ElementKind, ProfilePackage, RawElement};
use zeroize::Zeroizing;

pub use error::TemplateError;
pub(super) use room::beginning;

use self::places::{Place, Value};
use self::room::make_room;
use super::{CodeName, Header, NoIccid, Personalisation, Subscriber, default_profile, header_of};

/// A profile package in which the data of a subscriber can be replaced.
#[derive(Clone)]
pub struct ProfileTemplate {
    header: Header,
    pattern: Pattern,
    /// With room for a telephone number, if there is an EF.MSISDN for it.
    with_msisdn: Option<Pattern>,
}

/// A package and the places in it. It may hold real keys, so it is wiped when dropped.
#[derive(Clone)]
struct Pattern {
    package: Zeroizing<Vec<u8>>,
    places: Vec<Place>,
}

impl ProfileTemplate {
    /// Takes an Unprotected Profile Package (SGP.22 §2.5.2) as pattern.
    ///
    /// # Errors
    /// [`TemplateError`] where ICCID, IMSI, Ki or OPc of a subscriber would find no place, naming the profile element.
    pub fn parse(upp: &[u8]) -> Result<Self, TemplateError> {
        Self::of(upp, AccessClass::AsItIs)
    }

    /// The default profile as a pattern. Unlike other templates it also gets the access class that goes with the IMSI: a
    /// filled one is what [`default_profile`] makes.
    pub fn built_in() -> Self {
        let package = default_profile(&Subscriber::nobody());
        #[expect(clippy::expect_used, reason = "the default profile has all the places, as the tests show")]
        let mut template =
            Self::of(&package, AccessClass::OfTheImsi).expect("the default profile can be filled");
        // The type that its header names says who made it, not what an operator sells.
        template.header.profile_type = None;
        template
    }

    fn of(upp: &[u8], access_class: AccessClass) -> Result<Self, TemplateError> {
        let header = header_of(upp).map_err(|error| match error {
            NoIccid::Package(error) => TemplateError::Package(error),
            NoIccid::NoHeader => TemplateError::Missing("header"),
        })?;
        let package = ProfilePackage::parse(upp)?;
        check_elements(package.elements())?;
        let pattern = |package: Zeroizing<Vec<u8>>| {
            let places = places::find(&package, access_class)?;
            Ok::<_, TemplateError>(Pattern { package, places })
        };
        let with_msisdn = match room::for_msisdn(package.elements())? {
            Some(range) => Some(pattern(make_room(package.elements(), Some(range))?)?),
            None => None,
        };
        Ok(Self { header, pattern: pattern(make_room(package.elements(), None)?)?, with_msisdn })
    }

    /// The package for a subscriber.
    ///
    /// # Errors
    /// [`TemplateError::NoPlace`] for an optional value that the template cannot take.
    pub fn fill(&self, data: &Personalisation) -> Result<Zeroizing<Vec<u8>>, TemplateError> {
        let pattern = match data.msisdn {
            Some(_) => self.with_msisdn.as_ref().ok_or(TemplateError::NoPlace("msisdn"))?,
            None => &self.pattern,
        };
        if let Some(code) = data.codes.iter().find(|code| !self.holds_code(code.name())) {
            return Err(TemplateError::NoPlace(code.name().name()));
        }
        let values = places::Values::of(data);
        let mut package = pattern.package.clone();
        for place in &pattern.places {
            place.write(&mut package, &values);
        }
        Ok(package)
    }

    /// What the header of the pattern says; its ICCID is replaced, its profile type is that of every filled package.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Whether there is an EF.MSISDN that can hold a telephone number.
    pub fn holds_msisdn(&self) -> bool {
        self.with_msisdn.is_some()
    }

    /// Whether a PIN, PUK or ADM code is in the profile.
    pub fn holds_code(&self, code: CodeName) -> bool {
        self.pattern.places.iter().any(|place| place.holds(Value::Code(code)))
    }
}

impl fmt::Debug for ProfileTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProfileTemplate").field("header", &self.header).finish_non_exhaustive()
    }
}

/// What becomes of EF.ACC: operators spread access classes in ways of their own, only for the default profile the rule is
/// known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AccessClass {
    AsItIs,
    OfTheImsi,
}

/// Whether everything that each subscriber has finds its place.
fn check_elements(elements: &[RawElement<'_>]) -> Result<(), TemplateError> {
    let kinds = || elements.iter().map(RawElement::kind);
    if kinds().next_back().flatten() != Some(ElementKind::End) {
        return Err(TemplateError::Missing("end"));
    }
    for (kind, name) in [(ElementKind::Mf, "mf"), (ElementKind::Usim, "usim")] {
        if !kinds().any(|found| found == Some(kind)) {
            return Err(TemplateError::Missing(name));
        }
    }
    // A subscriber has one IMSI.
    let mut usims = (1..).zip(elements).filter(|(_, element)| element.kind() == Some(ElementKind::Usim));
    if let Some((number, element)) = usims.nth(1) {
        return Err(TemplateError::at(number, element, "a second USIM needs an IMSI of its own"));
    }
    for (number, element) in (1..).zip(elements) {
        if matches!(element.kind(), Some(ElementKind::PinCodes | ElementKind::PukCodes)) {
            error::decode(number, element)?;
        }
    }
    network_access::check(elements)
}
