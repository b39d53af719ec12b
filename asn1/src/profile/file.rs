//! File and Fcp: what a profile element says about one file.

use super::members::{ElementError, ElementFault, Member, put, put_optional, put_uint, put_with};

/// File: the instructions for one file of a template, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct File(pub Vec<FileItem>);

/// One instruction of a [`File`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileItem {
    /// `doNotCreate`: leave the file out though the template creates it by default.
    DoNotCreate,
    /// `fileDescriptor`: what differs from the template's file control parameters.
    FileDescriptor(Box<Fcp>),
    /// `fillFileOffset`: bytes to skip from the end of the last content.
    FillFileOffset(u16),
    /// `fillFileContent`: bytes to write next.
    FillFileContent(Vec<u8>),
}

impl File {
    /// A file as its template has it, with this content.
    pub fn with_content(content: impl Into<Vec<u8>>) -> Self {
        Self(vec![FileItem::FillFileContent(content.into())])
    }

    /// A file with parameters of its own, then content if there is any.
    pub fn new(fcp: Fcp, content: Option<Vec<u8>>) -> Self {
        let content = content.map(FileItem::FillFileContent);
        Self(std::iter::once(FileItem::FileDescriptor(Box::new(fcp))).chain(content).collect())
    }

    /// The first file control parameters among the instructions.
    pub fn fcp(&self) -> Option<&Fcp> {
        self.0
            .iter()
            .find_map(|item| if let FileItem::FileDescriptor(fcp) = item { Some(&**fcp) } else { None })
    }

    pub(super) fn read(member: &Member<'_>) -> Result<Self, ElementError> {
        member.each(FileItem::read).map(Self)
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        self.0.iter().for_each(|item| item.write(out));
    }
}

impl FileItem {
    fn read(member: &Member<'_>) -> Result<Self, ElementError> {
        match member.tlv.tag.0 {
            0x80 => member.null().map(|()| Self::DoNotCreate),
            0xA1 => Fcp::read(member).map(|fcp| Self::FileDescriptor(Box::new(fcp))),
            0x82 => member.uint16().map(Self::FillFileOffset),
            0x83 => Ok(Self::FillFileContent(member.octets())),
            _ => Err(member.error(ElementFault::Misplaced(member.tlv.tag))),
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::DoNotCreate => put(out, 0x80, &[]),
            Self::FileDescriptor(fcp) => put_with(out, 0xA1, |out| fcp.write(out)),
            Self::FillFileOffset(offset) => put_uint(out, 0x82, *offset),
            Self::FillFileContent(content) => put(out, 0x83, content),
        }
    }
}

/// Fcp: file control parameters (ETSI TS 102 222 §6.3.2). A missing one takes the template's value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fcp {
    /// `fileDescriptor`, 2 to 4 bytes; see [`FileStructure`].
    pub file_descriptor: Option<Vec<u8>>,
    /// `fileID`. For an ADF a temporary identifier that only this package uses.
    pub file_id: Option<[u8; 2]>,
    /// `dfName`: the AID of an ADF, 5 to 16 bytes.
    pub df_name: Option<Vec<u8>>,
    /// `lcsi`: life cycle status, default 05 (operational, activated).
    pub lcsi: Option<u8>,
    /// `securityAttributesReferenced`: record number of the usual EF_ARR, or identifier of EF_ARR and record number.
    pub security_attributes_referenced: Option<Vec<u8>>,
    /// `efFileSize`, big-endian without leading zeros.
    pub ef_file_size: Option<Vec<u8>>,
    /// `pinStatusTemplateDO`: the key references of the PINs that protect a DF or ADF.
    pub pin_status_template_do: Option<Vec<u8>>,
    /// `shortEFID`: empty for none, or one byte with the identifier in its upper five bits.
    pub short_ef_id: Option<Vec<u8>>,
    /// `proprietaryEFInfo`.
    pub proprietary_ef_info: Option<ProprietaryInfo>,
    /// `linkPath`: the file that this one is a link to.
    pub link_path: Option<Vec<u8>>,
    /// Members of a later version.
    pub unknown: Vec<u8>,
}

/// ProprietaryInfo.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProprietaryInfo {
    /// `specialFileInformation`, default 00. Bit 8: high update activity; bit 7: readable and updatable when deactivated.
    pub special_file_information: Option<u8>,
    /// `fillPattern`: fills the file once, its last byte fills the rest.
    pub fill_pattern: Option<Vec<u8>>,
    /// `repeatPattern`: fills the file over and over.
    pub repeat_pattern: Option<Vec<u8>>,
    /// `maximumFileSize` of a BER-TLV file, big-endian without leading zeros.
    pub maximum_file_size: Option<Vec<u8>>,
    /// `fileDetails` of a BER-TLV file, default 01.
    pub file_details: Option<u8>,
    /// Members of a later version.
    pub unknown: Vec<u8>,
}

const FCP_TAGS: [u32; 10] = [0x82, 0x83, 0x84, 0x8A, 0x8B, 0x80, 0xC6, 0x88, 0xA5, 0xC7];

impl Fcp {
    pub(super) fn read(member: &Member<'_>) -> Result<Self, ElementError> {
        let mut members = member.members();
        Ok(Self {
            file_descriptor: members.optional_as(0x82, |m| m.octets_of(2..=4))?,
            file_id: members.optional_as(0x83, Member::array)?,
            df_name: members.optional_as(0x84, |m| m.octets_of(5..=16))?,
            lcsi: members.optional_as(0x8A, Member::array)?.map(|[lcsi]| lcsi),
            security_attributes_referenced: members.optional_as(0x8B, |m| m.octets_of(1..=3))?,
            ef_file_size: members.optional_as(0x80, Member::size)?,
            pin_status_template_do: members.optional_as(0xC6, |m| Ok(m.octets()))?,
            short_ef_id: members.optional_as(0x88, |m| m.octets_of(0..=1))?,
            proprietary_ef_info: members.optional_as(0xA5, ProprietaryInfo::read)?,
            link_path: members.optional_as(0xC7, |m| m.octets_of(0..=8))?,
            unknown: members.unknown(&FCP_TAGS)?,
        })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        put_optional(out, 0x82, self.file_descriptor.as_deref());
        put_optional(out, 0x83, self.file_id.as_ref().map(<[u8; 2]>::as_slice));
        put_optional(out, 0x84, self.df_name.as_deref());
        put_optional(out, 0x8A, self.lcsi.as_ref().map(std::slice::from_ref));
        put_optional(out, 0x8B, self.security_attributes_referenced.as_deref());
        put_optional(out, 0x80, self.ef_file_size.as_deref());
        put_optional(out, 0xC6, self.pin_status_template_do.as_deref());
        put_optional(out, 0x88, self.short_ef_id.as_deref());
        if let Some(info) = &self.proprietary_ef_info {
            put_with(out, 0xA5, |out| info.write(out));
        }
        put_optional(out, 0xC7, self.link_path.as_deref());
        out.extend_from_slice(&self.unknown);
    }
}

impl ProprietaryInfo {
    fn read(member: &Member<'_>) -> Result<Self, ElementError> {
        let mut members = member.members();
        Ok(Self {
            special_file_information: members.optional_as(0xC0, Member::array)?.map(|[byte]| byte),
            fill_pattern: members.optional_as(0xC1, |m| m.octets_of(1..=200))?,
            repeat_pattern: members.optional_as(0xC2, |m| m.octets_of(1..=200))?,
            maximum_file_size: members.optional_as(0x86, Member::size)?,
            file_details: members.optional_as(0x84, Member::array)?.map(|[byte]| byte),
            unknown: members.unknown(&[0xC0, 0xC1, 0xC2, 0x86, 0x84])?,
        })
    }

    fn write(&self, out: &mut Vec<u8>) {
        put_optional(out, 0xC0, self.special_file_information.as_ref().map(std::slice::from_ref));
        put_optional(out, 0xC1, self.fill_pattern.as_deref());
        put_optional(out, 0xC2, self.repeat_pattern.as_deref());
        put_optional(out, 0x86, self.maximum_file_size.as_deref());
        put_optional(out, 0x84, self.file_details.as_ref().map(std::slice::from_ref));
        out.extend_from_slice(&self.unknown);
    }
}

impl Member<'_> {
    /// A file size: as few bytes as possible, and no more than four.
    fn size(&self) -> Result<Vec<u8>, ElementError> {
        match self.tlv.value {
            [] | [0, _, ..] => self.value_error("a file size is empty or has leading zeros"),
            value if value.len() > 4 => self.value_error("a file size has more than four bytes"),
            value => Ok(value.to_vec()),
        }
    }
}

/// What a `fileDescriptor` says (ETSI TS 102 221 §11.1.1.4.3): structure, and record length where there are records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileStructure {
    /// DF, ADF or MF: `7821`.
    Directory,
    /// Transparent EF: `4121`.
    Transparent,
    /// Linear fixed EF: `4221` and the record length.
    LinearFixed {
        /// Bytes of a record, at least 1.
        record_length: u16,
    },
    /// Cyclic EF: `4621` and the record length.
    Cyclic {
        /// Bytes of a record, at least 1.
        record_length: u16,
    },
    /// BER-TLV structured EF: `7921`.
    BerTlv,
}

impl FileStructure {
    /// Reads the value of a `fileDescriptor`; `None` for structures that are none of a UICC.
    pub fn from_descriptor(descriptor: &[u8]) -> Option<Self> {
        let (first, rest) = match descriptor {
            [first, 0x21, rest @ ..] => (*first, rest),
            _ => return None,
        };
        let record_length = match rest {
            [] => None,
            [high, low] => Some(u16::from_be_bytes([*high, *low])).filter(|length| *length > 0),
            _ => return None,
        };
        // Bit 7 only says whether the file may be shared by several logical channels.
        match (first & !0x40, record_length, rest.is_empty()) {
            (0x38, None, true) => Some(Self::Directory),
            (0x01, None, true) => Some(Self::Transparent),
            (0x02, Some(record_length), _) => Some(Self::LinearFixed { record_length }),
            (0x06, Some(record_length), _) => Some(Self::Cyclic { record_length }),
            (0x39, None, true) => Some(Self::BerTlv),
            _ => None,
        }
    }

    /// The value of a `fileDescriptor` for a shareable file.
    pub fn to_descriptor(self) -> Vec<u8> {
        let (first, record_length) = match self {
            Self::Directory => (0x78, None),
            Self::Transparent => (0x41, None),
            Self::LinearFixed { record_length } => (0x42, Some(record_length)),
            Self::Cyclic { record_length } => (0x46, Some(record_length)),
            Self::BerTlv => (0x79, None),
        };
        let mut descriptor = vec![first, 0x21];
        descriptor.extend(record_length.into_iter().flat_map(u16::to_be_bytes));
        descriptor
    }
}
