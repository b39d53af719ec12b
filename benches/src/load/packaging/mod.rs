//! Profile packages alone, in this process and without a network: how fast they are imported, protected and bound.
//!
//! * Importing puts them into a store of SQLite in a file, each commit on disk before the next begins: it is the disk and one thread
//!   of the store that are measured, not the reading of the packages.
//! * Protecting is SCP03t under random profile protection keys.
//! * Binding is all that GetBoundProfilePackage computes (SGP.22 §5.6.2): the eUICC's answer verified, a one-time key made and agreed
//!   on, InitialiseSecureChannel signed, the package protected. Beside it stands its floor, measured in the same run: the
//!   bare primitives. Under profile protection keys the floor leaves the package out, for it can be protected ahead of time.

mod bind;
mod import;
mod result;
mod work;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::{Context, Result};
use crypto::Curve;
use smdp::store::{SqliteStore, StoreKey};

pub use self::result::{FORMAT, PackagingResult, PlanTold, Row, Step};

use self::bind::{Binder, Ends, Protecting};
use self::import::Importer;
use self::work::{Done, together};
use super::machine;
use crate::floor::{Primitives, protection};
use crate::profile;

/// Sizes that profile packages of operators have, bytes.
pub const SIZES: [usize; 3] = [12 * 1024, 64 * 1024, 512 * 1024];

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The sizes of the packages, bytes: at least 1.3 KB each, and met within 100 bytes.
    pub sizes: Vec<usize>,
    /// How many threads do the same at once.
    pub threads: NonZeroUsize,
    /// How long each step goes on with each size.
    pub duration: Duration,
    /// The curve of the keys.
    pub curve: Curve,
    /// Where the store is made, in a folder of its own that is removed with it: on the disk that is to be measured.
    pub folder: PathBuf,
}

/// How far a run is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// The step.
    pub step: Step,
    /// Bytes of the packages.
    pub size: usize,
    /// Packages that this step has done of this size.
    pub packages: u64,
    /// How many rows of the result there are already.
    pub rows: usize,
    /// How many there will be.
    pub of: usize,
}

/// Runs it, on threads of its own; the caller's is blocked for as long as it takes. `progress` is called many times a second.
///
/// # Errors
/// Where the store cannot be made or an engine fails, and soon after `stop` was set.
pub fn run(plan: &Plan, stop: &AtomicBool, mut progress: impl FnMut(Progress)) -> Result<PackagingResult> {
    let began = jiff::Timestamp::now();
    let ends = Ends::new(plan.curve)?;
    let of = plan.sizes.len() * Step::ALL.len();
    let mut rows = Vec::with_capacity(of);
    for asked in plan.sizes.iter().copied() {
        let package = profile::package(profile::iccid(1)?, asked)?;
        for step in Step::ALL {
            let (size, number) = (package.len(), rows.len());
            let floor = floor(step, plan.curve, &package)?;
            let done = done(step, plan, &ends, &package, stop, |packages| {
                progress(Progress { step, size, packages, rows: number, of });
            });
            let done = done.with_context(|| format!("{} of {size} bytes", step.name()))?;
            rows.push(row(step, [asked, size], &done, floor));
        }
    }
    Ok(PackagingResult {
        format: FORMAT,
        began: began.to_string(),
        plan: PlanTold {
            threads: plan.threads.get(),
            seconds: plan.duration.as_secs_f64(),
            curve: plan.curve.to_string(),
        },
        machine: machine::here(),
        rows,
    })
}

/// One step with one package.
fn done(
    step: Step,
    plan: &Plan,
    ends: &Ends,
    package: &[u8],
    stop: &AtomicBool,
    seen: impl FnMut(u64),
) -> Result<Done> {
    let (threads, duration) = (0..plan.threads.get(), plan.duration);
    match step {
        Step::Import => {
            let folder = tempfile::tempdir_in(&plan.folder)
                .with_context(|| format!("cannot make a folder in {}", plan.folder.display()))?;
            let store = SqliteStore::open(&folder.path().join("store.sqlite"), &StoreKey::new([0x5A; 32]))?;
            let store = Arc::new(store);
            let importer = |number| Importer::new(store.clone(), number, package);
            together(threads.map(importer).collect::<Result<Vec<_>>>()?, duration, stop, seen)
        }
        Step::Protect => {
            together(threads.map(|number| Protecting::new(number, package)).collect(), duration, stop, seen)
        }
        Step::BindUnderSessionKeys => {
            let binder = |number| Binder::under_session_keys(number, ends, package);
            together(threads.map(binder).collect(), duration, stop, seen)
        }
        Step::BindUnderProfileProtectionKeys => {
            let binder = |number| Binder::under_profile_protection_keys(number, ends, package);
            together(threads.map(binder).collect(), duration, stop, seen)
        }
    }
}

/// What a step takes at least of one processor, measured now.
fn floor(step: Step, curve: Curve, package: &[u8]) -> Result<Option<Duration>> {
    const ROUNDS: usize = 5;
    const CALLS: u32 = 20;
    let protected = match step {
        Step::Import | Step::Protect => return Ok(None),
        Step::BindUnderSessionKeys => protection(package, CALLS),
        Step::BindUnderProfileProtectionKeys => Duration::ZERO,
    };
    Ok(Some(Primitives::measure(curve, ROUNDS, CALLS)?.binding(protected)))
}

fn row(step: Step, [asked, size]: [usize; 2], done: &Done, floor: Option<Duration>) -> Row {
    const MEGABYTE: f64 = 1024.0 * 1024.0;
    let Done { packages, elapsed, processor } = done;
    let (seconds, processor_seconds) = (elapsed.as_secs_f64(), processor.as_secs_f64());
    let packages_per_second = *packages as f64 / seconds.max(f64::MIN_POSITIVE);
    let processor_seconds_each = processor_seconds / (*packages).max(1) as f64;
    let ratio = |floor: Duration| floor.as_secs_f64() / processor_seconds_each.max(f64::MIN_POSITIVE);
    Row {
        step,
        asked,
        size,
        packages: *packages,
        seconds,
        processor_seconds,
        packages_per_second,
        megabytes_per_second: packages_per_second * size as f64 / MEGABYTE,
        floor: floor.map(|floor| floor.as_secs_f64() * 1e6),
        floor_ratio: floor.map(ratio),
    }
}
