//! The built-in personalities: each makes a card that is what its summary says.
#![cfg(test)]

mod common;

use std::time::Duration;

use common::smdp::{Download, Segments};
use common::{ICCID, Terminal, enable, hex, new_state, package};
use crypto::Curve;
use euicc_sim::personality::{Personality, built_in, named};
use euicc_sim::state::{CardState, PreloadError, ProfileClass, ProfileState, preload};
use euicc_sim::{Card, ISD_R_AID, InMemory};

const VENDOR_AID: &str = "A0000005591010FFFFFFFF8900050500";

fn state(personality: &str) -> CardState {
    let mut state = new_state(Curve::P256);
    named(personality).unwrap().personality.apply(&mut state);
    state
}

fn power_on(state: CardState) -> Card {
    Card::power_on(state, common::environment(InMemory::default())).unwrap()
}

/// A terminal that is ready for anything: it opens channel 1 and selects an ISD-R until that works.
fn patient(state: CardState) -> Terminal {
    let memory = InMemory::default();
    let aid = state.platform.isd_r_aids[0].clone();
    let card = Card::power_on(state, common::environment(memory.clone())).unwrap();
    let mut terminal = Terminal { card, memory, block: 60 };
    terminal.send(&hex("80AA00000AA9088100820101830107"));
    for command in [hex("0070000001"), [&hex("01A4040010")[..], &aid].concat()] {
        let mut tries = (0..3).map(|_| terminal.send(&command));
        assert!(tries.any(|response| matches!(response[response.len() - 2..], [0x90, 0] | [0x61, _])));
    }
    terminal
}

fn segments(download: &Download) -> Segments {
    download.binding().segments()
}

#[test]
fn each_has_a_name_of_its_own_and_is_kept_with_the_card() {
    let all = built_in();
    for (index, one) in all.iter().enumerate() {
        let name = &one.personality.name;
        assert!(all.iter().skip(index + 1).all(|other| other.personality.name != *name), "{name} twice");
        assert!(!one.personality.summary.is_empty());
        let state = state(name);
        assert_eq!(state.platform.personality, *name);
        // Stored and read again, it is the same card.
        let text = serde_json::to_string(&state).unwrap();
        let again: CardState = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_string(&again).unwrap(), text);
        assert_eq!(again.quirks, one.personality.quirks);
    }
    assert!(named("nobody").is_none());
}

#[test]
fn each_euicc_installs_a_profile_and_enables_it_for_a_patient_terminal() {
    for one in built_in() {
        let name = one.personality.name.as_str();
        if !one.personality.is_euicc() || ["power-loss", "full-memory"].contains(&name) {
            continue;
        }
        let mut download = Download::prepare(patient(state(name)), Curve::P256);
        let binding = download.binding();
        download.install(&binding);
        assert_eq!(download.terminal.result(&enable(ICCID, false)), 0, "{name}");
        assert!(download.terminal.card.state().enabled_profile().is_some());
    }
}

#[test]
fn the_consumer_card_is_what_manufacture_makes() {
    let (made, consumer) = (new_state(Curve::P256), state("consumer"));
    assert_eq!(common::text(&made), common::text(&consumer));
    assert!(consumer.quirks.are_none());
    // SGP.22 v2.2.2; another profile, CRLs and test profiles are supported: bits 0, 1 and 3.
    let info2 = patient(consumer).ok(&hex("BF2200"));
    let info2: asn1::EuiccInfo2 = asn1::der::decode(&info2).unwrap();
    assert_eq!(*info2.svn.bytes(), [2, 2, 2]);
    assert_eq!(info2.rsp_capability.bits().collect::<Vec<_>>(), [0, 1, 3]);
}

#[test]
fn a_plain_uicc_has_no_isd_r_and_no_es10() {
    let mut state = state("plain-uicc");
    preload(&mut state, &package::package(), package::request(ICCID), true).unwrap();
    let mut card = power_on(state);
    // The bits that mark an eUICC are in TB3 (ETSI TS 102 221 §6.3.3); this card has none.
    let atr = card.atr().to_vec();
    assert_eq!(atr[1..].iter().fold(0, |sum, byte| sum ^ byte), 0, "TCK");
    assert_eq!(atr[4] & 0x20, 0, "no TB3");
    for aid in [ISD_R_AID.to_vec(), euicc_sim::ECASD_AID.to_vec(), hex(VENDOR_AID)] {
        assert_eq!(card.transmit(&[&hex("00A4040010")[..], &aid].concat()), hex("6A82"));
    }
    for command in ["80E2910003BF2E00", "80E2910006BF3E035C015A"] {
        assert_eq!(card.transmit(&hex(command)), hex("6D00"));
    }
    // It is a UICC all the same.
    assert_eq!(card.transmit(&hex("00A4000C022FE2")), hex("9000"));
    let iccid: asn1::Iccid = ICCID.parse().unwrap();
    assert_eq!(card.transmit(&hex("00B000000A")), [&iccid.bytes()[..], &[0x90, 0]].concat());
}

#[test]
fn vendors_names_stand_in_place_of_the_standard_one_or_beside_it() {
    let select = |personality: &str, aid: &[u8]| {
        let mut card = power_on(state(personality));
        card.transmit(&[&hex("00A4040010")[..], aid].concat())
    };
    let (found, absent) = (hex("6121"), hex("6A82"));
    for (personality, vendor, standard) in [
        ("consumer", &absent, &found),
        ("vendor-aid", &found, &absent),
        ("vendor-and-standard-aid", &found, &found),
    ] {
        assert_eq!(select(personality, &hex(VENDOR_AID)), *vendor, "{personality}");
        assert_eq!(select(personality, &ISD_R_AID), *standard, "{personality}");
    }
}

#[test]
fn a_card_with_small_buffers_refuses_a_long_block() {
    let mut small = patient(state("small-apdu"));
    assert_eq!(small.send(&[&hex("81E2110041")[..], &[0xBF; 65]].concat()), hex("6700"));
    assert_eq!(small.send(&[&hex("81E2110040")[..], &[0xBF; 64]].concat()), hex("9000"));
}

#[test]
fn the_slow_card_takes_some_25_seconds_for_a_download() {
    let terminal = patient(state("slow"));
    assert_eq!(terminal.card.delay(), Duration::from_millis(15));
    // As in a real download: an 88, some twelve pieces of a package.
    let delays = terminal.card.state().quirks.delays.clone().unwrap();
    let milliseconds = delays.authenticate_server
        + delays.prepare_download
        + delays.first_segment
        + delays.metadata_segment
        + 12 * delays.segment
        + delays.last_segment;
    assert!((20_000..30_000).contains(&milliseconds), "{milliseconds}");
}

#[test]
fn the_card_that_loses_power_takes_the_package_the_second_time() {
    let mut download = Download::prepare(patient(state("power-loss")), Curve::P256);
    let segments = segments(&download);
    let mut answered = 0;
    for segment in &segments {
        let blocks = segment.chunks(200).count();
        let silent = segment.chunks(200).enumerate().any(|(index, block)| {
            let p1 = if index + 1 == blocks { 0x91 } else { 0x11 };
            let header = [0x81, 0xE2, p1, u8::try_from(index).unwrap(), u8::try_from(block.len()).unwrap()];
            download.terminal.send(&[&header, block].concat()).is_empty()
        });
        if silent {
            break;
        }
        answered += 1;
    }
    assert_eq!(answered, 4);
    download.terminal.reset();
    download.again();
    let binding = download.binding();
    download.install(&binding);
    assert_eq!(download.terminal.notifications().len(), 3, "the interruption, the result, the notification");
}

#[test]
fn a_full_card_says_so_at_the_stage_that_its_memory_reaches() {
    for (memory, command) in [(None, 5), (Some(0), 1), (Some(511), 1), (Some(560), 2), (Some(1_000), 5)] {
        let mut state = state("full-memory");
        state.memory_size = memory.unwrap_or(state.memory_size);
        let mut download = Download::prepare(patient(state), Curve::P256);
        let segments = segments(&download);
        assert_eq!(download.fail(&segments), (command, 10), "{memory:?} bytes");
        assert!(download.terminal.profiles().is_empty());
    }
}

#[test]
fn a_document_of_ones_own_makes_a_card() {
    let mine = Personality::parse(
        r#"
        name = "mine"
        summary = "with all that differs"
        isd_r_aids = ["A06573746B6D65FFFFFFFF4953442D52"]
        memory_size = 100000
        first_sequence_number = 128

        [information]
        svn = "2.5.0"
        category = "medium"
        tre_properties = { discrete = true }
        tre_product_reference = "chip"
        additional_profile_versions = ["3.1.0"]

        [[rules_authorisation_table]]
        policy_rules = { ppr1 = true }
        allowed_operators = [{ mcc_mnc = "42F618" }]
        consent_required = false

        [quirks]
        eid_tag_80 = true
        "#,
    )
    .unwrap();
    let mut state = new_state(Curve::P256);
    mine.apply(&mut state);
    let mut terminal = patient(state);
    let info2: asn1::EuiccInfo2 = asn1::der::decode(&terminal.ok(&hex("BF2200"))).unwrap();
    assert_eq!(*info2.svn.bytes(), [2, 5, 0]);
    assert_eq!(info2.euicc_category, Some(asn1::EuiccCategory::MEDIUM_EUICC));
    assert_eq!(info2.tre_product_reference.as_deref(), Some("chip"));
    assert!(info2.tre_properties.unwrap().has(asn1::TreProperties::IS_DISCRETE));
    assert_eq!(info2.additional_euicc_profile_package_versions.unwrap().len(), 1);
    let rat = asn1::der::decode::<asn1::GetRatResponse>(&terminal.ok(&hex("BF4300"))).unwrap();
    assert_eq!(rat.rat.len(), 1);
    assert_eq!(terminal.ok(&hex("BF3E035C015A"))[..4], hex("BF3E1280"));
    // The first notification of all has the number that the document says; two octets from 128 on.
    let mut download = Download::prepare(terminal, Curve::P256);
    let binding = download.binding();
    download.install(&binding);
    let list = download.terminal.ok(&hex("BF2800"));
    assert!(list.windows(4).any(|octets| octets == [0x80, 0x02, 0x00, 0x80]), "{list:02X?}");
}

#[test]
fn the_maker_of_a_card_puts_profiles_on_it() {
    const OTHER: &str = "89000123456789012358";
    let mut state = new_state(Curve::P256);
    let first = preload(&mut state, &package::package(), package::request(ICCID), true).unwrap();
    let test = asn1::StoreMetadataRequest {
        profile_class: Some(asn1::ProfileClass::PROVISIONING),
        ..package::request(OTHER)
    };
    let second = preload(&mut state, &package::package_of(OTHER), test, false).unwrap();
    assert_ne!(first, second);
    let profile = state.profile(&first).unwrap();
    assert_eq!((profile.state, profile.class), (ProfileState::Enabled, ProfileClass::Operational));
    assert!(!profile.field_loaded, "eUICCMemoryReset tells it from a downloaded one");
    assert_eq!(state.profile(&second).unwrap().class, ProfileClass::Provisioning);
    assert_eq!(state.free_memory(), state.memory_size - state.profiles.iter().map(|p| p.size).sum::<u32>());
    assert!(state.notifications.all().is_empty(), "nobody is told");
    let mut terminal = patient(state);
    assert_eq!(terminal.profiles(), [(ICCID.to_owned(), true), (OTHER.to_owned(), false)]);
    // Later changes are notified as those of any other profile, with the card's preferred key.
    assert_eq!(terminal.result(&enable(OTHER, false)), 0);
    assert_eq!(terminal.notifications().len(), 2);
}

#[test]
fn what_cannot_be_put_on_a_card_leaves_it_as_it_was() {
    const OTHER: &str = "89000123456789012358";
    let mut state = new_state(Curve::P256);
    preload(&mut state, &package::package(), package::request(ICCID), true).unwrap();
    let before = common::text(&state);
    let mut put = |package: &[u8], iccid: &str, enabled: bool| {
        let error = preload(&mut state, package, package::request(iccid), enabled).unwrap_err();
        assert_eq!(common::text(&state), before);
        error
    };
    assert!(matches!(put(&package::package(), ICCID, false), PreloadError::IccidTaken(_)));
    assert!(matches!(put(&package::package_of(OTHER), OTHER, true), PreloadError::OtherEnabled));
    assert!(matches!(put(&package::package(), OTHER, false), PreloadError::Package(_)), "another ICCID");
    assert!(matches!(put(b"no package", OTHER, false), PreloadError::Package(_)));
    let mut full = super_full();
    let error = preload(&mut full, &package::package(), package::request(ICCID), false).unwrap_err();
    assert!(matches!(error, PreloadError::Package(_) | PreloadError::Full));
    assert!(full.profiles.is_empty());
}

fn super_full() -> CardState {
    state("full-memory")
}
