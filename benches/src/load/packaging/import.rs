//! Profile packages on their way into the store.

use std::sync::Arc;

use anyhow::Result;
use protocol::clock::Timestamp;
use smdp::domain::{NewProfile, Package, PackageProtection};
use smdp::store::{ImportId, SqliteStore, Store};
use tokio::runtime::{Builder, Runtime};
use zeroize::Zeroizing;

use super::work::Work;
use crate::pki::NOW;
use crate::profile;

/// How many profiles go into the store at a time, as in `rsp smdp import` …
const BATCH: usize = 500;

/// … but no more bytes than these, so that a step ends soon after its time is over.
const BATCH_BYTES: usize = 16 * 1024 * 1024;

/// How many ICCIDs each thread has to itself.
const ICCIDS: u64 = 1_000_000_000;

/// One import, which goes on for as long as there is time.
pub(super) struct Importer<'a> {
    store: Arc<SqliteStore>,
    runtime: Runtime,
    import: Option<ImportId>,
    next: u64,
    package: &'a [u8],
}

impl<'a> Importer<'a> {
    /// One of several that import the same package, each with ICCIDs of its own.
    pub(super) fn new(store: Arc<SqliteStore>, number: usize, package: &'a [u8]) -> Result<Self> {
        let runtime = Builder::new_current_thread().build()?;
        Ok(Self { store, runtime, import: None, next: number as u64 * ICCIDS, package })
    }

    fn begun(&mut self) -> Result<ImportId> {
        if let Some(import) = self.import {
            return Ok(import);
        }
        // No import is ever so old that this one would take it for dead.
        let import =
            self.runtime.block_on(self.store.begin_import(now(), Timestamp::from_unix_seconds(0)))?;
        Ok(*self.import.insert(import))
    }

    fn batch(&mut self) -> Result<Vec<NewProfile>> {
        let number = (BATCH_BYTES / self.package.len().max(1)).clamp(1, BATCH) as u64;
        let numbers = self.next..self.next + number;
        self.next = numbers.end;
        numbers.map(|number| profile(number, self.package)).collect()
    }
}

impl Work for Importer<'_> {
    fn some(&mut self) -> Result<u64> {
        let import = self.begun()?;
        let batch = self.batch()?;
        let number = batch.len() as u64;
        self.runtime.block_on(self.store.import_profiles(import, now(), batch))?;
        Ok(number)
    }

    fn finish(self) -> Result<()> {
        let Some(import) = self.import else { return Ok(()) };
        self.runtime.block_on(self.store.finish_import(import))?;
        Ok(())
    }
}

fn profile(number: u64, package: &[u8]) -> Result<NewProfile> {
    let iccid = profile::iccid(number)?;
    Ok(NewProfile {
        iccid,
        operator: None,
        profile_type: "bench".to_owned(),
        protection: PackageProtection::SessionKeys,
        metadata: profile::metadata(iccid)?,
        package: Package(Zeroizing::new(package.to_vec())),
    })
}

fn now() -> Timestamp {
    Timestamp::from_unix_seconds(NOW.0)
}
