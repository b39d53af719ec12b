//! Order, confirm, release, download, install, report.

use serde_json::Value;

use crate::lab::{EID, Lab, Listener, text};
use crate::postgres;

#[test]
fn a_profile_goes_from_the_order_to_the_report_to_a_card_on_nist_p256() {
    from_order_to_report(&Lab::new(), "nist");
}

#[test]
fn a_profile_goes_from_the_order_to_the_report_to_a_card_on_brainpool_p256r1() {
    from_order_to_report(&Lab::new(), "brainpool");
}

#[test]
fn a_profile_goes_from_the_order_to_the_report_with_the_store_in_postgresql() {
    let Some(database) = postgres::database() else { return };
    from_order_to_report(&Lab::with_store(&format!("at = \"{}\"", database.url)), "nist");
}

fn from_order_to_report(lab: &Lab, curve: &str) {
    let smdp = lab.serve();
    let alpha = smdp.alpha();
    smdp.card(curve);

    // SGP.22 §5.3.1 to §5.3.4, and the states of figure 15.
    let iccid = alpha.order("travel");
    assert_eq!(lab.state(&iccid).unwrap(), "Allocated");
    let confirm = ["confirm-order", "--iccid", &iccid];
    let confirmed = alpha.ok_with(&confirm, &[("RSP_CONFIRMATION_CODE", "4321")]);
    assert_eq!(lab.state(&iccid).unwrap(), "Confirmed");
    assert_eq!(text(&confirmed["smdpAddress"]), smdp.address());
    let activation_code = text(&confirmed["activationCode"]);
    let expected = format!("LPA:1${}${}$$1", smdp.address(), text(&confirmed["matchingId"]));
    assert_eq!(activation_code, expected, "the user will be asked for the confirmation code");

    let download = ["download", "--yes", "--ac", &activation_code, "--confirmation-code", "4321"];
    let told = lab.lpa_refused(&download);
    assert!(told.contains("8.2 1.2"), "it is not released yet: {told}");
    alpha.ok(&["release", "--iccid", &iccid]);
    assert_eq!(lab.state(&iccid).unwrap(), "Released");

    // Nobody takes reports now: the download does not wait for anybody.
    lab.lpa_ok(&[&download[..], &["--no-notifications"]].concat());
    assert_eq!(lab.state(&iccid).unwrap(), "Downloaded");
    lab.lpa_ok(&["notifications", "--send"]);
    assert_eq!(lab.state(&iccid).unwrap(), "Installed");

    // What was not taken then comes now, and what follows comes after it. Four reports end the listener: were one of
    // them sent twice, the last one would not be among them.
    let mut listener = lab.listen_for_alpha(4);
    let mut calls = expect_download_and_installation(&mut listener, &iccid);
    let (second, activation_code) = alpha.release("travel");
    lab.lpa_ok(&["download", "--yes", "--ac", &activation_code]);
    calls.extend(expect_download_and_installation(&mut listener, &second));
    listener.end();
    calls.sort();
    calls.dedup();
    assert_eq!(calls.len(), 4, "each report is a call of its own: {calls:?}");
}

/// SGP.22 §5.3.5: points 3 and 4, in this order. Gives the names of the calls.
fn expect_download_and_installation(listener: &mut Listener, iccid: &str) -> Vec<String> {
    let reports = [listener.next(), listener.next()];
    for (report, point) in reports.iter().zip([3, 4]) {
        assert_eq!(report["notificationPointId"], point, "{report}");
        assert_eq!(report["notificationPointStatus"]["status"], "Executed-Success");
        assert_eq!(report["notificationPointStatus"]["statusCodeData"], Value::Null);
        assert_eq!((text(&report["iccid"]), text(&report["eid"])), (iccid.to_owned(), EID.to_owned()));
        assert_eq!(report["profileType"], "travel");
        // The SM-DP+ names itself by its OID (SGP.22 §6.4).
        assert_eq!(report["functionRequesterIdentifier"], "2.999.10");
    }
    let [downloaded, installed] = &reports;
    assert_eq!(downloaded["resultData"], Value::Null);
    // finalResult, [2] of ProfileInstallationResultData.
    let result = data_encoding::BASE64.decode(text(&installed["resultData"]).as_bytes()).unwrap();
    assert_eq!(result.first(), Some(&0xA2), "{installed}");
    reports.iter().map(|report| text(&report["functionCallIdentifier"])).collect()
}
