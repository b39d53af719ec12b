//! Elements of which a file-system card needs little: header decoded, contents kept.

use super::application::{ApplicationInstance, LoadPackage, RemoteFileManagement};
use super::element::ElementKind;
use super::header::PeHeader;
use super::members::{ElementError, Member, Members};
use crate::SecretOctets;
use crate::tlv::{self, Tag};

/// `cdmaParameter`, `securityDomain`, `rfm`, `application` or `nonStandard`.
///
/// The contents hold keys, so they are not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherElement {
    /// Which element it is.
    pub kind: ElementKind,
    /// Its PEHeader.
    pub header: PeHeader,
    /// The members after the PEHeader, a row of well-formed TLVs.
    pub content: SecretOctets,
}

/// `[APPLICATION 15]`: an application identifier.
pub(super) const AID: u32 = 0x4F;

impl OtherElement {
    pub(super) fn read(kind: ElementKind, member: &Member<'_>) -> Result<Self, ElementError> {
        let mut members = member.members();
        let header = PeHeader::read(&members.required(0xA0, "the PEHeader")?)?;
        let mut content = Vec::new();
        while let Some(member) = members.next()? {
            member.check_all()?;
            content.extend_from_slice(member.tlv.raw);
        }
        Ok(Self { kind, header, content: SecretOctets::from(content) })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        self.header.write(out);
        out.extend_from_slice(self.content.bytes());
    }

    /// The members behind the PEHeader, with their places in the element.
    fn members(&self) -> Members<'_> {
        let mut before = Vec::new();
        self.header.write(&mut before);
        let length = before.len() + self.content.bytes().len();
        tlv::write_header(&mut before, Tag(self.kind.tag()), length);
        Members::new(self.content.bytes(), before.len())
    }

    /// `instance` of a security domain, `instanceList` of an application element; no others have any.
    ///
    /// # Errors
    /// [`ElementError`] with the position inside the element.
    pub fn instances(&self) -> Result<Vec<ApplicationInstance>, ElementError> {
        let mut members = self.members();
        match self.kind {
            ElementKind::SecurityDomain => {
                ApplicationInstance::read(&members.required(0xA1, "instance")?).map(|instance| vec![instance])
            }
            ElementKind::Application => {
                members.optional(0xA1)?;
                let list = members.optional_as(0xA2, |list| {
                    list.each(|m| m.expect(0x30).and_then(|()| ApplicationInstance::read(m)))
                })?;
                Ok(list.unwrap_or_default())
            }
            _ => Ok(Vec::new()),
        }
    }

    /// `loadBlock` of an application element.
    ///
    /// # Errors
    /// [`ElementError`] with the position inside the element.
    pub fn load_package(&self) -> Result<Option<LoadPackage>, ElementError> {
        match self.kind {
            ElementKind::Application => self.members().optional_as(0xA1, LoadPackage::read),
            _ => Ok(None),
        }
    }

    /// The instance that an `rfm` element creates.
    ///
    /// # Errors
    /// [`ElementError`] with the position inside the element.
    pub fn remote_file_management(&self) -> Result<Option<RemoteFileManagement>, ElementError> {
        match self.kind {
            ElementKind::Rfm => RemoteFileManagement::read(self.members()).map(Some),
            _ => Ok(None),
        }
    }

    /// `authenticationKey`: the A-key of a CDMA element.
    pub fn cdma_authentication_key(&self) -> Option<SecretOctets> {
        let key =
            tlv::find(self.content.bytes(), 0x81).filter(|_| self.kind == ElementKind::CdmaParameter)?;
        Some(SecretOctets::from(key.value.to_vec()))
    }
}
