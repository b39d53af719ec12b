//! What is shown of a profile: never its package.

use asn1::{IconType, NotificationEvent, PprIds, Raw, StoreMetadataRequest};
use data_encoding::HEXUPPER;
use serde::Serialize;
use utoipa::ToSchema;

use super::metadata::{Class, Event, Notification, Owner, PolicyRule};
use crate::domain::Profile;
use crate::management::names::StateName;

/// Some of the profiles.
#[derive(Serialize, ToSchema)]
pub(in crate::management) struct ProfileList {
    pub profiles: Vec<ProfileItem>,
    /// `after` of the next list; null where this is the last.
    pub next: Option<i64>,
}

/// A profile.
#[derive(Serialize, ToSchema)]
#[schema(as = Profile)]
pub(in crate::management) struct ProfileItem {
    /// Its number here.
    id: i64,
    #[schema(example = "89882119900000000014")]
    iccid: String,
    /// Who may order it over ES2+; null where nobody may.
    operator: Option<String>,
    /// What it is ordered by.
    profile_type: String,
    state: StateName,
    /// The order that has it.
    order: Option<i64>,
    /// Which keys protect its package when it is bound.
    #[schema(value_type = String, example = "session-keys")]
    protection: &'static str,
    /// The size of its package in bytes.
    package_size: usize,
}

impl From<Profile> for ProfileItem {
    fn from(profile: Profile) -> Self {
        Self {
            id: profile.id.0,
            iccid: profile.iccid.to_string(),
            operator: profile.operator,
            profile_type: profile.profile_type,
            state: StateName(profile.state),
            order: profile.order.map(|order| order.0),
            protection: profile.protection.name(),
            package_size: profile.package_size,
        }
    }
}

/// A profile with its metadata.
#[derive(Serialize, ToSchema)]
pub(in crate::management) struct ProfileDetail {
    #[serde(flatten)]
    profile: ProfileItem,
    /// What the user sees of it (SGP.22 §4.4); null where it cannot be read.
    metadata: Option<MetadataShown>,
}

impl ProfileDetail {
    pub fn of(profile: Profile) -> Self {
        let metadata = Raw::<StoreMetadataRequest>::from_der(&profile.metadata);
        Self { metadata: metadata.ok().map(|metadata| metadata.value().into()), profile: profile.into() }
    }
}

/// The Profile Metadata (SGP.22 §4.4, §5.5.3).
#[derive(Serialize, ToSchema)]
#[schema(as = Metadata)]
struct MetadataShown {
    service_provider_name: String,
    profile_name: String,
    /// null where it is of none that SGP.22 defines.
    class: Option<Class>,
    icon: Option<IconShown>,
    profile_owner: Option<Owner>,
    policy_rules: Vec<PolicyRule>,
    notifications: Vec<Notification>,
}

/// The icon, without its bytes.
#[derive(Serialize, ToSchema)]
#[schema(as = Icon)]
struct IconShown {
    /// `png` or `jpg`.
    #[schema(value_type = String, example = "png")]
    r#type: &'static str,
    /// In bytes.
    size: usize,
}

impl From<&StoreMetadataRequest> for MetadataShown {
    fn from(metadata: &StoreMetadataRequest) -> Self {
        let rules = metadata.profile_policy_rules.as_ref();
        let has = |bit| rules.is_some_and(|rules| rules.has(bit));
        let rule = |(bit, rule)| has(bit).then_some(rule);
        let icon_type = metadata.icon_type.as_ref().map(|icon_type| match *icon_type {
            IconType::PNG => "png",
            IconType::JPG => "jpg",
            _ => "unknown",
        });
        let icon = icon_type.zip(metadata.icon.as_ref());
        Self {
            service_provider_name: metadata.service_provider_name.to_string(),
            profile_name: metadata.profile_name.to_string(),
            class: Class::of(metadata.class()),
            icon: icon.map(|(r#type, icon)| IconShown { r#type, size: icon.bytes().len() }),
            profile_owner: metadata.profile_owner.as_ref().map(Into::into),
            policy_rules: [(PprIds::PPR1, PolicyRule::Ppr1), (PprIds::PPR2, PolicyRule::Ppr2)]
                .into_iter()
                .filter_map(rule)
                .collect(),
            notifications: notifications(metadata),
        }
    }
}

impl From<&asn1::OperatorId> for Owner {
    fn from(owner: &asn1::OperatorId) -> Self {
        Self {
            mcc_mnc: mcc_mnc(owner.mcc_mnc.bytes()),
            gid1: owner.gid1.as_ref().map(|gid| HEXUPPER.encode(gid)),
            gid2: owner.gid2.as_ref().map(|gid| HEXUPPER.encode(gid)),
        }
    }
}

/// 3GPP TS 24.008 §10.5.1.13: MCC 1 and 2, MNC 3 (or F) and MCC 3, MNC 1 and 2, low nibble first.
fn mcc_mnc(bytes: &[u8]) -> String {
    let nibbles: Vec<u8> = bytes.iter().flat_map(|byte| [byte & 0xF, byte >> 4]).collect();
    let order: &[usize] = &[0, 1, 2, 4, 5, 3];
    let digits = order.iter().filter_map(|place| nibbles.get(*place)).filter(|nibble| **nibble != 0xF);
    digits.map(|nibble| format!("{nibble:X}")).collect()
}

fn notifications(metadata: &StoreMetadataRequest) -> Vec<Notification> {
    let configured = metadata.notification_configuration_info.iter().flatten();
    configured
        .flat_map(|one| {
            let operation = &one.profile_management_operation;
            events_of(operation)
                .map(|event| Notification { event, address: one.notification_address.clone() })
                .collect::<Vec<_>>()
        })
        .collect()
}

/// The operations that SGP.22 v2 knows.
pub(in crate::management) fn events_of(operation: &NotificationEvent) -> impl Iterator<Item = Event> {
    [
        (NotificationEvent::INSTALL, Event::Install),
        (NotificationEvent::ENABLE, Event::Enable),
        (NotificationEvent::DISABLE, Event::Disable),
        (NotificationEvent::DELETE, Event::Delete),
    ]
    .into_iter()
    .filter_map(|(bit, event)| operation.has(bit).then_some(event))
}
