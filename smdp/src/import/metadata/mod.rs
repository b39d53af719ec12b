//! The Profile Metadata (SGP.22 §4.4, §5.5.3) as a TOML table says it: of an order in a seed file, or of the profiles of
//! an import.

mod file;
mod icon;

use std::path::Path;

use asn1::{
    Iccid, Icon, IconType, MccMnc, NotificationConfigurationInformation, NotificationEvent, OperatorId,
    PprIds, ProfileClass, ProfileName, ServiceProviderName, StoreMetadataRequest,
};
use protocol::types::ServerAddress;
use toml::Spanned;

pub(crate) use file::Metadata;

use self::file::{Class, Event, Notification, Owner, PolicyRule};
use super::ImportError;

/// Metadata without the ICCID, checked. What the table leaves out has a value that says where it comes from.
#[derive(Clone, Debug)]
pub struct MetadataDefaults {
    service_provider_name: ServiceProviderName,
    profile_name: ProfileName,
    icon: Option<(IconType, Icon)>,
    class: ProfileClass,
    owner: Option<OperatorId>,
    policy_rules: Option<PprIds>,
    notifications: Option<Vec<NotificationConfigurationInformation>>,
}

/// A mistake in a table of metadata.
pub(crate) struct Mistake {
    /// Where in the text.
    pub offset: usize,
    /// The field, counted from the table: `profile_owner.gid1`.
    pub field: &'static str,
    /// What is wrong.
    pub reason: String,
}

/// Gives the bytes of a file by its name in the table.
pub(crate) type Load<'a> = &'a dyn Fn(&str) -> Result<Vec<u8>, String>;

impl Default for MetadataDefaults {
    fn default() -> Self {
        Self {
            service_provider_name: ServiceProviderName::new("rsplab").unwrap_or_default(),
            profile_name: ProfileName::new("Test profile").unwrap_or_default(),
            icon: None,
            class: ProfileClass::OPERATIONAL,
            owner: None,
            policy_rules: None,
            notifications: None,
        }
    }
}

impl MetadataDefaults {
    /// Reads a metadata file, and the icon that it names, relative to it.
    ///
    /// # Errors
    /// The first mistake.
    pub fn read(path: &Path) -> Result<Self, ImportError> {
        let text = std::fs::read_to_string(path).map_err(|error| ImportError::of_file(path, error))?;
        let line_of = |offset| text.bytes().take(offset).filter(|byte| *byte == b'\n').count() as u64 + 1;
        let table: Metadata = toml::from_str(&text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            let mistake = ImportError::of_file(path, error.message()).in_line(line_of(offset));
            ImportError { field: key_at(&text, offset), ..mistake }
        })?;
        let folder = path.parent().unwrap_or(Path::new("."));
        Self::of(&table, &|name| std::fs::read(folder.join(name)).map_err(|error| error.to_string())).map_err(
            |mistake| {
                ImportError::of_field(path, mistake.field, mistake.reason).in_line(line_of(mistake.offset))
            },
        )
    }

    /// Checks a table.
    pub(crate) fn of(table: &Metadata, load: Load<'_>) -> Result<Self, Mistake> {
        let otherwise = Self::default();
        let owner = table.profile_owner.as_ref().map(owner).transpose()?;
        let notifications: Vec<_> = table.notifications.iter().map(notification).collect::<Result<_, _>>()?;
        Ok(Self {
            service_provider_name: parsed(&table.service_provider_name, "service_provider_name")?
                .unwrap_or(otherwise.service_provider_name),
            profile_name: parsed(&table.profile_name, "profile_name")?.unwrap_or(otherwise.profile_name),
            icon: table.icon.as_ref().map(|name| icon(name, load)).transpose()?,
            class: match table.class {
                Class::Test => ProfileClass::TEST,
                Class::Provisioning => ProfileClass::PROVISIONING,
                Class::Operational => ProfileClass::OPERATIONAL,
            },
            policy_rules: policy_rules(&table.policy_rules, owner.is_some())?,
            owner,
            notifications: Some(notifications).filter(|list| !list.is_empty()),
        })
    }

    /// The metadata of one profile.
    pub(crate) fn request(&self, iccid: &Iccid) -> StoreMetadataRequest {
        let mut request =
            StoreMetadataRequest::new(*iccid, self.service_provider_name.clone(), self.profile_name.clone());
        if let Some((icon_type, icon)) = &self.icon {
            request.icon_type = Some(*icon_type);
            request.icon = Some(icon.clone());
        }
        request.profile_class = Some(self.class);
        request.profile_owner = self.owner.clone();
        request.profile_policy_rules = self.policy_rules.clone();
        request.notification_configuration_info = self.notifications.clone();
        request
    }
}

/// The key of the line at `offset`, for a mistake in the form of a file.
fn key_at(text: &str, offset: usize) -> Option<String> {
    let line = text.get(..offset)?.rfind('\n').map_or(0, |end| end + 1);
    let (key, _) = text.get(line..)?.lines().next()?.split_once('=')?;
    Some(key.trim().to_owned())
}

fn mistake<T>(value: &Spanned<T>, field: &'static str, reason: impl Into<String>) -> Mistake {
    Mistake { offset: value.span().start, field, reason: reason.into() }
}

fn parsed<T>(text: &Option<Spanned<String>>, field: &'static str) -> Result<Option<T>, Mistake>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    let parse = |text: &Spanned<String>| {
        text.get_ref().parse().map_err(|error: T::Err| mistake(text, field, error.to_string()))
    };
    text.as_ref().map(parse).transpose()
}

fn icon(name: &Spanned<String>, load: Load<'_>) -> Result<(IconType, Icon), Mistake> {
    let bytes = load(name.get_ref()).map_err(|reason| mistake(name, "icon", reason))?;
    icon::parse(bytes).map_err(|error| mistake(name, "icon", error.to_string()))
}

fn owner(owner: &Owner) -> Result<OperatorId, Mistake> {
    let gid = |text: &Option<Spanned<String>>, field| {
        text.as_ref()
            .map(|text| {
                data_encoding::HEXLOWER_PERMISSIVE
                    .decode(text.get_ref().as_bytes())
                    .map(Into::into)
                    .map_err(|_| mistake(text, field, "an even number of hexadecimal digits is needed"))
            })
            .transpose()
    };
    Ok(OperatorId {
        mcc_mnc: mcc_mnc(owner.mcc_mnc.get_ref()).ok_or_else(|| {
            let reason = "MCC and MNC are 5 or 6 decimal digits";
            mistake(&owner.mcc_mnc, "profile_owner.mcc_mnc", reason)
        })?,
        gid1: gid(&owner.gid1, "profile_owner.gid1")?,
        gid2: gid(&owner.gid2, "profile_owner.gid2")?,
        unknown: Default::default(),
    })
}

/// 3GPP TS 24.008 §10.5.1.13: MCC 1 and 2, MNC 3 (or F) and MCC 3, MNC 1 and 2, low nibble first.
fn mcc_mnc(text: &str) -> Option<MccMnc> {
    let digits: Vec<u8> =
        text.chars().map(|c| c.to_digit(10).map(|digit| digit as u8)).collect::<Option<_>>()?;
    let (mcc, mnc) = digits.split_at_checked(3)?;
    let (&[a, b, c], (d, e, f)) = (
        <&[u8; 3]>::try_from(mcc).ok()?,
        match *mnc {
            [d, e] => (d, e, 0xF),
            [d, e, f] => (d, e, f),
            _ => return None,
        },
    );
    MccMnc::new(vec![b << 4 | a, f << 4 | c, e << 4 | d]).ok()
}

fn policy_rules(
    rules: &Option<Spanned<Vec<PolicyRule>>>,
    has_owner: bool,
) -> Result<Option<PprIds>, Mistake> {
    let Some(rules) = rules.as_ref().filter(|rules| !rules.get_ref().is_empty()) else { return Ok(None) };
    // SGP.22 §2.4.5.3: rules are allowed or not by owner, so a profile with rules has one.
    if !has_owner {
        return Err(mistake(rules, "profile_owner", "policy_rules need a profile_owner"));
    }
    Ok(Some(PprIds::of(rules.get_ref().iter().map(|rule| match rule {
        PolicyRule::Ppr1 => PprIds::PPR1,
        PolicyRule::Ppr2 => PprIds::PPR2,
    }))))
}

fn notification(notification: &Notification) -> Result<NotificationConfigurationInformation, Mistake> {
    let text = &notification.address;
    let address: ServerAddress =
        text.get_ref().parse().map_err(|error: <ServerAddress as std::str::FromStr>::Err| {
            mistake(text, "notifications.address", error.to_string())
        })?;
    let event = match notification.event {
        Event::Install => NotificationEvent::INSTALL,
        Event::Enable => NotificationEvent::ENABLE,
        Event::Disable => NotificationEvent::DISABLE,
        Event::Delete => NotificationEvent::DELETE,
    };
    Ok(NotificationConfigurationInformation {
        profile_management_operation: NotificationEvent::of([event]),
        notification_address: address.to_string(),
        unknown: Default::default(),
    })
}
