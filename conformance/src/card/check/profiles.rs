//! Of the profiles on the card (SGP.22 §5.7.15).

use std::fmt;

use asn1::{PprIds, ProfileInfo, ProfileInfoListResponse, ProfileState, der, tlv};

use super::{Finding, Held, hex, holds, last_data};
use crate::card::bench::Bench;
use crate::card::profile::{ICON, PROFILE_NAME, SERVICE_PROVIDER, Slot};

/// Of the profiles on the card.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Profiles {
    /// This profile is there and in this state.
    State(Slot, ProfileState),
    /// This profile is not there.
    Absent(Slot),
    /// This profile has this nickname.
    Nickname(Slot, Option<&'static str>),
    /// Its ISD-P has an AID of the range for that.
    AidIsOfAnIsdP(Slot),
    /// The profiles that were there before are so in the state that they had.
    OthersAreUntouched,
    /// Of the profiles of the case the last list has just these.
    ListHas(&'static [Slot]),
    /// The last list has just these.
    ListHasOnly(&'static [Slot]),
    /// The last list is empty.
    ListIsEmpty,
    /// In the last list this profile has objects with just these tags.
    TagsAre(Slot, &'static [u32]),
    /// In the last list this profile has what its metadata says.
    ContentIsThatOfMetadata(Slot),
}

impl Profiles {
    pub(super) fn hold(self, bench: &mut Bench<'_>) -> Held {
        match self {
            Self::State(slot, expected) => {
                let state = find(bench, slot)?.ok_or("it is not there")?.profile_state;
                holds(state == Some(expected), format_args!("it is {state:?}"))
            }
            Self::Absent(slot) => holds(find(bench, slot)?.is_none(), "it is there"),
            Self::Nickname(slot, expected) => {
                let nickname = find(bench, slot)?.ok_or("it is not there")?.profile_nickname;
                let nickname =
                    nickname.as_ref().map(|nickname| nickname.as_str()).filter(|text| !text.is_empty());
                holds(nickname == expected, format_args!("it is {nickname:?}"))
            }
            Self::AidIsOfAnIsdP(slot) => {
                /// SGP.02 annex H: RID and PIX of an ISD-P, before its number.
                const BEGINNING: [u8; 12] = [0xA0, 0, 0, 5, 0x59, 0x10, 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0x89];
                let aid = find(bench, slot)?.ok_or("it is not there")?.isdp_aid.ok_or("it has no AID")?;
                let is_one = match aid.bytes().strip_prefix(&BEGINNING) {
                    Some([0, high, low, 0]) => u16::from_be_bytes([*high, *low]) >= 0x0010,
                    _ => false,
                };
                holds(is_one, aid)
            }
            Self::OthersAreUntouched => others_are_untouched(bench),
            Self::ListHas(slots) => {
                let iccids: Vec<_> = list(bench)?.iter().filter_map(|info| info.iccid).collect();
                for slot in Slot::ALL {
                    let there = iccids.contains(&bench.profile(slot).iccid);
                    let not = if there { "" } else { " not" };
                    holds(there == slots.contains(&slot), format_args!("{slot} is{not} in it"))?;
                }
                Ok(())
            }
            Self::ListHasOnly(slots) => {
                let mut iccids: Vec<_> = list(bench)?.iter().filter_map(|info| info.iccid).collect();
                let mut expected: Vec<_> = slots.iter().map(|slot| bench.profile(*slot).iccid).collect();
                iccids.sort();
                expected.sort();
                holds(iccids == expected, format_args!("it has {iccids:?}"))
            }
            Self::ListIsEmpty => {
                let list = list(bench)?;
                holds(list.is_empty(), format_args!("it has {} entries", list.len()))
            }
            Self::TagsAre(slot, expected) => tags_are(bench, slot, expected),
            Self::ContentIsThatOfMetadata(slot) => content(bench, slot),
        }
    }
}

fn find(bench: &mut Bench<'_>, slot: Slot) -> Result<Option<ProfileInfo>, Finding> {
    let iccid = bench.profile(slot).iccid;
    let list = bench.profiles_info(&[0x5A, 0x4F, 0x9F70, 0x90])??;
    Ok(list.into_iter().find(|info| info.iccid == Some(iccid)))
}

fn others_are_untouched(bench: &mut Bench<'_>) -> Held {
    let before = bench.properties.profiles.clone()?;
    let now = bench.profiles_info(&[0x5A, 0x9F70])??;
    for info in &before {
        let same = now.iter().find(|other| other.iccid == info.iccid);
        let state = same.ok_or("one is gone")?.profile_state;
        holds(state == info.profile_state, format_args!("{:?} is {state:?}", info.iccid))?;
    }
    Ok(())
}

/// The last list that the case asked for.
fn list(bench: &Bench<'_>) -> Result<Vec<ProfileInfo>, Finding> {
    match der::decode(last_data(bench)?)? {
        ProfileInfoListResponse::ProfileInfoListOk(list) => Ok(list),
        ProfileInfoListResponse::ProfileInfoListError(error) => Err(Finding::is(error)),
    }
}

fn tags_are(bench: &Bench<'_>, slot: Slot, expected: &[u32]) -> Held {
    let entries = entries(last_data(bench)?)?;
    let iccid = *bench.profile(slot).iccid.bytes();
    let is_it = |entry: &&Objects| entry.iter().any(|(tag, value)| *tag == 0x5A && *value == iccid);
    // Where the ICCID was not asked for, there is one entry only to look at.
    let entry = entries.iter().find(is_it).or(match entries.as_slice() {
        [only] => Some(only),
        _ => None,
    });
    let mut actual: Vec<u32> = entry.ok_or("it is not there")?.iter().map(|(tag, _)| *tag).collect();
    let mut expected = expected.to_vec();
    actual.sort_unstable();
    expected.sort_unstable();
    holds(actual == expected, format_args!("the tags are {actual:02X?}"))
}

/// The objects of one profile: tag and value.
type Objects = Vec<(u32, Vec<u8>)>;

/// The objects of each E3 in the list.
fn entries(data: &[u8]) -> Result<Vec<Objects>, Finding> {
    let unreadable = |error: tlv::TlvError| Finding::is(error);
    let outer = tlv::read(data).map_err(unreadable)?.0;
    let list = tlv::find(outer.value, 0xA0).ok_or("there is no list")?;
    let entry = |entry: Result<tlv::Tlv<'_>, tlv::TlvError>| {
        let objects = tlv::children(entry.map_err(unreadable)?.value);
        objects
            .map(|object| object.map(|object| (object.tag.0, object.value.to_vec())).map_err(unreadable))
            .collect()
    };
    tlv::children(list.value).map(entry).collect()
}

fn content(bench: &Bench<'_>, slot: Slot) -> Held {
    let profile = bench.profile(slot).clone();
    let list = list(bench)?;
    let info = list.iter().find(|info| info.iccid == Some(profile.iccid)).ok_or("it is not there")?;
    let metadata = profile.metadata()?;
    let text = |name: &str, actual: Option<&str>, expected: &str| {
        holds(actual.is_none_or(|actual| actual == expected), format_args!("{name} is {actual:?}"))
    };
    text("serviceProviderName", info.service_provider_name.as_ref().map(|t| t.as_str()), SERVICE_PROVIDER)?;
    text("profileName", info.profile_name.as_ref().map(|t| t.as_str()), PROFILE_NAME)?;
    let class = info.profile_class.unwrap_or(asn1::ProfileClass::OPERATIONAL);
    holds(class == profile.class(), format_args!("profileClass is {class}"))?;
    let icon_type = info.icon_type.is_none() || info.icon_type == metadata.icon_type;
    holds(icon_type, format_args!("iconType is {:?}", info.icon_type))?;
    if let Some(icon) = &info.icon {
        holds(icon.bytes() == ICON, format_args!("icon is {}", hex(icon.bytes())))?;
    }
    let owner = (&info.profile_owner, &metadata.profile_owner);
    holds(info.profile_owner.is_none() || owner.0 == owner.1, "profileOwner is another one")?;
    let entries = (&info.notification_configuration_info, &metadata.notification_configuration_info);
    holds(entries.0.is_none() || entries.0 == entries.1, "notificationConfigurationInfo is other data")?;
    let rules = info.profile_policy_rules.clone().unwrap_or_default();
    let expected = PprIds::of(profile.rules().iter().copied());
    holds(
        info.profile_policy_rules.is_none() || rules == expected,
        format_args!("profilePolicyRules are {{{rules}}}"),
    )
}

impl fmt::Display for Profiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let slots = |f: &mut fmt::Formatter<'_>, slots: &[Slot]| {
            slots.iter().enumerate().try_for_each(|(index, slot)| {
                let between = if index == 0 { "" } else { " and " };
                write!(f, "{between}{slot}")
            })
        };
        match self {
            Self::State(slot, state) => {
                write!(f, "{slot} is {}", state.name().unwrap_or("in an unknown state"))
            }
            Self::Absent(slot) => write!(f, "{slot} is not on the card"),
            Self::Nickname(slot, None) => write!(f, "{slot} has no nickname"),
            Self::Nickname(slot, Some(_)) => write!(f, "{slot} has the nickname"),
            Self::AidIsOfAnIsdP(slot) => write!(f, "the AID of {slot} is in the range of ISD-Ps"),
            Self::OthersAreUntouched => f.write_str("other profiles are as they were"),
            Self::ListHas(all) => {
                f.write_str("the list has ")?;
                slots(f, all)
            }
            Self::ListHasOnly(all) => {
                f.write_str("the list has only ")?;
                slots(f, all)
            }
            Self::ListIsEmpty => f.write_str("the list is empty"),
            Self::TagsAre(slot, tags) => write!(f, "{slot} comes with just the tags {tags:02X?}"),
            Self::ContentIsThatOfMetadata(slot) => write!(f, "{slot} has what its metadata says"),
        }
    }
}
