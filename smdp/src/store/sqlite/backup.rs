//! Backup and restore of a file.

use std::future::{Future, ready};
use std::io::{BufRead, Write};
use std::path::Path;

use service::database::Transaction;
use service::database::sqlite::{SqliteFile, SqliteTransaction, finished};

use super::migrations::SCHEMA;
use super::{SqliteStore, open_for_writing};
use crate::store::dump::{self, Dumped, Numbers};
use crate::store::seal::{Sealer, Sealing};
use crate::store::sql;
use crate::store::{StoreError, StoreKey};

impl SqliteStore {
    /// Writes everything that the store in a file holds now, while a server may be at work with it. What is sealed
    /// stays sealed; who has the backup needs the key as well.
    ///
    /// # Errors
    /// Where the file cannot be opened, is of another version, was made with another key, or `out` fails.
    pub fn backup(path: &Path, key: &StoreKey, out: &mut (dyn Write + Send)) -> Result<Dumped, StoreError> {
        let (file, sealer) = (SqliteFile::open_read_only(path, &SCHEMA)?, Sealer::new(key)?);
        file.transact(|tx| {
            let tx = Sealing::new(tx, &sealer);
            finished(async {
                sql::recognise_key(&tx).await?;
                dump::write(&tx, out).await
            })
        })
    }

    /// Restores a backup, of either kind of data base, into a file that is made for it or holds an empty store.
    ///
    /// All or nothing: the backup is known to be whole before anything is committed.
    ///
    /// # Errors
    /// Where the backup was made with another key, was cut or changed, the store is not empty or in use, or one of the
    /// files fails.
    pub fn restore(
        path: &Path,
        key: &StoreKey,
        input: &mut (dyn BufRead + Send),
    ) -> Result<Dumped, StoreError> {
        let sealer = Sealer::new(key)?;
        let source = dump::Source::open(input, &sealer)?;
        let file = open_for_writing(path, &sealer)?;
        file.transact(|tx| finished(dump::restore(&Sealing::new(tx, &sealer), source)))
    }
}

impl Numbers for Sealing<'_, SqliteTransaction<'_>> {
    fn last_number(&self, table: &str) -> impl Future<Output = Result<i64, StoreError>> + Send {
        let sql = format!(
            "SELECT max(COALESCE((SELECT seq FROM sqlite_sequence WHERE name = $1), 0),
                        COALESCE((SELECT max(id) FROM {table}), 0))"
        );
        let rows = finished(self.rows(&sql, &[table.into()]));
        ready(
            rows.and_then(|rows| rows.into_iter().next().map_or(Ok(0), |mut row| row.integer("last number"))),
        )
    }

    fn set_last_number(&self, table: &str, last: i64) -> impl Future<Output = Result<(), StoreError>> + Send {
        // Where numbers may be given again, SQLite keeps none.
        let changes = [
            "UPDATE sqlite_sequence SET seq = max(seq, $2) WHERE name = $1",
            "INSERT INTO sqlite_sequence (name, seq) SELECT $1, $2
             WHERE EXISTS (SELECT 1 FROM sqlite_master WHERE name = $1 AND sql LIKE '%AUTOINCREMENT%')
             AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = $1)",
        ];
        let parameters = [table.into(), last.into()];
        ready(changes.iter().try_for_each(|sql| finished(self.execute(sql, &parameters)).map(drop)))
    }
}
