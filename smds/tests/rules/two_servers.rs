//! Two SM-DSs of this kind, one the Root of the other, and two that take each other for the Root.

use std::sync::Arc;

use crypto::Curve;
use smds::domain::EventState;
use smds::store::SqliteStore;

use crate::common::calls::{cascaded, deletion, event_id, smdp, smds};
use crate::common::euicc::{Euicc, eid};
use crate::common::line::{Fate, Line};
use crate::common::server::{Server, in_memory};

const ALTERNATIVE: &str = "alternative.example.com";
const ROOT: &str = "root.example.com";

fn euicc() -> Euicc {
    Euicc::new(Curve::P256, 1)
}

/// An SM-DS of this address and number, with a line to another.
fn at(address: &'static str, number: u32) -> Server {
    let configure = move |config: &mut smds::Config| {
        config.address = address.parse().unwrap();
        config.requester = smds(number).oid.to_string();
    };
    Server::alternative_at(in_memory(), number.into(), Line::of(smds(number)), configure)
}

/// An Alternative, and a Root on a store that two nodes could share.
fn alternative_and_root() -> (Server, Server) {
    let alternative = at(ALTERNATIVE, 1);
    let root = Server::root_with(|config| config.address = ROOT.parse().unwrap());
    alternative.line.connect(root.smds.clone());
    (alternative, root)
}

/// What an LPA finds that begins at one of these SM-DSs: EventID and address of each event that is at no SM-DS, and how many
/// SM-DSs it asked.
async fn found(servers: &[&Server], begin: &Server, euicc: &Euicc) -> (Vec<(String, String)>, usize) {
    let (mut found, mut asked) = (Vec::new(), 1);
    let mut waiting = begin.ask(euicc, None).await.unwrap();
    while let Some((event_id, address)) = waiting.pop() {
        match servers.iter().find(|server| server.smds.config().address.as_str() == address) {
            Some(server) => {
                asked += 1;
                assert!(asked < 100, "the LPA is led in circles");
                let told = server.ask(euicc, Some(&event_id)).await.unwrap();
                assert_eq!(told.len(), 1);
                waiting.extend(told);
            }
            None => found.push((event_id, address)),
        }
    }
    (found, asked)
}

fn at_smdp(number: u32) -> (String, String) {
    (format!("EVENT-{number}"), "smdp.example.com".to_owned())
}

#[tokio::test]
async fn the_lpa_comes_from_the_root_by_the_alternative_to_the_sm_dp() {
    let (alternative, root) = alternative_and_root();
    alternative.register(&smdp(1), cascaded(1)).await.unwrap();
    let at_root = root.ask(&euicc(), None).await.unwrap();
    let event_id2 = alternative.record(&smdp(1), &event_id(1)).await.unwrap().forwarded_as.unwrap();
    assert_eq!(at_root, [(event_id2.to_string(), ALTERNATIVE.to_owned())]);
    let at_alternative = alternative.ask(&euicc(), Some(&at_root[0].0)).await.unwrap();
    assert_eq!(at_alternative, [at_smdp(1)]);
    assert_eq!(found(&[&alternative, &root], &root, &euicc()).await, (vec![at_smdp(1)], 2));
    assert_eq!(found(&[&alternative, &root], &root, &Euicc::new(Curve::P256, 2)).await, (vec![], 1));
}

#[tokio::test]
async fn the_root_keeps_the_event_for_the_alternative() {
    let (alternative, root) = alternative_and_root();
    alternative.register(&smdp(1), cascaded(1)).await.unwrap();
    let records = root.records().await;
    assert_eq!(records.len(), 1);
    assert_eq!((&records[0].caller, records[0].eid), (&smds(1).oid, eid(1)));
    assert_eq!(records[0].forwarded_as, None);
    // Not even the SM-DP+ deletes it there.
    let by_event_id2 = protocol::es12::DeleteEvent { eid: eid(1), event_id: records[0].event_id.clone() };
    root.delete(&smdp(1), by_event_id2).await.unwrap_err();
    assert_eq!(root.records().await, records);
}

#[tokio::test]
async fn a_deletion_is_good_at_both() {
    let (alternative, root) = alternative_and_root();
    for number in [1, 2] {
        alternative.register(&smdp(1), cascaded(number)).await.unwrap();
    }
    alternative.delete(&smdp(1), deletion(1)).await.unwrap();
    assert_eq!(found(&[&alternative, &root], &root, &euicc()).await, (vec![at_smdp(2)], 2));
    let states: Vec<_> = root.records().await.into_iter().map(|record| record.state).collect();
    assert_eq!(states, [EventState::Deleted, EventState::Registered]);
}

/// The Root's records have lifetimes of their own.
#[tokio::test]
async fn a_deletion_succeeds_also_after_the_event_has_expired_at_the_root() {
    let alternative = at(ALTERNATIVE, 1);
    let root = Server::root_with(|config| {
        config.address = ROOT.parse().unwrap();
        config.limits.event_days = Some(1);
    });
    alternative.line.connect(root.smds.clone());
    alternative.register(&smdp(1), cascaded(1)).await.unwrap();
    root.clock.advance_seconds(24 * 60 * 60);
    root.sweep().await;
    alternative.delete(&smdp(1), deletion(1)).await.unwrap();
    assert_eq!(alternative.state(&smdp(1), &event_id(1)).await, Some(EventState::Deleted));
}

#[tokio::test]
async fn a_lost_answer_is_made_good_at_both() {
    let (alternative, root) = alternative_and_root();
    alternative.line.next([Fate::AnswerLost]);
    alternative.register(&smdp(1), cascaded(1)).await.unwrap_err();
    alternative.register(&smdp(1), cascaded(1)).await.unwrap();
    alternative.finish_errands().await;
    assert_eq!(found(&[&alternative, &root], &root, &euicc()).await, (vec![at_smdp(1)], 2));
    let states: Vec<_> = root.records().await.into_iter().map(|record| record.state).collect();
    assert_eq!(states, [EventState::Deleted, EventState::Registered]);
}

/// Each of them forwards what SM-DP+s register, and neither what the other does: so an event is at two SM-DSs, never more.
#[tokio::test]
async fn two_that_take_each_other_for_the_root_lead_nobody_in_circles() {
    let (one, other) = (at("one.example.com", 1), at("other.example.com", 2));
    one.line.connect(other.smds.clone());
    other.line.connect(one.smds.clone());
    one.register(&smdp(1), cascaded(1)).await.unwrap();
    other.register(&smdp(1), cascaded(2)).await.unwrap();
    assert_eq!((one.line.counted(), other.line.counted()), ((1, 0), (1, 0)));
    assert_eq!((one.records().await.len(), other.records().await.len()), (2, 2));
    let servers = [&one, &other];
    for begin in servers {
        let (mut events, asked) = found(&servers, begin, &euicc()).await;
        events.sort();
        assert_eq!((events, asked), (vec![at_smdp(1), at_smdp(2)], 2));
    }
    one.delete(&smdp(1), deletion(1)).await.unwrap();
    for begin in servers {
        assert_eq!(found(&servers, begin, &euicc()).await.0, [at_smdp(2)]);
    }
    other.delete(&smdp(1), deletion(2)).await.unwrap();
    for begin in servers {
        assert_eq!(found(&servers, begin, &euicc()).await, (vec![], 1));
    }
    assert_eq!((one.line.counted(), other.line.counted()), ((1, 1), (1, 1)));
}

/// Three in a row: the second is an Alternative of the third, and the Root of the first.
#[tokio::test]
async fn an_event_goes_on_once_in_a_row_of_three() {
    let (first, second) = (at("first.example.com", 1), at("second.example.com", 2));
    let third: Server<SqliteStore> = Server::root_with(|config| config.address = ROOT.parse().unwrap());
    first.line.connect(second.smds.clone());
    second.line.connect(Arc::clone(&third.smds) as _);
    first.register(&smdp(1), cascaded(1)).await.unwrap();
    assert_eq!((second.records().await.len(), third.records().await.len()), (1, 0));
    second.register(&smdp(1), cascaded(2)).await.unwrap();
    assert_eq!((second.records().await.len(), third.records().await.len()), (2, 1));
}
