//! The messages of a server that somebody else wrote (`../shared/data/session`), as this card takes them.

use std::convert::Infallible;
use std::sync::Arc;

use asn1::tlv;
use certs::tree::{Pki, Tree};
use crypto::{Curve, Signature};
use protocol::clock::{FixedClock, Timestamp};
use protocol::trace::{Actor, Tracer};

use super::{authenticate_server, get_euicc_challenge, prepare_download};
use crate::isdr::Isdr;
use crate::session::{AuthenticatedServer, RspSession};
use crate::state::manufacture;
use crate::{Environment, InMemory};

fn recorded(name: &str) -> Option<Vec<u8>> {
    let path = format!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/session/{}"), name);
    let content = std::fs::read(path).ok();
    if content.is_none() {
        println!("skipped: the reference data in ../shared/data is absent ({name})");
    }
    content
}

/// Gives the recorded challenge for ever.
struct Recorded(Vec<u8>);

impl rand_core::TryRng for Recorded {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(1)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(1)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.iter_mut().zip(self.0.iter().cycle()).for_each(|(byte, recorded)| *byte = *recorded);
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Recorded {}

/// The card of the recorded session.
fn isdr() -> Option<Isdr> {
    let mut tree = Tree::new();
    for (path, name) in [
        ("CertificateIssuer/CERT_CI_ECDSA_NIST.der", "certs/ci.der"),
        ("EUM/CERT_EUM_ECDSA_NIST.der", "certs/eum.der"),
        ("eUICC/CERT_EUICC_ECDSA_NIST.der", "certs/euicc.der"),
        ("eUICC/SK_EUICC_ECDSA_NIST.pem", "certs/euicc-key.pem"),
    ] {
        tree.insert(path.to_owned(), recorded(name)?);
    }
    let state = manufacture(&Pki::from_tree(&tree).unwrap(), &[Curve::P256]).unwrap();
    let environment = Environment {
        rng: Box::new(Recorded(recorded("euicc-challenge.bin")?)),
        clock: Arc::new(FixedClock(Timestamp::from_unix_seconds(1_795_000_000))),
        tracer: Tracer::off(Actor::Euicc),
        memory: Box::new(InMemory::default()),
    };
    Some(Isdr::new(state, environment).unwrap())
}

/// The members of the constructed TLV that `path` leads to.
fn members<'a>(bytes: &'a [u8], path: &[u32]) -> Vec<&'a [u8]> {
    let mut value = tlv::read(bytes).unwrap().0.value;
    for tag in path {
        value = tlv::find(value, *tag).unwrap().value;
    }
    tlv::children(value).map(|member| member.unwrap().raw).collect()
}

#[test]
fn a_recorded_server_is_authenticated() {
    let (Some(mut isdr), Some(initiate)) = (isdr(), recorded("initiate-response.der")) else { return };
    let challenge = tlv::wrap(0xBF2E, &[]);
    get_euicc_challenge::execute(&mut isdr, tlv::read(&challenge).unwrap().0).unwrap();
    // transactionId, then serverSigned1, serverSignature1, euiccCiPKIdToBeUsed, serverCertificate.
    let mut command = members(&initiate, &[])[1..5].concat();
    command.extend(tlv::wrap(0xA0, &[0xA1, 0x08, 0x80, 0x04, 0x35, 0x29, 0x06, 0x11, 0xA1, 0x00]));
    let command = tlv::wrap(0xBF38, &command);
    let response = authenticate_server::execute(&mut isdr, tlv::read(&command).unwrap().0).unwrap();
    assert!(tlv::find(tlv::read(&response).unwrap().0.value, 0xA0).is_some(), "{response:02X?}");
    assert!(isdr.session.is_some_and(|session| session.server().is_some()));
}

#[test]
fn a_recorded_sm_dp_may_prepare_a_download() {
    let Some(mut isdr) = isdr() else { return };
    let files =
        ["transaction-id.bin", "auth-server-response.der", "authenticate-response.der", "certs/dpauth.der"];
    let [Some(transaction_id), Some(ours), Some(theirs), Some(certificate)] = files.map(recorded) else {
        return;
    };
    // What the server signed covers the euiccSignature1 of the recorded card.
    let signature1 = tlv::read(members(&ours, &[0xA0])[1]).unwrap().0.value;
    let server = AuthenticatedServer {
        transaction_id: transaction_id.try_into().unwrap(),
        server_address: "smdp.example.com".to_owned(),
        certificate: certs::Certificate::from_der(&certificate).unwrap(),
        euicc_ci_pk_id: isdr.keys().identities[0].ci.clone(),
        euicc_signature1: Signature::from_bytes(signature1).unwrap(),
    };
    isdr.session = Some(RspSession::Authenticated([0; 16], server));
    // transactionId and profileMetadata, then smdpSigned2, smdpSignature2, smdpCertificate.
    let command = tlv::wrap(0xBF21, &members(&theirs, &[0xA0])[2..5].concat());
    let response = prepare_download::execute(&mut isdr, tlv::read(&command).unwrap().0).unwrap();
    assert!(tlv::find(tlv::read(&response).unwrap().0.value, 0xA0).is_some(), "{response:02X?}");
    assert!(matches!(isdr.session, Some(RspSession::Prepared(..))));
}
