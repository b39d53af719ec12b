//! ConfirmOrder and ReleaseProfile for an SM-DS (SGP.22 §5.3.2, §5.3.4, table 27): what the operator is told, and what stays.

use std::sync::Arc;
use std::time::Duration;

use protocol::es2plus::{Call, CancelOrder, ConfirmOrder, Es2Plus, MatchingIdChoice, ReleaseProfile};
use protocol::es12::Function;
use protocol::status::{Refusal, StatusCode};
use smdp::domain::{ProfileState, SmdsEventStage};
use smdp::store::{HappeningFilter, Store};
use smdp::{Config, Unreachable};

use super::requests::{cancel, confirm, download, given, order_of, release, state_of};
use crate::common::calls::{call, named};
use crate::common::euicc::eid;
use crate::common::orders::{OPERATOR, iccid, profile};
use crate::common::server::{Server, refused};
use crate::common::smds::{GONE, Line, Record, SMDS, Smds, THERE, Worker, events, stage, until_all_are};

/// A server that knows an SM-DS and has waited for it long enough soon, with profile 1 linked to an eUICC.
async fn linked(configure: impl FnOnce(&mut Config)) -> Server {
    let server = Server::with(|config| {
        config.smds.servers = vec![SMDS.parse().unwrap()];
        config.smds.wait = Duration::from_secs(20);
        configure(config);
    });
    server.stock(vec![profile(1), profile(2)]).await;
    server.smdp.download_order(OPERATOR, call(download(iccid(1), Some(eid(1))))).await.unwrap();
    server
}

fn refusing(config: &mut Config) {
    config.smds.unreachable = Unreachable::Refuse;
}

/// ConfirmOrder that releases, under the MatchingID `EVENT-1`.
fn releasing() -> ConfirmOrder {
    ConfirmOrder {
        matching_id: given("EVENT-1"),
        smds_address: Some(SMDS.parse().unwrap()),
        release_flag: true,
        ..confirm(iccid(1))
    }
}

/// `ok`, or the code.
fn told<T>(outcome: Result<T, Refusal>) -> String {
    outcome.map_or_else(|refusal| refusal.code.to_string(), |_| "ok".to_owned())
}

async fn confirming(server: &Server, request: ConfirmOrder) -> String {
    told(server.smdp.confirm_order(OPERATOR, call(request)).await)
}

async fn releasing_profile(server: &Server) -> String {
    told(server.smdp.release_profile(OPERATOR, call(release(iccid(1)))).await)
}

async fn history(server: &Server) -> Vec<(String, Option<String>)> {
    let all = server.store().happenings(HappeningFilter::default()).await.unwrap();
    all.into_iter().map(|happening| (happening.what, happening.detail)).collect()
}

fn line(what: &str, detail: Option<&str>) -> (String, Option<String>) {
    (what.to_owned(), detail.map(str::to_owned))
}

#[tokio::test]
async fn a_released_order_is_registered_before_the_operator_is_answered() {
    let (server, smds) = (linked(|_| ()).await, Smds::on(Line::Well));
    let _worker = Worker::of(&server, &smds);
    let answer = server.smdp.confirm_order(OPERATOR, call(releasing())).await.unwrap();
    assert_eq!(answer.matching_id.unwrap().as_str(), "EVENT-1");
    assert_eq!(smds.record("EVENT-1"), THERE);
    assert_eq!(smds.addresses(), [SMDS]);
    assert_eq!(smds.headers()[0].function_requester_identifier, "2.999.10");
    assert_eq!(state_of(&server).await, ProfileState::Released);
    assert_eq!(stage(server.store()).await, Some(SmdsEventStage::Registered));
    let expected =
        [line("ES2+.DownloadOrder", None), line("ES2+.ConfirmOrder", None), line("ES12.RegisterEvent", None)];
    assert_eq!(history(&server).await, expected);
}

/// SGP.22 §5.3.2, §5.3.4: with releaseFlag false, the event is registered by ReleaseProfile; and once.
#[tokio::test]
async fn an_order_that_is_released_later_is_registered_then() {
    let (server, smds) = (linked(|_| ()).await, Smds::on(Line::Well));
    let _worker = Worker::of(&server, &smds);
    let request = ConfirmOrder { release_flag: false, ..releasing() };
    assert_eq!(confirming(&server, request).await, "ok");
    assert_eq!((stage(server.store()).await, smds.calls(Function::RegisterEvent)), (None, 0));
    assert_eq!(releasing_profile(&server).await, "ok");
    assert_eq!(smds.record("EVENT-1"), THERE);
    assert_eq!(releasing_profile(&server).await, "ok");
    assert_eq!(smds.calls(Function::RegisterEvent), 1);
}

#[tokio::test]
async fn a_made_up_matching_id_becomes_the_event_id() {
    let (server, smds) = (linked(|_| ()).await, Smds::on(Line::Well));
    let _worker = Worker::of(&server, &smds);
    let request = ConfirmOrder { matching_id: MatchingIdChoice::Generate, ..releasing() };
    let answer = server.smdp.confirm_order(OPERATOR, call(request)).await.unwrap();
    assert_eq!(smds.record(answer.matching_id.unwrap().as_str()), THERE);
}

#[tokio::test]
async fn an_smds_that_is_not_configured_is_refused_at_once_and_nothing_is_changed() {
    let none: fn(&mut Config) = |config| config.smds.servers.clear();
    let other: fn(&mut Config) = |config| config.smds.servers = vec!["other.example.com".parse().unwrap()];
    for (configure, says) in [(none, "configured for no SM-DS"), (other, "none of the SM-DSs")] {
        let server = linked(configure).await;
        let before = server.snapshot(&[], &[]).await;
        for release_flag in [true, false] {
            let request = ConfirmOrder { release_flag, ..releasing() };
            let refusal = server.smdp.confirm_order(OPERATOR, call(request)).await.unwrap_err();
            assert_eq!(refusal.code, StatusCode::SMDS_INACCESSIBLE);
            assert!(refusal.message.contains(says), "{refusal}");
            assert_eq!(server.snapshot(&[], &[]).await, before);
        }
    }
}

/// Host names have no case (RFC 4343); what is kept is how the configuration writes it.
#[tokio::test]
async fn an_smds_is_known_in_any_spelling() {
    let (server, smds) = (linked(|_| ()).await, Smds::on(Line::Well));
    let _worker = Worker::of(&server, &smds);
    let request = ConfirmOrder { smds_address: Some("SMDS.Example.COM".parse().unwrap()), ..releasing() };
    assert_eq!(confirming(&server, request).await, "ok");
    assert_eq!(smds.addresses(), [SMDS]);
}

#[tokio::test]
async fn an_smds_that_is_not_reached_is_told_later() {
    // SGP.22 §5.9.1: 8.9/5.1 is an Alternative SM-DS whose Root is not reached.
    for line in [
        Line::Down,
        Line::CallLost,
        Line::AnswerLost,
        Line::Refuses(StatusCode::BUSY),
        Line::Refuses(StatusCode::SMDS_INACCESSIBLE),
    ] {
        let (server, smds) = (linked(|_| ()).await, Smds::on(Line::Well));
        smds.next([line]);
        let _worker = Worker::of(&server, &smds);
        assert_eq!(confirming(&server, releasing()).await, "ok", "{line:?}");
        assert_eq!(state_of(&server).await, ProfileState::Released);
        until_all_are(&server, &[SmdsEventStage::Registered], 1).await;
        assert_eq!(smds.record("EVENT-1"), THERE, "{line:?}");
    }
}

#[tokio::test]
async fn a_slow_smds_is_waited_for_only_so_long() {
    let short = |config: &mut Config| config.smds.wait = Duration::from_millis(50);
    let (server, smds) = (linked(short).await, Smds::on(Line::Held));
    let _worker = Worker::of(&server, &smds);
    assert_eq!(confirming(&server, releasing()).await, "ok");
    assert_eq!(stage(server.store()).await, Some(SmdsEventStage::Registering));
    smds.let_go();
    until_all_are(&server, &[SmdsEventStage::Registered], 0).await;
    assert_eq!(smds.calls(Function::RegisterEvent), 1);
}

/// One that has just failed is left alone for a while, and nobody waits for it.
#[tokio::test]
async fn an_smds_that_is_known_to_be_gone_is_not_waited_for() {
    let (server, smds) = (linked(|_| ()).await, Smds::on(Line::Down));
    let worker = Worker::of(&server, &smds);
    assert_eq!(confirming(&server, releasing()).await, "ok");
    tokio::time::sleep(Duration::from_millis(20)).await;
    server.smdp.download_order(OPERATOR, call(download(iccid(2), Some(eid(1))))).await.unwrap();
    let another = ConfirmOrder { iccid: iccid(2), matching_id: given("EVENT-2"), ..releasing() };
    let answered = tokio::time::timeout(Duration::from_secs(10), confirming(&server, another)).await;
    assert_eq!(answered.unwrap(), "ok");
    assert_eq!(smds.calls(Function::RegisterEvent), 1);
    smds.becomes(Line::Well);
    until_all_are(&server, &[SmdsEventStage::Registered], 1).await;
    assert_eq!((smds.record("EVENT-1"), smds.record("EVENT-2")), (THERE, THERE));
    worker.stop().await;
}

/// Where nobody tells the SM-DSs, the operator is not kept for ever.
#[tokio::test]
async fn without_a_worker_the_operator_is_answered_all_the_same() {
    let short = |config: &mut Config| config.smds.wait = Duration::from_millis(20);
    let server = linked(short).await;
    assert_eq!(confirming(&server, releasing()).await, "ok");
    let server = linked(|config| {
        short(config);
        refusing(config);
    })
    .await;
    let before = order_of(&server).await;
    assert_eq!(confirming(&server, releasing()).await, "8.9/5.1");
    assert_as_before(&server, &before).await;
    assert_eq!(stage(server.store()).await, None);
}

/// The order as it was, but for its version.
async fn assert_as_before(server: &Server, before: &smdp::domain::Order) {
    let now = order_of(server).await;
    let now = smdp::domain::Order { version: before.version, ..now };
    assert_eq!(format!("{now:?}"), format!("{before:?}"));
}

#[tokio::test]
async fn with_refuse_an_smds_that_is_not_reached_leaves_the_order_as_it_was() {
    for (line, left) in [
        (Line::Down, None),
        (Line::Refuses(StatusCode::BUSY), None),
        (Line::Refuses(StatusCode::SMDS_INACCESSIBLE), None),
        (Line::CallLost, Some(Record::default())),
        (Line::AnswerLost, Some(GONE)),
    ] {
        let (server, smds) = (linked(refusing).await, Smds::on(Line::Well));
        smds.next([line]);
        let _worker = Worker::of(&server, &smds);
        let before = order_of(&server).await;
        assert_eq!(confirming(&server, releasing()).await, "8.9/5.1", "{line:?}");
        assert_as_before(&server, &before).await;
        until_all_are(&server, &[SmdsEventStage::Deleted], 1).await;
        assert_eq!(events(server.store()).await.is_empty(), left.is_none(), "{line:?}");
        assert_eq!(smds.record("EVENT-1"), left.unwrap_or_default(), "{line:?}");
        assert_eq!(smds.calls(Function::DeleteEvent), usize::from(left.is_some()), "{line:?}");
    }
}

#[tokio::test]
async fn what_the_smds_refuses_leaves_the_order_as_it_was_whatever_is_configured() {
    for unreachable in [Unreachable::Retry, Unreachable::Refuse] {
        for (line, says) in [
            (Line::Refuses(StatusCode::EVENT_IN_USE), "8.9.5/3.3"),
            (Line::Refuses(StatusCode::SMDS_EXECUTION_ERROR), "8.9/4.2"),
            (Line::Refuses(StatusCode::REQUESTER_UNKNOWN), "1.1/1.1"),
            (Line::NotAdmitted, "not admitted"),
        ] {
            let (server, smds) =
                (linked(|config| config.smds.unreachable = unreachable).await, Smds::on(line));
            let _worker = Worker::of(&server, &smds);
            let before = order_of(&server).await;
            let refusal = server.smdp.confirm_order(OPERATOR, call(releasing())).await.unwrap_err();
            assert_eq!(refusal.code, StatusCode::SMDS_EXECUTION_ERROR);
            assert!(refusal.message.contains(says), "{refusal}");
            assert_as_before(&server, &before).await;
            assert_eq!(stage(server.store()).await, None, "{line:?}");
            let told = history(&server).await;
            let end =
                [line_of("ES12.RegisterEvent", says), line_of("ES2+.ConfirmOrder", "taken back: 8.9/4.2")];
            assert_eq!(told[told.len() - 2..], end, "{line:?}");
        }
    }
}

fn line_of(what: &str, detail: &str) -> (String, Option<String>) {
    line(what, Some(detail))
}

#[tokio::test]
async fn a_release_that_is_taken_back_leaves_the_order_confirmed() {
    for (line, code) in
        [(Line::Refuses(StatusCode::SMDS_EXECUTION_ERROR), "8.9/4.2"), (Line::Down, "8.9/5.1")]
    {
        let (server, smds) = (linked(refusing).await, Smds::on(line));
        let _worker = Worker::of(&server, &smds);
        assert_eq!(confirming(&server, ConfirmOrder { release_flag: false, ..releasing() }).await, "ok");
        assert_eq!(releasing_profile(&server).await, code);
        let order = order_of(&server).await;
        assert_eq!(order.state, ProfileState::Confirmed);
        assert_eq!(order.matching_id.unwrap().as_str(), "EVENT-1");
        assert_eq!(order.smds_address, Some(SMDS.parse().unwrap()));
        // What nobody knows can be tried again, by the same name.
        smds.becomes(Line::Well);
        server.clock.advance_seconds(100);
        assert_eq!(releasing_profile(&server).await, "ok");
        assert_eq!(smds.record("EVENT-1"), THERE);
    }
}

/// SGP.22 §3.6.1: EventIDs are not reused, not even for the same order.
#[tokio::test]
async fn an_event_id_that_was_deleted_releases_its_order_no_more() {
    let (server, smds) = (linked(refusing).await, Smds::on(Line::Well));
    let _worker = Worker::of(&server, &smds);
    assert_eq!(confirming(&server, ConfirmOrder { release_flag: false, ..releasing() }).await, "ok");
    smds.next([Line::AnswerLost]);
    assert_eq!(releasing_profile(&server).await, "8.9/5.1");
    until_all_are(&server, &[SmdsEventStage::Deleted], 1).await;
    let before = server.snapshot(&[], &[]).await;
    assert_eq!(releasing_profile(&server).await, "8.9/4.2");
    assert_eq!(server.snapshot(&[], &[]).await, before);
    assert_eq!(smds.record("EVENT-1"), GONE);

    // The same where ConfirmOrder was taken back: another MatchingID will do.
    let (server, smds) = (linked(refusing).await, Smds::on(Line::Well));
    let _worker = Worker::of(&server, &smds);
    smds.next([Line::AnswerLost]);
    assert_eq!(confirming(&server, releasing()).await, "8.9/5.1");
    until_all_are(&server, &[SmdsEventStage::Deleted], 1).await;
    assert_eq!(confirming(&server, releasing()).await, "8.2.6/3.3");
    let another = ConfirmOrder { matching_id: given("EVENT-2"), ..releasing() };
    assert_eq!(confirming(&server, another).await, "ok");
    assert_eq!((smds.record("EVENT-1"), smds.record("EVENT-2")), (GONE, THERE));
}

/// As long as no deletion can have been executed, it is the same event.
#[tokio::test]
async fn an_event_that_is_wanted_again_before_its_deletion_is_registered_on() {
    let (server, smds) = (linked(refusing).await, Smds::on(Line::Well));
    let worker = Worker::of(&server, &smds);
    // The answer is lost, and from then on nothing is reached.
    smds.next([Line::AnswerLost]);
    smds.becomes(Line::Down);
    assert_eq!(confirming(&server, releasing()).await, "8.9/5.1");
    until_all_are(&server, &[SmdsEventStage::Deleting], 1).await;
    worker.stop().await;
    smds.becomes(Line::Well);
    let confirmed = tokio::spawn({
        let smdp = server.smdp.clone();
        async move { told(smdp.confirm_order(OPERATOR, call(releasing())).await) }
    });
    while stage(server.store()).await != Some(SmdsEventStage::Registering) {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    server.clock.advance_seconds(1000);
    let _worker = Worker::of(&server, &smds);
    // 8.9.5/3.3: the first registration was executed.
    assert_eq!(confirmed.await.unwrap(), "ok");
    assert_eq!(smds.record("EVENT-1"), THERE);
}

/// The MatchingID of an event that may be known somewhere is no other order's, with an SM-DS or without.
#[tokio::test]
async fn the_event_id_of_an_order_that_was_taken_back_is_nobody_elses() {
    let (server, smds) = (linked(refusing).await, Smds::on(Line::CallLost));
    let _worker = Worker::of(&server, &smds);
    assert_eq!(confirming(&server, releasing()).await, "8.9/5.1");
    server.smdp.download_order(OPERATOR, call(download(iccid(2), Some(eid(1))))).await.unwrap();
    for smds_address in [None, Some(SMDS.parse().unwrap())] {
        let request = ConfirmOrder { iccid: iccid(2), smds_address, ..releasing() };
        assert_eq!(confirming(&server, request).await, "8.2.6/3.3");
    }
    // Where it was surely not reached, it is free.
    let (server, smds) = (linked(refusing).await, Smds::on(Line::Down));
    let _worker = Worker::of(&server, &smds);
    assert_eq!(confirming(&server, releasing()).await, "8.9/5.1");
    server.smdp.download_order(OPERATOR, call(download(iccid(2), Some(eid(1))))).await.unwrap();
    let request = ConfirmOrder { iccid: iccid(2), smds_address: None, ..releasing() };
    assert_eq!(confirming(&server, request).await, "ok");
}

#[tokio::test]
async fn a_call_that_was_taken_back_is_looked_at_afresh() {
    let (server, smds) = (linked(refusing).await, Smds::on(Line::Well));
    let _worker = Worker::of(&server, &smds);
    smds.next([Line::Refuses(StatusCode::SMDS_EXECUTION_ERROR)]);
    let same = || named("1", 1, releasing());
    assert_eq!(refused(server.smdp.confirm_order(OPERATOR, same()).await), "8.9/4.2");
    server.clock.advance_seconds(100);
    assert_eq!(told(server.smdp.confirm_order(OPERATOR, same()).await), "ok");
    assert_eq!(told(server.smdp.confirm_order(OPERATOR, same()).await), "ok");
    assert_eq!(smds.record("EVENT-1"), THERE);
    assert_eq!(smds.calls(Function::RegisterEvent), 2);
}

/// Whoever repeats a call while it is not known what becomes of it hears the same.
#[tokio::test]
async fn the_same_call_beside_itself_has_one_outcome() {
    for (line, code) in [(Line::Held, "ok"), (Line::Refuses(StatusCode::SMDS_EXECUTION_ERROR), "8.9/4.2")] {
        let (server, smds) = (linked(refusing).await, Smds::on(line));
        let same: fn() -> Call<ConfirmOrder> = || named("1", 1, releasing());
        let spawn = || {
            let smdp = server.smdp.clone();
            tokio::spawn(async move { told(smdp.confirm_order(OPERATOR, same()).await) })
        };
        let first = spawn();
        while state_of(&server).await != ProfileState::Released {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let second = spawn();
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(!second.is_finished());
        let _worker = Worker::of(&server, &smds);
        smds.let_go();
        assert_eq!((first.await.unwrap().as_str(), second.await.unwrap().as_str()), (code, code));
    }
}

/// The answer is that of the order: who has cancelled or used it meanwhile was right to.
#[tokio::test]
async fn an_order_that_somebody_has_used_meanwhile_is_not_taken_back() {
    let (server, smds) = (linked(refusing).await, Arc::new(Smds::default()));
    let confirmed = tokio::spawn({
        let smdp = server.smdp.clone();
        async move { told(smdp.confirm_order(OPERATOR, call(releasing())).await) }
    });
    while state_of(&server).await != ProfileState::Released {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let order = order_of(&server).await;
    server.store().change_order(order, None).await.unwrap();
    smds.next([Line::Down]);
    let _worker = Worker::of(&server, &smds);
    assert_eq!(confirmed.await.unwrap(), "ok");
    assert_eq!(state_of(&server).await, ProfileState::Released);
    until_all_are(&server, &[SmdsEventStage::Registered], 1).await;
    assert_eq!(smds.record("EVENT-1"), THERE);
}

/// Another node may be faster to take the event up than the one that the operator called.
#[tokio::test]
async fn the_outcome_is_learnt_from_another_node_too() {
    for (line, code) in [(Line::Well, "ok"), (Line::NotAdmitted, "8.9/4.2")] {
        let server = linked(|_| ()).await;
        let other = Server::on(server.smdp.store().clone(), 2, |config| {
            config.smds = server.smdp.config().smds.clone();
        });
        let smds = Smds::on(line);
        let _worker = Worker::of(&other, &smds);
        assert_eq!(confirming(&server, releasing()).await, code);
        assert_eq!(smds.calls(Function::RegisterEvent), 1);
    }
}

#[tokio::test]
async fn a_cancelled_order_is_deleted_at_the_smds() {
    let (server, smds) = (linked(|_| ()).await, Smds::on(Line::Well));
    let _worker = Worker::of(&server, &smds);
    assert_eq!(confirming(&server, releasing()).await, "ok");
    let matching_id = Some("EVENT-1".to_owned());
    let request = CancelOrder { eid: Some(eid(1)), matching_id, ..cancel(iccid(1)) };
    server.smdp.cancel_order(OPERATOR, call(request)).await.unwrap();
    until_all_are(&server, &[SmdsEventStage::Deleted], 0).await;
    assert_eq!(smds.record("EVENT-1"), GONE);
    let told = history(&server).await;
    assert_eq!(told.last(), Some(&line("ES12.DeleteEvent", None)));
    let release: ReleaseProfile = release(iccid(1));
    assert_eq!(refused(server.smdp.release_profile(OPERATOR, call(release)).await), "8.2.1/3.5");
}
