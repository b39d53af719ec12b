//! SGP.22 §3.6.2, §5.8.2: which events an eUICC is told of.

use std::sync::Arc;

use crypto::Curve;
use protocol::es11::Es11;
use protocol::es12::{Caller, RegisterEvent};
use service::database::postgres::PostgresOptions;
use smds::store::{PostgresStore, Store};

use crate::common::calls::{SMDP_ADDRESS, cascaded, deletion, event, event_id, smdp, smds};
use crate::common::euicc::{Euicc, eid};
use crate::common::line::Fate;
use crate::common::postgres;
use crate::common::server::{Server, refused};

fn euicc() -> Euicc {
    Euicc::new(Curve::P256, 1)
}

fn entry(event_id: &str) -> (String, String) {
    (event_id.to_owned(), SMDP_ADDRESS.to_owned())
}

/// EventID2 of an event of the first SM-DP+.
async fn event_id2(server: &Server, number: u32) -> String {
    let record = server.record(&smdp(1), &event_id(number)).await.unwrap();
    record.forwarded_as.unwrap().to_string()
}

pub async fn events_are_told_in_the_order_of_their_registration<S: Store>(store: Arc<S>) {
    let server = Server::root_on(store, 1, |_| ());
    let order: [(Caller, u32); 6] =
        [(smdp(2), 9), (smdp(1), 5), (smds(3), 7), (smdp(1), 1), (smdp(2), 3), (smdp(1), 8)];
    for (caller, number) in &order {
        server.register(caller, event(*number)).await.unwrap();
        let other = RegisterEvent { eid: eid(2), ..event(number + 100) };
        server.register(caller, other).await.unwrap();
        server.clock.advance_seconds(1);
    }
    let ids = |numbers: &[u32]| numbers.iter().map(|n| format!("EVENT-{n}")).collect::<Vec<_>>();
    assert_eq!(server.told(&euicc()).await, ids(&[9, 5, 7, 1, 3, 8]));
    assert_eq!(server.told(&Euicc::new(Curve::P256, 2)).await, ids(&[109, 105, 107, 101, 103, 108]));
    // The others stay in their order when one goes, and another comes last.
    server.delete(&smds(3), deletion(7)).await.unwrap();
    server.register(&smds(3), event(2)).await.unwrap();
    assert_eq!(server.told(&euicc()).await, ids(&[9, 5, 1, 3, 8, 2]));
}

/// What counts is when the caller came, not when the Root answered.
pub async fn an_event_whose_forwarding_takes_long_keeps_its_place<S: Store>(store: Arc<S>) {
    let server = Server::alternative_on(store, 1, |_| ());
    let caller = smdp(1);
    server.line.next([Fate::Silent]);
    tokio::select! {
        outcome = server.register(&caller, cascaded(9)) => panic!("{outcome:?}"),
        () = server.line.waiting() => {}
    }
    for number in [5, 7] {
        server.register(&caller, cascaded(number)).await.unwrap();
    }
    let first = server.record(&caller, &event_id(9)).await.unwrap();
    server.store().event_forwarded(first.number).await.unwrap();
    assert_eq!(server.told(&euicc()).await, ["EVENT-9", "EVENT-5", "EVENT-7"]);
}

/// The data base may look through its rows in any way that it likes.
#[tokio::test]
async fn the_order_does_not_rest_on_an_index() {
    let Some(database) = postgres::database() else { return };
    for way in ["indexscan", "bitmapscan"] {
        let sql = format!("ALTER DATABASE %I SET enable_{way} = off");
        database.sql(&format!("DO $$ BEGIN EXECUTE format('{sql}', current_database()); END $$"));
    }
    let store = PostgresStore::connect(&database.url, PostgresOptions::default()).await.unwrap();
    an_event_whose_forwarding_takes_long_keeps_its_place(Arc::new(store)).await;
    // Nobody who asks for no order gets this one.
    let unordered = database.sql("SELECT event_id FROM event WHERE ended IS NULL");
    assert_eq!(unordered.lines().collect::<Vec<_>>(), ["EVENT-5", "EVENT-7", "EVENT-9"]);
}

#[tokio::test]
async fn an_euicc_without_events_is_told_so_and_that_is_a_success() {
    let server = Server::root();
    let other = RegisterEvent { eid: eid(2), ..event(1) };
    server.register(&smdp(1), other).await.unwrap();
    assert_eq!(server.ask(&euicc(), None).await.unwrap(), []);
    assert_eq!(server.ask(&euicc(), Some("")).await.unwrap(), []);
}

#[tokio::test]
async fn an_absent_and_an_empty_matching_id_ask_for_all_events() {
    let server = Server::root();
    server.register(&smdp(1), event(1)).await.unwrap();
    server.register(&smdp(1), event(2)).await.unwrap();
    let all = [entry("EVENT-1"), entry("EVENT-2")];
    assert_eq!(server.ask(&euicc(), None).await.unwrap(), all);
    assert_eq!(server.ask(&euicc(), Some("")).await.unwrap(), all);
}

#[tokio::test]
async fn retrieval_removes_nothing() {
    let server = Server::alternative();
    server.register(&smdp(1), cascaded(1)).await.unwrap();
    let before = server.records().await;
    let event_id2 = event_id2(&server, 1).await;
    for _ in 0..3 {
        assert_eq!(server.told(&euicc()).await, ["EVENT-1"]);
        assert_eq!(server.ask(&euicc(), Some(&event_id2)).await.unwrap(), [entry("EVENT-1")]);
    }
    assert_eq!(server.records().await, before);
}

#[tokio::test]
async fn event_id2_finds_event_id1_and_its_address() {
    for curve in Curve::ALL {
        let server = Server::alternative();
        for number in [1, 2, 3] {
            server.register(&smdp(1), cascaded(number)).await.unwrap();
        }
        let event_id2 = event_id2(&server, 2).await;
        assert_eq!(server.ask(&Euicc::new(curve, 1), Some(&event_id2)).await.unwrap(), [entry("EVENT-2")]);
    }
}

#[tokio::test]
async fn an_event_that_was_not_forwarded_is_found_by_its_own_event_id() {
    for server in [Server::root(), Server::alternative()] {
        server.register(&smdp(1), event(1)).await.unwrap();
        server.register(&smdp(1), event(2)).await.unwrap();
        assert_eq!(server.ask(&euicc(), Some("EVENT-2")).await.unwrap(), [entry("EVENT-2")]);
    }
}

#[tokio::test]
async fn an_event_id_that_is_unknown_is_refused() {
    let server = Server::alternative();
    server.register(&smdp(1), event(1)).await.unwrap();
    server.register(&smdp(1), cascaded(2)).await.unwrap();
    let event_id2 = event_id2(&server, 2).await.to_lowercase();
    let long = "EVENT-1".repeat(1000);
    for unknown in
        ["EVENT-3", "EVENT-", "event-1", "EVENT-1 ", "%", "EVENT-_", "' OR 1=1 --", &event_id2, &long]
    {
        assert_eq!(refused(server.ask(&euicc(), Some(unknown)).await), "8.9.5/3.9", "{unknown}");
    }
}

#[tokio::test]
async fn an_event_of_another_euicc_is_refused() {
    let server = Server::alternative();
    server.register(&smdp(1), event(1)).await.unwrap();
    server.register(&smdp(1), cascaded(2)).await.unwrap();
    let event_id2 = event_id2(&server, 2).await;
    let other = Euicc::new(Curve::P256, 2);
    for of_another in ["EVENT-1", "EVENT-2", &event_id2] {
        assert_eq!(refused(server.ask(&other, Some(of_another)).await), "8.9.5/3.9", "{of_another}");
        server.ask(&euicc(), Some(of_another)).await.unwrap();
    }
}

#[tokio::test]
async fn an_event_that_has_ended_is_told_no_more() {
    let server = Server::alternative_with(|config| config.limits.event_days = Some(1));
    for number in [1, 2, 3] {
        server.register(&smdp(1), cascaded(number)).await.unwrap();
    }
    let ids = [event_id2(&server, 1).await, event_id2(&server, 2).await, event_id2(&server, 3).await];
    server.delete(&smdp(1), deletion(1)).await.unwrap();
    let removed = server.record(&smdp(1), &event_id(2)).await.unwrap();
    assert!(server.remove(&removed).await);
    assert_eq!(server.told(&euicc()).await, ["EVENT-3"]);
    server.clock.advance_seconds(24 * 60 * 60);
    for swept in [false, true] {
        if swept {
            server.sweep().await;
        }
        assert_eq!(server.ask(&euicc(), None).await.unwrap(), []);
        for event_id in ids.iter().map(String::as_str).chain(["EVENT-1", "EVENT-2", "EVENT-3"]) {
            assert_eq!(refused(server.ask(&euicc(), Some(event_id)).await), "8.9.5/3.9", "{event_id}");
        }
    }
}

/// What counts is the moment of AuthenticateClient.
#[tokio::test]
async fn what_happens_within_a_session_counts() {
    let server = Server::root_with(|config| config.limits.event_days = Some(1));
    server.register(&smdp(1), event(1)).await.unwrap();
    server.clock.advance_seconds(24 * 60 * 60 - 30);
    server.register(&smdp(1), event(2)).await.unwrap();
    let (all, one) = (server.opened(&euicc()).await, server.opened(&euicc()).await);
    server.register(&smdp(1), event(3)).await.unwrap();
    server.delete(&smdp(1), deletion(2)).await.unwrap();
    server.clock.advance_seconds(30);
    let answer = server.smds.authenticate_client(euicc().authenticate(&all, None)).await.unwrap();
    let told: Vec<_> = answer.event_entries.into_iter().map(|entry| entry.event_id).collect();
    assert_eq!(told, ["EVENT-3"]);
    let expired = euicc().authenticate(&one, Some("EVENT-1"));
    assert_eq!(refused(server.smds.authenticate_client(expired).await), "8.9.5/3.9");
}

/// The Root may have told the LPA of it before it answered here. Nobody else has been told that it is registered.
#[tokio::test]
async fn an_event_that_is_being_forwarded_is_told_by_event_id2_alone() {
    let server = Server::alternative();
    server.line.next([Fate::Silent]);
    let registration = tokio::spawn({
        let smds = server.smds.clone();
        async move {
            let call = crate::common::calls::call(cascaded(1));
            protocol::es12::Es12::register_event(&smds, &smdp(1), call).await
        }
    });
    server.line.waiting().await;
    let event_id2 = server.book.records()[0].event_id.to_string();
    assert_eq!(server.ask(&euicc(), None).await.unwrap(), []);
    assert_eq!(refused(server.ask(&euicc(), Some("EVENT-1")).await), "8.9.5/3.9");
    assert_eq!(server.ask(&euicc(), Some(&event_id2)).await.unwrap(), [entry("EVENT-1")]);
    assert_eq!(refused(server.ask(&Euicc::new(Curve::P256, 2), Some(&event_id2)).await), "8.9.5/3.9");
    registration.abort();
}

#[tokio::test]
async fn events_of_one_name_from_two_callers_are_both_told() {
    let server = Server::root();
    let other = RegisterEvent { rsp_server_address: "other.example.com".parse().unwrap(), ..event(1) };
    server.register(&smdp(1), event(1)).await.unwrap();
    server.register(&smdp(2), other).await.unwrap();
    let both = [entry("EVENT-1"), ("EVENT-1".to_owned(), "other.example.com".to_owned())];
    assert_eq!(server.ask(&euicc(), None).await.unwrap(), both);
}
