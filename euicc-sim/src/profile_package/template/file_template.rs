//! A row of a template: one file, or one of several of a kind.

use asn1::profile::FileStructure;

/// A file of a template.
#[derive(Clone, Copy)]
pub(in crate::profile_package) struct FileTemplate {
    /// Its member number in the profile element.
    pub member: u32,
    /// Its identifier, the first where there may be several such files.
    pub file_id: u16,
    /// How many files of the kind there may be, with identifiers one after the other.
    pub places: u16,
    /// `None` where the package has to give the descriptor.
    pub structure: Option<FileStructure>,
    /// Bytes, unless it depends on the profile.
    pub size: Option<u16>,
    /// Number of records, where there are any and the template says how many.
    pub records: Option<u16>,
    /// Record of EF_ARR.
    pub access_rule: u8,
    pub short_file_id: Option<u8>,
    pub fill: Fill<'static>,
    /// Whether it is written often (bit 8 of `specialFileInformation`).
    pub high_update: bool,
    /// Services of which one has to be available for the file to exist by default; empty for always.
    pub services: &'static [u8],
    /// Whether it has to be asked for even where other files exist by default.
    pub on_demand: bool,
    /// The versions of the template in which the row stands like this.
    pub versions: (u8, u8),
}

/// What a file is filled with.
#[derive(Clone, Copy)]
pub(in crate::profile_package) enum Fill<'a> {
    /// The pattern once, then its last byte.
    Once(&'a [u8]),
    /// The pattern over and over.
    Repeat(&'a [u8]),
    /// FF up to the pattern, which ends the file or record.
    EndingWith(&'a [u8]),
}

/// Erased.
pub(super) const FF: Fill<'static> = Fill::Once(&[0xFF]);
/// Zero.
pub(super) const ZERO: Fill<'static> = Fill::Once(&[0x00]);
/// A record that is marked as free and erased.
pub(super) const FREE: Fill<'static> = Fill::Once(&[0x00, 0xFF]);

impl Fill<'_> {
    /// The first `length` bytes.
    pub fn expand(self, length: usize) -> Vec<u8> {
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
    /// An EF of which the template says neither structure nor size.
    pub(super) const fn undescribed(member: u32, file_id: u16, access_rule: u8) -> Self {
        Self {
            member,
            file_id,
            places: 1,
            structure: None,
            size: None,
            records: None,
            access_rule,
            short_file_id: None,
            fill: FF,
            high_update: false,
            services: &[],
            on_demand: false,
            versions: (1, u8::MAX),
        }
    }

    /// A transparent EF.
    pub(super) const fn transparent(
        member: u32,
        file_id: u16,
        size: u16,
        access_rule: u8,
        fill: Fill<'static>,
    ) -> Self {
        Self { size: Some(size), ..Self::open(member, file_id, access_rule, fill) }
    }

    /// A transparent EF whose size depends on the profile.
    pub(super) const fn open(member: u32, file_id: u16, access_rule: u8, fill: Fill<'static>) -> Self {
        let structure = Some(FileStructure::Transparent);
        Self { structure, fill, ..Self::undescribed(member, file_id, access_rule) }
    }

    /// A linear fixed EF; its shape is the number of records and their length.
    pub(super) const fn records(
        member: u32,
        file_id: u16,
        shape: (u16, u16),
        access_rule: u8,
        fill: Fill<'static>,
    ) -> Self {
        let (records, length) = shape;
        let size = Some(records * length);
        Self { records: Some(records), size, ..Self::records_of(member, file_id, length, access_rule, fill) }
    }

    /// A linear fixed EF whose number of records depends on the profile.
    pub(super) const fn records_of(
        member: u32,
        file_id: u16,
        record_length: u16,
        access_rule: u8,
        fill: Fill<'static>,
    ) -> Self {
        let structure = Some(FileStructure::LinearFixed { record_length });
        Self { structure, fill, ..Self::undescribed(member, file_id, access_rule) }
    }

    /// An EF of records whose number and length depend on the profile.
    pub(super) const fn open_records(
        member: u32,
        file_id: u16,
        access_rule: u8,
        fill: Fill<'static>,
    ) -> Self {
        Self { fill, ..Self::undescribed(member, file_id, access_rule) }
    }

    /// A cyclic EF; its shape is the number of records and their length.
    pub(super) const fn cyclic(
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

    /// A cyclic EF whose number of records depends on the profile.
    pub(super) const fn cyclic_of(
        member: u32,
        file_id: u16,
        record_length: u16,
        access_rule: u8,
        fill: Fill<'static>,
    ) -> Self {
        let structure = Some(FileStructure::Cyclic { record_length });
        Self { structure, fill, ..Self::undescribed(member, file_id, access_rule) }
    }

    /// A BER-TLV structured EF; its size depends on the profile.
    pub(super) const fn ber_tlv(member: u32, file_id: u16, access_rule: u8) -> Self {
        let structure = Some(FileStructure::BerTlv);
        Self { structure, ..Self::undescribed(member, file_id, access_rule) }
    }

    pub(super) const fn short(self, short_file_id: u8) -> Self {
        Self { short_file_id: Some(short_file_id), ..self }
    }

    /// Number of records of a length that depends on the profile.
    pub(super) const fn many(self, records: u16) -> Self {
        Self { records: Some(records), ..self }
    }

    pub(super) const fn high_update(self) -> Self {
        Self { high_update: true, ..self }
    }

    pub(super) const fn if_service(self, services: &'static [u8]) -> Self {
        Self { services, ..self }
    }

    pub(super) const fn on_demand(self) -> Self {
        Self { on_demand: true, ..self }
    }

    pub(super) const fn up_to(self, places: u16) -> Self {
        Self { places, ..self }
    }

    /// From this version of the template on.
    pub(super) const fn since(self, version: u8) -> Self {
        let (_, last) = self.versions;
        Self { versions: (version, last), ..self }
    }

    /// Up to this version of the template.
    pub(super) const fn until(self, version: u8) -> Self {
        let (first, _) = self.versions;
        Self { versions: (first, version), ..self }
    }
}
