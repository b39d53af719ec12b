//! HandleDownloadProgressInfo (SGP.22 §5.3.5): what an operator is told, and who may tell it.

use serde_json::Value;

use crate::lab::{BETA, Lab, text};

#[test]
fn a_confirmation_code_that_was_wrong_too_often_is_reported_as_failed_at_point_2() {
    let lab = Lab::new();
    let smdp = lab.serve();
    let alpha = smdp.alpha();
    smdp.card("nist");
    let iccid = alpha.order("travel");
    let confirm = ["confirm-order", "--iccid", &iccid, "--release"];
    let confirmed = alpha.ok_with(&confirm, &[("RSP_CONFIRMATION_CODE", "4321")]);
    let activation_code = text(&confirmed["activationCode"]);
    // The configuration forgives one.
    for code in ["8.2.7 3.8", "8.2.7 6.4"] {
        let wrong = ["download", "--yes", "--ac", &activation_code, "--confirmation-code", "1234"];
        let told = lab.lpa_refused(&wrong);
        assert!(told.contains(code), "{told}");
    }
    assert_eq!(lab.state(&iccid).unwrap(), "Error");
    let mut listener = lab.listen_for_alpha(1);
    let report = listener.next();
    listener.end();
    assert_eq!((&report["notificationPointId"], text(&report["iccid"])), (&Value::from(2), iccid));
    let status = &report["notificationPointStatus"];
    assert_eq!(status["status"], "Failed");
    assert_eq!(
        (&status["statusCodeData"]["subjectCode"], &status["statusCodeData"]["reasonCode"]),
        (&Value::from("8.2.7"), &Value::from("6.4"))
    );
}

#[test]
fn the_points_are_numbered_as_the_configuration_has_it() {
    let lab = Lab::new();
    let smdp = lab.serve();
    smdp.card("nist");
    let (iccid, activation_code) = smdp.beta().release("meter");
    lab.lpa_ok(&["download", "--yes", "--ac", &activation_code]);
    lab.lpa_ok(&["enable", &iccid]);
    lab.lpa_ok(&["notifications", "--send", "--route", &format!("localhost=127.0.0.1:{}", smdp.es9plus)]);
    // Eligibility, installation and enabling have numbers there; the download was turned off.
    let mut listener = lab.listen_for_beta(3);
    let points = [(); 3].map(|()| {
        let report = listener.next();
        assert_eq!(
            (text(&report["iccid"]), text(&report["profileType"])),
            (BETA.to_owned(), "meter".to_owned())
        );
        report["notificationPointId"].as_u64().unwrap()
    });
    listener.end();
    assert_eq!(points, [101, 104, 105]);
}

#[test]
fn an_operator_listens_to_nobody_but_its_smdp() {
    let lab = Lab::new();
    lab.bench.rsp_ok(&["certs", "make", "--out", "foreign"]);
    let mut listener = lab.listen_for_alpha(2);
    // An SM-DP+ with other certificates, which has the same to tell.
    let configuration = std::fs::read_to_string(lab.bench.path("smdp.toml")).unwrap();
    {
        lab.bench.write("smdp.toml", configuration.replace("certs = \"pki\"", "certs = \"foreign\""));
        let smdp = lab.serve();
        let server = format!("localhost:{}", smdp.es2plus);
        let connection =
            ["--server", &server, "--cert", "operators/alpha.pem", "--key", "operators/alpha.key"];
        let alpha = |arguments: &[&str]| {
            let all = [&["es2"], arguments, &connection, &["--ci", "foreign", "--json"]].concat();
            crate::lab::json(&lab.bench.rsp_ok(&all))
        };
        let iccid = text(&alpha(&["download-order", "--profile-type", "travel"])["iccid"]);
        let confirmed = alpha(&["confirm-order", "--iccid", &iccid, "--release"]);
        let card = ["card", "new", "--certs", "foreign", "--out", "card"];
        lab.bench.rsp_ok(&card);
        let lpa = ["lpa", "--card", "card", "--ci", "foreign", "download", "--yes", "--ac"];
        lab.bench.rsp_ok(&[&lpa[..], &[&text(&confirmed["activationCode"])]].concat());
        smdp.until_it_says("a report was not delivered");
        smdp.stop();
    }
    // The right one delivers what is in the store.
    lab.bench.write("smdp.toml", configuration);
    let _smdp = lab.serve();
    assert_eq!(listener.next()["notificationPointId"], 3);
    assert_eq!(listener.next()["notificationPointId"], 4);
    listener.end();
}
