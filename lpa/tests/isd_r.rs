//! Talking to the ISD-R, APDU by APDU (SGP.22 §5.7.1, §5.7.2).

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test reports by panicking")]

use std::collections::VecDeque;

use data_encoding::HEXUPPER;
use lpa::EuiccError;
use lpa::apdu::StatusWord;
use lpa::card::{Card, CardError};
use lpa::isd_r::{IsdR, Options};
use protocol::trace::{Actor, Tracer};

/// Expects commands in order and gives the responses that stand beside them.
struct Script(VecDeque<(String, String)>);

impl Script {
    fn new(exchanges: &[(&str, &str)]) -> Self {
        Self(exchanges.iter().map(|(command, response)| (plain(command), plain(response))).collect())
    }
}

fn plain(hex: &str) -> String {
    hex.replace(' ', "")
}

fn bytes(hex: &str) -> Vec<u8> {
    HEXUPPER.decode(plain(hex).as_bytes()).unwrap()
}

impl Card for Script {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardError> {
        let command = HEXUPPER.encode(command);
        let Some((expected, response)) = self.0.pop_front() else {
            panic!("nothing is expected after {command}")
        };
        assert_eq!(command, expected);
        Ok(bytes(&response))
    }

    fn reset(&mut self) -> Result<Vec<u8>, CardError> {
        Ok(Vec::new())
    }
}

const TERMINAL_CAPABILITY: (&str, &str) = ("80AA00000A A9088100820101830107", "9000");
const OPEN: (&str, &str) = ("0070000001", "01 9000");
const SELECT: &str = "01A4040010 A0000005591010FFFFFFFF8900000100 00";
const CLOSE: (&str, &str) = ("0070800100", "9000");

fn open(card: &mut Script, options: Options) -> Result<IsdR<&mut Script>, EuiccError> {
    IsdR::open(card, options, Tracer::off(Actor::Lpa))
}

fn opened(rest: &[(&str, &str)]) -> Script {
    Script::new(&[&[TERMINAL_CAPABILITY, OPEN, (SELECT, "9000")], rest].concat())
}

#[test]
fn the_isd_r_is_selected_on_a_channel_of_its_own_and_the_channel_closed() {
    let fci = "6F1F 8410A0000005591010FFFFFFFF8900000100 A5049F6501FF E0058203020200";
    let answer = format!("{fci} 9000");
    let mut card = Script::new(&[
        TERMINAL_CAPABILITY,
        OPEN,
        (SELECT, "6121"),
        ("01C0000021", &answer),
        ("81E2910006 BF3E035C015A 00", "BF3E12 5A10 89049032123451234512345678901235 9000"),
        CLOSE,
    ]);
    let mut isd_r = open(&mut card, Options::default()).unwrap();
    assert_eq!(isd_r.channel(), 1);
    assert_eq!(isd_r.fci(), bytes(fci));
    assert_eq!(isd_r.get_eid().unwrap().to_string(), "89049032123451234512345678901235");
    isd_r.close().unwrap();
    assert!(card.0.is_empty());
}

#[test]
fn without_a_free_channel_the_basic_one_is_used() {
    let mut card = Script::new(&[
        ("80AA00000A A9088100820101830107", "6E00"),
        ("0070000001", "6A81"),
        ("00A4040010 A0000005591010FFFFFFFF8900000100 00", "9000"),
        ("80E2910003 BF2E00 00", "BF2E12 8010 000102030405060708090A0B0C0D0E0F 9000"),
    ]);
    let mut isd_r = open(&mut card, Options::default()).unwrap();
    assert_eq!(isd_r.channel(), 0);
    isd_r.get_euicc_challenge().unwrap();
    isd_r.close().unwrap();
}

#[test]
fn a_channel_beyond_the_third_has_the_further_class_coding() {
    let mut card = Script::new(&[
        TERMINAL_CAPABILITY,
        ("0070000001", "05 9000"),
        ("41A4040010 A0000005591010FFFFFFFF8900000100 00", "9000"),
        ("C1E2910003 BF2E00 00", "6112"),
        ("41C0000012", "BF2E12 8010 000102030405060708090A0B0C0D0E 9000"),
        ("0070800500", "9000"),
    ]);
    let mut isd_r = open(&mut card, Options::default()).unwrap();
    // One byte short: it is told, not guessed.
    assert!(matches!(isd_r.get_euicc_challenge(), Err(EuiccError::Malformed { .. })));
    isd_r.close().unwrap();
}

#[test]
fn a_card_without_isd_r_is_no_euicc_and_the_channel_is_given_back() {
    let mut card = Script::new(&[TERMINAL_CAPABILITY, OPEN, (SELECT, "6A82"), CLOSE]);
    let Err(error) = open(&mut card, Options::default()) else { panic!("selected") };
    assert_eq!(error, EuiccError::NoIsdR { sw: StatusWord(0x6A82) });
    assert!(card.0.is_empty());
}

#[test]
fn vendor_aid_block_size_and_le_are_options() {
    let mut card = Script::new(&[
        TERMINAL_CAPABILITY,
        OPEN,
        ("01A4040010 A0000005591010000000008900000300", "9000"),
        ("81E2110004 BF3F0680", "9000"),
        ("81E2110104 04612E64", "9000"),
        ("81E2910201 65", "BF3F03 8001 00 9000"),
    ]);
    let options = Options {
        aid: bytes("A0000005591010000000008900000300"),
        block_size: 4,
        send_le: false,
        ..Options::default()
    };
    let mut isd_r = open(&mut card, options).unwrap();
    let result = isd_r.set_default_dp_address("a.de").unwrap();
    assert_eq!(result, asn1::SetDefaultDpAddressResult::OK);
    assert!(card.0.is_empty());
}

#[test]
fn a_long_command_goes_in_blocks_of_255_bytes() {
    let address = "a".repeat(300);
    let object = asn1::tlv::wrap(0xBF3F, &asn1::tlv::wrap(0x80, address.as_bytes()));
    let object = HEXUPPER.encode(&object);
    let (first, second) = object.split_at(510);
    let blocks = [format!("81E21100FF{first}00"), format!("81E29101{:02X}{second}00", second.len() / 2)];
    let mut card = opened(&[(&blocks[0], "9000"), (&blocks[1], "BF3F0380017F 9000")]);
    let mut isd_r = open(&mut card, Options::default()).unwrap();
    let result = isd_r.set_default_dp_address(&address).unwrap();
    assert_eq!(result, asn1::SetDefaultDpAddressResult::UNDEFINED_ERROR);
}

#[test]
fn a_command_of_more_than_256_blocks_is_not_begun() {
    let mut card = opened(&[]);
    let options = Options { block_size: 1, ..Options::default() };
    let mut isd_r = open(&mut card, options).unwrap();
    let error = isd_r.set_default_dp_address(&"a".repeat(250)).unwrap_err();
    assert!(matches!(error, EuiccError::TooLong { length: 257, block_size: 1, .. }), "{error}");
    assert!(card.0.is_empty());
}

#[test]
fn a_long_answer_is_fetched_in_parts() {
    let mut card = opened(&[
        ("81E2910003 BF2E00 00", "6110"),
        ("01C0000010", "BF2E12 8010 0001020304050607 0809 6100"),
        ("01C0000000", "0A0B0C0D0E0F 9000"),
    ]);
    let mut isd_r = open(&mut card, Options::default()).unwrap();
    assert_eq!(isd_r.get_euicc_challenge().unwrap().to_string(), "000102030405060708090A0B0C0D0E0F");
}

#[test]
fn a_wrong_le_is_repeated_with_the_right_one() {
    let challenge = "BF2E12 8010 000102030405060708090A0B0C0D0E0F 9000";
    let mut card = opened(&[
        ("81E2910003 BF2E00 00", "6C15"),
        ("81E2910003 BF2E00 15", "6115"),
        ("01C0000015", "6C16"),
        ("01C0000016", challenge),
    ]);
    let mut isd_r = open(&mut card, Options::default()).unwrap();
    assert!(isd_r.get_euicc_challenge().is_ok());
    assert!(card.0.is_empty());
}

#[test]
fn a_card_that_promises_more_and_brings_nothing_is_stopped() {
    let mut card = opened(&[("81E2910003 BF2E00 00", "6100"), ("01C0000000", "6100")]);
    let mut isd_r = open(&mut card, Options::default()).unwrap();
    assert!(matches!(isd_r.get_euicc_challenge(), Err(EuiccError::Malformed { .. })));
}

#[test]
fn an_error_status_word_is_told_with_the_function() {
    for (answer, sw) in [("6985", 0x6985), ("6A88", 0x6A88), ("9300", 0x9300), ("9F10", 0x9F10)] {
        let mut card = opened(&[("81E2910003 BF2E00 00", answer)]);
        let mut isd_r = open(&mut card, Options::default()).unwrap();
        let error = isd_r.get_euicc_challenge().unwrap_err();
        let expected = EuiccError::Status { function: "ES10b.GetEUICCChallenge", sw: StatusWord(sw) };
        assert_eq!(error, expected);
    }
}

#[test]
fn an_error_in_the_middle_of_a_chain_ends_it() {
    let mut card = opened(&[("81E2110004 BF3F0680 00", "6A80")]);
    let options = Options { block_size: 4, ..Options::default() };
    let mut isd_r = open(&mut card, options).unwrap();
    assert!(matches!(isd_r.set_default_dp_address("a.de"), Err(EuiccError::Status { .. })));
}

#[test]
fn data_before_the_last_block_is_no_answer() {
    let mut card = opened(&[("81E2110004 BF3F0680 00", "BF3F03800100 9000")]);
    let options = Options { block_size: 4, ..Options::default() };
    let mut isd_r = open(&mut card, options).unwrap();
    assert!(matches!(isd_r.set_default_dp_address("a.de"), Err(EuiccError::Malformed { .. })));
}

#[test]
fn what_is_no_status_word_or_no_object_is_refused() {
    for answer in ["", "90", "9000", "BF2E00 9000", "BF2D02A000 9000", "BF2E128010 9000"] {
        let mut card = opened(&[("81E2910003 BF2E00 00", answer)]);
        let mut isd_r = open(&mut card, Options::default()).unwrap();
        let error = isd_r.get_euicc_challenge().unwrap_err();
        assert!(matches!(error, EuiccError::Malformed { .. }), "{answer}: {error}");
    }
}

#[test]
fn a_segment_is_answered_with_nothing_or_with_the_result() {
    let mut card = opened(&[("81E2910004 86020102 00", "9000"), ("81E2910004 86020304 00", "BF3700 9000")]);
    let mut isd_r = open(&mut card, Options::default()).unwrap();
    assert_eq!(isd_r.load_bound_profile_package(&[0x86, 2, 1, 2]), Ok(None));
    assert!(matches!(isd_r.load_bound_profile_package(&[0x86, 2, 3, 4]), Err(EuiccError::Malformed { .. })));
}

/// Plays a log of a real card: `>` command, `<` response.
fn recorded(name: &str) -> Option<Script> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/card-logs");
    let Ok(text) = std::fs::read_to_string(format!("{folder}/{name}")) else {
        eprintln!("skipped: the reference data in ../shared/data is not there");
        return None;
    };
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    // The log was made on the basic channel, without TERMINAL CAPABILITY.
    let mut script = Script::new(&[TERMINAL_CAPABILITY, ("0070000001", "6A81")]);
    for pair in lines.chunks(2) {
        let [command, response] = pair else { panic!("{name} ends in a command") };
        let (command, response) = (command.strip_prefix("> ").unwrap(), response.strip_prefix("< ").unwrap());
        script.0.push_back((command.to_owned(), response.to_owned()));
    }
    Some(script)
}

#[test]
fn the_log_of_a_real_card_is_played_without_a_difference() {
    let Some(mut card) = recorded("info.log") else { return };
    let mut isd_r = open(&mut card, Options::default()).unwrap();
    let info = isd_r.get_euicc_info2().unwrap();
    assert_eq!(info.svn.to_string(), "2.2.0");
    assert_eq!(isd_r.get_eid().unwrap().to_string(), "89049032123451234512345678901235");
}

#[test]
fn the_notifications_of_a_real_card_keep_their_bytes() {
    let Some(mut card) = recorded("retrieve-notifications.log") else { return };
    let mut isd_r = open(&mut card, Options::default()).unwrap();
    let list = isd_r.retrieve_notifications_list(None).unwrap();
    let lengths: Vec<usize> = list.iter().map(|notification| notification.bytes().len()).collect();
    assert_eq!(lengths, [186, 186, 186, 163, 163]);
    let numbers: Vec<u64> = list.iter().map(|notification| notification.metadata().seq_number).collect();
    assert_eq!(numbers, [24, 25, 26, 27, 28]);
}

#[test]
fn an_error_of_get_profiles_info_has_its_name() {
    let Some(mut card) = recorded("profiles-error.log") else { return };
    let mut isd_r = open(&mut card, Options::default()).unwrap();
    let error = isd_r.get_profiles_info(None).unwrap_err();
    assert!(error.to_string().contains("incorrectInputValues(1)"), "{error}");
}

#[test]
fn a_real_package_is_cut_as_real_lpas_cut_it() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/session/bound-profile-package.der");
    let Ok(package) = std::fs::read(path) else {
        eprintln!("skipped: the reference data in ../shared/data is not there");
        return;
    };
    let segments = protocol::bpp::segments(&package).unwrap();
    assert_eq!(segments.concat(), package);
}

/// Sizes that were seen on the way to real eUICCs (SGP.22 §2.5.5).
#[test]
fn the_segment_sizes_of_recorded_downloads_come_out_again() {
    let recorded: [(&[usize], bool); 4] = [
        (&[191, 28, 2, 43, 4, 1020, 1020, 476], false),
        (&[179, 44, 3, 198, 4, 1020, 348], false),
        (&[187, 28, 4, 309, 76, 4, 1020, 1020, 1020, 1020, 1020, 1020, 1020, 364], true),
        (&[187, 44, 2, 102, 4, 1004, 1004, 1004, 1004, 1004, 1004, 155], false),
    ];
    for (sizes, with_protection_keys) in recorded {
        let package = package_of(sizes, with_protection_keys);
        let segments = protocol::bpp::segments(&package).unwrap();
        assert_eq!(segments.iter().map(|segment| segment.len()).collect::<Vec<_>>(), sizes);
        assert_eq!(segments.concat(), package);
    }
}

/// A package whose segments have these sizes.
fn package_of(sizes: &[usize], with_protection_keys: bool) -> Vec<u8> {
    use asn1::tlv::wrap;

    let element = |tag: u32, total: usize| {
        let header = [2, 3, 4].into_iter().find(|header| wrap(tag, &vec![0; total - header]).len() == total);
        wrap(tag, &vec![0; total - header.unwrap()])
    };
    let headed = |sequence: u32, tag: u32, total: usize| {
        (1..total)
            .map(|inner| wrap(sequence, &element_or_empty(&element, tag, inner)))
            .find(|s| s.len() == total)
    };
    let (first, sequence87, segment88, replace_keys, bodies) = match (with_protection_keys, sizes) {
        (false, [first, a0, _, segment88, _, bodies @ ..]) => (*first, *a0, *segment88, None, bodies),
        (true, [first, a0, _, segment88, a2, _, bodies @ ..]) => (*first, *a0, *segment88, Some(*a2), bodies),
        _ => panic!("too few segments"),
    };
    let mut body = headed(0xA0, 0x87, sequence87).unwrap();
    body.extend(wrap(0xA1, &element(0x88, segment88)));
    body.extend(replace_keys.map(|size| headed(0xA2, 0x87, size).unwrap()).unwrap_or_default());
    let elements: Vec<u8> = bodies.iter().flat_map(|size| element(0x86, *size)).collect();
    body.extend(wrap(0xA3, &elements));
    // The first segment is the header of the package and BF23, which fills what is left.
    (4..first)
        .map(|inner| wrap(0xBF36, &[wrap(0xBF23, &vec![0; inner]), body.clone()].concat()))
        .find(|package| package.len() == first + body.len())
        .unwrap()
}

fn element_or_empty(element: &impl Fn(u32, usize) -> Vec<u8>, tag: u32, total: usize) -> Vec<u8> {
    if total < 4 { Vec::new() } else { element(tag, total) }
}
