//! `rsp card manufacture`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use certs::Certificate;
use certs::chain::{TrustAnchor, verify_euicc_chain};
use crypto::{Curve, Engine};
use euicc_sim::state::{CardState, IdentityRecord};
use serde_json::Value;

use crate::bench::state;
use crate::common::{Bench, order, reference};

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn manifest(bench: &Bench, batch: &str) -> Vec<Value> {
    serde_json::from_slice(&fs::read(bench.path(batch).join("manifest.json")).unwrap()).unwrap()
}

fn text<'a>(row: &'a Value, member: &str) -> &'a str {
    row[member].as_str().unwrap()
}

/// The certificates of a card lead to the CIs that it trusts, on each of its curves.
fn verify(card: &CardState) -> Vec<Curve> {
    let anchors: Vec<_> = card
        .trusted_ci_certificates
        .iter()
        .map(|der| TrustAnchor::new(Certificate::from_der(der).unwrap(), Engine::RustCrypto).unwrap())
        .collect();
    let curve = |identity: &IdentityRecord| {
        let eum = Certificate::from_der(&identity.eum_certificate).unwrap();
        let euicc = Certificate::from_der(&identity.euicc_certificate).unwrap();
        let verified = verify_euicc_chain(&anchors, &eum, &euicc, None, &mut |_| ()).unwrap();
        assert_eq!(verified.eid, *card.eid.as_bytes());
        euicc.curve()
    };
    card.identities.iter().map(curve).collect()
}

#[test]
fn every_card_of_a_batch_has_an_eid_and_keys_of_its_own_and_stands_in_both_manifests() {
    let bench = Bench::new();
    bench.rsp_ok(&["certs", "make", "--out", "seeded", "--seed", "5"]);
    let printed = bench.rsp_ok(&[
        "card",
        "manufacture",
        "--certs",
        "seeded",
        "--count",
        "30",
        "--out",
        "batch",
        "--seed",
        "9",
        "--first-eid",
        "89049032000000000000000000010057",
        "--default-smdp",
        "smdp.example.com",
    ]);
    assert!(printed.contains("30 cards"), "{printed}");
    let rows = manifest(&bench, "batch");
    let (mut keys, mut serials) = (BTreeSet::new(), BTreeSet::new());
    for (row, number) in rows.iter().zip(100_u32..) {
        let card = state(&bench.path("batch").join(text(row, "card_file")));
        assert_eq!(card.eid.to_string(), text(row, "eid"));
        assert_eq!(text(row, "eid")[..30], format!("89049032{number:022}"), "one after the other");
        assert_eq!(verify(&card), [Curve::P256, Curve::BrainpoolP256r1]);
        assert_eq!(row["curves"], serde_json::json!(["nist", "brainpool"]));
        assert_eq!(row["eum"], "RSP Test EUM");
        assert_eq!(row["personality"], "consumer");
        assert_eq!(row["default_smdp"], "smdp.example.com");
        assert_eq!(row["atr"], data_encoding::HEXUPPER.encode(&card.platform.atr));
        keys.extend(card.identities.iter().map(|identity| *identity.private_key.expose()));
        serials.extend(row["euicc_certificate_serials"].as_array().unwrap().iter().map(Value::to_string));
        for identity in &card.identities {
            let key = data_encoding::HEXUPPER.encode(identity.private_key.expose());
            for manifest in ["manifest.csv", "manifest.json"] {
                let manifest = fs::read_to_string(bench.path("batch").join(manifest)).unwrap();
                assert!(!manifest.contains(&key), "a manifest holds no secret");
            }
        }
    }
    assert_eq!((rows.len(), keys.len(), serials.len()), (30, 60, 60));
    assert_eq!(files(&bench.path("batch/cards")).len(), 30);

    let csv = fs::read_to_string(bench.path("batch/manifest.csv")).unwrap();
    let mut lines = csv.lines();
    assert_eq!(
        lines.next().unwrap(),
        "eid,eum,card_file,curves,ci_pk_ids,euicc_certificate_serials,eum_certificate_serials,personality,\
         default_smdp,root_smds,atr"
    );
    for (line, row) in lines.zip(&rows) {
        let fields: Vec<&str> = line.split(',').collect();
        assert_eq!(fields.len(), 11);
        assert_eq!((fields[0], fields[3]), (text(row, "eid"), "nist brainpool"));
    }
}

#[test]
fn a_seed_makes_the_same_batch_again() {
    let bench = Bench::new();
    for (batch, seed) in [("one", "1"), ("two", "1"), ("three", "2")] {
        bench.rsp_ok(&[
            "card",
            "manufacture",
            "--certs",
            "pki",
            "--count",
            "5",
            "--out",
            batch,
            "--seed",
            seed,
            "--eum",
            "New EUM=89033023",
        ]);
    }
    for file in files(&bench.path("one/cards")) {
        let [one, two, three] = ["one", "two", "three"]
            .map(|batch| fs::read(bench.path(batch).join("cards").join(&file)).unwrap());
        assert_eq!(one, two);
        assert_ne!(one, three);
    }
    assert_eq!(manifest(&bench, "one"), manifest(&bench, "two"));
}

#[test]
fn several_eums_take_turns_and_a_new_one_can_be_used_again() {
    let bench = Bench::new();
    bench.rsp_ok(&[
        "card",
        "manufacture",
        "--certs",
        "pki",
        "--count",
        "7",
        "--out",
        "batch",
        "--eum",
        "Karten, \"Süd\"=89033023",
        "--eum",
        "RSP Test EUM",
        "--eum",
        "Acme=8904403100",
        "--seed",
        "1",
    ]);
    let rows = manifest(&bench, "batch");
    let eids: Vec<_> = rows.iter().map(|row| &text(row, "eid")[..30]).collect();
    assert_eq!(
        eids[..4].iter().map(|eid| &eid[..8]).collect::<Vec<_>>(),
        ["89033023", "89049032", "89044031", "89033023"]
    );
    assert_eq!(eids[6], "890330230000000000000000000003");
    for row in &rows {
        verify(&state(&bench.path("batch").join(text(row, "card_file"))));
    }
    let csv = fs::read_to_string(bench.path("batch/manifest.csv")).unwrap();
    assert!(csv.contains(",\"Karten, \"\"Süd\"\"\",cards/"), "{csv}");
    assert_eq!(files(&bench.path("batch/eums")), ["89033023", "8904403100"]);

    // More cards of the EUM that was new, without the CI's key.
    bench.rsp_ok(&[
        "card",
        "manufacture",
        "--certs",
        "batch/eums/8904403100",
        "--count",
        "2",
        "--out",
        "more",
        "--first-eid",
        &with_check_digits("890440310000000000000000000900"),
        "--manifest",
        "json",
    ]);
    assert_eq!(files(&bench.path("more")), ["cards", "manifest.json"]);
    for row in manifest(&bench, "more") {
        assert_eq!(row["eum"], "Acme");
        verify(&state(&bench.path("more").join(text(&row, "card_file"))));
    }
    let refused = bench.rsp_fails(&[
        "card",
        "manufacture",
        "--certs",
        "batch/eums/8904403100",
        "--count",
        "1",
        "--out",
        "none",
        "--eum",
        "Third=89010101",
    ]);
    assert!(refused.contains("Certificate Issuer") && refused.contains("SK_CI"), "{refused}");
    assert!(!bench.path("none").exists());
}

fn with_check_digits(thirty: &str) -> String {
    certs::eid::to_digits(&certs::eid::with_check_digits(thirty).unwrap())
}

#[test]
fn a_manufactured_card_downloads_a_profile() {
    let bench = Bench::new();
    bench.write("orders.toml", order("FIRST-1", ""));
    let server = bench.serve(&[]);
    bench.rsp_ok(&[
        "card",
        "manufacture",
        "--certs",
        "pki",
        "--count",
        "2",
        "--out",
        "batch",
        "--eum",
        "Acme=89033023",
        "--curve",
        "brainpool",
    ]);
    let rows = manifest(&bench, "batch");
    let card = format!("batch/{}", text(&rows[1], "card_file"));
    let code = format!("LPA:1$localhost:{}$FIRST-1", server.port());
    bench.rsp_ok(&["lpa", "--card", &card, "--ci", "pki", "download", "--yes", "--ac", &code]);
    assert_eq!(state(&bench.path(&card)).profiles.len(), 1);
    assert_eq!(rows[1]["curves"], serde_json::json!(["brainpool"]));
}

#[test]
fn the_published_test_certificates_make_a_batch() {
    let Some(published) = reference("sgp26") else { return };
    let bench = Bench::new();
    let published = published.to_str().unwrap();
    bench.rsp_ok(&["card", "manufacture", "--certs", published, "--count", "3", "--out", "batch"]);
    for row in manifest(&bench, "batch") {
        assert!(text(&row, "eid").starts_with("89049032"));
        verify(&state(&bench.path("batch").join(text(&row, "card_file"))));
    }
}

#[test]
fn plain_uiccs_of_a_batch_have_subscriptions_of_their_own() {
    let bench = Bench::new();
    bench.rsp_ok(&[
        "card",
        "manufacture",
        "--certs",
        "pki",
        "--count",
        "3",
        "--out",
        "batch",
        "--personality",
        "plain-uicc",
    ]);
    let iccids: BTreeSet<_> = manifest(&bench, "batch")
        .iter()
        .map(|row| state(&bench.path("batch").join(text(row, "card_file"))).profiles[0].iccid.to_string())
        .collect();
    assert_eq!(iccids.len(), 3);
}

#[test]
fn what_cannot_be_made_is_said_before_anything_is_written() {
    let bench = Bench::new();
    let make = |more: &[&str]| {
        let fixed = ["card", "manufacture", "--certs", "pki", "--out", "batch"];
        let told = bench.rsp_fails(&[&fixed, more].concat());
        assert!(!bench.path("batch").exists(), "{more:?}");
        told
    };
    for (more, told) in [
        (&["--count", "2", "--eum", "Nobody"][..], "RSP Test EUM"),
        (&["--count", "2", "--eum", "A=89033023", "--eum", "B=8903302311"], "same EIDs"),
        (&["--count", "2", "--first-eid", &with_check_digits("890330230000000000000000000001")], "89049032"),
        (&["--count", "2", "--first-eid", &with_check_digits("890490329999999999999999999999")], "suffice"),
        (&["--count", "2", "--personality", "no-such-card"], "no-such-card"),
    ] {
        let refused = make(more);
        assert!(refused.contains(told), "{more:?}: {refused}");
    }
    fs::create_dir(bench.path("full")).unwrap();
    bench.write("full/file", "");
    let refused =
        bench.rsp_fails(&["card", "manufacture", "--certs", "pki", "--count", "1", "--out", "full"]);
    assert!(refused.contains("not empty"), "{refused}");
    for wrong in ["=89033023", "A=8903X", "A=77033023", "A=8"] {
        let arguments =
            ["card", "manufacture", "--certs", "pki", "--count", "1", "--out", "batch", "--eum", wrong];
        assert_eq!(bench.rsp(&arguments).status.code(), Some(2), "{wrong}");
    }
}

#[cfg(unix)]
#[test]
fn cards_and_keys_are_readable_by_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new();
    bench.rsp_ok(&[
        "card",
        "manufacture",
        "--certs",
        "pki",
        "--count",
        "1",
        "--out",
        "batch",
        "--eum",
        "Acme=89033023",
    ]);
    let card = format!("batch/{}", text(&manifest(&bench, "batch")[0], "card_file"));
    for file in [card.as_str(), "batch/eums/89033023/EUM/SK_EUM_ECDSA_NIST.pem"] {
        let mode = fs::metadata(bench.path(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{file}: {mode:o}");
    }
}
