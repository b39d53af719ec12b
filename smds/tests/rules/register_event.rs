//! SGP.22 §5.9.1, §3.6.1.1.

use std::sync::Arc;

use crypto::Curve;
use protocol::es12::{Es12, RegisterEvent};
use protocol::types::EventId;
use smds::domain::EventState;
use smds::store::Store;

use crate::common::calls::{deletion, event, event_id, named, smdp, smds};
use crate::common::euicc::{Euicc, eid};
use crate::common::server::{ADDRESS, Server, refused};

const DAY: u64 = 24 * 60 * 60;

fn euicc() -> Euicc {
    Euicc::new(Curve::P256, 1)
}

fn at(address: &str, number: u32) -> RegisterEvent {
    RegisterEvent { rsp_server_address: address.parse().unwrap(), ..event(number) }
}

#[tokio::test]
async fn an_event_is_stored_with_the_oid_of_its_caller() {
    for caller in [smdp(1), smds(2)] {
        let server = Server::root();
        server.register(&caller, event(1)).await.unwrap();
        let records = server.records().await;
        assert_eq!(records.len(), 1);
        let record = &records[0];
        assert_eq!((&record.caller, record.eid, &record.event_id), (&caller.oid, eid(1), &event_id(1)));
        assert_eq!(record.rsp_server_address.as_str(), "smdp.example.com");
        assert_eq!((record.state, &record.forwarded_as), (EventState::Registered, &None));
        assert_eq!((record.expires, record.ended), (None, None));
    }
}

#[tokio::test]
async fn an_event_id_is_taken_from_one_caller_once() {
    let server = Server::root();
    server.register(&smdp(1), at("one.example.com", 1)).await.unwrap();
    let before = server.records().await;
    let for_another = RegisterEvent { eid: eid(2), ..event(1) };
    for again in [at("one.example.com", 1), at("other.example.com", 1), for_another] {
        assert_eq!(refused(server.register(&smdp(1), again).await), "8.9.5/3.3");
    }
    assert_eq!(server.records().await, before);
}

/// The caller knows by it that the first has arrived.
#[tokio::test]
async fn the_very_same_call_again_is_refused_too() {
    let server = Server::root();
    let call = named("the-same", event(1));
    server.smds.register_event(&smdp(1), call.clone()).await.unwrap();
    assert_eq!(refused(server.smds.register_event(&smdp(1), call).await), "8.9.5/3.3");
    assert_eq!(server.told(&euicc()).await, ["EVENT-1"]);
}

#[tokio::test]
async fn two_callers_may_have_an_event_of_the_same_name() {
    let server = Server::root();
    for caller in [smdp(1), smdp(2), smds(1)] {
        server.register(&caller, event(1)).await.unwrap();
        assert_eq!(refused(server.register(&caller, event(1)).await), "8.9.5/3.3");
    }
    assert_eq!(server.told(&euicc()).await, ["EVENT-1"; 3]);
}

/// SGP.22 §3.6.1: EventIDs are not reused.
#[tokio::test]
async fn an_event_id_is_never_free_again() {
    let server = Server::root_with(|config| config.limits.event_days = Some(1));
    for number in 1..=3 {
        server.register(&smdp(1), event(number)).await.unwrap();
    }
    server.delete(&smdp(1), deletion(1)).await.unwrap();
    let removed = server.record(&smdp(1), &event_id(2)).await.unwrap();
    assert!(server.remove(&removed).await);
    let still_used = async |number| {
        assert_eq!(refused(server.register(&smdp(1), event(number)).await), "8.9.5/3.3", "{number}");
    };
    still_used(1).await;
    still_used(2).await;
    server.clock.advance_seconds(DAY);
    still_used(3).await;
    server.sweep().await;
    for number in 1..=3 {
        still_used(number).await;
    }
    server.clock.advance_seconds(1000 * DAY);
    server.sweep().await;
    for number in 1..=3 {
        still_used(number).await;
    }
}

#[tokio::test]
async fn an_event_that_would_be_looked_for_here_is_refused_as_malformed() {
    for server in [Server::root(), Server::alternative()] {
        for address in [ADDRESS, "SMDS.example.COM", "smds.example.com:443"] {
            for caller in [smdp(1), smds(2)] {
                for forwarding_indicator in [false, true] {
                    let event = RegisterEvent { forwarding_indicator, ..at(address, 1) };
                    assert_eq!(refused(server.register(&caller, event).await), "1.6/2.1", "{address}");
                }
            }
        }
        assert_eq!(server.records().await, []);
        assert_eq!(server.line.sent(), []);
        // The EventID is free, and another server on the same host is another server.
        server.register(&smdp(1), at("smds.example.com:8443", 1)).await.unwrap();
    }
}

#[tokio::test]
async fn an_event_id_is_any_text_and_is_told_as_it_came() {
    let server = Server::root();
    let texts = ["e", "a b", "'; DROP TABLE event; --", "%_\\\"", "ÄÖ 漢字 🂡", "null", &"x".repeat(255)];
    for text in texts {
        let event_id: EventId = text.parse().unwrap();
        server.register(&smdp(1), RegisterEvent { event_id, ..event(1) }).await.unwrap();
    }
    assert_eq!(server.told(&euicc()).await, texts);
    for text in texts {
        assert_eq!(server.ask(&euicc(), Some(text)).await.unwrap()[0].0, text);
    }
}

#[tokio::test]
async fn an_event_lasts_as_many_days_as_those_who_run_the_sm_ds_say() {
    let server = Server::root_with(|config| config.limits.event_days = Some(30));
    server.register(&smdp(1), event(1)).await.unwrap();
    server.clock.advance_seconds(30 * DAY - 1);
    server.sweep().await;
    assert_eq!(server.told(&euicc()).await, ["EVENT-1"]);
    server.clock.advance_seconds(1);
    assert_eq!(server.told(&euicc()).await, [""; 0]);
    server.sweep().await;
    assert_eq!(server.state(&smdp(1), &event_id(1)).await, Some(EventState::Expired));
}

#[tokio::test]
async fn without_a_lifetime_an_event_lasts() {
    let server = Server::root();
    server.register(&smdp(1), event(1)).await.unwrap();
    server.clock.advance_seconds(100 * 365 * DAY);
    server.sweep().await;
    assert_eq!(server.state(&smdp(1), &event_id(1)).await, Some(EventState::Registered));
}

pub async fn of_many_registrations_at_once_one_is_taken<S: Store>(store: Arc<S>) {
    let nodes = [1, 2].map(|seed| Server::root_on(store.clone(), seed, |_| ()));
    for number in 0..20 {
        let calls = (0..8).map(|caller| {
            let smds = nodes[caller % 2].smds.clone();
            let address = format!("smdp-{caller}.example.com");
            let call = named(&address, at(&address, number));
            tokio::spawn(async move { (address, smds.register_event(&smdp(1), call).await) })
        });
        let mut winners = Vec::new();
        for call in calls.collect::<Vec<_>>() {
            match call.await.unwrap() {
                (address, Ok(())) => winners.push(address),
                (_, Err(refusal)) => assert_eq!(refusal.code.to_string(), "8.9.5/3.3"),
            }
        }
        let record = nodes[0].record(&smdp(1), &event_id(number)).await.unwrap();
        assert_eq!(winners, [record.rsp_server_address.to_string()]);
    }
    assert_eq!(nodes[1].records().await.len(), 20);
}
