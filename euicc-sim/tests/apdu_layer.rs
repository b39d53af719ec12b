//! Channels, selection, STORE DATA blocks and GET RESPONSE; and the recorded commands of a real card's session.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test reports by panicking"
)]

mod common;

use std::path::PathBuf;

use common::{OPERATIONAL, Terminal, hex, new_state, state_with, text};
use crypto::Curve;
use euicc_sim::state::{CardState, Event, Notification, Version};
use euicc_sim::{Card, InMemory};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

fn card() -> Card {
    card_with(new_state(Curve::P256))
}

fn card_with(state: CardState) -> Card {
    Card::power_on(state, common::environment(InMemory::default())).unwrap()
}

#[track_caller]
fn exchange(card: &mut Card, pairs: &[(&str, &str)]) {
    for (command, response) in pairs {
        assert_eq!(card.transmit(&hex(command)), hex(response), "{command}");
    }
}

const SELECT_ISD_R: &str = "A4040010A0000005591010FFFFFFFF8900000100";

#[test]
fn the_fci_of_the_isd_r_tells_the_version() {
    let select = format!("00{SELECT_ISD_R}");
    let fci = "6F1F8410A0000005591010FFFFFFFF8900000100A5049F6501FFE0058203020202";
    exchange(&mut card(), &[(&select, "6121"), ("00C0000021", &format!("{fci}9000"))]);
    // With Le, and with GET RESPONSE under the other class.
    exchange(&mut card(), &[(&format!("{select}00"), "6121"), ("80C0000021", &format!("{fci}9000"))]);
}

#[test]
fn p2_0c_selects_without_data() {
    exchange(&mut card(), &[("00A4040C10A0000005591010FFFFFFFF8900000100", "9000"), ("00C0000000", "6985")]);
}

#[test]
fn the_ecasd_can_be_selected_and_takes_no_es10_command() {
    let mut card = card();
    exchange(
        &mut card,
        &[
            ("00A4040010A0000005591010FFFFFFFF8900000200", "611A"),
            ("00C000001A", "6F188410A0000005591010FFFFFFFF8900000200A5049F6501FF9000"),
            ("80E2910003BF2E00", "6982"),
        ],
    );
}

#[test]
fn applications_that_are_not_there_are_not_found() {
    for aid in
        ["A0000000871002", "A0000005591010FFFFFFFF8900050500", "A06573746B6D65FFFFFFFFFFFF6D6774", "A0"]
    {
        let aid = hex(aid);
        let command = [&hex("00A40400")[..], &[u8::try_from(aid.len()).unwrap()], &aid].concat();
        assert_eq!(card().transmit(&command), hex("6A82"));
    }
}

#[test]
fn a_failed_selection_leaves_the_old_one() {
    let mut card = card();
    card.transmit(&hex(&format!("00{SELECT_ISD_R}")));
    exchange(&mut card, &[("00A40400023F01", "6A82"), ("80E2910003BF3C00", "611D")]);
}

#[test]
fn channels_are_opened_used_and_closed_in_every_form() {
    exchange(
        &mut card(),
        &[
            ("0070000001", "019000"),
            ("0070000000", "029000"),
            ("00700000", "039000"),
            ("0070000001", "6A81"),
            ("0070800200", "9000"),
            ("0070800200", "6881"),
            ("0070000200", "9000"),
            ("0070000200", "6A86"),
            ("00708002", "9000"),
            ("01708001", "9000"),
            ("03708000", "9000"),
            ("0070000001", "019000"),
            ("0070800000", "6A81"),
            ("0070000400", "6881"),
        ],
    );
}

#[test]
fn a_channel_that_is_not_open_is_refused() {
    let select = format!("01{SELECT_ISD_R}");
    exchange(
        &mut card(),
        &[(&select, "6881"), ("81E2910003BF2E00", "6881"), ("40A4040000", "6881"), ("C0F2000C00", "6881")],
    );
}

#[test]
fn each_channel_has_its_own_selection_and_its_own_blocks() {
    let mut card = card();
    let select = format!("01{SELECT_ISD_R}");
    exchange(
        &mut card,
        &[
            ("0070000001", "019000"),
            ("0070000002", "029000"),
            (&select, "6121"),
            (&select.replacen("01", "02", 1), "6121"),
            ("81E2110002BF3E", "9000"),
            ("82E2110002BF3C", "9000"),
            ("81E29101045C015A03", "6A80"),
            ("81E2110002BF3E", "9000"),
            ("82E291010100", "611D"),
            ("81E2910104035C015A", "6115"),
            // Each fetches its own response.
            ("82C0000003", "BF3C1A611A"),
            ("81C0000015", "BF3E125A10890490321234512345123456789012359000"),
        ],
    );
}

#[test]
fn a_response_is_gone_with_the_next_command() {
    let mut card = card();
    card.transmit(&hex(&format!("00{SELECT_ISD_R}")));
    exchange(
        &mut card,
        &[
            ("80E2910003BF3C00", "611D"),
            ("80F2000C00", "9000"),
            ("00C000001D", "6985"),
            ("00C0010000", "6A86"),
        ],
    );
}

#[test]
fn long_responses_are_announced_and_come_in_pieces() {
    let mut state = state_with(&[OPERATIONAL; 1]);
    let profile = state.profiles[0].clone();
    for number in 1..12 {
        let mut profile = profile.clone();
        let mut aid = *profile.isdp_aid.as_bytes();
        aid[14] += number;
        profile.isdp_aid = euicc_sim::state::Aid::new(aid);
        state.profiles.push(profile);
    }
    let mut terminal = Terminal::new(state);
    let first = terminal.send(&hex("81E2910003BF2D00"));
    assert_eq!(first, hex("6100"));
    // A piece, and how much is left.
    let piece = terminal.send(&hex("81C0000010"));
    assert_eq!((piece.len(), &piece[16..]), (18, &hex("6100")[..]));
    let (rest, status) = terminal.collect(hex("6100"));
    assert_eq!(status, 0x9000);
    let response = [&piece[..16], &rest].concat();
    let response: asn1::ProfileInfoListResponse = asn1::der::decode(&response).unwrap();
    let asn1::ProfileInfoListResponse::ProfileInfoListOk(list) = response else { panic!() };
    assert_eq!(list.len(), 12);
}

#[test]
fn blocks_of_any_size_make_the_same_command() {
    for block in [1, 2, 3, 120, 255] {
        let mut terminal = Terminal::new(new_state(Curve::P256));
        terminal.block = block;
        assert_eq!(terminal.ok(&hex("BF3E035C015A"))[..5], hex("BF3E125A10"));
    }
}

#[test]
fn a_last_block_may_be_empty() {
    // Some terminals end a command of a multiple of 255 bytes so.
    let mut card = card();
    card.transmit(&hex(&format!("00{SELECT_ISD_R}")));
    exchange(&mut card, &[("80E2110006BF3E035C015A", "9000"), ("80E2910100", "6115")]);
}

#[test]
fn store_data_is_told_what_is_wrong_with_it() {
    let mut card = card();
    card.transmit(&hex(&format!("00{SELECT_ISD_R}")));
    exchange(
        &mut card,
        &[
            ("80E2910103BF2E00", "6A86"),
            ("80E2810003BF2E00", "6A86"),
            ("80E2910003BF5600", "6A88"),
            ("80E29100028600", "6A88"),
            ("80E2910003BF3E00", "6A80"),
            ("80E2910004BF2E0000", "6A80"),
            ("80E2910002BF2E", "6A80"),
            ("80E2910000", "6A80"),
            ("80E2910004BF2E", "6700"),
            ("00E2910003BF2E00", "6D00"),
            ("80E3000000", "6D00"),
            ("A0A40000023F00", "6E00"),
        ],
    );
}

#[test]
fn terminals_find_what_they_look_for() {
    exchange(
        &mut card(),
        &[
            ("80AA00000AA9088100820101830107", "9000"),
            ("80F2000C00", "9000"),
            ("80F2010C00", "9000"),
            ("80F2030C00", "6A86"),
            ("80C2000003D60100", "9000"),
            ("8012000000", "6985"),
            ("00A40004023F00", "6123"),
            (
                "00C0000023",
                "6221 82027821 83023F00 A506 800171 870101 8A0105 8B032F0602 C603900100 81020034 9000",
            ),
        ],
    );
    let mut card = card();
    exchange(&mut card, &[("00A4000C023F00", "9000"), ("00A4000C022F00", "9000")]);
    let record = card.transmit(&hex("00B2010420"));
    assert_eq!((record.len(), &record[32..]), (34, &hex("9000")[..]));
    exchange(&mut card, &[("00B2020420", "6A83"), ("00A4000C022FE2", "6A82"), ("00B000000A", "6981")]);
}

#[test]
fn the_iccid_of_the_enabled_profile_can_be_read() {
    let enabled = common::Spec { enabled: true, ..OPERATIONAL };
    let mut card = card_with(state_with(&[enabled]));
    exchange(
        &mut card,
        &[
            ("00A4000C022FE2", "9000"),
            ("00B000000A", "980010325476981032149000"),
            ("00B0000800", "32149000"),
            ("00B0000B01", "6B00"),
        ],
    );
}

#[test]
fn information_is_complete_and_canonical() {
    let mut terminal = Terminal::new(new_state(Curve::P256));
    let info1 = terminal.ok(&hex("BF2000"));
    let info1: asn1::EuiccInfo1 = asn1::der::decode(&info1).unwrap();
    let info2 = terminal.ok(&hex("BF2200"));
    let info2: asn1::EuiccInfo2 = asn1::der::decode(&info2).unwrap();
    assert_eq!(info1.svn, info2.svn);
    let p256_first = [Curve::P256, Curve::BrainpoolP256r1].map(common::smdp::ci_pk_id);
    for list in [&info1.euicc_ci_pk_id_list_for_signing, &info2.euicc_ci_pk_id_list_for_verification] {
        let list: Vec<&[u8]> = list.iter().map(|id| id.bytes()).collect();
        assert_eq!(list, p256_first);
    }
    // PPR1 and PPR2: an empty table forbids both.
    let forbidden = info2.forbidden_profile_policy_rules.unwrap();
    assert_eq!(forbidden.bits().collect::<Vec<_>>(), [1, 2]);
    assert_eq!(info2.ext_card_resource[..3], hex("810100"));
}

#[test]
fn addresses_are_told_and_set() {
    let mut terminal = Terminal::new(new_state(Curve::P256));
    let root = "8118 74657374726F6F74736D64732E6578616D706C652E636F6D";
    assert_eq!(terminal.ok(&hex("BF3C00")), hex(&format!("BF3C1A{root}")));
    assert_eq!(terminal.ok(&hex("BF3F058003612E62")), hex("BF3F03800100"));
    assert_eq!(terminal.ok(&hex("BF3C00")), hex(&format!("BF3C1F 8003612E62{root}")));
    assert_eq!(terminal.ok(&hex("BF3F028000")), hex("BF3F03800100"));
    assert_eq!(terminal.ok(&hex("BF3C00")), hex(&format!("BF3C1A{root}")));
}

#[test]
fn the_rules_authorisation_table_is_told_in_order() {
    use euicc_sim::state::{Owner, PolicyRules, Rule};
    let mut state = new_state(Curve::P256);
    assert_eq!(Terminal::new(state.clone()).ok(&hex("BF4300")), hex("BF4302A000"));
    state.rules_authorisation_table = vec![Rule {
        policy_rules: PolicyRules { update_control: false, ppr1: true, ppr2: true },
        allowed_operators: vec![Owner::anyone()],
        consent_required: true,
    }];
    let expected = "BF4319A017 3015 80020560 A10B 3009 8003EEEEEE 8100 8200 82020780";
    assert_eq!(Terminal::new(state).ok(&hex("BF4300")), hex(expected));
}

#[test]
fn the_same_seed_gives_the_same_challenges() {
    let challenges = || {
        let mut terminal = Terminal::new(new_state(Curve::P256));
        [terminal.challenge(), terminal.challenge()]
    };
    let [first, second] = challenges();
    assert_ne!(first, second);
    assert_eq!(challenges(), [first, second]);
}

/// The recorded exchanges of a file of ../shared/data/card-logs.
fn log(name: &str) -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/card-logs")).join(name);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: the reference data in ../shared/data is absent ({name})");
        return None;
    };
    let lines = |mark: &'static str| text.lines().filter_map(move |line| line.strip_prefix(mark)).map(hex);
    Some(lines("> ").zip(lines("< ")).collect())
}

/// A card as the recorded one was: its version, a profile with its ICCID.
fn recorded_card(enabled: bool) -> CardState {
    let mut state = state_with(&[common::Spec { enabled, ..OPERATIONAL }]);
    state.information.svn = Version([2, 2, 0]);
    state
}

fn replay(name: &str, state: CardState) {
    let Some(exchanges) = log(name) else { return };
    let mut card = card_with(state);
    assert!(!exchanges.is_empty());
    for (command, response) in exchanges {
        assert_eq!(card.transmit(&command), response, "{name}: {command:02X?}");
    }
}

#[test]
fn a_recorded_enable_and_disable_give_the_same_bytes() {
    replay("enable.log", recorded_card(false));
    replay("disable.log", recorded_card(true));
}

#[test]
fn a_recorded_empty_list_gives_the_same_bytes() {
    replay("profiles.log", CardState { profiles: Vec::new(), ..recorded_card(false) });
}

/// The notifications that the recorded card held.
fn recorded_notifications() -> Option<Vec<Notification>> {
    let exchanges = log("retrieve-notifications.log")?;
    let mut list = Vec::new();
    for (_, response) in exchanges.iter().skip(3) {
        list.extend_from_slice(&response[..response.len() - 2]);
    }
    let (list, _) = asn1::tlv::read(&list).unwrap();
    let (list, _) = asn1::tlv::read(list.value).unwrap();
    let notification = |result: asn1::tlv::Tlv<'_>| {
        let (data, _) = asn1::tlv::read(result.value).unwrap();
        let metadata = asn1::tlv::find(data.value, 0xBF2F).unwrap();
        let number = asn1::tlv::find(metadata.value, 0x80).unwrap().value;
        Notification {
            sequence_number: u64::from(number[0]),
            event: Event::Install,
            metadata: metadata.raw.to_vec(),
            pending_notification: result.raw.to_vec(),
        }
    };
    Some(asn1::tlv::children(list.value).map(|result| notification(result.unwrap())).collect())
}

#[test]
fn recorded_notification_lists_give_the_same_bytes() {
    let Some(notifications) = recorded_notifications() else { return };
    assert_eq!(notifications.len(), 5);
    let mut state = recorded_card(false);
    state.notifications.installation_results = notifications;
    replay("notifications.log", state.clone());
    replay("retrieve-notifications.log", state);
}

#[test]
fn recorded_information_has_the_same_objects() {
    let Some(exchanges) = log("info.log") else { return };
    let mut card = card_with(recorded_card(false));
    let tags = |response: &[u8]| -> Vec<String> {
        let (info, _) = asn1::tlv::read(&response[..response.len() - 2]).unwrap();
        asn1::tlv::children(info.value).map(|object| object.unwrap().tag.to_string()).collect()
    };
    for (command, response) in exchanges {
        let ours = card.transmit(&command);
        match (command.as_slice(), response.as_slice()) {
            // The values of EUICCInfo2 are each card's own, and so are their lengths.
            ([.., 0xBF, 0x22, 0x00, 0x00], [0x61, _]) => assert_eq!(ours[0], 0x61),
            ([0x00, 0xC0, ..], [0xBF, 0x22, ..]) => {
                let mut theirs = tags(&response);
                // No Java Card, and no entry in a register of certified platforms.
                theirs.retain(|tag| tag != "86" && tag != "AC");
                assert_eq!(tags(&ours), theirs);
            }
            _ => assert_eq!(ours, response, "{command:02X?}"),
        }
    }
}

/// 20 000 strings of bytes, most of them with a header that leads somewhere.
#[test]
fn any_bytes_get_a_status_word_and_change_nothing() {
    let mut rng = ChaCha20Rng::seed_from_u64(7);
    let mut terminal = Terminal::new(state_with(&[OPERATIONAL]));
    let before = text(terminal.card.state());
    let mut bytes = [0; 300];
    for round in 0..20_000_u32 {
        rng.fill_bytes(&mut bytes);
        let length = usize::from(bytes[299]) % 40;
        let mut command = bytes[..length].to_vec();
        if round % 4 != 0 && length > 5 {
            let instructions =
                [0x70, 0xA4, 0xB0, 0xB2, 0xC0, 0xE2, 0xE2, 0xE2, 0xE2, 0xF2, 0x10, 0x12, 0x14, 0xAA];
            command[0] = if command[0] & 1 == 0 { 0x81 } else { 0x01 };
            command[1] = instructions[usize::from(command[1]) % instructions.len()];
            if command[1] == 0xE2 {
                command[2] = 0x91;
                command[3] = 0;
                command[5] = 0xBF;
                command[6..].iter_mut().take(1).for_each(|tag| *tag = 0x20 + *tag % 0x24);
            }
            command[4] = u8::try_from(length - 5).unwrap();
        }
        let response = terminal.card.transmit(&command);
        assert!(response.len() >= 2, "{command:02X?}");
        if round % 500 == 0 {
            terminal.reset();
        }
    }
    assert_eq!(text(terminal.card.state()), before);
}
