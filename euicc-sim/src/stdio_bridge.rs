//! The card side of the line protocol that lpac's `stdio` APDU backend speaks: JSON request in, JSON reply out.
//!
//! lpac sends ES10 commands only; TERMINAL CAPABILITY, MANAGE CHANNEL and SELECT are made here. This is the protocol
//! alone: who reads and writes the lines is the caller's business.

use data_encoding::{HEXLOWER_PERMISSIVE, HEXUPPER};
use serde_json::{Value, json};

use crate::card::Card;

/// What the bridge needs of a card.
pub trait ApduPort {
    /// Takes one command APDU and gives the response APDU.
    fn transmit(&mut self, command: &[u8]) -> Vec<u8>;

    /// Resets the card.
    fn reset(&mut self);
}

impl ApduPort for Card {
    fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        Self::transmit(self, command)
    }

    fn reset(&mut self) {
        Self::reset(self);
    }
}

/// A request that gets ecode -1: the protocol has no other way to say what is wrong.
struct Failure;

/// What a request is answered with: ecode, and data for `transmit`.
type Reply = Result<(u8, Option<Vec<u8>>), Failure>;

/// One card behind the line protocol.
pub struct Bridge<C> {
    card: C,
    connected: bool,
}

impl<C: ApduPort> Bridge<C> {
    /// A bridge to a card that nobody is connected to yet.
    pub fn new(card: C) -> Self {
        Self { card, connected: false }
    }

    /// The card.
    pub fn card(&self) -> &C {
        &self.card
    }

    /// Takes one line and gives the line to reply with, both without their line ends.
    ///
    /// `None` for the lines that lpac writes for its user (`progress`, `lpa`, `driver` …) and does not wait on. A line
    /// that is no request gets ecode -1, since its sender may be waiting.
    pub fn line(&mut self, request: &str) -> Option<String> {
        let message: Option<Value> = serde_json::from_str(request).ok();
        let reply = match message.as_ref().map(|message| message.get("type").and_then(Value::as_str)) {
            Some(Some("apdu")) => message.as_ref().map_or(Err(Failure), |message| self.apdu(message)),
            Some(Some(_)) => return None,
            Some(None) | None => Err(Failure),
        };
        let payload = match reply {
            Ok((ecode, None)) => json!({ "ecode": ecode }),
            Ok((ecode, Some(data))) => json!({ "ecode": ecode, "data": HEXUPPER.encode(&data) }),
            Err(Failure) => json!({ "ecode": -1 }),
        };
        Some(json!({ "type": "apdu", "payload": payload }).to_string())
    }

    fn apdu(&mut self, message: &Value) -> Reply {
        let payload = message.get("payload").ok_or(Failure)?;
        let function = payload.get("func").and_then(Value::as_str).ok_or(Failure)?;
        let parameter = || {
            let hex = payload.get("param").and_then(Value::as_str).ok_or(Failure)?;
            HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).map_err(|_| Failure)
        };
        if function == "connect" {
            return Ok(self.connect());
        }
        if !self.connected {
            return Err(Failure);
        }
        match function {
            "logic_channel_open" => self.open_channel(&parameter()?),
            "transmit" => self.transmit(&parameter()?),
            "logic_channel_close" => self.close_channel(&parameter()?),
            "disconnect" => {
                self.connected = false;
                Ok((0, None))
            }
            _ => Err(Failure),
        }
    }

    fn connect(&mut self) -> (u8, Option<Vec<u8>>) {
        // SGP.22 §3.4.2: LUId, LPDd and LDSd are there. Whether the card cares is its own business.
        const TERMINAL_CAPABILITY: [u8; 15] =
            [0x80, 0xAA, 0, 0, 0x0A, 0xA9, 8, 0x81, 0, 0x82, 1, 1, 0x83, 1, 7];
        self.card.reset();
        self.card.transmit(&TERMINAL_CAPABILITY);
        self.connected = true;
        (0, None)
    }

    /// SGP.22 §5.7.1: a logical channel, and the application of this AID on it.
    fn open_channel(&mut self, aid: &[u8]) -> Reply {
        // ISO/IEC 7816-4 §12.2.2: an AID has up to 16 bytes.
        let length =
            u8::try_from(aid.len()).ok().filter(|length| (1..=16).contains(length)).ok_or(Failure)?;
        let response = self.card.transmit(&[0x00, 0x70, 0x00, 0x00, 0x01]);
        let &[number, 0x90, 0x00] = response.as_slice() else { return Err(Failure) };
        // lpac writes the number into the low bits of the class, which is right for 1 to 3 only.
        if !(1..=3).contains(&number) {
            self.manage_channel_close(number);
            return Err(Failure);
        }
        let select = [&[number, 0xA4, 0x04, 0x00, length], aid].concat();
        match self.card.transmit(&select).last_chunk::<2>() {
            Some([0x90, 0x00] | [0x61 | 0x91, _]) => Ok((number, None)),
            _ => {
                self.manage_channel_close(number);
                Err(Failure)
            }
        }
    }

    fn transmit(&mut self, command: &[u8]) -> Reply {
        // Less than a header is no APDU.
        if command.len() < 4 {
            return Err(Failure);
        }
        Ok((0, Some(self.card.transmit(command))))
    }

    fn close_channel(&mut self, parameter: &[u8]) -> Reply {
        let &[number] = parameter else { return Err(Failure) };
        if self.manage_channel_close(number) { Ok((0, None)) } else { Err(Failure) }
    }

    fn manage_channel_close(&mut self, number: u8) -> bool {
        self.card.transmit(&[0x00, 0x70, 0x80, number, 0x00]).ends_with(&[0x90, 0x00])
    }
}
