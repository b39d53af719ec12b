//! What is told of a file.

use data_encoding::HEXUPPER;
use euicc_sim::profile_package::{FilePath, Installed, InstalledFile, Structure};
use serde::Serialize;

use super::names::{self, Place};
use super::report::Shown;

/// A file.
#[derive(Serialize)]
pub struct FileReport {
    /// File identifiers below the MF; 3F00 for the MF itself.
    pub path: String,
    /// Its name in ETSI TS 102 221 or 3GPP TS 31.102, 31.103 and 51.011, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub structure: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short_file_id: Option<u8>,
    pub size: u32,
    /// EF_ARR and record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_rule: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Hex; absent in a directory, and in a file that holds keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// Whether the content is a key and was left out.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub content_hidden: bool,
}

impl FileReport {
    /// Tells of a file of a profile.
    pub fn of(file: &InstalledFile, places: PlacesOf<'_>, shown: Shown) -> Self {
        let name = places.name(&file.path);
        let content_hidden = !shown.secrets && names::holds_keys(name.as_deref());
        let has_content = !file.structure.is_directory() && file.link.is_none() && !content_hidden;
        Self {
            path: if file.path.depth() == 0 { "3F00".to_owned() } else { file.path.to_string() },
            structure: structure(file),
            short_file_id: file.short_file_id,
            size: file.size,
            access_rule: file.access_rule.map(|rule| format!("{:04X} record {}", rule.file_id, rule.record)),
            link: file.link.as_ref().map(ToString::to_string),
            content: has_content.then(|| HEXUPPER.encode(&file.content)),
            content_hidden: content_hidden && !file.content.is_empty(),
            name,
        }
    }
}

fn structure(file: &InstalledFile) -> String {
    let records = |length: u16| {
        let count = file.size.checked_div(length.into()).unwrap_or(0);
        format!("{count} records of {length}")
    };
    match &file.structure {
        Structure::MasterFile => "MF".to_owned(),
        Structure::Directory => "DF".to_owned(),
        Structure::Adf { aid } => format!("ADF {}", HEXUPPER.encode(aid)),
        Structure::Transparent => "transparent".to_owned(),
        Structure::LinearFixed { record_length } => format!("linear fixed, {}", records(*record_length)),
        Structure::Cyclic { record_length } => format!("cyclic, {}", records(*record_length)),
        Structure::BerTlv => "BER-TLV".to_owned(),
    }
}

/// Where in a profile a file is, in the terms of those who name files.
#[derive(Clone, Copy)]
pub struct PlacesOf<'a>(pub &'a Installed);

impl PlacesOf<'_> {
    /// The name of the file at a path.
    fn name(self, path: &FilePath) -> Option<String> {
        let Some(directory) = path.parent() else { return Some("MF".to_owned()) };
        if let Some(kind) = self.application(path) {
            return Some(format!("ADF_{}", kind.to_uppercase()));
        }
        names::name(self.place(&directory)?, path.file_id()).map(str::to_owned)
    }

    /// What a directory is to the specifications.
    fn place(self, directory: &FilePath) -> Option<Place> {
        let Some(parent) = directory.parent() else { return Some(Place::MasterFile) };
        match self.application(directory) {
            Some("usim") => Some(Place::Usim),
            Some("isim") => Some(Place::Isim),
            Some(_) => None,
            None => names::place(self.place(&parent)?, directory.file_id()),
        }
    }

    /// The kind of network access application whose ADF is at a path.
    fn application(&self, path: &FilePath) -> Option<&str> {
        let applications = &self.0.network_access;
        let found = applications.iter().find(|application| application.directory == *path);
        found.map(|application| application.kind.as_str())
    }
}
