//! A bit that changed on the way: whatever it was in, what arrives is refused.
//!
//! A change either breaks the encoding, so that there is no message, or it is covered by one of the signatures. The
//! verifying functions are called directly here, since a refusal would end the session of each try.

use asn1::{
    AuthenticateServerResponse, CancelSessionReason, CancelSessionResponse, PendingNotification,
    PrepareDownloadResponse, Raw, TransactionId,
};
use crypto::{Curve, Engine};
use protocol::es9plus::Es9Plus;
use protocol::mutual_authentication;
use protocol::mutual_authentication::Opened;
use protocol::smdp_session::{self, Offered, Stage};
use protocol::trace::{Actor, Tracer};
use smdp::domain::ProfileState;
use smdp::store::Store;

use crate::common::euicc::{
    Euicc, metadata, notification, one_time_key, raw_cancel_request, raw_client_request, raw_package_request,
};
use crate::common::orders::{matching_id, order};
use crate::common::pki::{NOW, authority};
use crate::common::server::{Server, identities};

/// Every change of one bit; brainpool is slow, so every so manieth there. The steps are coprime to 8.
fn each_flipped(curve: Curve, bytes: &[u8], mut see: impl FnMut(usize, Vec<u8>)) {
    let step = match curve {
        Curve::P256 => 13,
        Curve::BrainpoolP256r1 => 61,
    };
    for bit in (0..bytes.len() * 8).step_by(step) {
        let mut changed = bytes.to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        see(bit, changed);
    }
}

fn off() -> Tracer {
    Tracer::off(Actor::Smdp)
}

async fn opened(server: &Server, tid: &TransactionId) -> Opened {
    match server.store().session(tid.clone()).await.unwrap().unwrap().stage {
        Stage::Opened(opened) => opened,
        other => panic!("{}", other.name()),
    }
}

async fn offered(server: &Server, tid: &TransactionId) -> Offered {
    match server.store().session(tid.clone()).await.unwrap().unwrap().stage {
        Stage::Offered(offered) | Stage::Delivered(offered) => offered,
        other => panic!("{}", other.name()),
    }
}

#[tokio::test]
async fn no_bit_of_the_answer_to_the_server_may_change() {
    for curve in Curve::ALL {
        let server = Server::new();
        let euicc = Euicc::new(curve, 1);
        let initiated = server.opened(&euicc).await;
        let tid = &initiated.transaction_id;
        let opened = opened(&server, tid).await;
        let good = euicc.authenticate(&initiated, Some("M")).authenticate_server_response;
        let now = protocol::clock::Timestamp::from_unix_seconds(NOW);
        let identities = identities();
        let verify = |response| {
            let request = raw_client_request(tid, response);
            mutual_authentication::verify_client(&identities, &opened, &request, now, &off()).is_ok()
        };
        assert!(verify(good.clone()));
        each_flipped(curve, good.bytes(), |bit, changed| {
            if let Ok(response) = Raw::<AuthenticateServerResponse>::from_der(&changed) {
                assert!(!verify(response), "{curve}: bit {bit}");
            }
        });
    }
}

#[tokio::test]
async fn no_bit_of_the_request_for_the_package_may_change() {
    for curve in Curve::ALL {
        let server = Server::new();
        server.add(order(1)).await;
        let euicc = Euicc::new(curve, 1);
        let session = server.offered(&euicc, &matching_id(1)).await;
        let tid = session.transaction_id();
        let offered = offered(&server, tid).await;
        let request = euicc.prepare_with_code(&session.offer, &one_time_key(curve, 1), "4321");
        let good = request.prepare_download_response;
        let verify = |response| {
            let request = raw_package_request(tid, response);
            smdp_session::verify_prepare_download(&offered, &request, Engine::AwsLc, &off()).is_ok()
        };
        assert!(verify(good.clone()));
        each_flipped(curve, good.bytes(), |bit, changed| {
            if let Ok(response) = Raw::<PrepareDownloadResponse>::from_der(&changed) {
                assert!(!verify(response), "{curve}: bit {bit}");
            }
        });
    }
}

#[tokio::test]
async fn no_bit_of_a_cancellation_may_change() {
    for curve in Curve::ALL {
        let server = Server::new();
        server.add(order(1)).await;
        let euicc = Euicc::new(curve, 1);
        let session = server.offered(&euicc, &matching_id(1)).await;
        let tid = session.transaction_id();
        let client = offered(&server, tid).await.client;
        let identity = &authority(curve).server;
        let good = euicc.cancel(tid, CancelSessionReason::POSTPONED).cancel_session_response;
        let verify = |response| {
            let request = raw_cancel_request(tid, response);
            smdp_session::verify_cancel_session(identity, &client, &request, Engine::AwsLc, &off()).is_ok()
        };
        assert!(verify(good.clone()));
        each_flipped(curve, good.bytes(), |bit, changed| {
            if let Ok(response) = Raw::<CancelSessionResponse>::from_der(&changed) {
                assert!(!verify(response), "{curve}: bit {bit}");
            }
        });
    }
}

#[tokio::test]
async fn no_bit_of_an_installation_result_may_change() {
    for curve in Curve::ALL {
        let server = Server::new();
        let id = server.add(order(1)).await;
        let euicc = Euicc::new(curve, 1);
        let delivered = server.delivered(&euicc, &matching_id(1), &one_time_key(curve, 1)).await;
        let tid = delivered.transaction_id();
        let before = server.snapshot(&[tid], &[&euicc]).await;
        let good = euicc.installed(tid, 1);
        let mut changes = Vec::new();
        each_flipped(curve, good.pending_notification.bytes(), |_, changed| changes.push(changed));
        for changed in changes {
            if let Ok(pending_notification) = Raw::<PendingNotification>::from_der(&changed) {
                let message = asn1::HandleNotification { pending_notification, unknown: Default::default() };
                server.smdp.handle_notification(message).await.unwrap();
            }
        }
        assert_eq!(server.snapshot(&[tid], &[&euicc]).await, before);
        server.smdp.handle_notification(good).await.unwrap();
        assert_eq!(server.state(id).await, ProfileState::Installed);
    }
}

#[tokio::test]
async fn no_bit_of_another_notification_may_change() {
    for curve in Curve::ALL {
        let server = Server::new();
        let euicc = Euicc::new(curve, 1);
        let other = euicc.other_notification(metadata(1, asn1::NotificationEvent::ENABLE));
        let good = notification(other);
        let mut changes = Vec::new();
        each_flipped(curve, good.pending_notification.bytes(), |_, changed| changes.push(changed));
        for changed in changes {
            if let Ok(pending_notification) = Raw::<PendingNotification>::from_der(&changed) {
                let message = asn1::HandleNotification { pending_notification, unknown: Default::default() };
                server.smdp.handle_notification(message).await.unwrap();
            }
        }
        assert!(server.store().notifications(euicc.eid).await.unwrap().is_empty());
        server.smdp.handle_notification(good).await.unwrap();
        assert_eq!(server.store().notifications(euicc.eid).await.unwrap().len(), 1);
    }
}

/// The outer transactionId is not signed, but it has to be the one inside.
#[tokio::test]
async fn no_bit_of_the_outer_transaction_id_may_change() {
    let server = Server::new();
    server.add(order(1)).await;
    let euicc = Euicc::new(Curve::P256, 1);
    let initiated = server.opened(&euicc).await;
    let before = server.snapshot(&[&initiated.transaction_id], &[]).await;
    let good = euicc.authenticate(&initiated, Some(&matching_id(1)));
    for bit in 0..initiated.transaction_id.bytes().len() * 8 {
        let mut changed = initiated.transaction_id.bytes().to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        let mut request = good.clone();
        request.transaction_id = TransactionId::new(changed).unwrap();
        let refusal = server.smdp.authenticate_client(request).await.unwrap_err();
        assert_eq!(refusal.code.to_string(), "8.10.1/3.9");
    }
    assert_eq!(server.snapshot(&[&initiated.transaction_id], &[]).await, before);
    server.smdp.authenticate_client(good).await.unwrap();
}
