//! The Profile Metadata of an order (SGP.22 §4.4, §5.5.3).

use asn1::{
    Iccid, MccMnc, NotificationConfigurationInformation, NotificationEvent, OperatorId, PprIds, ProfileClass,
    Raw, StoreMetadataRequest,
};
use protocol::types::ServerAddress;
use toml::Spanned;

use super::Mistake;
use super::file::{Class, Event, Metadata, Notification, Owner, PolicyRule};
use super::order::{mistake, parsed};

/// Builds the StoreMetadataRequest; what the file leaves out gets a value that says where it comes from.
pub fn build(iccid: &Iccid, metadata: &Metadata) -> Result<Raw<StoreMetadataRequest>, Mistake> {
    let name = named(&metadata.service_provider_name, "rsplab", "order.metadata.service_provider_name")?;
    let profile = named(&metadata.profile_name, "Test profile", "order.metadata.profile_name")?;
    let mut request = StoreMetadataRequest::new(*iccid, name, profile);
    request.profile_class = Some(match metadata.class {
        Class::Test => ProfileClass::TEST,
        Class::Provisioning => ProfileClass::PROVISIONING,
        Class::Operational => ProfileClass::OPERATIONAL,
    });
    request.profile_owner = metadata.profile_owner.as_ref().map(owner).transpose()?;
    request.profile_policy_rules = policy_rules(&metadata.policy_rules);
    // SGP.22 §2.4.5.3: rules are allowed or not by owner, so a profile with rules has one.
    if request.profile_policy_rules.is_some() && request.profile_owner.is_none() {
        return Err(Mistake {
            offset: None,
            field: "order.metadata.profile_owner".to_owned(),
            reason: "policy_rules need a profile_owner".to_owned(),
        });
    }
    let notifications: Vec<_> = metadata.notifications.iter().map(notification).collect::<Result<_, _>>()?;
    request.notification_configuration_info = Some(notifications).filter(|list| !list.is_empty());
    Ok(Raw::new(request))
}

fn named<const MAX: usize>(
    text: &Option<Spanned<String>>,
    default: &str,
    field: &str,
) -> Result<asn1::Text<MAX>, Mistake> {
    match text {
        Some(text) => parsed(text, field),
        None => default.parse().map_err(|error: asn1::TextTooLong| Mistake {
            offset: None,
            field: field.to_owned(),
            reason: error.to_string(),
        }),
    }
}

fn owner(owner: &Owner) -> Result<OperatorId, Mistake> {
    let gid = |text: &Option<Spanned<String>>, field: &str| {
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
            mistake(&owner.mcc_mnc, "order.metadata.profile_owner.mcc_mnc", reason)
        })?,
        gid1: gid(&owner.gid1, "order.metadata.profile_owner.gid1")?,
        gid2: gid(&owner.gid2, "order.metadata.profile_owner.gid2")?,
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

fn policy_rules(rules: &[PolicyRule]) -> Option<PprIds> {
    if rules.is_empty() {
        return None;
    }
    Some(PprIds::of(rules.iter().map(|rule| match rule {
        PolicyRule::Ppr1 => PprIds::PPR1,
        PolicyRule::Ppr2 => PprIds::PPR2,
    })))
}

fn notification(notification: &Notification) -> Result<NotificationConfigurationInformation, Mistake> {
    let address: ServerAddress = parsed(&notification.address, "order.metadata.notifications.address")?;
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
