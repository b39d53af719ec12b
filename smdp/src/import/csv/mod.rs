//! Subscriber data in a CSV file, for a template.

mod columns;
mod records;
mod row;

use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use asn1::Iccid;
use protocol::profile::ProfileTemplate;

use self::columns::{Column, Columns};
use self::records::{NoRecord, Records};
use self::row::{Row, RowMistake};
use super::{ImportError, Options, profile_type};
use crate::domain::NewProfile;

/// The rows of a file.
pub(super) struct Subscribers {
    path: PathBuf,
    records: Records<BufReader<File>>,
    columns: Columns,
    count: Option<u64>,
    template: ProfileTemplate,
    options: Options,
    /// The lines of the ICCIDs so far.
    seen: HashMap<Iccid, u64>,
    /// Nothing can be read after what went wrong.
    ended: bool,
}

impl Subscribers {
    pub(super) fn open(
        path: &Path,
        template: ProfileTemplate,
        options: Options,
    ) -> Result<Self, ImportError> {
        // Known before any row, so told before any row.
        profile_type(&[
            ("the option", options.profile_type.as_deref()),
            ("the profile header of the template", template.header().profile_type.as_deref()),
        ])
        .map_err(|reason| ImportError::of_field(path, "profile_type", reason))?;
        let count = count(path)?;
        let mut records = records(path)?;
        let header = match records.next() {
            Ok(Some(header)) => header,
            Ok(None) => return Err(ImportError::of_file(path, "the file is empty")),
            Err(error) => return Err(no_record(path, &error)),
        };
        let columns = Columns::read(header, &template).map_err(|mistake| {
            let error = ImportError::of_file(path, mistake.reason).in_line(header.line);
            ImportError { field: mistake.column, ..error }
        })?;
        Ok(Self {
            path: path.to_owned(),
            records,
            columns,
            count,
            template,
            options,
            seen: HashMap::new(),
            ended: false,
        })
    }

    pub(super) fn total(&self) -> Option<u64> {
        self.count
    }
}

impl Iterator for Subscribers {
    type Item = Result<NewProfile, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let record = match self.records.next() {
            Ok(record) => record?,
            Err(error) => {
                self.ended = true;
                return Some(Err(no_record(&self.path, &error)));
            }
        };
        let row = Row { columns: &self.columns, record };
        let profile = row.profile(&self.template, &self.options).and_then(|profile| {
            match *self.seen.entry(profile.iccid).or_insert(record.line) {
                first if first == record.line => Ok(profile),
                first => {
                    let reason = format!("{} stands in line {first} already", profile.iccid);
                    Err(RowMistake::new(Column::Iccid, reason))
                }
            }
        });
        Some(profile.map_err(|mistake| {
            let error = ImportError::of_file(&self.path, mistake.reason).in_line(record.line);
            ImportError { field: mistake.column.map(str::to_owned), ..error }
        }))
    }
}

fn records(path: &Path) -> Result<Records<BufReader<File>>, ImportError> {
    let unreadable = |error| ImportError::of_file(path, error);
    Records::new(BufReader::new(File::open(path).map_err(unreadable)?)).map_err(unreadable)
}

/// How many rows there are after the header, as far as the file can be read; a pipe can be read only once.
fn count(path: &Path) -> Result<Option<u64>, ImportError> {
    if !path.metadata().is_ok_and(|metadata| metadata.is_file()) {
        return Ok(None);
    }
    let mut records = records(path)?;
    let mut rows = 0_u64;
    while let Ok(Some(_)) = records.next() {
        rows += 1;
    }
    Ok(Some(rows.saturating_sub(1)))
}

fn no_record(path: &Path, error: &NoRecord) -> ImportError {
    ImportError { line: error.line(), ..ImportError::of_file(path, error) }
}
