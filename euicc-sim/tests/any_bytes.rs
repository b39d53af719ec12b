//! Whatever bytes come as an APDU: a status word of ISO/IEC 7816-4, no panic, and nothing written unless it was done.
//!
//! 60 000 commands by default; `RSPLAB_SWEEP=whole` tries ten times as many.
#![cfg(test)]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use common::{OPERATIONAL, Spec, hex, state_with};
use euicc_sim::port::ApduPort;
use euicc_sim::port::at::{Imei, Modem, Options};
use euicc_sim::port::stdio::Bridge;
use euicc_sim::state::CardState;
use euicc_sim::{Card, ISD_R_AID, MemoryFailure, NonVolatile};
use protocol::trace::{Actor, Tracer};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Memory that only counts what it is given.
#[derive(Clone, Default)]
struct Counting(Arc<AtomicU32>);

impl NonVolatile for Counting {
    fn commit(&mut self, _: &CardState) -> Result<(), MemoryFailure> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

fn card() -> (Card, Counting) {
    let memory = Counting::default();
    let environment = common::environment_with(Box::new(memory.clone()), Tracer::off(Actor::Euicc));
    let state = state_with(&[Spec { enabled: true, ..OPERATIONAL }]);
    (Card::power_on(state, environment).unwrap(), memory)
}

fn rounds() -> u32 {
    if std::env::var("RSPLAB_SWEEP").is_ok_and(|value| value == "whole") { 600_000 } else { 60_000 }
}

/// Instructions that lead somewhere.
const INSTRUCTIONS: [u8; 28] = [
    0x04, 0x10, 0x12, 0x14, 0x20, 0x24, 0x26, 0x28, 0x2C, 0x32, 0x44, 0x70, 0x84, 0x88, 0x89, 0xA2, 0xA4,
    0xAA, 0xB0, 0xB2, 0xC0, 0xC2, 0xCB, 0xD6, 0xDB, 0xDC, 0xE2, 0xF2,
];

/// Files that a USIM has, and the ways to it.
const NAMES: [&str; 10] =
    ["3F00", "2F00", "2FE2", "7FFF", "6F07", "6F38", "6F06", "6F3A", "6F3B", "A0000000871002"];

/// Bytes of no meaning, the header and the name of a file made plausible more often than not.
fn command(rng: &mut ChaCha20Rng, round: u32) -> Vec<u8> {
    let mut random = [0; 300];
    rng.fill_bytes(&mut random);
    let length = usize::from(random[299]) % 270;
    if round.is_multiple_of(5) {
        return random[..length % 40].to_vec();
    }
    let mut data = random[10..10 + length % 256].to_vec();
    if round.is_multiple_of(3) {
        data = hex(NAMES[usize::from(random[5]) % NAMES.len()]);
    }
    let class = [0x00, 0x01, 0x02, 0x80, 0x81, 0x82, 0x00, 0x80][usize::from(random[0]) % 8];
    let instruction = INSTRUCTIONS[usize::from(random[1]) % INSTRUCTIONS.len()];
    let p1 = if random[2] % 2 == 0 {
        random[2]
    } else {
        [0x00, 0x01, 0x04, 0x08, 0x91][usize::from(random[2]) % 5]
    };
    let p2 = if random[3] % 2 == 0 {
        random[3]
    } else {
        [0x00, 0x04, 0x0C, 0x81, 0x01][usize::from(random[3]) % 5]
    };
    let mut command = vec![class, instruction, p1, p2];
    if !data.is_empty() {
        command.push(u8::try_from(data.len()).unwrap());
        command.extend(data);
    }
    if random[4] % 2 == 0 {
        command.push(random[4]);
    }
    command
}

/// ISO/IEC 7816-4 §5.6: 6xxx and 9xxx, and 60 is for nothing but waiting.
#[track_caller]
fn status_of(response: &[u8], command: &[u8]) -> u16 {
    let status = response.last_chunk::<2>().unwrap_or_else(|| panic!("no status word for {command:02X?}"));
    assert!((0x61..=0x6F).contains(&status[0]) || status[0] >> 4 == 9, "{status:02X?} for {command:02X?}");
    assert!(response.len() <= 258, "{command:02X?}");
    u16::from_be_bytes(*status)
}

#[test]
fn any_bytes_get_a_status_word_and_what_is_refused_writes_nothing() {
    for seed in 0..3 {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let (mut card, memory) = card();
        for round in 0..rounds() / 3 {
            if round.is_multiple_of(200) {
                card.reset();
                // Channel 1 has the ISD-R, channel 2 the USIM.
                card.transmit(&hex("0070000001"));
                card.transmit(&[&hex("01A4040010")[..], &ISD_R_AID].concat());
                card.transmit(&hex("0070000001"));
                card.transmit(&hex("02A4040007A0000000871002"));
            }
            let command = command(&mut rng, round);
            let before = memory.0.load(Ordering::Relaxed);
            let response = card.transmit(&command);
            let status = status_of(&response, &command);
            let written = memory.0.load(Ordering::Relaxed) != before;
            // Tries are counted before they are told to be wrong: PINs, and authentications.
            let counts = matches!(status, 0x63C0..=0x63CF | 0x6983 | 0x9862 | 0x9864);
            let done = matches!(status >> 8, 0x61 | 0x62 | 0x63 | 0x90 | 0x91 | 0x92);
            assert!(!written || done || counts, "{status:04X} for {command:02X?}");
        }
    }
}

/// A card that answers what it is asked, and what it is not asked as well.
struct Strange(ChaCha20Rng);

impl ApduPort for Strange {
    fn transmit(&mut self, _: &[u8]) -> Vec<u8> {
        let mut answer = [0; 64];
        self.0.fill_bytes(&mut answer);
        let length = usize::from(answer[0]) % 6;
        let mut answer = answer[1..=length].to_vec();
        if length > 1 {
            answer[length - 2] = [0x90, 0x61, 0x6C, 0x91, 0x6A, 0x9F][usize::from(answer[0]) % 6];
        }
        answer
    }

    fn reset(&mut self) -> Vec<u8> {
        Vec::new()
    }

    fn power_off(&mut self) {}
}

/// What a port is told by the program before it, or by the card behind it, never brings it down.
#[test]
fn ports_bear_any_bytes_from_both_sides() {
    let words = [
        "AT",
        "+CCHO=",
        "+CGLA=",
        "+CSIM=",
        "+CRSM=",
        "+CFUN=",
        "+CPIN=",
        "+CCHC=",
        "\"",
        ",",
        ";",
        "A0A40000",
        "1",
        "0",
        "\r",
        "\n",
        "=?",
        "?",
        "E1",
        "I",
        "&F",
        "{\"type\":\"apdu\"",
        "}",
        ":",
        "\u{0}",
        "ÿ",
    ];
    let mut rng = ChaCha20Rng::seed_from_u64(9);
    let mut random = [0; 24];
    let mut modem = Modem::new(Options { toolkit: true, imei: Imei::for_tests(1) });
    let mut bridge = Bridge::new(Strange(ChaCha20Rng::seed_from_u64(10)));
    let mut card = Strange(ChaCha20Rng::seed_from_u64(11));
    for _ in 0..rounds() / 10 {
        rng.fill_bytes(&mut random);
        let mut line: Vec<u8> = if random[0] % 4 == 0 { random.to_vec() } else { b"AT".to_vec() };
        for byte in &random[1..usize::from(random[0] % 20) + 1] {
            line.extend_from_slice(words[usize::from(*byte) % words.len()].as_bytes());
        }
        modem.input(&line, &mut card);
        bridge.line(&String::from_utf8_lossy(&line));
    }
}
