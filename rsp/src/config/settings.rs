//! The settings that a server is started with, whole and checked.

use std::env::VarError;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use data_encoding::HEXLOWER_PERMISSIVE;
use protocol::bpp::HostId;
use protocol::types::ServerAddress;
use smdp::reports::Schedule;
use smdp::store::StoreKey;
use smdp::upkeep::RetentionPeriods;
use smdp::{Limits, NotificationPoints, Operator, Rebinding};
use zeroize::Zeroizing;

use super::file::{self, File};
use super::flags::{ServeFlags, StoreFlags};
use super::port_limits::port_limits;
use super::smds_access::{self, SmdsAccess};
use super::toml_file::TomlFile;

/// Where the store is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StoreChoice {
    Sqlite(PathBuf),
    /// A URL; it may hold a password.
    Postgres(Zeroizing<String>),
}

/// Where the store is, and its key where it was given.
pub struct StoreSettings {
    pub choice: StoreChoice,
    /// From the environment.
    pub key: Option<StoreKey>,
    pub key_file: Option<PathBuf>,
}

pub struct Settings {
    pub certs: PathBuf,
    pub listen: SocketAddr,
    pub address: Option<ServerAddress>,
    pub host_id: Option<HostId>,
    pub seed: Option<PathBuf>,
    pub catalogue: Option<CatalogueSettings>,
    pub store: StoreSettings,
    pub limits: Limits,
    pub rebinding: Rebinding,
    pub wire: wire::server::Limits,
    pub es2plus: Option<SocketAddr>,
    pub operators: Vec<OperatorSettings>,
    pub management: Option<ManagementSettings>,
    pub retention: RetentionPeriods,
    pub schedule: Schedule,
    /// Which SM-DSs, and how ES2+ waits for them.
    pub smds: smdp::Smds,
    /// Where they are.
    pub smds_access: Vec<SmdsAccess>,
}

/// The error catalogue, where it is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CatalogueSettings {
    /// The first of the ports on which InitiateAuthentication is refused, where it was given.
    pub doors: Option<u16>,
}

/// Where the ports of the catalogue begin, unless it is said: clear of the other ports of an SM-DP+.
pub fn first_door(main: u16) -> u16 {
    main.saturating_add(100)
}

pub struct ManagementSettings {
    pub listen: SocketAddr,
    pub token_file: Option<PathBuf>,
}

/// `127.0.0.1:8080, with a token`.
impl fmt::Display for ManagementSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let access = if self.token_file.is_some() { "with a token" } else { "without a token" };
        write!(f, "{}, {access}", self.listen)
    }
}

pub struct OperatorSettings {
    pub operator: Operator,
    pub recognition: Option<Recognition>,
    pub report_to: Option<String>,
    pub report_authority: Option<PathBuf>,
    pub report_certificate: Option<PathBuf>,
}

/// How an operator is known by its TLS certificate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Recognition {
    Certificate(PathBuf),
    Sha256([u8; 32]),
    Oid { oid: String, authority: PathBuf },
}

impl ManagementSettings {
    /// Nowhere, where no address is given; not for strangers without a token.
    pub(super) fn of(listen: Option<SocketAddr>, token_file: Option<PathBuf>) -> Result<Option<Self>> {
        let settings = listen.map(|listen| Self { listen, token_file });
        if let Some(Self { listen, token_file: None }) = &settings {
            ensure!(
                listen.ip().is_loopback(),
                "management.listen: on {listen} others than this machine could call it: set management.token_file"
            );
        }
        Ok(settings)
    }
}

impl StoreSettings {
    pub fn resolve(flags: StoreFlags) -> Result<Self> {
        let file = read_file(&flags)?;
        Self::with(&flags, &file)
    }

    fn with(flags: &StoreFlags, file: &TomlFile<File>) -> Result<Self> {
        // A path on the command line is relative to where that was typed, one in the file to the file.
        let choice = match (&flags.store, &file.content.store.at) {
            (Some(given), _) => StoreChoice::of(given, &|path| PathBuf::from(path)),
            (None, Some(given)) => StoreChoice::of(given, &|path| file.path(path.as_ref())),
            (None, None) => StoreChoice::Sqlite(PathBuf::from("smdp.sqlite")),
        };
        let key_in_file = file.content.store.key_file.as_ref().map(|path| file.path(path));
        let key = match std::env::var("RSP_SMDP_STORE_KEY").map(Zeroizing::new) {
            Ok(text) => Some(StoreKey::from_hex(&text).context("RSP_SMDP_STORE_KEY")?),
            Err(VarError::NotPresent) => None,
            Err(VarError::NotUnicode(_)) => bail!("RSP_SMDP_STORE_KEY: 64 hex digits are needed"),
        };
        Ok(Self { choice, key, key_file: flags.store_key.clone().or(key_in_file) })
    }
}

impl StoreChoice {
    pub(super) fn of(text: &str, path: &dyn Fn(&str) -> PathBuf) -> Self {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Self::Postgres(Zeroizing::new(text.to_owned()));
        }
        Self::Sqlite(path(text.strip_prefix("sqlite:").unwrap_or(text)))
    }
}

fn read_file(flags: &StoreFlags) -> Result<TomlFile<File>> {
    flags.config.as_deref().map_or_else(|| Ok(TomlFile::default()), TomlFile::read)
}

impl Settings {
    /// Flags and environment before the file, the file before the defaults.
    pub fn resolve(flags: ServeFlags) -> Result<Self> {
        let file = read_file(&flags.store)?;
        let in_file = |path: &Option<PathBuf>| path.as_ref().map(|path| file.path(path));
        let certs = flags.certs.clone().or(in_file(&file.content.server.certs));
        let host_id = flags.host_id.as_ref().or(file.content.server.host_id.as_ref());
        let host_id = host_id.map(|id| HostId::new(id.as_bytes()).context("server.host_id")).transpose()?;
        let operators: Vec<OperatorSettings> =
            file.content.operator.iter().map(|entry| operator(entry, &file)).collect::<Result<_>>()?;
        check_names(&operators)?;
        let es2plus = flags.es2plus_listen.or(file.content.es2plus.listen);
        ensure!(
            es2plus.is_none() || operators.iter().any(|operator| operator.recognition.is_some()),
            "es2plus.listen: nobody could call ES2+: no [[operator]] has a certificate or an oid"
        );
        let management_listen = flags.management_listen.or(file.content.management.listen);
        let token_file = flags.management_token_file.clone().or(in_file(&file.content.management.token_file));
        let management = ManagementSettings::of(management_listen, token_file)?;
        let (smds, smds_access) = smds_access::resolve(flags.smds.clone(), &file.content.smds)?;
        let limits = limits(&flags, &file.content.limits);
        let session_seconds = u64::try_from(limits.session_seconds).unwrap_or(u64::MAX);
        let rebinding = match flags.rebinding.or(file.content.limits.rebinding) {
            None | Some(file::Rebinding::Bind) => Rebinding::Bind,
            Some(file::Rebinding::Refuse) => Rebinding::Refuse,
        };
        let of_file = &file.content.limits;
        let wire = port_limits!(flags).or(port_limits!(of_file))?;
        Ok(Self {
            certs: certs.context("server.certs: a folder with certificates is needed (--certs)")?,
            listen: flags
                .listen
                .or(file.content.server.listen)
                .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8443))),
            address: flags.address.or(file.content.server.address.clone()),
            host_id,
            seed: flags.seed.or(in_file(&file.content.server.seed)),
            catalogue: (flags.catalogue || file.content.server.catalogue).then_some(CatalogueSettings {
                doors: flags.catalogue_doors.or(file.content.server.catalogue_doors),
            }),
            store: StoreSettings::with(&flags.store, &file)?,
            limits,
            rebinding,
            wire,
            es2plus,
            operators,
            management,
            // A session that an LPA may still go on with is not removed.
            retention: retention(&file.content.retention, Duration::from_secs(session_seconds)),
            schedule: schedule(&file.content.reports)?,
            smds,
            smds_access,
        })
    }
}

fn limits(flags: &ServeFlags, file: &file::Limits) -> Limits {
    let usual = Limits::default();
    let attempts = |flag: Option<u32>, file: Option<u32>, usual| flag.or(file).unwrap_or(usual);
    Limits {
        download_attempts: attempts(flags.download_attempts, file.download_attempts, usual.download_attempts),
        confirmation_code_attempts: attempts(
            flags.confirmation_code_attempts,
            file.confirmation_code_attempts,
            usual.confirmation_code_attempts,
        ),
        session_seconds: flags
            .session_seconds
            .or(file.session_seconds)
            .map_or(usual.session_seconds, |seconds| seconds.get().into()),
        order_days: flags.order_days.or(file.order_days),
    }
}

fn check_names(operators: &[OperatorSettings]) -> Result<()> {
    let mut names: Vec<&str> = operators.iter().map(|operator| operator.operator.name.as_str()).collect();
    names.sort_unstable();
    let twice = names.windows(2).find_map(|pair| match pair {
        [one, other] if one == other => Some(*one),
        _ => None,
    });
    match twice {
        Some(name) => bail!("operator {name}: two have this name"),
        None => Ok(()),
    }
}

fn operator(entry: &file::Operator, file: &TomlFile<File>) -> Result<OperatorSettings> {
    let name = &entry.name;
    ensure!(!name.is_empty(), "operator.name: it is empty");
    let path = |path: &PathBuf| file.path(path);
    let recognition = match (&entry.certificate, &entry.certificate_sha256, &entry.oid, &entry.authority) {
        (None, None, None, None) => None,
        (Some(certificate), None, None, None) => Some(Recognition::Certificate(path(certificate))),
        (None, Some(digest), None, None) => Some(Recognition::Sha256(
            HEXLOWER_PERMISSIVE
                .decode(digest.replace(':', "").as_bytes())
                .ok()
                .and_then(|digest| digest.try_into().ok())
                .with_context(|| format!("operator {name}: certificate_sha256: 64 hex digits are needed"))?,
        )),
        (None, None, Some(oid), Some(authority)) => {
            Some(Recognition::Oid { oid: oid.clone(), authority: path(authority) })
        }
        _ => bail!(
            "operator {name}: it is known by certificate, by certificate_sha256, or by oid and authority"
        ),
    };
    let points = points(&entry.points);
    let takes_reports = entry.report_to.is_some();
    Ok(OperatorSettings {
        operator: Operator { name: name.clone(), takes_reports, points },
        recognition,
        report_to: entry.report_to.clone(),
        report_authority: entry.report_authority.as_ref().map(path),
        report_certificate: entry.report_certificate.as_ref().map(path),
    })
}

fn points(given: &file::Points) -> NotificationPoints {
    let usual = NotificationPoints::default();
    let point = |given: Option<u32>, usual: Option<u32>| match given {
        None => usual,
        Some(0) => None,
        Some(point) => Some(point),
    };
    NotificationPoints {
        eligibility_passed: point(given.eligibility_passed, usual.eligibility_passed),
        eligibility_failed: point(given.eligibility_failed, usual.eligibility_failed),
        confirmation_failed: point(given.confirmation_failed, usual.confirmation_failed),
        download: point(given.download, usual.download),
        installation: point(given.installation, usual.installation),
        cancelled_before_download: point(given.cancelled_before_download, usual.cancelled_before_download),
        cancelled_after_download: point(given.cancelled_after_download, usual.cancelled_after_download),
        enabled: point(given.enabled, usual.enabled),
        disabled: point(given.disabled, usual.disabled),
        deleted: point(given.deleted, usual.deleted),
    }
}

fn retention(given: &file::Retention, session: Duration) -> RetentionPeriods {
    const HOUR: u64 = 60 * 60;
    let usual = RetentionPeriods::default();
    let period = |number: Option<u64>, unit: u64, usual: Duration| {
        number.map_or(usual, |number| Duration::from_secs(number.saturating_mul(unit)))
    };
    RetentionPeriods {
        sessions: period(given.session_hours, HOUR, usual.sessions).max(session),
        happenings: period(given.history_days, 24 * HOUR, usual.happenings),
        calls: period(given.call_days, 24 * HOUR, usual.calls),
        notifications: period(given.notification_days, 24 * HOUR, usual.notifications),
        every: usual.every,
    }
}

fn schedule(given: &file::Reports) -> Result<Schedule> {
    ensure!(
        given.first_pause_seconds != Some(0),
        "reports.first_pause_seconds: a pause lasts a second or more"
    );
    let usual = Schedule::default();
    let seconds = |given: Option<u64>, usual: Duration| given.map_or(usual, Duration::from_secs);
    let days = given.give_up_days.map(|days| days.saturating_mul(24 * 60 * 60));
    Ok(Schedule {
        first_pause: seconds(given.first_pause_seconds, usual.first_pause),
        longest_pause: seconds(given.longest_pause_seconds, usual.longest_pause),
        give_up_after: seconds(days, usual.give_up_after),
        ..usual
    })
}
