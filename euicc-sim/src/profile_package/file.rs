//! From file control parameters, and the template behind them, to a file (TCA profile package, file structure).

use asn1::profile::{Fcp, FileItem, FileStructure, ProprietaryInfo};

use super::failure::Fault;
use super::file_system::{EF_ARR, EF_ARR_OF_MF, FileSystem, MF};
use super::installed::{AccessRule, InstalledFile, Structure};
use super::path::FilePath;
use super::template::{FileTemplate, Fill};

/// Life cycle status where a package says nothing: operational, activated.
const ACTIVATED: u8 = 0x05;

/// Record of EF_ARR that all templates of annex A give to directories.
const DIRECTORY_RULE: u8 = 14;

/// One file to be created.
pub(super) struct NewFile<'a> {
    pub directory: &'a FilePath,
    pub file_id: u16,
    pub fcp: &'a Fcp,
    /// What the template gives where `fcp` is silent; `None` outside of templates.
    pub template: Option<&'a FileTemplate>,
    /// Whether the template makes it a directory.
    pub is_directory: bool,
    /// Bytes that the package fills in: the size, where nothing else says one.
    pub extent: usize,
    /// Who asks for it.
    pub origin: Origin,
}

/// Where the wish for a file comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// A template element.
    Template,
    /// A template element whose template does not list the file here.
    UnlistedTemplate,
    /// Generic file management.
    FileManagement,
}

impl NewFile<'_> {
    /// Creates the file, filled with its pattern, and says where it is.
    pub(super) fn create(&self, files: &mut FileSystem) -> Result<FilePath, Fault> {
        let path = match self.file_id {
            MF if *self.directory == FilePath::master_file() => FilePath::master_file(),
            file_id => self.directory.child(file_id),
        };
        files.check_place(&path)?;
        self.check_patterns()?;
        let structure = self.structure(&path)?;
        let link = self.link()?;
        let size =
            if structure.is_directory() || link.is_some() { self.no_size()? } else { self.size(&structure)? };
        let file = InstalledFile {
            short_file_id: if structure.is_directory() { None } else { self.short_file_id()? },
            life_cycle_status: self.fcp.lcsi.unwrap_or(ACTIVATED),
            special_information: self.proprietary(|info| info.special_file_information).unwrap_or_default(),
            access_rule: self.access_rule(&path, &structure)?,
            pin_references: self.pin_references(&structure)?,
            size,
            content: Vec::new(),
            link,
            path,
            structure,
        };
        files.reserve_file(size)?;
        let content = self.initial_content(&file);
        let path = file.path.clone();
        files.add(InstalledFile { content, ..file });
        Ok(path)
    }

    fn proprietary<'a, T>(&'a self, member: impl FnOnce(&'a ProprietaryInfo) -> Option<T>) -> Option<T> {
        self.fcp.proprietary_ef_info.as_ref().and_then(member)
    }

    fn structure(&self, path: &FilePath) -> Result<Structure, Fault> {
        let described = match &self.fcp.file_descriptor {
            Some(descriptor) => Some(
                FileStructure::from_descriptor(descriptor)
                    .ok_or_else(|| Fault::bad_values(format!("{path} has an impossible file descriptor")))?,
            ),
            None if self.is_directory => Some(FileStructure::Directory),
            None => self.template.and_then(|template| template.structure),
        };
        let structure = match (described, &self.fcp.df_name) {
            (None, _) => return Err(Fault::bad_values(format!("{path} has no file descriptor"))),
            (Some(FileStructure::Directory), None) if path.depth() == 0 => Structure::MasterFile,
            (Some(FileStructure::Directory), None) => Structure::Directory,
            (Some(FileStructure::Directory), Some(aid)) => Structure::Adf { aid: aid.clone() },
            (Some(_), Some(_)) => return Err(Fault::bad_values(format!("the EF {path} has an AID"))),
            (Some(FileStructure::Transparent), None) => Structure::Transparent,
            (Some(FileStructure::LinearFixed { record_length }), None) => {
                Structure::LinearFixed { record_length }
            }
            (Some(FileStructure::Cyclic { record_length }), None) => Structure::Cyclic { record_length },
            (Some(FileStructure::BerTlv), None) => Structure::BerTlv,
        };
        if (self.is_directory || path.depth() == 0) && !structure.is_directory() {
            return Err(Fault::bad_values(format!("{path} has to be a directory")));
        }
        Ok(structure)
    }

    /// efFileSize belongs to EFs with content of their own.
    fn no_size(&self) -> Result<u32, Fault> {
        match self.fcp.ef_file_size {
            None => Ok(0),
            Some(_) => {
                Err(Fault::bad_values(format!("the directory or link {:04X} has a file size", self.file_id)))
            }
        }
    }

    fn size(&self, structure: &Structure) -> Result<u32, Fault> {
        let record_length = structure.record_length().map(u32::from);
        let given = self
            .fcp
            .ef_file_size
            .as_ref()
            .map(|octets| octets.iter().take(4).fold(0_u32, |size, octet| size << 8 | u32::from(*octet)));
        let from_template = self.template.and_then(|template| match (template.records, record_length) {
            (Some(records), Some(length)) => Some(u32::from(records) * length),
            _ => template.size.map(u32::from),
        });
        let extent = u32::try_from(self.extent).unwrap_or(u32::MAX);
        let whole_records = extent.checked_next_multiple_of(record_length.unwrap_or(1)).unwrap_or(u32::MAX);
        let size = match (given, from_template) {
            (Some(size), _) | (None, Some(size)) => size,
            // What other templates would say is not known: the file is as large as what is written into it.
            (None, None) if self.origin == Origin::UnlistedTemplate => {
                whole_records.max(record_length.unwrap_or(0))
            }
            (None, None) if extent > 0 && self.template.is_some() => whole_records,
            (None, None) => {
                return Err(Fault::bad_values(format!("the EF {:04X} has no size", self.file_id)));
            }
        };
        match record_length {
            Some(length) if size % length != 0 => Err(Fault::bad_values(format!(
                "the size of the EF {:04X} is no multiple of its records",
                self.file_id
            ))),
            _ => Ok(size),
        }
    }

    fn link(&self) -> Result<Option<FilePath>, Fault> {
        match self.fcp.link_path.as_deref() {
            // An empty path makes an independent file of a link that the template has.
            None | Some([]) => Ok(None),
            Some(octets) => {
                let path = FilePath::from_octets(octets);
                path.map(Some).ok_or_else(|| Fault::bad_values("a link path cuts a file identifier in half"))
            }
        }
    }

    fn short_file_id(&self) -> Result<Option<u8>, Fault> {
        match self.fcp.short_ef_id.as_deref() {
            Some([]) => Ok(None),
            // ETSI TS 102 221 §13: 1 to 30, in the upper five bits.
            Some([octet]) if octet & 0x07 == 0 && (1..=30).contains(&(octet >> 3)) => Ok(Some(octet >> 3)),
            Some(_) => Err(Fault::bad_values(format!(
                "the EF {:04X} has an impossible short identifier",
                self.file_id
            ))),
            // TCA profile package, shortEFID: without a template it follows from the file identifier.
            None if self.origin == Origin::FileManagement => {
                let derived = (self.file_id & 0x1F) as u8;
                Ok(Some(derived).filter(|derived| (1..=30).contains(derived)))
            }
            None => Ok(self.template.and_then(|template| template.short_file_id)),
        }
    }

    fn access_rule(&self, path: &FilePath, structure: &Structure) -> Result<Option<AccessRule>, Fault> {
        let usual = if path.depth() <= 1 || matches!(structure, Structure::Adf { .. }) {
            EF_ARR_OF_MF
        } else {
            EF_ARR
        };
        match self.fcp.security_attributes_referenced.as_deref() {
            Some([record]) => Ok(Some(AccessRule { file_id: usual, record: *record })),
            Some([high, low, record]) => {
                Ok(Some(AccessRule { file_id: u16::from_be_bytes([*high, *low]), record: *record }))
            }
            Some(_) => Err(Fault::bad_values(format!("{path} has impossible security attributes"))),
            None if self.is_directory => Ok(Some(AccessRule { file_id: usual, record: DIRECTORY_RULE })),
            None => {
                Ok(self.template.map(|template| AccessRule { file_id: usual, record: template.access_rule }))
            }
        }
    }

    fn pin_references(&self, structure: &Structure) -> Result<Vec<u8>, Fault> {
        match &self.fcp.pin_status_template_do {
            Some(_) if !structure.is_directory() => {
                Err(Fault::bad_values(format!("the EF {:04X} has a PIN status template", self.file_id)))
            }
            references => Ok(references.clone().unwrap_or_default()),
        }
    }

    fn initial_content(&self, file: &InstalledFile) -> Vec<u8> {
        if file.structure.is_directory() || file.link.is_some() || file.structure == Structure::BerTlv {
            return Vec::new();
        }
        let size = usize::try_from(file.size).unwrap_or_default();
        // ETSI TS 102 222 §6.3.2.2.2: a pattern fills each record of a file that has records.
        let unit = file.structure.record_length().map_or(size, usize::from);
        let pattern = self
            .proprietary(|info| info.fill_pattern.as_deref().map(Fill::Once))
            .or_else(|| self.proprietary(|info| info.repeat_pattern.as_deref().map(Fill::Repeat)))
            .or_else(|| self.template.map(|template| template.fill))
            .unwrap_or(Fill::Once(&[0xFF]));
        let unit = pattern.expand(unit);
        unit.iter().copied().cycle().take(size).collect()
    }

    /// A fill pattern and a repeat pattern in one file contradict each other.
    fn check_patterns(&self) -> Result<(), Fault> {
        let both = self.proprietary(|info| info.fill_pattern.as_ref().zip(info.repeat_pattern.as_ref()));
        if both.is_some() {
            Err(Fault::bad_values("a file has a fill pattern and a repeat pattern"))
        } else {
            Ok(())
        }
    }
}

/// Bytes that the instructions of a file reach over.
pub(super) fn extent(items: &[FileItem]) -> usize {
    items.iter().fold(0, |extent: usize, item| match item {
        FileItem::FillFileOffset(skip) => extent.saturating_add(usize::from(*skip)),
        FileItem::FillFileContent(content) => extent.saturating_add(content.len()),
        FileItem::DoNotCreate | FileItem::FileDescriptor(_) => extent,
    })
}
