//! Each quirk of the APDU layer beside the strict card: the same commands, and what they get.
#![cfg(test)]

mod common;

use std::time::Duration;

use asn1::tlv;
use common::quirky::{ENABLED, OPEN, OPENING, SELECT, exchange, pair, pair_of, terminal, with};
use common::smdp::{self, Download};
use common::{ICCID, OPERATIONAL, enable, hex, new_state, state_with};
use crypto::Curve;
use euicc_sim::Card;

#[test]
fn a_long_data_field_is_too_long_for_a_card_with_small_buffers() {
    let fitting = format!("80E2110040{}", "BF".repeat(64));
    let longer = format!("80E2110041{}", "BF".repeat(65));
    let select = format!("00{SELECT}");
    exchange(
        pair(&["max_command_data=64"]),
        &[(&select, "6121", "6121"), (&fitting, "9000", "9000"), (&longer, "9000", "6700")],
    );
    // A package gets through in small blocks.
    let mut terminal = terminal(with(new_state(Curve::P256), &["max_command_data=64"]), &OPENING);
    terminal.block = 64;
    let mut download = Download::prepare(terminal, Curve::P256);
    let binding = download.binding();
    download.install(&binding);
}

#[test]
fn small_answers_come_in_many_parts() {
    let info2 = |quirks: &[&str]| {
        let mut terminal = terminal(with(new_state(Curve::P256), quirks), &OPENING);
        let mut response = terminal.send(&hex("81E2910003BF2200"));
        let (mut data, mut parts) = (Vec::new(), Vec::new());
        while let [part @ .., 0x61, left] = response.as_slice() {
            data.extend_from_slice(part);
            parts.push(part.len());
            response = terminal.send(&[0x81, 0xC0, 0, 0, *left]);
        }
        data.extend_from_slice(&response[..response.len() - 2]);
        parts.push(response.len() - 2);
        (data, parts)
    };
    let (strict, one) = info2(&[]);
    let (small, many) = info2(&["max_response_data=48"]);
    assert_eq!(strict, small);
    assert_eq!(one, [0, strict.len()]);
    assert_eq!(many[..4], [0, 48, 48, 48]);
    assert!(many.iter().all(|part| *part <= 48));

    // What is answered at once is cut as well: STATUS gives 33 bytes here.
    let select = format!("00{SELECT}");
    let fci = "6F1F8410A0000005591010FFFFFFFF8900000100A5049F6501FFE0058203020202";
    exchange(
        pair(&["max_response_data=32"]),
        &[
            (&select, "6121", "6120"),
            ("80F2000000", &format!("{fci}9000"), &format!("{}6101", &fci[..64])),
            ("00C0000000", "6985", "029000"),
        ],
    );
}

#[test]
fn le_has_to_be_exact_where_the_card_wants_it_so() {
    let select = format!("00{SELECT}");
    let fci = "6F1F8410A0000005591010FFFFFFFF8900000100A5049F6501FFE00582030202029000";
    exchange(
        pair(&["exact_length"]),
        &[
            // A channel is opened by the command that is right, and by no other.
            ("00700000", "019000", "6C01"),
            ("0070000000", "029000", "6C01"),
            (OPEN, "039000", "019000"),
            // Data that wait are not lost by a wrong Le.
            (&select, "6121", "6121"),
            ("00C0000000", fci, "6C21"),
            ("00C0000021", "6985", fci),
            ("80F2000000", fci, "6C21"),
            ("80F2000021", fci, fci),
            // No data, no length.
            ("80F2000C00", "9000", "9000"),
        ],
    );
    let (mut strict, mut quirky) = pair_of(&state_with(&[ENABLED]), &["exact_length"]);
    for card in [&mut strict, &mut quirky] {
        card.transmit(&hex("00A40004023F00"));
        assert_eq!(card.transmit(&hex("00A4000C022FE2")), hex("9000"));
        assert_eq!(card.transmit(&hex("00B000000A")).len(), 12);
        // A part of a transparent file may be had.
        assert_eq!(card.transmit(&hex("00B0000004")).len(), 6);
    }
    assert_eq!(strict.transmit(&hex("00B0000000")).len(), 12);
    assert_eq!(quirky.transmit(&hex("00B0000000")), hex("6C0A"));
}

#[test]
fn a_proactive_command_is_fetched_with_its_exact_length() {
    let mut quirky = terminal(with(state_with(&[OPERATIONAL]), &["exact_length"]), &OPENING);
    quirky.send(&hex("8010000004FFFFFFFF"));
    let (_, status) = quirky.es10(&enable(ICCID, true));
    assert_eq!(status, 0x910B);
    assert_eq!(quirky.send(&hex("8012000000")), hex("6C0B"));
    assert_eq!(quirky.send(&hex("801200000B")).len(), 13);
}

#[test]
fn an_answer_of_any_length_can_come_at_once() {
    let select = format!("00{SELECT}");
    let fci = "6F1F8410A0000005591010FFFFFFFF8900000100A5049F6501FFE00582030202029000";
    exchange(
        pair(&["direct_answers"]),
        &[(&select, "6121", fci), ("80E2910003BF3C00", "611D", &configured_addresses())],
    );
    // More than 256 bytes: AuthenticateServer answers with two certificates.
    let mut quirky = terminal(with(new_state(Curve::P256), &["direct_answers"]), &OPENING);
    let challenge = quirky.challenge();
    let command = smdp::Authentication::new(Curve::P256, &challenge).command();
    let (data, status) = quirky.es10(&command);
    assert_eq!(status, 0x9000);
    assert!(data.len() > 1000);
}

fn configured_addresses() -> String {
    let response = tlv::wrap(0xBF3C, &tlv::wrap(0x81, b"testrootsmds.example.com"));
    data_encoding::HEXUPPER.encode(&[&response[..], &[0x90, 0]].concat())
}

#[test]
fn a_card_may_not_be_ready_at_once() {
    let (strict, mut quirky) = pair(&["not_ready=2"]);
    quirky.reset();
    exchange(
        (strict, quirky),
        &[
            ("80F2000C00", "9000", "6985"),
            (OPEN, "019000", "6985"),
            (OPEN, "029000", "019000"),
            ("80F2000C00", "9000", "9000"),
        ],
    );
}

#[test]
fn a_selection_may_fail_on_the_line() {
    let (strict, mut quirky) = pair(&["checksum_errors=1"]);
    let select = format!("00{SELECT}");
    assert_eq!(quirky.transmit(&hex(&select)), hex("6601"));
    quirky.reset();
    exchange(
        (strict, quirky),
        &[
            ("00A4000C023F00", "9000", "9000"),
            (&select, "6121", "6601"),
            (&select, "6121", "6121"),
            (&select, "6121", "6121"),
        ],
    );
}

#[test]
fn channels_may_be_few_or_none() {
    let rows = |answers: [&'static str; 3]| {
        [(OPEN, "019000", answers[0]), (OPEN, "029000", answers[1]), ("0070000300", "9000", answers[2])]
    };
    exchange(pair(&["logical_channels=1"]), &rows(["019000", "6A81", "6A81"]));
    exchange(pair(&["logical_channels=0"]), &rows(["6A81", "6A81", "6A81"]));
    exchange(pair(&["no_logical_channels"]), &rows(["6881", "6881", "6881"]));
    // One that was closed can be had again.
    exchange(
        pair(&["logical_channels=1"]),
        &[(OPEN, "019000", "019000"), ("0070800100", "9000", "9000"), (OPEN, "019000", "019000")],
    );
}

#[test]
fn es10_stays_closed_until_the_terminal_says_that_it_has_an_lpa() {
    let (mut strict, mut quirky) = pair(&["terminal_capability_required"]);
    quirky.reset();
    let select = format!("00{SELECT}");
    let status = |card: &mut Card, command: &str| {
        let response = card.transmit(&hex(command));
        u16::from_be_bytes([response[response.len() - 2], response[response.len() - 1]])
    };
    // One function of ES10a, ES10b and ES10c each (SGP.22 §3.4.2: LDSd, LPDd, LUId).
    let es10 = ["80E2910003BF3C00", "80E2910003BF2000", "80E2910006BF3E035C015A"];
    let answers = |card: &mut Card, capability: &str| {
        card.reset();
        card.transmit(&hex(capability));
        card.transmit(&hex(&select));
        es10.map(|command| status(card, command) != 0x6985)
    };
    let none = "80F2000C00";
    assert_eq!(answers(&mut strict, none), [true; 3]);
    assert_eq!(answers(&mut quirky, none), [false; 3]);
    assert_eq!(answers(&mut quirky, "80AA00000AA9088100820101830107"), [true; 3]);
    assert_eq!(answers(&mut quirky, "80AA000005A903830104"), [true, false, false]);
    assert_eq!(answers(&mut quirky, "80AA000005A903830102"), [false, true, false]);
    assert_eq!(answers(&mut quirky, "80AA000005A903830101"), [false, false, true]);
    assert_eq!(answers(&mut quirky, "80AA000002A900"), [false; 3]);
}

#[test]
fn answers_take_the_time_they_are_given() {
    let delays = "delays={command=10, authenticate_server=3000, prepare_download=2000, first_segment=1000, \
                  metadata_segment=100, segment=500, last_segment=4000, percent=50}";
    let took = |quirks: &[&str]| {
        let mut terminal = terminal(with(new_state(Curve::P256), quirks), &OPENING);
        let mut times = vec![terminal.card.delay()];
        let challenge = terminal.challenge();
        let signature1 = {
            let command = smdp::Authentication::new(Curve::P256, &challenge).command();
            let (blocks, last) = command.split_at(command.len() / 255 * 255);
            for (number, block) in blocks.chunks(255).enumerate() {
                terminal.send(&[&[0x81, 0xE2, 0x11, u8::try_from(number).unwrap(), 255], block].concat());
            }
            let number = u8::try_from(blocks.len() / 255).unwrap();
            let header = [0x81, 0xE2, 0x91, number, u8::try_from(last.len()).unwrap()];
            let response = terminal.send(&[&header, last].concat());
            times.push(terminal.card.delay());
            smdp::euicc_signature1(&terminal.collect(response).0)
        };
        times.push(terminal.card.delay());
        let prepared = terminal.ok(&smdp::Preparation::new(Curve::P256, signature1).command());
        let mut download = Download { terminal, curve: Curve::P256, euicc_otpk: smdp::euicc_otpk(&prepared) };
        for segment in download.binding().segments() {
            let block = segment.chunks(255).last().unwrap();
            let (before, number) = (segment.len() - block.len(), segment.len().div_ceil(255) - 1);
            for (number, block) in segment[..before].chunks(255).enumerate() {
                let number = u8::try_from(number).unwrap();
                download.terminal.send(&[&[0x81, 0xE2, 0x11, number, 255], block].concat());
            }
            let header =
                [0x81, 0xE2, 0x91, u8::try_from(number).unwrap(), u8::try_from(block.len()).unwrap()];
            download.terminal.send(&[&header, block].concat());
            times.push(download.terminal.card.delay());
        }
        times
    };
    assert!(took(&[]).iter().all(Duration::is_zero));
    let milliseconds: Vec<_> = took(&[delays]).iter().map(Duration::as_millis).collect();
    // SELECT; AuthenticateServer and its last GET RESPONSE; the first segment, A0, the header of A1, an 88.
    assert_eq!(milliseconds[..7], [5, 1505, 5, 505, 255, 255, 55]);
    assert_eq!(milliseconds[milliseconds.len() - 2..], [255, 2005]);
}
