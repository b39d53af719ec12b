//! A process with cards, and clients for its ports.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use data_encoding::HEXUPPER;

use crate::common::Bench;

pub const EID: &str = "89049032123451234512345678901235";
pub const SELECT_MF: &str = "00A4000C023F00";
pub const OPEN_CHANNEL: &str = "0070000001";
pub const SELECT_ISD_R: &str = "01A4040010A0000005591010FFFFFFFF8900000100";
pub const GET_EID: &str = "81E2910006BF3E035C015A";
/// How long anything may take that has to come.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A folder with a card in `card.json`; more arguments make it another one.
pub fn bench(more: &[&str]) -> Bench {
    let bench = Bench::new();
    bench.rsp_ok(&[&["card", "new", "--certs", "pki", "--out", "card.json"], more].concat());
    bench
}

/// A running `rsp card serve`.
pub struct Serving {
    child: Child,
    /// What it said of its ports, in order.
    pub said: Vec<String>,
}

impl Serving {
    /// The card of the folder at these ports; waits until it has told of `ports` of them.
    pub fn card(bench: &Bench, ports: usize, arguments: &[&str]) -> Self {
        Self::start(bench, ports, &[&["--state", "card.json"], arguments].concat())
    }

    pub fn start(bench: &Bench, ports: usize, arguments: &[&str]) -> Self {
        let mut command = bench.command(&[&["card", "serve"], arguments].concat());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let said = lines.take(ports).map(Result::unwrap).collect::<Vec<_>>();
        assert_eq!(said.len(), ports, "it ended: {said:?}");
        Self { child, said }
    }

    /// The address behind the last word of a line.
    pub fn address(&self, line: usize) -> String {
        let last = self.said[line].rsplit(' ').next().unwrap();
        last.trim_start_matches("http://").trim_end_matches("/cards").to_owned()
    }

    /// SIGTERM, and how it ends.
    pub fn stop(mut self) -> ExitStatus {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// A client of the port for raw APDUs.
pub struct Raw(pub TcpStream);

impl Raw {
    pub fn new(address: &str) -> Self {
        Self(connect(address))
    }

    /// What is answered to this message, all in hexadecimal.
    pub fn ask(&mut self, message: &str) -> String {
        self.0.write_all(&frame(message)).unwrap();
        self.answer().unwrap()
    }

    pub fn answer(&mut self) -> std::io::Result<String> {
        let mut length = [0; 2];
        self.0.read_exact(&mut length)?;
        let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
        self.0.read_exact(&mut message)?;
        Ok(HEXUPPER.encode(&message))
    }
}

/// A message with its length in front.
pub fn frame(message: &str) -> Vec<u8> {
    let message = HEXUPPER.decode(message.as_bytes()).unwrap();
    [&u16::try_from(message.len()).unwrap().to_be_bytes(), &message[..]].concat()
}

/// What an HTTP server answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// One request. `headers` are whole lines.
pub fn request(address: &str, method: &str, path: &str, headers: &[&str], body: &str) -> Answer {
    let mut stream = connect(address);
    let mut lines = vec![format!("{method} {path} HTTP/1.1"), "Connection: close".to_owned()];
    if !headers.iter().any(|line| line.starts_with("Host:")) {
        lines.push(format!("Host: {address}"));
    }
    lines.extend(headers.iter().map(|line| (*line).to_owned()));
    lines.push(format!("Content-Length: {}", body.len()));
    stream.write_all(format!("{}\r\n\r\n{body}", lines.join("\r\n")).as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
}

/// An APDU over HTTP, in hexadecimal.
pub fn http_apdu(address: &str, eid: &str, apdu: &str) -> String {
    let answer = request(address, "POST", &format!("/cards/{eid}/apdu"), &[], apdu);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body.trim_end().to_owned()
}
