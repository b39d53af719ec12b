//! A card whose process is killed has the state before a command or the one after it.
//!
//! `RSPLAB_SWEEP=whole` kills it three hundred times instead of twelve.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use data_encoding::HEXUPPER;
use rand_core::Rng;

use crate::bench::{ICCID, state, with_card, with_profile};
use crate::common::Bench;

fn request(function: &str, parameter: &str) -> String {
    format!(r#"{{"type":"apdu","payload":{{"func":"{function}","param":"{parameter}"}}}}"#)
}

/// ES10a.SetDefaultDpAddress with the number in it.
fn set_default_dp_address(number: u64) -> String {
    let address = asn1::tlv::wrap(0x80, format!("n{number}.example.com").as_bytes());
    let command = asn1::tlv::wrap(0xBF3F, &address);
    let header = [0x81, 0xE2, 0x91, 0x00, u8::try_from(command.len()).unwrap()];
    request("transmit", &HEXUPPER.encode(&[&header[..], &command].concat()))
}

/// A card in a process of its own, with a channel to its ISD-R.
fn serve(bench: &Bench) -> (Child, ChildStdin, impl Iterator<Item = String> + use<>) {
    let mut command = bench.command(&["card", "--stdio", "--state", "card"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut replies = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    for line in [request("connect", ""), request("logic_channel_open", "A0000005591010FFFFFFFF8900000100")] {
        writeln!(input, "{line}").unwrap();
        let reply = replies.next().unwrap();
        assert!(!reply.contains("-1"), "{reply}");
    }
    (child, input, replies)
}

/// The number in the default SM-DP+ address that the file has.
fn kept(bench: &Bench) -> u64 {
    let address = state(&bench.path("card")).addresses.default_smdp;
    let number = address
        .as_deref()
        .map(|address| address.trim_start_matches('n').split('.').next().unwrap().to_owned());
    number.map_or(0, |number| number.parse().unwrap())
}

#[test]
fn a_card_that_is_killed_at_any_moment_has_what_it_answered_for() {
    let bench = with_card();
    let whole = std::env::var("RSPLAB_SWEEP").is_ok_and(|value| value == "whole");
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).unwrap();
    let seed = u64::from_le_bytes(bytes);
    println!("seed {seed}");
    let mut rng = <rand_chacha::ChaCha20Rng as rand_core::SeedableRng>::seed_from_u64(seed);
    let mut last = 0;
    for round in 0..if whole { 300 } else { 12 } {
        let (mut child, mut input, replies) = serve(&bench);
        let answered = AtomicU64::new(last);
        let asked = AtomicU64::new(last);
        thread::scope(|scope| {
            scope.spawn(|| {
                for (number, reply) in (last + 1..).zip(replies) {
                    assert!(reply.contains("61") || reply.contains("9000"), "{reply}");
                    answered.store(number, Ordering::SeqCst);
                }
            });
            scope.spawn(|| {
                for number in last + 1.. {
                    asked.store(number, Ordering::SeqCst);
                    if writeln!(input, "{}", set_default_dp_address(number)).is_err() {
                        break;
                    }
                }
            });
            thread::sleep(Duration::from_micros(20_000 + rng.next_u64() % 60_000));
            child.kill().unwrap();
            child.wait().unwrap();
        });
        let (answered, asked) = (answered.into_inner(), asked.into_inner());
        let kept = kept(&bench);
        assert!((answered..=asked).contains(&kept), "round {round}: answered {answered}, kept {kept}");
        // At most one command was under way when the reader had seen the last answer; its answer may have been lost.
        assert!(kept <= answered + 1, "round {round}: answered {answered}, kept {kept}");
        last = kept;
    }
    assert!(last > 0, "nothing was committed at all");
}

#[test]
fn what_a_kill_leaves_beside_the_card_disturbs_nobody() {
    let bench = with_profile();
    let before = fs::read(bench.path("card")).unwrap();
    bench.rsp_ok(&["lpa", "--card", "card", "disable", ICCID]);
    let after = fs::read(bench.path("card")).unwrap();
    // Killed while the new state was written, and after that, but before it took the place of the old one.
    for leftover in [&after[..after.len() / 2], &after[..], b""] {
        bench.write("card", &before);
        bench.write("card.new", leftover);
        assert!(bench.rsp_ok(&["card", "inspect", "card"]).contains(", enabled,"));
        assert_eq!(fs::read(bench.path("card")).unwrap(), before);
        bench.rsp_ok(&["lpa", "--card", "card", "disable", ICCID]);
        assert!(!bench.path("card.new").exists());
        assert!(bench.rsp_ok(&["card", "inspect", "card"]).contains(", disabled,"));
    }
}
