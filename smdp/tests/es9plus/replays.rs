//! Messages sent again, and answers of one session sent in another: refused, and no order any different.

use asn1::CancelSessionReason as Reason;
use crypto::Curve;
use protocol::es9plus::Es9Plus;
use smdp::domain::ProfileState;

use crate::common::euicc::{Euicc, client_request, one_time_key, package_request};
use crate::common::orders::{matching_id, order, order_with_code};
use crate::common::server::{Server, refused};

#[tokio::test]
async fn an_answer_to_the_server_is_good_once() {
    for curve in Curve::ALL {
        let server = Server::new();
        let id = server.add(order(1)).await;
        let euicc = Euicc::new(curve, 1);
        let offered = server.offered(&euicc, &matching_id(1)).await;
        let tid = offered.transaction_id();
        let before = server.snapshot(&[tid], &[]).await;
        assert_eq!(refused(server.smdp.authenticate_client(offered.request.clone()).await), "8.10.1/3.9");
        assert_eq!(server.snapshot(&[tid], &[]).await, before);
        // The session that it opened goes on.
        let request = euicc.prepare(&offered.offer, &one_time_key(curve, 1));
        server.smdp.get_bound_profile_package(request).await.unwrap();
        assert_eq!(refused(server.smdp.authenticate_client(offered.request).await), "8.10.1/3.9");
        assert_eq!(server.order(id).await.download_attempts, 1);
    }
}

#[tokio::test]
async fn a_request_for_the_package_is_good_once() {
    for curve in Curve::ALL {
        let server = Server::new();
        let id = server.add(order_with_code(1, "4321")).await;
        let euicc = Euicc::new(curve, 1);
        let offered = server.offered(&euicc, &matching_id(1)).await;
        let tid = offered.transaction_id();
        let request = euicc.prepare_with_code(&offered.offer, &one_time_key(curve, 1), "4321");
        server.smdp.get_bound_profile_package(request.clone()).await.unwrap();
        let before = server.snapshot(&[tid], &[]).await;
        assert_eq!(refused(server.smdp.get_bound_profile_package(request.clone()).await), "8.10.1/3.9");
        assert_eq!(server.snapshot(&[tid], &[]).await, before);
        // The delivery stands, and its result is taken.
        server.smdp.handle_notification(euicc.installed(tid, 1)).await.unwrap();
        assert_eq!(server.state(id).await, ProfileState::Installed);
        assert_eq!(refused(server.smdp.get_bound_profile_package(request).await), "8.10.1/3.9");
        assert_eq!(server.state(id).await, ProfileState::Installed);
    }
}

#[tokio::test]
async fn a_cancellation_is_good_once() {
    for reason in [Reason::POSTPONED, Reason::END_USER_REJECTION] {
        let server = Server::new();
        server.add(order(1)).await;
        let euicc = Euicc::new(Curve::P256, 1);
        let offered = server.offered(&euicc, &matching_id(1)).await;
        let tid = offered.transaction_id();
        let request = euicc.cancel(tid, reason);
        server.smdp.cancel_session(request.clone()).await.unwrap();
        let before = server.snapshot(&[tid], &[]).await;
        assert_eq!(refused(server.smdp.cancel_session(request).await), "8.10.1/3.9");
        assert_eq!(server.snapshot(&[tid], &[]).await, before);
    }
}

#[tokio::test]
async fn the_same_first_message_opens_a_session_of_its_own_each_time() {
    let server = Server::new();
    server.add(order(1)).await;
    let euicc = Euicc::new(Curve::P256, 1);
    let one = server.smdp.initiate_authentication(euicc.initiate()).await.unwrap();
    let other = server.smdp.initiate_authentication(euicc.initiate()).await.unwrap();
    for initiated in [one, other] {
        let request = euicc.authenticate(&initiated, Some(&matching_id(1)));
        assert!(server.smdp.authenticate_client(request).await.is_ok());
    }
}

/// Under the name of session B, what the eUICC signed in session A.
#[tokio::test]
async fn an_answer_to_the_server_from_another_session_is_refused() {
    for curve in Curve::ALL {
        let server = Server::new();
        server.add(order(1)).await;
        let euicc = Euicc::new(curve, 1);
        let (a, b) = (server.opened(&euicc).await, server.opened(&euicc).await);
        let before = server.snapshot(&[&a.transaction_id], &[]).await;
        let mut request = euicc.authenticate(&a, Some(&matching_id(1)));
        request.transaction_id = b.transaction_id.clone();
        assert_eq!(refused(server.smdp.authenticate_client(request).await), "8.10.1/3.9");
        assert_eq!(server.snapshot(&[&a.transaction_id], &[]).await, before);
        // The challenge of A signed under the name of B.
        let b = server.opened(&euicc).await;
        let mut signed = euicc.signed1(&b, Some(&matching_id(1)));
        signed.server_challenge = a.server_signed1.server_challenge;
        let request = client_request(&b.transaction_id, euicc.sign1(signed));
        assert_eq!(refused(server.smdp.authenticate_client(request).await), "8.1/6.1");
        assert_eq!(server.snapshot(&[&a.transaction_id], &[]).await, before);
        assert_eq!(server.stage(&b.transaction_id).await, "ended");
    }
}

#[tokio::test]
async fn a_request_for_the_package_from_another_session_is_refused() {
    for curve in Curve::ALL {
        let server = Server::new();
        let id = server.add(order(1)).await;
        let euicc = Euicc::new(curve, 1);
        let key = one_time_key(curve, 1);
        let a = server.offered(&euicc, &matching_id(1)).await;
        let b = server.offered(&euicc, &matching_id(1)).await;
        // The signature of A covers the offer of A.
        let mut request = euicc.prepare(&a.offer, &key);
        request.transaction_id = b.transaction_id().clone();
        assert_eq!(refused(server.smdp.get_bound_profile_package(request).await), "8.1/6.1");
        // And one that covers the offer of B, but names A.
        let b = server.offered(&euicc, &matching_id(1)).await;
        let answer = euicc.sign2(euicc.signed2(&a.offer, &key), &b.offer.smdp_signature2);
        let request = package_request(b.transaction_id(), answer);
        assert_eq!(refused(server.smdp.get_bound_profile_package(request).await), "8.10.1/3.9");
        let order = server.order(id).await;
        assert_eq!((order.state, order.eid), (ProfileState::Released, None));
        assert_eq!(server.stage(a.transaction_id()).await, "offered");
    }
}

#[tokio::test]
async fn a_cancellation_from_another_session_is_refused() {
    let server = Server::new();
    server.add(order(1)).await;
    server.add(order(2)).await;
    let euicc = Euicc::new(Curve::P256, 1);
    let a = server.offered(&euicc, &matching_id(1)).await;
    let b = server.offered(&euicc, &matching_id(2)).await;
    let sessions = [a.transaction_id(), b.transaction_id()];
    let before = server.snapshot(&sessions, &[]).await;
    let mut request = euicc.cancel(a.transaction_id(), Reason::END_USER_REJECTION);
    request.transaction_id = b.transaction_id().clone();
    assert_eq!(refused(server.smdp.cancel_session(request).await), "8.10.1/3.9");
    assert_eq!(server.snapshot(&sessions, &[]).await, before);
}

/// Two eUICCs, one order each: neither takes the other's session over.
#[tokio::test]
async fn an_euicc_cannot_go_on_in_the_session_of_another() {
    for curve in Curve::ALL {
        let server = Server::new();
        let id = server.add(order(1)).await;
        let (euicc, other) = (Euicc::new(curve, 1), Euicc::new(curve, 2));
        let offered = server.offered(&euicc, &matching_id(1)).await;
        let request = other.prepare(&offered.offer, &one_time_key(curve, 1));
        assert_eq!(refused(server.smdp.get_bound_profile_package(request).await), "8.1/6.1");
        let order = server.order(id).await;
        assert_eq!((order.state, order.eid), (ProfileState::Released, None));

        let delivered = server.delivered(&euicc, &matching_id(1), &one_time_key(curve, 1)).await;
        let before = server.snapshot(&[delivered.transaction_id()], &[&euicc, &other]).await;
        let message = other.installed(delivered.transaction_id(), 1);
        server.smdp.handle_notification(message).await.unwrap();
        let request = other.cancel(delivered.transaction_id(), Reason::END_USER_REJECTION);
        assert_eq!(refused(server.smdp.cancel_session(request).await), "8.1/6.1");
        assert_eq!(server.snapshot(&[delivered.transaction_id()], &[&euicc, &other]).await, before);
    }
}

/// The result of one session under the name of another: it is signed with the name in it.
#[tokio::test]
async fn a_result_counts_for_the_session_it_names_only() {
    let server = Server::new();
    let (one, other) = (server.add(order(1)).await, server.add(order(2)).await);
    let euicc = Euicc::new(Curve::P256, 1);
    let key = one_time_key(Curve::P256, 1);
    let a = server.delivered(&euicc, &matching_id(1), &key).await;
    server.delivered(&euicc, &matching_id(2), &key).await;
    server.smdp.handle_notification(euicc.installed(a.transaction_id(), 1)).await.unwrap();
    assert_eq!(server.state(one).await, ProfileState::Installed);
    assert_eq!(server.state(other).await, ProfileState::Downloaded);
}
