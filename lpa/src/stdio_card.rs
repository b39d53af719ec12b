//! A card in another program: drives a child process that plays the card in the line protocol of lpac's `stdio` APDU
//! backend.
//!
//! The protocol opens and closes logical channels by functions of its own, so MANAGE CHANNEL and the SELECT that
//! follows it never reach the other side; what remains of the card's answer to them is made up here.
//!
//! A program that does not answer in time is ended: nobody waits for it for ever.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use serde_json::{Value, json};

use crate::card::{Card, CardError};

/// More than a card takes for anything: making a profile takes seconds.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often a program that is to end is looked at.
const LOOK: Duration = Duration::from_millis(10);
/// More than any reply has.
const LONGEST_LINE: u64 = 1 << 20;

/// A child process that is a card.
pub struct StdioCard {
    child: Child,
    /// None once nothing comes of it any more.
    connection: Option<Connection>,
    patience: Duration,
    aid: Vec<u8>,
    /// Channels opened by the protocol's function, whose SELECT is still to come.
    opened: Vec<u8>,
}

/// Both ends of what is said to the program.
struct Connection {
    requests: ChildStdin,
    /// The lines that it prints, each as soon as it is there.
    replies: Receiver<io::Result<String>>,
}

impl StdioCard {
    /// Starts `program` and connects to its card. MANAGE CHANNEL will open channels to the application `aid`. The program has a
    /// minute for each answer.
    ///
    /// # Errors
    /// Where the program does not start or refuses to connect.
    pub fn start(program: Command, aid: &[u8]) -> Result<Self, CardError> {
        Self::start_patiently(program, aid, PATIENCE)
    }

    /// The same with so much time for each answer, and for the end of the program.
    ///
    /// # Errors
    /// Those of [`Self::start`].
    pub fn start_patiently(mut program: Command, aid: &[u8], patience: Duration) -> Result<Self, CardError> {
        let lost = |error: io::Error| CardError(format!("the card program does not start: {error}"));
        let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(lost)?;
        let (Some(requests), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(CardError("the card program has no standard input or output".to_owned()));
        };
        let mut card = Self { child, connection: None, patience, aid: aid.to_vec(), opened: Vec::new() };
        card.connection = Some(Connection { requests, replies: lines(output).map_err(lost)? });
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
        let lost = |error: io::Error| CardError(format!("the card program is gone: {error}"));
        let Some(Connection { requests, replies }) = &mut self.connection else {
            return Err(CardError("the card program was ended: it had not answered in time".to_owned()));
        };
        writeln!(requests, "{request}").and_then(|()| requests.flush()).map_err(lost)?;

        let line = match replies.recv_timeout(self.patience) {
            Ok(line) => line.map_err(lost)?,
            Err(RecvTimeoutError::Disconnected) => {
                return Err(CardError("the card program has ended".to_owned()));
            }
            Err(RecvTimeoutError::Timeout) => {
                // What it says later would be taken for the answer to something else.
                self.child.kill().ok();
                self.end();
                let seconds = self.patience.as_secs();
                return Err(CardError(format!("the card program has not answered in {seconds} seconds")));
            }
        };
        read_reply(&line).ok_or_else(|| {
            let start: String = line.trim_end().chars().take(80).collect();
            CardError(format!("the card program replied {start:?}"))
        })
    }

    /// Waits for the program, and ends it where that takes too long. The end of its standard input tells it to go; whoever it
    /// still writes to is gone.
    fn end(&mut self) {
        self.connection = None;
        let begun = Instant::now();
        // Nothing tells that a child has ended but looking at it.
        while matches!(self.child.try_wait(), Ok(None)) {
            if begun.elapsed() >= self.patience {
                self.child.kill().ok();
                self.child.wait().ok();
                return;
            }
            thread::sleep(LOOK);
        }
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

/// The program is waited for so that nothing of it stays behind.
impl Drop for StdioCard {
    fn drop(&mut self) {
        if self.connection.is_some() {
            self.call("disconnect", None).ok();
        }
        self.end();
    }
}

/// The lines of an output, read by a thread that ends with the output, or with whoever wants them: a read has no time limit.
fn lines(output: ChildStdout) -> io::Result<Receiver<io::Result<String>>> {
    let (told, lines) = sync_channel(0);
    let mut output = BufReader::new(output);
    let read = move || {
        loop {
            let mut line = String::new();
            let read = output.by_ref().take(LONGEST_LINE).read_line(&mut line);
            let is_over = !matches!(read, Ok(1..));
            if matches!(read, Ok(0)) || told.send(read.map(|_| line)).is_err() || is_over {
                return;
            }
        }
    };
    thread::Builder::new().name("card program".to_owned()).spawn(read)?;
    Ok(lines)
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
