//! HandleDownloadProgressInfo (SGP.22 §5.3.5): what is told, when, and how often.

use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use asn1::{CancelSessionReason, ErrorReason, PprIds};
use crypto::Curve;
use protocol::es2plus::{CallHeader, ExecutionStatus, HandleDownloadProgressInfo, StatusData};
use protocol::es9plus::Es9Plus;
use smdp::Config;
use smdp::domain::{NewOrder, OrderId};
use smdp::reports::{ReportSender, Schedule, SendError, deliver_reports};
use smdp::store::Store;
use tokio::sync::oneshot;

use crate::common::euicc::{Euicc, metadata as notification_metadata, notification, one_time_key};
use crate::common::orders::{
    OPERATOR, PROFILE_TYPE, iccid, matching_id, metadata, order, order_with_code, with_metadata,
};
use crate::common::server::Server;

/// An operator that takes reports, fails as often as it is told to, and remembers everything.
#[derive(Default)]
struct Desk {
    got: Mutex<Vec<(CallHeader, HandleDownloadProgressInfo)>>,
    failures: Mutex<Vec<SendError>>,
    tries: Mutex<u32>,
}

impl ReportSender for Desk {
    async fn send(
        &self,
        operator: &str,
        header: CallHeader,
        info: HandleDownloadProgressInfo,
    ) -> Result<(), SendError> {
        assert_eq!(operator, OPERATOR);
        *self.tries.lock().unwrap() += 1;
        if let Some(error) = self.failures.lock().unwrap().pop() {
            return Err(error);
        }
        self.got.lock().unwrap().push((header, info));
        Ok(())
    }
}

impl Desk {
    fn points(&self) -> Vec<(u32, String)> {
        let shown = |status: &ExecutionStatus| match status {
            ExecutionStatus::ExecutedSuccess => "ok".to_owned(),
            ExecutionStatus::Failed(StatusData { subject_code, reason_code, .. }) => {
                format!("{subject_code}/{reason_code}")
            }
            ExecutionStatus::ExecutedWithWarning(_) => "warning".to_owned(),
        };
        let got = self.got.lock().unwrap();
        let point = |info: &HandleDownloadProgressInfo| {
            (info.notification_point_id, shown(&info.notification_point_status))
        };
        got.iter().map(|(_, info)| point(info)).collect()
    }
}

/// Delivers until nothing is due any more.
async fn deliver(server: &Server, desk: &Arc<Desk>) {
    let schedule = Schedule { poll: Duration::from_millis(1), ..Schedule::default() };
    let (stop, stopped) = oneshot::channel::<()>();
    let worker = tokio::spawn(deliver_reports(
        server.smdp.store().clone(),
        desk.clone(),
        "2.999.10".to_owned(),
        server.clock.clone(),
        schedule,
        Arc::default(),
        async move {
            let _ = stopped.await;
        },
    ));
    for _ in 0..10_000 {
        if server.store().counts().await.unwrap().reports_due == 0 {
            break;
        }
        // Far enough for the longest pause.
        server.clock.advance_seconds(20);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    stop.send(()).unwrap();
    worker.await.unwrap();
}

async fn told(server: &Server) -> Vec<(u32, String)> {
    let desk = Arc::new(Desk::default());
    deliver(server, &desk).await;
    desk.points()
}

fn points(expected: &[(u32, &str)]) -> Vec<(u32, String)> {
    expected.iter().map(|(point, status)| (*point, (*status).to_owned())).collect()
}

async fn world(configure: impl FnOnce(&mut Config), new: NewOrder) -> (Server, OrderId, Euicc) {
    let server = Server::with(configure);
    let id = server.add(new).await;
    (server, id, Euicc::new(Curve::P256, 1))
}

#[tokio::test]
async fn a_download_is_reported_at_delivery_and_at_installation() {
    let (server, _, euicc) = world(|_| (), order(1)).await;
    let delivered = server.delivered(&euicc, &matching_id(1), &one_time_key(Curve::P256, 1)).await;
    let tid = delivered.transaction_id();
    server.smdp.handle_notification(euicc.installed(tid, 1)).await.unwrap();
    let desk = Arc::new(Desk::default());
    deliver(&server, &desk).await;
    assert_eq!(desk.points(), points(&[(3, "ok"), (4, "ok")]));
    for (header, info) in desk.got.lock().unwrap().iter() {
        assert_eq!(header.function_requester_identifier, "2.999.10");
        assert_eq!((info.iccid, info.eid), (iccid(1), Some(euicc.eid)));
        assert_eq!(info.profile_type, PROFILE_TYPE);
        // finalResult [2] of the result, as it came.
        let expected = (info.notification_point_id == 4).then_some(0xA2);
        assert_eq!(info.result_data.as_ref().map(|data| data[0]), expected);
    }
}

#[tokio::test]
async fn an_operator_is_told_what_its_points_say() {
    let all = |config: &mut Config| {
        let points = &mut config.operators[0].points;
        points.eligibility_passed = Some(17);
        points.download = None;
        (points.enabled, points.disabled, points.deleted) = (Some(100), Some(101), Some(102));
    };
    let (server, _, euicc) = world(all, order(1)).await;
    let delivered = server.delivered(&euicc, &matching_id(1), &one_time_key(Curve::P256, 1)).await;
    server.smdp.handle_notification(euicc.installed(delivered.transaction_id(), 1)).await.unwrap();
    for (number, event) in [(2, 1), (3, 2), (4, 3)] {
        let mut metadata = notification_metadata(number, event);
        metadata.iccid = Some(iccid(1));
        let message = notification(euicc.other_notification(metadata));
        server.smdp.handle_notification(message.clone()).await.unwrap();
        // Again, because the answer was lost.
        server.smdp.handle_notification(message).await.unwrap();
    }
    // Of another eUICC, and of a profile that is not known here.
    let stranger = Euicc::new(Curve::P256, 2);
    for (number, iccid) in [(1, iccid(1)), (2, iccid(9))] {
        let mut metadata = notification_metadata(number, 1);
        metadata.iccid = Some(iccid);
        server.smdp.handle_notification(notification(stranger.other_notification(metadata))).await.unwrap();
    }
    let expected = points(&[(17, "ok"), (4, "ok"), (100, "ok"), (101, "ok"), (102, "ok")]);
    assert_eq!(told(&server).await, expected);
}

#[tokio::test]
async fn nobody_is_told_where_there_is_no_operator_or_it_takes_no_reports() {
    let configurations: [fn(&mut Config); 2] =
        [|config| config.operators.clear(), |config| config.operators[0].takes_reports = false];
    for configure in configurations {
        let (server, _, euicc) = world(configure, order(1)).await;
        server.delivered(&euicc, &matching_id(1), &one_time_key(Curve::P256, 1)).await;
        assert_eq!(server.store().counts().await.unwrap().reports_due, 0);
    }
}

/// SGP.22 table 32b; postponed and timeout end nothing and are not told.
#[tokio::test]
async fn a_cancelled_session_is_reported_with_the_code_of_its_reason() {
    for (reason, code) in [
        (CancelSessionReason::END_USER_REJECTION, Some("8.8.5/3.8")),
        (CancelSessionReason::POSTPONED, None),
        (CancelSessionReason::TIMEOUT, None),
        (CancelSessionReason::PPR_NOT_ALLOWED, Some("8.2.8/1.2")),
        (CancelSessionReason::METADATA_MISMATCH, Some("8.2.9/3.11")),
        (CancelSessionReason::LOAD_BPP_EXECUTION_ERROR, Some("8.2.10/4.2")),
        (CancelSessionReason::UNDEFINED_REASON, Some("8/4.2")),
    ] {
        let (server, _, euicc) = world(|_| (), order(1)).await;
        let offered = server.offered(&euicc, &matching_id(1)).await;
        let request = euicc.cancel(offered.transaction_id(), reason);
        server.smdp.cancel_session(request).await.unwrap();
        let expected: Vec<_> = code.map(|code| (1, code.to_owned())).into_iter().collect();
        assert_eq!(told(&server).await, expected, "{reason}");
    }
    // The point is the step that was reached.
    let (server, _, euicc) = world(|_| (), order(1)).await;
    let delivered = server.delivered(&euicc, &matching_id(1), &one_time_key(Curve::P256, 1)).await;
    let request = euicc.cancel(delivered.transaction_id(), CancelSessionReason::LOAD_BPP_EXECUTION_ERROR);
    server.smdp.cancel_session(request).await.unwrap();
    assert_eq!(told(&server).await, points(&[(3, "ok"), (3, "8.2.10/4.2")]));
}

#[tokio::test]
async fn what_ends_an_order_is_reported_with_its_code_and_once() {
    let key = one_time_key(Curve::P256, 1);
    // Too many attempts: at the first one too many, and not at each further one.
    let (server, _, euicc) = world(|config| config.limits.download_attempts = 0, order(1)).await;
    for _ in 0..3 {
        server.try_offer(&euicc, Some(&matching_id(1))).await.unwrap_err();
    }
    assert_eq!(told(&server).await, points(&[(1, "8.8.5/6.4")]));

    // Too many wrong codes; those before are not reported.
    let limit = |config: &mut Config| config.limits.confirmation_code_attempts = 1;
    let (server, _, euicc) = world(limit, order_with_code(1, "4321")).await;
    for _ in 0..2 {
        let offered = server.offered(&euicc, &matching_id(1)).await;
        let request = euicc.prepare_with_code(&offered.offer, &key, "wrong");
        server.smdp.get_bound_profile_package(request).await.unwrap_err();
    }
    assert_eq!(told(&server).await, points(&[(2, "8.2.7/6.4")]));

    // A rule that the eUICC forbids.
    let mut metadata = metadata(1);
    metadata.profile_policy_rules = Some(PprIds::of([PprIds::PPR1]));
    let (server, _, mut euicc) = world(|_| (), with_metadata(1, metadata)).await;
    euicc.info2.forbidden_profile_policy_rules = Some(PprIds::of([PprIds::PPR1]));
    server.try_offer(&euicc, Some(&matching_id(1))).await.unwrap_err();
    assert_eq!(told(&server).await, points(&[(1, "8.2.5/4.3")]));

    // A profile that was not installed.
    let (server, _, euicc) = world(|_| (), order(1)).await;
    let delivered = server.delivered(&euicc, &matching_id(1), &key).await;
    let failed = euicc.not_installed(delivered.transaction_id(), 1, ErrorReason::INVALID_SIGNATURE);
    server.smdp.handle_notification(failed.clone()).await.unwrap();
    server.smdp.handle_notification(failed).await.unwrap();
    assert_eq!(told(&server).await, points(&[(3, "ok"), (4, "8.2.10/4.2")]));
}

#[tokio::test]
async fn a_report_that_is_not_taken_comes_again_under_the_same_name_and_before_the_next() {
    let (server, _, euicc) = world(|_| (), order(1)).await;
    let delivered = server.delivered(&euicc, &matching_id(1), &one_time_key(Curve::P256, 1)).await;
    server.smdp.handle_notification(euicc.installed(delivered.transaction_id(), 1)).await.unwrap();
    let desk = Arc::new(Desk::default());
    *desk.failures.lock().unwrap() = vec![SendError("closed".to_owned()); 5];
    deliver(&server, &desk).await;
    assert_eq!(desk.points(), points(&[(3, "ok"), (4, "ok")]));
    assert_eq!(*desk.tries.lock().unwrap(), 7);
    let got = desk.got.lock().unwrap();
    assert_ne!(got[0].0.function_call_identifier, got[1].0.function_call_identifier);
}

#[tokio::test]
async fn a_report_is_given_up_after_a_long_time() {
    let (server, _, euicc) = world(|_| (), order(1)).await;
    server.delivered(&euicc, &matching_id(1), &one_time_key(Curve::P256, 1)).await;
    let desk = Arc::new(Desk::default());
    *desk.failures.lock().unwrap() = vec![SendError("closed".to_owned()); 100_000];
    server.clock.advance_seconds(8 * 24 * 60 * 60);
    deliver(&server, &desk).await;
    assert_eq!((desk.points(), *desk.tries.lock().unwrap()), (Vec::new(), 1));
    assert_eq!(server.store().counts().await.unwrap().reports_due, 0);
}

/// A sender that never answers one operator.
#[derive(Default)]
struct HalfDeaf(Desk);

impl ReportSender for HalfDeaf {
    async fn send(
        &self,
        operator: &str,
        header: CallHeader,
        info: HandleDownloadProgressInfo,
    ) -> Result<(), SendError> {
        if operator == OPERATOR { self.0.send(operator, header, info).await } else { pending().await }
    }
}

#[tokio::test]
async fn an_operator_that_does_not_answer_keeps_no_other_waiting() {
    let server = Server::with(|config| config.operators.push(smdp::Operator::new("beta")));
    let euicc = Euicc::new(Curve::P256, 1);
    let key = one_time_key(Curve::P256, 1);
    for number in 1..=30 {
        let mut new = order(number);
        if number <= 25 {
            new.profile.operator = Some("beta".to_owned());
        }
        server.add(new).await;
        server.delivered(&euicc, &matching_id(number), &key).await;
    }
    let sender = Arc::new(HalfDeaf::default());
    let schedule = Schedule {
        poll: Duration::from_millis(1),
        shutdown: Duration::from_millis(1),
        ..Schedule::default()
    };
    let (stop, stopped) = oneshot::channel::<()>();
    let worker = tokio::spawn(deliver_reports(
        server.smdp.store().clone(),
        sender.clone(),
        "2.999.10".to_owned(),
        server.clock.clone(),
        schedule,
        Arc::default(),
        async move {
            let _ = stopped.await;
        },
    ));
    while sender.0.points().len() < 5 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    stop.send(()).unwrap();
    worker.await.unwrap();
}
