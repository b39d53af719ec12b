//! Distinguished names (RFC 5280 §4.1.2.4) and their comparison (§7.1).

use std::fmt;

use asn1::tlv;
use rasn::types::{Any, SetOf};
use rasn_pkix::{AttributeTypeAndValue, RelativeDistinguishedName};

use crate::{error::CertError, oid, oid::Oid};

/// The attribute types of X.520 that matter here.
const ATTRIBUTES: [(Attribute, &[u32], &str); 6] = [
    (Attribute::CommonName, &[2, 5, 4, 3], "CN"),
    (Attribute::SerialNumber, &[2, 5, 4, 5], "serialNumber"),
    (Attribute::Country, &[2, 5, 4, 6], "C"),
    (Attribute::Locality, &[2, 5, 4, 7], "L"),
    (Attribute::Organization, &[2, 5, 4, 10], "O"),
    (Attribute::OrganizationalUnit, &[2, 5, 4, 11], "OU"),
];

/// A kind of attribute in a distinguished name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attribute {
    /// commonName.
    CommonName,
    /// serialNumber; in an eUICC's name its EID (SGP.22 §4.5.2.1.0.2).
    SerialNumber,
    /// countryName.
    Country,
    /// localityName.
    Locality,
    /// organizationName.
    Organization,
    /// organizationalUnitName.
    OrganizationalUnit,
}

impl Attribute {
    fn arcs(self) -> &'static [u32] {
        ATTRIBUTES.iter().find(|(kind, ..)| *kind == self).map_or(&[], |(_, arcs, _)| arcs)
    }
}

/// The ASN.1 string type of an attribute's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StringKind {
    /// UTF8String.
    Utf8,
    /// PrintableString.
    Printable,
    /// IA5String.
    Ia5,
    /// Any other type, by its tag. Such values are compared byte by byte.
    Other(u32),
}

impl StringKind {
    fn from_tag(tag: u32) -> StringKind {
        match tag {
            0x0c => StringKind::Utf8,
            0x13 => StringKind::Printable,
            0x16 => StringKind::Ia5,
            other => StringKind::Other(other),
        }
    }

    fn tag(self) -> u32 {
        match self {
            StringKind::Utf8 => 0x0c,
            StringKind::Printable => 0x13,
            StringKind::Ia5 => 0x16,
            StringKind::Other(tag) => tag,
        }
    }
}

/// One attribute with its value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct AttributeValue {
    pub(crate) oid: Oid,
    pub(crate) kind: StringKind,
    pub(crate) bytes: Vec<u8>,
}

impl AttributeValue {
    /// The value as text, if its type is one of the usual ones and its bytes are valid.
    pub(crate) fn text(&self) -> Option<&str> {
        match self.kind {
            StringKind::Other(_) => None,
            _ => std::str::from_utf8(&self.bytes).ok(),
        }
    }

    /// RFC 5280 §7.1: letter case, surrounding blanks and runs of blanks make no difference, nor does the string type.
    pub(crate) fn matches(&self, other: &AttributeValue) -> bool {
        self.oid == other.oid
            && match (self.text(), other.text()) {
                (Some(mine), Some(others)) => mine == others || prepared(mine) == prepared(others),
                (None, None) => self.kind == other.kind && self.bytes == other.bytes,
                _ => false,
            }
    }
}

/// A text with everything taken out that makes no difference when names are compared.
fn prepared(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A distinguished name: relative distinguished names, each usually of one attribute.
///
/// Displayed in the order of the encoding: `C=ES, O=RSP Test EUM, CN=EUM Test`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Name {
    relative_names: Vec<Vec<AttributeValue>>,
}

impl Name {
    /// A name of single-valued parts in this order. A serialNumber and a country become a PrintableString as X.520
    /// asks, everything else a UTF8String.
    #[must_use]
    pub fn new(parts: &[(Attribute, &str)]) -> Name {
        parts.iter().fold(Name { relative_names: Vec::new() }, |name, (attribute, text)| {
            let kind = match attribute {
                Attribute::SerialNumber | Attribute::Country => StringKind::Printable,
                _ => StringKind::Utf8,
            };
            name.with(*attribute, kind, text)
        })
    }

    /// This name and one more part.
    #[must_use]
    pub fn with(mut self, attribute: Attribute, kind: StringKind, text: &str) -> Name {
        let oid = oid::owned(attribute.arcs());
        self.relative_names.push(vec![AttributeValue { oid, kind, bytes: text.as_bytes().to_vec() }]);
        self
    }

    /// This name without the parts that hold such an attribute.
    #[must_use]
    pub fn without(mut self, attribute: Attribute) -> Name {
        self.relative_names.retain(|part| !part.iter().any(|value| oid::is(&value.oid, attribute.arcs())));
        self
    }

    /// The text of the only attribute of this kind; `None` if there is none, several, or one that is no text.
    #[must_use]
    pub fn get(&self, attribute: Attribute) -> Option<&str> {
        self.only(attribute).and_then(AttributeValue::text)
    }

    /// The string type of the only attribute of this kind.
    #[must_use]
    pub fn string_kind(&self, attribute: Attribute) -> Option<StringKind> {
        self.only(attribute).map(|value| value.kind)
    }

    fn only(&self, attribute: Attribute) -> Option<&AttributeValue> {
        let mut found = self.attributes().filter(|value| oid::is(&value.oid, attribute.arcs()));
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// Every attribute, whichever relative name it stands in.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &AttributeValue> {
        self.relative_names.iter().flatten()
    }

    /// Whether two names are the same name: part by part, the values compared as RFC 5280 §7.1 has it.
    #[must_use]
    pub fn matches(&self, other: &Name) -> bool {
        self.relative_names.len() == other.relative_names.len()
            && self.relative_names.iter().zip(&other.relative_names).all(|(mine, others)| {
                mine.len() == others.len()
                    && mine.iter().all(|value| others.iter().any(|it| value.matches(it)))
            })
    }

    pub(crate) fn from_rasn(field: &'static str, name: &rasn_pkix::Name) -> Result<Name, CertError> {
        let rasn_pkix::Name::RdnSequence(parts) = name;
        let relative_names = parts
            .iter()
            .map(|part| part.to_vec().into_iter().map(|pair| attribute_from_rasn(field, pair)).collect())
            .collect::<Result<_, _>>()?;
        Ok(Name { relative_names })
    }

    pub(crate) fn to_rasn(&self) -> rasn_pkix::Name {
        let part = |values: &Vec<AttributeValue>| {
            let pairs = values.iter().map(|value| AttributeTypeAndValue {
                r#type: value.oid.clone(),
                value: Any::new(tlv::wrap(value.kind.tag(), &value.bytes)),
            });
            RelativeDistinguishedName::from(SetOf::from_vec(pairs.collect()))
        };
        rasn_pkix::Name::RdnSequence(self.relative_names.iter().map(part).collect())
    }
}

fn attribute_from_rasn(
    field: &'static str,
    pair: &AttributeTypeAndValue,
) -> Result<AttributeValue, CertError> {
    let malformed = |why: &str| CertError::Malformed { field, why: why.to_owned() };
    let (value, rest) = tlv::read(pair.value.as_bytes()).map_err(|error| malformed(&error.to_string()))?;
    if !rest.is_empty() {
        return Err(malformed("an attribute has more than one value"));
    }
    let kind = StringKind::from_tag(value.tag.0);
    let attribute = AttributeValue { oid: pair.r#type.clone(), kind, bytes: value.value.to_vec() };
    match (kind, attribute.text()) {
        (StringKind::Other(_), _) | (_, Some(_)) => Ok(attribute),
        (_, None) => Err(malformed("an attribute is not the text that its type promises")),
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, value) in self.attributes().enumerate() {
            if position > 0 {
                f.write_str(", ")?;
            }
            match ATTRIBUTES.iter().find(|(_, arcs, _)| oid::is(&value.oid, arcs)) {
                Some((.., label)) => write!(f, "{label}=")?,
                None => write!(f, "{}=", value.oid)?,
            }
            match value.text() {
                Some(text) => f.write_str(text)?,
                None => f.write_str(&data_encoding::HEXLOWER.encode(&value.bytes))?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acme(organization: &str) -> Name {
        Name::new(&[(Attribute::Organization, organization), (Attribute::CommonName, "TEST SM-DP+")])
    }

    #[test]
    fn names_match_whatever_their_letter_case_and_blanks() {
        assert!(acme("ACME  Corp").matches(&acme(" acme corp ")));
        assert!(!acme("ACME Corp").matches(&acme("ACMECorp")));
    }

    #[test]
    fn names_match_whatever_the_string_type_of_a_text() {
        let printable = Name::new(&[]).with(Attribute::Organization, StringKind::Printable, "ACME");
        let utf8 = Name::new(&[(Attribute::Organization, "ACME")]);
        assert!(printable.matches(&utf8));
        let universal = Name::new(&[]).with(Attribute::Organization, StringKind::Other(0x1c), "ACME");
        assert!(!universal.matches(&utf8));
        assert!(universal.matches(&universal));
    }

    #[test]
    fn names_of_other_parts_or_another_order_do_not_match() {
        let turned = Name::new(&[(Attribute::CommonName, "TEST SM-DP+"), (Attribute::Organization, "ACME")]);
        assert!(!acme("ACME").matches(&turned));
        assert!(!acme("ACME").matches(&acme("ACME").with(Attribute::Country, StringKind::Printable, "ES")));
    }

    #[test]
    fn an_attribute_that_occurs_twice_is_not_taken() {
        let twice = acme("ACME").with(Attribute::Organization, StringKind::Utf8, "Other");
        assert_eq!(twice.get(Attribute::Organization), None);
        assert_eq!(twice.get(Attribute::CommonName), Some("TEST SM-DP+"));
    }

    #[test]
    fn a_name_is_shown_in_the_order_of_its_encoding() {
        assert_eq!(acme("ACME").to_string(), "O=ACME, CN=TEST SM-DP+");
    }
}
