//! Stores that are filled before a server is started on them.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use protocol::clock::Timestamp;
use smdp::domain::{NewOrder, NewProfile, Package, PackageProtection};
use smdp::store::{PostgresOptions, PostgresStore, SqliteStore, Store, StoreKey};
use zeroize::Zeroizing;

use super::SIZE;
use crate::{laboratory, profile};

/// A store, as a server is told of it.
pub struct Stock {
    /// A file, or a URL.
    pub store: String,
    /// The file with its key.
    pub key: PathBuf,
}

/// More than any server here downloads in a second: as many orders are made where the rate is not known yet.
pub const MOST_DOWNLOADS: u64 = 3000;

/// How many orders are written in one transaction.
const BATCH: usize = 2000;

impl Stock {
    /// A file in this folder, with these orders.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn sqlite(folder: &Path, orders: impl IntoIterator<Item = Result<NewOrder>>) -> Result<Self> {
        let path = folder.join("smdp.sqlite");
        let key = key_in(folder)?;
        runtime()?.block_on(add(&SqliteStore::open(&path, &store_key())?, orders))?;
        Ok(Self { store: path.display().to_string(), key })
    }

    /// A data base at this URL; the key is put into the folder.
    ///
    /// # Errors
    /// Where it cannot be reached.
    pub fn postgres(
        folder: &Path,
        url: &str,
        orders: impl IntoIterator<Item = Result<NewOrder>>,
    ) -> Result<Self> {
        let key = key_in(folder)?;
        runtime()?.block_on(async {
            let options = PostgresOptions::default();
            add(&PostgresStore::connect(url, &store_key(), options).await?, orders).await
        })?;
        Ok(Self { store: url.to_owned(), key })
    }
}

/// Released orders for 12 KB profiles, with the MatchingIDs [`matching_id`].
pub fn orders(numbers: impl IntoIterator<Item = u64>) -> impl Iterator<Item = Result<NewOrder>> {
    numbers.into_iter().map(|number| laboratory::order(number, SIZE, PackageProtection::SessionKeys))
}

/// The MatchingID of the order with this number.
pub fn matching_id(number: u64) -> String {
    format!("BENCH-{number}")
}

/// The order with this number, which nobody will ask for: its package is none.
///
/// # Errors
/// Where the number has too many digits.
pub fn filling(number: u64) -> Result<NewOrder> {
    let iccid = profile::iccid(number)?;
    let profile = NewProfile {
        iccid,
        operator: None,
        profile_type: "bench".to_owned(),
        protection: PackageProtection::SessionKeys,
        metadata: profile::metadata(iccid)?,
        package: Package(Zeroizing::new(vec![0; 16])),
    };
    let matching_id = Some(matching_id(number).parse()?);
    Ok(NewOrder { profile, matching_id, eid: None, confirmation_code: None, expires: None })
}

async fn add<S: Store>(store: &S, orders: impl IntoIterator<Item = Result<NewOrder>>) -> Result<()> {
    let mut orders = orders.into_iter();
    loop {
        let batch: Vec<NewOrder> = orders.by_ref().take(BATCH).collect::<Result<_>>()?;
        if batch.is_empty() {
            return Ok(());
        }
        store.add_orders(now()?, batch).await?;
    }
}

/// This machine's time, by which the servers go too.
///
/// # Errors
/// Where its clock is before 1970.
pub fn now() -> Result<Timestamp> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(Timestamp::from_unix_millis(i64::try_from(since.as_millis())?))
}

/// What is sealed is no secret here.
fn store_key() -> StoreKey {
    StoreKey::new([0x26; 32])
}

fn key_in(folder: &Path) -> Result<PathBuf> {
    let path = folder.join("store.key");
    std::fs::write(&path, store_key().to_hex().as_bytes())
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}
