//! The store that the settings name, and its key.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use rand_core::Rng;
use smdp::store::{PostgresOptions, PostgresStore, SqliteStore, StoreKey};
use zeroize::Zeroizing;

use crate::config::{StoreChoice, StoreSettings};
use crate::io::{machine, private};

/// An open store of either kind.
pub enum OpenStore {
    Sqlite(Arc<SqliteStore>),
    Postgres(Arc<PostgresStore>),
}

/// Does the same with a store of either kind.
macro_rules! with_store {
    ($open:expr, $store:ident => $work:expr) => {
        match $open {
            $crate::compose::store::OpenStore::Sqlite($store) => $work,
            $crate::compose::store::OpenStore::Postgres($store) => $work,
        }
    };
}
pub(crate) use with_store;

/// Opens it to serve from it, or to change it; makes it where it is not there.
pub async fn open(settings: &StoreSettings) -> Result<OpenStore> {
    let key = key(settings, true)?;
    Ok(match &settings.choice {
        StoreChoice::Sqlite(path) => {
            // Made private before anything is in it.
            private::touch(path).with_context(|| format!("cannot make {}", path.display()))?;
            OpenStore::Sqlite(Arc::new(SqliteStore::open(path, &key)?))
        }
        StoreChoice::Postgres(url) => OpenStore::Postgres(Arc::new(postgres(url, &key).await?)),
    })
}

/// Opens it to look at it, beside the server that has it.
pub async fn open_read_only(settings: &StoreSettings) -> Result<OpenStore> {
    let key = key(settings, false)?;
    Ok(match &settings.choice {
        StoreChoice::Sqlite(path) => {
            ensure!(path.exists(), "there is no store {}", path.display());
            OpenStore::Sqlite(Arc::new(SqliteStore::open_read_only(path, &key)?))
        }
        StoreChoice::Postgres(url) => {
            let options = PostgresOptions::default();
            OpenStore::Postgres(Arc::new(PostgresStore::connect_read_only(url, &key, options).await?))
        }
    })
}

async fn postgres(url: &str, key: &StoreKey) -> Result<PostgresStore> {
    Ok(PostgresStore::connect(url, key, PostgresOptions::default()).await?)
}

/// The key as it was given; else, for SQLite, the one beside the store. A new store gets a new one there.
pub fn key(settings: &StoreSettings, may_make: bool) -> Result<StoreKey> {
    if let Some(key) = &settings.key {
        return Ok(key.clone());
    }
    if let Some(path) = &settings.key_file {
        return read_key(path);
    }
    let StoreChoice::Sqlite(store) = &settings.choice else {
        anyhow::bail!(
            "a store in PostgreSQL needs a key that all its nodes know (--store-key, or RSP_SMDP_STORE_KEY): \
             64 hex digits, such as `openssl rand -hex 32` makes"
        );
    };
    let path = beside(store);
    // A key that is lost is not replaced: nothing would open with another.
    if may_make && !path.exists() && SqliteStore::takes_a_new_key(store)? {
        make_key(&path).with_context(|| format!("cannot make {}", path.display()))?;
    }
    read_key(&path)
}

fn beside(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".key");
    PathBuf::from(name)
}

fn read_key(path: &Path) -> Result<StoreKey> {
    let text = std::fs::read_to_string(path).map(Zeroizing::new);
    let text = text.with_context(|| format!("cannot read the store's key {}", path.display()))?;
    StoreKey::from_hex(&text).with_context(|| path.display().to_string())
}

fn make_key(path: &Path) -> Result<()> {
    use std::io::Write;
    let mut secret = Zeroizing::new([0; 32]);
    machine::system_rng()?.fill_bytes(&mut *secret);
    let mut file = private::options().create_new(true).open(path)?;
    writeln!(file, "{}", *StoreKey::new(*secret).to_hex())?;
    file.sync_all()?;
    // The folder too: a power cut must not take the key and leave the store.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(())
}
