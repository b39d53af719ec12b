//! `rsp card snapshot`, `restore` and `fork`.

use std::fs;
use std::process::Stdio;

use euicc_sim::state::sealed;

use crate::bench::{ICCID, state, with_card, with_profile};

#[test]
fn a_card_goes_back_to_its_snapshot() {
    let bench = with_profile();
    bench.rsp_ok(&["card", "snapshot", "card", "--out", "before"]);
    let before = fs::read(bench.path("before")).unwrap();
    bench.rsp_ok(&["lpa", "--card", "card", "disable", ICCID]);
    bench.rsp_ok(&["lpa", "--card", "card", "delete", ICCID]);
    assert!(state(&bench.path("card")).profiles.is_empty());
    bench.rsp_ok(&["card", "restore", "before", "--to", "card"]);
    assert_eq!(fs::read(bench.path("card")).unwrap(), before);
    bench.rsp_ok(&["lpa", "--card", "card", "disable", ICCID]);
    // And to a file that is not there yet.
    bench.rsp_ok(&["card", "restore", "before", "--to", "again"]);
    assert_eq!(fs::read(bench.path("again")).unwrap(), before);
    let refused = bench.rsp_fails(&["card", "snapshot", "card", "--out", "before"]);
    assert!(refused.contains("exists"), "{refused}");
    assert_eq!(fs::read(bench.path("before")).unwrap(), before);
}

#[test]
fn a_snapshot_is_not_restored_over_another_card_or_one_in_use() {
    let bench = with_card();
    bench.rsp_ok(&["card", "snapshot", "card", "--out", "snapshot"]);
    bench.rsp_ok(&["card", "fork", "card", "--out", "other", "--new-identity", "--certs", "pki"]);
    let other = fs::read(bench.path("other")).unwrap();
    let restore = ["card", "restore", "snapshot", "--to", "other"];
    let refused = bench.rsp_fails(&restore);
    assert!(
        refused.contains(&state(&bench.path("other")).eid.to_string()) && refused.contains("--force"),
        "{refused}"
    );
    assert_eq!(fs::read(bench.path("other")).unwrap(), other);

    let mut holder = {
        use std::io::{BufRead, BufReader, Write};
        let mut command = bench.command(&["card", "--stdio", "--state", "other"]);
        let mut holder = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let connect = r#"{"type":"apdu","payload":{"func":"connect","param":null}}"#;
        writeln!(holder.stdin.as_ref().unwrap(), "{connect}").unwrap();
        BufReader::new(holder.stdout.as_mut().unwrap()).read_line(&mut String::new()).unwrap();
        holder
    };
    let forced = [&restore[..], &["--force"]].concat();
    let refused = bench.rsp_fails(&forced);
    assert!(refused.contains("in use"), "{refused}");
    drop(holder.stdin.take());
    holder.wait().unwrap();
    bench.rsp_ok(&forced);
    assert_eq!(state(&bench.path("other")).eid, state(&bench.path("card")).eid);

    // A damaged snapshot is none, and a damaged card is written over only by force.
    bench.write("other", "{");
    let refused = bench.rsp_fails(&restore);
    assert!(refused.contains("--force"), "{refused}");
    assert_eq!(fs::read(bench.path("other")).unwrap(), b"{");
    assert!(bench.rsp_fails(&["card", "restore", "other", "--to", "card", "--force"]).contains("other"));
    bench.rsp_ok(&forced);
}

#[test]
fn a_fork_is_the_same_card_twice_and_a_warning_says_so() {
    let bench = with_profile();
    let output = bench.rsp(&["card", "fork", "card", "--out", "other"]);
    assert!(output.status.success());
    let warning = String::from_utf8(output.stderr).unwrap();
    let eid = state(&bench.path("card")).eid.to_string();
    assert!(warning.contains("warning") && warning.contains(&eid), "{warning}");
    assert_eq!(fs::read(bench.path("card")).unwrap(), fs::read(bench.path("other")).unwrap());
    assert!(bench.rsp_fails(&["card", "fork", "card", "--out", "other"]).contains("exists"));
}

#[test]
fn a_fork_with_an_identity_of_its_own_keeps_profiles_and_nothing_that_the_first_card_signed() {
    let bench = with_profile();
    bench.rsp_ok(&["card", "fork", "card", "--out", "other", "--new-identity", "--certs", "pki"]);
    let (first, second) = (state(&bench.path("card")), state(&bench.path("other")));
    assert_ne!(first.eid, second.eid);
    assert!(second.eid.to_string().starts_with("89049032"));
    for (one, two) in first.identities.iter().zip(&second.identities) {
        assert_ne!(one.private_key.expose(), two.private_key.expose());
        assert_ne!(one.euicc_certificate, two.euicc_certificate);
        assert_eq!(one.eum_certificate, two.eum_certificate);
    }
    assert_eq!(first.notifications.all().len(), 1);
    assert!(second.notifications.all().is_empty());
    assert_eq!(second.profiles[0].installed, first.profiles[0].installed);
    // It works, and signs what happens to it with a key of its own.
    bench.rsp_ok(&["lpa", "--card", "other", "disable", ICCID]);
    assert_eq!(state(&bench.path("other")).notifications.all().len(), 1);
    // An EID that was asked for.
    let eid = "89049032000000000000000000010057";
    bench.rsp_ok(&[
        "card",
        "fork",
        "card",
        "--out",
        "third",
        "--new-identity",
        "--certs",
        "pki",
        "--eid",
        eid,
    ]);
    assert_eq!(state(&bench.path("third")).eid.to_string(), eid);
}

#[test]
fn a_fork_needs_keys_under_the_cis_of_its_profiles() {
    let bench = with_profile();
    bench.rsp_ok(&["certs", "make", "--out", "stranger"]);
    let fork = ["card", "fork", "card", "--out", "other", "--new-identity", "--certs", "stranger"];
    let refused = bench.rsp_fails(&fork);
    assert!(refused.contains(ICCID) && refused.contains("stranger"), "{refused}");
    assert!(!bench.path("other").exists());
    let first = state(&bench.path("card")).eid.to_string();
    let same =
        ["card", "fork", "card", "--out", "other", "--new-identity", "--certs", "pki", "--eid", &first];
    assert!(bench.rsp_fails(&same).contains("first card"));
}

#[test]
fn a_card_of_format_1_is_read_and_kept_in_the_format_of_today() {
    let bench = with_card();
    bench.write("old", include_bytes!("../../../euicc-sim/tests/data/card-format-1.json"));
    let old = fs::read(bench.path("old")).unwrap();
    bench.rsp_ok(&["card", "inspect", "old"]);
    assert_eq!(fs::read(bench.path("old")).unwrap(), old, "looking changes nothing");
    bench.rsp_ok(&["lpa", "--card", "old", "disable", ICCID]);
    let new = fs::read(bench.path("old")).unwrap();
    assert!(sealed::read(&new).is_ok());
    assert!(String::from_utf8(new).unwrap().contains("\"sha256\""));
}
