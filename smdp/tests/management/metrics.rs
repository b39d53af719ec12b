//! `/metrics` after some calls.

use protocol::es2plus::{Es2Plus, ReleaseProfile};
use protocol::es12::Function;
use smdp::metrics::{ReportOutcome, SmdsCallOutcome};

use crate::api::Api;
use crate::common::calls::call;
use crate::common::euicc::{Euicc, eid};
use crate::common::orders::{iccid, matching_id, order, order_for};
use crate::session::CURVE;

impl Api {
    async fn metrics(&self) -> String {
        let answer = self.get("/metrics").await;
        let kind = answer.headers["content-type"].to_str().unwrap();
        assert!(kind.starts_with("application/openmetrics-text; version=1.0.0"), "{kind}");
        assert_eq!(answer.status, 200);
        answer.text
    }
}

#[track_caller]
fn assert_has(text: &str, line: &str) {
    assert!(text.lines().any(|one| one == line), "{line}\n{text}");
}

#[tokio::test]
async fn calls_are_counted_by_function_and_outcome_and_timed() {
    let api = Api::new();
    api.add(order(1)).await;
    let euicc = Euicc::new(CURVE, 1);
    api.install(&euicc, &matching_id(1), None).await;
    api.download(&euicc, Some("NOBODYS"), None).await.unwrap_err();
    let release = call(ReleaseProfile { iccid: iccid(9) });
    api.smdp.release_profile("alpha", release).await.unwrap_err();
    let text = api.metrics().await;
    for (interface, function, outcome, number) in [
        ("ES9+", "initiateAuthentication", "ok", 2),
        ("ES9+", "authenticateClient", "ok", 1),
        ("ES9+", "authenticateClient", "8.2.6/3.8", 1),
        ("ES9+", "getBoundProfilePackage", "ok", 1),
        ("ES9+", "handleNotification", "ok", 1),
        ("ES2+", "releaseProfile", "8.2.1/3.9", 1),
    ] {
        let labels = format!("interface=\"{interface}\",function=\"{function}\",outcome=\"{outcome}\"");
        assert_has(&text, &format!("rsp_function_calls_total{{{labels}}} {number}"));
    }
    let labels = "{interface=\"ES9+\",function=\"authenticateClient\"}";
    assert_has(&text, &format!("rsp_function_duration_seconds_count{labels} 2"));
    assert_has(&text, &format!("rsp_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION")));
    assert!(text.ends_with("# EOF\n"));
}

#[tokio::test]
async fn what_the_store_holds_is_shown_as_it_is_now() {
    let api = Api::new();
    api.stock(1..=3).await;
    api.add(order(4)).await;
    let euicc = Euicc::new(CURVE, 1);
    let text = api.metrics().await;
    for line in [
        "rsp_store_up 1",
        "rsp_profiles{state=\"Available\"} 3",
        "rsp_profiles{state=\"Released\"} 1",
        "rsp_profiles{state=\"Installed\"} 0",
        "rsp_sessions 0",
        "rsp_reports_due 0",
        "rsp_store_errors_total 0",
    ] {
        assert_has(&text, line);
    }
    api.install(&euicc, &matching_id(4), None).await;
    let text = api.metrics().await;
    for line in
        ["rsp_profiles{state=\"Released\"} 0", "rsp_profiles{state=\"Installed\"} 1", "rsp_sessions 1"]
    {
        assert_has(&text, line);
    }
    assert_has(&text, "rsp_reports_due 2");
}

#[tokio::test]
async fn tries_to_report_are_counted_by_what_became_of_them() {
    let api = Api::new();
    for outcome in [ReportOutcome::Delivered, ReportOutcome::Failed, ReportOutcome::Failed] {
        api.smdp.metrics().count_report(outcome);
    }
    let text = api.metrics().await;
    assert_has(&text, "rsp_reports_total{outcome=\"delivered\"} 1");
    assert_has(&text, "rsp_reports_total{outcome=\"failed\"} 2");
}

#[tokio::test]
async fn calls_to_smdss_and_events_there_are_counted() {
    let api = Api::new();
    let id = api.add(order_for(1, eid(1))).await;
    api.send_to_smds(id, eid(1)).await;
    for outcome in [SmdsCallOutcome::Done, SmdsCallOutcome::NotReached, SmdsCallOutcome::NotReached] {
        api.smdp.metrics().count_smds_call(Function::RegisterEvent, outcome);
    }
    let text = api.metrics().await;
    for line in [
        "rsp_smds_calls_total{function=\"registerEvent\",outcome=\"done\"} 1",
        "rsp_smds_calls_total{function=\"registerEvent\",outcome=\"not_reached\"} 2",
        "rsp_smds_events{stage=\"Registering\"} 1",
        "rsp_smds_events{stage=\"Deleted\"} 0",
    ] {
        assert_has(&text, line);
    }
    assert!(!text.contains(crate::common::smds::SMDS));
}

/// Else a peer could fill the memory of those who collect them.
#[tokio::test]
async fn no_label_has_a_value_that_a_peer_chose() {
    let api = Api::new();
    api.add(order(1)).await;
    let euicc = Euicc::new(CURVE, 1);
    let tid = api.install(&euicc, &matching_id(1), None).await;
    api.download(&euicc, Some("NOBODYS"), None).await.unwrap_err();
    let text = api.metrics().await;
    for value in [euicc.eid.to_string(), iccid(1).to_string(), matching_id(1), tid.to_string()] {
        assert!(!text.contains(&value), "{value}");
    }
    assert!(!text.contains("NOBODYS"));
}
