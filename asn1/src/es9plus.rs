//! ES9+ (SGP.22 §5.6) in its ASN.1 binding (SGP.22 §6.6). The JSON binding maps to the same types: what it carries as
//! base64 of an object is [`Raw`] here.

use rasn::{AsnType, Decode, Decoder, Encode, Encoder};

use crate::es10b::{
    AuthenticateServerResponse, CancelSessionResponse, PrepareDownloadResponse, ServerSigned1, SmdpSigned2,
};
use crate::es11::AuthenticateClientResponseEs11;
use crate::types::{
    AuthenticateClientError, BoundProfilePackageTlv, CancelSessionError, Certificate, EuiccInfo1,
    GetBoundProfilePackageError, InitiateAuthenticationError, Octet16, PendingNotification, SignatureTlv,
    SubjectKeyIdentifier, TransactionId,
};
use crate::{Raw, StoreMetadataRequest, Unknown};

/// `RemoteProfileProvisioningRequest` `A2`: the body of every ASN.1 request (SGP.22 §6.6.1).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(choice, tag(explicit(context, 2)))]
pub enum RemoteProfileProvisioningRequest {
    /// `initiateAuthenticationRequest` `BF39`.
    #[rasn(tag(57))]
    InitiateAuthenticationRequest(InitiateAuthenticationRequest),
    /// `authenticateClientRequest` `BF3B`.
    #[rasn(tag(59))]
    AuthenticateClientRequest(AuthenticateClientRequest),
    /// `getBoundProfilePackageRequest` `BF3A`.
    #[rasn(tag(58))]
    GetBoundProfilePackageRequest(GetBoundProfilePackageRequest),
    /// `cancelSessionRequestEs9` `BF41`.
    #[rasn(tag(65))]
    CancelSessionRequestEs9(CancelSessionRequestEs9),
    /// `handleNotification` `BF3D`.
    #[rasn(tag(61))]
    HandleNotification(HandleNotification),
}

// The tags below are those of the alternatives themselves, as in Annex H. They must be written out: an alternative that is
// a tagged CHOICE loses its tag in rasn's derive otherwise.

/// `RemoteProfileProvisioningResponse` `A2`: the body of every ASN.1 response (SGP.22 §6.6.1).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(choice, tag(explicit(context, 2)))]
pub enum RemoteProfileProvisioningResponse {
    /// `initiateAuthenticationResponse` `BF39`.
    #[rasn(tag(57))]
    InitiateAuthenticationResponse(InitiateAuthenticationResponse),
    /// `authenticateClientResponseEs9` `BF3B`.
    #[rasn(tag(59))]
    AuthenticateClientResponseEs9(AuthenticateClientResponseEs9),
    /// `getBoundProfilePackageResponse` `BF3A`.
    #[rasn(tag(58))]
    GetBoundProfilePackageResponse(GetBoundProfilePackageResponse),
    /// `cancelSessionResponseEs9` `BF41`.
    #[rasn(tag(65))]
    CancelSessionResponseEs9(CancelSessionResponseEs9),
    /// `authenticateClientResponseEs11` `BF40`.
    #[rasn(tag(64))]
    AuthenticateClientResponseEs11(AuthenticateClientResponseEs11),
}

/// `InitiateAuthenticationRequest` `BF39` (SGP.22 §5.6.1).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 57))]
pub struct InitiateAuthenticationRequest {
    /// `euiccChallenge`.
    #[rasn(tag(1))]
    pub euicc_challenge: Octet16,
    /// `smdpAddress`: the server as the LPA knows it.
    #[rasn(tag(3))]
    pub smdp_address: String,
    /// `euiccInfo1`.
    pub euicc_info1: Raw<EuiccInfo1>,
    /// v3: `lpaRspCapability` `85`.
    pub unknown: Unknown,
}

/// `InitiateAuthenticationResponse` `BF39` (SGP.22 §5.6.1).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(choice, tag(explicit(context, 57)))]
pub enum InitiateAuthenticationResponse {
    /// `initiateAuthenticationOk`.
    #[rasn(tag(0))]
    InitiateAuthenticationOk(InitiateAuthenticationOkEs9),
    /// `initiateAuthenticationError`.
    #[rasn(tag(1))]
    InitiateAuthenticationError(InitiateAuthenticationError),
}

/// `InitiateAuthenticationOkEs9` (SGP.22 §5.6.1).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct InitiateAuthenticationOkEs9 {
    /// `transactionId` of the session that begins.
    #[rasn(tag(0))]
    pub transaction_id: TransactionId,
    /// `serverSigned1`.
    pub server_signed1: Raw<ServerSigned1>,
    /// `serverSignature1`: over `serverSigned1`.
    pub server_signature1: SignatureTlv,
    /// `euiccCiPKIdToBeUsed`.
    pub euicc_ci_pk_id_to_be_used: SubjectKeyIdentifier,
    /// `serverCertificate`: CERT.DPauth or CERT.DSauth.
    pub server_certificate: Certificate,
    /// v3: `otherCertsInChain`, `crlList`.
    pub unknown: Unknown,
}

/// `AuthenticateClientRequest` `BF3B` (SGP.22 §5.6.3), on ES11 too (SGP.22 §5.8.2).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 59))]
pub struct AuthenticateClientRequest {
    /// `transactionId`.
    #[rasn(tag(0))]
    pub transaction_id: TransactionId,
    /// `authenticateServerResponse`, as the eUICC gave it.
    pub authenticate_server_response: Raw<AuthenticateServerResponse>,
    /// `useMatchingIdForAcr` (since v2.6): the matchingId asks for an activation code.
    pub use_matching_id_for_acr: Option<()>,
    /// v3: `deleteNotificationForDc`.
    pub unknown: Unknown,
}

/// `AuthenticateClientResponseEs9` `BF3B` (SGP.22 §5.6.3).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(choice, tag(explicit(context, 59)))]
pub enum AuthenticateClientResponseEs9 {
    /// `authenticateClientOk`.
    #[rasn(tag(0))]
    AuthenticateClientOk(AuthenticateClientOk),
    /// `authenticateClientError`.
    #[rasn(tag(1))]
    AuthenticateClientError(AuthenticateClientError),
}

/// `AuthenticateClientOk` (SGP.22 §5.6.3).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct AuthenticateClientOk {
    /// `transactionId`.
    #[rasn(tag(0))]
    pub transaction_id: TransactionId,
    /// `profileMetaData`.
    pub profile_metadata: Raw<StoreMetadataRequest>,
    /// `smdpSigned2`.
    pub smdp_signed2: Raw<SmdpSigned2>,
    /// `smdpSignature2`: over `smdpSigned2` and the TLV of `euiccSignature1`.
    pub smdp_signature2: SignatureTlv,
    /// `smdpCertificate`: CERT.DPpb.
    pub smdp_certificate: Certificate,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `GetBoundProfilePackageRequest` `BF3A` (SGP.22 §5.6.2).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 58))]
pub struct GetBoundProfilePackageRequest {
    /// `transactionId`.
    #[rasn(tag(0))]
    pub transaction_id: TransactionId,
    /// `prepareDownloadResponse`, as the eUICC gave it.
    pub prepare_download_response: Raw<PrepareDownloadResponse>,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `GetBoundProfilePackageResponse` `BF3A` (SGP.22 §5.6.2).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(choice, tag(explicit(context, 58)))]
pub enum GetBoundProfilePackageResponse {
    /// `getBoundProfilePackageOk`.
    #[rasn(tag(0))]
    GetBoundProfilePackageOk(GetBoundProfilePackageOk),
    /// `getBoundProfilePackageError`.
    #[rasn(tag(1))]
    GetBoundProfilePackageError(GetBoundProfilePackageError),
}

/// `GetBoundProfilePackageOk` (SGP.22 §5.6.2).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct GetBoundProfilePackageOk {
    /// `transactionId`.
    #[rasn(tag(0))]
    pub transaction_id: TransactionId,
    /// `boundProfilePackage`, unopened.
    pub bound_profile_package: BoundProfilePackageTlv,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `HandleNotification` `BF3D` (SGP.22 §5.6.4). It has no response.
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 61))]
pub struct HandleNotification {
    /// `pendingNotification`: in the ASN.1 binding behind `A0`, since a CHOICE cannot be tagged implicitly.
    #[rasn(tag(explicit(0)))]
    pub pending_notification: Raw<PendingNotification>,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `CancelSessionRequestEs9` `BF41` (SGP.22 §5.6.5).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 65))]
pub struct CancelSessionRequestEs9 {
    /// `transactionId`.
    #[rasn(tag(0))]
    pub transaction_id: TransactionId,
    /// `cancelSessionResponse`, as the eUICC gave it; the ASN.1 binding exchanges its tag `BF41` for `A1`.
    #[rasn(tag(1))]
    pub cancel_session_response: Raw<CancelSessionResponse>,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `CancelSessionResponseEs9` `BF41` (SGP.22 §5.6.5).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(choice, tag(explicit(context, 65)))]
pub enum CancelSessionResponseEs9 {
    /// `cancelSessionOk`.
    #[rasn(tag(0))]
    CancelSessionOk(CancelSessionOk),
    /// `cancelSessionError`.
    #[rasn(tag(1))]
    CancelSessionError(CancelSessionError),
}

/// `CancelSessionOk`: no output.
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct CancelSessionOk {
    /// Members of later versions.
    pub unknown: Unknown,
}
