//! SGP.22 §5.8.1.

use std::collections::BTreeSet;

use asn1::{EuiccInfo1, InitiateAuthenticationRequest, Raw, SubjectKeyIdentifier, VersionType};
use crypto::Curve;
use protocol::es11::Es11;

use crate::common::euicc::Euicc;
use crate::common::pki::{authority, parsed, stranger};
use crate::common::server::{ADDRESS, Server, refused};

fn asking(change: impl FnOnce(&mut EuiccInfo1)) -> InitiateAuthenticationRequest {
    let mut euicc = Euicc::new(Curve::P256, 1);
    change(&mut euicc.info1);
    euicc.initiate()
}

fn ci(curve: Curve) -> SubjectKeyIdentifier {
    authority(curve).ci_id()
}

/// Refused with this code, and no session opened.
async fn assert_refused(server: &Server, request: InitiateAuthenticationRequest, code: &str) {
    let address = request.smdp_address.clone();
    assert_eq!(refused(server.smds.initiate_authentication(request).await), code, "{address}");
    assert_eq!(server.smds.store().sessions().await, 0);
}

trait Sessions {
    async fn sessions(&self) -> u64;
}

impl<S: smds::store::Store> Sessions for S {
    async fn sessions(&self) -> u64 {
        self.counts().await.unwrap().sessions
    }
}

#[tokio::test]
async fn the_sm_ds_signs_the_challenge_of_the_euicc_with_cert_dsauth() {
    for curve in Curve::ALL {
        let server = Server::root();
        let euicc = Euicc::new(curve, 1);
        let answer = server.opened(&euicc).await;
        euicc.verify_server(&answer, authority(curve));
        assert_eq!(answer.server_signed1.server_address, ADDRESS);
        assert_eq!(answer.euicc_ci_pk_id_to_be_used, ci(curve));
        assert!(server.is_open(&answer.transaction_id).await);
    }
}

#[tokio::test]
async fn every_session_has_a_transaction_id_and_a_challenge_of_its_own() {
    let server = Server::root();
    let euicc = Euicc::new(Curve::P256, 1);
    let (mut names, mut challenges) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..20 {
        let answer = server.opened(&euicc).await;
        assert_eq!(answer.transaction_id.bytes().len(), 16);
        assert!(names.insert(answer.transaction_id.bytes().to_vec()));
        assert!(challenges.insert(answer.server_signed1.server_challenge.bytes().to_vec()));
    }
    assert_eq!(server.store().sessions().await, 20);
}

#[tokio::test]
async fn an_address_of_another_server_is_refused() {
    let server = Server::root();
    for address in
        ["smds.example.org", "example.com", "", "smds.example.com.evil.org", "smds.example.com:8443", "\u{0}"]
    {
        let request = Euicc::new(Curve::P256, 1).initiate_at(address);
        assert_refused(&server, request, "8.9.1/3.8").await;
    }
}

/// SGP.22 §3.1.2 steps 6 and 8: what is signed is the address that the LPA used, since the LPA compares the two.
#[tokio::test]
async fn the_address_is_signed_in_the_spelling_of_the_lpa() {
    let server = Server::root();
    for address in [ADDRESS, "SMDS.Example.COM", "smds.example.com:443"] {
        let request = Euicc::new(Curve::P256, 1).initiate_at(address);
        let answer = server.smds.initiate_authentication(request).await.unwrap();
        assert_eq!(answer.server_signed1.server_address, address);
    }
}

#[tokio::test]
async fn an_euicc_that_signs_under_no_trusted_ci_is_refused() {
    let server = Server::root();
    for list in [vec![], vec![stranger(Curve::P256).ci_id()]] {
        let request = asking(|info| info.euicc_ci_pk_id_list_for_signing = list);
        assert_refused(&server, request, "8.9.2/3.1").await;
    }
}

#[tokio::test]
async fn every_version_2_of_the_specification_is_supported_and_no_other() {
    let server = Server::root();
    for (major, minor, revision) in [(0, 0, 0), (1, 0, 0), (3, 0, 0), (22, 0, 0)] {
        let request = asking(|info| info.svn = VersionType::new(major, minor, revision));
        assert_refused(&server, request, "8.9.3/3.1").await;
    }
    for (major, minor, revision) in [(2, 0, 0), (2, 2, 0), (2, 2, 2), (2, 6, 1)] {
        let request = asking(|info| info.svn = VersionType::new(major, minor, revision));
        assert!(server.smds.initiate_authentication(request).await.is_ok(), "{major}.{minor}.{revision}");
    }
}

#[tokio::test]
async fn an_euicc_that_verifies_under_no_ci_of_a_cert_dsauth_is_refused() {
    let server = Server::root();
    for list in [vec![], vec![stranger(Curve::P256).ci_id()]] {
        let request = asking(|info| info.euicc_ci_pk_id_list_for_verification = list);
        assert_refused(&server, request, "8.9.4/3.7").await;
    }
}

/// The order of SGP.22 §5.6.1: version, address, key to sign under, key to verify with.
#[tokio::test]
async fn the_first_check_that_fails_gives_the_code() {
    let server = Server::root();
    let mut request = asking(|info| {
        info.svn = VersionType::new(3, 0, 0);
        info.euicc_ci_pk_id_list_for_signing = vec![];
        info.euicc_ci_pk_id_list_for_verification = vec![];
    });
    request.smdp_address = "elsewhere.example.com".to_owned();
    assert_refused(&server, request.clone(), "8.9.3/3.1").await;
    let mut info = request.euicc_info1.value().clone();
    info.svn = VersionType::new(2, 2, 0);
    request.euicc_info1 = Raw::new(info.clone());
    assert_refused(&server, request.clone(), "8.9.1/3.8").await;
    request.smdp_address = ADDRESS.to_owned();
    assert_refused(&server, request.clone(), "8.9.2/3.1").await;
    info.euicc_ci_pk_id_list_for_signing = vec![ci(Curve::P256)];
    request.euicc_info1 = Raw::new(info);
    assert_refused(&server, request, "8.9.4/3.7").await;
}

/// SGP.22 §2.6.7.1, §5.6.1: both lists are in descending priority, and each is followed by itself.
#[tokio::test]
async fn the_priorities_of_the_euicc_are_followed_in_both_lists() {
    let server = Server::root();
    let unknown = stranger(Curve::P256).ci_id();
    for (first, second) in [(Curve::P256, Curve::BrainpoolP256r1), (Curve::BrainpoolP256r1, Curve::P256)] {
        let request = asking(|info| {
            info.euicc_ci_pk_id_list_for_verification = vec![unknown.clone(), ci(first), ci(second)];
            info.euicc_ci_pk_id_list_for_signing = vec![unknown.clone(), ci(second), ci(first)];
        });
        let answer = server.smds.initiate_authentication(request).await.unwrap();
        assert_eq!(parsed(&answer.server_certificate).curve(), first);
        assert_eq!(answer.euicc_ci_pk_id_to_be_used, ci(second));
    }
}
