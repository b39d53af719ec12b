//! What waits at the SM-DP+, and what the SM-DS tells of it.

use asn1::{
    Iccid, Icon, IconType, MccMnc, NotificationConfigurationInformation, NotificationEvent, OperatorId,
    PprIds, Raw, StoreMetadataRequest, Unknown,
};
use crypto::scp03t::SessionKeys;
use protocol::confirmation_code::ConfirmationCodeHash;
use protocol::profile::{Subscriber, default_profile};
use rand_chacha::ChaCha20Rng;
use rand_core::Rng;
use zeroize::Zeroizing;

use super::Addresses;
use crate::lpa::situation::{Event, Order, Server, Situation};

/// A profile that waits at the SM-DP+.
pub struct Waiting {
    /// By what it is asked for.
    pub matching_id: String,
    /// Which profile it is.
    pub iccid: Iccid,
    /// What is particular about it.
    pub(super) sketch: Order,
    pub(super) offered: Raw<StoreMetadataRequest>,
    pub(super) package: Zeroizing<Vec<u8>>,
    /// The confirmation code that its user has.
    pub confirmation_code: String,
    pub(super) code_hash: ConfirmationCodeHash,
}

/// An event.
#[derive(Clone, Debug)]
pub struct Told {
    /// eventId.
    pub event_id: String,
    /// Where it leads.
    pub server: Server,
    /// What that server tells, where it is an Alternative SM-DS.
    pub behind: Option<Box<Told>>,
}

/// What a profile cannot be made of: a fault of this program.
#[derive(Debug, thiserror::Error)]
#[error("a profile for the case cannot be made: {0}")]
pub struct NoProfile(String);

/// Everything that waits in a situation, and what the SM-DS tells.
///
/// # Errors
/// [`NoProfile`].
pub fn of(
    situation: &Situation,
    addresses: &Addresses,
    rng: &mut ChaCha20Rng,
) -> Result<(Vec<Waiting>, Vec<Told>), NoProfile> {
    let mut waiting = vec![Waiting::new(situation.order, addresses, rng)?];
    let mut told = Vec::new();
    for event in situation.events {
        let unknown = format!("JUDGE-{}", digits(8, rng));
        if *event == Event::UnknownProfile {
            told.push(Told { event_id: unknown, server: Server::Smdp, behind: None });
            continue;
        }
        let profile = Waiting::new(Order::PLAIN, addresses, rng)?;
        let at_smdp = Told { event_id: profile.matching_id.clone(), server: Server::Smdp, behind: None };
        told.push(match event {
            Event::Alternative => {
                Told { event_id: unknown, server: Server::Second, behind: Some(Box::new(at_smdp)) }
            }
            _ => at_smdp,
        });
        waiting.push(profile);
    }
    Ok((waiting, told))
}

impl Waiting {
    fn new(sketch: Order, addresses: &Addresses, rng: &mut ChaCha20Rng) -> Result<Self, NoProfile> {
        let failed = |error: &dyn std::fmt::Display| NoProfile(error.to_string());
        // Nobody's: 89, country code 882, then whatever the seed gives.
        let body = format!("8988211{}", digits(11, rng));
        let iccid: Iccid = format!("{body}{}", check_digit(&body)).parse().map_err(|error| failed(&error))?;
        let imsi = format!("00101{}", digits(10, rng)).parse().map_err(|error| failed(&error))?;
        let mut key = || {
            let mut bytes = Zeroizing::new([0; 16]);
            rng.fill_bytes(bytes.as_mut_slice());
            bytes
        };
        let subscriber = Subscriber::new(iccid, imsi, key(), key());
        let confirmation_code = digits(6, rng);
        let offered = Raw::new(metadata(iccid, sketch, addresses).map_err(|error| failed(&error))?);
        Ok(Self {
            matching_id: format!("JUDGE-{}-{}", digits(4, rng), digits(4, rng)),
            iccid,
            sketch,
            offered,
            package: default_profile(&subscriber),
            code_hash: ConfirmationCodeHash::of(&confirmation_code),
            confirmation_code,
        })
    }

    /// The metadata with a rule that was not offered.
    pub(super) fn with_policy_rule(&self) -> Raw<StoreMetadataRequest> {
        let mut metadata = self.offered.value().clone();
        add_policy_rule(&mut metadata);
        Raw::new(metadata)
    }
}

fn metadata(
    iccid: Iccid,
    sketch: Order,
    addresses: &Addresses,
) -> Result<StoreMetadataRequest, asn1::TextTooLong> {
    let (provider, name) = ("rsplab judge".parse()?, "Conformance profile".parse()?);
    let mut metadata = StoreMetadataRequest::new(iccid, provider, name);
    if sketch.policy_rule {
        add_policy_rule(&mut metadata);
    }
    metadata.notification_configuration_info = sketch.announced_to.map(|server| {
        vec![NotificationConfigurationInformation {
            profile_management_operation: NotificationEvent::of([NotificationEvent::INSTALL]),
            notification_address: addresses.of(server).to_string(),
            unknown: Unknown::none(),
        }]
    });
    if sketch.icon {
        metadata.icon_type = Some(IconType::PNG);
        metadata.icon = Icon::new(vec![0x89; 1024]).ok();
    }
    Ok(metadata)
}

/// PPR2, and an owner, without whom there is no rule (SGP.22 §5.5.3).
fn add_policy_rule(metadata: &mut StoreMetadataRequest) {
    metadata.profile_policy_rules = Some(PprIds::of([PprIds::PPR2]));
    metadata.profile_owner = MccMnc::new([0x00, 0xF1, 0x10]).ok().map(|mcc_mnc| OperatorId {
        mcc_mnc,
        gid1: None,
        gid2: None,
        unknown: Unknown::none(),
    });
}

pub(super) fn protection_keys(keys: ([u8; 16], [u8; 16], [u8; 16])) -> SessionKeys {
    let (mac_chaining_value, s_enc, s_mac) = keys;
    SessionKeys { mac_chaining_value, s_enc, s_mac }
}

fn digits(count: usize, rng: &mut ChaCha20Rng) -> String {
    (0..count).map(|_| char::from(b'0' + u8::try_from(rng.next_u32() % 10).unwrap_or(0))).collect()
}

/// ITU-T E.118: the digit of Luhn.
fn check_digit(digits: &str) -> u32 {
    let weighted = digits.bytes().rev().enumerate().map(|(place, digit)| {
        let digit = u32::from(digit.saturating_sub(b'0')) * if place % 2 == 0 { 2 } else { 1 };
        digit / 10 + digit % 10
    });
    (10 - weighted.sum::<u32>() % 10) % 10
}
