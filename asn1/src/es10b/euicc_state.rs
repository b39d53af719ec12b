//! Challenge, information, rules and revocation lists of the eUICC (SGP.22 §5.7.1, §5.7.7, §5.7.8, §5.7.12, §5.7.22).

use rasn::{AsnType, Decode, Decoder, Encode};

use crate::Unknown;
use crate::types::{
    CertificateList, LoadCrlError, LpaeActivationResult, LpaeOption, Octet16, OperatorId, PprFlags, PprIds,
};

/// `GetEuiccChallengeRequest` `BF2E` (SGP.22 §5.7.7).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash, Default)]
#[rasn(tag(context, 46))]
pub struct GetEuiccChallengeRequest {
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `GetEuiccChallengeResponse` `BF2E` (SGP.22 §5.7.7).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 46))]
pub struct GetEuiccChallengeResponse {
    /// `euiccChallenge`.
    #[rasn(tag(0))]
    pub euicc_challenge: Octet16,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `GetEuiccInfo1Request` `BF20` (SGP.22 §5.7.8). The answer is [`EuiccInfo1`](crate::EuiccInfo1).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash, Default)]
#[rasn(tag(context, 32))]
pub struct GetEuiccInfo1Request {
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `GetEuiccInfo2Request` `BF22` (SGP.22 §5.7.8). The answer is [`EuiccInfo2`](crate::EuiccInfo2).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash, Default)]
#[rasn(tag(context, 34))]
pub struct GetEuiccInfo2Request {
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `LoadCRLRequest` `BF35` (SGP.22 §5.7.12).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 53))]
pub struct LoadCrlRequest {
    /// `crl`: here under its own tag `30`, in the message under `A0`.
    #[rasn(tag(0))]
    pub crl: CertificateList,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `LoadCRLResponse` `BF35` (SGP.22 §5.7.12).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(choice, tag(explicit(context, 53)))]
pub enum LoadCrlResponse {
    /// `loadCRLResponseOk`.
    #[rasn(tag(0))]
    LoadCrlResponseOk(LoadCrlResponseOk),
    /// `loadCRLResponseError`.
    #[rasn(tag(1))]
    LoadCrlResponseError(LoadCrlError),
}

/// `LoadCRLResponseOk` (SGP.22 §5.7.12).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct LoadCrlResponseOk {
    /// `missingParts`: numbers of the partial lists still to come.
    #[rasn(tag(0))]
    pub missing_parts: Option<Vec<u64>>,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `GetRatRequest` `BF43` (SGP.22 §5.7.22).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash, Default)]
#[rasn(tag(context, 67))]
pub struct GetRatRequest {
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `GetRatResponse` `BF43` (SGP.22 §5.7.22).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 67))]
pub struct GetRatResponse {
    /// `rat`: the rules authorisation table, to be read from the top.
    #[rasn(tag(0))]
    pub rat: Vec<ProfilePolicyAuthorisationRule>,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `ProfilePolicyAuthorisationRule` (SGP.22 §2.9.2.1).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct ProfilePolicyAuthorisationRule {
    /// `pprIds`.
    #[rasn(tag(0))]
    pub ppr_ids: PprIds,
    /// `allowedOperators`.
    #[rasn(tag(1))]
    pub allowed_operators: Vec<OperatorId>,
    /// `pprFlags`.
    #[rasn(tag(2))]
    pub ppr_flags: PprFlags,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `LpaeActivationRequest` `BF42` (SGP.22 §5.7.1).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 66))]
pub struct LpaeActivationRequest {
    /// `lpaeOption`.
    #[rasn(tag(0))]
    pub lpae_option: LpaeOption,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `LpaeActivationResponse` `BF42` (SGP.22 §5.7.1).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 66))]
pub struct LpaeActivationResponse {
    /// `lpaeActivationResult`.
    #[rasn(tag(0))]
    pub lpae_activation_result: LpaeActivationResult,
    /// Members of later versions.
    pub unknown: Unknown,
}
