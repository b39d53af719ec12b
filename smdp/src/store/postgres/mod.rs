//! The store that several nodes share: PostgreSQL, or what speaks like it.
//!
//! Every function of the store is one transaction in READ COMMITTED: what two nodes could both want is decided by a row's
//! version, a unique index or a row lock, so nothing rests on a stricter level.

mod backup;

use asn1::{Iccid, TransactionId};
use protocol::clock::Timestamp;
use protocol::types::Eid;
use service::database::postgres::{PostgresDatabase, PostgresSchema};

use super::seal::{Sealer, Sealing, StoreKey};
use super::sql::{self, store_functions};
use super::{
    Counts, HappeningFilter, ImportId, NotificationRecord, OrderFilter, ProfileFilter, Pruned, Reservation,
    Retention, SmdsEventFilter, Store, StoreError, TypeInventory,
};
use crate::domain::{
    Bound, CallKey, EarlierCall, EventTry, ExecutedCall, HappeningId, HappeningRecord, NewOrder, NewProfile,
    Order, OrderId, Package, Profile, ProfileId, SessionRecord, SmdsEvent, StoredPackage,
};

pub use service::database::postgres::PostgresOptions;

static SCHEMA: PostgresSchema = PostgresSchema {
    owner: "SM-DP+",
    landmark: "download_order",
    migrations: &[
        include_str!("migrations/0001_inventory_orders_and_sessions.sql"),
        include_str!("migrations/0002_smds_events.sql"),
        include_str!("migrations/0003_protected_packages.sql"),
        include_str!("migrations/0004_session_keys.sql"),
    ],
};

/// A store in a PostgreSQL data base.
pub struct PostgresStore {
    database: PostgresDatabase,
    sealer: Sealer,
}

impl PostgresStore {
    /// Connects to the data base of a URL, `postgres://user:password@host:port/name`, and brings its schema up to
    /// date. With `?sslrootcert=<file>` the connection is TLS, and the server's certificate is verified.
    ///
    /// # Errors
    /// Where the URL cannot be used, the data base does not answer, its schema is newer than this program, or it was
    /// made with another key.
    pub async fn connect(url: &str, key: &StoreKey, options: PostgresOptions) -> Result<Self, StoreError> {
        let sealer = Sealer::new(key)?;
        let database = PostgresDatabase::connect(url, &SCHEMA, options).await?;
        let transaction = database.begin("BEGIN ISOLATION LEVEL READ COMMITTED").await?;
        sql::check_key(&Sealing::new(&transaction, &sealer)).await?;
        transaction.commit().await?;
        Ok(Self { database, sealer })
    }

    /// Connects to the data base to look at it, beside the nodes that serve from it. It has to be of this version, and nothing can
    /// be written to it.
    ///
    /// # Errors
    /// Where the data base does not answer, is of another version, or was made with another key.
    pub async fn connect_read_only(
        url: &str,
        key: &StoreKey,
        options: PostgresOptions,
    ) -> Result<Self, StoreError> {
        let sealer = Sealer::new(key)?;
        let database = PostgresDatabase::connect_read_only(url, &SCHEMA, options).await?;
        let transaction = database.begin("BEGIN ISOLATION LEVEL READ COMMITTED").await?;
        sql::recognise_key(&Sealing::new(&transaction, &sealer)).await?;
        transaction.commit().await?;
        Ok(Self { database, sealer })
    }
}

macro_rules! in_the_data_base {
    ({$($name:ident($($argument:ident: $type:ty),*) -> $output:ty;)*}
     {$($alone:ident($($value:ident: $written:ty),*) -> $done:ty;)*}
     {$($look_up:ident($($key:ident: $of:ty),*) -> $found:ty;)*}
     {$($list:ident($($filter:ident: $by:ty),*) -> $listed:ty;)*}) => {
        impl Store for PostgresStore {
            in_the_data_base!(in a transaction: {
                $($name($($argument: $type),*) -> $output;)*
                $($list($($filter: $by),*) -> $listed;)*
            });
            in_the_data_base!(by one statement: {
                $($alone($($value: $written),*) -> $done;)*
                $($look_up($($key: $of),*) -> $found;)*
            });
        }
    };
    (in a transaction: {$($name:ident($($argument:ident: $type:ty),*) -> $output:ty;)*}) => {
        $(
            async fn $name(&self, $($argument: $type),*) -> Result<$output, StoreError> {
                self.database.in_time(async {
                    let mut tries = self.database.tries();
                    loop {
                        let transaction = self.database.begin("BEGIN ISOLATION LEVEL READ COMMITTED").await?;
                        let outcome = sql::$name(&Sealing::new(&transaction, &self.sealer), $($argument.clone()),*).await;
                        if outcome.is_err() && tries.another_may_do(transaction.has_died()) {
                            continue;
                        }
                        let outcome = outcome?;
                        transaction.commit().await?;
                        return Ok(outcome);
                    }
                })
                .await
            }
        )*
    };
    (by one statement: {$($name:ident($($argument:ident: $type:ty),*) -> $output:ty;)*}) => {
        $(
            async fn $name(&self, $($argument: $type),*) -> Result<$output, StoreError> {
                self.database.in_time(async {
                    let mut tries = self.database.tries();
                    loop {
                        let connection = self.database.alone().await?;
                        let outcome = sql::$name(&Sealing::new(&connection, &self.sealer), $($argument.clone()),*).await;
                        if outcome.is_ok() || !tries.another_may_do(connection.has_died()) {
                            return outcome;
                        }
                    }
                })
                .await
            }
        )*
    };
}

store_functions!(in_the_data_base);
