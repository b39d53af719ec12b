//! The card in a virtual reader, of which the test is the other end.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use data_encoding::HEXUPPER;

use crate::lab::{EID, PATIENCE, SELECT_MF, Serving, bench, frame, request};

const POWER_OFF: &str = "00";
const POWER_ON: &str = "01";
const RESET: &str = "02";
const ATR: &str = "04";

/// The reader, with a card in it.
struct Reader(TcpStream);

impl Reader {
    /// Waits for a card.
    fn with_card(listener: &TcpListener) -> Self {
        listener.set_nonblocking(true).unwrap();
        let begin = Instant::now();
        loop {
            match listener.accept() {
                Ok((stream, _)) => {
                    stream.set_nonblocking(false).unwrap();
                    stream.set_read_timeout(Some(PATIENCE)).unwrap();
                    return Self(stream);
                }
                Err(_) if begin.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(20)),
                Err(error) => panic!("no card comes: {error}"),
            }
        }
    }

    /// Sends a message, its length by itself as vpcd does.
    fn tell(&mut self, message: &str) {
        let (length, message) = (&frame(message)[..2], &frame(message)[2..]);
        self.0.write_all(length).unwrap();
        self.0.write_all(message).unwrap();
    }

    fn ask(&mut self, message: &str) -> String {
        self.tell(message);
        let mut length = [0; 2];
        self.0.read_exact(&mut length).unwrap();
        let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
        self.0.read_exact(&mut answer).unwrap();
        HEXUPPER.encode(&answer)
    }
}

/// A reader for `cards` cards, and what `--vpcd` is to be for it.
fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

#[test]
fn the_reader_powers_the_card_and_passes_apdus_on() {
    let bench = bench(&[]);
    let (listener, address) = listener();
    let serving = Serving::card(&bench, 1, &["--vpcd", &address]);
    let mut reader = Reader::with_card(&listener);
    let atr = reader.ask(ATR);
    assert!(serving.said[0].contains(&format!("ATR {atr}")));
    reader.tell(POWER_ON);
    assert_eq!(reader.ask(SELECT_MF), "9000");
    assert_eq!(reader.ask("0070000001"), "019000");
    reader.tell(RESET);
    assert_eq!(reader.ask("0070000001"), "019000");
    // The reader asks for the ATR to learn whether the card is there, with or without power.
    reader.tell(POWER_OFF);
    assert_eq!(reader.ask(ATR), atr);
    reader.tell(POWER_ON);
    assert_eq!(reader.ask(SELECT_MF), "9000");
    // A control that nobody knows is not answered, nor is a message without bytes.
    reader.tell("7F");
    reader.tell("");
    assert_eq!(reader.ask(SELECT_MF), "9000");
}

#[test]
fn the_card_waits_for_its_reader_and_goes_back_into_it() {
    let bench = bench(&[]);
    let (reserved, address) = listener();
    drop(reserved);
    let _serving = Serving::card(&bench, 1, &["--vpcd", &address]);
    std::thread::sleep(Duration::from_millis(300));
    let listener = TcpListener::bind(&address).unwrap();
    for _ in 0..3 {
        let mut reader = Reader::with_card(&listener);
        reader.tell(POWER_ON);
        assert_eq!(reader.ask(SELECT_MF), "9000");
    }
}

#[test]
fn a_card_that_lost_its_power_is_as_if_pulled_out_and_put_in_again() {
    let bench = bench(&[]);
    let (listener, address) = listener();
    let serving = Serving::card(&bench, 2, &["--vpcd", &address, "--http", "0"]);
    let mut reader = Reader::with_card(&listener);
    reader.tell(POWER_ON);
    assert_eq!(reader.ask("0070000001"), "019000");
    let off = request(&serving.address(1), "POST", &format!("/cards/{EID}/power-off"), &[], "");
    assert_eq!(off.status, 204);
    assert!(reader.ask(ATR).starts_with("3B"));
    reader.tell(SELECT_MF);
    assert_eq!(reader.0.read(&mut [0; 1]).unwrap(), 0, "no answer, the card is gone");
    let mut reader = Reader::with_card(&listener);
    reader.tell(POWER_ON);
    assert_eq!(reader.ask("0070000001"), "019000");
}
