//! How it talks (V.250), and what it says of itself.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::modem;

#[test]
fn it_says_who_it_is() {
    let mut line = modem(true);
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(line.ask("ATI"), ["rsplab", "Simulated modem", &format!("Revision: {version}"), "OK"]);
    assert_eq!(line.ask("AT+CGMI;+CGMM;+CGMR"), ["rsplab", "Simulated modem", version, "OK"]);
    assert_eq!(line.ask("AT+CGSN"), ["001010000000016", "OK"]);
    assert_eq!(line.ask("AT+CGSN=1"), ["+CGSN: \"001010000000016\"", "OK"]);
    assert_eq!(line.ask("AT+CGMI=?"), ["OK"]);
}

#[test]
fn echo_words_and_results_can_be_switched_off() {
    let mut line = modem(true);
    assert_eq!(line.say("ATE1\r"), "\r\nOK\r\n");
    assert_eq!(line.say("AT\r"), "AT\r\r\nOK\r\n");
    assert_eq!(line.say("ATE0V0\r"), "ATE0V0\r0\r");
    assert_eq!(line.say("AT+NONSENSE\r"), "4\r");
    assert_eq!(line.say("AT+CGSN\r"), "001010000000016\r\n0\r");
    assert_eq!(line.say("ATQ1\r"), "");
    assert_eq!(line.say("ATZ\r"), "\r\nOK\r\n");
    assert_eq!(line.say("AT\r"), "AT\r\r\nOK\r\n");
}

#[test]
fn errors_of_the_equipment_are_told_as_cmee_asks() {
    let mut line = modem(true);
    assert_eq!(line.ask("AT+CMEE?"), ["+CMEE: 0", "OK"]);
    assert_eq!(line.ask("AT+CCHC=3"), ["ERROR"]);
    assert_eq!(line.ask("AT+CMEE=1"), ["OK"]);
    assert_eq!(line.ask("AT+CCHC=3"), ["+CME ERROR: 21"]);
    assert_eq!(line.ask("AT+CMEE=2"), ["OK"]);
    assert_eq!(line.ask("AT+CCHC=3"), ["+CME ERROR: invalid index"]);
    assert_eq!(line.ask("AT+CMEE=3"), ["+CME ERROR: Incorrect parameters"]);
    // V.250 §5.7.1: what is no command is no error of the equipment.
    assert_eq!(line.ask("AT+NONSENSE"), ["ERROR"]);
    assert_eq!(line.ask("AT+CMEE=?"), ["+CMEE: (0-2)", "OK"]);
}

#[test]
fn the_commands_of_a_line_are_carried_out_up_to_the_first_that_fails() {
    let mut line = modem(true);
    assert_eq!(line.ask("AT+CMEE=1;+CCHC=3;+CMEE=2"), ["+CME ERROR: 21"]);
    assert_eq!(line.ask("AT+CMEE?;+CGMI"), ["+CMEE: 1", "rsplab", "OK"]);
    assert_eq!(line.ask("A/"), ["+CMEE: 1", "rsplab", "OK"]);
}

#[test]
fn a_line_in_pieces_is_one_line() {
    let mut line = modem(true);
    assert_eq!(line.say("a"), "");
    assert_eq!(line.say("t+cg"), "");
    assert_eq!(line.say("mi\r\n"), "\r\nrsplab\r\n\r\nOK\r\n");
}

#[test]
fn no_bytes_are_too_much_for_it() {
    let words = [
        "AT",
        "+CSIM=",
        "+CGLA=1,",
        "+CRSM=",
        "+CPIN=",
        "+CCHO=",
        "+CCHC=1",
        "+CFUN=",
        "=?",
        "?",
        ",",
        ";",
        "\"",
        "\r",
        "\r\n",
        "A/",
        "E1",
        "8,\"00A40000\"",
        "176,28486,0,0,0",
        "10,00700000",
        "A0000005591010",
        "1",
        "FF",
        "\x08",
        "&F",
        " ",
    ];
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    let mut line = modem(true);
    for _ in 0..4000 {
        let mut input = Vec::new();
        for _ in 0..rng.next_u32() % 8 {
            match rng.next_u32() % 4 {
                0 => input.extend(rng.next_u64().to_le_bytes()),
                _ => input.extend(words[rng.next_u32() as usize % words.len()].bytes()),
            }
        }
        line.modem.input(&input, &mut line.card);
    }
    // The line may be in the midst of anything.
    line.modem.input(b"\r", &mut line.card);
    line.modem.input(b"ATZ\r", &mut line.card);
    assert!(line.say("AT\r").ends_with("\r\nOK\r\n"));
    line.card.reset();
    assert_eq!(line.card.transmit(&[0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00]), [0x90, 0x00]);
}
