//! SGP.22 §5.6.5, §5.7.14, §3.1.3.1.

use asn1::{
    CancelSessionReason as Reason, CancelSessionRequestEs9, ErrorReason, ObjectIdentifier, TransactionId,
};
use crypto::Curve;
use protocol::es9plus::Es9Plus;
use smdp::domain::{OrderId, ProfileState};
use smdp::store::Store;

use crate::common::euicc::{Euicc, cancel_error, cancel_request, one_time_key};
use crate::common::orders::{matching_id, order};
use crate::common::server::{Offered, Server, refused};

async fn offered(curve: Curve) -> (Server, OrderId, Euicc, Offered) {
    let server = Server::new();
    let id = server.add(order(1)).await;
    let euicc = Euicc::new(curve, 1);
    let offered = server.offered(&euicc, &matching_id(1)).await;
    (server, id, euicc, offered)
}

#[tokio::test]
async fn a_terminal_reason_ends_the_order_and_any_other_keeps_it() {
    let terminal = [
        Reason::END_USER_REJECTION,
        Reason::PPR_NOT_ALLOWED,
        Reason::METADATA_MISMATCH,
        Reason::LOAD_BPP_EXECUTION_ERROR,
        Reason::UNDEFINED_REASON,
        // Reasons that v2.2 does not know, taken like undefinedReason.
        Reason::ENTERPRISE_PROFILES_NOT_SUPPORTED,
        Reason(99),
        Reason(-1),
    ];
    let kept = [Reason::POSTPONED, Reason::TIMEOUT];
    for (reasons, state) in [(&terminal[..], ProfileState::Error), (&kept, ProfileState::Released)] {
        for reason in reasons {
            let (server, id, euicc, offered) = offered(Curve::P256).await;
            let tid = offered.transaction_id();
            server.smdp.cancel_session(euicc.cancel(tid, *reason)).await.unwrap();
            assert_eq!(server.state(id).await, state, "{reason}");
            assert_eq!(server.stage(tid).await, "ended");
            let again = server.try_offer(&euicc, Some(&matching_id(1))).await;
            assert_eq!(again.is_ok(), state == ProfileState::Released, "{reason}");
        }
    }
}

#[tokio::test]
async fn a_session_is_cancelled_on_either_curve() {
    for curve in Curve::ALL {
        let (server, id, euicc, offered) = offered(curve).await;
        let request = euicc.cancel(offered.transaction_id(), Reason::END_USER_REJECTION);
        server.smdp.cancel_session(request).await.unwrap();
        assert_eq!(server.state(id).await, ProfileState::Error);
    }
}

/// SGP.22 §3.1.3.1 also has cancellations after GetBoundProfilePackage. It keeps the order open for a retry then; that a
/// profile was Downloaded is still true.
#[tokio::test]
async fn a_session_may_be_cancelled_after_the_package_was_delivered() {
    let cases = [
        (Reason::POSTPONED, ProfileState::Downloaded),
        (Reason::TIMEOUT, ProfileState::Downloaded),
        (Reason::END_USER_REJECTION, ProfileState::Error),
        (Reason::METADATA_MISMATCH, ProfileState::Error),
    ];
    for (reason, state) in cases {
        let server = Server::new();
        let id = server.add(order(1)).await;
        let euicc = Euicc::new(Curve::P256, 1);
        let key = one_time_key(Curve::P256, 1);
        let delivered = server.delivered(&euicc, &matching_id(1), &key).await;
        let tid = delivered.transaction_id();
        server.smdp.cancel_session(euicc.cancel(tid, reason)).await.unwrap();
        assert_eq!(server.state(id).await, state, "{reason}");
        assert_eq!(server.stage(tid).await, "ended");
        if state == ProfileState::Downloaded {
            server.delivered(&euicc, &matching_id(1), &key).await;
        }
    }
}

/// Refused, and neither order nor session any different: otherwise a forger could end a download.
async fn assert_refused(
    curve: Curve,
    code: &str,
    request: impl FnOnce(&Euicc, &Offered) -> CancelSessionRequestEs9,
) {
    let (server, id, euicc, offered) = offered(curve).await;
    let tid = offered.transaction_id();
    let before = server.snapshot(&[tid], &[]).await;
    assert_eq!(refused(server.smdp.cancel_session(request(&euicc, &offered)).await), code);
    assert_eq!(server.snapshot(&[tid], &[]).await, before);
    let request = euicc.prepare(&offered.offer, &one_time_key(curve, 1));
    server.smdp.get_bound_profile_package(request).await.unwrap();
    assert_eq!(server.state(id).await, ProfileState::Downloaded);
}

#[tokio::test]
async fn an_unknown_transaction_is_refused() {
    let unknown = TransactionId::new([1, 2, 3]).unwrap();
    assert_refused(Curve::P256, "8.10.1/3.9", |euicc, _| euicc.cancel(&unknown, Reason::POSTPONED)).await;
}

#[tokio::test]
async fn a_signature_of_another_euicc_is_refused() {
    for curve in Curve::ALL {
        assert_refused(curve, "8.1/6.1", |_, offered| {
            Euicc::new(curve, 2).cancel(offered.transaction_id(), Reason::END_USER_REJECTION)
        })
        .await;
    }
}

#[tokio::test]
async fn an_euicc_that_did_not_cancel_is_refused() {
    assert_refused(Curve::P256, "8.1/6.1", |_, offered| cancel_error(offered.transaction_id())).await;
}

#[tokio::test]
async fn another_oid_than_that_of_cert_dpauth_is_refused() {
    for curve in Curve::ALL {
        assert_refused(curve, "8.8/3.10", |euicc, offered| {
            let tid = offered.transaction_id();
            let mut signed = euicc.cancel_signed(tid, Reason::END_USER_REJECTION);
            signed.smdp_oid = ObjectIdentifier::new(vec![2, 999, 11]).unwrap();
            cancel_request(tid, euicc.sign_cancel(signed))
        })
        .await;
    }
}

#[tokio::test]
async fn another_transaction_id_within_the_signed_object_is_refused() {
    assert_refused(Curve::P256, "8.10.1/3.9", |euicc, offered| {
        let other = TransactionId::new([7; 16]).unwrap();
        let signed = euicc.cancel_signed(&other, Reason::END_USER_REJECTION);
        cancel_request(offered.transaction_id(), euicc.sign_cancel(signed))
    })
    .await;
}

/// An LPA that cancels after every refusal (they exist) finds no session, and the order survives: SGP.22 §3.1.3.2 step 8
/// wants that another attempt be possible.
#[tokio::test]
async fn a_cancellation_after_a_refusal_finds_no_session_and_the_order_survives() {
    let (server, id, euicc, offered) = offered(Curve::P256).await;
    let tid = offered.transaction_id();
    let request = Euicc::new(Curve::P256, 2).prepare(&offered.offer, &one_time_key(Curve::P256, 1));
    assert_eq!(refused(server.smdp.get_bound_profile_package(request).await), "8.1/6.1");
    let request = euicc.cancel(tid, Reason::END_USER_REJECTION);
    assert_eq!(refused(server.smdp.cancel_session(request).await), "8.10.1/3.9");
    assert_eq!(server.state(id).await, ProfileState::Released);
}

#[tokio::test]
async fn the_cancellation_of_another_euicc_does_not_end_an_order_that_was_delivered() {
    let (server, id, _, theirs) = offered(Curve::P256).await;
    let stranger = Euicc::new(Curve::P256, 1);
    let euicc = Euicc::new(Curve::P256, 2);
    let delivered = server.delivered(&euicc, &matching_id(1), &one_time_key(Curve::P256, 1)).await;
    let before = server.snapshot(&[], &[]).await;
    let request = stranger.cancel(theirs.transaction_id(), Reason::END_USER_REJECTION);
    server.smdp.cancel_session(request).await.unwrap();
    assert_eq!(server.snapshot(&[], &[]).await, before);
    assert_eq!(server.stage(theirs.transaction_id()).await, "ended");
    server.smdp.handle_notification(euicc.installed(delivered.transaction_id(), 1)).await.unwrap();
    assert_eq!(server.state(id).await, ProfileState::Installed);
}

/// SGP.22 §3.1.6: nothing leads from Installed to Error.
#[tokio::test]
async fn a_cancellation_in_an_earlier_session_does_not_end_an_order_whose_profile_is_installed() {
    let (server, id, euicc, earlier) = offered(Curve::P256).await;
    let delivered = server.delivered(&euicc, &matching_id(1), &one_time_key(Curve::P256, 1)).await;
    server.smdp.handle_notification(euicc.installed(delivered.transaction_id(), 1)).await.unwrap();
    let cancel = euicc.cancel(earlier.transaction_id(), Reason::END_USER_REJECTION);
    server.smdp.cancel_session(cancel).await.unwrap();
    assert_eq!(server.state(id).await, ProfileState::Installed);
}

/// LPAs report a failed installation, cancel, and deliver the result afterwards. The result is kept, the end stands.
#[tokio::test]
async fn a_result_after_a_terminal_cancellation_is_kept_and_does_not_change_the_order() {
    for installed in [true, false] {
        let server = Server::new();
        let id = server.add(order(1)).await;
        let euicc = Euicc::new(Curve::P256, 1);
        let delivered = server.delivered(&euicc, &matching_id(1), &one_time_key(Curve::P256, 1)).await;
        let tid = delivered.transaction_id();
        let cancel = euicc.cancel(tid, Reason::LOAD_BPP_EXECUTION_ERROR);
        server.smdp.cancel_session(cancel).await.unwrap();
        let result = match installed {
            true => euicc.installed(tid, 1),
            false => euicc.not_installed(tid, 1, ErrorReason::INVALID_SIGNATURE),
        };
        server.smdp.handle_notification(result).await.unwrap();
        assert_eq!(server.state(id).await, ProfileState::Error);
        assert_eq!(server.store().notifications(euicc.eid).await.unwrap().len(), 1);
    }
}
