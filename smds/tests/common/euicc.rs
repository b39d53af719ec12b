//! An eUICC that answers an SM-DS: step by step, so that a test can change what is signed, or what is sent.
//!
//! It verifies what servers send with code of its own, and computes with the other engine than the server.

use asn1::{
    AuthenticateClientRequest, AuthenticateResponseError, AuthenticateResponseOk, AuthenticateServerResponse,
    CtxParams1, CtxParamsForCommonAuthentication, DeviceCapabilities, DeviceInfo, EuiccInfo1, EuiccInfo2,
    EuiccSigned1, InitiateAuthenticationOkEs9, InitiateAuthenticationRequest, Octet4, Octet16, Raw,
    SignatureTlv, TransactionId, UiccCapability, VersionType,
};
use certs::chain::verify_server_certificate;
use certs::workshop::Holder;
use certs::{Role, UnixTime};
use crypto::{Curve, Engine, Signature, SigningKey};
use protocol::types::Eid;

use super::pki::{self, Authority, NOW, authority, parsed};
use super::server::ADDRESS;

pub struct Euicc {
    pub eid: Eid,
    pub curve: Curve,
    pub key: SigningKey,
    pub certificate: asn1::Certificate,
    pub eum_certificate: asn1::Certificate,
    pub challenge: Octet16,
    pub info1: EuiccInfo1,
    pub info2: EuiccInfo2,
}

/// The EID with this number among those of the EUM.
pub fn eid(number: u32) -> Eid {
    let thirty = format!("{}{number:022}", pki::ISSUER_DIGITS);
    Eid::from_bytes(certs::eid::with_check_digits(&thirty).unwrap()).unwrap()
}

impl Euicc {
    /// An eUICC of the EUM that the servers trust on this curve.
    pub fn new(curve: Curve, number: u32) -> Self {
        Self::of(authority(curve), number)
    }

    pub fn of(authority: &Authority, number: u32) -> Self {
        let eid = eid(number);
        let identity = pki::workshop(1000 + u64::from(number), |workshop| {
            workshop.issue(&authority.eum, &Holder::Euicc(eid.as_bytes())).unwrap()
        });
        let cis = vec![authority.ci_id()];
        let svn = VersionType::new(2, 2, 0);
        Self {
            eid,
            curve: authority.curve,
            key: identity.key().clone(),
            certificate: identity.certificate().to_asn1(),
            eum_certificate: authority.eum.certificate().to_asn1(),
            challenge: Octet16::from([u8::try_from(number % 251).unwrap(); 16]),
            info1: EuiccInfo1 {
                svn,
                euicc_ci_pk_id_list_for_verification: cis.clone(),
                euicc_ci_pk_id_list_for_signing: cis.clone(),
                unknown: Default::default(),
            },
            info2: info2(svn, cis),
        }
    }

    /// Pretends to know other CIs than it has certificates of.
    pub fn set_cis(&mut self, cis: Vec<asn1::SubjectKeyIdentifier>) {
        self.info1.euicc_ci_pk_id_list_for_verification = cis.clone();
        self.info1.euicc_ci_pk_id_list_for_signing = cis.clone();
        self.info2.euicc_ci_pk_id_list_for_verification = cis.clone();
        self.info2.euicc_ci_pk_id_list_for_signing = cis;
    }

    /// The request to the SM-DS that has the usual address.
    pub fn initiate(&self) -> InitiateAuthenticationRequest {
        self.initiate_at(ADDRESS)
    }

    pub fn initiate_at(&self, address: &str) -> InitiateAuthenticationRequest {
        InitiateAuthenticationRequest {
            euicc_challenge: self.challenge,
            smdp_address: address.to_owned(),
            euicc_info1: Raw::new(self.info1.clone()),
            unknown: Default::default(),
        }
    }

    /// The checks of SGP.22 §5.7.13 and of §3.1.2 step 10 on an SM-DS.
    pub fn verify_server(&self, answer: &InitiateAuthenticationOkEs9, server: &Authority) {
        let certificate = parsed(&answer.server_certificate);
        let now = Some(UnixTime(NOW));
        verify_server_certificate(&certificate, Role::DsAuth, &server.anchor(), now, &mut |_| ()).unwrap();
        let signature = Signature::from_bytes(answer.server_signature1.bytes()).unwrap();
        certificate
            .public_key()
            .verify(Engine::RustCrypto, answer.server_signed1.bytes(), &signature)
            .unwrap();
        assert_eq!(answer.server_signed1.transaction_id, answer.transaction_id);
        assert_eq!(answer.server_signed1.euicc_challenge, self.challenge);
    }

    /// What the eUICC signs; the MatchingID is an EventID, or none.
    pub fn signed1(
        &self,
        initiated: &InitiateAuthenticationOkEs9,
        matching_id: Option<&str>,
    ) -> EuiccSigned1 {
        let signed = &initiated.server_signed1;
        EuiccSigned1 {
            transaction_id: signed.transaction_id.clone(),
            server_address: signed.server_address.clone(),
            server_challenge: signed.server_challenge,
            euicc_info2: self.info2.clone(),
            ctx_params1: Raw::new(CtxParams1::CtxParamsForCommonAuthentication(
                CtxParamsForCommonAuthentication {
                    matching_id: matching_id.map(str::to_owned),
                    device_info: DeviceInfo {
                        tac: Octet4::from([0x35, 0x29, 0x06, 0x11]),
                        device_capabilities: DeviceCapabilities::default(),
                        imei: None,
                        unknown: Default::default(),
                    },
                    unknown: Default::default(),
                },
            )),
            unknown: Default::default(),
        }
    }

    pub fn sign1(&self, signed: EuiccSigned1) -> AuthenticateResponseOk {
        let euicc_signed1 = Raw::new(signed);
        let signature = self.key.sign(euicc_signed1.bytes()).unwrap();
        AuthenticateResponseOk {
            euicc_signature1: SignatureTlv::new(signature.as_bytes().as_slice()).unwrap(),
            euicc_signed1,
            euicc_certificate: self.certificate.clone(),
            eum_certificate: self.eum_certificate.clone(),
            unknown: Default::default(),
        }
    }

    pub fn authenticate(
        &self,
        initiated: &InitiateAuthenticationOkEs9,
        matching_id: Option<&str>,
    ) -> AuthenticateClientRequest {
        client_request(&initiated.transaction_id, self.sign1(self.signed1(initiated, matching_id)))
    }
}

fn info2(svn: VersionType, cis: Vec<asn1::SubjectKeyIdentifier>) -> EuiccInfo2 {
    EuiccInfo2 {
        profile_version: VersionType::new(2, 1, 0),
        svn,
        euicc_firmware_ver: VersionType::new(4, 6, 0),
        ext_card_resource: vec![0x81, 1, 0, 0x82, 4, 0, 0x0A, 0, 0, 0x83, 2, 0x10, 0].into(),
        uicc_capability: UiccCapability::of([UiccCapability::USIM_SUPPORT]),
        ts102241_version: None,
        globalplatform_version: None,
        rsp_capability: Default::default(),
        euicc_ci_pk_id_list_for_verification: cis.clone(),
        euicc_ci_pk_id_list_for_signing: cis,
        euicc_category: None,
        forbidden_profile_policy_rules: None,
        pp_version: VersionType::new(0, 0, 1),
        sas_acreditation_number: "TEST".parse().unwrap(),
        certification_data_object: None,
        tre_properties: None,
        tre_product_reference: None,
        additional_euicc_profile_package_versions: None,
        unknown: Default::default(),
    }
}

pub fn client_request(
    transaction_id: &TransactionId,
    answer: AuthenticateResponseOk,
) -> AuthenticateClientRequest {
    raw_client_request(transaction_id, AuthenticateServerResponse::AuthenticateResponseOk(answer))
}

/// An eUICC that did not believe the server.
pub fn client_error(transaction_id: &TransactionId) -> AuthenticateClientRequest {
    let error = AuthenticateResponseError {
        transaction_id: transaction_id.clone(),
        authenticate_error_code: asn1::AuthenticateErrorCode::INVALID_SIGNATURE,
        unknown: Default::default(),
    };
    raw_client_request(transaction_id, AuthenticateServerResponse::AuthenticateResponseError(error))
}

fn raw_client_request(
    transaction_id: &TransactionId,
    response: AuthenticateServerResponse,
) -> AuthenticateClientRequest {
    AuthenticateClientRequest {
        transaction_id: transaction_id.clone(),
        authenticate_server_response: Raw::new(response),
        use_matching_id_for_acr: None,
        unknown: Default::default(),
    }
}
