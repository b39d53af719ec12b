//! `rsp smdp import`.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use protocol::profile::ProfileTemplate;
use smdp::domain::{NewProfile, PackageProtection};
use smdp::import::{MetadataDefaults, Options, Source};
use smdp::store::{ImportId, Store, StoreError};

use crate::compose::store::{self, OpenStore, with_store};
use crate::config::{StoreFlags, StoreSettings};
use crate::io::machine;

/// How many profiles go into the store at a time.
const BATCH: usize = 500;

/// An import that has not been heard of for so long is dead.
const ABANDONED_AFTER: Duration = Duration::from_secs(10 * 60);

#[derive(Args)]
pub struct Import {
    #[command(flatten)]
    store: StoreFlags,
    /// Unprotected profile packages (DER)
    #[arg(value_name = "PACKAGE", required_unless_present_any = ["csv", "directory"])]
    packages: Vec<PathBuf>,
    /// A directory of packages (*.der, *.upp), each with its metadata beside it (*.toml) where it has some
    #[arg(long, value_name = "FOLDER", conflicts_with = "packages")]
    directory: Option<PathBuf>,
    /// Subscribers in rows, see docs/import.md
    #[arg(long, value_name = "FILE", conflicts_with_all = ["packages", "directory"])]
    csv: Option<PathBuf>,
    /// The package that the rows of the CSV are filled into [default: the built-in profile]
    #[arg(long, value_name = "PACKAGE", requires = "csv")]
    template: Option<PathBuf>,
    /// The operator that the profiles belong to
    #[arg(long)]
    operator: Option<String>,
    /// The type that they are ordered by [default: as the packages say, else generic]
    #[arg(long)]
    profile_type: Option<String>,
    /// Which keys protect the bound packages
    #[arg(long, value_enum, default_value = "session-keys")]
    protection: Protection,
    /// What the user sees of the profiles (TOML, see docs/import.md)
    #[arg(long, value_name = "FILE")]
    metadata: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Protection {
    SessionKeys,
    ProfileProtectionKeys,
}

impl Import {
    pub async fn run(mut self) -> Result<()> {
        let settings = StoreSettings::resolve(self.store.clone())?;
        let source = self.source()?;
        let open = store::open(&settings).await?;
        // Nobody else can have begun an import in a file that is ours alone.
        let abandoned_after = match &open {
            OpenStore::Sqlite(_) => Duration::ZERO,
            OpenStore::Postgres(_) => ABANDONED_AFTER,
        };
        let number = with_store!(open, store => import(&*store, source, abandoned_after).await)?;
        println!("{number} profiles imported");
        Ok(())
    }

    fn source(&mut self) -> Result<Source> {
        let metadata = match &self.metadata {
            Some(path) => MetadataDefaults::read(path)?,
            None => MetadataDefaults::default(),
        };
        let options = Options {
            operator: self.operator.take(),
            profile_type: self.profile_type.take(),
            protection: match self.protection {
                Protection::SessionKeys => PackageProtection::SessionKeys,
                Protection::ProfileProtectionKeys => PackageProtection::ProfileProtectionKeys,
            },
            metadata,
        };
        if let Some(csv) = &self.csv {
            return Ok(Source::csv(csv, self.template()?, options)?);
        }
        match &self.directory {
            Some(directory) => Ok(Source::directory(directory, options)?),
            None => Ok(Source::packages(std::mem::take(&mut self.packages), options)),
        }
    }

    fn template(&self) -> Result<ProfileTemplate> {
        let Some(path) = &self.template else { return Ok(ProfileTemplate::built_in()) };
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        ProfileTemplate::parse(&bytes).with_context(|| path.display().to_string())
    }
}

/// Takes in all, or nothing.
async fn import<S: Store>(store: &S, source: Source, abandoned_after: Duration) -> Result<u64> {
    let now = machine::system_clock().now();
    let id = store.begin_import(now, now.minus(abandoned_after).plus(Duration::from_millis(1))).await?;
    let outcome = tokio::select! {
        outcome = fill(store, id, source) => outcome,
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("interrupted")),
    };
    let outcome = match outcome {
        Ok(()) => store.finish_import(id).await.map_err(anyhow::Error::from),
        Err(error) => Err(error),
    };
    match outcome {
        Ok(number) => Ok(number),
        Err(error) => {
            if let Err(left) = store.abandon_import(id).await {
                tracing::warn!(error = %left, "what was taken in cannot be removed now; the next import removes it");
            }
            Err(error.context("nothing was imported"))
        }
    }
}

async fn fill<S: Store>(store: &S, id: ImportId, mut source: Source) -> Result<()> {
    let bar = progress(source.len_hint())?;
    let clock = machine::system_clock();
    loop {
        let batch: Vec<NewProfile> = source.by_ref().take(BATCH).collect::<Result<_, _>>()?;
        if batch.is_empty() {
            bar.finish_and_clear();
            return Ok(());
        }
        let taken = batch.len();
        match store.import_profiles(id, clock.now(), batch).await {
            Ok(()) => bar.inc(taken as u64),
            Err(StoreError::Taken(what)) => bail!("{what} is in the store already"),
            Err(StoreError::Conflict) => bail!("the import took too long and was removed by another one"),
            Err(other) => return Err(other.into()),
        }
        // Ctrl-C is heard between two batches.
        tokio::task::yield_now().await;
    }
}

fn progress(length: Option<u64>) -> Result<ProgressBar> {
    Ok(match length {
        Some(length) => ProgressBar::new(length).with_style(ProgressStyle::with_template(
            "{bar:40} {human_pos}/{human_len} profiles, {per_sec}, {eta} to go",
        )?),
        None => ProgressBar::no_length()
            .with_style(ProgressStyle::with_template("{spinner} {human_pos} profiles, {per_sec}")?),
    })
}
