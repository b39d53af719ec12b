//! `ES10b.AuthenticateServer` (SGP.22 §5.7.13).

use rasn::{AsnType, Decode, Decoder, Encode};

use crate::types::{
    AuthenticateErrorCode, Certificate, DeviceInfo, EuiccInfo2, Octet16, SignatureTlv, SubjectKeyIdentifier,
    TransactionId,
};
use crate::{Raw, Unknown};

/// `AuthenticateServerRequest` `BF38` (SGP.22 §5.7.13).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 56))]
pub struct AuthenticateServerRequest {
    /// `serverSigned1`.
    pub server_signed1: Raw<ServerSigned1>,
    /// `serverSignature1`: over `serverSigned1`.
    pub server_signature1: SignatureTlv,
    /// `euiccCiPKIdToBeUsed`: the CI under which the eUICC shall sign.
    pub euicc_ci_pk_id_to_be_used: SubjectKeyIdentifier,
    /// `serverCertificate`: CERT.DPauth or CERT.DSauth.
    pub server_certificate: Certificate,
    /// `ctxParams1`: the eUICC copies these bytes into what it signs.
    pub ctx_params1: Raw<CtxParams1>,
    /// v3: `otherCertsInChain` `A1`, `crlList` `A2`.
    pub unknown: Unknown,
}

/// `ServerSigned1` (SGP.22 §5.7.13).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct ServerSigned1 {
    /// `transactionId`.
    #[rasn(tag(0))]
    pub transaction_id: TransactionId,
    /// `euiccChallenge`.
    #[rasn(tag(1))]
    pub euicc_challenge: Octet16,
    /// `serverAddress`, an FQDN: where notifications of this installation go.
    #[rasn(tag(3))]
    pub server_address: String,
    /// `serverChallenge`.
    #[rasn(tag(4))]
    pub server_challenge: Octet16,
    /// v3: `sessionContext` `A5`, `serverRspCapability` `86`.
    pub unknown: Unknown,
}

/// `CtxParams1` (SGP.22 §5.7.13). v3 has more alternatives.
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(choice)]
pub enum CtxParams1 {
    /// `ctxParamsForCommonAuthentication` `A0`.
    #[rasn(tag(0))]
    CtxParamsForCommonAuthentication(CtxParamsForCommonAuthentication),
}

/// `CtxParamsForCommonAuthentication` (SGP.22 §5.7.13).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct CtxParamsForCommonAuthentication {
    /// `matchingId`: an activation code's token or an event's identifier; empty means absent.
    #[rasn(tag(0))]
    pub matching_id: Option<String>,
    /// `deviceInfo`.
    #[rasn(tag(1))]
    pub device_info: DeviceInfo,
    /// v3: operation type `82`, iccid `5A`, source of the matchingId `A3`, vendor data `A4`.
    pub unknown: Unknown,
}

/// `AuthenticateServerResponse` `BF38` (SGP.22 §5.7.13).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(choice, tag(explicit(context, 56)))]
pub enum AuthenticateServerResponse {
    /// `authenticateResponseOk`.
    #[rasn(tag(0))]
    AuthenticateResponseOk(AuthenticateResponseOk),
    /// `authenticateResponseError`.
    #[rasn(tag(1))]
    AuthenticateResponseError(AuthenticateResponseError),
}

/// `AuthenticateResponseOk` (SGP.22 §5.7.13).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct AuthenticateResponseOk {
    /// `euiccSigned1`.
    pub euicc_signed1: Raw<EuiccSigned1>,
    /// `euiccSignature1`: over `euiccSigned1`.
    pub euicc_signature1: SignatureTlv,
    /// `euiccCertificate`: CERT.EUICC.
    pub euicc_certificate: Certificate,
    /// `eumCertificate`: CERT.EUM.
    pub eum_certificate: Certificate,
    /// v3: `otherCertsInChain` `A0`.
    pub unknown: Unknown,
}

/// `EuiccSigned1` (SGP.22 §5.7.13).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct EuiccSigned1 {
    /// `transactionId`.
    #[rasn(tag(0))]
    pub transaction_id: TransactionId,
    /// `serverAddress`.
    #[rasn(tag(3))]
    pub server_address: String,
    /// `serverChallenge`.
    #[rasn(tag(4))]
    pub server_challenge: Octet16,
    /// `euiccInfo2`.
    pub euicc_info2: EuiccInfo2,
    /// `ctxParams1`, byte for byte as the LPA sent it.
    pub ctx_params1: Raw<CtxParams1>,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `AuthenticateResponseError` (SGP.22 §5.7.13).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct AuthenticateResponseError {
    /// `transactionId`.
    #[rasn(tag(0))]
    pub transaction_id: TransactionId,
    /// `authenticateErrorCode`. Keeps its universal tag: one tag by hand switches automatic tags off.
    pub authenticate_error_code: AuthenticateErrorCode,
    /// Members of later versions.
    pub unknown: Unknown,
}
