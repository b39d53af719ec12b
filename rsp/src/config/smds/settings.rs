//! The settings that a server is started with, whole and checked.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use certs::Oid;
use protocol::types::ServerAddress;
use smds::Limits;
use smds::upkeep::RetentionPeriods;

use super::file::{self, File};
use super::flags::{ServeFlags, StoreFlags};
use crate::config::port_limits::port_limits;
use crate::config::toml_file::TomlFile;
use crate::config::{ManagementSettings, StoreChoice};

/// So long a caller waits for us, if anybody does.
const LONGEST_PATIENCE: Duration = Duration::from_secs(300);

pub struct Settings {
    pub certs: PathBuf,
    pub listen: SocketAddr,
    pub address: Option<ServerAddress>,
    pub es12: SocketAddr,
    /// Who may call ES12; everybody where there is none.
    pub callers: Vec<Oid>,
    /// ES15 of the Root SM-DS.
    pub root: Option<ServerAddress>,
    pub store: StoreChoice,
    pub limits: Limits,
    pub wire: wire::server::Limits,
    pub management: Option<ManagementSettings>,
    pub retention: RetentionPeriods,
}

/// Where the store is.
pub fn store(flags: &StoreFlags) -> Result<StoreChoice> {
    Ok(choice(flags, &read_file(flags)?))
}

fn read_file(flags: &StoreFlags) -> Result<TomlFile<File>> {
    flags.config.as_deref().map_or_else(|| Ok(TomlFile::default()), TomlFile::read)
}

/// A path on the command line is relative to where that was typed, one in the file to the file.
fn choice(flags: &StoreFlags, file: &TomlFile<File>) -> StoreChoice {
    match (&flags.store, &file.content.store.at) {
        (Some(given), _) => StoreChoice::of(given, &|path| PathBuf::from(path)),
        (None, Some(given)) => StoreChoice::of(given, &|path| file.path(path.as_ref())),
        (None, None) => StoreChoice::Sqlite(PathBuf::from("smds.sqlite")),
    }
}

impl Settings {
    /// Flags and environment before the file, the file before the defaults.
    pub fn resolve(flags: ServeFlags) -> Result<Self> {
        let file = read_file(&flags.store)?;
        let in_file = |path: &Option<PathBuf>| path.as_ref().map(|path| file.path(path));
        let File { server, es12, root, limits: of_file, management, retention, .. } = &file.content;
        let certs = flags.certs.clone().or(in_file(&server.certs));
        let token_file = flags.management_token_file.clone().or(in_file(&management.token_file));
        let management = ManagementSettings::of(flags.management_listen.or(management.listen), token_file)?;
        let callers = es12
            .callers
            .iter()
            .map(|oid| certs::oid::parse(oid).with_context(|| format!("es12.callers: {oid}")));
        let root_address = flags.root.clone().or(root.address.clone());
        let limits = limits(&flags, of_file, root);
        ensure!(limits.root_patience <= LONGEST_PATIENCE, "root.patience_seconds: 300 at most");
        let wire = port_limits!(flags).or(port_limits!(of_file))?;
        Ok(Self {
            certs: certs.context("server.certs: a folder with certificates is needed (--certs)")?,
            listen: flags.listen.or(server.listen).unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8453))),
            address: flags.address.or(server.address.clone()),
            es12: flags.es12_listen.or(es12.listen).unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8454))),
            callers: callers.collect::<Result<_>>()?,
            root: root_address,
            store: choice(&flags.store, &file),
            limits,
            wire,
            management,
            retention: periods(retention, &limits),
        })
    }
}

fn limits(flags: &ServeFlags, file: &file::Limits, root: &file::Root) -> Limits {
    let usual = Limits::default();
    let session_seconds = flags.session_seconds.or(file.session_seconds);
    Limits {
        session_seconds: session_seconds.map_or(usual.session_seconds, |seconds| seconds.get().into()),
        event_days: flags.event_days.or(file.event_days).map(std::num::NonZeroU32::get),
        root_patience: root
            .patience_seconds
            .map_or(usual.root_patience, |seconds| Duration::from_secs(seconds.get())),
    }
}

fn periods(given: &file::Retention, limits: &Limits) -> RetentionPeriods {
    const DAY: u64 = 24 * 60 * 60;
    let usual = RetentionPeriods::default();
    let session = Duration::from_secs(u64::try_from(limits.session_seconds).unwrap_or(u64::MAX));
    RetentionPeriods {
        // A session that an LPA may still go on with is not removed.
        sessions: usual.sessions.max(session),
        ended_events: given.ended_event_days.map(|days| Duration::from_secs(days.saturating_mul(DAY))),
        every: usual.every,
    }
}
