//! The store that several nodes share: PostgreSQL, or what speaks like it.
//!
//! Every function of the store is one transaction in READ COMMITTED: what two nodes could both want is decided by a unique
//! index, a row lock or the state that a statement asks for, so nothing rests on a stricter level.

use asn1::TransactionId;
use certs::Oid;
use protocol::clock::Timestamp;
use protocol::types::{Eid, EventId, ServerAddress};
use service::database::postgres::{PostgresDatabase, PostgresOptions, PostgresSchema};

use super::sql::{self, store_functions};
use super::{Counts, Ending, EventFilter, Pruned, Registration, Retention, Retrieval, Store, StoreError};
use crate::domain::{EventNumber, EventRecord, NewEvent, RootDeletion, RootDeletionNumber, SessionRecord};

static SCHEMA: PostgresSchema = PostgresSchema {
    owner: "SM-DS",
    landmark: "root_deletion",
    migrations: &[include_str!("migrations/postgres/0001_events.sql")],
};

/// A store in a PostgreSQL data base.
pub struct PostgresStore {
    database: PostgresDatabase,
}

impl PostgresStore {
    /// Connects to the data base of a URL, `postgres://user:password@host:port/name`, and brings its schema up to
    /// date. With `?sslrootcert=<file>` the connection is TLS, and the server's certificate is verified.
    ///
    /// # Errors
    /// Where the URL cannot be used, the data base does not answer, it is that of another program, or its schema is
    /// newer than this one.
    pub async fn connect(url: &str, options: PostgresOptions) -> Result<Self, StoreError> {
        Ok(Self { database: PostgresDatabase::connect(url, &SCHEMA, options).await? })
    }

    /// Connects to the data base to look at it, beside the nodes that serve from it. It has to be of this version,
    /// and nothing can be written to it.
    ///
    /// # Errors
    /// Where the data base does not answer, or is of another version or program.
    pub async fn connect_read_only(url: &str, options: PostgresOptions) -> Result<Self, StoreError> {
        Ok(Self { database: PostgresDatabase::connect_read_only(url, &SCHEMA, options).await? })
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
                        let outcome = sql::$name(&transaction, $($argument.clone()),*).await;
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
                        let outcome = sql::$name(&connection, $($argument.clone()),*).await;
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
