//! SGP.22 §5.6.3, §3.1.3 step 3: which order is meant.

use asn1::ErrorReason;
use crypto::Curve;
use protocol::clock::Clock;
use protocol::clock::Timestamp;
use protocol::es9plus::Es9Plus;
use smdp::domain::{NewOrder, ProfileState};
use smdp::store::Store;

use crate::common::euicc::{Euicc, eid, one_time_key};
use crate::common::orders::{default_order, iccid, matching_id, order, order_for};
use crate::common::pki::NOW;
use crate::common::server::{Server, refused};

fn euicc() -> Euicc {
    Euicc::new(Curve::P256, 1)
}

/// An authentic eUICC asks; refused with this code, and no order is touched.
async fn assert_refused(orders: Vec<NewOrder>, matching_id: Option<&str>, code: &str) {
    let server = Server::new();
    server.store().add_orders(server.clock.now(), orders).await.unwrap();
    let before = server.snapshot(&[], &[]).await;
    let euicc = euicc();
    let initiated = server.opened(&euicc).await;
    let request = euicc.authenticate(&initiated, matching_id);
    assert_eq!(refused(server.smdp.authenticate_client(request).await), code, "{matching_id:?}");
    assert_eq!(server.snapshot(&[], &[]).await, before);
    assert_eq!(server.stage(&initiated.transaction_id).await, "ended");
}

/// An authentic eUICC asks, and is offered the order with this number.
async fn assert_offered(orders: Vec<NewOrder>, matching_id: Option<&str>, number: u32) {
    let server = Server::new();
    server.store().add_orders(server.clock.now(), orders).await.unwrap();
    let offer = server.try_offer(&euicc(), matching_id).await.unwrap();
    assert_eq!(offer.profile_metadata.iccid, iccid(number), "{matching_id:?}");
}

#[tokio::test]
async fn an_order_linked_to_the_eid_is_offered_for_its_matching_id() {
    assert_offered(vec![order(1), order_for(2, eid(1))], Some(&matching_id(2)), 2).await;
}

#[tokio::test]
async fn an_order_linked_to_the_eid_is_offered_when_no_matching_id_is_given() {
    for absent in [None, Some("")] {
        assert_offered(vec![order(1), order_for(2, eid(1))], absent, 2).await;
    }
}

#[tokio::test]
async fn an_order_without_a_matching_id_is_offered_to_its_eid() {
    for absent in [None, Some("")] {
        let orders = vec![order(1), default_order(2, eid(2)), default_order(3, eid(1))];
        assert_offered(orders, absent, 3).await;
    }
}

#[tokio::test]
async fn an_order_linked_to_nobody_is_offered_for_its_matching_id() {
    assert_offered(vec![order(1), order(2)], Some(&matching_id(2)), 2).await;
}

/// SGP.22 §3.1.3 asks that the order of the MatchingID be linked to nobody else, §5.6.3 by the letter that it be the
/// one of the EID. The letter would let a download that was cut off bar its eUICC from all other activation codes.
#[tokio::test]
async fn an_order_linked_to_nobody_is_offered_also_to_an_euicc_that_another_order_waits_for() {
    assert_offered(vec![order_for(1, eid(1)), order(2)], Some(&matching_id(2)), 2).await;
}

#[tokio::test]
async fn a_matching_id_of_no_order_is_refused_whether_or_not_an_order_waits_for_the_eid() {
    for orders in [vec![], vec![order(1)], vec![order_for(1, eid(1))], vec![default_order(1, eid(1))]] {
        for unknown in
            ["ORDER-9", "order-1", "ORDER-1 ", "ORDER_1", "'; DROP TABLE download_order; --", "é\u{0}"]
        {
            assert_refused(orders.clone(), Some(unknown), "8.2.6/3.8").await;
        }
    }
}

#[tokio::test]
async fn an_order_linked_to_another_eid_is_refused() {
    assert_refused(vec![order_for(1, eid(2))], Some(&matching_id(1)), "8.1.1/3.8").await;
    assert_refused(vec![order_for(1, eid(2)), order_for(2, eid(1))], Some(&matching_id(1)), "8.1.1/3.8")
        .await;
}

#[tokio::test]
async fn an_euicc_that_no_order_waits_for_has_to_give_a_matching_id() {
    for absent in [None, Some("")] {
        for orders in [vec![], vec![order(1)], vec![order_for(1, eid(2)), default_order(2, eid(3))]] {
            assert_refused(orders, absent, "8.1.1/3.8").await;
        }
    }
}

#[tokio::test]
async fn an_installed_profile_is_not_offered_again() {
    for curve in Curve::ALL {
        let server = Server::new();
        let id = server.add(order(1)).await;
        let euicc = Euicc::new(curve, 1);
        let delivered = server.delivered(&euicc, &matching_id(1), &one_time_key(curve, 1)).await;
        let installed = euicc.installed(delivered.transaction_id(), 1);
        server.smdp.handle_notification(installed).await.unwrap();
        assert_eq!(server.state(id).await, ProfileState::Installed);
        let before = server.snapshot(&[], &[]).await;
        assert_eq!(refused(server.try_offer(&euicc, Some(&matching_id(1))).await), "8.2/1.2");
        assert_eq!(refused(server.try_offer(&euicc, None).await), "8.1.1/3.8");
        assert_eq!(server.snapshot(&[], &[]).await, before);
    }
}

#[tokio::test]
async fn a_profile_that_failed_is_not_offered_again() {
    let server = Server::new();
    let id = server.add(order(1)).await;
    let euicc = euicc();
    let delivered = server.delivered(&euicc, &matching_id(1), &one_time_key(Curve::P256, 1)).await;
    let failed = euicc.not_installed(delivered.transaction_id(), 1, ErrorReason::INVALID_SIGNATURE);
    server.smdp.handle_notification(failed).await.unwrap();
    assert_eq!(server.state(id).await, ProfileState::Error);
    assert_eq!(refused(server.try_offer(&euicc, Some(&matching_id(1))).await), "8.2/1.2");
    assert_eq!(refused(server.try_offer(&euicc, None).await), "8.1.1/3.8");
}

#[tokio::test]
async fn a_downloaded_profile_without_a_result_is_offered_again_to_its_euicc_only() {
    let server = Server::new();
    server.add(order(1)).await;
    let euicc = euicc();
    server.delivered(&euicc, &matching_id(1), &one_time_key(Curve::P256, 1)).await;
    for matching in [Some("ORDER-1"), None, Some("")] {
        assert!(server.try_offer(&euicc, matching).await.is_ok());
    }
    let other = Euicc::new(Curve::P256, 2);
    assert_eq!(refused(server.try_offer(&other, Some("ORDER-1")).await), "8.1.1/3.8");
}

#[tokio::test]
async fn an_order_ends_at_its_time_and_not_before() {
    let server = Server::new();
    let expires = Some(Timestamp::from_unix_seconds(NOW + 60));
    let id = server.add(NewOrder { expires, ..order(1) }).await;
    let euicc = euicc();
    server.clock.advance_millis(59_999);
    server.offered(&euicc, "ORDER-1").await;
    server.clock.advance_millis(1);
    let before = server.snapshot(&[], &[]).await;
    assert_eq!(refused(server.try_offer(&euicc, Some("ORDER-1")).await), "8.8.5/4.10");
    assert_eq!(server.snapshot(&[], &[]).await, before);
    assert_eq!(server.order(id).await.download_attempts, 1);
}

/// SGP.22 §5.6.3: without a MatchingID any pending order of the EID will do; one that has expired is not pending.
#[tokio::test]
async fn an_expired_order_does_not_hide_another_one_of_the_same_euicc() {
    let expires = Some(Timestamp::from_unix_seconds(NOW - 1));
    let expired = NewOrder { expires, ..default_order(1, eid(1)) };
    assert_offered(vec![expired.clone(), default_order(2, eid(1))], None, 2).await;
    assert_offered(vec![expired.clone(), order_for(2, eid(1))], Some(""), 2).await;
    assert_refused(vec![expired], None, "8.8.5/4.10").await;
}
