//! SGP.22 §3.6.1.2, §5.10.1: which events go on to the Root SM-DS, and how.

use std::collections::BTreeSet;

use crypto::Curve;
use protocol::es12::RegisterEvent;
use smds::domain::EventState;

use crate::common::calls::{cascaded, event, event_id, smdp, smds};
use crate::common::euicc::{Euicc, eid};
use crate::common::line::Sent;
use crate::common::server::{ADDRESS, Server, in_memory, refused};

#[tokio::test]
async fn the_root_gets_the_eid_the_address_of_this_sm_ds_and_an_event_id_of_its_own() {
    let server = Server::alternative();
    server.register(&smdp(1), cascaded(1)).await.unwrap();
    let record = server.record(&smdp(1), &event_id(1)).await.unwrap();
    assert_eq!(record.state, EventState::Registered);
    assert_eq!(record.rsp_server_address.as_str(), "smdp.example.com");
    let event_id2 = record.forwarded_as.unwrap();
    let sent = server.line.sent();
    let [Sent::Register(header, sent)] = sent.as_slice() else { panic!("{sent:?}") };
    let expected = RegisterEvent {
        eid: eid(1),
        rsp_server_address: ADDRESS.parse().unwrap(),
        event_id: event_id2.clone(),
        forwarding_indicator: false,
    };
    assert_eq!((sent, sent.rsp_server_address.as_str()), (&expected, ADDRESS));
    assert_eq!(header.function_requester_identifier, smds(1).oid.to_string());
    assert_ne!(event_id2, event_id(1));
    assert_eq!(server.open_errands().await, 0);
}

#[tokio::test]
async fn an_event_that_need_not_be_forwarded_is_not() {
    let server = Server::alternative();
    server.register(&smdp(1), event(1)).await.unwrap();
    assert_eq!(server.line.sent(), []);
    assert_eq!(server.record(&smdp(1), &event_id(1)).await.unwrap().forwarded_as, None);
}

#[tokio::test]
async fn a_root_ignores_the_forwarding_indicator() {
    let server = Server::root();
    for caller in [smdp(1), smds(2)] {
        server.register(&caller, cascaded(1)).await.unwrap();
        let record = server.record(&caller, &event_id(1)).await.unwrap();
        assert_eq!((record.state, record.forwarded_as), (EventState::Registered, None));
    }
}

/// SGP.22 §3.6.1.1: for an Alternative SM-DS the one that it calls is the Root, and ignores the indicator.
#[tokio::test]
async fn an_event_of_another_sm_ds_goes_on_nowhere() {
    let server = Server::alternative();
    server.register(&smds(2), cascaded(1)).await.unwrap();
    assert_eq!(server.line.sent(), []);
    let record = server.record(&smds(2), &event_id(1)).await.unwrap();
    assert_eq!((record.state, record.forwarded_as), (EventState::Registered, None));
    assert_eq!(server.told(&Euicc::new(Curve::P256, 1)).await, ["EVENT-1"]);
}

#[tokio::test]
async fn what_is_refused_here_is_not_forwarded() {
    let server = Server::alternative();
    server.register(&smdp(1), cascaded(1)).await.unwrap();
    for again in [cascaded(1), event(1)] {
        assert_eq!(refused(server.register(&smdp(1), again).await), "8.9.5/3.3");
    }
    assert_eq!(server.line.counted(), (1, 0));
    assert_eq!(server.book.records().len(), 1);
}

#[tokio::test]
async fn every_event_has_an_event_id2_of_its_own_that_nobody_can_guess() {
    let mut seen = BTreeSet::new();
    for seed in 0..4 {
        let server = Server::alternative_on(in_memory(), seed, |_| ());
        // The same EventID from every caller, since nothing of what callers say goes into EventID2.
        for caller in 0..50 {
            server.register(&smdp(caller), cascaded(1)).await.unwrap();
        }
        for record in server.book.records() {
            let text = record.event_id.as_str();
            // 20 characters of 5 bits each.
            assert!(
                text.len() >= 20 && text.bytes().all(|b| matches!(b, b'A'..=b'Z' | b'2'..=b'7')),
                "{text}"
            );
            // Neither the whole nor a half of it comes twice: it has no part that counts or that stands still.
            assert!(seen.insert(text[..10].to_owned()) && seen.insert(text[10..].to_owned()), "{text}");
        }
    }
    assert_eq!(seen.len(), 400);
}
