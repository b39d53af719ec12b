//! SGP.22 §5.8.2, §3.1.2 step 16: is it the eUICC that it says it is.

use asn1::{EuiccSigned1, Octet16, SignatureTlv, VersionType};
use crypto::Curve;
use protocol::es11::Es11;

use crate::common::calls::{event, event_id, smdp};
use crate::common::euicc::{Euicc, client_error, client_request, eid};
use crate::common::pki::{authority, stranger};
use crate::common::server::{Server, refused};

/// What every refusal has in common: the procedure stops (SGP.22 §3.1.2), and the events wait for the next one.
pub async fn assert_refused(euicc: &Euicc, code: &str, change: impl FnOnce(&mut EuiccSigned1)) {
    let server = Server::root();
    server.register(&smdp(1), event(1)).await.unwrap();
    let before = server.records().await;
    let initiated = server.opened(euicc).await;
    let mut signed = euicc.signed1(&initiated, None);
    change(&mut signed);
    let request = client_request(&initiated.transaction_id, euicc.sign1(signed));
    assert_eq!(refused(server.smds.authenticate_client(request).await), code);
    assert!(!server.is_open(&initiated.transaction_id).await, "the session has ended");
    let good = euicc_of_the_event(euicc.curve).authenticate(&initiated, None);
    assert_eq!(refused(server.smds.authenticate_client(good).await), "8.10.1/3.9");
    assert_eq!(server.records().await, before);
    assert_eq!(server.told(&euicc_of_the_event(euicc.curve)).await, ["EVENT-1"]);
}

fn euicc_of_the_event(curve: Curve) -> Euicc {
    Euicc::new(curve, 1)
}

#[tokio::test]
async fn an_authenticated_euicc_is_told_its_events() {
    for curve in Curve::ALL {
        let server = Server::root();
        server.register(&smdp(1), event(1)).await.unwrap();
        let answer = server.ask(&Euicc::new(curve, 1), None).await.unwrap();
        assert_eq!(answer, [("EVENT-1".to_owned(), "smdp.example.com".to_owned())]);
    }
}

#[tokio::test]
async fn an_unknown_transaction_is_refused() {
    let server = Server::root();
    let euicc = Euicc::new(Curve::P256, 1);
    let initiated = server.opened(&euicc).await;
    for unknown in ["00112233445566778899AABBCCDDEEFF", "00"] {
        let mut request = euicc.authenticate(&initiated, None);
        request.transaction_id = unknown.parse().unwrap();
        assert_eq!(refused(server.smds.authenticate_client(request).await), "8.10.1/3.9");
    }
    // The session that was not named goes on.
    server.smds.authenticate_client(euicc.authenticate(&initiated, None)).await.unwrap();
}

#[tokio::test]
async fn another_transaction_id_within_the_signed_object_is_refused() {
    for curve in Curve::ALL {
        assert_refused(&Euicc::new(curve, 1), "8.10.1/3.9", |signed| {
            signed.transaction_id = "00112233445566778899AABBCCDDEEFF".parse().unwrap();
        })
        .await;
    }
}

#[tokio::test]
async fn a_session_lapses() {
    let server = Server::root_with(|config| config.limits.session_seconds = 100);
    let euicc = Euicc::new(Curve::P256, 1);
    let (in_time, too_late) = (server.opened(&euicc).await, server.opened(&euicc).await);
    server.clock.advance_seconds(100);
    server.smds.authenticate_client(euicc.authenticate(&in_time, None)).await.unwrap();
    server.clock.advance_seconds(1);
    let request = euicc.authenticate(&too_late, None);
    assert_eq!(refused(server.smds.authenticate_client(request).await), "8.10.1/3.9");
}

#[tokio::test]
async fn an_euicc_that_refused_the_sm_ds_is_refused() {
    let server = Server::root();
    server.register(&smdp(1), event(1)).await.unwrap();
    let initiated = server.opened(&Euicc::new(Curve::P256, 1)).await;
    let request = client_error(&initiated.transaction_id);
    // No code is given; this is the nearest.
    assert_eq!(refused(server.smds.authenticate_client(request).await), "8.1/6.1");
    assert!(!server.is_open(&initiated.transaction_id).await);
}

#[tokio::test]
async fn an_eum_below_a_ci_that_is_not_trusted_is_refused() {
    for curve in Curve::ALL {
        let mut euicc = Euicc::of(&stranger(curve), 1);
        // It pretends to the trusted one before.
        euicc.set_cis(vec![authority(curve).ci_id()]);
        assert_refused(&euicc, "8.11.1/3.9", |_| ()).await;
    }
}

/// SGP.22 §5.7.13: the eUICC signs with the key that belongs to euiccCiPKIdToBeUsed.
#[tokio::test]
async fn an_euicc_that_signs_under_another_trusted_ci_than_it_was_told_is_refused() {
    for (told, signed) in [(Curve::P256, Curve::BrainpoolP256r1), (Curve::BrainpoolP256r1, Curve::P256)] {
        let mut euicc = Euicc::new(signed, 1);
        euicc.set_cis(vec![authority(told).ci_id()]);
        assert_refused(&euicc, "8.11.1/3.9", |_| ()).await;
    }
}

#[tokio::test]
async fn a_signature_with_another_key_than_the_certified_one_is_refused() {
    for curve in Curve::ALL {
        let mut euicc = Euicc::new(curve, 1);
        euicc.key = Euicc::new(curve, 2).key;
        assert_refused(&euicc, "8.1/6.1", |_| ()).await;
    }
}

#[tokio::test]
async fn a_signature_of_the_wrong_length_is_refused() {
    for length in [0, 1, 63, 65, 128] {
        let server = Server::root();
        let euicc = Euicc::new(Curve::P256, 1);
        let initiated = server.opened(&euicc).await;
        let mut answer = euicc.sign1(euicc.signed1(&initiated, None));
        answer.euicc_signature1 = SignatureTlv::new(vec![1; length]).unwrap();
        let request = client_request(&initiated.transaction_id, answer);
        assert_eq!(refused(server.smds.authenticate_client(request).await), "8.1/6.1", "{length}");
    }
}

/// The MatchingID is signed: an EventID that the LPA put in afterwards is found out.
#[tokio::test]
async fn a_signature_over_another_matching_id_is_refused() {
    let server = Server::root();
    server.register(&smdp(1), event(1)).await.unwrap();
    let euicc = Euicc::new(Curve::P256, 1);
    let initiated = server.opened(&euicc).await;
    let mut answer = euicc.sign1(euicc.signed1(&initiated, None));
    answer.euicc_signed1 = asn1::Raw::new(euicc.signed1(&initiated, Some("EVENT-1")));
    let request = client_request(&initiated.transaction_id, answer);
    assert_eq!(refused(server.smds.authenticate_client(request).await), "8.1/6.1");
}

#[tokio::test]
async fn another_challenge_than_that_of_the_session_is_refused() {
    for curve in Curve::ALL {
        let change = |signed: &mut EuiccSigned1| signed.server_challenge = Octet16::from([7; 16]);
        assert_refused(&Euicc::new(curve, 1), "8.1/6.1", change).await;
    }
}

#[tokio::test]
async fn the_address_of_another_server_is_refused() {
    for address in ["smdp.example.com", "smds.example.org", "SMDS.example.com", ""] {
        let change = |signed: &mut EuiccSigned1| signed.server_address = address.to_owned();
        assert_refused(&Euicc::new(Curve::P256, 1), "8.1/6.1", change).await;
    }
}

/// SGP.22 §3.1.2 step 16.
#[tokio::test]
async fn another_version_than_that_of_the_first_message_is_refused() {
    let change = |signed: &mut EuiccSigned1| signed.euicc_info2.svn = VersionType::new(2, 3, 0);
    assert_refused(&Euicc::new(Curve::P256, 1), "8.1/6.1", change).await;
}

/// InitiateAuthentication does not say whose the session is: it becomes that of the eUICC which proves itself in it.
#[tokio::test]
async fn a_session_belongs_to_the_euicc_that_answers_the_challenge_under_its_own_certificate() {
    let server = Server::root();
    let (one, other) = (Euicc::new(Curve::P256, 1), Euicc::new(Curve::P256, 2));
    server.register(&smdp(1), event(1)).await.unwrap();
    let mut second = event(2);
    second.eid = eid(2);
    server.register(&smdp(1), second).await.unwrap();
    let initiated = server.opened(&one).await;
    let answer = server.smds.authenticate_client(other.authenticate(&initiated, None)).await.unwrap();
    assert_eq!(answer.event_entries.len(), 1);
    assert_eq!(answer.event_entries[0].event_id, event_id(2).as_str());
    // Under the other's name, but with its own key.
    let mut liar = Euicc::new(Curve::P256, 2);
    liar.certificate = one.certificate;
    assert_refused(&liar, "8.1/6.1", |_| ()).await;
}
