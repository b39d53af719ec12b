//! An eUICC, as far as a server can tell, that believes everything it is told.
//!
//! It has a certificate and signs what the download procedure asks for. It verifies nothing and opens no package, so that it costs
//! a server's peer three signatures and little else.

use anyhow::{Context, Result};
use asn1::{
    AuthenticateClientOk, AuthenticateClientRequest, AuthenticateResponseOk, AuthenticateServerResponse,
    CancelSessionReason, CancelSessionRequestEs9, CancelSessionResponse, CancelSessionResponseOk, CtxParams1,
    CtxParamsForCommonAuthentication, DeviceCapabilities, DeviceInfo, EuiccCancelSessionSigned, EuiccInfo1,
    EuiccInfo2, EuiccSigned1, EuiccSigned2, FinalResult, GetBoundProfilePackageRequest, HandleNotification,
    Iccid, InitiateAuthenticationOkEs9, InitiateAuthenticationRequest, NotificationEvent,
    NotificationMetadata, Octet4, Octet16, Otpk, PendingNotification, PrepareDownloadResponse,
    PrepareDownloadResponseOk, ProfileInstallationResult, ProfileInstallationResultData, Raw, SignatureTlv,
    SubjectKeyIdentifier, SuccessResult, TransactionId, UiccCapability, VersionType, tlv,
};
use certs::workshop::{Factory, Workshop};
use certs::{Identity, Oid};
use crypto::{Engine, OneTimeKey, SigningKey};
use protocol::types::Eid;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

/// One eUICC.
pub struct Euicc {
    eid: Eid,
    key: SigningKey,
    certificate: asn1::Certificate,
    eum_certificate: asn1::Certificate,
    info1: Raw<EuiccInfo1>,
    info2: EuiccInfo2,
    one_time_key: OneTimeKey,
}

impl Euicc {
    /// The eUICC with this number that a factory with a key on one curve makes. What it signs is computed by AWS-LC where that
    /// knows the curve.
    ///
    /// # Errors
    /// Where the number is beyond those that the EUM may give.
    pub fn made_by(factory: &Factory, number: u64) -> Result<Self> {
        let mut rng = ChaCha20Rng::seed_from_u64(number);
        let eid = factory.eid(number.into())?;
        let made = factory.euicc(&mut Workshop::new(super::pki::NOW, &mut rng), &eid)?;
        let (eum, identity) = factory.eums().iter().zip(made).next().context("a factory without a key")?;
        Self::new(identity, eum, &mut rng)
    }

    /// The eUICC whose certificate and key these are.
    ///
    /// # Errors
    /// Where the certificate has no EID, or names no CI.
    pub fn new(identity: Identity, eum: &Identity, rng: &mut ChaCha20Rng) -> Result<Self> {
        let (certificate, curve) = (identity.certificate(), identity.key().curve());
        let eid = Eid::from_bytes(certificate.eid().context("a CERT.EUICC without an EID")?)?;
        let ci = eum.certificate().authority_key_identifier().context("a CERT.EUM that names no CI")?.clone();
        let svn = VersionType::new(2, 2, 2);
        Ok(Self {
            eid,
            key: SigningKey::from_scalar(Engine::AwsLc, curve, &*identity.key().to_scalar()?)?,
            certificate: certificate.to_asn1(),
            eum_certificate: eum.certificate().to_asn1(),
            info1: Raw::new(EuiccInfo1 {
                svn,
                euicc_ci_pk_id_list_for_verification: vec![ci.clone()],
                euicc_ci_pk_id_list_for_signing: vec![ci.clone()],
                unknown: Default::default(),
            }),
            info2: info2(svn, ci),
            one_time_key: OneTimeKey::generate(Engine::AwsLc, curve, rng)?,
        })
    }

    /// The EID.
    pub fn eid(&self) -> &Eid {
        &self.eid
    }

    /// otPK.EUICC.ECKA with its private half: the same for each download.
    pub fn one_time_key(&self) -> &OneTimeKey {
        &self.one_time_key
    }

    /// ES9+.InitiateAuthentication with this challenge.
    pub fn initiate(&self, server_address: &str, challenge: [u8; 16]) -> InitiateAuthenticationRequest {
        InitiateAuthenticationRequest {
            euicc_challenge: Octet16::from(challenge),
            smdp_address: server_address.to_owned(),
            euicc_info1: self.info1.clone(),
            unknown: Default::default(),
        }
    }

    /// ES9+.AuthenticateClient (SGP.22 §5.7.13).
    ///
    /// # Errors
    /// Where the engine fails.
    pub fn authenticate(
        &self,
        initiated: &InitiateAuthenticationOkEs9,
        matching_id: Option<&str>,
    ) -> Result<AuthenticateClientRequest> {
        let signed = &initiated.server_signed1;
        let device_info = DeviceInfo {
            tac: Octet4::from([0x35, 0x29, 0x06, 0x11]),
            device_capabilities: DeviceCapabilities::default(),
            imei: None,
            unknown: Default::default(),
        };
        let ctx_params1 = CtxParams1::CtxParamsForCommonAuthentication(CtxParamsForCommonAuthentication {
            matching_id: matching_id.map(str::to_owned),
            device_info,
            unknown: Default::default(),
        });
        let euicc_signed1 = Raw::new(EuiccSigned1 {
            transaction_id: signed.transaction_id.clone(),
            server_address: signed.server_address.clone(),
            server_challenge: signed.server_challenge,
            euicc_info2: self.info2.clone(),
            ctx_params1: Raw::new(ctx_params1),
            unknown: Default::default(),
        });
        let answer = AuthenticateResponseOk {
            euicc_signature1: self.sign(euicc_signed1.bytes())?,
            euicc_signed1,
            euicc_certificate: self.certificate.clone(),
            eum_certificate: self.eum_certificate.clone(),
            unknown: Default::default(),
        };
        Ok(AuthenticateClientRequest {
            transaction_id: initiated.transaction_id.clone(),
            authenticate_server_response: Raw::new(AuthenticateServerResponse::AuthenticateResponseOk(
                answer,
            )),
            use_matching_id_for_acr: None,
            unknown: Default::default(),
        })
    }

    /// ES9+.GetBoundProfilePackage (SGP.22 §5.7.5), for an order without a confirmation code.
    ///
    /// # Errors
    /// Where the engine fails.
    pub fn prepare(&self, offer: &AuthenticateClientOk) -> Result<GetBoundProfilePackageRequest> {
        let euicc_signed2 = Raw::new(EuiccSigned2 {
            transaction_id: offer.transaction_id.clone(),
            euicc_otpk: Otpk::new(self.one_time_key.public_key().point().as_slice())?,
            hash_cc: None,
            unknown: Default::default(),
        });
        let covered = [euicc_signed2.bytes(), &tlv::wrap(0x5F37, offer.smdp_signature2.bytes())].concat();
        let answer = PrepareDownloadResponseOk {
            euicc_signature2: self.sign(&covered)?,
            euicc_signed2,
            unknown: Default::default(),
        };
        Ok(GetBoundProfilePackageRequest {
            transaction_id: offer.transaction_id.clone(),
            prepare_download_response: Raw::new(PrepareDownloadResponse::DownloadResponseOk(answer)),
            unknown: Default::default(),
        })
    }

    /// ES9+.HandleNotification: the profile of the session is installed (SGP.22 §2.5.6). `smdp_oid` is that of CERT.DPpb.
    ///
    /// # Errors
    /// Where the engine fails.
    pub fn installed(
        &self,
        transaction_id: &TransactionId,
        iccid: Iccid,
        server_address: &str,
        smdp_oid: &Oid,
        sequence_number: u64,
    ) -> Result<HandleNotification> {
        const ISD_P: [u8; 16] =
            [0xA0, 0, 0, 5, 0x59, 0x10, 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0x89, 0, 0, 0x11, 0];
        const SIMA_RESPONSE_OK: [u8; 9] = [0x30, 7, 0xA0, 5, 0x30, 3, 0x80, 1, 0];
        let data = Raw::new(ProfileInstallationResultData {
            transaction_id: transaction_id.clone(),
            notification_metadata: NotificationMetadata {
                seq_number: sequence_number,
                profile_management_operation: NotificationEvent::of([NotificationEvent::INSTALL]),
                notification_address: server_address.to_owned(),
                iccid: Some(iccid),
                unknown: Default::default(),
            },
            smdp_oid: smdp_oid.clone(),
            final_result: FinalResult::SuccessResult(SuccessResult {
                aid: asn1::Aid::new(ISD_P.as_slice())?,
                sima_response: asn1::SimaResponse::new(SIMA_RESPONSE_OK.as_slice())?,
                unknown: Default::default(),
            }),
            unknown: Default::default(),
        });
        let result = ProfileInstallationResult {
            euicc_sign_pir: self.sign(data.bytes())?,
            profile_installation_result_data: data,
            unknown: Default::default(),
        };
        Ok(HandleNotification {
            pending_notification: Raw::new(PendingNotification::ProfileInstallationResult(Raw::new(result))),
            unknown: Default::default(),
        })
    }

    /// ES9+.CancelSession (SGP.22 §5.7.14). `smdp_oid` is that of CERT.DPauth.
    ///
    /// # Errors
    /// Where the engine fails.
    pub fn cancel(
        &self,
        transaction_id: &TransactionId,
        smdp_oid: &Oid,
        reason: CancelSessionReason,
    ) -> Result<CancelSessionRequestEs9> {
        let signed = Raw::new(EuiccCancelSessionSigned {
            transaction_id: transaction_id.clone(),
            smdp_oid: smdp_oid.clone(),
            reason,
            unknown: Default::default(),
        });
        let answer = CancelSessionResponseOk {
            euicc_cancel_session_signature: self.sign(signed.bytes())?,
            euicc_cancel_session_signed: signed,
            unknown: Default::default(),
        };
        Ok(CancelSessionRequestEs9 {
            transaction_id: transaction_id.clone(),
            cancel_session_response: Raw::new(CancelSessionResponse::CancelSessionResponseOk(answer)),
            unknown: Default::default(),
        })
    }

    fn sign(&self, message: &[u8]) -> Result<SignatureTlv> {
        Ok(SignatureTlv::new(self.key.sign(message)?.as_bytes().as_slice())?)
    }
}

fn info2(svn: VersionType, ci: SubjectKeyIdentifier) -> EuiccInfo2 {
    /// ETSI TS 102 226 §8.2.1.7.2: no application, 640 KB of free non-volatile memory, 4 KB of volatile memory.
    const RESOURCES: [u8; 13] = [0x81, 1, 0, 0x82, 4, 0, 0x0A, 0, 0, 0x83, 2, 0x10, 0];
    EuiccInfo2 {
        profile_version: VersionType::new(2, 3, 1),
        svn,
        euicc_firmware_ver: VersionType::new(1, 0, 0),
        ext_card_resource: RESOURCES.to_vec().into(),
        uicc_capability: UiccCapability::of([UiccCapability::USIM_SUPPORT, UiccCapability::AKA_MILENAGE]),
        ts102241_version: None,
        globalplatform_version: None,
        rsp_capability: Default::default(),
        euicc_ci_pk_id_list_for_verification: vec![ci.clone()],
        euicc_ci_pk_id_list_for_signing: vec![ci],
        euicc_category: None,
        forbidden_profile_policy_rules: None,
        pp_version: VersionType::new(0, 0, 1),
        sas_acreditation_number: "TEST".parse().unwrap_or_default(),
        certification_data_object: None,
        tre_properties: None,
        tre_product_reference: None,
        additional_euicc_profile_package_versions: None,
        unknown: Default::default(),
    }
}
