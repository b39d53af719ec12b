//! The statements that stand beside the functions of `Store`.

mod crowds;
mod ending;
mod errands;
mod forwarding;
mod lists;
mod operation;
mod registration;
mod retrieval;
mod sessions;
mod sweeping;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use asn1::TransactionId;
use certs::{Oid, oid};
use protocol::clock::Timestamp;
use protocol::mutual_authentication::Opened;
use protocol::types::{Eid, EventId};
use smds::domain::{EventNumber, EventRecord, NewEvent, RootDeletion, SessionRecord};
use smds::store::{EventFilter, Registration, Retrieval, Store};

pub use crowds::*;
pub use ending::*;
pub use errands::*;
pub use forwarding::*;
pub use lists::*;
pub use operation::*;
pub use registration::*;
pub use retrieval::*;
pub use sessions::*;
pub use sweeping::*;

/// When everything happens, unless a promise is about time.
pub const NOW: Timestamp = Timestamp::from_unix_millis(1_795_300_000_000);

/// Some milliseconds after [`NOW`], or before.
pub fn later(millis: i64) -> Timestamp {
    Timestamp::from_unix_millis(NOW.unix_millis() + millis)
}

/// Until when the Root SM-DS has time to answer, where a promise says nothing else.
pub const LEASE: i64 = 60_000;

pub fn eid(number: u32) -> Eid {
    Eid::from_bytes(certs::eid::with_check_digits(&format!("89049032{number:022}")).unwrap()).unwrap()
}

pub fn caller(number: u32) -> Oid {
    oid::parse(&format!("2.999.10.{number}")).unwrap()
}

pub fn id(text: &str) -> EventId {
    text.parse().unwrap()
}

/// Event `E-<number>` of the first caller, for the first eUICC.
pub fn event(number: u32) -> NewEvent {
    NewEvent {
        caller: caller(1),
        eid: eid(1),
        event_id: id(&format!("E-{number}")),
        rsp_server_address: format!("smdp{number}.example.com").parse().unwrap(),
        forwarded_as: None,
        at: NOW,
        forward_until: later(LEASE),
        expires: None,
    }
}

/// The same, to be registered at the Root SM-DS as `R-<number>`.
pub fn to_root(number: u32) -> NewEvent {
    NewEvent { forwarded_as: Some(id(&format!("R-{number}"))), ..event(number) }
}

/// Stores an event, and gives its number.
pub async fn add<S: Store>(store: &S, event: NewEvent) -> EventNumber {
    match store.register_event(event).await.unwrap() {
        Registration::Stored(number) => number,
        other => panic!("{other:?}"),
    }
}

/// Stores an event that the Root SM-DS has acknowledged.
pub async fn add_at_root<S: Store>(store: &S, event: NewEvent) -> EventNumber {
    let number = add(store, event).await;
    store.event_forwarded(number).await.unwrap();
    number
}

/// Stores many events, those that wait at the same time in one commit.
pub async fn add_many<S: Store>(store: &Arc<S>, events: Vec<NewEvent>) -> Vec<EventNumber> {
    let add = |event| {
        let store = store.clone();
        tokio::spawn(async move { add(&*store, event).await })
    };
    let mut numbers = Vec::new();
    for task in events.into_iter().map(add).collect::<Vec<_>>() {
        numbers.push(task.await.unwrap());
    }
    numbers
}

pub async fn record<S: Store>(store: &S, number: EventNumber) -> EventRecord {
    store.event(number).await.unwrap().unwrap()
}

pub fn tid(number: u64) -> TransactionId {
    TransactionId::new(number.to_be_bytes().repeat(2)).unwrap()
}

pub fn session(number: u64) -> SessionRecord {
    let opened = Opened {
        server_challenge: vec![7; 16],
        ci: vec![0xC1; 20],
        euicc_ci: vec![3; 20],
        svn: vec![2, 2, 0],
        server_address: "smds.example.com".to_owned(),
    };
    SessionRecord { transaction_id: tid(number), started: NOW, opened }
}

/// A session that nobody else has opened.
pub async fn open<S: Store>(store: &S) -> TransactionId {
    static NUMBER: AtomicU64 = AtomicU64::new(1_000_000);
    let session = session(NUMBER.fetch_add(1, Ordering::Relaxed));
    let transaction_id = session.transaction_id.clone();
    store.open_session(session).await.unwrap();
    transaction_id
}

pub fn asking(eid: Eid, event_id: Option<&str>, now: Timestamp) -> Retrieval {
    Retrieval { eid, event_id: event_id.map(str::to_owned), now }
}

/// What an eUICC is told in a session of its own.
pub async fn told<S: Store>(store: &S, retrieval: Retrieval) -> Vec<EventRecord> {
    let transaction_id = open(store).await;
    store.retrieve_events(transaction_id, retrieval).await.unwrap().unwrap()
}

/// The numbers of these.
pub fn numbers(events: &[EventRecord]) -> Vec<EventNumber> {
    events.iter().map(|event| event.number).collect()
}

/// The first eUICC is told these events: all of its own, or those under an EventID.
pub async fn is_told<S: Store>(store: &S, event_id: Option<&str>, expected: &[EventNumber]) {
    let events = told(store, asking(eid(1), event_id, NOW)).await;
    assert_eq!(numbers(&events), expected, "{event_id:?}");
}

/// The errands that are due at a moment, by their numbers; they stay due.
pub async fn errands<S: Store>(store: &S, at: Timestamp) -> Vec<RootDeletion> {
    let mut errands = store.claim_root_deletions(at, at, u32::MAX).await.unwrap();
    errands.sort_by_key(|errand| errand.number.0);
    errands
}

/// The EventIDs that are to be deleted at the Root SM-DS, whenever.
pub async fn to_be_deleted<S: Store>(store: &S) -> Vec<String> {
    let errands = errands(store, later(i64::from(u32::MAX))).await;
    errands.into_iter().map(|errand| errand.event_id.to_string()).collect()
}

/// Every event.
pub async fn all<S: Store>(store: &S) -> Vec<EventRecord> {
    store.events(EventFilter { limit: u32::MAX, ..EventFilter::default() }).await.unwrap()
}

/// Everything there is, for comparison.
pub async fn everything<S: Store>(store: &S) -> String {
    let mut counts = store.counts().await.unwrap();
    counts.events.sort_by_key(|(state, _)| state.name());
    let mut sessions = String::new();
    for number in 0..20 {
        sessions += &format!("{:?}", store.session(tid(number)).await.unwrap());
    }
    format!("{:?}{counts:?}{sessions}", all(store).await)
}
