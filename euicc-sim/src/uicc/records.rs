//! Records of linear fixed and cyclic EFs.

use crate::profile_package::{InstalledFile, Structure};

/// The records of an EF, numbered from 1. Record 1 of a cyclic EF is the one that was written last.
#[derive(Clone, Copy)]
pub(super) struct Records<'a> {
    content: &'a [u8],
    /// Bytes of a record, at least 1.
    length: usize,
    pub is_cyclic: bool,
}

impl<'a> Records<'a> {
    /// `None` for files of other structures.
    pub fn of(file: &'a InstalledFile) -> Option<Self> {
        let length = usize::from(file.structure.record_length()?.max(1));
        let is_cyclic = matches!(file.structure, Structure::Cyclic { .. });
        Some(Self { content: &file.content, length, is_cyclic })
    }

    /// Bytes of a record.
    pub fn length(&self) -> usize {
        self.length
    }

    /// The number of records that a command can name.
    pub fn count(&self) -> u8 {
        // ETSI TS 102 221 §11.1.5: FF is no number of a record.
        u8::try_from(self.content.len() / self.length).unwrap_or(u8::MAX).min(0xFE)
    }

    /// A record.
    pub fn get(&self, number: u8) -> Option<&'a [u8]> {
        let index = usize::from(number).checked_sub(1).filter(|_| number <= self.count())?;
        self.content.chunks_exact(self.length).nth(index)
    }

    /// The content with another value in one record.
    pub fn with(&self, number: u8, value: &[u8]) -> Vec<u8> {
        let index = usize::from(number).saturating_sub(1);
        let mut content = self.content.to_vec();
        if let Some(record) = content.chunks_exact_mut(self.length).nth(index)
            && record.len() == value.len()
        {
            record.copy_from_slice(value);
        }
        content
    }

    /// The content of a cyclic file after a value took the place of its oldest record and became record 1.
    pub fn rotated(&self, value: &[u8]) -> Vec<u8> {
        let oldest = self.content.len().saturating_sub(self.length);
        value.iter().chain(self.content.iter().take(oldest)).copied().collect()
    }
}
