//! Messages sent again, and answers that were given in another session or to another server: refused, and nothing told.

use std::sync::Arc;

use asn1::InitiateAuthenticationOkEs9;
use crypto::Curve;
use protocol::es11::Es11;
use protocol::mutual_authentication::{Chosen, open_session};
use smds::store::Store;

use crate::common::calls::{event, smdp};
use crate::common::euicc::{Euicc, client_request};
use crate::common::pki::authority;
use crate::common::server::{Server, refused};

async fn server() -> Server {
    let server = Server::root();
    server.register(&smdp(1), event(1)).await.unwrap();
    server
}

#[tokio::test]
async fn an_answer_to_the_sm_ds_is_good_once() {
    for curve in Curve::ALL {
        let server = server().await;
        let euicc = Euicc::new(curve, 1);
        let initiated = server.opened(&euicc).await;
        let request = euicc.authenticate(&initiated, None);
        let answer = server.smds.authenticate_client(request.clone()).await.unwrap();
        assert_eq!(answer.event_entries.len(), 1);
        assert_eq!(refused(server.smds.authenticate_client(request).await), "8.10.1/3.9");
        // A new signature does not help either.
        let other = euicc.authenticate(&initiated, Some("EVENT-1"));
        assert_eq!(refused(server.smds.authenticate_client(other).await), "8.10.1/3.9");
    }
}

#[tokio::test]
async fn an_answer_is_good_once_also_where_the_event_that_it_asked_for_is_unknown() {
    let server = server().await;
    let euicc = Euicc::new(Curve::P256, 1);
    let initiated = server.opened(&euicc).await;
    let unknown = euicc.authenticate(&initiated, Some("EVENT-9"));
    assert_eq!(refused(server.smds.authenticate_client(unknown).await), "8.9.5/3.9");
    let known = euicc.authenticate(&initiated, Some("EVENT-1"));
    assert_eq!(refused(server.smds.authenticate_client(known).await), "8.10.1/3.9");
}

pub async fn of_two_answers_at_once_in_one_session_one_is_good<S: Store>(store: Arc<S>) {
    let server = Server::root_on(store, 1, |_| ());
    server.register(&smdp(1), event(1)).await.unwrap();
    let euicc = Euicc::new(Curve::P256, 1);
    for _ in 0..10 {
        let initiated = server.opened(&euicc).await;
        let answers = (0..4).map(|_| {
            let (smds, request) = (server.smds.clone(), euicc.authenticate(&initiated, None));
            tokio::spawn(async move { smds.authenticate_client(request).await })
        });
        let mut good = 0;
        for answer in answers.collect::<Vec<_>>() {
            match answer.await.unwrap() {
                Ok(_) => good += 1,
                Err(refusal) => assert_eq!(refusal.code.to_string(), "8.10.1/3.9"),
            }
        }
        assert_eq!(good, 1);
    }
}

#[tokio::test]
async fn an_answer_of_one_session_is_refused_in_another() {
    for curve in Curve::ALL {
        let server = server().await;
        let euicc = Euicc::new(curve, 1);
        let (one, other) = (server.opened(&euicc).await, server.opened(&euicc).await);
        let answer = euicc.sign1(euicc.signed1(&one, None));
        let crossed = client_request(&other.transaction_id, answer);
        assert_eq!(refused(server.smds.authenticate_client(crossed).await), "8.10.1/3.9");
        // The session that the answer is of goes on; the one in which it came does not.
        assert!(server.is_open(&one.transaction_id).await);
        assert!(!server.is_open(&other.transaction_id).await);
        server.smds.authenticate_client(euicc.authenticate(&one, None)).await.unwrap();
    }
}

#[tokio::test]
async fn the_challenge_of_one_session_is_refused_in_another() {
    let server = server().await;
    let euicc = Euicc::new(Curve::P256, 1);
    let (one, other) = (server.opened(&euicc).await, server.opened(&euicc).await);
    let mut signed = euicc.signed1(&other, None);
    signed.server_challenge = one.server_signed1.server_challenge;
    let request = client_request(&other.transaction_id, euicc.sign1(signed));
    assert_eq!(refused(server.smds.authenticate_client(request).await), "8.1/6.1");
}

#[tokio::test]
async fn an_answer_to_one_sm_ds_is_refused_by_another() {
    let (one, other) = (server().await, Server::root_on(crate::common::server::in_memory(), 2, |_| ()));
    let euicc = Euicc::new(Curve::P256, 1);
    let request = euicc.authenticate(&one.opened(&euicc).await, None);
    other.opened(&euicc).await;
    assert_eq!(refused(other.smds.authenticate_client(request).await), "8.10.1/3.9");
}

/// A session of an SM-DP+: with CERT.DPauth, and whatever name and challenge it likes.
fn session_at_an_smdp(
    euicc: &Euicc,
    address: &str,
    like: &InitiateAuthenticationOkEs9,
) -> InitiateAuthenticationOkEs9 {
    let authority = authority(euicc.curve);
    let chosen = Chosen { identity: &authority.smdp, euicc_ci: authority.ci_id() };
    open_session(
        &address.parse().unwrap(),
        like.transaction_id.clone(),
        *like.server_signed1.server_challenge.bytes(),
        &chosen,
        &euicc.initiate_at(address),
    )
    .unwrap()
    .0
}

/// An SM-DP+ to which an eUICC comes might want to read its events. It opens a session here, and gives its own the same name
/// and challenge.
#[tokio::test]
async fn an_answer_to_an_sm_dp_is_refused() {
    for curve in Curve::ALL {
        let server = server().await;
        let euicc = Euicc::new(curve, 1);
        let ours = server.opened(&Euicc::new(curve, 2)).await;
        let theirs = session_at_an_smdp(&euicc, "smdp.example.com", &ours);
        assert_eq!(theirs.transaction_id, ours.transaction_id);
        let relayed = euicc.authenticate(&theirs, None);
        assert_eq!(refused(server.smds.authenticate_client(relayed).await), "8.1/6.1");

        // With a name of its own it is of no session here, or of another one than it says.
        let mut other = ours.clone();
        other.transaction_id = "00112233445566778899AABBCCDDEEFF".parse().unwrap();
        let theirs = session_at_an_smdp(&euicc, "smdp.example.com", &other);
        let mut relayed = euicc.authenticate(&theirs, None);
        assert_eq!(refused(server.smds.authenticate_client(relayed.clone()).await), "8.10.1/3.9");
        relayed.transaction_id = server.opened(&euicc).await.transaction_id;
        assert_eq!(refused(server.smds.authenticate_client(relayed).await), "8.10.1/3.9");
    }
}
