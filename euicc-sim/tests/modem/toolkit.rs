//! Proactive commands: what the modem fetches, does and answers (ETSI TS 102 223).

use std::collections::VecDeque;

use data_encoding::HEXUPPER;
use euicc_sim::port::ApduPort;

use crate::Line;

/// Has commands to be fetched, and remembers what came.
#[derive(Default)]
struct Proactive {
    waiting: VecDeque<&'static str>,
    asked: Vec<String>,
    resets: usize,
}

impl ApduPort for Proactive {
    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        let text = HEXUPPER.encode(command);
        let is_fetch = text.starts_with("8012");
        self.asked.push(text);
        let mut response = Vec::new();
        if is_fetch {
            let fetched = self.waiting.pop_front().unwrap_or_default();
            response = HEXUPPER.decode(fetched.replace(' ', "").as_bytes()).unwrap();
        }
        match self.waiting.front() {
            Some(next) => response.extend([0x91, u8::try_from(next.replace(' ', "").len() / 2).unwrap()]),
            None => response.extend([0x90, 0x00]),
        }
        response
    }

    fn reset(&mut self) -> Vec<u8> {
        self.resets += 1;
        self.waiting.clear();
        Vec::new()
    }

    fn power_off(&mut self) {}
}

const WITH_RESET: &str = "D009 8103010104 82028182";
const FILE_CHANGE: &str = "D009 8103010101 82028182";
const DISPLAY_TEXT: &str = "D00D 8103012180 82028102 8D020441";

fn line(waiting: &[&'static str], toolkit: bool) -> Line<Proactive> {
    let mut line = Line::new(Proactive::default(), toolkit);
    line.card.asked.clear();
    line.card.waiting.extend(waiting);
    line
}

#[test]
fn a_refresh_with_reset_is_answered_by_the_reset() {
    let mut line = line(&[WITH_RESET], true);
    assert_eq!(line.card.resets, 1);
    // What the card said of its own is passed on.
    assert_eq!(line.ask("AT+CSIM=8,\"00A40000\""), ["+CSIM: 4,\"910B\"", "OK"]);
    assert_eq!(line.card.resets, 2);
    assert_eq!(line.card.asked[..3], ["00A40000", "801200000B", "80AA00000AA9088100820101830107"]);
    assert!(line.card.asked.iter().any(|command| command.starts_with("8010")));
    assert!(!line.card.asked.iter().any(|command| command.starts_with("8014")));
}

#[test]
fn another_refresh_gets_a_terminal_response_and_the_card_is_read_again() {
    let mut line = line(&[FILE_CHANGE], true);
    line.ask("AT+CSIM=8,\"00A40000\"");
    assert_eq!(line.card.resets, 1);
    assert_eq!(line.card.asked[1], "801200000B");
    assert_eq!(line.card.asked[2], "801400000C810301010182028281830100");
    assert!(line.card.asked.contains(&"00A4080C022FE2".to_owned()));
}

#[test]
fn what_a_modem_has_no_means_for_is_refused_and_the_next_command_fetched() {
    let mut line = line(&[DISPLAY_TEXT, FILE_CHANGE], true);
    line.ask("AT+CSIM=8,\"00A40000\"");
    assert_eq!(
        line.card.asked[1..5],
        [
            "801200000F",
            "801400000C810301218082028281830130",
            "801200000B",
            "801400000C810301010182028281830100"
        ]
    );
}

#[test]
fn without_a_toolkit_nothing_is_fetched() {
    let mut line = line(&[WITH_RESET], false);
    assert_eq!(line.ask("AT+CSIM=8,\"00A40000\""), ["+CSIM: 4,\"910B\"", "OK"]);
    assert_eq!(line.card.asked, ["00A40000"]);
    // The line may do it by itself.
    let fetched = line.ask("AT+CSIM=10,\"801200000B\"");
    assert_eq!(
        fetched,
        ["+CSIM: 26,\"D009810301010482028182", "OK"].map(|text| text.replace("8182", "81829000\""))
    );
}

#[test]
fn a_card_that_never_has_enough_does_not_hold_the_modem() {
    struct Insatiable;
    impl ApduPort for Insatiable {
        fn transmit(&mut self, _: &[u8]) -> Vec<u8> {
            HEXUPPER.decode(b"D009810301010182028182910B").unwrap()
        }

        fn reset(&mut self) -> Vec<u8> {
            Vec::new()
        }

        fn power_off(&mut self) {}
    }
    let mut line = Line::new(Insatiable, true);
    assert_eq!(line.ask("AT"), ["OK"]);
}
