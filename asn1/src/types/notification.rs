//! Notifications and the profile installation result (SGP.22 §2.5.6, §3.5).

use rasn::types::ObjectIdentifier;
use rasn::{AsnType, Decode, Decoder, Encode, Encoder};

use super::{
    Aid, BppCommandId, Certificate, ErrorReason, Iccid, NotificationEvent, SignatureTlv, SimaResponse,
    TransactionId,
};
use crate::{Raw, Unknown};

/// `NotificationMetadata` `BF2F` (SGP.22 §5.7.9).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 47))]
pub struct NotificationMetadata {
    /// `seqNumber`: one counter per eUICC, never used twice.
    #[rasn(tag(0))]
    pub seq_number: u64,
    /// `profileManagementOperation`: exactly one bit set.
    #[rasn(tag(1))]
    pub profile_management_operation: NotificationEvent,
    /// `notificationAddress`: where it goes, an FQDN.
    pub notification_address: String,
    /// `iccid`: the profile, where it was known.
    pub iccid: Option<Iccid>,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `PendingNotification` (SGP.22 §5.7.10).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(choice)]
pub enum PendingNotification {
    /// `profileInstallationResult` `BF37`.
    ProfileInstallationResult(Raw<ProfileInstallationResult>),
    /// `otherSignedNotification` `30`.
    OtherSignedNotification(Raw<OtherSignedNotification>),
}

impl PendingNotification {
    /// The metadata, wherever the alternative keeps it.
    pub fn metadata(&self) -> &NotificationMetadata {
        match self {
            Self::ProfileInstallationResult(result) => {
                &result.profile_installation_result_data.notification_metadata
            }
            Self::OtherSignedNotification(other) => &other.tbs_other_notification,
        }
    }

    /// The complete TLV as received or made.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::ProfileInstallationResult(result) => result.bytes(),
            Self::OtherSignedNotification(other) => other.bytes(),
        }
    }
}

/// `OtherSignedNotification` (SGP.22 §5.7.10).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct OtherSignedNotification {
    /// `tbsOtherNotification`: the signed bytes are this complete TLV.
    pub tbs_other_notification: Raw<NotificationMetadata>,
    /// `euiccNotificationSignature`.
    pub euicc_notification_signature: SignatureTlv,
    /// `euiccCertificate`.
    pub euicc_certificate: Certificate,
    /// `eumCertificate`.
    pub eum_certificate: Certificate,
    /// v3: `otherCertsInChain` `A1`.
    pub unknown: Unknown,
}

/// `ProfileInstallationResult` `BF37` (SGP.22 §2.5.6).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 55))]
pub struct ProfileInstallationResult {
    /// `profileInstallationResultData`: the signed bytes are this complete TLV.
    pub profile_installation_result_data: Raw<ProfileInstallationResultData>,
    /// `euiccSignPIR`.
    pub euicc_sign_pir: SignatureTlv,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `ProfileInstallationResultData` `BF27` (SGP.22 §2.5.6).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 39))]
pub struct ProfileInstallationResultData {
    /// `transactionId` of the session that installed.
    #[rasn(tag(0))]
    pub transaction_id: TransactionId,
    /// `notificationMetadata`.
    pub notification_metadata: NotificationMetadata,
    /// `smdpOid`: as in CERT.DPpb.
    pub smdp_oid: ObjectIdentifier,
    /// `finalResult`.
    #[rasn(tag(explicit(2)))]
    pub final_result: FinalResult,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `finalResult` of an installation.
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(choice)]
pub enum FinalResult {
    /// `successResult`.
    #[rasn(tag(0))]
    SuccessResult(SuccessResult),
    /// `errorResult`.
    #[rasn(tag(1))]
    ErrorResult(ErrorResult),
}

/// `SuccessResult`.
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct SuccessResult {
    /// `aid` of the ISD-P.
    #[rasn(size("5..=16"))]
    pub aid: Aid,
    /// `simaResponse` (`ppiResponse` since v3). Keeps its universal tag: one tag by hand switches automatic tags off.
    pub sima_response: SimaResponse,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `ErrorResult`.
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct ErrorResult {
    /// `bppCommandId`.
    #[rasn(tag(0))]
    pub bpp_command_id: BppCommandId,
    /// `errorReason`.
    #[rasn(tag(1))]
    pub error_reason: ErrorReason,
    /// `simaResponse` (`ppiResponse` since v3).
    #[rasn(tag(2))]
    pub sima_response: Option<SimaResponse>,
    /// Members of later versions.
    pub unknown: Unknown,
}
