//! Where in a package the data of the subscriber stand.

use std::ops::Range;

use asn1::profile::{ElementKind, ProfilePackage, RawElement};
use asn1::tlv::{self, Tlv};

use super::error::TemplateError;
use super::{AccessClass, room};
use crate::profile::elements::member;
use crate::profile::{CodeName, Personalisation};

/// What is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    /// In the order of its digits.
    HeaderIccid,
    /// As in EF.ICCID.
    Iccid,
    Imsi,
    AccessClass,
    Msisdn,
    Ki,
    Opc,
    Code(CodeName),
}

/// Where a value, or a part of it, stands.
#[derive(Clone)]
pub(super) struct Place {
    value: Value,
    /// The first byte, counted from the start of the package.
    at: usize,
    /// Which bytes of the value.
    part: Range<usize>,
}

/// The values of a subscriber as they are written.
pub(super) struct Values<'a> {
    data: &'a Personalisation,
    header_iccid: [u8; 10],
    imsi: [u8; 9],
    access_class: [u8; 2],
    msisdn: Option<[u8; 14]>,
}

impl<'a> Values<'a> {
    pub(super) fn of(data: &'a Personalisation) -> Self {
        let subscriber = &data.subscriber;
        Self {
            data,
            header_iccid: subscriber.iccid.bytes().map(|digits| digits.rotate_left(4)),
            imsi: subscriber.imsi.to_ef(),
            access_class: subscriber.imsi.access_class().to_be_bytes(),
            msisdn: data.msisdn.as_ref().map(|msisdn| msisdn.to_ef()),
        }
    }

    /// `None` for what the template keeps.
    fn get(&self, value: Value) -> Option<&[u8]> {
        let subscriber = &self.data.subscriber;
        Some(match value {
            Value::HeaderIccid => &self.header_iccid,
            Value::Iccid => subscriber.iccid.bytes(),
            Value::Imsi => &self.imsi,
            Value::AccessClass => &self.access_class,
            Value::Msisdn => self.msisdn.as_ref()?,
            Value::Ki => &subscriber.ki[..],
            Value::Opc => &subscriber.opc[..],
            Value::Code(name) => self.data.codes.iter().find(|code| code.name() == name)?.value(),
        })
    }
}

impl Place {
    pub(super) fn holds(&self, value: Value) -> bool {
        self.value == value
    }

    pub(super) fn write(&self, package: &mut [u8], values: &Values<'_>) {
        let part = values.get(self.value).and_then(|value| value.get(self.part.clone()));
        let place = package.get_mut(self.at..self.at + self.part.len());
        if let (Some(part), Some(place)) = (part, place) {
            place.copy_from_slice(part);
        }
    }
}

/// All places of a package that has room for each value.
pub(super) fn find(package: &[u8], access_class: AccessClass) -> Result<Vec<Place>, TemplateError> {
    let mut places = Vec::new();
    for element in ProfilePackage::parse(package)?.elements() {
        let Some(node) = Node::of(element) else { continue };
        match element.kind() {
            Some(ElementKind::Header) => places.extend(node.child(0x83).map(|m| m.place(Value::HeaderIccid))),
            Some(ElementKind::Mf) => file(&mut places, node, member::EF_ICCID, Value::Iccid, room::EF_ICCID),
            Some(ElementKind::Usim) => {
                file(&mut places, node, member::EF_IMSI, Value::Imsi, room::EF_IMSI);
                if access_class == AccessClass::OfTheImsi {
                    file(&mut places, node, member::EF_ACC, Value::AccessClass, 0..2);
                }
            }
            Some(ElementKind::OptUsim) => {
                let number = room::for_msisdn(std::slice::from_ref(element))?.unwrap_or_default();
                file(&mut places, node, room::EF_MSISDN, Value::Msisdn, number);
            }
            Some(ElementKind::AkaParameter) => {
                let algo_parameter = node.child(0xA1).and_then(|choice| choice.child(0xA1));
                for (tag, value) in [(0x82, Value::Ki), (0x83, Value::Opc)] {
                    places.extend(algo_parameter.and_then(|algo| algo.child(tag)).map(|m| m.place(value)));
                }
            }
            Some(ElementKind::PinCodes) => {
                codes(&mut places, node.child(0xA1).and_then(|choice| choice.child(0xA0)), false);
            }
            Some(ElementKind::PukCodes) => codes(&mut places, node.child(0xA1), true),
            _ => {}
        }
    }
    Ok(places)
}

/// Bytes `range` of a file are a value.
fn file(places: &mut Vec<Place>, element: Node<'_>, member: u32, value: Value, range: Range<usize>) {
    let mut position = 0;
    for item in element.child(0xA0 | member).into_iter().flat_map(Node::children) {
        match item.tlv.tag.0 {
            // fillFileOffset, an INTEGER of two bytes and perhaps a zero before them.
            0x82 => position += item.tlv.value.iter().fold(0, |skip, byte| skip << 8 | usize::from(*byte)),
            // fillFileContent
            0x83 => {
                let end = position + item.tlv.value.len();
                let common = position.max(range.start)..end.min(range.end);
                if !common.is_empty() {
                    places.push(Place {
                        value,
                        at: item.value_at() + common.start - position,
                        part: common.start - range.start..common.end - range.start,
                    });
                }
                position = end;
            }
            _ => {}
        }
    }
}

/// The codes of a list of PINConfiguration or PUKConfiguration, which agree in their first two members.
fn codes(places: &mut Vec<Place>, list: Option<Node<'_>>, are_puks: bool) {
    for configuration in list.into_iter().flat_map(Node::children) {
        let Some(reference) = configuration.child(0x80) else { continue };
        // An INTEGER: a zero stands before a byte of 80 and above.
        let reference = reference.tlv.value.last().copied().unwrap_or_default();
        let name = CodeName::ALL
            .into_iter()
            .find(|name| name.is_puk() == are_puks && name.key_reference() == reference);
        if let Some(name) = name {
            places.extend(configuration.child(0x81).map(|m| m.place(Value::Code(name))));
        }
    }
}

/// A TLV, and how far into the package it is.
#[derive(Clone, Copy)]
struct Node<'a> {
    tlv: Tlv<'a>,
    at: usize,
}

impl<'a> Node<'a> {
    fn of(element: &RawElement<'a>) -> Option<Self> {
        tlv::read(element.bytes()).ok().map(|(tlv, _)| Self { tlv, at: element.offset() })
    }

    fn value_at(self) -> usize {
        self.at + self.tlv.raw.len() - self.tlv.value.len()
    }

    /// The TLVs inside; up to the first that is none, but the element has been decoded before.
    fn children(self) -> impl Iterator<Item = Node<'a>> {
        let mut at = self.value_at();
        tlv::children(self.tlv.value).map_while(Result::ok).map(move |tlv| {
            let node = Node { tlv, at };
            at += tlv.raw.len();
            node
        })
    }

    fn child(self, tag: u32) -> Option<Self> {
        self.children().find(|child| child.tlv.tag.0 == tag)
    }

    /// The whole value of this TLV.
    fn place(self, value: Value) -> Place {
        Place { value, at: self.value_at(), part: 0..self.tlv.value.len() }
    }
}
