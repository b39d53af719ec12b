//! A laboratory for tests: a PKI, a card at the end of a T=0 line, and an SM-DP+ whose every message can be spoiled.
#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod crl;
pub mod failure;
pub mod package;
pub mod quirky;
pub mod smdp;
pub mod uicc;

use std::sync::{Arc, OnceLock};

use asn1::tlv;
use certs::tree::Pki;
use certs::workshop::{Plan, Workshop};
use certs::{Role, UnixTime, Variant};
use crypto::Curve;
use euicc_sim::state::{CardState, manufacture};
use euicc_sim::{Card, Environment, ISD_R_AID, InMemory};
use protocol::clock::{FixedClock, Timestamp};
use protocol::trace::{Actor, Tracer};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

pub const BOTH_CURVES: [Curve; 2] = Curve::ALL;
pub const NOW: i64 = 1_795_000_000;
pub const ICCID: &str = "89000123456789012341";
pub const EID: [u8; 16] =
    [0x89, 0x04, 0x90, 0x32, 0x12, 0x34, 0x51, 0x23, 0x45, 0x12, 0x34, 0x56, 0x78, 0x90, 0x12, 0x35];

pub fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXUPPER_PERMISSIVE.decode(text.replace(' ', "").as_bytes()).unwrap()
}

/// The PKI all tests share.
pub fn pki() -> &'static Pki {
    static PKI: OnceLock<Pki> = OnceLock::new();
    PKI.get_or_init(|| {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let hosts = vec!["smdp.example.com".to_owned()];
        let plan = Plan { eid: EID, dp_hosts: hosts.clone(), ds_hosts: hosts };
        let tree = Workshop::new(UnixTime(NOW), &mut rng).tree(&plan).unwrap();
        Pki::from_tree(&tree).unwrap()
    })
}

/// A new card with the given curve in first place.
pub fn new_state(preferred: Curve) -> CardState {
    let mut curves = Curve::ALL.to_vec();
    curves.sort_by_key(|curve| *curve != preferred);
    manufacture(pki(), &curves).unwrap()
}

pub fn environment(memory: InMemory) -> Environment {
    environment_with(Box::new(memory), Tracer::off(Actor::Euicc))
}

pub fn environment_with(memory: Box<dyn euicc_sim::NonVolatile + Send>, tracer: Tracer) -> Environment {
    Environment {
        rng: Box::new(ChaCha20Rng::seed_from_u64(2)),
        clock: Arc::new(FixedClock(Timestamp::from_unix_seconds(NOW))),
        tracer,
        memory,
    }
}

/// A card in a reader, with the ISD-R selected on channel 1.
pub struct Terminal {
    pub card: Card,
    pub memory: InMemory,
    /// Bytes in one STORE DATA block.
    pub block: usize,
}

impl Terminal {
    pub fn new(state: CardState) -> Self {
        let memory = InMemory::default();
        let card = Card::power_on(state, environment(memory.clone())).unwrap();
        Self::with_card(card, memory)
    }

    pub fn with_card(card: Card, memory: InMemory) -> Self {
        let mut terminal = Self { card, memory, block: 255 };
        terminal.select_isdr();
        terminal
    }

    pub fn select_isdr(&mut self) {
        assert_eq!(self.send(&hex("0070000001")), hex("019000"));
        let select = [&hex("01A4040010")[..], &ISD_R_AID].concat();
        assert_eq!(self.send(&select), hex("6121"));
    }

    pub fn reset(&mut self) {
        self.card.reset();
        self.select_isdr();
    }

    /// One APDU.
    pub fn send(&mut self, apdu: &[u8]) -> Vec<u8> {
        self.card.transmit(apdu)
    }

    /// A command object through STORE DATA and GET RESPONSE: response data and status word.
    pub fn es10(&mut self, object: &[u8]) -> (Vec<u8>, u16) {
        self.store_data(object, 0x11)
    }

    /// The case 3 form.
    pub fn case_3(&mut self, object: &[u8]) -> u16 {
        let (data, status) = self.store_data(object, 0x10);
        assert!(data.is_empty());
        status
    }

    fn store_data(&mut self, object: &[u8], p1: u8) -> (Vec<u8>, u16) {
        let blocks: Vec<&[u8]> = object.chunks(self.block).collect();
        for (index, block) in blocks.iter().enumerate() {
            let last = index + 1 == blocks.len();
            let p1 = if last { 0x80 | p1 } else { p1 };
            let header = [0x81, 0xE2, p1, u8::try_from(index).unwrap(), u8::try_from(block.len()).unwrap()];
            let response = self.card.transmit(&[&header, *block].concat());
            if !last {
                assert_eq!(response, hex("9000"), "blocks before the last are answered without data");
                continue;
            }
            return self.collect(response);
        }
        unreachable!("an object has bytes")
    }

    /// Fetches what 61xx announces.
    pub fn collect(&mut self, mut response: Vec<u8>) -> (Vec<u8>, u16) {
        let mut data = Vec::new();
        loop {
            let status = response.split_off(response.len() - 2);
            data.extend(response);
            match status[..] {
                [0x61, left] => response = self.card.transmit(&[0x81, 0xC0, 0, 0, left]),
                [high, low] => return (data, u16::from_be_bytes([high, low])),
                _ => unreachable!(),
            }
        }
    }

    /// A command object that is executed: its response.
    pub fn ok(&mut self, object: &[u8]) -> Vec<u8> {
        let (data, status) = self.es10(object);
        assert_eq!(status, 0x9000, "{object:02X?}");
        data
    }

    /// A command whose response has one result code: that code.
    pub fn result(&mut self, object: &[u8]) -> u8 {
        let response = self.ok(object);
        let (outer, _) = tlv::read(&response).unwrap();
        let (code, rest) = tlv::read(outer.value).unwrap();
        assert_eq!((code.tag.0, rest.len(), code.value.len()), (0x80, 0, 1), "{response:02X?}");
        code.value[0]
    }

    pub fn challenge(&mut self) -> Vec<u8> {
        let response = self.ok(&hex("BF2E00"));
        assert_eq!(response[..5], hex("BF2E128010"));
        response[5..].to_vec()
    }

    /// The profiles as (ICCID, enabled).
    pub fn profiles(&mut self) -> Vec<(String, bool)> {
        let response = self.ok(&hex("BF2D00"));
        let response: asn1::ProfileInfoListResponse = asn1::der::decode(&response).unwrap();
        let asn1::ProfileInfoListResponse::ProfileInfoListOk(list) = response else { panic!("{response:?}") };
        list.iter()
            .map(|info| {
                (info.iccid.unwrap().to_string(), info.profile_state == Some(asn1::ProfileState::ENABLED))
            })
            .collect()
    }

    /// All pending notifications.
    pub fn notifications(&mut self) -> Vec<asn1::Raw<asn1::PendingNotification>> {
        let response = self.ok(&hex("BF2B00"));
        let response: asn1::RetrieveNotificationsListResponse = asn1::der::decode(&response).unwrap();
        let asn1::RetrieveNotificationsListResponse::NotificationList(list) = response else {
            panic!("{response:?}")
        };
        list
    }
}

/// An ICCID as a TLV 5A.
pub fn iccid_tlv(iccid: &str) -> Vec<u8> {
    tlv::wrap(0x5A, iccid.parse::<asn1::Iccid>().unwrap().bytes())
}

pub fn enable(iccid: &str, refresh: bool) -> Vec<u8> {
    change(0xBF31, iccid, refresh)
}

pub fn disable(iccid: &str, refresh: bool) -> Vec<u8> {
    change(0xBF32, iccid, refresh)
}

pub fn delete(iccid: &str) -> Vec<u8> {
    tlv::wrap(0xBF33, &iccid_tlv(iccid))
}

fn change(tag: u32, iccid: &str, refresh: bool) -> Vec<u8> {
    let mut members = tlv::wrap(0xA0, &iccid_tlv(iccid));
    members.extend(tlv::wrap(0x81, &[if refresh { 0xFF } else { 0 }]));
    tlv::wrap(tag, &members)
}

/// The public key that a signature of the eUICC is verified with.
pub fn euicc_key(curve: Curve) -> crypto::PublicKey {
    pki().chain(Variant::O, curve).unwrap().certificate(Role::Euicc).unwrap().public_key().clone()
}

/// A state as text, to compare states with.
pub fn text(state: &CardState) -> String {
    serde_json::to_string(state).unwrap()
}

/// A profile to be found on a card, whatever way it got there.
#[derive(Clone, Copy)]
pub struct Spec {
    pub iccid: &'static str,
    pub class: euicc_sim::state::ProfileClass,
    pub enabled: bool,
    pub ppr1: bool,
    pub ppr2: bool,
}

pub const OPERATIONAL: Spec = Spec {
    iccid: ICCID,
    class: euicc_sim::state::ProfileClass::Operational,
    enabled: false,
    ppr1: false,
    ppr2: false,
};

/// A card with these profiles, made from one that was downloaded.
pub fn state_with(specs: &[Spec]) -> CardState {
    use euicc_sim::state::{PolicyRules, ProfileState};
    static DOWNLOADED: OnceLock<CardState> = OnceLock::new();
    let downloaded = DOWNLOADED.get_or_init(|| {
        let mut download = smdp::Download::prepare(Terminal::new(new_state(Curve::P256)), Curve::P256);
        let binding = download.binding();
        download.install(&binding);
        download.terminal.card.state().clone()
    });
    let mut state = new_state(Curve::P256);
    for (number, spec) in specs.iter().enumerate() {
        let mut profile = downloaded.profiles[0].clone();
        let mut aid = *profile.isdp_aid.as_bytes();
        aid[14] += u8::try_from(number).unwrap();
        profile.isdp_aid = euicc_sim::state::Aid::new(aid);
        profile.iccid = spec.iccid.parse().unwrap();
        profile.metadata = asn1::Raw::new(package::request(spec.iccid));
        profile.class = spec.class;
        profile.state = if spec.enabled { ProfileState::Enabled } else { ProfileState::Disabled };
        profile.policy_rules = PolicyRules { update_control: false, ppr1: spec.ppr1, ppr2: spec.ppr2 };
        state.profiles.push(profile);
    }
    state
}
