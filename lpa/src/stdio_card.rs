//! A card in another program: drives a child process that plays the card in the line protocol of lpac's `stdio` APDU
//! backend.
//!
//! The protocol opens and closes logical channels by functions of its own, so MANAGE CHANNEL and the SELECT that
//! follows it never reach the other side; what remains of the card's answer to them is made up here.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use serde_json::{Value, json};

use crate::card::{Card, CardError};

/// A child process that is a card.
pub struct StdioCard {
    child: Child,
    requests: Option<ChildStdin>,
    replies: BufReader<ChildStdout>,
    aid: Vec<u8>,
    /// Channels opened by the protocol's function, whose SELECT is still to come.
    opened: Vec<u8>,
}

impl StdioCard {
    /// Starts `program` and connects to its card. MANAGE CHANNEL will open channels to the application `aid`.
    ///
    /// # Errors
    /// Where the program does not start or refuses to connect.
    pub fn start(mut program: Command, aid: &[u8]) -> Result<Self, CardError> {
        let lost = |error: std::io::Error| CardError(format!("the card program does not start: {error}"));
        let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(lost)?;
        let (Some(requests), Some(replies)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(CardError("the card program has no standard input or output".to_owned()));
        };
        let replies = BufReader::new(replies);
        let mut card =
            Self { child, requests: Some(requests), replies, aid: aid.to_vec(), opened: Vec::new() };
        card.connect()?;
        Ok(card)
    }

    fn connect(&mut self) -> Result<(), CardError> {
        match self.call("connect", None)? {
            (0.., _) => Ok(()),
            (ecode, _) => Err(CardError(format!("connect was answered with ecode {ecode}"))),
        }
    }

    /// One request and its reply: ecode and data.
    fn call(
        &mut self,
        function: &str,
        parameter: Option<&[u8]>,
    ) -> Result<(i64, Option<Vec<u8>>), CardError> {
        let parameter = parameter.map(|bytes| HEXLOWER.encode(bytes));
        let request = json!({ "type": "apdu", "payload": { "func": function, "param": parameter } });
        let lost = |error: std::io::Error| CardError(format!("the card program is gone: {error}"));
        let requests = self.requests.as_mut().ok_or_else(|| CardError("disconnected".to_owned()))?;
        writeln!(requests, "{request}").and_then(|()| requests.flush()).map_err(lost)?;

        let mut line = String::new();
        if self.replies.read_line(&mut line).map_err(lost)? == 0 {
            return Err(CardError("the card program has ended".to_owned()));
        }
        read_reply(&line).ok_or_else(|| {
            let start: String = line.trim_end().chars().take(80).collect();
            CardError(format!("the card program replied {start:?}"))
        })
    }

    fn open_channel(&mut self) -> Result<Vec<u8>, CardError> {
        let aid = self.aid.clone();
        let (ecode, _) = self.call("logic_channel_open", Some(&aid))?;
        match u8::try_from(ecode) {
            Ok(number) => {
                self.opened.push(number);
                Ok(vec![number, 0x90, 0x00])
            }
            Err(_) => Ok(vec![0x6A, 0x81]),
        }
    }

    /// Whether this is the SELECT of what the opening of its channel has selected already.
    fn is_done_selection(&mut self, command: &[u8]) -> bool {
        let &[class, 0xA4, 0x04, _, _, ref rest @ ..] = command else { return false };
        let selects = rest.strip_suffix(&[0]).unwrap_or(rest) == self.aid || rest == self.aid;
        let position = self.opened.iter().position(|number| *number == class);
        if let (true, Some(position)) = (selects, position) {
            self.opened.swap_remove(position);
            return true;
        }
        false
    }
}

impl Card for StdioCard {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardError> {
        match *command {
            // TERMINAL CAPABILITY is the business of the program.
            [_, 0xAA, ..] => Ok(vec![0x90, 0x00]),
            [_, 0x70, 0x00, 0x00, ..] => self.open_channel(),
            [_, 0x70, 0x80, number, ..] => {
                self.call("logic_channel_close", Some(&[number]))?;
                Ok(vec![0x90, 0x00])
            }
            _ if self.is_done_selection(command) => Ok(vec![0x90, 0x00]),
            _ => match self.call("transmit", Some(command))? {
                (0.., Some(response)) => Ok(response),
                (ecode, _) => {
                    Err(CardError(format!("transmit was answered with ecode {ecode} and no response")))
                }
            },
        }
    }

    fn reset(&mut self) -> Result<Vec<u8>, CardError> {
        self.opened.clear();
        self.call("disconnect", None)?;
        self.connect()?;
        Ok(Vec::new())
    }
}

/// The end of its standard input tells the program to go; it is waited for so that nothing of it stays behind.
impl Drop for StdioCard {
    fn drop(&mut self) {
        self.call("disconnect", None).ok();
        self.requests = None;
        self.child.wait().ok();
    }
}

fn read_reply(line: &str) -> Option<(i64, Option<Vec<u8>>)> {
    let message: Value = serde_json::from_str(line).ok()?;
    let payload =
        message.get("payload").filter(|_| message.get("type").is_some_and(|kind| kind == "apdu"))?;
    let data = match payload.get("data").and_then(Value::as_str) {
        Some(hex) => Some(HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok()?),
        None => None,
    };
    Some((payload.get("ecode")?.as_i64()?, data))
}
