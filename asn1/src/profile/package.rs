//! The row of profile elements.

use super::element::{ElementKind, ProfileElement};
use super::header::PeHeader;
use super::members::{ElementError, Member};
use super::template::member_number;
use crate::tlv::{self, Tag, Tlv, TlvError};

/// An unprotected profile package, cut into its profile elements. None of them has been looked into yet.
#[derive(Clone)]
pub struct ProfilePackage<'a> {
    elements: Vec<RawElement<'a>>,
}

/// The package is not a row of TLVs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no profile element at byte {offset} of the profile package: {error}")]
pub struct PackageError {
    /// Bytes from the start of the package.
    pub offset: usize,
    /// What is wrong there.
    pub error: TlvError,
}

impl<'a> ProfilePackage<'a> {
    /// Cuts the package.
    ///
    /// # Errors
    /// [`PackageError`] when the bytes are not one TLV after the other.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, PackageError> {
        let mut elements = Vec::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            let offset = bytes.len() - rest.len();
            let (tlv, after) = tlv::read(rest).map_err(|error| PackageError { offset, error })?;
            elements.push(RawElement { offset, tlv });
            rest = after;
        }
        Ok(Self { elements })
    }

    /// The profile elements in their order.
    pub fn elements(&self) -> &[RawElement<'a>] {
        &self.elements
    }
}

/// One profile element as it stands in the package.
#[derive(Clone, Copy)]
pub struct RawElement<'a> {
    offset: usize,
    tlv: Tlv<'a>,
}

impl<'a> RawElement<'a> {
    /// Bytes from the start of the package to the element's tag.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The complete TLV.
    pub fn bytes(&self) -> &'a [u8] {
        self.tlv.raw
    }

    /// The tag as written.
    pub fn tag(&self) -> Tag {
        self.tlv.tag
    }

    /// What the tag says it is.
    pub fn kind(&self) -> Option<ElementKind> {
        ElementKind::from_tag(self.tlv.tag)
    }

    /// The element's header, for reporting on elements that do not decode. The profile header element has none.
    pub fn header(&self) -> Option<PeHeader> {
        let member = Member { tlv: self.tlv, offset: 0 };
        let header = member.members().optional(0xA0).ok().flatten()?;
        if self.kind() == Some(ElementKind::Header) { None } else { PeHeader::read(&header).ok() }
    }

    /// Bytes from the start of the element to its member with this context tag number, of a template element a file.
    pub fn offset_of_member(&self, number: u32) -> Option<usize> {
        let mut members = Member { tlv: self.tlv, offset: 0 }.members().row();
        members.find(|member| member_number(member.tlv.tag) == Some(number)).map(|member| member.offset)
    }

    /// Bytes from the start of a generic file management element to one of its commands, counted over all its lists.
    pub fn offset_of_command(&self, index: usize) -> Option<usize> {
        let mut members = Member { tlv: self.tlv, offset: 0 }.members().row();
        let lists = members.find(|member| member.tlv.tag.0 == 0xA1)?;
        let mut commands = lists.members().row().flat_map(|list| list.members().row());
        commands.nth(index).map(|command| command.offset)
    }

    /// Decodes the element.
    ///
    /// # Errors
    /// [`ElementError`] with the position inside the element.
    pub fn decode(&self) -> Result<ProfileElement, ElementError> {
        ProfileElement::read(&Member { tlv: self.tlv, offset: 0 })
    }
}
