//! GetProfilesInfo (SGP.22 §5.7.15).

use asn1::ProfileInfoListError;
use asn1::tlv::{self, Tlv};

use crate::apdu::StatusWord;
use crate::engine::Target;
use crate::isdr::{Es10Result, Isdr, tag};
use crate::object::{error, integer};
use crate::state::{Profile, ProfileState};

/// Data objects of ProfileInfo, in the order of their type.
const PROFILE_INFO: [u32; 15] =
    [0x5A, 0x4F, 0x9F70, 0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0xB6, 0xB7, 0xB8, 0x99, 0xBF22, 0xBF76];

/// What is told without a tag list.
const DEFAULT: [u32; 9] = [0x5A, 0x4F, 0x9F70, 0x90, 0x91, 0x92, 0x93, 0x94, 0x95];

const PROFILE_STATE: u32 = 0x9F70;

pub(crate) fn execute(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    let Some(query) = Query::read(request.value) else {
        let refusal = ProfileInfoListError::INCORRECT_INPUT_VALUES;
        isdr.tracer().refused("SGP.22 §5.7.15", "search criterion and tag list are well formed", &refusal);
        return Ok(error(tag::GET_PROFILES_INFO, 0x81, refusal.value()));
    };
    // SGP.22 §5.7.15: no states while they are about to change, or the terminal has not taken note of it.
    if isdr.cat_is_busy() && query.tags.contains(&PROFILE_STATE) {
        return Err(StatusWord::CONDITIONS_NOT_SATISFIED);
    }
    let chosen = isdr.state().profiles.iter().filter(|profile| query.criterion.fits(profile));
    let list: Vec<u8> = chosen.flat_map(|profile| profile_info(profile, &query.tags)).collect();
    Ok(tlv::wrap(tag::GET_PROFILES_INFO, &tlv::wrap(0xA0, &list)))
}

struct Query<'a> {
    criterion: Criterion<'a>,
    tags: Vec<u32>,
}

enum Criterion<'a> {
    All,
    Target(Target<'a>),
    Class(u8),
}

impl<'a> Query<'a> {
    /// `None` where the request has another form than ProfileInfoListRequest.
    fn read(value: &'a [u8]) -> Option<Self> {
        let mut query = Self { criterion: Criterion::All, tags: DEFAULT.to_vec() };
        for member in tlv::children(value) {
            let member = member.ok()?;
            match member.tag.0 {
                0xA0 => query.criterion = Criterion::read(member.value)?,
                0x5C => query.tags = tag_list(member.value)?,
                _ => return None,
            }
        }
        Some(query)
    }
}

impl<'a> Criterion<'a> {
    fn read(choice: &'a [u8]) -> Option<Self> {
        let (criterion, rest) = tlv::read(choice).ok()?;
        match (criterion.tag.0, criterion.value, rest) {
            (0x95, [class], []) => Some(Self::Class(*class)),
            (0x4F | 0x5A, _, []) => Target::read(criterion).ok().map(Self::Target),
            _ => None,
        }
    }

    fn fits(&self, profile: &Profile) -> bool {
        match self {
            Self::All => true,
            Self::Target(target) => target.is(profile),
            Self::Class(class) => profile.class.number() == *class,
        }
    }
}

/// The tags of a tag list. Those that name nothing here are passed over: there is no such object to return.
fn tag_list(mut octets: &[u8]) -> Option<Vec<u32>> {
    let mut tags = Vec::new();
    while let [first, rest @ ..] = octets {
        let mut tag = u32::from(*first);
        octets = rest;
        if first & 0x1F == 0x1F {
            loop {
                let (next, rest) = octets.split_first()?;
                tag = tag.checked_mul(256)? | u32::from(*next);
                octets = rest;
                if next & 0x80 == 0 {
                    break;
                }
            }
        }
        tags.push(tag);
    }
    Some(tags)
}

/// A ProfileInfo TLV (E3) with those of the wanted objects that the profile has.
fn profile_info(profile: &Profile, wanted: &[u32]) -> Vec<u8> {
    let objects: Vec<u8> = PROFILE_INFO
        .into_iter()
        .filter(|tag| wanted.contains(tag))
        .flat_map(|tag| object(profile, tag))
        .collect();
    tlv::wrap(0xE3, &objects)
}

fn object(profile: &Profile, tag: u32) -> Vec<u8> {
    match tag {
        0x5A => tlv::wrap(tag, profile.iccid.bytes()),
        0x4F => tlv::wrap(tag, profile.isdp_aid.as_bytes()),
        PROFILE_STATE => integer(tag, i64::from(profile.state == ProfileState::Enabled)),
        0x90 => profile.nickname.as_ref().map_or_else(Vec::new, |name| tlv::wrap(tag, name.as_bytes())),
        0x95 => integer(tag, i64::from(profile.class.number())),
        0xB8 => profile.dp_proprietary_data.clone().unwrap_or_default(),
        // A rule may have been cleared since the metadata came.
        0x99 if profile.policy_rules.bits() == 0 => Vec::new(),
        0x99 => tlv::wrap(tag, &profile.policy_rules.bit_string()),
        // The rest is told as the SM-DP+ wrote it.
        _ => as_in_metadata(profile, tag).unwrap_or_default(),
    }
}

fn as_in_metadata(profile: &Profile, tag: u32) -> Option<Vec<u8>> {
    let (metadata, _) = tlv::read(profile.metadata.bytes()).ok()?;
    tlv::find(metadata.value, tag).map(|object| object.raw.to_vec())
}
