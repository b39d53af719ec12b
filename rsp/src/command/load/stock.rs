//! `rsp load orders`.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use benches::load::orders::Pattern;
use benches::load::stock::{self, OrderKind};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use smdp::domain::PackageProtection;

use super::output::writable;
use crate::compose::store::{self, with_store};
use crate::config::{StoreFlags, StoreSettings};
use crate::io::machine;

/// Puts released orders into the store of an SM-DP+, each for a profile of its own that every eUICC may download once: what
/// `rsp load download --matching-id-pattern` then asks for.
///
/// The server may not run meanwhile where the store is a file.
#[derive(Args)]
pub struct Stock {
    #[command(flatten)]
    store: StoreFlags,
    /// How many
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: u64,
    /// The number of the first
    #[arg(long, value_name = "N", default_value_t = 1)]
    first: u64,
    /// The size of each profile package in bytes, 1500 at least
    #[arg(long, value_name = "BYTES", default_value_t = 12_288,
          value_parser = clap::value_parser!(u32).range(1500..=1_048_576))]
    size: u32,
    /// Which keys protect the bound packages
    #[arg(long, value_enum, default_value = "session-keys")]
    protection: Protection,
    /// Their MatchingIDs: the number stands for {}
    #[arg(long = "matching-id-pattern", value_name = "PATTERN", default_value = "LOAD-{}")]
    pattern: Pattern,
    /// Write the MatchingIDs to this file, one a line
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Protection {
    SessionKeys,
    ProfileProtectionKeys,
}

impl Stock {
    pub async fn run(self) -> Result<ExitCode> {
        let kind = OrderKind {
            pattern: self.pattern,
            size: self.size as usize,
            protection: match self.protection {
                Protection::SessionKeys => PackageProtection::SessionKeys,
                Protection::ProfileProtectionKeys => PackageProtection::ProfileProtectionKeys,
            },
        };
        if let Some(path) = &self.out {
            writable(path)?;
        }
        let numbers = self.first..self.first.saturating_add(self.count);
        let settings = StoreSettings::resolve(self.store)?;
        let open = store::open(&settings).await?;
        let bar = bar(self.count)?;
        let now = machine::system_clock().now();
        with_store!(open, store => {
            stock::fill(&*store, now, &kind, numbers.clone(), |added| bar.inc(added)).await
        })?;
        bar.finish_and_clear();
        if let Some(path) = &self.out {
            list(path, &kind.pattern, numbers).with_context(|| format!("cannot write {}", path.display()))?;
        }
        println!("{} orders are ready", self.count);
        Ok(ExitCode::SUCCESS)
    }
}

/// Writes the MatchingIDs.
fn list(path: &Path, pattern: &Pattern, mut numbers: Range<u64>) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    numbers.try_for_each(|number| writeln!(file, "{}", pattern.at(number)))?;
    file.flush()
}

fn bar(orders: u64) -> Result<ProgressBar> {
    let style =
        ProgressStyle::with_template("{bar:40} {human_pos}/{human_len} orders, {per_sec}, {eta} to go")?;
    Ok(ProgressBar::new(orders).with_style(style))
}
