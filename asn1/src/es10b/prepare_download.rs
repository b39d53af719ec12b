//! `ES10b.PrepareDownload` (SGP.22 §5.7.5).

use rasn::{AsnType, Decode, Decoder, Encode};

use crate::types::{Certificate, DownloadErrorCode, Octet32, Otpk, SignatureTlv, TransactionId};
use crate::{Raw, Unknown};

/// `PrepareDownloadRequest` `BF21` (SGP.22 §5.7.5).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 33))]
pub struct PrepareDownloadRequest {
    /// `smdpSigned2`.
    pub smdp_signed2: Raw<SmdpSigned2>,
    /// `smdpSignature2`: over `smdpSigned2` and the TLV of `euiccSignature1`.
    pub smdp_signature2: SignatureTlv,
    /// `hashCc`: SHA-256(SHA-256(confirmation code) ‖ transactionId).
    pub hash_cc: Option<Octet32>,
    /// `smdpCertificate`: CERT.DPpb.
    pub smdp_certificate: Certificate,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `SmdpSigned2` (SGP.22 §5.7.5).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct SmdpSigned2 {
    /// `transactionId`.
    #[rasn(tag(0))]
    pub transaction_id: TransactionId,
    /// `ccRequiredFlag`: a confirmation code is needed.
    pub cc_required_flag: bool,
    /// `bppEuiccOtpk`: the eUICC's key to which the package is bound already.
    pub bpp_euicc_otpk: Option<Otpk>,
    /// v3: `rpmPending` `05`.
    pub unknown: Unknown,
}

/// `PrepareDownloadResponse` `BF21` (SGP.22 §5.7.5).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(choice, tag(explicit(context, 33)))]
pub enum PrepareDownloadResponse {
    /// `downloadResponseOk`.
    #[rasn(tag(0))]
    DownloadResponseOk(PrepareDownloadResponseOk),
    /// `downloadResponseError`.
    #[rasn(tag(1))]
    DownloadResponseError(PrepareDownloadResponseError),
}

/// `PrepareDownloadResponseOk` (SGP.22 §5.7.5).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct PrepareDownloadResponseOk {
    /// `euiccSigned2`.
    pub euicc_signed2: Raw<EuiccSigned2>,
    /// `euiccSignature2`: over `euiccSigned2` and the TLV of `smdpSignature2`.
    pub euicc_signature2: SignatureTlv,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `EUICCSigned2` (SGP.22 §5.7.5).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct EuiccSigned2 {
    /// `transactionId`.
    #[rasn(tag(0))]
    pub transaction_id: TransactionId,
    /// `euiccOtpk`: otPK.EUICC.ECKA.
    pub euicc_otpk: Otpk,
    /// `hashCc`, as in the request.
    pub hash_cc: Option<Octet32>,
    /// v3: `additionalInformation` `30`.
    pub unknown: Unknown,
}

/// `PrepareDownloadResponseError` (SGP.22 §5.7.5).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct PrepareDownloadResponseError {
    /// `transactionId`.
    #[rasn(tag(0))]
    pub transaction_id: TransactionId,
    /// `downloadErrorCode`. Keeps its universal tag: one tag by hand switches automatic tags off.
    pub download_error_code: DownloadErrorCode,
    /// Members of later versions.
    pub unknown: Unknown,
}
