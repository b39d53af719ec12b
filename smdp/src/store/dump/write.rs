//! Writing a backup.

use std::collections::BTreeMap;
use std::io::Write;

use data_encoding::HEXLOWER;
use serde::Serialize;
use service::database::Value;
use sha2::{Digest, Sha256};

use super::table::{TABLES, Table};
use super::{Dumped, FORMAT, Header, Numbers, SCHEMA, TableHeader, Trailer, failed};
use crate::store::StoreError;
use crate::store::sql;

/// How many rows are in memory at once.
const PAGE: i64 = 200;

/// Writes everything that a transaction sees, which has to see one state of the store from its beginning to its end.
pub async fn write<T: Numbers>(tx: &T, out: &mut (dyn Write + Send)) -> Result<Dumped, StoreError> {
    let mut lines = Lines { out, digest: Sha256::new() };
    let key = sql::key_fingerprint(tx.sealer());
    lines.write(&Header { format: FORMAT.to_owned(), schema: SCHEMA, key })?;
    let mut rows = BTreeMap::new();
    for table in TABLES {
        let last = if table.numbered { tx.last_number(table.name).await? } else { 0 };
        lines.write(&TableHeader { table: table.name.to_owned(), last })?;
        rows.insert(table.name.to_owned(), write_rows(tx, table, &mut lines).await?);
    }
    let dumped = Dumped::of(&rows);
    lines.end(rows)?;
    Ok(dumped)
}

async fn write_rows<T: Numbers>(tx: &T, table: &Table, lines: &mut Lines<'_>) -> Result<u64, StoreError> {
    let (name, key) = (table.name, table.key());
    let sql = format!("SELECT {} FROM {name} WHERE {key} > $1 ORDER BY {key} LIMIT $2", table.names());
    let (mut written, mut after) = (0, i64::MIN);
    loop {
        let page = tx.rows(&sql, &[after.into(), PAGE.into()]).await?;
        if page.is_empty() {
            return Ok(written);
        }
        for row in page {
            let row = row.rest();
            if let Some(Value::Integer(number)) = row.first() {
                after = *number;
            }
            let row = table.to_json(row).ok_or_else(|| failed(format!("a record of {name} is damaged")))?;
            lines.write(&row)?;
            written += 1;
        }
    }
}

struct Lines<'a> {
    out: &'a mut (dyn Write + Send),
    digest: Sha256,
}

impl Lines<'_> {
    fn write(&mut self, line: &impl Serialize) -> Result<(), StoreError> {
        let mut line = serde_json::to_vec(line).map_err(cannot_write)?;
        line.push(b'\n');
        self.digest.update(&line);
        self.out.write_all(&line).map_err(cannot_write)
    }

    fn end(mut self, rows: BTreeMap<String, u64>) -> Result<(), StoreError> {
        let sha256 = HEXLOWER.encode(&self.digest.finalize_reset());
        self.write(&Trailer { rows, sha256 })?;
        self.out.flush().map_err(cannot_write)
    }
}

fn cannot_write(error: impl std::fmt::Display) -> StoreError {
    failed(format!("the backup cannot be written: {error}"))
}
