//! Which eUICCs an EUM may issue certificates for (SGP.22 §4.5.2.1.0.3).
//!
//! The permitted names are pairs of an organization and the first digits of its EIDs. They cannot be matched as RFC 5280
//! §7.1 matches directory names: an eUICC's name may begin with other attributes, and its serialNumber is a whole
//! EID. SGP.22 §4.5.2.2 says how it is meant: the organization is equal, the EID starts with the digits.

use crate::{
    Attribute, Certificate, Name, NameConstraints, Reason, StringKind, eid,
    name::AttributeValue,
    oid::{self, Oid},
};

/// Checks that the constraints of an EUM's certificate can be evaluated: that each permits an organization and digits.
pub(super) fn examine(eum: &Certificate) -> Result<(), Reason> {
    let constraints = permitted(eum)?;
    if constraints.other_forms {
        return Err(Reason::NameConstraints("have a form that SGP.22 does not use"));
    }
    if constraints.permitted.is_empty() {
        return Err(Reason::NameConstraints("permit nothing"));
    }
    constraints.permitted.iter().try_for_each(|pair| {
        let digits = pair.get(Attribute::SerialNumber).unwrap_or_default();
        if pair.get(Attribute::Organization).is_none() {
            Err(Reason::NameConstraints("permit a name without a single organization"))
        } else if digits.is_empty() || digits.len() > 32 || !digits.bytes().all(|c| c.is_ascii_digit()) {
            Err(Reason::NameConstraints("permit a name without the first digits of an EID"))
        } else {
            Ok(())
        }
    })
}

/// Reads the EID out of an eUICC's certificate.
pub(super) fn eid(euicc: &Certificate) -> Result<[u8; 16], Reason> {
    let subject = euicc.subject();
    let digits = subject.get(Attribute::SerialNumber).ok_or(Reason::Subject("serialNumber"))?;
    // SGP.22 §4.5.2.1.0.2: the EID is a PrintableString of decimal digits.
    if subject.string_kind(Attribute::SerialNumber) != Some(StringKind::Printable) {
        return Err(Reason::EidNotPrintable);
    }
    eid::from_digits(digits).map_err(|error| Reason::Eid { digits: digits.to_owned(), error })
}

/// Checks that the EUM may issue a certificate for this eUICC.
pub(super) fn verify(eum: &Certificate, euicc: &Certificate) -> Result<(), Reason> {
    let subject = euicc.subject();
    let organization = subject.get(Attribute::Organization).ok_or(Reason::Subject("organization"))?;
    let permitted = &permitted(eum)?.permitted;
    if permitted.iter().any(|pair| permits(pair, subject)) {
        return Ok(());
    }
    Err(Reason::OutsideNameConstraints {
        organization: organization.to_owned(),
        eid: subject.get(Attribute::SerialNumber).unwrap_or_default().to_owned(),
        permitted: permitted.iter().map(Name::to_string).collect::<Vec<_>>().join(" or "),
    })
}

fn permitted(eum: &Certificate) -> Result<&NameConstraints, Reason> {
    let extension = eum.extensions().name_constraints.as_ref();
    extension.map(|extension| &extension.value).ok_or(Reason::NameConstraints("are missing"))
}

/// SGP.22 §4.5.2.2: the EID starts with the digits that stand beside the eUICC's own organization. An attribute that
/// SGP.22 does not foresee in the pair restricts as well, so it must be in the eUICC's name too.
fn permits(pair: &Name, subject: &Name) -> bool {
    let serial_number: Oid = oid::owned(&[2, 5, 4, 5]);
    pair.attributes().all(|wanted| {
        subject.attributes().any(|actual| {
            if wanted.oid == serial_number { starts_with(actual, wanted) } else { wanted.matches(actual) }
        })
    })
}

fn starts_with(actual: &AttributeValue, wanted: &AttributeValue) -> bool {
    match (actual.text(), wanted.text()) {
        (Some(eid), Some(digits)) => actual.oid == wanted.oid && eid.starts_with(digits),
        _ => false,
    }
}
