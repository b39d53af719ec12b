//! A card that authenticates servers as an eUICC does (SGP.22 §5.7.13), and then installs whatever it is given.

use asn1::{
    AuthenticateErrorCode, AuthenticateResponseError, AuthenticateResponseOk, AuthenticateServerRequest,
    AuthenticateServerResponse, CancelSessionRequest, CancelSessionResponse, CancelSessionResponseOk,
    EuiccCancelSessionSigned, EuiccInfo1, EuiccInfo2, EuiccSigned1, GetEuiccChallengeResponse, Octet16,
    PrepareDownloadRequest, Raw, SignatureTlv, TransactionId, Unknown, der,
};
use certs::chain::{TrustAnchor, verify_server_certificate};
use certs::{Certificate, Identity, Role};
use crypto::Signature;

use crate::common::{self, Answer, Brain, FakeCard};
use crate::lab::{ENGINE, NOW, chain};

/// One session at a time.
struct Euicc {
    identity: Identity,
    eum: Certificate,
    anchor: TrustAnchor,
    challenges: u8,
    session: Option<TransactionId>,
}

/// A new card of the laboratory's PKI.
pub fn new_card() -> FakeCard {
    let mut card = FakeCard::default();
    card.brain = Some(brain());
    card
}

fn brain() -> Brain {
    let mut euicc = Euicc {
        identity: chain().identity(Role::Euicc, ENGINE).unwrap(),
        eum: chain().certificate(Role::Eum).unwrap().clone(),
        anchor: chain().trust_anchor(ENGINE).unwrap(),
        challenges: 0,
        session: None,
    };
    Box::new(move |object| euicc.execute(object).map(Answer::Data))
}

impl Euicc {
    fn execute(&mut self, object: &[u8]) -> Option<Vec<u8>> {
        Some(match common::tag_of(object) {
            0xBF20 => der::encode(&self.info1()),
            0xBF2E => self.challenge(),
            0xBF38 => self.authenticate_server(&der::decode(object).unwrap()),
            0xBF21 => {
                let request: PrepareDownloadRequest = der::decode(object).unwrap();
                assert_eq!(Some(&request.smdp_signed2.transaction_id), self.session.as_ref());
                common::prepare_download_response(&request.smdp_signed2.transaction_id)
            }
            0xBF41 => self.cancel(&der::decode(object).unwrap()),
            0xBF36 | 0xA0 | 0xA1 | 0x88 | 0xA3 => Vec::new(),
            // The last one of the package is the short one.
            0x86 if object.len() < 100 => {
                self.session = None;
                common::installation_result(common::success())
            }
            0x86 => Vec::new(),
            _ => return None,
        })
    }

    fn info1(&self) -> EuiccInfo1 {
        let ci = self.anchor.key_identifier().clone();
        EuiccInfo1 {
            euicc_ci_pk_id_list_for_verification: vec![ci.clone()],
            euicc_ci_pk_id_list_for_signing: vec![ci],
            ..common::euicc_info1()
        }
    }

    fn info2(&self) -> EuiccInfo2 {
        let ci = self.anchor.key_identifier().clone();
        EuiccInfo2 {
            euicc_ci_pk_id_list_for_verification: vec![ci.clone()],
            euicc_ci_pk_id_list_for_signing: vec![ci],
            ..common::euicc_info2()
        }
    }

    /// SGP.22 §5.7.7: whatever went before is over.
    fn challenge(&mut self) -> Vec<u8> {
        self.challenges = self.challenges.wrapping_add(1);
        self.session = None;
        let euicc_challenge = Octet16::from([self.challenges; 16]);
        der::encode(&GetEuiccChallengeResponse { euicc_challenge, unknown: Unknown::none() })
    }

    fn authenticate_server(&mut self, request: &AuthenticateServerRequest) -> Vec<u8> {
        let transaction_id = request.server_signed1.transaction_id.clone();
        let unknown = Unknown::none();
        der::encode(&match self.verify(request) {
            Ok(()) => {
                self.session = Some(transaction_id);
                AuthenticateServerResponse::AuthenticateResponseOk(self.sign(request))
            }
            Err(authenticate_error_code) => {
                AuthenticateServerResponse::AuthenticateResponseError(AuthenticateResponseError {
                    transaction_id,
                    authenticate_error_code,
                    unknown,
                })
            }
        })
    }

    fn verify(&self, request: &AuthenticateServerRequest) -> Result<(), AuthenticateErrorCode> {
        type Code = AuthenticateErrorCode;
        let certificate = Certificate::from_der(request.server_certificate.raw());
        let certificate = certificate.map_err(|_| Code::INVALID_CERTIFICATE)?;
        if certificate.authority_key_identifier() != Some(self.anchor.key_identifier()) {
            return Err(Code::CI_PK_UNKNOWN);
        }
        let role = if certificate.role() == Some(Role::DsAuth) { Role::DsAuth } else { Role::DpAuth };
        verify_server_certificate(&certificate, role, &self.anchor, Some(NOW), &mut |_| ())
            .map_err(|_| Code::INVALID_CERTIFICATE)?;
        let signature = Signature::from_bytes(request.server_signature1.bytes()).unwrap();
        let signed = request.server_signed1.bytes();
        certificate.public_key().verify(ENGINE, signed, &signature).map_err(|_| Code::INVALID_SIGNATURE)?;
        if request.server_signed1.euicc_challenge.bytes() != &[self.challenges; 16] {
            return Err(Code::EUICC_CHALLENGE_MISMATCH);
        }
        Ok(())
    }

    fn sign(&self, request: &AuthenticateServerRequest) -> AuthenticateResponseOk {
        let server = &request.server_signed1;
        let euicc_signed1 = Raw::new(EuiccSigned1 {
            transaction_id: server.transaction_id.clone(),
            server_address: server.server_address.clone(),
            server_challenge: server.server_challenge,
            euicc_info2: self.info2(),
            ctx_params1: request.ctx_params1.clone(),
            unknown: Unknown::none(),
        });
        AuthenticateResponseOk {
            euicc_signature1: self.signature(euicc_signed1.bytes()),
            euicc_signed1,
            euicc_certificate: self.identity.certificate().to_asn1(),
            eum_certificate: self.eum.to_asn1(),
            unknown: Unknown::none(),
        }
    }

    fn cancel(&mut self, request: &CancelSessionRequest) -> Vec<u8> {
        assert_eq!(Some(&request.transaction_id), self.session.as_ref());
        self.session = None;
        let signed = Raw::new(EuiccCancelSessionSigned {
            transaction_id: request.transaction_id.clone(),
            smdp_oid: common::smdp_oid(),
            reason: request.reason,
            unknown: Unknown::none(),
        });
        der::encode(&CancelSessionResponse::CancelSessionResponseOk(CancelSessionResponseOk {
            euicc_cancel_session_signature: self.signature(signed.bytes()),
            euicc_cancel_session_signed: signed,
            unknown: Unknown::none(),
        }))
    }

    fn signature(&self, signed: &[u8]) -> SignatureTlv {
        SignatureTlv::new(*self.identity.key().sign(signed).unwrap().as_bytes()).unwrap()
    }
}
