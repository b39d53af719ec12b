//! `ES10b.CancelSession` (SGP.22 §5.7.14).

use rasn::types::ObjectIdentifier;
use rasn::{AsnType, Decode, Decoder, Encode};

use crate::types::{CancelSessionReason, CancelSessionResponseError, SignatureTlv, TransactionId};
use crate::{Raw, Unknown};

/// `CancelSessionRequest` `BF41` (SGP.22 §5.7.14).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 65))]
pub struct CancelSessionRequest {
    /// `transactionId`.
    #[rasn(tag(0))]
    pub transaction_id: TransactionId,
    /// `reason`.
    #[rasn(tag(1))]
    pub reason: CancelSessionReason,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `CancelSessionResponse` `BF41` (SGP.22 §5.7.14).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(choice, tag(explicit(context, 65)))]
pub enum CancelSessionResponse {
    /// `cancelSessionResponseOk`.
    #[rasn(tag(0))]
    CancelSessionResponseOk(CancelSessionResponseOk),
    /// `cancelSessionResponseError`.
    #[rasn(tag(1))]
    CancelSessionResponseError(CancelSessionResponseError),
}

/// `CancelSessionResponseOk` (SGP.22 §5.7.14).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct CancelSessionResponseOk {
    /// `euiccCancelSessionSigned`.
    pub euicc_cancel_session_signed: Raw<EuiccCancelSessionSigned>,
    /// `euiccCancelSessionSignature`: over `euiccCancelSessionSigned`.
    pub euicc_cancel_session_signature: SignatureTlv,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `EuiccCancelSessionSigned` (SGP.22 §5.7.14).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct EuiccCancelSessionSigned {
    /// `transactionId`.
    #[rasn(tag(0))]
    pub transaction_id: TransactionId,
    /// `smdpOid`: as in CERT.DPauth.
    #[rasn(tag(1))]
    pub smdp_oid: ObjectIdentifier,
    /// `reason`.
    #[rasn(tag(2))]
    pub reason: CancelSessionReason,
    /// Members of later versions.
    pub unknown: Unknown,
}
