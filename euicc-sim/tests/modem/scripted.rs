//! What the modem asks of a card, with a card of which every answer is known.

use std::collections::HashMap;

use data_encoding::HEXUPPER;
use euicc_sim::port::ApduPort;

use crate::Line;

/// Answers some commands, by their beginning, and refuses the others. Without power it answers nothing.
#[derive(Default)]
pub struct Scripted {
    answers: HashMap<&'static str, &'static str>,
    pub asked: Vec<String>,
    pub has_power: bool,
}

impl Scripted {
    pub fn new(answers: &[(&'static str, &'static str)]) -> Self {
        Self { answers: answers.iter().copied().collect(), ..Self::default() }
    }
}

impl ApduPort for Scripted {
    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        let command = HEXUPPER.encode(command);
        self.asked.push(command.clone());
        if !self.has_power {
            return Vec::new();
        }
        let mut fitting: Vec<_> =
            self.answers.iter().filter(|(known, _)| command.starts_with(*known)).collect();
        fitting.sort_by_key(|(known, _)| known.len());
        fitting.last().map_or(vec![0x6A, 0x82], |(_, answer)| HEXUPPER.decode(answer.as_bytes()).unwrap())
    }

    fn reset(&mut self) -> Vec<u8> {
        self.has_power = true;
        vec![0x3B, 0x00]
    }

    fn power_off(&mut self) {
        self.has_power = false;
    }
}

/// A card of an operator: EF_ICCID, EF_DIR with a USIM, EF_IMSI.
const OPERATOR: [(&str, &str); 10] = [
    ("00A4080C022FE2", "9000"),
    ("00B0000000", "98881201000000001 0F79000"),
    ("00A4080C022F00", "9000"),
    ("00B2010400", "61164F10A0000000871002FFFFFFFF8907090000500255530000 9000"),
    ("00A4040C10A0000000871002FFFFFFFF8907090000", "9000"),
    ("00A4080C047FFF6F07", "9000"),
    ("80AA", "9000"),
    ("8010", "9000"),
    ("00A40004023F00", "6102"),
    ("00C0000002", "62009000"),
];

/// The same, as it is written and with more.
fn operator(more: &[(&'static str, &'static str)]) -> Line<Scripted> {
    let mut answers: Vec<(&str, &str)> = Vec::new();
    for (command, answer) in OPERATOR {
        answers.push((command, answer.replace(' ', "").leak()));
    }
    answers.extend(more);
    let mut line = Line::new(Scripted::new(&answers), true);
    line.card.asked.clear();
    line
}

#[test]
fn at_power_up_it_presents_itself_and_reads_the_card() {
    let line = Line::new(Scripted::new(&[]), true);
    let asked: Vec<&str> = line.card.asked.iter().map(String::as_str).collect();
    assert_eq!(
        asked,
        ["80AA00000AA9088100820101830107", "00A4080C022FE2", "00A4080C022F00", "8010000003010080"]
    );
    let line = Line::new(Scripted::new(&[]), false);
    assert!(!line.card.asked.iter().any(|command| command.starts_with("8010")));
}

#[test]
fn it_tells_the_numbers_of_the_card_as_it_read_them() {
    let mut line = operator(&[]);
    assert_eq!(line.ask("AT+CCID"), ["+CCID: 8988211000000000017", "OK"]);
    assert_eq!(line.ask("AT+ICCID"), ["+ICCID: 8988211000000000017", "OK"]);
    assert!(line.card.asked.is_empty());
}

#[test]
fn without_a_subscriber_it_says_what_is_missing() {
    let mut line = Line::new(Scripted::new(&[]), true);
    line.ask("AT+CMEE=1");
    assert_eq!(line.ask("AT+CIMI"), ["+CME ERROR: 22"]);
    assert_eq!(line.ask("AT+CCID"), ["+CME ERROR: 22"]);
    assert_eq!(line.ask("AT+CPIN?"), ["+CPIN: READY", "OK"]);
}

#[test]
fn a_file_is_selected_before_it_is_read() {
    let mut line = operator(&[("00B000000A", "980102030405060708099000"), ("00B2020426", "6A83")]);
    assert_eq!(line.ask("AT+CRSM=176,12258,0,0,10"), ["+CRSM: 144,0,\"98010203040506070809\"", "OK"]);
    assert_eq!(line.ask("AT+CRSM=178,12032,2,4,38"), ["+CRSM: 106,131", "OK"]);
    // What is not there is no error of the modem (3GPP TS 27.007 §8.18).
    assert_eq!(line.ask("AT+CRSM=176,28590,0,0,10"), ["+CRSM: 106,130", "OK"]);
    assert_eq!(
        line.card.asked,
        [
            "00A4080C022FE2",
            "00B000000A",
            "00A4080C022F00",
            "00B2020426",
            "00A4040C10A0000000871002FFFFFFFF8907090000",
            "00A4080C047FFF6FAE",
        ]
    );
}

#[test]
fn a_path_leads_to_files_the_modem_does_not_know() {
    let mut line = operator(&[("00A40804067FFF5F3A4F30", "61046300"), ("00A4080C067F105F3A4F30", "9000")]);
    line.ask("AT+CRSM=176,20272,0,0,1,,\"7F105F3A\"");
    line.ask("AT+CRSM=176,20272,0,0,1,\"\",\"3F007F105F3A\"");
    assert_eq!(line.card.asked.iter().filter(|asked| *asked == "00A4080C067F105F3A4F30").count(), 2);
    line.ask("AT+CMEE=1");
    assert_eq!(line.ask("AT+CRSM=176,20272,0,0,1,,\"7F105F\""), ["+CME ERROR: 50"]);
}

#[test]
fn get_response_tells_what_the_selection_said() {
    let mut line = operator(&[
        ("00A40804022FE2", "6104"),
        ("00C0000004", "620282009000"),
        ("80F2000000", "6102"),
        ("80F2000C00", "9000"),
    ]);
    assert_eq!(line.ask("AT+CRSM=192,12258"), ["+CRSM: 144,0,\"62028200\"", "OK"]);
    assert_eq!(line.ask("AT+CRSM=192,12258,0,0,2"), ["+CRSM: 144,0,\"6202\"", "OK"]);
    assert_eq!(line.ask("AT+CRSM=242"), ["+CRSM: 144,0,\"6200\"", "OK"]);
    assert_eq!(line.ask("AT+CRSM=242,,0,12,0"), ["+CRSM: 144,0", "OK"]);
}

#[test]
fn files_are_written() {
    let mut line = operator(&[("00D6000002ABCD", "9000"), ("00DC010402ABCD", "6982")]);
    assert_eq!(line.ask("AT+CRSM=214,12258,0,0,2,\"ABCD\""), ["+CRSM: 144,0", "OK"]);
    assert_eq!(line.ask("AT+CRSM=220,12258,1,4,2,abcd"), ["+CRSM: 105,130", "OK"]);
    line.ask("AT+CMEE=1");
    for (command, error) in [
        ("AT+CRSM=214,12258,0,0,3,\"ABCD\"", 50),
        ("AT+CRSM=214,12258,0,0,2,\"ABCX\"", 25),
        ("AT+CRSM=176", 50),
        ("AT+CRSM=192", 50),
        ("AT+CRSM=1,12258", 4),
        ("AT+CRSM=176,65536,0,0,1", 50),
        ("AT+CRSM=176,12258,256,0,1", 50),
        ("AT+CRSM=176,12258,0,0,1,,,1", 50),
    ] {
        assert_eq!(line.ask(command), [format!("+CME ERROR: {error}")], "{command}");
    }
}

#[test]
fn a_pin_is_asked_for_and_presented() {
    // The MF says that PIN 1 is enabled.
    let mut line = operator(&[
        ("00A40004023F00", "6112"),
        ("00C0000012", "62108202782183023F00C6069001808301019000"),
        ("0020000100", "63C3"),
        ("00200001", "63C3"),
        ("002000010831323334FFFFFFFF", "9000"),
        ("002000010839393939FFFFFFFF", "63C2"),
    ]);
    line.ask("AT+CMEE=1");
    assert_eq!(line.ask("AT+CPIN?"), ["+CPIN: SIM PIN", "OK"]);
    assert_eq!(line.ask("AT+CPIN=9999"), ["+CME ERROR: 16"]);
    assert_eq!(line.ask("AT+CPIN=12a4"), ["+CME ERROR: 50"]);
    assert_eq!(line.ask("AT+CPIN=\"1234\""), ["OK"]);
    assert_eq!(line.ask("AT+CPIN?"), ["+CPIN: READY", "OK"]);
    assert_eq!(line.ask("AT+CPIN=1234"), ["+CME ERROR: 3"]);
    // Until the card is reset.
    line.ask("AT+CFUN=1,1");
    assert!(line.say("AT+CPIN?\r").contains("+CPIN: SIM PIN"));
}

#[test]
fn a_blocked_pin_is_replaced_by_means_of_the_puk() {
    let mut line = operator(&[
        ("00A40004023F00", "6112"),
        ("00C0000012", "62108202782183023F00C6069001808301019000"),
        ("00200001", "63C0"),
        ("002C0001103132333435363738", "63C9"),
        ("002C000110383736353433323134333231FFFFFFFF", "9000"),
    ]);
    line.ask("AT+CMEE=2");
    assert_eq!(line.ask("AT+CPIN?"), ["+CPIN: SIM PUK", "OK"]);
    assert_eq!(line.ask("AT+CPIN=1234"), ["+CME ERROR: SIM PUK required"]);
    assert_eq!(line.ask("AT+CPIN=\"12345678\",\"4321\""), ["+CME ERROR: incorrect password"]);
    assert_eq!(line.ask("AT+CPIN=\"87654321\",\"4321\""), ["OK"]);
}

#[test]
fn an_application_that_is_not_there_opens_no_session() {
    let mut line = operator(&[("00700000", "029000"), ("00708002", "9000")]);
    line.ask("AT+CMEE=1");
    assert_eq!(line.ask("AT+CCHO=\"A0000005591010FFFFFFFF8900000100\""), ["+CME ERROR: 22"]);
    assert_eq!(line.card.asked.last().unwrap(), "0070800200");
    assert_eq!(line.ask("AT+CCHO?"), ["OK"]);
    let mut line = operator(&[("00700000", "6A81")]);
    line.ask("AT+CMEE=1");
    assert_eq!(line.ask("AT+CCHO=A0000005591010FFFFFFFF8900000100"), ["+CME ERROR: 20"]);
    for aid in ["", "\"\"", "A", "A000000559101010101010101010101010", "\"ZZ\""] {
        let answer = line.ask(&format!("AT+CCHO={aid}"));
        assert!(answer == ["+CME ERROR: 50"] || answer == ["+CME ERROR: 25"], "{aid}: {answer:?}");
    }
}

#[test]
fn a_session_has_its_channel_whatever_the_class_says() {
    let mut line = operator(&[
        ("00700000", "039000"),
        ("03A40400", "6104"),
        ("83E2910003BF3E00", "6103"),
        ("03C0000003", "0102036CFF"),
        ("83CA00", "6C05"),
        ("83CA005A05", "01020304059000"),
        ("00708003", "9000"),
    ]);
    assert_eq!(line.ask("AT+CCHO=\"A0000005591010FFFFFFFF8900000100\""), ["+CCHO: 3", "OK"]);
    assert_eq!(line.ask("AT+CCHO?"), ["+CCHO: 3", "OK"]);
    // lpac numbers its channels by itself.
    assert_eq!(line.ask("AT+CGLA=3,8,\"81CA005A\""), ["+CGLA: 14,\"01020304059000\"", "OK"]);
    assert_eq!(line.ask("AT+CCHC=3"), ["+CCHC", "OK"]);
    assert_eq!(line.ask("AT+CGLA=3,8,\"81CA005A\""), ["ERROR"]);
}

#[test]
fn a_card_without_power_is_a_failure_of_the_sim() {
    let mut line = operator(&[("00700000", "039000")]);
    line.ask("AT+CMEE=1");
    line.card.power_off();
    for command in ["AT+CSIM=8,\"00A40000\"", "AT+CCHO=A000", "AT+CRSM=242", "AT+CPIN?", "AT+CRSM=176,12258"]
    {
        assert_eq!(line.ask(command), ["+CME ERROR: 13"], "{command}");
    }
    assert_eq!(line.say("AT+CFUN=1,1\r"), "\r\nOK\r\n");
    assert!(line.say("AT+CRSM=242\r").contains("+CRSM: 106,130"));
}

#[test]
fn with_minimum_functionality_the_card_has_no_power() {
    let mut line = operator(&[]);
    line.ask("AT+CMEE=1");
    assert_eq!(line.ask("AT+CFUN?"), ["+CFUN: 1", "OK"]);
    assert_eq!(line.ask("AT+CFUN=0"), ["OK"]);
    assert!(!line.card.has_power);
    assert_eq!(line.ask("AT+CFUN?;+CCID"), ["+CFUN: 0", "+CME ERROR: 13"]);
    assert_eq!(line.ask("AT+CFUN=4"), ["OK"]);
    assert!(line.card.has_power);
    assert_eq!(line.ask("AT+CFUN?;+CCID"), ["+CFUN: 4", "+CCID: 8988211000000000017", "OK"]);
    let asked = line.card.asked.len();
    assert_eq!(line.ask("AT+CFUN=1"), ["OK"]);
    assert_eq!(line.card.asked.len(), asked, "the card is not reset where it has power");
    for wrong in ["2", "1,2", "", "x", "1,1,1"] {
        assert_eq!(line.ask(&format!("AT+CFUN={wrong}")), ["+CME ERROR: 50"], "{wrong}");
    }
}
