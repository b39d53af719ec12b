//! What is on each line of the log that a call leads to.

use protocol::es2plus::{ConfirmOrder, DownloadOrder, Es2Plus, MatchingIdChoice, ReleaseProfile};
use protocol::es9plus::Es9Plus;

use crate::api::Api;
use crate::common::calls::call;
use crate::common::euicc::Euicc;
use crate::common::orders::{OPERATOR, iccid, matching_id, order};
use crate::secrets::Log;
use crate::session::CURVE;

fn logged(log: &Log) -> tracing::subscriber::DefaultGuard {
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::INFO)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    tracing::subscriber::set_default(subscriber)
}

/// The lines that tell the end of a call of this function.
fn lines(log: &Log, function: &str) -> Vec<String> {
    let text = log.text();
    let named = |line: &&str| line.contains(&format!("function=\"{function}\""));
    text.lines().filter(named).map(str::to_owned).collect()
}

#[track_caller]
fn assert_tells(line: &str, parts: &[&str]) {
    for part in parts {
        assert!(line.contains(part), "{part} is not in: {line}");
    }
}

#[tokio::test]
async fn every_call_of_es9plus_ends_in_one_line_with_session_euicc_and_order() {
    let log = Log::default();
    let _guard = logged(&log);
    let api = Api::new();
    let id = api.add(order(1)).await;
    let euicc = Euicc::new(CURVE, 1);
    let tid = api.install(&euicc, &matching_id(1), None).await;
    let (tid, eid) = (format!("transaction_id={tid}"), format!("eid={}", euicc.eid));
    let order = format!("order={id}");
    for (function, parts) in [
        ("initiateAuthentication", vec![&*tid]),
        ("authenticateClient", vec![&*tid, &*eid, &*order]),
        ("getBoundProfilePackage", vec![&*tid, &*eid, &*order]),
        ("handleNotification", vec![&*tid, &*eid, &*order]),
    ] {
        let lines = lines(&log, function);
        assert_eq!(lines.len(), 1, "{function}: {lines:?}");
        assert_tells(&lines[0], &parts);
        assert!(lines[0].contains(" INFO ") && lines[0].ends_with("ok"), "{}", lines[0]);
    }
}

#[tokio::test]
async fn a_refusal_is_told_with_its_code_and_whose_fault_it_is() {
    let log = Log::default();
    let _guard = logged(&log);
    let api = Api::new();
    let euicc = Euicc::new(CURVE, 1);
    let initiated = api.smdp.initiate_authentication(euicc.initiate()).await.unwrap();
    api.smdp.authenticate_client(euicc.authenticate(&initiated, Some("NOBODYS"))).await.unwrap_err();
    let lines = lines(&log, "authenticateClient");
    assert_eq!(lines.len(), 1, "{lines:?}");
    let eid = format!("eid={}", euicc.eid);
    assert_tells(&lines[0], &[" WARN ", "code=8.2.6/3.8", "fault=PeerIncompatible", &eid]);
}

#[tokio::test]
async fn a_cancelled_session_is_told_with_its_order() {
    let log = Log::default();
    let _guard = logged(&log);
    let api = Api::new();
    let id = api.add(order(1)).await;
    let euicc = Euicc::new(CURVE, 1);
    let initiated = api.smdp.initiate_authentication(euicc.initiate()).await.unwrap();
    let request = euicc.authenticate(&initiated, Some(&matching_id(1)));
    let offer = api.smdp.authenticate_client(request).await.unwrap();
    let reason = asn1::CancelSessionReason::POSTPONED;
    api.smdp.cancel_session(euicc.cancel(&offer.transaction_id, reason)).await.unwrap();
    let lines = lines(&log, "cancelSession");
    let tid = format!("transaction_id={}", offer.transaction_id);
    assert_tells(&lines[0], &[&tid, &format!("eid={}", euicc.eid), &format!("order={id}")]);
}

#[tokio::test]
async fn every_call_of_es2plus_ends_in_one_line_with_operator_call_and_order() {
    let log = Log::default();
    let _guard = logged(&log);
    let api = Api::new();
    api.stock([1]).await;
    let eid = crate::common::euicc::eid(1);
    let iccid = iccid(1);
    let download = DownloadOrder { eid: Some(eid), iccid: Some(iccid), profile_type: None };
    api.smdp.download_order(OPERATOR, call(download)).await.unwrap();
    let confirm = ConfirmOrder {
        iccid,
        eid: None,
        matching_id: MatchingIdChoice::Generate,
        confirmation_code: None,
        smds_address: None,
        release_flag: false,
    };
    api.smdp.confirm_order(OPERATOR, call(confirm)).await.unwrap();
    api.smdp.release_profile(OPERATOR, call(ReleaseProfile { iccid })).await.unwrap();
    for function in ["downloadOrder", "confirmOrder", "releaseProfile"] {
        let lines = lines(&log, function);
        let end = lines.iter().find(|line| line.ends_with("ok"));
        let end = end.unwrap_or_else(|| panic!("{function}: {lines:?}"));
        let (eid, iccid) = (format!("eid={eid}"), format!("iccid={iccid}"));
        assert_tells(end, &["operator=\"alpha\"", "call=\"call-", "order=1", &eid, &iccid]);
    }
}
