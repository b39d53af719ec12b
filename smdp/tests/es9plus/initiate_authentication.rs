//! SGP.22 §5.6.1.

use asn1::{EuiccInfo1, InitiateAuthenticationRequest, Raw, SubjectKeyIdentifier, VersionType};
use crypto::Curve;
use protocol::es9plus::Es9Plus;

use crate::common::euicc::{ADDRESS, Euicc};
use crate::common::orders::order;
use crate::common::pki::{authority, parsed, stranger};
use crate::common::server::{Server, refused};

fn asking(change: impl FnOnce(&mut EuiccInfo1)) -> InitiateAuthenticationRequest {
    let mut euicc = Euicc::new(Curve::P256, 1);
    change(&mut euicc.info1);
    euicc.initiate()
}

fn ci(curve: Curve) -> SubjectKeyIdentifier {
    authority(curve).ci_id()
}

#[tokio::test]
async fn the_server_signs_the_challenge_of_the_euicc_with_a_fresh_session() {
    for curve in Curve::ALL {
        let server = Server::new();
        let order = server.add(order(1)).await;
        let before = server.snapshot(&[], &[]).await;
        let euicc = Euicc::new(curve, 1);
        let answer = server.opened(&euicc).await;
        euicc.verify_server(&answer, authority(curve));
        assert_eq!(answer.server_signed1.server_address, ADDRESS);
        assert_eq!(answer.euicc_ci_pk_id_to_be_used, ci(curve));
        assert_eq!(server.stage(&answer.transaction_id).await, "opened");
        // Nothing is reserved or counted yet.
        assert_eq!(server.snapshot(&[], &[]).await, before);
        assert_eq!(server.order(order).await.download_attempts, 0);
    }
}

#[tokio::test]
async fn two_sessions_share_neither_transaction_id_nor_challenge() {
    let server = Server::new();
    let euicc = Euicc::new(Curve::P256, 1);
    let (one, other) = (server.opened(&euicc).await, server.opened(&euicc).await);
    assert_ne!(one.transaction_id, other.transaction_id);
    assert_ne!(one.server_signed1.server_challenge, other.server_signed1.server_challenge);
    assert_eq!(server.stage(&one.transaction_id).await, "opened");
}

#[tokio::test]
async fn every_version_2_of_the_specification_is_supported_and_no_other() {
    let server = Server::new();
    for (major, minor, revision) in [(2, 0, 0), (2, 2, 0), (2, 2, 2), (2, 3, 0), (2, 6, 1)] {
        let request = asking(|info| info.svn = VersionType::new(major, minor, revision));
        assert!(server.smdp.initiate_authentication(request).await.is_ok(), "{major}.{minor}.{revision}");
    }
    for (major, minor, revision) in [(0, 0, 0), (1, 0, 0), (3, 0, 0), (22, 0, 0)] {
        let request = asking(|info| info.svn = VersionType::new(major, minor, revision));
        assert_eq!(refused(server.smdp.initiate_authentication(request).await), "8.8.3/3.1");
    }
}

#[tokio::test]
async fn an_address_of_another_server_is_refused() {
    let server = Server::new();
    for address in
        ["smdp.example.org", "example.com", "", "smdp.example.com.evil.org", "smdp.example.com:8443"]
    {
        let mut request = asking(|_| ());
        request.smdp_address = address.to_owned();
        assert_eq!(refused(server.smdp.initiate_authentication(request).await), "8.8.1/3.8", "{address}");
    }
}

/// SGP.22 §3.1.2 steps 6 and 8: what is signed is the address that the LPA used, since the LPA compares the two.
#[tokio::test]
async fn the_address_is_signed_in_the_spelling_of_the_lpa() {
    let server = Server::new();
    for address in [ADDRESS, "SMDP.Example.COM", "smdp.example.com:443"] {
        let mut request = asking(|_| ());
        request.smdp_address = address.to_owned();
        let answer = server.smdp.initiate_authentication(request).await.unwrap();
        assert_eq!(answer.server_signed1.server_address, address);
    }
}

#[tokio::test]
async fn an_euicc_that_signs_under_no_trusted_ci_is_refused() {
    let server = Server::new();
    for list in [vec![], vec![stranger(Curve::P256).ci_id()]] {
        let request = asking(|info| info.euicc_ci_pk_id_list_for_signing = list);
        assert_eq!(refused(server.smdp.initiate_authentication(request).await), "8.8.2/3.1");
    }
}

#[tokio::test]
async fn an_euicc_that_verifies_under_no_ci_of_a_cert_dpauth_is_refused() {
    let server = Server::new();
    for list in [vec![], vec![stranger(Curve::P256).ci_id()]] {
        let request = asking(|info| info.euicc_ci_pk_id_list_for_verification = list);
        assert_eq!(refused(server.smdp.initiate_authentication(request).await), "8.8.4/3.7");
    }
}

/// The order of SGP.22 §5.6.1: version, address, key to sign under, key to verify with.
#[tokio::test]
async fn the_first_check_that_fails_gives_the_code() {
    let server = Server::new();
    let mut request = asking(|info| {
        info.svn = VersionType::new(3, 0, 0);
        info.euicc_ci_pk_id_list_for_signing = vec![];
        info.euicc_ci_pk_id_list_for_verification = vec![];
    });
    request.smdp_address = "elsewhere.example.com".to_owned();
    assert_eq!(refused(server.smdp.initiate_authentication(request.clone()).await), "8.8.3/3.1");
    let mut info = request.euicc_info1.value().clone();
    info.svn = VersionType::new(2, 2, 0);
    request.euicc_info1 = Raw::new(info.clone());
    assert_eq!(refused(server.smdp.initiate_authentication(request.clone()).await), "8.8.1/3.8");
    request.smdp_address = ADDRESS.to_owned();
    assert_eq!(refused(server.smdp.initiate_authentication(request.clone()).await), "8.8.2/3.1");
    info.euicc_ci_pk_id_list_for_signing = vec![ci(Curve::P256)];
    request.euicc_info1 = Raw::new(info);
    assert_eq!(refused(server.smdp.initiate_authentication(request).await), "8.8.4/3.7");
}

/// SGP.22 §2.6.7.1, §5.6.1: both lists are in descending priority, and each is followed by itself.
#[tokio::test]
async fn the_priorities_of_the_euicc_are_followed_in_both_lists() {
    let server = Server::new();
    let unknown = stranger(Curve::P256).ci_id();
    for first in Curve::ALL {
        let second = Curve::ALL.into_iter().find(|curve| *curve != first).unwrap();
        let request = asking(|info| {
            info.euicc_ci_pk_id_list_for_verification = vec![unknown.clone(), ci(first), ci(second)];
            info.euicc_ci_pk_id_list_for_signing = vec![unknown.clone(), ci(second), ci(first)];
        });
        let answer = server.smdp.initiate_authentication(request).await.unwrap();
        assert_eq!(parsed(&answer.server_certificate).curve(), first);
        assert_eq!(answer.euicc_ci_pk_id_to_be_used, ci(second));
    }
}
