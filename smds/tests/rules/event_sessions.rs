//! Every answer of an eUICC at every stage of an RSP session.

use std::sync::Arc;

use asn1::{InitiateAuthenticationOkEs9, Raw, TransactionId};
use crypto::Curve;
use protocol::es11::Es11;
use smds::store::Store;

use crate::common::calls::{event, smdp};
use crate::common::euicc::Euicc;
use crate::common::server::Server;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    /// It was never opened.
    None,
    Opened,
    /// AuthenticateClient was answered.
    Ended,
    /// AuthenticateClient was refused.
    Refused,
    /// It is too old.
    Lapsed,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Answer {
    Good,
    AskingForAnUnknownEvent,
    BadSignature,
}

use Answer::*;

/// What is answered; after each of them the session takes no message any more.
const TABLE: [(Stage, [(Answer, &str); 3]); 5] = [
    (
        Stage::None,
        [(Good, "8.10.1/3.9"), (AskingForAnUnknownEvent, "8.10.1/3.9"), (BadSignature, "8.10.1/3.9")],
    ),
    (Stage::Opened, [(Good, "told"), (AskingForAnUnknownEvent, "8.9.5/3.9"), (BadSignature, "8.1/6.1")]),
    (
        Stage::Ended,
        [(Good, "8.10.1/3.9"), (AskingForAnUnknownEvent, "8.10.1/3.9"), (BadSignature, "8.10.1/3.9")],
    ),
    (
        Stage::Refused,
        [(Good, "8.10.1/3.9"), (AskingForAnUnknownEvent, "8.10.1/3.9"), (BadSignature, "8.10.1/3.9")],
    ),
    (
        Stage::Lapsed,
        [(Good, "8.10.1/3.9"), (AskingForAnUnknownEvent, "8.10.1/3.9"), (BadSignature, "8.10.1/3.9")],
    ),
];

async fn answered<S: Store>(
    server: &Server<S>,
    answer: Answer,
    initiated: &InitiateAuthenticationOkEs9,
) -> String {
    let mut euicc = Euicc::new(Curve::P256, 1);
    if answer == BadSignature {
        euicc.key = Euicc::new(Curve::P256, 2).key;
    }
    let asked_for = (answer == AskingForAnUnknownEvent).then_some("NO-EVENT");
    let outcome = server.smds.authenticate_client(euicc.authenticate(initiated, asked_for)).await;
    match outcome {
        Ok(answer) => {
            assert_eq!(answer.event_entries.len(), 1);
            "told".to_owned()
        }
        Err(refusal) => refusal.code.to_string(),
    }
}

/// Opened at this server. What ends it comes to another, which may be a second node on its store.
async fn session_at<S: Store>(
    server: &Server<S>,
    another: &Server<S>,
    stage: Stage,
) -> InitiateAuthenticationOkEs9 {
    let mut initiated = server.opened(&Euicc::new(Curve::P256, 1)).await;
    match stage {
        Stage::None => {
            let unknown = TransactionId::new([0xEE; 16]).unwrap();
            initiated.transaction_id = unknown.clone();
            let mut signed = initiated.server_signed1.value().clone();
            signed.transaction_id = unknown;
            initiated.server_signed1 = Raw::new(signed);
        }
        Stage::Opened => {}
        Stage::Ended => assert_eq!(answered(another, Good, &initiated).await, "told"),
        Stage::Refused => assert_eq!(answered(another, BadSignature, &initiated).await, "8.1/6.1"),
        Stage::Lapsed => server.clock.advance_seconds(601),
    }
    initiated
}

pub async fn every_answer_at_every_stage_of_a_session<S: Store>(store: Arc<S>) {
    let server = Server::root_on(store.clone(), 1, |_| ());
    let second = Server::root_on(store, 2, |_| ());
    server.register(&smdp(1), event(1)).await.unwrap();
    let before = server.records().await;
    for (another, (stage, cells)) in
        [&server, &second].into_iter().flat_map(|node| TABLE.map(|row| (node, row)))
    {
        for (answer, expected) in cells {
            let initiated = session_at(&server, another, stage).await;
            let other = server.opened(&Euicc::new(Curve::P256, 1)).await;
            let what = format!("{answer:?} at {stage:?}");
            assert_eq!(answered(&server, answer, &initiated).await, expected, "{what}");
            assert_eq!(answered(&server, Good, &initiated).await, "8.10.1/3.9", "again after {what}");
            assert!(server.is_open(&other.transaction_id).await, "{what} ends no other session");
            assert_eq!(server.records().await, before, "{what}");
        }
    }
}
