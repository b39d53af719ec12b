//! lpac's line protocol on standard input and output.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use crate::lab::{EID, bench, http_apdu};

fn request(function: &str, parameter: Option<&str>) -> String {
    serde_json::json!({ "type": "apdu", "payload": { "func": function, "param": parameter } }).to_string()
}

#[test]
fn the_card_of_one_program_ends_when_the_program_does() {
    let bench = bench(&[]);
    for arguments in [
        &["card", "--stdio", "--state", "card.json"][..],
        &["card", "serve", "--stdio", "--state", "card.json"],
    ] {
        let mut card = bench
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (mut input, output) = (card.stdin.take().unwrap(), card.stdout.take().unwrap());
        let mut output = BufReader::new(output).lines().map(Result::unwrap);
        let mut ask = |function, parameter| {
            writeln!(input, "{}", request(function, parameter)).unwrap();
            let reply: serde_json::Value = serde_json::from_str(&output.next().unwrap()).unwrap();
            (reply["payload"]["ecode"].clone(), reply["payload"]["data"].clone())
        };
        assert_eq!(ask("connect", None).0, 0);
        assert_eq!(ask("logic_channel_open", Some("a0000005591010ffffffff8900000100")).0, 1);
        assert_eq!(ask("transmit", Some("81e2910006bf3e035c015a")), (0.into(), "6115".into()));
        assert_eq!(ask("transmit", Some("01c0000015")).1, format!("BF3E125A10{EID}9000"));
        drop(input);
        assert_eq!(output.next(), None);
        assert_eq!(card.wait().unwrap().code(), Some(0));
    }
}

#[test]
fn beside_it_the_other_ports_go_on() {
    let bench = bench(&[]);
    let mut command = bench.command(&["card", "serve", "--state", "card.json", "--stdio", "--http", "0"]);
    let mut card =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Standard output is a port; what is told goes to standard error.
    let told = BufReader::new(card.stderr.take().unwrap()).lines().next().unwrap().unwrap();
    let address = told.rsplit("http://").next().unwrap().trim_end_matches("/cards").to_owned();
    let mut input = card.stdin.take().unwrap();
    let mut output = BufReader::new(card.stdout.take().unwrap()).lines().map(Result::unwrap);
    writeln!(input, "{}", request("connect", None)).unwrap();
    assert!(output.next().unwrap().contains("\"ecode\":0"));
    writeln!(input, "{}", request("logic_channel_open", Some("a0000005591010ffffffff8900000100"))).unwrap();
    assert!(output.next().unwrap().contains("\"ecode\":1"));
    // It is the same card.
    assert_eq!(http_apdu(&address, EID, "0070000001"), "029000");
    drop(input);
    assert_eq!(http_apdu(&address, EID, "0070000001"), "039000");
    card.kill().unwrap();
    card.wait().unwrap();
}
