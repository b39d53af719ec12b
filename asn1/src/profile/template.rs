//! Profile elements that create files from a template: `mf`, `usim`, `telecom` and the rest share one shape.

use std::fmt;

use super::element::{ElementKind, context_tag};
use super::file::File;
use super::header::PeHeader;
use super::members::{ElementError, ElementFault, Member, put, put_with};
use crate::tlv::Tag;

/// A file-system profile element: PEHeader, template, then files by their member tags.
///
/// Which file a member number stands for is the template's business (annex A of the interoperable format).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateElement {
    /// Which element it is.
    pub kind: ElementKind,
    /// Its PEHeader.
    pub header: PeHeader,
    /// `templateID`.
    pub template_id: TemplateId,
    /// The files with their context tag numbers (2 and above), in ascending order. The files of later versions have
    /// higher numbers and land here too.
    pub files: Vec<(u32, File)>,
}

impl TemplateElement {
    /// The file of a member number.
    pub fn file(&self, number: u32) -> Option<&File> {
        self.files.iter().find(|(candidate, _)| *candidate == number).map(|(_, file)| file)
    }

    pub(super) fn read(kind: ElementKind, member: &Member<'_>) -> Result<Self, ElementError> {
        let mut members = member.members();
        let header = PeHeader::read(&members.required(0xA0, "the PEHeader")?)?;
        let template_id = TemplateId::read(&members.required(0x81, "templateID")?)?;
        let mut files: Vec<(u32, File)> = Vec::new();
        while let Some(member) = members.next()? {
            let misplaced = || member.error(ElementFault::Misplaced(member.tlv.tag));
            let number = member_number(member.tlv.tag).ok_or_else(misplaced)?;
            let last = files.last().map_or(1, |(number, _)| *number);
            if number <= last {
                return Err(misplaced());
            }
            files.push((number, File::read(&member)?));
        }
        Ok(Self { kind, header, template_id, files })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        self.header.write(out);
        put(out, 0x81, self.template_id.as_bytes());
        for (number, file) in &self.files {
            let tag = match *number {
                number if number < 128 => context_tag(number),
                number => 0xBF_8000 | number >> 7 << 8 | number & 0x7F,
            };
            put_with(out, tag, |out| file.write(out));
        }
    }
}

/// The number of a constructed context tag.
pub(super) fn member_number(tag: Tag) -> Option<u32> {
    match tag.0 {
        tag @ 0xA0..=0xBE => Some(tag & 0x1F),
        tag @ 0xBF1F..=0xBF7F => Some(tag & 0x7F),
        // BF81xx: numbers 128 and above.
        tag @ 0xBF_8100..=0xBF_FF7F => Some((tag >> 8 & 0x7F) << 7 | tag & 0x7F),
        _ => None,
    }
}

/// The OBJECT IDENTIFIER of a file structure template, `2.23.143.1.2.template[.version]` for those of the format.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TemplateId(Vec<u8>);

/// 2.23.143.1.2
const TCA_TEMPLATES: [u8; 5] = [0x67, 0x81, 0x0F, 0x01, 0x02];

impl TemplateId {
    /// The first version of a template of the format. `template` is below 128.
    pub fn tca(template: u8) -> Self {
        let mut bytes = TCA_TEMPLATES.to_vec();
        bytes.push(template & 0x7F);
        Self(bytes)
    }

    /// A later version of a template of the format. Both numbers are below 128.
    pub fn tca_version(template: u8, version: u8) -> Self {
        let Self(mut bytes) = Self::tca(template);
        bytes.push(version & 0x7F);
        Self(bytes)
    }

    /// The contents octets.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Number and version of a template of the format; the first version carries no number of its own.
    pub fn number_and_version(&self) -> Option<(u8, u8)> {
        match self.0.strip_prefix(&TCA_TEMPLATES)? {
            [number @ 0..=0x7F] => Some((*number, 1)),
            [number @ 0..=0x7F, version @ 0..=0x7F] => Some((*number, *version)),
            _ => None,
        }
    }

    pub(super) fn read(member: &Member<'_>) -> Result<Self, ElementError> {
        // X.690 §8.19.2: each arc ends with an octet below 80 and does not begin with 80.
        let bytes = member.tlv.value;
        let starts = std::iter::once(&0).chain(bytes);
        let canonical = bytes.last().is_some_and(|last| *last < 0x80)
            && starts.zip(bytes).all(|(before, first)| *before >= 0x80 || *first != 0x80);
        if canonical {
            Ok(Self(bytes.to_vec()))
        } else {
            member.value_error("a templateID is not an OBJECT IDENTIFIER")
        }
    }
}

impl fmt::Display for TemplateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut arc = 0_u128;
        let mut first = true;
        for byte in &self.0 {
            // Arcs of more than 128 bits wrap; they exist only in hostile input, and this is only text.
            arc = arc.wrapping_shl(7) | u128::from(byte & 0x7F);
            if byte & 0x80 != 0 {
                continue;
            }
            if first {
                let root = (arc / 40).min(2);
                write!(f, "{root}.{}", arc - root * 40)?;
            } else {
                write!(f, ".{arc}")?;
            }
            (arc, first) = (0, false);
        }
        Ok(())
    }
}

impl fmt::Debug for TemplateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TemplateId({self})")
    }
}
