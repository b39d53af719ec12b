//! Reading a backup into an empty store.

use std::collections::BTreeMap;
use std::io::{BufRead, Read};

use data_encoding::HEXLOWER;
use serde_json::Value as Json;
use service::database::Value;
use sha2::{Digest, Sha256};

use super::table::{TABLES, Table};
use super::{Dumped, FORMAT, Header, Numbers, SCHEMA, TableHeader, Trailer, failed};
use crate::store::StoreError;
use crate::store::seal::Sealer;
use crate::store::sql;

/// No line is longer: the longest hold a profile package.
const LONGEST_LINE: u64 = 64 << 20;
/// How many rows are written at once.
const BATCH: usize = 32;

/// A backup whose first line was read, and that was made with the key that is given.
pub struct Source<'a> {
    input: &'a mut (dyn BufRead + Send),
    /// The number of the line that was read last.
    line: u64,
    digest: Sha256,
}

impl<'a> Source<'a> {
    /// Reads the first line; nothing has to be written to find out that a backup cannot be used.
    pub fn open(input: &'a mut (dyn BufRead + Send), sealer: &Sealer) -> Result<Self, StoreError> {
        let mut source = Self { input, line: 0, digest: Sha256::new() };
        let line = source.next_line()?;
        let header = serde_json::from_slice::<Header>(&line).ok().filter(|header| header.format == FORMAT);
        let header = header.ok_or_else(|| failed("this is no backup of an SM-DP+"))?;
        if header.schema != SCHEMA {
            return Err(failed(format!(
                "the backup has schema {}, this program reads {SCHEMA}: it was written by another version",
                header.schema
            )));
        }
        if header.key != sql::key_fingerprint(sealer) {
            return Err(failed("the backup was made with another key than the one given"));
        }
        source.digest.update(&line);
        Ok(source)
    }

    fn next_line(&mut self) -> Result<Vec<u8>, StoreError> {
        let mut line = Vec::new();
        let mut limited = (&mut *self.input).take(LONGEST_LINE);
        limited
            .read_until(b'\n', &mut line)
            .map_err(|error| failed(format!("the backup cannot be read: {error}")))?;
        self.line += 1;
        match line.last() {
            Some(b'\n') => Ok(line),
            _ if line.len() as u64 == LONGEST_LINE => Err(self.damaged()),
            _ => Err(failed("the backup is cut off: its last line is missing")),
        }
    }

    fn damaged(&self) -> StoreError {
        failed(format!("the backup is damaged in line {}", self.line))
    }

    fn check(&mut self, trailer: &Trailer, rows: &BTreeMap<String, u64>) -> Result<(), StoreError> {
        let digest = HEXLOWER.encode(&self.digest.finalize_reset());
        if trailer.sha256 != digest || trailer.rows != *rows {
            return Err(failed("the backup was changed: it is not what its last line says"));
        }
        let rest =
            self.input.fill_buf().map_err(|error| failed(format!("the backup cannot be read: {error}")))?;
        if rest.is_empty() { Ok(()) } else { Err(failed("there is something behind the end of the backup")) }
    }
}

/// Writes a backup into an empty store. Nothing of it may be committed where this fails.
pub async fn restore<T: Numbers>(tx: &T, mut source: Source<'_>) -> Result<Dumped, StoreError> {
    for table in TABLES {
        if count(tx, table.name).await? > 0 {
            return Err(failed("the store is not empty: a backup is restored into an empty one only"));
        }
    }
    let mut tables = TABLES.iter();
    let mut current: Option<Loading> = None;
    let mut rows = BTreeMap::new();
    loop {
        let line = source.next_line()?;
        if line.first() == Some(&b'[') {
            let row: Vec<Json> = serde_json::from_slice(&line).map_err(|_| source.damaged())?;
            let loading = current.as_mut().ok_or_else(|| source.damaged())?;
            loading
                .row(tx, row)
                .await
                .map_err(|why| at_line(why, source.line))?
                .ok_or_else(|| source.damaged())?;
            source.digest.update(&line);
            continue;
        }
        if let Some(loading) = current.take() {
            let (table, read) = loading.end(tx).await.map_err(|why| at_line(why, source.line))?;
            rows.insert(table.name.to_owned(), read);
        }
        if let Ok(trailer) = serde_json::from_slice::<Trailer>(&line) {
            source.check(&trailer, &rows)?;
            break;
        }
        let header: TableHeader = serde_json::from_slice(&line).map_err(|_| source.damaged())?;
        let table =
            tables.next().filter(|table| table.name == header.table).ok_or_else(|| source.damaged())?;
        current = Some(Loading { table, last: header.last, waiting: Vec::new(), read: 0 });
        source.digest.update(&line);
    }
    for table in TABLES {
        if Some(&count(tx, table.name).await?) != rows.get(table.name) {
            return Err(failed("the backup lacks a table, or somebody else has written to the store"));
        }
    }
    Ok(Dumped::of(&rows))
}

/// What does not fit into the data base was damaged; what the data base says is kept.
fn at_line(error: StoreError, line: u64) -> StoreError {
    failed(format!("the backup is damaged before or in line {line}: {error}"))
}

async fn count<T: Numbers>(tx: &T, table: &str) -> Result<u64, StoreError> {
    let rows = tx.rows(&format!("SELECT count(*) FROM {table}"), &[]).await?;
    rows.into_iter().next().ok_or_else(|| failed("no count"))?.count("count")
}

/// A table that is being read.
struct Loading {
    table: &'static Table,
    last: i64,
    /// Rows that are not written yet, one after the other.
    waiting: Vec<Value>,
    read: u64,
}

impl Loading {
    /// Takes a row; `None` where it is none of this table.
    async fn row<T: Numbers>(&mut self, tx: &T, row: Vec<Json>) -> Result<Option<()>, StoreError> {
        let Some(row) = self.table.read_json(row) else { return Ok(None) };
        self.waiting.extend(row);
        self.read += 1;
        if self.waiting.len() >= BATCH * self.table.columns.len() {
            self.flush(tx).await?;
        }
        Ok(Some(()))
    }

    async fn flush<T: Numbers>(&mut self, tx: &T) -> Result<(), StoreError> {
        let width = self.table.columns.len();
        let places: Vec<String> = (1..=self.waiting.len()).map(|number| format!("${number}")).collect();
        let rows: Vec<String> = places.chunks(width).map(|row| format!("({})", row.join(", "))).collect();
        if rows.is_empty() {
            return Ok(());
        }
        let (name, names) = (self.table.name, self.table.names());
        let sql = format!("INSERT INTO {name} ({names}) VALUES {}", rows.join(", "));
        tx.execute(&sql, &self.waiting).await?;
        self.waiting.clear();
        Ok(())
    }

    async fn end<T: Numbers>(mut self, tx: &T) -> Result<(&'static Table, u64), StoreError> {
        self.flush(tx).await?;
        if self.table.numbered {
            tx.set_last_number(self.table.name, self.last).await?;
        }
        Ok((self.table, self.read))
    }
}
