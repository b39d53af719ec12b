//! SGP.22 §5.6.4, §3.1.3.3 steps 8 to 10, §3.5. There is no status code to refuse with: all is acknowledged, what
//! cannot be believed has no effect.

use asn1::{
    ErrorReason, NotificationEvent, PendingNotification, ProfileInstallationResult, Raw, SignatureTlv,
};
use crypto::Curve;
use protocol::es9plus::Es9Plus;
use smdp::domain::{OrderId, ProfileState};
use smdp::store::Store;

use crate::common::euicc::{
    Euicc, failure, installation_notification, metadata, notification, one_time_key, success,
};
use crate::common::orders::{matching_id, order};
use crate::common::pki::stranger;
use crate::common::server::{Delivered, Server};

async fn delivered(curve: Curve) -> (Server, OrderId, Euicc, Delivered) {
    let server = Server::new();
    let id = server.add(order(1)).await;
    let euicc = Euicc::new(curve, 1);
    let delivered = server.delivered(&euicc, &matching_id(1), &one_time_key(curve, 1)).await;
    (server, id, euicc, delivered)
}

#[tokio::test]
async fn a_successful_installation_ends_order_and_session() {
    for curve in Curve::ALL {
        let (server, id, euicc, delivered) = delivered(curve).await;
        let message = euicc.installed(delivered.transaction_id(), 5);
        let bytes = message.pending_notification.bytes().to_vec();
        server.smdp.handle_notification(message).await.unwrap();
        assert_eq!(server.state(id).await, ProfileState::Installed);
        assert_eq!(server.stage(delivered.transaction_id()).await, "ended");
        let records = server.store().notifications(euicc.eid).await.unwrap();
        assert_eq!(records.len(), 1);
        assert_eq!((records[0].sequence_number, &records[0].bytes), (5, &bytes));
    }
}

/// SGP.22 v2.2 knows no failure that leaves the order open.
#[tokio::test]
async fn a_failed_installation_ends_the_order_whatever_the_reason() {
    let reasons = ErrorReason::NAMED.iter().copied().chain([ErrorReason(99)]);
    for reason in reasons {
        let (server, id, euicc, delivered) = delivered(Curve::P256).await;
        let message = euicc.not_installed(delivered.transaction_id(), 5, reason);
        server.smdp.handle_notification(message).await.unwrap();
        assert_eq!(server.state(id).await, ProfileState::Error, "{reason}");
        assert_eq!(server.stage(delivered.transaction_id()).await, "ended");
    }
}

#[tokio::test]
async fn a_result_of_an_unknown_session_is_acknowledged_and_changes_nothing() {
    let (server, id, euicc, delivered) = delivered(Curve::P256).await;
    let tid = delivered.transaction_id();
    let before = server.snapshot(&[tid], &[&euicc]).await;
    let message = euicc.installed(&"0102030405060708".parse().unwrap(), 1);
    server.smdp.handle_notification(message).await.unwrap();
    assert_eq!(server.snapshot(&[tid], &[&euicc]).await, before);
    assert_eq!(server.state(id).await, ProfileState::Downloaded);
}

#[tokio::test]
async fn a_result_that_comes_twice_has_its_effect_once() {
    let (server, _, euicc, delivered) = delivered(Curve::P256).await;
    let tid = delivered.transaction_id();
    let message = euicc.installed(tid, 1);
    server.smdp.handle_notification(message.clone()).await.unwrap();
    let before = server.snapshot(&[tid], &[&euicc]).await;
    server.clock.advance_seconds(5);
    server.smdp.handle_notification(message).await.unwrap();
    assert_eq!(server.snapshot(&[tid], &[&euicc]).await, before);
}

/// An eUICC reports once; the first report stands (SGP.22 §3.1.6 leads from neither end anywhere).
#[tokio::test]
async fn a_second_result_of_a_session_does_not_change_what_the_first_said() {
    for success_first in [true, false] {
        let (server, id, euicc, delivered) = delivered(Curve::P256).await;
        let tid = delivered.transaction_id();
        let good = euicc.installed(tid, if success_first { 1 } else { 2 });
        let bad = euicc.not_installed(tid, if success_first { 2 } else { 1 }, ErrorReason::INVALID_SIGNATURE);
        let (first, second) = if success_first { (good, bad) } else { (bad, good) };
        server.smdp.handle_notification(first).await.unwrap();
        let state = server.state(id).await;
        server.smdp.handle_notification(second).await.unwrap();
        assert_eq!(server.state(id).await, state);
        assert_eq!(state, if success_first { ProfileState::Installed } else { ProfileState::Error });
    }
}

#[tokio::test]
async fn a_forged_result_is_acknowledged_and_changes_nothing() {
    for curve in Curve::ALL {
        for result in [success(), failure(ErrorReason::INVALID_SIGNATURE)] {
            let (server, id, euicc, delivered) = delivered(curve).await;
            let tid = delivered.transaction_id();
            let before = server.snapshot(&[tid], &[&euicc]).await;
            let data = Raw::new(euicc.installation(tid, 1, result));
            let by_another = Euicc::new(curve, 2).sign_installation(data.clone());
            let without_tag = asn1::tlv::read(data.bytes()).unwrap().0.value.to_vec();
            let over_the_value = ProfileInstallationResult {
                euicc_sign_pir: euicc.sign(&without_tag),
                ..euicc.sign_installation(data.clone())
            };
            let unsigned = ProfileInstallationResult {
                euicc_sign_pir: SignatureTlv::new(vec![]).unwrap(),
                ..euicc.sign_installation(data)
            };
            for forged in [by_another, over_the_value, unsigned] {
                server.smdp.handle_notification(installation_notification(forged)).await.unwrap();
                assert_eq!(server.snapshot(&[tid], &[&euicc]).await, before);
            }
            assert_eq!(server.state(id).await, ProfileState::Downloaded);
            // The true one is still believed.
            server.smdp.handle_notification(euicc.installed(tid, 1)).await.unwrap();
            assert_eq!(server.state(id).await, ProfileState::Installed);
        }
    }
}

#[tokio::test]
async fn a_result_of_a_session_that_got_no_package_does_not_change_the_order() {
    let server = Server::new();
    let id = server.add(order(1)).await;
    let euicc = Euicc::new(Curve::P256, 1);
    let opened = server.opened(&euicc).await.transaction_id;
    let offered = server.offered(&euicc, &matching_id(1)).await;
    for (number, tid) in [(1, &opened), (3, offered.transaction_id())] {
        server.smdp.handle_notification(euicc.installed(tid, number)).await.unwrap();
        let failed = euicc.not_installed(tid, number + 1, ErrorReason::INVALID_SIGNATURE);
        server.smdp.handle_notification(failed).await.unwrap();
        assert_eq!(server.state(id).await, ProfileState::Released);
    }
}

/// A session that was offered the profile but did not get it has nothing to report, whoever got it since.
#[tokio::test]
async fn a_result_of_another_session_does_not_change_an_order_that_was_delivered() {
    let server = Server::new();
    let id = server.add(order(1)).await;
    let (euicc, other) = (Euicc::new(Curve::P256, 1), Euicc::new(Curve::P256, 2));
    let own_earlier = server.offered(&euicc, &matching_id(1)).await;
    let foreign = server.offered(&other, &matching_id(1)).await;
    let delivered = server.delivered(&euicc, &matching_id(1), &one_time_key(Curve::P256, 1)).await;
    for (euicc, tid) in [(&euicc, own_earlier.transaction_id()), (&other, foreign.transaction_id())] {
        server.smdp.handle_notification(euicc.installed(tid, 1)).await.unwrap();
        let failed = euicc.not_installed(tid, 2, ErrorReason::INVALID_SIGNATURE);
        server.smdp.handle_notification(failed).await.unwrap();
        assert_eq!(server.state(id).await, ProfileState::Downloaded);
    }
    server.smdp.handle_notification(euicc.installed(delivered.transaction_id(), 3)).await.unwrap();
    assert_eq!(server.state(id).await, ProfileState::Installed);
}

/// SGP.22 §3.1.6: nothing leads from Error to Installed.
#[tokio::test]
async fn a_result_does_not_wake_an_order_that_ended_in_another_session() {
    let (server, id, euicc, delivered) = delivered(Curve::P256).await;
    let later = server.offered(&euicc, &matching_id(1)).await;
    let cancel = euicc.cancel(later.transaction_id(), asn1::CancelSessionReason::END_USER_REJECTION);
    server.smdp.cancel_session(cancel).await.unwrap();
    assert_eq!(server.state(id).await, ProfileState::Error);
    server.smdp.handle_notification(euicc.installed(delivered.transaction_id(), 1)).await.unwrap();
    assert_eq!(server.state(id).await, ProfileState::Error);
}

/// The result comes when the device has a network again, and the session is the only way to its key.
#[tokio::test]
async fn a_result_that_comes_long_after_the_session_lapsed_still_counts() {
    let (server, id, euicc, delivered) = delivered(Curve::P256).await;
    server.clock.advance_seconds(400 * 86_400);
    server.smdp.handle_notification(euicc.installed(delivered.transaction_id(), 1)).await.unwrap();
    assert_eq!(server.state(id).await, ProfileState::Installed);
}

#[tokio::test]
async fn the_result_of_one_order_leaves_other_orders_of_the_euicc_alone() {
    let server = Server::new();
    let one = server.add(order(1)).await;
    let other = server.add(order(2)).await;
    let euicc = Euicc::new(Curve::P256, 1);
    let key = one_time_key(Curve::P256, 1);
    let first = server.delivered(&euicc, &matching_id(1), &key).await;
    server.delivered(&euicc, &matching_id(2), &key).await;
    server.smdp.handle_notification(euicc.installed(first.transaction_id(), 1)).await.unwrap();
    assert_eq!(server.state(one).await, ProfileState::Installed);
    assert_eq!(server.state(other).await, ProfileState::Downloaded);
}

#[tokio::test]
async fn other_notifications_are_kept_by_euicc_and_number() {
    let events = [
        NotificationEvent::INSTALL,
        NotificationEvent::ENABLE,
        NotificationEvent::DISABLE,
        NotificationEvent::DELETE,
    ];
    for curve in Curve::ALL {
        let server = Server::new();
        let euicc = Euicc::new(curve, 1);
        let mut sent = Vec::new();
        for (number, event) in [9, 3, 70, 4].into_iter().zip(events) {
            let message = notification(euicc.other_notification(metadata(number, event)));
            sent.push((number, message.pending_notification.bytes().to_vec()));
            server.smdp.handle_notification(message).await.unwrap();
        }
        sent.sort();
        let kept = server.store().notifications(euicc.eid).await.unwrap();
        let kept: Vec<_> = kept.into_iter().map(|record| (record.sequence_number, record.bytes)).collect();
        assert_eq!(kept, sent);
        assert!(server.store().notifications(Euicc::new(curve, 2).eid).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_repeated_notification_is_acknowledged_and_changes_nothing() {
    let server = Server::new();
    let euicc = Euicc::new(Curve::P256, 1);
    let first = notification(euicc.other_notification(metadata(1, NotificationEvent::ENABLE)));
    server.smdp.handle_notification(first.clone()).await.unwrap();
    let before = server.snapshot(&[], &[&euicc]).await;
    server.smdp.handle_notification(first).await.unwrap();
    assert_eq!(server.snapshot(&[], &[&euicc]).await, before);
    // A card of a laboratory that is made anew has the same EID and begins to count anew.
    let made_anew = notification(euicc.other_notification(metadata(1, NotificationEvent::DELETE)));
    server.smdp.handle_notification(made_anew).await.unwrap();
    assert_eq!(server.store().notifications(euicc.eid).await.unwrap().len(), 2);
    // The number of one eUICC says nothing about another's.
    let other = Euicc::new(Curve::P256, 2);
    let message = notification(other.other_notification(metadata(1, NotificationEvent::ENABLE)));
    server.smdp.handle_notification(message).await.unwrap();
    assert_eq!(server.store().notifications(other.eid).await.unwrap().len(), 1);
}

#[tokio::test]
async fn another_notification_that_is_not_authentic_is_acknowledged_and_forgotten() {
    for curve in Curve::ALL {
        let server = Server::new();
        let euicc = Euicc::new(curve, 1);
        let good = euicc.other_notification(metadata(1, NotificationEvent::ENABLE));
        let mut wrong_key = good.clone();
        wrong_key.euicc_notification_signature =
            Euicc::new(curve, 2).sign(good.tbs_other_notification.bytes());
        let mut wrong_text = good.clone();
        wrong_text.tbs_other_notification = Raw::new(metadata(2, NotificationEvent::ENABLE));
        let mut wrong_certificate = good.clone();
        wrong_certificate.euicc_certificate = Euicc::new(curve, 2).certificate;
        let mut no_certificate = good.clone();
        no_certificate.eum_certificate = asn1::Certificate::from_der(&[0x30, 0]).unwrap();
        let untrusted =
            Euicc::of(&stranger(curve), 1).other_notification(metadata(1, NotificationEvent::ENABLE));
        for message in [wrong_key, wrong_text, wrong_certificate, no_certificate, untrusted] {
            server.smdp.handle_notification(notification(message)).await.unwrap();
            assert!(server.store().notifications(euicc.eid).await.unwrap().is_empty());
        }
        server.smdp.handle_notification(notification(good)).await.unwrap();
        assert_eq!(server.store().notifications(euicc.eid).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn the_notification_of_an_installation_changes_no_order() {
    let (server, id, euicc, delivered) = delivered(Curve::P256).await;
    let message = notification(euicc.other_notification(metadata(1, NotificationEvent::INSTALL)));
    assert!(matches!(message.pending_notification.value(), PendingNotification::OtherSignedNotification(_)));
    server.smdp.handle_notification(message).await.unwrap();
    assert_eq!(server.state(id).await, ProfileState::Downloaded);
    assert_eq!(server.stage(delivered.transaction_id()).await, "delivered");
}

/// The counter of an eUICC is an INTEGER without a bound in SGP.22 §5.7.9.
#[tokio::test]
async fn the_largest_sequence_number_is_kept_as_it_is() {
    let server = Server::new();
    let euicc = Euicc::new(Curve::P256, 1);
    for number in [u64::MAX, i64::MAX as u64, 0, i64::MAX as u64 + 1] {
        let message = notification(euicc.other_notification(metadata(number, NotificationEvent::ENABLE)));
        server.smdp.handle_notification(message).await.unwrap();
    }
    let kept = server.store().notifications(euicc.eid).await.unwrap();
    let kept: Vec<u64> = kept.iter().map(|record| record.sequence_number).collect();
    assert_eq!(kept, [0, i64::MAX as u64, i64::MAX as u64 + 1, u64::MAX]);
}

/// SGP.22 §3.1.3.3 step 8: the result ends the order, whatever the LPA said before.
#[tokio::test]
async fn a_result_after_a_postponed_delivery_still_counts_and_after_a_rejected_one_does_not() {
    use asn1::CancelSessionReason as Reason;
    for (reason, expected) in [
        (Reason::POSTPONED, ProfileState::Installed),
        (Reason::TIMEOUT, ProfileState::Installed),
        (Reason::END_USER_REJECTION, ProfileState::Error),
    ] {
        let (server, id, euicc, delivered) = delivered(Curve::P256).await;
        let transaction_id = delivered.transaction_id();
        server.smdp.cancel_session(euicc.cancel(transaction_id, reason)).await.unwrap();
        server.smdp.handle_notification(euicc.installed(transaction_id, 1)).await.unwrap();
        assert_eq!(server.state(id).await, expected, "{reason}");
    }
}
