//! What the SM-DS does by itself: errands to the Root SM-DS, ending what is too old, removing what need not be kept.

use std::sync::Arc;
use std::time::Duration;

use crypto::Curve;
use smds::domain::EventState;
use smds::root::Errands;
use smds::store::Store;
use smds::upkeep::{RetentionPeriods, keep_swept, sweep};
use tokio::sync::oneshot;

use crate::common::calls::{cascaded, deletion, event, event_id, smdp, smds};
use crate::common::euicc::Euicc;
use crate::common::line::{Fate, Line};
use crate::common::server::{Server, refused};

const DAY: u64 = 24 * 60 * 60;

/// Waits for something that another task does.
async fn until(mut done: impl AsyncFnMut() -> bool) {
    while !done().await {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

pub async fn an_errand_is_run_by_one_node_and_by_another_if_that_dies<S: Store>(store: Arc<S>) {
    let one = Server::alternative_on(store.clone(), 1, |_| ());
    let line = Line::of(smds(1));
    line.connect(one.book.clone());
    let other = Server::alternative_at(store, 2, line, |_| ());
    one.line.next([Fate::AnswerLost, Fate::Late]);
    one.register(&smdp(1), cascaded(1)).await.unwrap_err();
    let errands = one.errands();
    tokio::select! {
        outcome = errands.round() => panic!("{outcome:?}"),
        () = one.line.waiting() => {}
    }
    // The first node has it in hand.
    other.run_errands().await;
    assert_eq!(other.line.sent(), []);
    // It has died, and nobody has heard of it since.
    other.clock.advance_seconds(3600);
    other.run_errands().await;
    assert_eq!(other.line.counted(), (0, 1));
    assert_eq!((one.book.records().len(), other.open_errands().await), (0, 0));
}

pub async fn thousands_of_events_expire_in_one_sweep<S: Store>(store: Arc<S>) {
    let server = Server::alternative_on(store, 1, |config| config.limits.event_days = Some(1));
    for number in 0..2500 {
        server
            .register(&smdp(1), if number % 100 == 0 { cascaded(number) } else { event(number) })
            .await
            .unwrap();
    }
    server.clock.advance_seconds(DAY);
    server.sweep().await;
    assert_eq!(server.store().counts().await.unwrap().events, [(EventState::Expired, 2500)]);
    assert_eq!(server.open_errands().await, 25);
    server.run_errands().await;
    assert_eq!((server.open_errands().await, server.book.records().len()), (0, 0));
}

#[tokio::test]
async fn errands_are_run_until_shutdown() {
    let server = Server::alternative();
    let errands = server.errands();
    let schedule = smds::root::Schedule { poll: Duration::from_millis(1), ..errands.schedule };
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(Errands { schedule, ..errands }.run(async move { drop(stopped.await) }));
    server.line.next([Fate::AnswerLost]);
    server.register(&smdp(1), cascaded(1)).await.unwrap_err();
    until(async || server.open_errands().await == 0).await;
    assert_eq!(server.book.records(), []);
    // A Root that never answers does not hold the shutdown up.
    server.line.next([Fate::AnswerLost, Fate::Late]);
    server.register(&smdp(1), cascaded(1)).await.unwrap_err();
    server.line.waiting().await;
    stop.send(()).unwrap();
    running.await.unwrap();
    assert_eq!(server.open_errands().await, 1);
}

#[tokio::test]
async fn what_is_old_is_swept_until_shutdown() {
    let server = Server::alternative_with(|config| config.limits.event_days = Some(1));
    server.register(&smdp(1), cascaded(1)).await.unwrap();
    server.clock.advance_seconds(DAY);
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(keep_swept(
        server.smds.store().clone(),
        server.clock.clone(),
        RetentionPeriods { every: Duration::from_millis(1), ..RetentionPeriods::default() },
        server.smds.metrics().clone(),
        async move { drop(stopped.await) },
    ));
    until(async || server.state(&smdp(1), &event_id(1)).await == Some(EventState::Expired)).await;
    stop.send(()).unwrap();
    running.await.unwrap();
}

#[tokio::test]
async fn sessions_that_nobody_ended_are_removed() {
    let server = Server::root();
    let initiated = server.opened(&Euicc::new(Curve::P256, 1)).await;
    server.clock.advance_seconds(60 * 60);
    server.sweep().await;
    assert!(server.is_open(&initiated.transaction_id).await);
    server.clock.advance_seconds(1);
    server.sweep().await;
    assert!(!server.is_open(&initiated.transaction_id).await);
}

/// SGP.22 §3.6.1 wants EventIDs never reused; who does not keep them for ever takes them again.
#[tokio::test]
async fn an_event_id_is_free_after_as_long_as_those_who_run_the_sm_ds_say() {
    let server = Server::root();
    server.register(&smdp(1), event(1)).await.unwrap();
    server.register(&smdp(1), event(2)).await.unwrap();
    server.delete(&smdp(1), deletion(1)).await.unwrap();
    let periods = RetentionPeriods { ended_events: Some(Duration::from_secs(DAY)), ..Default::default() };
    server.clock.advance_seconds(DAY);
    sweep(server.store(), &*server.clock, &periods).await.unwrap();
    assert_eq!(refused(server.register(&smdp(1), event(1)).await), "8.9.5/3.3");
    server.clock.advance_seconds(1);
    sweep(server.store(), &*server.clock, &periods).await.unwrap();
    assert_eq!(refused(server.register(&smdp(1), event(2)).await), "8.9.5/3.3", "it has not ended");
    server.register(&smdp(1), event(1)).await.unwrap();
    assert_eq!(server.told(&Euicc::new(Curve::P256, 1)).await, ["EVENT-2", "EVENT-1"]);
}
