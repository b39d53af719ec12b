//! SGP.22 §3.1.3.2 steps 6 to 8, §5.6.2: the confirmation code.

use asn1::{EuiccSigned2, Octet32};
use crypto::Curve;
use protocol::clock::Timestamp;
use protocol::es9plus::Es9Plus;
use smdp::domain::{NewOrder, OrderId, ProfileState};

use crate::common::euicc::{Euicc, hash_cc, one_time_key, package_request};
use crate::common::orders::{matching_id, order, order_with_code};
use crate::common::pki::NOW;
use crate::common::server::{Offered, Server, refused};

const CODE: &str = "code-4321-é";

async fn world(limit: u32) -> (Server, OrderId, Euicc) {
    let server = Server::with(|config| config.limits.confirmation_code_attempts = limit);
    let id = server.add(order_with_code(1, CODE)).await;
    (server, id, Euicc::new(Curve::P256, 1))
}

/// One whole session with this code; the status code of its refusal.
async fn refused_code(server: &Server, euicc: &Euicc, code: &str) -> String {
    let offered = server.offered(euicc, &matching_id(1)).await;
    let request = euicc.prepare_with_code(&offered.offer, &one_time_key(Curve::P256, 1), code);
    let refusal = refused(server.smdp.get_bound_profile_package(request).await);
    assert_eq!(server.stage(offered.transaction_id()).await, "ended");
    refusal
}

#[tokio::test]
async fn the_right_code_delivers_the_profile() {
    for curve in Curve::ALL {
        let server = Server::new();
        let id = server.add(order_with_code(1, CODE)).await;
        let euicc = Euicc::new(curve, 1);
        let offered = server.offered(&euicc, &matching_id(1)).await;
        let request = euicc.prepare_with_code(&offered.offer, &one_time_key(curve, 1), CODE);
        assert!(server.smdp.get_bound_profile_package(request).await.is_ok());
        let order = server.order(id).await;
        assert_eq!((order.state, order.confirmation_code_attempts), (ProfileState::Downloaded, 0));
    }
}

#[tokio::test]
async fn a_missing_code_is_refused_and_not_counted() {
    let (server, id, euicc) = world(3).await;
    for _ in 0..5 {
        let offered = server.offered(&euicc, &matching_id(1)).await;
        let request = euicc.prepare(&offered.offer, &one_time_key(Curve::P256, 1));
        assert_eq!(refused(server.smdp.get_bound_profile_package(request).await), "8.2.7/2.2");
        assert_eq!(server.stage(offered.transaction_id()).await, "ended");
    }
    let order = server.order(id).await;
    assert_eq!((order.state, order.confirmation_code_attempts), (ProfileState::Released, 0));
}

#[tokio::test]
async fn a_wrong_code_is_refused_and_counted_until_it_was_wrong_once_too_often() {
    let (server, id, euicc) = world(2).await;
    for tries in 1..=2 {
        assert_eq!(refused_code(&server, &euicc, "wrong").await, "8.2.7/3.8");
        let order = server.order(id).await;
        assert_eq!((order.state, order.confirmation_code_attempts), (ProfileState::Released, tries));
    }
    assert_eq!(refused_code(&server, &euicc, "wrong").await, "8.2.7/6.4");
    assert_eq!(server.state(id).await, ProfileState::Error);
    assert_eq!(refused(server.try_offer(&euicc, Some(&matching_id(1))).await), "8.2/1.2");
}

#[tokio::test]
async fn no_code_is_looked_at_after_the_last_one_that_may_be_wrong() {
    let (server, id, euicc) = world(2).await;
    for _ in 0..2 {
        assert_eq!(refused_code(&server, &euicc, "wrong").await, "8.2.7/3.8");
    }
    assert_eq!(refused_code(&server, &euicc, CODE).await, "8.2.7/6.4");
    assert_eq!(server.state(id).await, ProfileState::Error);
}

#[tokio::test]
async fn the_right_code_after_a_wrong_one_delivers_the_profile() {
    let (server, id, euicc) = world(2).await;
    assert_eq!(refused_code(&server, &euicc, "wrong").await, "8.2.7/3.8");
    let offered = server.offered(&euicc, &matching_id(1)).await;
    let request = euicc.prepare_with_code(&offered.offer, &one_time_key(Curve::P256, 1), CODE);
    assert!(server.smdp.get_bound_profile_package(request).await.is_ok());
    assert_eq!(server.state(id).await, ProfileState::Downloaded);
}

#[tokio::test]
async fn one_session_is_one_try() {
    let (server, id, euicc) = world(3).await;
    let offered = server.offered(&euicc, &matching_id(1)).await;
    let key = one_time_key(Curve::P256, 1);
    let wrong = euicc.prepare_with_code(&offered.offer, &key, "wrong");
    assert_eq!(refused(server.smdp.get_bound_profile_package(wrong.clone()).await), "8.2.7/3.8");
    let right = euicc.prepare_with_code(&offered.offer, &key, CODE);
    for request in [wrong, right] {
        assert_eq!(refused(server.smdp.get_bound_profile_package(request).await), "8.10.1/3.9");
    }
    assert_eq!(server.order(id).await.confirmation_code_attempts, 1);
}

async fn assert_wrong(hash: impl FnOnce(&Offered) -> Octet32) {
    let (server, id, euicc) = world(3).await;
    let offered = server.offered(&euicc, &matching_id(1)).await;
    let signed = EuiccSigned2 {
        hash_cc: Some(hash(&offered)),
        ..euicc.signed2(&offered.offer, &one_time_key(Curve::P256, 1))
    };
    let answer = euicc.sign2(signed, &offered.offer.smdp_signature2);
    let request = package_request(offered.transaction_id(), answer);
    assert_eq!(refused(server.smdp.get_bound_profile_package(request).await), "8.2.7/3.8");
    assert_eq!(server.order(id).await.confirmation_code_attempts, 1);
}

#[tokio::test]
async fn the_hash_of_another_session_is_a_wrong_code() {
    assert_wrong(|_| hash_cc(CODE, &"00".parse().unwrap())).await;
}

#[tokio::test]
async fn the_hash_of_the_code_alone_is_a_wrong_code() {
    use sha2::{Digest, Sha256};
    assert_wrong(|_| Octet32::from(<[u8; 32]>::from(Sha256::digest(CODE)))).await;
    assert_wrong(|_| Octet32::from([0; 32])).await;
}

#[tokio::test]
async fn a_hash_with_one_bit_wrong_is_a_wrong_code() {
    for bit in [0, 7, 128, 255] {
        assert_wrong(|offered| {
            let mut hash: [u8; 32] = hash_cc(CODE, offered.transaction_id()).into();
            hash[bit / 8] ^= 1 << (bit % 8);
            Octet32::from(hash)
        })
        .await;
    }
}

/// An LPA may have asked for a code because the activation code said so.
#[tokio::test]
async fn a_code_that_nobody_asked_for_does_no_harm() {
    let server = Server::new();
    let id = server.add(order(1)).await;
    let euicc = Euicc::new(Curve::P256, 1);
    let offered = server.offered(&euicc, &matching_id(1)).await;
    let request = euicc.prepare_with_code(&offered.offer, &one_time_key(Curve::P256, 1), "whatever");
    assert!(server.smdp.get_bound_profile_package(request).await.is_ok());
    assert_eq!(server.order(id).await.confirmation_code_attempts, 0);
}

#[tokio::test]
async fn an_expired_order_costs_no_try() {
    let server = Server::new();
    let expires = Some(Timestamp::from_unix_seconds(NOW + 1));
    let id = server.add(NewOrder { expires, ..order_with_code(1, CODE) }).await;
    let euicc = Euicc::new(Curve::P256, 1);
    let offered = server.offered(&euicc, &matching_id(1)).await;
    server.clock.advance_seconds(1);
    let request = euicc.prepare_with_code(&offered.offer, &one_time_key(Curve::P256, 1), "wrong");
    assert_eq!(refused(server.smdp.get_bound_profile_package(request).await), "8.8.5/4.10");
    assert_eq!(server.order(id).await.confirmation_code_attempts, 0);
}

/// Once a profile went to an eUICC, sessions of others that began before have no say in its order.
#[tokio::test]
async fn wrong_codes_of_another_euicc_do_not_end_an_order_that_was_delivered() {
    let (server, id, euicc) = world(1).await;
    let stranger = Euicc::new(Curve::P256, 2);
    let theirs = server.offered(&stranger, &matching_id(1)).await;
    let ours = server.offered(&euicc, &matching_id(1)).await;
    let key = one_time_key(Curve::P256, 1);
    let request = euicc.prepare_with_code(&ours.offer, &key, CODE);
    server.smdp.get_bound_profile_package(request).await.unwrap();
    let before = server.snapshot(&[], &[]).await;
    let request = stranger.prepare_with_code(&theirs.offer, &key, "wrong");
    assert_eq!(refused(server.smdp.get_bound_profile_package(request).await), "8.2/3.7");
    assert_eq!(server.snapshot(&[], &[]).await, before);
    assert_eq!(server.state(id).await, ProfileState::Downloaded);
}

/// SGP.22 §3.1.6: nothing leads from Installed to Error.
#[tokio::test]
async fn a_wrong_code_does_not_end_an_order_whose_profile_is_installed() {
    let (server, id, euicc) = world(1).await;
    let key = one_time_key(Curve::P256, 1);
    let early = server.offered(&euicc, &matching_id(1)).await;
    let offered = server.offered(&euicc, &matching_id(1)).await;
    let request = euicc.prepare_with_code(&offered.offer, &key, CODE);
    server.smdp.get_bound_profile_package(request).await.unwrap();
    server.smdp.handle_notification(euicc.installed(offered.transaction_id(), 1)).await.unwrap();
    let request = euicc.prepare_with_code(&early.offer, &key, "wrong");
    assert_eq!(refused(server.smdp.get_bound_profile_package(request).await), "8.2/3.7");
    assert_eq!(server.state(id).await, ProfileState::Installed);
}
