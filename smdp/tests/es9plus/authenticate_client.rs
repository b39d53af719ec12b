//! SGP.22 §5.6.3, §3.1.2 step 16: who is the eUICC, and what is it offered.

use asn1::{EuiccSigned1, Octet16, SignatureTlv, VersionType};
use crypto::Curve;
use protocol::es9plus::Es9Plus;
use smdp::domain::ProfileState;

use crate::common::euicc::{Euicc, client_error, client_request};
use crate::common::orders::{matching_id, metadata, order, order_with_code};
use crate::common::pki::{authority, stranger};
use crate::common::server::{Server, refused};

#[tokio::test]
async fn an_authenticated_euicc_is_offered_the_profile_of_its_matching_id() {
    for curve in Curve::ALL {
        let server = Server::new();
        server.add(order(1)).await;
        let id = server.add(order(2)).await;
        let euicc = Euicc::new(curve, 1);
        let offered = server.offered(&euicc, &matching_id(2)).await;
        euicc.verify_offer(&offered.request, &offered.offer, authority(curve));
        assert_eq!(offered.offer.profile_metadata.value(), &metadata(2));
        assert!(!offered.offer.smdp_signed2.cc_required_flag);
        assert_eq!(offered.offer.smdp_signed2.bpp_euicc_otpk, None);
        assert_eq!(server.stage(offered.transaction_id()).await, "offered");
        let order = server.order(id).await;
        // The EID is linked when the profile is bound, not before (SGP.22 §3.1.3.2 step 9).
        assert_eq!((order.state, order.eid, order.download_attempts), (ProfileState::Released, None, 1));
    }
}

#[tokio::test]
async fn an_order_with_a_confirmation_code_says_so_in_the_signed_offer() {
    let server = Server::new();
    server.add(order_with_code(1, "4321")).await;
    let euicc = Euicc::new(Curve::P256, 1);
    let offered = server.offered(&euicc, &matching_id(1)).await;
    assert!(offered.offer.smdp_signed2.cc_required_flag);
}

#[tokio::test]
async fn an_unknown_transaction_is_refused() {
    let server = Server::new();
    server.add(order(1)).await;
    let euicc = Euicc::new(Curve::P256, 1);
    let initiated = server.opened(&euicc).await;
    let before = server.snapshot(&[&initiated.transaction_id], &[]).await;
    let mut request = euicc.authenticate(&initiated, Some(&matching_id(1)));
    request.transaction_id = "00112233445566778899AABBCCDDEEFF".parse().unwrap();
    assert_eq!(refused(server.smdp.authenticate_client(request).await), "8.10.1/3.9");
    assert_eq!(server.snapshot(&[&initiated.transaction_id], &[]).await, before);
}

/// What every refusal of an eUICC has in common: the procedure stops (SGP.22 §3.1.2), the order waits for the next try.
async fn assert_refused(curve: Curve, euicc: &Euicc, code: &str, change: impl FnOnce(&mut EuiccSigned1)) {
    let server = Server::new();
    let id = server.add(order(1)).await;
    let before = server.snapshot(&[], &[]).await;
    let initiated = server.opened(euicc).await;
    let mut signed = euicc.signed1(&initiated, Some(&matching_id(1)));
    change(&mut signed);
    let request = client_request(&initiated.transaction_id, euicc.sign1(signed));
    assert_eq!(refused(server.smdp.authenticate_client(request).await), code);
    assert_eq!(server.snapshot(&[], &[]).await, before);
    assert_eq!(server.stage(&initiated.transaction_id).await, "ended");
    let good = Euicc::new(curve, 200);
    server.offered(&good, &matching_id(1)).await;
    assert_eq!(server.order(id).await.download_attempts, 1);
}

#[tokio::test]
async fn an_euicc_that_refused_the_server_is_refused_and_costs_the_order_nothing() {
    let server = Server::new();
    server.add(order(1)).await;
    let before = server.snapshot(&[], &[]).await;
    let initiated = server.opened(&Euicc::new(Curve::P256, 1)).await;
    let request = client_error(&initiated.transaction_id);
    // No code is given; this is the nearest.
    assert_eq!(refused(server.smdp.authenticate_client(request).await), "8.1/6.1");
    assert_eq!(server.stage(&initiated.transaction_id).await, "ended");
    assert_eq!(server.snapshot(&[], &[]).await, before);
}

#[tokio::test]
async fn an_eum_below_a_ci_that_is_not_trusted_is_refused() {
    for curve in Curve::ALL {
        let mut euicc = Euicc::of(&stranger(curve), 1);
        // It pretends to the trusted one before.
        let ci = authority(curve).ci_id();
        euicc.set_cis(vec![ci.clone()], vec![ci]);
        assert_refused(curve, &euicc, "8.11.1/3.9", |_| ()).await;
    }
}

#[tokio::test]
async fn a_signature_with_another_key_than_the_certified_one_is_refused() {
    for curve in Curve::ALL {
        let mut euicc = Euicc::new(curve, 1);
        euicc.key = Euicc::new(curve, 2).key;
        assert_refused(curve, &euicc, "8.1/6.1", |_| ()).await;
    }
}

#[tokio::test]
async fn a_signature_of_the_wrong_length_is_refused() {
    for length in [0, 1, 63, 65, 128] {
        let server = Server::new();
        server.add(order(1)).await;
        let euicc = Euicc::new(Curve::P256, 1);
        let initiated = server.opened(&euicc).await;
        let mut answer = euicc.sign1(euicc.signed1(&initiated, Some(&matching_id(1))));
        answer.euicc_signature1 = SignatureTlv::new(vec![1; length]).unwrap();
        let request = client_request(&initiated.transaction_id, answer);
        assert_eq!(refused(server.smdp.authenticate_client(request).await), "8.1/6.1", "{length}");
    }
}

#[tokio::test]
async fn another_transaction_id_within_the_signed_object_is_refused() {
    for curve in Curve::ALL {
        assert_refused(curve, &Euicc::new(curve, 1), "8.10.1/3.9", |signed| {
            signed.transaction_id = "00112233445566778899AABBCCDDEEFF".parse().unwrap();
        })
        .await;
    }
}

#[tokio::test]
async fn another_server_challenge_is_refused() {
    for curve in Curve::ALL {
        assert_refused(curve, &Euicc::new(curve, 1), "8.1/6.1", |signed| {
            signed.server_challenge = Octet16::from([0; 16]);
        })
        .await;
    }
}

/// SGP.22 §3.1.2 step 16; no code is given for it.
#[tokio::test]
async fn another_version_in_euicc_info2_than_in_euicc_info1_is_refused() {
    let euicc = Euicc::new(Curve::P256, 1);
    assert_refused(Curve::P256, &euicc, "8.1/6.1", |signed| {
        signed.euicc_info2.svn = VersionType::new(2, 2, 1);
    })
    .await;
}

/// What an eUICC signed for another server, one that passed our challenge on to it, is no answer to us.
#[tokio::test]
async fn another_server_address_within_the_signed_object_is_refused() {
    let euicc = Euicc::new(Curve::P256, 1);
    assert_refused(Curve::P256, &euicc, "8.1/6.1", |signed| {
        signed.server_address = "smdp.evil.example".to_owned();
    })
    .await;
}
