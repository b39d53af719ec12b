//! `rsp card inspect`.

use data_encoding::HEXUPPER;
use euicc_sim::profile_package::Authentication;
use serde_json::Value;

use crate::bench::{ICCID, report, state, with_card, with_profile};

#[test]
fn a_card_is_told_as_it_is() {
    let bench = with_profile();
    let state = state(&bench.path("card"));
    let report = report(&bench, &["--files"]);
    assert_eq!(report["eid"], state.eid.to_string());
    assert_eq!(report["personality"], "consumer");
    assert_eq!(report["identities"].as_array().unwrap().len(), 2);
    assert_eq!(report["memory"]["free"], state.free_memory());
    let profile = &report["profiles"][0];
    assert_eq!((&profile["iccid"], &profile["state"]), (&Value::from(ICCID), &Value::from("enabled")));
    let usim = &profile["network_access_applications"][0];
    assert_eq!((&usim["kind"], &usim["authentication"]), (&Value::from("usim"), &Value::from("Milenage")));
    let notification = &report["notifications"][0];
    assert_eq!(
        (&notification["event"], &notification["iccid"]),
        (&Value::from("enable"), &Value::from(ICCID))
    );
    // Files by the names that 3GPP and ETSI give them.
    let files = profile["files"].as_array().unwrap();
    let named = |name: &str| files.iter().find(|file| file["name"] == name).unwrap();
    assert_eq!(named("EF_ICCID")["path"], "2FE2");
    let installed = &state.profiles[0].installed;
    let imsi = named("EF_IMSI");
    let path = imsi["path"].as_str().unwrap().to_owned();
    let content = installed.content(&path.try_into().unwrap()).unwrap();
    assert_eq!(imsi["content"], HEXUPPER.encode(content));
    assert_eq!(files.len(), installed.files.len());
    // For people, the same.
    let text = bench.rsp_ok(&["card", "inspect", "card", "--files"]);
    for part in [&state.eid.to_string(), ICCID, "Milenage", "EF_IMSI", "enable of"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn secrets_are_shown_only_where_they_are_asked_for() {
    let bench = with_profile();
    let state = state(&bench.path("card"));
    let mut secrets: Vec<_> =
        state.identities.iter().map(|identity| HEXUPPER.encode(identity.private_key.expose())).collect();
    let installed = &state.profiles[0].installed;
    for application in &installed.network_access {
        let Some(Authentication::Own(parameters)) = &application.authentication else { continue };
        secrets.extend([&parameters.key, &parameters.opc].map(|secret| HEXUPPER.encode(secret.expose())));
    }
    secrets.extend(installed.puks.iter().map(|puk| HEXUPPER.encode(puk.value.expose())));
    secrets.extend(
        installed.pins.iter().flat_map(|set| &set.pins).map(|pin| HEXUPPER.encode(pin.value.expose())),
    );
    assert!(secrets.len() >= 6);
    for json in [&[][..], &["--json"]] {
        let arguments = [&["card", "inspect", "card", "--files"], json].concat();
        let open = bench.rsp_ok(&[&arguments[..], &["--secrets"]].concat());
        let closed = bench.rsp_ok(&arguments);
        for secret in &secrets {
            assert!(open.contains(secret), "{open}");
            assert!(!closed.contains(secret), "{closed}");
        }
    }
    // Files with keys of the network.
    let keys = |more: &[&str]| {
        let report = report(&bench, more);
        let files = report["profiles"][0]["files"].as_array().unwrap();
        files.iter().find(|file| file["name"] == "EF_Keys").unwrap().clone()
    };
    assert_eq!(
        (&keys(&["--files"])["content"], &keys(&["--files"])["content_hidden"]),
        (&Value::Null, &true.into())
    );
    assert!(keys(&["--files", "--secrets"])["content"].is_string());
}

#[test]
fn a_card_in_use_is_told_and_not_disturbed() {
    use std::io::{BufRead, BufReader, Write};
    use std::process::Stdio;
    let bench = with_card();
    let mut command = bench.command(&["card", "--stdio", "--state", "card"]);
    let mut holder = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let connect = r#"{"type":"apdu","payload":{"func":"connect","param":null}}"#;
    writeln!(holder.stdin.as_ref().unwrap(), "{connect}").unwrap();
    BufReader::new(holder.stdout.as_mut().unwrap()).read_line(&mut String::new()).unwrap();
    let before = std::fs::read(bench.path("card")).unwrap();
    assert!(report(&bench, &[])["profiles"].as_array().unwrap().is_empty());
    assert_eq!(std::fs::read(bench.path("card")).unwrap(), before);
    drop(holder.stdin.take());
    holder.wait().unwrap();
}

#[test]
fn what_a_server_wrote_does_not_steer_the_terminal() {
    let bench = with_card();
    bench.rsp_ok(&["card", "new", "--certs", "pki", "--out", "evil", "--default-smdp", "smdp.example.com"]);
    let text = std::fs::read_to_string(bench.path("evil")).unwrap();
    bench.write("evil", text.replace("smdp.example.com", "\\u001b[2J"));
    bench.rsp_ok(&["card", "seal", "evil"]);
    let told = bench.rsp_ok(&["card", "inspect", "evil"]);
    assert!(!told.contains('\u{1b}') && told.contains("\\u{1b}[2J"), "{told}");
}
