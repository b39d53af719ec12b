//! A line to the Root SM-DS that loses every second call and every third answer.

use std::collections::BTreeSet;
use std::sync::Arc;

use crypto::Curve;
use protocol::status::Refusal;
use smds::domain::EventState;
use smds::store::Store;

use crate::common::calls::{cascaded, deletion, smdp};
use crate::common::euicc::Euicc;
use crate::common::line::{Fate, Sent};
use crate::common::server::Server;

const EVENTS: u32 = 100;

/// Of the calls that are not lost, every third has no answer.
fn flap(number: usize) -> Fate {
    match number {
        lost if lost % 2 == 1 => Fate::RequestLost,
        answered if answered / 2 % 3 == 2 => Fate::AnswerLost,
        _ => Fate::Answered,
    }
}

/// What a caller does: it tries again as long as the Root is inaccessible.
async fn insist(mut attempt: impl AsyncFnMut() -> Result<(), Refusal>) {
    for _ in 0..20 {
        match attempt().await {
            Ok(()) => return,
            Err(refusal) => assert_eq!(refusal.code.to_string(), "8.9/5.1"),
        }
    }
    panic!("no attempt succeeds");
}

pub async fn a_hundred_events_over_a_line_that_flaps_are_registered_once_and_deleted_once<S: Store>(
    store: Arc<S>,
) {
    let server = Server::alternative_on(store, 1, |_| ());
    server.line.by_number(flap);
    for number in 0..EVENTS {
        insist(async || server.register(&smdp(1), cascaded(number)).await).await;
        server.run_errands().await;
        server.clock.advance_seconds(1);
    }
    server.finish_errands().await;

    // Here and at the Root are the same events, each once, and nothing else.
    let records = server.records().await;
    assert_eq!(records.len(), EVENTS as usize);
    assert!(records.iter().all(|record| record.state == EventState::Registered));
    let here: BTreeSet<_> = records.iter().map(|record| record.forwarded_as.clone().unwrap()).collect();
    let at_root: Vec<_> = server.book.records().into_iter().map(|event| event.event_id).collect();
    assert_eq!(here.into_iter().collect::<Vec<_>>(), at_root);
    let expected: Vec<_> = (0..EVENTS).map(|number| format!("EVENT-{number}")).collect();
    assert_eq!(server.told(&Euicc::new(Curve::P256, 1)).await, expected);

    for number in 0..EVENTS {
        insist(async || server.delete(&smdp(1), deletion(number)).await).await;
    }
    server.finish_errands().await;
    assert_eq!(server.book.records(), []);
    let records = server.records().await;
    assert_eq!(records.len(), EVENTS as usize);
    assert!(records.iter().all(|record| record.state == EventState::Deleted));
    assert_eq!(server.told(&Euicc::new(Curve::P256, 1)).await, [""; 0]);

    // No EventID2 was sent for registration twice, so none can have been registered twice.
    assert!(server.book.refused().iter().all(|code| code == "8.9.5/3.9"));
    let sent = server.line.sent();
    let registrations: Vec<_> =
        sent.iter().filter(|sent| matches!(sent, Sent::Register(..))).map(Sent::event_id).collect();
    let different: BTreeSet<_> = registrations.iter().collect();
    assert_eq!(different.len(), registrations.len());
    assert!(registrations.len() > EVENTS as usize, "the line has flapped");
}
