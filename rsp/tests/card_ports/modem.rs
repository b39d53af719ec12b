//! The modem on its pseudo-terminal, from the side of a program that opens it as it would a serial line.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{FileTypeExt, symlink};
use std::path::Path;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

use crate::common::order;
use crate::lab::{EID, PATIENCE, Serving, bench};

/// The line, opened.
struct Line(File);

impl Line {
    fn open(path: &Path) -> Self {
        Self(OpenOptions::new().read(true).write(true).open(path).unwrap())
    }

    /// The lines that come back for a command, up to its result.
    fn ask(&mut self, command: &str) -> Vec<String> {
        self.0.write_all(format!("{command}\r\n").as_bytes()).unwrap();
        let mut received = String::new();
        loop {
            let lines = received.split("\r\n").map(|line| line.trim_end_matches('\r'));
            let lines: Vec<_> = lines.filter(|line| !line.is_empty()).map(str::to_owned).collect();
            let last = lines.last().map(String::as_str).unwrap_or_default();
            if received.ends_with("\r\n")
                && (last == "OK" || last == "ERROR" || last.starts_with("+CME ERROR"))
            {
                return lines;
            }
            let patience = Timespec { tv_sec: PATIENCE.as_secs().try_into().unwrap(), tv_nsec: 0 };
            let ready = poll(&mut [PollFd::new(&self.0, PollFlags::IN)], Some(&patience)).unwrap();
            assert_ne!(ready, 0, "{command}: {received:?}");
            let mut buffer = [0; 256];
            let length = self.0.read(&mut buffer).unwrap();
            received += std::str::from_utf8(&buffer[..length]).unwrap();
        }
    }
}

#[test]
fn a_session_with_the_isd_r_over_a_serial_line() {
    let bench = bench(&[]);
    let serving = Serving::card(&bench, 1, &["--at", "modem"]);
    let mut line = Line::open(&bench.path("modem"));
    assert_eq!(line.ask("AT"), ["AT", "OK"]);
    assert_eq!(line.ask("ATE0"), ["ATE0", "OK"]);
    let opened = line.ask("AT+CCHO=\"A0000005591010FFFFFFFF8900000100\"");
    assert_eq!(opened, ["+CCHO: 1", "OK"]);
    let eid = line.ask("AT+CGLA=1,22,\"81E2910006BF3E035C015A\"");
    assert_eq!(eid, [format!("+CGLA: 46,\"BF3E125A10{EID}9000\""), "OK".to_owned()]);
    assert_eq!(line.ask("AT+CCHC=1"), ["+CCHC", "OK"]);
    assert_eq!(line.ask("AT+CFUN=1,1"), ["OK"]);
    // Whoever comes next finds the modem as it is, even with the line as a terminal has it.
    drop(line);
    let mut line = Line::open(&bench.path("modem"));
    let mut settings = tcgetattr(&line.0).unwrap();
    assert!(!settings.local_modes.contains(LocalModes::ECHO));
    settings.local_modes.insert(LocalModes::ECHO);
    tcsetattr(&line.0, OptionalActions::Now, &settings).unwrap();
    let said = line.ask("ATE0");
    assert_eq!(said.last().unwrap(), "OK", "{said:?}");
    assert_eq!(line.ask("AT+CGMI"), ["rsplab", "OK"]);
    assert_eq!(serving.stop().code(), Some(0));
}

#[test]
fn the_link_has_its_name_as_long_as_the_modem_is_there() {
    let bench = bench(&[]);
    let link = bench.path("modem");
    // What an earlier run left behind is replaced.
    symlink("/dev/pts/999999", &link).unwrap();
    let serving = Serving::card(&bench, 1, &["--at", "modem"]);
    assert!(std::fs::metadata(&link).unwrap().file_type().is_char_device());
    assert!(serving.said[0].contains("/dev/pts/"), "{:?}", serving.said);
    assert_eq!(serving.stop().code(), Some(0));
    assert!(std::fs::symlink_metadata(&link).is_err());
    // Anything else is not.
    bench.write("modem", "a letter");
    let complaint = bench.rsp_fails(&["card", "serve", "--state", "card.json", "--at", "modem"]);
    assert!(complaint.contains("cannot make the link modem"), "{complaint}");
    assert_eq!(std::fs::read_to_string(&link).unwrap(), "a letter");
}

#[test]
fn without_a_reader_the_modem_does_not_stop() {
    let bench = bench(&[]);
    let _serving = Serving::card(&bench, 1, &["--at", "modem"]);
    // The answers fill the line, and nobody takes them.
    let mut deaf = OpenOptions::new().write(true).open(bench.path("modem")).unwrap();
    deaf.write_all(&b"ATI\r".repeat(400)).unwrap();
    drop(deaf);
    let mut line = Line::open(&bench.path("modem"));
    line.0.write_all(b"\r").unwrap();
    let found = (0..2000).any(|_| line.ask("AT+CGSN").iter().any(|said| said.starts_with("00101000")));
    assert!(found);
}

#[test]
fn the_modem_and_another_port_share_the_card() {
    let bench = bench(&[]);
    let serving = Serving::card(&bench, 2, &["--at", "modem", "--tcp", "0"]);
    let tcp = serving.said.iter().position(|line| line.contains(" on tcp ")).unwrap();
    let mut client = crate::lab::Raw::new(&serving.address(tcp));
    let mut line = Line::open(&bench.path("modem"));
    line.ask("ATE0");
    assert_eq!(line.ask("AT+CSIM=10,\"0070000001\""), ["+CSIM: 6,\"019000\"", "OK"]);
    assert_eq!(client.ask("0070000001"), "029000");
    client.ask("");
    // The reset closed the modem's channel too.
    assert_eq!(line.ask("AT+CSIM=10,\"0070000001\""), ["+CSIM: 6,\"019000\"", "OK"]);
    line.ask("AT+CFUN=0");
    assert_eq!(client.ask("0070000001"), "");
}

#[test]
fn a_profile_that_is_enabled_with_refresh_is_the_modems_at_once() {
    let bench = bench(&[]);
    bench.write("orders.toml", order("ONE", ""));
    let server = bench.serve(&[]);
    let code = format!("LPA:1$localhost:{}$ONE", server.port());
    bench.rsp_ok(&["lpa", "--card", "card.json", "--ci", "pki", "download", "--yes", "--ac", &code]);
    let serving = Serving::card(&bench, 1, &["--at", "modem"]);
    let mut line = Line::open(&bench.path("modem"));
    line.ask("ATE0+CMEE=1");
    assert_eq!(line.ask("AT+CIMI"), ["+CME ERROR: 22"]);
    assert_eq!(line.ask("AT+CCHO=\"A0000005591010FFFFFFFF8900000100\""), ["+CCHO: 1", "OK"]);
    // EnableProfile with the refreshFlag (SGP.22 §5.7.16): the answer comes, and REFRESH waits.
    let enable = "81E2910014BF3111A00C5A0A988812010000000010F78101FF";
    let enabled = line.ask(&format!("AT+CGLA=1,50,\"{enable}\""));
    assert_eq!(enabled, ["+CGLA: 16,\"BF3103800100910B\"", "OK"]);
    assert_eq!(line.ask("AT+CIMI;+CCID"), ["001010000000017", "+CCID: 8988211000000000017", "OK"]);
    assert_eq!(line.ask("AT+CRSM=176,28423,0,0,9"), ["+CRSM: 144,0,\"080910100000000071\"", "OK"]);
    // The reset that REFRESH asks for has ended the session.
    assert_eq!(line.ask("AT+CCHC=1"), ["+CME ERROR: 21"]);
    // Disabled without it, the modem is told nothing until it resets the card.
    line.ask("AT+CCHO=\"A0000005591010FFFFFFFF8900000100\"");
    let disabled =
        line.ask(&format!("AT+CGLA=1,50,\"{}00\"", enable.replace("BF31", "BF32").trim_end_matches("FF")));
    assert_eq!(disabled, ["+CGLA: 16,\"BF32038001009000\"", "OK"]);
    assert_eq!(line.ask("AT+CIMI"), ["001010000000017", "OK"]);
    assert_eq!(line.ask("AT+CFUN=1,1"), ["OK"]);
    line.ask("ATE0+CMEE=1");
    assert_eq!(line.ask("AT+CIMI"), ["+CME ERROR: 22"]);
    assert_eq!(serving.stop().code(), Some(0));
}
