//! `rsp smdp backup` and `rsp smdp restore`.

use std::fmt;
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Args;
use smdp::store::{Dumped, PostgresOptions, PostgresStore, SqliteStore, StoreKey};

use crate::compose::store;
use crate::config::{StoreChoice, StoreFlags, StoreSettings};
use crate::io::private;

#[derive(Args)]
pub struct Backup {
    #[command(flatten)]
    store: StoreFlags,
    /// The file to write; it must not exist. What is secret stays sealed in it: keep the store's key too
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Backup {
    pub async fn run(self) -> Result<()> {
        let settings = StoreSettings::resolve(self.store)?;
        let key = store::key(&settings, false)?;
        let file = private::options().create_new(true).open(&self.out);
        let file = file.with_context(|| format!("cannot make {}", self.out.display()))?;
        match backup(&settings, &key, file).await {
            Ok(dumped) => println!("{} written to {}", Shown(dumped), self.out.display()),
            Err(error) => {
                // Half a backup is none.
                let _ = std::fs::remove_file(&self.out);
                return Err(error);
            }
        }
        Ok(())
    }
}

async fn backup(settings: &StoreSettings, key: &StoreKey, file: File) -> Result<Dumped> {
    let mut out = BufWriter::new(file);
    let dumped = match &settings.choice {
        StoreChoice::Sqlite(path) => {
            ensure!(path.exists(), "there is no store {}", path.display());
            SqliteStore::backup(path, key, &mut out)?
        }
        StoreChoice::Postgres(url) => {
            PostgresStore::backup(url, key, PostgresOptions::default(), &mut out).await?
        }
    };
    out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    Ok(dumped)
}

#[derive(Args)]
pub struct Restore {
    #[command(flatten)]
    store: StoreFlags,
    /// The file that `backup` wrote
    #[arg(value_name = "FILE")]
    from: PathBuf,
}

impl Restore {
    pub async fn run(self) -> Result<()> {
        let settings = StoreSettings::resolve(self.store)?;
        let file = File::open(&self.from).with_context(|| format!("cannot read {}", self.from.display()))?;
        // A new store takes the key that the backup was made with; it is not made here.
        let key = store::key(&settings, false)?;
        let mut input = BufReader::new(file);
        let restored = match &settings.choice {
            StoreChoice::Sqlite(path) => {
                private::touch(path).with_context(|| format!("cannot make {}", path.display()))?;
                SqliteStore::restore(path, &key, &mut input)?
            }
            StoreChoice::Postgres(url) => {
                PostgresStore::restore(url, &key, PostgresOptions::default(), &mut input).await?
            }
        };
        println!("{} restored", Shown(restored));
        Ok(())
    }
}

/// What a backup holds, in words.
struct Shown(Dumped);

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Dumped { profiles, orders, rows } = self.0;
        write!(f, "{profiles} profiles, {orders} orders, {rows} records in all")
    }
}
