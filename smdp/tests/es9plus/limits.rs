//! SGP.22 §3.1.3: how often an order may be tried, and how long a session lives.

use asn1::CancelSessionReason;
use crypto::Curve;
use protocol::es9plus::Es9Plus;
use smdp::Limits;
use smdp::domain::ProfileState;
use smdp::store::Store;

use crate::common::euicc::{Euicc, client_error, one_time_key};
use crate::common::orders::{matching_id, order};
use crate::common::server::{Server, refused};

#[tokio::test]
async fn the_attempt_after_the_last_allowed_one_ends_the_order() {
    let server = Server::with(|config| config.limits.download_attempts = 3);
    let id = server.add(order(1)).await;
    let euicc = Euicc::new(Curve::P256, 1);
    for attempt in 1..=3 {
        server.offered(&euicc, &matching_id(1)).await;
        let order = server.order(id).await;
        assert_eq!((order.download_attempts, order.state), (attempt, ProfileState::Released));
    }
    let initiated = server.opened(&euicc).await;
    let request = euicc.authenticate(&initiated, Some(&matching_id(1)));
    assert_eq!(refused(server.smdp.authenticate_client(request).await), "8.8.5/6.4");
    assert_eq!(server.state(id).await, ProfileState::Error);
    assert_eq!(server.stage(&initiated.transaction_id).await, "ended");
    // The order has ended: what comes now is no attempt any more.
    assert_eq!(refused(server.try_offer(&euicc, Some(&matching_id(1))).await), "8.2/1.2");
}

#[tokio::test]
async fn attempts_after_a_delivery_are_counted_too() {
    let server = Server::with(|config| config.limits.download_attempts = 2);
    let id = server.add(order(1)).await;
    let euicc = Euicc::new(Curve::P256, 1);
    for _ in 0..2 {
        server.delivered(&euicc, &matching_id(1), &one_time_key(Curve::P256, 1)).await;
    }
    assert_eq!(refused(server.try_offer(&euicc, Some(&matching_id(1))).await), "8.8.5/6.4");
    assert_eq!(server.state(id).await, ProfileState::Error);
}

#[tokio::test]
async fn an_order_that_has_ended_delivers_nothing_in_sessions_that_are_still_open() {
    let server = Server::with(|config| config.limits.download_attempts = 1);
    let id = server.add(order(1)).await;
    let euicc = Euicc::new(Curve::P256, 1);
    let offered = server.offered(&euicc, &matching_id(1)).await;
    assert_eq!(refused(server.try_offer(&euicc, Some(&matching_id(1))).await), "8.8.5/6.4");
    let request = euicc.prepare(&offered.offer, &one_time_key(Curve::P256, 1));
    assert_eq!(refused(server.smdp.get_bound_profile_package(request).await), "8.2/3.7");
    assert_eq!(server.state(id).await, ProfileState::Error);
    assert!(server.store().bound(id).await.unwrap().is_none());
}

#[tokio::test]
async fn a_refused_euicc_costs_no_attempt() {
    let server = Server::with(|config| config.limits.download_attempts = 1);
    let id = server.add(order(1)).await;
    let euicc = Euicc::new(Curve::P256, 1);
    for _ in 0..3 {
        let initiated = server.opened(&euicc).await;
        let request = client_error(&initiated.transaction_id);
        server.smdp.authenticate_client(request).await.unwrap_err();
    }
    assert_eq!(server.order(id).await.download_attempts, 0);
    assert!(server.try_offer(&euicc, Some(&matching_id(1))).await.is_ok());
}

/// SGP.22 §3.1.3.2 step 8: a wrong confirmation code is mended by another attempt, so the attempts have to suffice.
#[test]
fn the_usual_limits_let_a_user_reach_the_last_confirmation_code() {
    let limits = Limits::default();
    assert!(limits.download_attempts > limits.confirmation_code_attempts + 1, "{limits:?}");
}

#[tokio::test]
async fn a_session_lives_as_long_as_it_is_configured_to_and_no_longer() {
    let server = Server::with(|config| config.limits.session_seconds = 30);
    let id = server.add(order(1)).await;
    let euicc = Euicc::new(Curve::P256, 1);
    let in_time = server.opened(&euicc).await;
    server.clock.advance_seconds(30);
    let request = euicc.authenticate(&in_time, Some(&matching_id(1)));
    let offer = server.smdp.authenticate_client(request).await.unwrap();
    server.clock.advance_millis(1);

    let before = server.snapshot(&[&in_time.transaction_id], &[]).await;
    let request = euicc.prepare(&offer, &one_time_key(Curve::P256, 1));
    assert_eq!(refused(server.smdp.get_bound_profile_package(request).await), "8.10.1/3.9");
    let request = euicc.cancel(&offer.transaction_id, CancelSessionReason::END_USER_REJECTION);
    assert_eq!(refused(server.smdp.cancel_session(request).await), "8.10.1/3.9");
    assert_eq!(server.snapshot(&[&in_time.transaction_id], &[]).await, before);
    assert_eq!(server.state(id).await, ProfileState::Released);

    let late = server.opened(&euicc).await;
    server.clock.advance_millis(30_001);
    let request = euicc.authenticate(&late, Some(&matching_id(1)));
    assert_eq!(refused(server.smdp.authenticate_client(request).await), "8.10.1/3.9");
    assert_eq!(server.order(id).await.download_attempts, 1);
}
