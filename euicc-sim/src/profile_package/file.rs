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

/// `specialFileInformation` of a file that is written often.
const HIGH_UPDATE: u8 = 0x80;

/// One file to be created.
pub(super) struct NewFile<'a> {
    pub directory: &'a FilePath,
    pub file_id: u16,
    pub fcp: &'a Fcp,
    pub origin: Origin<'a>,
    /// Bytes that the package fills in: the size, where nothing else says one.
    pub extent: usize,
}

/// Where the wish for a file comes from, and what is known of it from there.
#[derive(Clone, Copy)]
pub(super) enum Origin<'a> {
    /// A template element: the MF or a DF.
    Directory,
    /// A template element: an ADF.
    Application,
    /// A template element: an EF.
    Template(&'a FileTemplate),
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
        let (structure, link) = match self.link(files)? {
            Some((target, structure)) => (structure, Some(target)),
            None => (self.structure(&path)?, None),
        };
        self.check_parameters(&path, &structure, link.is_some())?;
        let has_content = !structure.is_directory() && link.is_none();
        let size = if has_content { self.size(&structure)? } else { 0 };
        let file = InstalledFile {
            short_file_id: if structure.is_directory() { None } else { self.short_file_id()? },
            life_cycle_status: self.fcp.lcsi.unwrap_or(ACTIVATED),
            special_information: self.special_information(),
            access_rule: Some(self.access_rule(&path, &structure)?),
            pin_references: self.fcp.pin_status_template_do.clone().unwrap_or_default(),
            size,
            content: Vec::new(),
            link,
            path,
            structure,
        };
        files.reserve_file(size)?;
        let content = if has_content { self.initial_content(&file) } else { Vec::new() };
        let path = file.path.clone();
        files.add(InstalledFile { content, ..file });
        Ok(path)
    }

    fn template(&self) -> Option<&FileTemplate> {
        match self.origin {
            Origin::Template(template) => Some(template),
            Origin::Directory | Origin::Application | Origin::FileManagement => None,
        }
    }

    fn proprietary<'a, T>(&'a self, member: impl FnOnce(&'a ProprietaryInfo) -> Option<T>) -> Option<T> {
        self.fcp.proprietary_ef_info.as_ref().and_then(member)
    }

    /// linkPath: the file that this one is a link to, and the structure, which is always that file's.
    fn link(&self, files: &FileSystem) -> Result<Option<(FilePath, Structure)>, Fault> {
        let octets = match self.fcp.link_path.as_deref() {
            // An empty path makes an independent file of a link that the template has.
            None | Some([]) => return Ok(None),
            Some(octets) => octets,
        };
        let path = FilePath::from_octets(octets)
            .ok_or_else(|| Fault::bad_values("a link path cuts a file identifier in half"))?;
        let target = files.existing(&files.resolved(&path))?;
        match &target.structure {
            Structure::MasterFile | Structure::Adf { .. } => {
                Err(Fault::bad_values("a link leads to the MF or to an application"))
            }
            structure => Ok(Some((target.path.clone(), structure.clone()))),
        }
    }

    fn structure(&self, path: &FilePath) -> Result<Structure, Fault> {
        let described = match &self.fcp.file_descriptor {
            Some(descriptor) => Some(
                FileStructure::from_descriptor(descriptor)
                    .ok_or_else(|| Fault::bad_values(format!("{path} has an impossible file descriptor")))?,
            ),
            None => match self.origin {
                Origin::Directory | Origin::Application => Some(FileStructure::Directory),
                Origin::Template(template) => template.structure,
                Origin::FileManagement => None,
            },
        };
        let described =
            described.ok_or_else(|| Fault::bad_values(format!("{path} has no file descriptor")))?;
        let has_to_be_directory =
            path.depth() == 0 || matches!(self.origin, Origin::Directory | Origin::Application);
        match described {
            FileStructure::Directory if path.depth() == 0 => Ok(Structure::MasterFile),
            FileStructure::Directory => match (self.origin, &self.fcp.df_name) {
                (Origin::Application | Origin::FileManagement, Some(aid)) => {
                    Ok(Structure::Adf { aid: aid.clone() })
                }
                (Origin::Application, None) => Err(Fault::bad_values(format!("the ADF {path} has no AID"))),
                (Origin::Template(_), _) => Err(Fault::bad_values(format!("the EF {path} is a directory"))),
                (Origin::Directory | Origin::FileManagement, _) => Ok(Structure::Directory),
            },
            _ if has_to_be_directory => Err(Fault::bad_values(format!("{path} has to be a directory"))),
            FileStructure::Transparent => Ok(Structure::Transparent),
            FileStructure::LinearFixed { record_length } => Ok(Structure::LinearFixed { record_length }),
            FileStructure::Cyclic { record_length } => Ok(Structure::Cyclic { record_length }),
            FileStructure::BerTlv => Ok(Structure::BerTlv),
        }
    }

    /// TCA profile package, Fcp: what a parameter does not apply to must not have it, and a directory has to say which
    /// PINs protect it.
    fn check_parameters(&self, path: &FilePath, structure: &Structure, link: bool) -> Result<(), Fault> {
        let fcp = self.fcp;
        let is_directory = structure.is_directory();
        let is_application = matches!(structure, Structure::Adf { .. });
        let forbidden = [
            (fcp.df_name.is_some() && (link || !is_application), "an AID"),
            (fcp.ef_file_size.is_some() && (link || is_directory), "a file size"),
            (fcp.pin_status_template_do.is_some() && (link || !is_directory), "a PIN status template"),
            (fcp.short_ef_id.is_some() && is_directory, "a short file identifier"),
            (fcp.proprietary_ef_info.is_some() && is_directory, "parameters of an EF"),
        ];
        if let Some((_, parameter)) = forbidden.iter().find(|(wrong, _)| *wrong) {
            return Err(Fault::bad_values(format!("{path:?} may not have {parameter}")));
        }
        if is_directory && !link && fcp.pin_status_template_do.is_none() {
            return Err(Fault::bad_values(format!("{path:?} has no PIN status template")));
        }
        // A fill pattern and a repeat pattern in one file contradict each other.
        let both = self.proprietary(|info| info.fill_pattern.as_ref().zip(info.repeat_pattern.as_ref()));
        match both {
            Some(_) => Err(Fault::bad_values(format!("{path:?} has a fill pattern and a repeat pattern"))),
            None => Ok(()),
        }
    }

    fn size(&self, structure: &Structure) -> Result<u32, Fault> {
        let record_length = structure.record_length().map(u32::from);
        let from_template = self.template().and_then(|template| match (template.records, record_length) {
            (Some(records), Some(length)) => Some(u32::from(records) * length),
            _ => template.size.map(u32::from),
        });
        let given = self.fcp.ef_file_size.as_deref().map(big_endian);
        // A BER-TLV file may grow up to this.
        let maximum = match structure {
            Structure::BerTlv => self.proprietary(|info| info.maximum_file_size.as_deref().map(big_endian)),
            _ => None,
        };
        let size = match (given.max(maximum), from_template) {
            (Some(size), _) | (None, Some(size)) => size,
            // A file of a template may be as large as what is written into it.
            (None, None) if self.extent > 0 && self.template().is_some() => {
                let extent = u32::try_from(self.extent).unwrap_or(u32::MAX);
                extent.checked_next_multiple_of(record_length.unwrap_or(1)).unwrap_or(u32::MAX)
            }
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

    fn short_file_id(&self) -> Result<Option<u8>, Fault> {
        match (self.fcp.short_ef_id.as_deref(), self.origin) {
            (Some([]), _) => Ok(None),
            // ETSI TS 102 221 §13: 1 to 30, in the upper five bits.
            (Some([octet]), _) if octet & 0x07 == 0 && (1..=30).contains(&(octet >> 3)) => {
                Ok(Some(octet >> 3))
            }
            (Some(_), _) => Err(Fault::bad_values(format!(
                "the EF {:04X} has an impossible short identifier",
                self.file_id
            ))),
            // TCA profile package, shortEFID: without a template it follows from the file identifier.
            (None, Origin::FileManagement) => {
                let derived = (self.file_id & 0x1F) as u8;
                Ok(Some(derived).filter(|derived| (1..=30).contains(derived)))
            }
            (None, _) => Ok(self.template().and_then(|template| template.short_file_id)),
        }
    }

    fn special_information(&self) -> u8 {
        match (&self.fcp.proprietary_ef_info, self.template()) {
            (Some(info), _) => info.special_file_information.unwrap_or_default(),
            (None, Some(template)) if template.high_update => HIGH_UPDATE,
            (None, _) => 0,
        }
    }

    fn access_rule(&self, path: &FilePath, structure: &Structure) -> Result<AccessRule, Fault> {
        let is_usually_of_mf = path.depth() <= 1 || matches!(structure, Structure::Adf { .. });
        let usual =
            |record| AccessRule { file_id: if is_usually_of_mf { EF_ARR_OF_MF } else { EF_ARR }, record };
        match (self.fcp.security_attributes_referenced.as_deref(), self.origin) {
            (Some([record]), _) => Ok(usual(*record)),
            (Some([high, low, record]), _) => {
                Ok(AccessRule { file_id: u16::from_be_bytes([*high, *low]), record: *record })
            }
            (Some(_), _) => Err(Fault::bad_values(format!("{path} has impossible security attributes"))),
            (None, Origin::Directory | Origin::Application) => Ok(usual(DIRECTORY_RULE)),
            (None, Origin::Template(template)) => Ok(usual(template.access_rule)),
            // TCA profile package, generic file management: nothing else would say who may do what.
            (None, Origin::FileManagement) => {
                Err(Fault::bad_values(format!("{path} is created without security attributes")))
            }
        }
    }

    fn initial_content(&self, file: &InstalledFile) -> Vec<u8> {
        if file.structure == Structure::BerTlv {
            return Vec::new();
        }
        let size = usize::try_from(file.size).unwrap_or_default();
        // ETSI TS 102 222 §6.3.2.2.2: a pattern fills each record of a file that has records.
        let unit = file.structure.record_length().map_or(size, usize::from);
        let pattern = self
            .proprietary(|info| info.fill_pattern.as_deref().map(Fill::Once))
            .or_else(|| self.proprietary(|info| info.repeat_pattern.as_deref().map(Fill::Repeat)))
            .or_else(|| self.template().map(|template| template.fill))
            .unwrap_or(Fill::Once(&[0xFF]));
        let unit = pattern.expand(unit.min(size));
        unit.iter().copied().cycle().take(size).collect()
    }
}

fn big_endian(octets: &[u8]) -> u32 {
    octets.iter().take(4).fold(0, |size, octet| size << 8 | u32::from(*octet))
}

/// Bytes that the instructions of a file reach over.
pub(super) fn extent(items: &[FileItem]) -> usize {
    items.iter().fold(0, |extent: usize, item| match item {
        FileItem::FillFileOffset(skip) => extent.saturating_add(usize::from(*skip)),
        FileItem::FillFileContent(content) => extent.saturating_add(content.len()),
        FileItem::DoNotCreate | FileItem::FileDescriptor(_) => extent,
    })
}
