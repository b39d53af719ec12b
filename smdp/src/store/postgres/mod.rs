//! The store that several nodes share: PostgreSQL, or what speaks like it.
//!
//! Every function of the store is one transaction in READ COMMITTED: what two nodes could both want is decided by a row's
//! version, a unique index or a row lock, so nothing rests on a stricter level. A connection that has failed is closed,
//! and the next call gets a new one.

mod address;
mod backup;
mod driver;
mod migrations;

use std::time::Duration;

use asn1::{Iccid, TransactionId};
use deadpool_postgres::{Object, Pool, PoolError, Runtime, TimeoutType};
use protocol::clock::Timestamp;
use protocol::types::Eid;

use self::driver::{PostgresTransaction, chain, storage};
use super::seal::{Sealer, StoreKey};
use super::sql::{self, store_functions};
use super::{
    Counts, HappeningFilter, ImportId, NotificationRecord, OrderFilter, ProfileFilter, Pruned, Reservation,
    Retention, Store, StoreError, TypeInventory,
};
use crate::domain::{
    Bound, CallKey, EarlierCall, ExecutedCall, HappeningId, HappeningRecord, NewOrder, NewProfile, Order,
    OrderId, Package, Profile, ProfileId, SessionRecord,
};

/// How a node uses the data base.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PostgresOptions {
    /// How many connections it has at most.
    pub connections: usize,
    /// How long a new connection may take.
    pub connect_timeout: Duration,
    /// How long a call waits for a connection while all are in use.
    pub wait_timeout: Duration,
    /// How long a call may take altogether; after that it has failed, and the server works on it no longer.
    pub call_timeout: Duration,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self {
            connections: 16,
            connect_timeout: Duration::from_secs(5),
            wait_timeout: Duration::from_secs(10),
            call_timeout: Duration::from_secs(30),
        }
    }
}

/// A store in a PostgreSQL data base.
pub struct PostgresStore {
    pool: Pool,
    sealer: Sealer,
    options: PostgresOptions,
}

impl PostgresStore {
    /// Connects to the data base of a URL, `postgres://user:password@host:port/name`, and brings its schema up to
    /// date. With `?sslrootcert=<file>` the connection is TLS, and the server's certificate is verified.
    ///
    /// # Errors
    /// Where the URL cannot be used, the data base does not answer, its schema is newer than this program, or it was
    /// made with another key.
    pub async fn connect(url: &str, key: &StoreKey, options: PostgresOptions) -> Result<Self, StoreError> {
        let store = Self::reach(url, key, options)?;
        migrations::migrate(&mut store.connection().await?).await?;
        let transaction = store.begin("BEGIN").await?;
        sql::check_key(&transaction).await?;
        transaction.commit().await?;
        Ok(store)
    }

    /// Connects to the data base to look at it, beside the nodes that serve from it. It has to be of this version.
    ///
    /// # Errors
    /// Where the data base does not answer, is of another version, or was made with another key.
    pub async fn connect_read_only(
        url: &str,
        key: &StoreKey,
        options: PostgresOptions,
    ) -> Result<Self, StoreError> {
        let store = Self::reach(url, key, options)?;
        if !migrations::is_current(&store.connection().await?).await? {
            return Err(StoreError::Storage(
                "the data base is of an older version, or no store: start the server once to bring it up to date"
                    .to_owned(),
            ));
        }
        let transaction = store.begin("BEGIN READ ONLY").await?;
        sql::recognise_key(&transaction).await?;
        transaction.commit().await?;
        Ok(store)
    }

    fn reach(url: &str, key: &StoreKey, options: PostgresOptions) -> Result<Self, StoreError> {
        let pool = Pool::builder(address::manager(url, &options)?)
            .max_size(options.connections)
            .wait_timeout(Some(options.wait_timeout))
            .create_timeout(Some(options.connect_timeout))
            .recycle_timeout(Some(options.connect_timeout))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| StoreError::Storage(error.to_string()))?;
        Ok(Self { pool, sealer: Sealer::new(key)?, options })
    }

    async fn connection(&self) -> Result<Object, StoreError> {
        let (connections, options) = (self.options.connections, &self.options);
        self.pool.get().await.map_err(|error| {
            StoreError::Storage(match error {
                PoolError::Backend(error) => chain(&error),
                PoolError::Timeout(TimeoutType::Wait) => format!(
                    "PostgreSQL: all {connections} connections were in use for {:?}",
                    options.wait_timeout
                ),
                PoolError::Timeout(_) => {
                    format!("PostgreSQL: no connection within {:?}", options.connect_timeout)
                }
                other => format!("PostgreSQL: {other}"),
            })
        })
    }

    /// Begins a transaction. Connections that died in the pool are found out by it: nothing was asked of them yet, so
    /// others take their place until a new one fails, too.
    async fn begin(&self, begin: &str) -> Result<PostgresTransaction<'_>, StoreError> {
        let mut tries = 0;
        loop {
            let connection = self.connection().await?;
            match PostgresTransaction::begin(connection, &self.sealer, begin).await {
                Ok(transaction) => return Ok(transaction),
                Err(error) if tries >= self.options.connections => return Err(storage(&error)),
                Err(_) => tries += 1,
            }
        }
    }

    async fn in_time<T>(&self, call: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        let limit = self.options.call_timeout;
        let late = |_| StoreError::Storage(format!("PostgreSQL: no answer within {limit:?}"));
        tokio::time::timeout(limit, call).await.map_err(late)?
    }
}

macro_rules! in_a_transaction {
    ($({$($name:ident($($argument:ident: $type:ty),*) -> $output:ty;)*})*) => {
        impl Store for PostgresStore {
            $($(
                async fn $name(&self, $($argument: $type),*) -> Result<$output, StoreError> {
                    self.in_time(async {
                        let transaction = self.begin("BEGIN").await?;
                        let outcome = sql::$name(&transaction, $($argument),*).await?;
                        transaction.commit().await?;
                        Ok(outcome)
                    })
                    .await
                }
            )*)*
        }
    };
}

store_functions!(in_a_transaction);
