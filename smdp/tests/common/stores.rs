//! Stores that are not in memory.

use smdp::store::{PostgresOptions, PostgresStore, StoreKey};

use super::postgres::Database;

/// The key of every store in a test.
pub fn key() -> StoreKey {
    StoreKey::new([0x42; 32])
}

/// One more node on a data base.
pub async fn node(database: &Database) -> PostgresStore {
    PostgresStore::connect(&database.url, &key(), PostgresOptions::default()).await.unwrap()
}
