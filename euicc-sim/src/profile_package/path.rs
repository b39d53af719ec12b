//! Where a file is.

use std::fmt;

use data_encoding::HEXUPPER_PERMISSIVE;
use serde::{Deserialize, Serialize};

/// The file identifiers below the MF; empty for the MF itself. An ADF goes by its temporary identifier.
///
/// Written and kept as hex: `7FD06F07`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FilePath(Vec<u16>);

impl FilePath {
    /// The MF.
    pub fn master_file() -> Self {
        Self::default()
    }

    /// From the octets of a path in a profile package; `None` if a file identifier is cut in half.
    pub fn from_octets(octets: &[u8]) -> Option<Self> {
        let (pairs, rest) = octets.as_chunks::<2>();
        rest.is_empty().then(|| Self(pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect()))
    }

    /// The identifiers from below the MF to the file.
    pub(super) fn file_ids(&self) -> impl Iterator<Item = u16> {
        self.0.iter().copied()
    }

    /// The file with this identifier in this directory.
    pub fn child(&self, file_id: u16) -> Self {
        Self(self.0.iter().copied().chain([file_id]).collect())
    }

    /// The directory that the file is in; `None` for the MF.
    pub fn parent(&self) -> Option<Self> {
        self.0.split_last().map(|(_, directory)| Self(directory.to_vec()))
    }

    /// Whether the file is somewhere below this directory.
    pub(crate) fn is_in(&self, directory: &Self) -> bool {
        self.0.len() > directory.0.len() && self.0.starts_with(&directory.0)
    }

    /// The file's own identifier, 3F00 for the MF.
    pub fn file_id(&self) -> u16 {
        self.0.last().copied().unwrap_or(super::file_system::MF)
    }

    /// Directories between the file and the MF, the file itself included; 0 for the MF.
    pub fn depth(&self) -> usize {
        self.0.len()
    }
}

impl fmt::Display for FilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|file_id| write!(f, "{file_id:04X}"))
    }
}

impl fmt::Debug for FilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FilePath({self})")
    }
}

impl TryFrom<String> for FilePath {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let octets = HEXUPPER_PERMISSIVE.decode(text.as_bytes()).map_err(|error| error.to_string())?;
        Self::from_octets(&octets).ok_or_else(|| format!("{text:?} is not a row of file identifiers"))
    }
}

impl From<FilePath> for String {
    fn from(path: FilePath) -> Self {
        path.to_string()
    }
}
