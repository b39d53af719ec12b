//! Backup and restore of a data base.

use std::io::{BufRead, Write};

use service::database::Transaction;
use service::database::postgres::PostgresTransaction;

use super::{PostgresOptions, PostgresStore};
use crate::store::dump::{self, Dumped, Numbers};
use crate::store::seal::{Sealer, Sealing};
use crate::store::{StoreError, StoreKey};

impl PostgresStore {
    /// Writes everything that the store holds now, while servers may be at work with it. What is sealed stays sealed;
    /// who has the backup needs the key as well. `out` is written to on the calling thread.
    ///
    /// # Errors
    /// Where the data base does not answer, is of another version, was made with another key, or `out` fails.
    pub async fn backup(
        url: &str,
        key: &StoreKey,
        options: PostgresOptions,
        out: &mut (dyn Write + Send),
    ) -> Result<Dumped, StoreError> {
        let store = Self::connect_read_only(url, key, options).await?;
        let transaction = store.database.begin("BEGIN ISOLATION LEVEL REPEATABLE READ").await?;
        take_time(&transaction).await?;
        let dumped = dump::write(&Sealing::new(&transaction, &store.sealer), out).await?;
        transaction.commit().await?;
        Ok(dumped)
    }

    /// Restores a backup, of either kind of data base, into a data base that has no tables yet or holds an empty store.
    /// No server may be at work with it.
    ///
    /// All or nothing: the backup is known to be whole before anything is committed.
    ///
    /// # Errors
    /// Where the backup was made with another key, was cut or changed, the store is not empty, or one of the two fails.
    pub async fn restore(
        url: &str,
        key: &StoreKey,
        options: PostgresOptions,
        input: &mut (dyn BufRead + Send),
    ) -> Result<Dumped, StoreError> {
        let source = dump::Source::open(input, &Sealer::new(key)?)?;
        let store = Self::connect(url, key, options).await?;
        let transaction = store.database.begin("BEGIN").await?;
        take_time(&transaction).await?;
        let restored = dump::restore(&Sealing::new(&transaction, &store.sealer), source).await?;
        transaction.commit().await?;
        Ok(restored)
    }
}

/// Between two statements, a file is read or written: nobody knows how slowly.
async fn take_time(transaction: &PostgresTransaction) -> Result<(), StoreError> {
    transaction.execute("SET LOCAL idle_in_transaction_session_timeout = 0", &[]).await.map(drop)
}

impl Numbers for Sealing<'_, PostgresTransaction> {
    async fn last_number(&self, table: &str) -> Result<i64, StoreError> {
        let mut last = 0;
        for mut row in self.rows("SELECT pg_get_serial_sequence($1, 'id')", &[table.into()]).await? {
            let sequence = row.text("sequence")?;
            let sql = format!("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}");
            for mut row in self.rows(&sql, &[]).await? {
                last = row.integer("last number")?;
            }
        }
        Ok(last)
    }

    async fn set_last_number(&self, table: &str, last: i64) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT setval(pg_get_serial_sequence($1, 'id'), GREATEST($2 + 1, COALESCE(max(id), 0) + 1), false)
             FROM {table}"
        );
        self.rows(&sql, &[table.into(), last.into()]).await.map(drop)
    }
}
