//! The card side of the line protocol that lpac's `stdio` APDU backend speaks: JSON request in, JSON reply out.
//!
//! lpac sends ES10 commands only; TERMINAL CAPABILITY, MANAGE CHANNEL and SELECT are made here. This is the protocol
//! alone: who reads and writes the lines is the caller's business.

use data_encoding::{HEXLOWER_PERMISSIVE, HEXUPPER};
use serde_json::{Value, json};

use super::ApduPort;
use super::terminal::{self, TERMINAL_CAPABILITY};

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
        self.card.reset();
        self.card.transmit(&TERMINAL_CAPABILITY);
        self.connected = true;
        (0, None)
    }

    /// SGP.22 §5.7.1: a logical channel, and the application of this AID on it.
    fn open_channel(&mut self, aid: &[u8]) -> Reply {
        // ISO/IEC 7816-4 §12.2.2: an AID has up to 16 bytes.
        if !(1..=16).contains(&aid.len()) {
            return Err(Failure);
        }
        let number = terminal::open_channel(&mut self.card).map_err(|_| Failure)?;
        // lpac writes the number into the low bits of the class, which is right for 1 to 3 only.
        if (1..=3).contains(&number) && terminal::select_application(&mut self.card, number, aid).is_ok() {
            return Ok((number, None));
        }
        terminal::close_channel(&mut self.card, number);
        Err(Failure)
    }

    fn transmit(&mut self, command: &[u8]) -> Reply {
        // Less than a header is no APDU.
        if command.len() < 4 {
            return Err(Failure);
        }
        let response = self.card.transmit(command);
        // A card without power says nothing at all.
        if response.is_empty() { Err(Failure) } else { Ok((0, Some(response))) }
    }

    fn close_channel(&mut self, parameter: &[u8]) -> Reply {
        let &[number] = parameter else { return Err(Failure) };
        if terminal::close_channel(&mut self.card, number) { Ok((0, None)) } else { Err(Failure) }
    }
}
