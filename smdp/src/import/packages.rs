//! Profile packages as files.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::vec;

use asn1::profile::{ElementKind, ProfilePackage};
use asn1::{Iccid, Raw};
use protocol::profile::{Header, ef_iccid_of, header_of};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{ImportError, MetadataDefaults, Options, profile_type};
use crate::domain::{NewProfile, Package};

/// Files, each with one package.
pub(super) struct Packages {
    paths: vec::IntoIter<PathBuf>,
    count: u64,
    /// Files that have metadata of their own beside them.
    with_metadata: HashSet<PathBuf>,
    options: Options,
    seen: HashMap<Iccid, PathBuf>,
}

impl Packages {
    pub(super) fn of(paths: Vec<PathBuf>, options: Options) -> Self {
        Self {
            count: paths.len() as u64,
            paths: paths.into_iter(),
            with_metadata: HashSet::new(),
            options,
            seen: HashMap::new(),
        }
    }

    pub(super) fn of_directory(directory: &Path, options: Options) -> Result<Self, ImportError> {
        let unreadable = |error| ImportError::of_file(directory, error);
        let entries = std::fs::read_dir(directory).map_err(unreadable)?;
        let mut files: Vec<PathBuf> = entries
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()
            .map_err(unreadable)?;
        files.sort();
        let of_kind = |wanted: &'static [&str]| {
            let extension =
                |path: &Path| path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
            files
                .iter()
                .filter(move |path| extension(path).is_some_and(|found| wanted.contains(&found.as_str())))
        };
        let packages: Vec<PathBuf> = of_kind(&["der", "upp"]).cloned().collect();
        if packages.is_empty() {
            return Err(ImportError::of_file(directory, "there is no *.der and no *.upp in it"));
        }
        let mut with_metadata = HashSet::new();
        for metadata in of_kind(&["toml"]) {
            let mut owners =
                packages.iter().filter(|package| package.file_stem() == metadata.file_stem()).peekable();
            if owners.peek().is_none() {
                return Err(ImportError::of_file(
                    metadata,
                    "there is no *.der and no *.upp of this name beside it",
                ));
            }
            with_metadata.extend(owners.cloned());
        }
        Ok(Self { with_metadata, ..Self::of(packages, options) })
    }

    pub(super) fn total(&self) -> u64 {
        self.count
    }

    fn profile(&mut self, path: &Path) -> Result<NewProfile, ImportError> {
        let (package, header) = read_package(path)?;
        if let Some(first) = self.seen.insert(header.iccid, path.to_owned()) {
            let reason = format!("{} is the ICCID of {} already", header.iccid, first.display());
            return Err(ImportError::of_field(path, "iccid", reason));
        }
        let profile_type = profile_type(&[
            ("the option", self.options.profile_type.as_deref()),
            ("the profile header", header.profile_type.as_deref()),
        ])
        .map_err(|reason| ImportError::of_field(path, "profile_type", reason))?;
        let metadata = if self.with_metadata.contains(path) {
            MetadataDefaults::read(&path.with_extension("toml"))?.request(&header.iccid)
        } else {
            self.options.metadata.request(&header.iccid)
        };
        Ok(NewProfile {
            iccid: header.iccid,
            operator: self.options.operator.clone(),
            profile_type,
            protection: self.options.protection,
            metadata: Raw::new(metadata).into_bytes(),
            package,
        })
    }
}

impl Iterator for Packages {
    type Item = Result<NewProfile, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        let path = self.paths.next()?;
        Some(self.profile(&path))
    }
}

/// A package and what its header says.
fn read_package(path: &Path) -> Result<(Package, Header), ImportError> {
    let bytes = std::fs::read(path).map_err(|error| ImportError::of_file(path, error))?;
    let bytes = Zeroizing::new(bytes);
    let header = checked_header(&bytes).map_err(|mistake| match mistake {
        PackageMistake::NoPackage(_) => ImportError::of_file(path, mistake),
        PackageMistake::Iccids { .. } => ImportError::of_field(path, "iccid", mistake),
    })?;
    Ok((Package(bytes), header))
}

/// Why bytes are no package that an eUICC would take.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub(crate) enum PackageMistake {
    #[error("not a profile package: {0}")]
    NoPackage(String),
    #[error("the profile header says '{header}', EF.ICCID says '{file}'")]
    Iccids { header: Iccid, file: Iccid },
}

/// What the header of a whole package says.
pub(crate) fn checked_header(bytes: &[u8]) -> Result<Header, PackageMistake> {
    let header = header_of(bytes).map_err(|error| PackageMistake::NoPackage(error.to_string()))?;
    let elements =
        ProfilePackage::parse(bytes).map_err(|error| PackageMistake::NoPackage(error.to_string()))?;
    if elements.elements().last().and_then(|last| last.kind()) != Some(ElementKind::End) {
        return Err(PackageMistake::NoPackage("it does not finish with an end element".to_owned()));
    }
    // SGP.22 §5.5.5: the eUICC compares the ICCID of the metadata with EF.ICCID, not with the header.
    match ef_iccid_of(bytes) {
        Some(file) if file != header.iccid => Err(PackageMistake::Iccids { header: header.iccid, file }),
        _ => Ok(header),
    }
}
