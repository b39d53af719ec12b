//! Mistakes of those who run an SM-DS: each is told in one line, and nothing is served.

use std::process::Stdio;

use crate::lab::{Lab, dead_address, printed, told, until};

/// Tries to serve on any ports; gives the one line that says why not.
fn refused(lab: &Lab, arguments: &[&str]) -> String {
    let ports = ["--listen", "127.0.0.1:0", "--es12-listen", "127.0.0.1:0"];
    fails(lab, "serve", &[&ports[..], arguments].concat())
}

/// The same where it can be seen beforehand that it will not do.
fn refused_and_foretold(lab: &Lab, arguments: &[&str]) -> String {
    let told = refused(lab, arguments);
    assert_eq!(fails(lab, "check-config", arguments), told);
    told
}

fn fails(lab: &Lab, command: &str, arguments: &[&str]) -> String {
    let mut child = lab.bench.command(&[&["smds", command], arguments].concat());
    let mut child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    until(&format!("{command} {arguments:?} is refused"), || child.try_wait().unwrap());
    let output = child.wait_with_output().unwrap();
    let told = told(&output);
    assert_eq!((output.status.code(), told.lines().count()), (Some(1), 1), "{arguments:?}: {told}");
    assert_eq!(printed(&output), "", "it has begun to serve");
    told.strip_prefix("rsp: ").unwrap().trim_end().to_owned()
}

#[test]
fn certificates_that_make_no_smds_are_told() {
    let lab = Lab::new();
    let serve = |certs: &str| refused_and_foretold(&lab, &["--certs", certs, "--store", "store"]);
    assert!(serve("nowhere").contains("nowhere"));
    // A folder without certificates of a PKI; one without those of an SM-DS; one without keys.
    assert!(serve("operators").contains("operators"));
    let without = |name: &str, removed: &[&str]| {
        copy(&lab, name);
        for file in removed {
            std::fs::remove_file(lab.bench.path(&format!("{name}/{file}"))).unwrap();
        }
    };
    without("smdp-only", &["DStls/CERT_S_SM_DS_VARO_TLS_NIST.der", "DStls/SK_S_SM_DS_TLS_NIST.pem"]);
    let told = serve("smdp-only");
    assert!(told.contains("CERT.DS.TLS") || told.contains("DS"), "{told}");
    without("no-key", &["DStls/SK_S_SM_DS_TLS_NIST.pem"]);
    let told = serve("no-key");
    assert!(told.contains("key"), "{told}");
    assert!(!lab.bench.path("store").exists(), "a store was made for nothing");
}

fn copy(lab: &Lab, name: &str) {
    let status = std::process::Command::new("cp")
        .arg("-r")
        .args([lab.bench.path("pki"), lab.bench.path(name)])
        .status()
        .unwrap();
    assert!(status.success());
}

#[test]
fn an_smds_that_is_its_own_root_is_told() {
    let lab = Lab::new();
    let (own, root) = (dead_address(), ["--certs", "pki", "--store", "store", "--root"]);
    let told = refused_and_foretold(&lab, &[&root[..], &[&own, "--address", &own]].concat());
    assert!(told.contains("root.address") && told.contains(&own), "{told}");
    // ES12 is where the Root is called.
    let listen = own.replace("localhost", "127.0.0.1");
    for command in ["serve", "check-config"] {
        let ports = ["--listen", "127.0.0.1:0", "--es12-listen", &listen];
        assert_eq!(fails(&lab, command, &[&root[..], &[&own], &ports].concat()), told);
    }
    assert!(!lab.bench.path("store").exists());
}

#[test]
fn a_store_with_events_at_one_root_is_not_served_with_another() {
    let lab = Lab::new();
    let [_root, alternative, _smdp] = lab.start_all();
    let order = lab.alpha().release();
    lab.until_registered(&[&order.matching_id]);
    alternative.stop();
    let told = refused(&lab, &["--config", "alternative.toml", "--root", "root.example.com"]);
    assert!(told.contains("root.address") && told.contains(&lab.root.peers.address()), "{told}");
    // With the right one it goes on, and then it has nothing to do with it any more.
    let alternative = lab.start(&lab.alternative);
    lab.alpha().cancel(&order);
    lab.until_deleted();
    alternative.stop();
    let moved = std::fs::read_to_string(lab.bench.path("alternative.toml")).unwrap();
    let [here, there] = [lab.root.peers.address(), "root.example.com".to_owned()];
    lab.bench.write("alternative.toml", moved.replace(&here, &there));
    let _alternative = lab.start(&lab.alternative);
}

#[test]
fn a_mistake_in_the_file_is_told_with_its_line_and_its_key() {
    let lab = Lab::new();
    let good = std::fs::read_to_string(lab.bench.path("alternative.toml")).unwrap();
    for (from, to, key) in [
        ("[root]", "[root]\npatience = 3", "patience"),
        ("[store]", "[stores]", "stores"),
        ("patience_seconds = 10", "patience_seconds = 0", "patience_seconds"),
        ("patience_seconds = 10", "patience_seconds = \"soon\"", "patience_seconds"),
        ("[es12]", "[es12]\ncallers = [\"everybody\"]", "callers"),
        ("[es12]", "[es12]\ncallers = 1", "callers"),
        ("[server]", "[server]\nhost_id = \"a\"", "host_id"),
        ("[management]", "[management]\ntoken = \"abc\"", "token"),
    ] {
        let bad = good.replace(from, to);
        assert_ne!(bad, good);
        lab.bench.write("bad.toml", bad);
        let told = refused_and_foretold(&lab, &["--config", "bad.toml"]);
        assert!(told.contains(key), "{told}");
        let file = told.contains("bad.toml:");
        assert!(file || told.starts_with("es12.callers"), "{told}");
    }
    let told = refused_and_foretold(&lab, &["--config", "nowhere.toml"]);
    assert!(told.contains("nowhere.toml"), "{told}");
}

#[test]
fn a_store_of_another_process_or_of_another_kind_is_told() {
    let lab = Lab::new();
    let [root, _alternative, smdp] = lab.start_all();
    let serve = |store: &str| refused(&lab, &["--certs", "pki", "--store", store]);
    let told = serve("root.sqlite");
    assert!(told.contains("root.sqlite") && told.contains("in use"), "{told}");
    // The first goes on.
    let order = lab.alpha().release();
    lab.until_registered(&[&order.matching_id]);
    root.stop();
    smdp.stop();

    let told = serve("smdp.sqlite");
    assert!(told.contains("smdp.sqlite"), "{told}");
    lab.bench.write("text", "this is no data base ".repeat(100));
    let told = serve("text");
    assert!(told.contains("text"), "{told}");
    let told = serve("nowhere/store");
    assert!(told.contains("nowhere/store"), "{told}");
    let told = serve(&format!("postgres://nobody@{}/nothing", dead_address()));
    assert!(told.contains("PostgreSQL"), "{told}");
    // What was there is as it was.
    let _smdp = lab.start(&lab.smdp);
    assert_eq!(lab.state(&order.iccid).unwrap(), "Released");
    let _root = lab.start(&lab.root);
    lab.until_registered(&[&order.matching_id]);
}

#[test]
fn a_management_port_that_would_be_open_to_all_or_has_no_token_to_read_is_told() {
    let lab = Lab::new();
    let serve = |arguments: &[&str]| {
        refused_and_foretold(
            &lab,
            &[&["--certs", "pki", "--store", "store", "--management-listen"], arguments].concat(),
        )
    };
    let told = serve(&["0.0.0.0:0"]);
    assert!(told.contains("management.listen") && told.contains("token"), "{told}");
    lab.bench.write("empty", "");
    lab.bench.write("bytes", [0xFF, 0xFE]);
    for file in ["nowhere", "pki", "empty", "bytes"] {
        let told = serve(&["127.0.0.1:0", "--management-token-file", file]);
        assert!(told.contains(file), "{told}");
    }
}
