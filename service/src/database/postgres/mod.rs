//! The data base that several nodes share: PostgreSQL, or what speaks like it.
//!
//! A connection that has failed is closed, and the next call gets a new one.

mod address;
mod driver;
mod migrations;

use std::time::Duration;

use deadpool_postgres::{Object, Pool, PoolError, Runtime, TimeoutType};

use self::address::Access;
use self::driver::chain;
use super::StoreError;

pub use self::driver::{PostgresAlone, PostgresTransaction};
pub use self::migrations::PostgresSchema;

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

/// A PostgreSQL data base with the schema that its user wants.
pub struct PostgresDatabase {
    pool: Pool,
    options: PostgresOptions,
}

impl PostgresDatabase {
    /// Connects to the data base of a URL, `postgres://user:password@host:port/name`, and brings its schema up to
    /// date. With `?sslrootcert=<file>` the connection is TLS, and the server's certificate is verified.
    ///
    /// # Errors
    /// Where the URL cannot be used, the data base does not answer, or its schema is newer than this program.
    pub async fn connect(
        url: &str,
        schema: &'static PostgresSchema,
        options: PostgresOptions,
    ) -> Result<Self, StoreError> {
        let database = Self::reach(url, options, Access::Full)?;
        schema.migrate(&mut database.connection().await?).await?;
        Ok(database)
    }

    /// Connects to the data base to look at it, beside the nodes that serve from it. It has to be of this version, and nothing
    /// can be written to it.
    ///
    /// # Errors
    /// Where the data base does not answer, or is of another version.
    pub async fn connect_read_only(
        url: &str,
        schema: &'static PostgresSchema,
        options: PostgresOptions,
    ) -> Result<Self, StoreError> {
        let database = Self::reach(url, options, Access::ReadOnly)?;
        if !schema.is_current(&database.connection().await?).await? {
            return Err(StoreError::Storage(
                "the data base is of an older version, or no store: start the server once to bring it up to date"
                    .to_owned(),
            ));
        }
        Ok(database)
    }

    fn reach(url: &str, options: PostgresOptions, access: Access) -> Result<Self, StoreError> {
        let pool = Pool::builder(address::manager(url, &options, access)?)
            .max_size(options.connections)
            .wait_timeout(Some(options.wait_timeout))
            .create_timeout(Some(options.connect_timeout))
            .recycle_timeout(Some(options.connect_timeout))
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| StoreError::Storage(error.to_string()))?;
        Ok(Self { pool, options })
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

    /// A transaction that begins with this statement: `BEGIN`, and what it says of isolation. Its connection may have died in the
    /// pool: [`Tries`] says whether to take another.
    ///
    /// # Errors
    /// Where no connection can be had.
    pub async fn begin(&self, begin: &'static str) -> Result<PostgresTransaction, StoreError> {
        self.connection().await.map(|connection| PostgresTransaction::on(connection, begin))
    }

    /// A connection to look something up by one statement. It may have died in the pool: [`Tries`] says whether to take another.
    ///
    /// # Errors
    /// Where no connection can be had.
    pub async fn alone(&self) -> Result<PostgresAlone, StoreError> {
        self.connection().await.map(PostgresAlone::on)
    }

    /// How often to try another connection: until a new one fails, too.
    pub fn tries(&self) -> Tries {
        Tries { left: self.options.connections }
    }

    /// Waits for a call as long as it may take ([`PostgresOptions::call_timeout`]).
    ///
    /// # Errors
    /// Those of the call, and that it took longer.
    pub async fn in_time<T>(
        &self,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let limit = self.options.call_timeout;
        let late = |_| StoreError::Storage(format!("PostgreSQL: no answer within {limit:?}"));
        tokio::time::timeout(limit, call).await.map_err(late)?
    }
}

/// Tries of what can be done again without harm: to look something up, or what was not committed.
pub struct Tries {
    left: usize,
}

impl Tries {
    /// Whether to try again: whatever failed did so because its connection `has_died`, and a new one may do.
    pub fn another_may_do(&mut self, has_died: bool) -> bool {
        let left = self.left;
        self.left = left.saturating_sub(1);
        left > 0 && has_died
    }
}
