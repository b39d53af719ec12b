//! An eUICC that answers a server: step by step, so that a test can change what is signed, or what is sent.
//!
//! Each answer is made in three steps: the object to be signed, the signed answer, the message that carries it. It
//! verifies what servers send with code of its own, and computes with the other engine than the server.

use asn1::{
    AuthenticateClientOk, AuthenticateClientRequest, AuthenticateResponseError, AuthenticateResponseOk,
    AuthenticateServerResponse, CancelSessionReason, CancelSessionRequestEs9, CancelSessionResponse,
    CancelSessionResponseOk, CtxParams1, CtxParamsForCommonAuthentication, DeviceCapabilities, DeviceInfo,
    ErrorReason, ErrorResult, EuiccCancelSessionSigned, EuiccInfo1, EuiccInfo2, EuiccSigned1, EuiccSigned2,
    FinalResult, GetBoundProfilePackageRequest, HandleNotification, Iccid, InitiateAuthenticationOkEs9,
    InitiateAuthenticationRequest, NotificationEvent, NotificationMetadata, Octet4, Octet16, Octet32,
    OtherSignedNotification, Otpk, PendingNotification, PrepareDownloadResponse,
    PrepareDownloadResponseError, PrepareDownloadResponseOk, ProfileInstallationResult,
    ProfileInstallationResultData, Raw, SignatureTlv, SuccessResult, TransactionId, UiccCapability,
    VersionType,
};
use certs::chain::verify_server_certificate;
use certs::workshop::Holder;
use certs::{Role, UnixTime};
use crypto::{Curve, Engine, OneTimeKey, Signature, SigningKey};
use protocol::types::Eid;
use sha2::{Digest, Sha256};

use super::pki::{self, Authority, NOW, authority, parsed};

/// The address that the tests' server has.
pub const ADDRESS: &str = "smdp.example.com";

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

/// otSK.EUICC with its public half; another number makes another key.
pub fn one_time_key(curve: Curve, number: u8) -> OneTimeKey {
    OneTimeKey::from_scalar(Engine::RustCrypto, curve, &[number; 32]).unwrap()
}

/// SHA-256(SHA-256(code) ‖ transactionId), as the LPA computes it (SGP.22 §3.1.3 step 8).
pub fn hash_cc(code: &str, transaction_id: &TransactionId) -> Octet32 {
    let inner = Sha256::digest(code.as_bytes());
    let outer: [u8; 32] =
        Sha256::new().chain_update(inner).chain_update(transaction_id.bytes()).finalize().into();
    Octet32::from(outer)
}

impl Euicc {
    /// An eUICC of the EUM that the server trusts on this curve.
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

    /// Says the same in both information objects.
    pub fn set_cis(
        &mut self,
        verification: Vec<asn1::SubjectKeyIdentifier>,
        signing: Vec<asn1::SubjectKeyIdentifier>,
    ) {
        self.info1.euicc_ci_pk_id_list_for_verification = verification.clone();
        self.info1.euicc_ci_pk_id_list_for_signing = signing.clone();
        self.info2.euicc_ci_pk_id_list_for_verification = verification;
        self.info2.euicc_ci_pk_id_list_for_signing = signing;
    }

    // InitiateAuthentication

    pub fn initiate(&self) -> InitiateAuthenticationRequest {
        InitiateAuthenticationRequest {
            euicc_challenge: self.challenge,
            smdp_address: ADDRESS.to_owned(),
            euicc_info1: Raw::new(self.info1.clone()),
            unknown: Default::default(),
        }
    }

    /// The checks of SGP.22 §5.7.13 and of §3.1.2 step 10, and the session's name.
    pub fn verify_server(&self, answer: &InitiateAuthenticationOkEs9, server: &Authority) {
        let certificate = parsed(&answer.server_certificate);
        let now = Some(UnixTime(NOW));
        verify_server_certificate(&certificate, Role::DpAuth, &server.anchor(), now, &mut |_| ()).unwrap();
        let signature = Signature::from_bytes(answer.server_signature1.bytes()).unwrap();
        certificate
            .public_key()
            .verify(Engine::RustCrypto, answer.server_signed1.bytes(), &signature)
            .unwrap();
        assert_eq!(answer.server_signed1.transaction_id, answer.transaction_id);
        assert_eq!(answer.server_signed1.euicc_challenge, self.challenge);
    }

    // AuthenticateClient

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

    pub fn sign1(&self, signed: impl Into<Raw<EuiccSigned1>>) -> AuthenticateResponseOk {
        let euicc_signed1 = signed.into();
        AuthenticateResponseOk {
            euicc_signature1: self.sign(euicc_signed1.bytes()),
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

    /// The checks of SGP.22 §5.7.5 that come before the confirmation code.
    pub fn verify_offer(
        &self,
        request: &AuthenticateClientRequest,
        offer: &AuthenticateClientOk,
        server: &Authority,
    ) {
        let certificate = parsed(&offer.smdp_certificate);
        let now = Some(UnixTime(NOW));
        verify_server_certificate(&certificate, Role::DpPb, &server.anchor(), now, &mut |_| ()).unwrap();
        let auth = server.server.auth.certificate();
        assert_eq!(certificate.registered_ids(), auth.registered_ids(), "DPauth and DPpb have one owner");
        let AuthenticateServerResponse::AuthenticateResponseOk(answer) =
            request.authenticate_server_response.value()
        else {
            panic!("an offer to an eUICC that refused the server");
        };
        let mut covered = offer.smdp_signed2.bytes().to_vec();
        covered.extend([0x5F, 0x37, 0x40]);
        covered.extend(answer.euicc_signature1.bytes());
        let signature = Signature::from_bytes(offer.smdp_signature2.bytes()).unwrap();
        certificate.public_key().verify(Engine::RustCrypto, &covered, &signature).unwrap();
        assert_eq!(offer.transaction_id, request.transaction_id);
        assert_eq!(offer.smdp_signed2.transaction_id, request.transaction_id);
    }

    // GetBoundProfilePackage

    pub fn signed2(&self, offer: &AuthenticateClientOk, key: &OneTimeKey) -> EuiccSigned2 {
        EuiccSigned2 {
            transaction_id: offer.transaction_id.clone(),
            euicc_otpk: Otpk::new(key.public_key().point().as_slice()).unwrap(),
            hash_cc: None,
            unknown: Default::default(),
        }
    }

    pub fn sign2(
        &self,
        signed: impl Into<Raw<EuiccSigned2>>,
        smdp_signature2: &SignatureTlv,
    ) -> PrepareDownloadResponseOk {
        let euicc_signed2 = signed.into();
        let mut covered = euicc_signed2.bytes().to_vec();
        covered.extend([0x5F, 0x37, 0x40]);
        covered.extend(smdp_signature2.bytes());
        PrepareDownloadResponseOk {
            euicc_signature2: self.sign(&covered),
            euicc_signed2,
            unknown: Default::default(),
        }
    }

    pub fn prepare(&self, offer: &AuthenticateClientOk, key: &OneTimeKey) -> GetBoundProfilePackageRequest {
        package_request(&offer.transaction_id, self.sign2(self.signed2(offer, key), &offer.smdp_signature2))
    }

    pub fn prepare_with_code(
        &self,
        offer: &AuthenticateClientOk,
        key: &OneTimeKey,
        code: &str,
    ) -> GetBoundProfilePackageRequest {
        let hash_cc = Some(hash_cc(code, &offer.transaction_id));
        let signed = EuiccSigned2 { hash_cc, ..self.signed2(offer, key) };
        package_request(&offer.transaction_id, self.sign2(signed, &offer.smdp_signature2))
    }

    // CancelSession

    pub fn cancel_signed(
        &self,
        transaction_id: &TransactionId,
        reason: CancelSessionReason,
    ) -> EuiccCancelSessionSigned {
        EuiccCancelSessionSigned {
            transaction_id: transaction_id.clone(),
            smdp_oid: authority(self.curve).server.oid().unwrap().clone(),
            reason,
            unknown: Default::default(),
        }
    }

    pub fn sign_cancel(&self, signed: impl Into<Raw<EuiccCancelSessionSigned>>) -> CancelSessionResponseOk {
        let euicc_cancel_session_signed = signed.into();
        CancelSessionResponseOk {
            euicc_cancel_session_signature: self.sign(euicc_cancel_session_signed.bytes()),
            euicc_cancel_session_signed,
            unknown: Default::default(),
        }
    }

    pub fn cancel(
        &self,
        transaction_id: &TransactionId,
        reason: CancelSessionReason,
    ) -> CancelSessionRequestEs9 {
        cancel_request(transaction_id, self.sign_cancel(self.cancel_signed(transaction_id, reason)))
    }

    // HandleNotification

    pub fn installation(
        &self,
        transaction_id: &TransactionId,
        sequence_number: u64,
        final_result: FinalResult,
    ) -> ProfileInstallationResultData {
        ProfileInstallationResultData {
            transaction_id: transaction_id.clone(),
            notification_metadata: metadata(sequence_number, NotificationEvent::INSTALL),
            smdp_oid: authority(self.curve).server.oid().unwrap().clone(),
            final_result,
            unknown: Default::default(),
        }
    }

    pub fn sign_installation(
        &self,
        data: impl Into<Raw<ProfileInstallationResultData>>,
    ) -> ProfileInstallationResult {
        let profile_installation_result_data = data.into();
        ProfileInstallationResult {
            euicc_sign_pir: self.sign(profile_installation_result_data.bytes()),
            profile_installation_result_data,
            unknown: Default::default(),
        }
    }

    pub fn installed(&self, transaction_id: &TransactionId, sequence_number: u64) -> HandleNotification {
        let data = self.installation(transaction_id, sequence_number, success());
        installation_notification(self.sign_installation(data))
    }

    pub fn not_installed(
        &self,
        transaction_id: &TransactionId,
        sequence_number: u64,
        reason: ErrorReason,
    ) -> HandleNotification {
        let data = self.installation(transaction_id, sequence_number, failure(reason));
        installation_notification(self.sign_installation(data))
    }

    pub fn other_notification(&self, metadata: NotificationMetadata) -> OtherSignedNotification {
        let tbs_other_notification = Raw::new(metadata);
        OtherSignedNotification {
            euicc_notification_signature: self.sign(tbs_other_notification.bytes()),
            tbs_other_notification,
            euicc_certificate: self.certificate.clone(),
            eum_certificate: self.eum_certificate.clone(),
            unknown: Default::default(),
        }
    }

    pub fn sign(&self, message: &[u8]) -> SignatureTlv {
        SignatureTlv::new(self.key.sign(message).unwrap().as_bytes().as_slice()).unwrap()
    }
}

fn info2(svn: VersionType, cis: Vec<asn1::SubjectKeyIdentifier>) -> EuiccInfo2 {
    EuiccInfo2 {
        profile_version: VersionType::new(2, 1, 0),
        svn,
        euicc_firmware_ver: VersionType::new(4, 6, 0),
        ext_card_resource: resources(0x000A_0000),
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

/// Extended card resources (ETSI TS 102 226 §8.2.1.7.2) with so much free non-volatile memory.
pub fn resources(free: u32) -> asn1::OctetString {
    let mut tlvs = vec![0x81, 1, 0, 0x82, 4];
    tlvs.extend(free.to_be_bytes());
    tlvs.extend([0x83, 2, 0x10, 0]);
    tlvs.into()
}

pub fn client_request(
    transaction_id: &TransactionId,
    answer: AuthenticateResponseOk,
) -> AuthenticateClientRequest {
    let response = AuthenticateServerResponse::AuthenticateResponseOk(answer);
    raw_client_request(transaction_id, Raw::new(response))
}

pub fn raw_client_request(
    transaction_id: &TransactionId,
    authenticate_server_response: Raw<AuthenticateServerResponse>,
) -> AuthenticateClientRequest {
    AuthenticateClientRequest {
        transaction_id: transaction_id.clone(),
        authenticate_server_response,
        use_matching_id_for_acr: None,
        unknown: Default::default(),
    }
}

/// An eUICC that did not believe the server.
pub fn client_error(transaction_id: &TransactionId) -> AuthenticateClientRequest {
    let error = AuthenticateResponseError {
        transaction_id: transaction_id.clone(),
        authenticate_error_code: asn1::AuthenticateErrorCode::INVALID_SIGNATURE,
        unknown: Default::default(),
    };
    raw_client_request(transaction_id, Raw::new(AuthenticateServerResponse::AuthenticateResponseError(error)))
}

pub fn package_request(
    transaction_id: &TransactionId,
    answer: PrepareDownloadResponseOk,
) -> GetBoundProfilePackageRequest {
    raw_package_request(transaction_id, Raw::new(PrepareDownloadResponse::DownloadResponseOk(answer)))
}

pub fn raw_package_request(
    transaction_id: &TransactionId,
    prepare_download_response: Raw<PrepareDownloadResponse>,
) -> GetBoundProfilePackageRequest {
    GetBoundProfilePackageRequest {
        transaction_id: transaction_id.clone(),
        prepare_download_response,
        unknown: Default::default(),
    }
}

/// An eUICC that did not believe the offer.
pub fn package_error(transaction_id: &TransactionId) -> GetBoundProfilePackageRequest {
    let error = PrepareDownloadResponseError {
        transaction_id: transaction_id.clone(),
        download_error_code: asn1::DownloadErrorCode::INVALID_SIGNATURE,
        unknown: Default::default(),
    };
    raw_package_request(transaction_id, Raw::new(PrepareDownloadResponse::DownloadResponseError(error)))
}

pub fn cancel_request(
    transaction_id: &TransactionId,
    answer: CancelSessionResponseOk,
) -> CancelSessionRequestEs9 {
    raw_cancel_request(transaction_id, Raw::new(CancelSessionResponse::CancelSessionResponseOk(answer)))
}

pub fn raw_cancel_request(
    transaction_id: &TransactionId,
    cancel_session_response: Raw<CancelSessionResponse>,
) -> CancelSessionRequestEs9 {
    CancelSessionRequestEs9 {
        transaction_id: transaction_id.clone(),
        cancel_session_response,
        unknown: Default::default(),
    }
}

/// An eUICC that did not cancel.
pub fn cancel_error(transaction_id: &TransactionId) -> CancelSessionRequestEs9 {
    let code = asn1::CancelSessionResponseError::INVALID_TRANSACTION_ID;
    raw_cancel_request(transaction_id, Raw::new(CancelSessionResponse::CancelSessionResponseError(code)))
}

pub fn metadata(sequence_number: u64, event: usize) -> NotificationMetadata {
    NotificationMetadata {
        seq_number: sequence_number,
        profile_management_operation: NotificationEvent::of([event]),
        notification_address: ADDRESS.to_owned(),
        iccid: Some("8901000000000000018".parse::<Iccid>().unwrap()),
        unknown: Default::default(),
    }
}

pub fn success() -> FinalResult {
    let aid = [0xA0, 0, 0, 5, 0x59, 0x10, 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0x89, 0, 0, 0x11, 0];
    FinalResult::SuccessResult(SuccessResult {
        aid: asn1::Aid::new(aid.as_slice()).unwrap(),
        sima_response: asn1::SimaResponse::new([0x30, 7, 0xA0, 5, 0x30, 3, 0x80, 1, 0].as_slice()).unwrap(),
        unknown: Default::default(),
    })
}

pub fn failure(reason: ErrorReason) -> FinalResult {
    FinalResult::ErrorResult(ErrorResult {
        bpp_command_id: asn1::BppCommandId::LOAD_PROFILE_ELEMENTS,
        error_reason: reason,
        sima_response: None,
        unknown: Default::default(),
    })
}

pub fn installation_notification(result: ProfileInstallationResult) -> HandleNotification {
    pending(PendingNotification::ProfileInstallationResult(Raw::new(result)))
}

pub fn notification(other: OtherSignedNotification) -> HandleNotification {
    pending(PendingNotification::OtherSignedNotification(Raw::new(other)))
}

fn pending(notification: PendingNotification) -> HandleNotification {
    HandleNotification { pending_notification: Raw::new(notification), unknown: Default::default() }
}
