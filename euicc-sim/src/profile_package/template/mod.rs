//! File structure templates (TCA profile package, annex A): what a file is where the package does not say.
//!
//! Files of the MF, USIM and ISIM templates and those that go with a USIM are listed with their defaults, as 3GPP TS 31.102
//! and 31.103 shape them. Of the others only the directories are known: their files are taken as the package gives them.

mod isim;
mod mf;
mod opt_usim;
mod usim;
mod usim_directories;

use asn1::profile::{ElementKind, FileStructure, TemplateId};

/// A template.
pub(super) struct Template {
    /// n of 2.23.143.1.2.n.
    number: u8,
    pub place: Place,
    /// Members that are directories, with their file identifiers (0: the package has to give it), ascending.
    pub directories: &'static [(u32, u16)],
    /// Members with defaults, ascending.
    pub files: &'static [FileTemplate],
    /// Members that the element always has.
    pub mandatory: &'static [u32],
    /// Whether listed files exist unless the package forbids them.
    pub created_by_default: bool,
}

/// Where the files of an element go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The element creates the MF.
    MasterFile,
    /// Into a DF of its own below the MF.
    BelowMasterFile,
    /// Into an ADF of its own, which is a network access application.
    Application,
    /// Into the ADF that an element of this kind created last.
    Into(ElementKind),
    /// Into a DF of its own in that ADF.
    Below(ElementKind),
    /// Into a DF of its own in whatever network access application came last.
    BelowApplication,
}

/// A file of a template.
#[derive(Clone, Copy)]
pub(super) struct FileTemplate {
    /// Its member number in the profile element.
    pub member: u32,
    pub file_id: u16,
    /// `None` where the package has to give the descriptor.
    pub structure: Option<FileStructure>,
    /// Bytes, unless it depends on the profile.
    pub size: Option<u16>,
    /// Number of records, where there are any.
    pub records: Option<u16>,
    /// Record of EF_ARR.
    pub access_rule: u8,
    pub short_file_id: Option<u8>,
    pub fill: Fill<'static>,
    /// Services of which one has to be available for the file to exist by default; empty for always.
    pub services: &'static [u8],
}

/// What a file is filled with.
#[derive(Clone, Copy)]
pub(super) enum Fill<'a> {
    /// The pattern once, then its last byte.
    Once(&'a [u8]),
    /// The pattern over and over.
    Repeat(&'a [u8]),
    /// FF up to the pattern, which ends the file or record.
    EndingWith(&'a [u8]),
}

/// Erased.
const FF: Fill<'static> = Fill::Once(&[0xFF]);
/// Zero.
const ZERO: Fill<'static> = Fill::Once(&[0x00]);
/// A record that is marked as free and erased.
const FREE: Fill<'static> = Fill::Once(&[0x00, 0xFF]);

impl Fill<'_> {
    /// The first `length` bytes.
    pub(super) fn expand(self, length: usize) -> Vec<u8> {
        match self {
            Self::Once(pattern) => {
                let last = pattern.last().copied().unwrap_or(0xFF);
                pattern.iter().copied().chain(std::iter::repeat(last)).take(length).collect()
            }
            Self::Repeat(pattern) => pattern.iter().copied().cycle().take(length).collect(),
            Self::EndingWith(pattern) => {
                let erased = length.saturating_sub(pattern.len());
                std::iter::repeat_n(0xFF, erased).chain(pattern.iter().copied()).take(length).collect()
            }
        }
    }
}

impl FileTemplate {
    const fn new(member: u32, file_id: u16, access_rule: u8, fill: Fill<'static>) -> Self {
        Self {
            member,
            file_id,
            structure: None,
            size: None,
            records: None,
            access_rule,
            short_file_id: None,
            fill,
            services: &[],
        }
    }

    const fn transparent(member: u32, file_id: u16, size: u16, access_rule: u8, fill: Fill<'static>) -> Self {
        Self { size: Some(size), ..Self::open(member, file_id, access_rule, fill) }
    }

    /// A transparent EF whose size depends on the profile.
    const fn open(member: u32, file_id: u16, access_rule: u8, fill: Fill<'static>) -> Self {
        Self { structure: Some(FileStructure::Transparent), ..Self::new(member, file_id, access_rule, fill) }
    }

    const fn records(
        member: u32,
        file_id: u16,
        shape: (u16, u16),
        access_rule: u8,
        fill: Fill<'static>,
    ) -> Self {
        let (records, record_length) = shape;
        let structure = Some(FileStructure::LinearFixed { record_length });
        let size = Some(records * record_length);
        Self { structure, records: Some(records), size, ..Self::new(member, file_id, access_rule, fill) }
    }

    /// An EF of records whose number and length depend on the profile.
    const fn open_records(member: u32, file_id: u16, access_rule: u8) -> Self {
        Self::new(member, file_id, access_rule, FF)
    }

    const fn cyclic(
        member: u32,
        file_id: u16,
        shape: (u16, u16),
        access_rule: u8,
        fill: Fill<'static>,
    ) -> Self {
        let (_, record_length) = shape;
        let structure = Some(FileStructure::Cyclic { record_length });
        Self { structure, ..Self::records(member, file_id, shape, access_rule, fill) }
    }

    const fn ber_tlv(member: u32, file_id: u16, access_rule: u8) -> Self {
        Self { structure: Some(FileStructure::BerTlv), ..Self::new(member, file_id, access_rule, FF) }
    }

    const fn short(self, short_file_id: u8) -> Self {
        Self { short_file_id: Some(short_file_id), ..self }
    }

    const fn if_service(self, services: &'static [u8]) -> Self {
        Self { services, ..self }
    }
}

impl Template {
    pub(super) fn file(&self, member: u32) -> Option<&'static FileTemplate> {
        self.files.iter().find(|file| file.member == member)
    }

    /// The identifier of a member that is a directory; 0 if the package has to give it.
    pub(super) fn directory(&self, member: u32) -> Option<u16> {
        self.directories.iter().find(|(candidate, _)| *candidate == member).map(|(_, file_id)| *file_id)
    }

    /// Whether `id` names this template, in any version: later versions only add members.
    pub(super) fn is(&self, id: &TemplateId) -> bool {
        id.number_and_version().is_some_and(|(number, _)| number == self.number)
    }
}

/// Whether a template is known: all but those of the IoT minimal profile.
pub(super) fn is_supported(id: &TemplateId) -> bool {
    id.number_and_version().is_some_and(|(number, _)| (1..=16).contains(&number))
}

const fn as_given(number: u8, place: Place, directories: &'static [(u32, u16)]) -> Template {
    Template { number, place, directories, files: &[], mandatory: &[2], created_by_default: false }
}

const fn into(number: u8, kind: ElementKind) -> Template {
    Template {
        number,
        place: Place::Into(kind),
        directories: &[],
        files: &[],
        mandatory: &[],
        created_by_default: false,
    }
}

/// The template that elements of this kind follow; `None` where there is none or it is not supported.
pub(super) fn of(kind: ElementKind) -> Option<Template> {
    use ElementKind as Kind;
    Some(match kind {
        Kind::Mf => mf::TEMPLATE,
        Kind::Cd => as_given(2, Place::BelowMasterFile, &[(2, 0x7F11)]),
        // DF.GRAPHICS, DF.PHONEBOOK, DF.MULTIMEDIA, DF.MMSS, DF.MCS and DF.V2X lie in DF.TELECOM.
        Kind::Telecom => as_given(
            3,
            Place::BelowMasterFile,
            &[(2, 0x7F10), (9, 0x5F50), (15, 0x5F3A), (33, 0x5F3B), (36, 0x5F3C), (40, 0x5F3D), (43, 0x5F3E)],
        ),
        Kind::Usim => usim::TEMPLATE,
        Kind::OptUsim => opt_usim::TEMPLATE,
        Kind::Phonebook => as_given(6, Place::Below(Kind::Usim), &[(2, 0x5F3A)]),
        Kind::GsmAccess => usim_directories::GSM_ACCESS,
        Kind::Isim => isim::ISIM,
        Kind::OptIsim => isim::OPT_ISIM,
        Kind::Csim => as_given(10, Place::Application, &[(2, 0)]),
        Kind::OptCsim => into(11, Kind::Csim),
        Kind::Eap => as_given(12, Place::BelowApplication, &[(2, 0)]),
        Kind::Df5gs => usim_directories::DF_5GS,
        Kind::DfSaip => usim_directories::DF_SAIP,
        Kind::DfSnpn => as_given(15, Place::Below(Kind::Usim), &[(2, 0x5FE0)]),
        Kind::Df5gprose => as_given(16, Place::Below(Kind::Usim), &[(2, 0x5FF0)]),
        _ => return None,
    })
}
