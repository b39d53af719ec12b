//! What is told of a card.

use anyhow::{Context, Result};
use certs::Certificate;
use data_encoding::HEXUPPER;
use euicc_sim::state::{
    CardState, Information, Notification, OpenInstallation, Owner, PolicyRules, ProfileChange, Rule,
};
use serde::Serialize;
use serde_json::{Map, Value};

use super::profile::ProfileReport;

/// What is shown beside the rest.
#[derive(Clone, Copy)]
pub struct Shown {
    pub files: bool,
    pub secrets: bool,
}

/// A card.
#[derive(Serialize)]
pub struct Report {
    pub eid: String,
    pub personality: String,
    /// The quirks as the state keeps them; absent on a card without.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quirks: Option<Map<String, Value>>,
    pub atr: String,
    pub isd_r_aids: Vec<String>,
    pub information: Information,
    pub identities: Vec<IdentityReport>,
    pub trusted_cis: Vec<CiReport>,
    pub addresses: Addresses,
    pub rules_authorisation_table: Vec<RuleReport>,
    pub memory: Memory,
    pub profiles: Vec<ProfileReport>,
    pub notifications: Vec<NotificationReport>,
    pub next_sequence_number: u64,
    /// The profile change that waits for a REFRESH or a reset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending_change: Option<String>,
    /// The AID of the operational profile that comes back after the test profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operational_before_test: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_installation: Option<InstallationReport>,
    pub has_retained_one_time_key: bool,
    /// The revocation lists as the state keeps them; absent where none was loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation: Option<Value>,
}

/// The eUICC under one CI.
#[derive(Serialize)]
pub struct IdentityReport {
    pub ci_pk_id: String,
    pub curve: String,
    pub euicc_certificate: CertificateReport,
    pub eum_certificate: CertificateReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_key: Option<String>,
}

/// A certificate.
#[derive(Serialize)]
pub struct CertificateReport {
    pub subject: String,
    pub serial_number: String,
    pub not_after: String,
}

/// A CI whose servers are believed.
#[derive(Serialize)]
pub struct CiReport {
    pub ci_pk_id: String,
    pub curve: String,
    pub subject: String,
}

/// ES10a addresses.
#[derive(Serialize)]
pub struct Addresses {
    pub default_smdp: Option<String>,
    pub initial_default_smdp: Option<String>,
    pub root_smds: String,
}

/// A rule of the Rules Authorisation Table.
#[derive(Serialize)]
pub struct RuleReport {
    pub policy_rules: Vec<&'static str>,
    pub allowed_operators: Vec<String>,
    pub consent_required: bool,
}

/// Memory for profiles, bytes.
#[derive(Serialize)]
pub struct Memory {
    pub size: u32,
    pub used: u32,
    pub free: u32,
}

/// A notification that waits.
#[derive(Serialize)]
pub struct NotificationReport {
    pub sequence_number: u64,
    pub event: String,
    pub address: Option<String>,
    pub iccid: Option<String>,
    /// Bytes of what an LPA would fetch.
    pub size: usize,
}

/// An installation that has begun.
#[derive(Serialize)]
pub struct InstallationReport {
    pub transaction_id: String,
    pub server_address: String,
    pub bpp_command_id: u8,
    pub iccid: Option<String>,
}

impl Report {
    /// Tells of a card.
    pub fn of(state: &CardState, shown: Shown) -> Result<Self> {
        let identities = state.identities.iter().map(|record| {
            let euicc = read(&record.euicc_certificate, "an eUICC certificate")?;
            let eum = read(&record.eum_certificate, "an EUM certificate")?;
            let ci = eum.authority_key_identifier().map(|ci| HEXUPPER.encode(ci.bytes()));
            Ok(IdentityReport {
                ci_pk_id: ci.unwrap_or_default(),
                curve: euicc.curve().to_string(),
                euicc_certificate: CertificateReport::of(&euicc),
                eum_certificate: CertificateReport::of(&eum),
                private_key: shown.secrets.then(|| HEXUPPER.encode(record.private_key.expose())),
            })
        });
        let trusted_cis = state.trusted_ci_certificates.iter().map(|der| {
            let ci = read(der, "a CI certificate")?;
            let id = ci.subject_key_identifier().map(|id| HEXUPPER.encode(id.bytes()));
            Ok(CiReport {
                ci_pk_id: id.unwrap_or_default(),
                curve: ci.curve().to_string(),
                subject: ci.subject().to_string(),
            })
        });
        let free = state.free_memory();
        Ok(Self {
            eid: state.eid.to_string(),
            personality: state.platform.personality.clone(),
            quirks: match serde_json::to_value(&state.quirks)? {
                Value::Object(quirks) if !quirks.is_empty() => Some(quirks),
                _ => None,
            },
            atr: HEXUPPER.encode(&state.platform.atr),
            isd_r_aids: state.platform.isd_r_aids.iter().map(|aid| HEXUPPER.encode(aid)).collect(),
            information: state.information.clone(),
            identities: identities.collect::<Result<_>>()?,
            trusted_cis: trusted_cis.collect::<Result<_>>()?,
            addresses: Addresses {
                default_smdp: state.addresses.default_smdp.clone(),
                initial_default_smdp: state.addresses.initial_default_smdp.clone(),
                root_smds: state.addresses.root_smds.clone(),
            },
            rules_authorisation_table: state.rules_authorisation_table.iter().map(RuleReport::of).collect(),
            memory: Memory { size: state.memory_size, used: state.memory_size - free, free },
            profiles: state.profiles.iter().map(|profile| ProfileReport::of(profile, shown)).collect(),
            notifications: state.notifications.all().into_iter().map(NotificationReport::of).collect(),
            next_sequence_number: state.notifications.next_sequence_number,
            pending_change: state.pending_change.as_ref().map(|change| match change {
                ProfileChange::Enable(aid) => format!("enable {aid}"),
                ProfileChange::Disable(aid) => format!("disable {aid}"),
            }),
            operational_before_test: state.operational_before_test.map(|aid| aid.to_string()),
            open_installation: state.open_installation.as_ref().map(InstallationReport::of),
            has_retained_one_time_key: state.retained_one_time_key.is_some(),
            revocation: (!state.revocation.is_empty())
                .then(|| serde_json::to_value(&state.revocation))
                .transpose()?,
        })
    }
}

fn read(der: &[u8], what: &str) -> Result<Certificate> {
    Certificate::from_der(der).with_context(|| format!("{what} of the card cannot be read"))
}

impl CertificateReport {
    fn of(certificate: &Certificate) -> Self {
        Self {
            subject: certificate.subject().to_string(),
            serial_number: HEXUPPER.encode(certificate.serial_number()),
            not_after: certificate.validity().not_after.to_string(),
        }
    }
}

impl RuleReport {
    fn of(rule: &Rule) -> Self {
        Self {
            policy_rules: rules(rule.policy_rules),
            allowed_operators: rule.allowed_operators.iter().map(owner).collect(),
            consent_required: rule.consent_required,
        }
    }
}

impl NotificationReport {
    fn of(notification: &Notification) -> Self {
        let metadata: Option<asn1::NotificationMetadata> = asn1::der::decode(&notification.metadata).ok();
        Self {
            sequence_number: notification.sequence_number,
            event: notification.event.to_string(),
            address: metadata.as_ref().map(|metadata| metadata.notification_address.clone()),
            iccid: metadata.and_then(|metadata| metadata.iccid).map(|iccid| iccid.to_string()),
            size: notification.pending_notification.len(),
        }
    }
}

impl InstallationReport {
    fn of(installation: &OpenInstallation) -> Self {
        Self {
            transaction_id: HEXUPPER.encode(installation.transaction_id.bytes()),
            server_address: installation.server_address.clone(),
            bpp_command_id: installation.bpp_command_id,
            iccid: installation.iccid.map(|iccid| iccid.to_string()),
        }
    }
}

/// The names of the rules that are set (SGP.22 §2.8.1.1).
pub fn rules(rules: PolicyRules) -> Vec<&'static str> {
    let named = [(rules.update_control, "ppr-update-control"), (rules.ppr1, "ppr1"), (rules.ppr2, "ppr2")];
    named.into_iter().filter_map(|(set, name)| set.then_some(name)).collect()
}

/// MCC and MNC as digits, E for any digit, then the GIDs where they restrict.
fn owner(owner: &Owner) -> String {
    let mut text = mcc_mnc(owner.mcc_mnc);
    for (name, gid) in [("GID1", &owner.gid1), ("GID2", &owner.gid2)] {
        match gid {
            None => text += &format!(", no {name}"),
            Some(gid) if gid.is_empty() => {}
            Some(gid) => text += &format!(", {name} {}", HEXUPPER.encode(gid)),
        }
    }
    text
}

/// 3GPP TS 24.008 §10.5.1.13: digits 2, 1; MNC digit 3, MCC digit 3; MNC digits 2, 1. F stands for no third digit.
pub fn mcc_mnc([first, second, third]: [u8; 3]) -> String {
    let digits = [first & 15, first >> 4, second & 15, third & 15, third >> 4, second >> 4];
    let mcc: String = digits.iter().take(3).map(|digit| format!("{digit:X}")).collect();
    let mnc: String =
        digits.iter().skip(3).filter(|digit| **digit != 15).map(|digit| format!("{digit:X}")).collect();
    format!("{mcc}-{mnc}")
}
