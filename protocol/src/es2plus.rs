//! ES2+, the interface between operator and SM-DP+ (SGP.22 §5.3), free of any binding.
//!
//! The operator calls the four functions of [`Es2Plus`]; the SM-DP+ calls
//! [`Function::HandleDownloadProgressInfo`] back, with a [`HandleDownloadProgressInfo`].

use std::future::Future;
use std::sync::Arc;

use asn1::Iccid;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::confirmation_code::ConfirmationCode;
use crate::status::{Refusal, StatusCode};
use crate::types::{Eid, MatchingId, ServerAddress};

pub use crate::function_call::{Call, CallHeader};

/// The functions of ES2+.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Function {
    /// SGP.22 §5.3.1.
    DownloadOrder,
    /// SGP.22 §5.3.2.
    ConfirmOrder,
    /// SGP.22 §5.3.3.
    CancelOrder,
    /// SGP.22 §5.3.4.
    ReleaseProfile,
    /// SGP.22 §5.3.5; the one that the SM-DP+ calls and the operator offers.
    HandleDownloadProgressInfo,
}

impl Function {
    /// All five.
    pub const ALL: [Self; 5] = [
        Self::DownloadOrder,
        Self::ConfirmOrder,
        Self::CancelOrder,
        Self::ReleaseProfile,
        Self::HandleDownloadProgressInfo,
    ];

    /// The name in the specification and the last element of the path.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DownloadOrder => "downloadOrder",
            Self::ConfirmOrder => "confirmOrder",
            Self::CancelOrder => "cancelOrder",
            Self::ReleaseProfile => "releaseProfile",
            Self::HandleDownloadProgressInfo => "handleDownloadProgressInfo",
        }
    }

    /// The path; ES2+ has the JSON binding only (SGP.22 §6, §6.5.2).
    pub const fn json_path(self) -> &'static str {
        match self {
            Self::DownloadOrder => "/gsma/rsp2/es2plus/downloadOrder",
            Self::ConfirmOrder => "/gsma/rsp2/es2plus/confirmOrder",
            Self::CancelOrder => "/gsma/rsp2/es2plus/cancelOrder",
            Self::ReleaseProfile => "/gsma/rsp2/es2plus/releaseProfile",
            Self::HandleDownloadProgressInfo => "/gsma/rsp2/es2plus/handleDownloadProgressInfo",
        }
    }
}

/// Input of DownloadOrder (SGP.22 §5.3.1, table 22). Whether one of `iccid` and `profile_type` is there is for the
/// server to see.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DownloadOrder {
    /// The eUICC, where it is known already.
    pub eid: Option<Eid>,
    /// The profile.
    pub iccid: Option<Iccid>,
    /// Any profile of this type; together with `iccid` the type that the profile has to be of.
    pub profile_type: Option<String>,
}

/// Output of DownloadOrder (SGP.22 §5.3.1, table 23).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DownloadOrderOk {
    /// The profile that is reserved now.
    #[serde(with = "iccid_digits")]
    pub iccid: Iccid,
}

/// Input of ConfirmOrder (SGP.22 §5.3.2, table 25).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfirmOrder {
    /// The profile.
    pub iccid: Iccid,
    /// The eUICC, where it is known by now.
    pub eid: Option<Eid>,
    /// How the order will be found.
    pub matching_id: MatchingIdChoice,
    /// What the user will be asked for.
    pub confirmation_code: Option<ConfirmationCode>,
    /// Where to register an event.
    pub smds_address: Option<ServerAddress>,
    /// Whether the profile may be downloaded at once.
    pub release_flag: bool,
}

/// What the operator says about the MatchingID of an order (SGP.22 §5.3.2, §4.1.1).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MatchingIdChoice {
    /// Nothing: the SM-DP+ makes one.
    Generate,
    /// The empty string: default SM-DP+, the order is found by the EID.
    Empty,
    /// This one.
    Given(MatchingId),
}

/// Output of ConfirmOrder (SGP.22 §5.3.2, table 26).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ConfirmOrderOk {
    /// The eUICC, if the order is bound to one.
    pub eid: Option<Eid>,
    /// How the order is found; `None` for the empty string.
    pub matching_id: Option<MatchingId>,
    /// The address to put into the activation code.
    pub smdp_address: Option<ServerAddress>,
}

/// Input of CancelOrder (SGP.22 §5.3.3, table 28).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CancelOrder {
    /// The profile.
    pub iccid: Iccid,
    /// The eUICC that the order is linked to, if it is.
    pub eid: Option<Eid>,
    /// The MatchingID of the order, if it has one. It is only compared, so it may be any text.
    pub matching_id: Option<String>,
    /// What becomes of the profile.
    pub final_profile_status: FinalProfileStatus,
}

/// `finalProfileStatusIndicator` (SGP.22 §5.3.3, table 29).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FinalProfileStatus {
    /// Back to the inventory.
    Available,
    /// Never to be used again.
    Unavailable,
}

impl FinalProfileStatus {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Available, Self::Unavailable];

    /// The text on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Available => "Available",
            Self::Unavailable => "Unavailable",
        }
    }
}

/// Input of ReleaseProfile (SGP.22 §5.3.4, table 31).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReleaseProfile {
    /// The profile.
    pub iccid: Iccid,
}

/// Input of HandleDownloadProgressInfo (SGP.22 §5.3.5, table 32a).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HandleDownloadProgressInfo {
    /// The eUICC, as soon as it is known.
    pub eid: Option<Eid>,
    /// The profile.
    pub iccid: Iccid,
    /// Its type.
    pub profile_type: String,
    /// When it happened; whole seconds go over the wire.
    pub timestamp: Timestamp,
    /// The step that was reached: 1 to 4 in SGP.22, from 100 on what operator and SM-DP+ agreed upon.
    pub notification_point_id: u32,
    /// How the step went.
    pub notification_point_status: ExecutionStatus,
    /// The DER of `finalResult` in the ProfileInstallationResult, once the eUICC sent one.
    pub result_data: Option<Vec<u8>>,
}

/// How a step of the download went (SGP.22 §5.3.5).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ExecutionStatus {
    /// `Executed-Success`.
    ExecutedSuccess,
    /// `Executed-WithWarning`.
    ExecutedWithWarning(StatusData),
    /// `Failed`.
    Failed(StatusData),
}

/// Why (SGP.22 §5.2.6). Codes are compared as text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatusData {
    /// What it is about, dotted.
    pub subject_code: String,
    /// What is wrong with it, dotted.
    pub reason_code: String,
    /// For humans.
    pub message: Option<String>,
}

impl From<StatusCode> for StatusData {
    fn from(code: StatusCode) -> Self {
        Self {
            subject_code: code.subject.to_owned(),
            reason_code: code.reason.to_owned(),
            message: Some(code.meaning.to_owned()),
        }
    }
}

/// The four functions that an SM-DP+ offers to its operators.
///
/// `caller` is the operator that TLS authenticated: a name of this server's configuration. What the caller writes about
/// itself in [`CallHeader`] authenticates nothing (SGP.22 §6.1.1).
pub trait Es2Plus: Send + Sync {
    /// Reserves a profile (SGP.22 §5.3.1).
    fn download_order(
        &self,
        caller: &str,
        call: Call<DownloadOrder>,
    ) -> impl Future<Output = Result<DownloadOrderOk, Refusal>> + Send;

    /// Says how the order will be found (SGP.22 §5.3.2).
    fn confirm_order(
        &self,
        caller: &str,
        call: Call<ConfirmOrder>,
    ) -> impl Future<Output = Result<ConfirmOrderOk, Refusal>> + Send;

    /// Takes an order back (SGP.22 §5.3.3).
    fn cancel_order(
        &self,
        caller: &str,
        call: Call<CancelOrder>,
    ) -> impl Future<Output = Result<(), Refusal>> + Send;

    /// Lets the profile be downloaded (SGP.22 §5.3.4).
    fn release_profile(
        &self,
        caller: &str,
        call: Call<ReleaseProfile>,
    ) -> impl Future<Output = Result<(), Refusal>> + Send;
}

/// Several ports and tasks share one server.
impl<T: Es2Plus> Es2Plus for Arc<T> {
    async fn download_order(
        &self,
        caller: &str,
        call: Call<DownloadOrder>,
    ) -> Result<DownloadOrderOk, Refusal> {
        T::download_order(self, caller, call).await
    }

    async fn confirm_order(&self, caller: &str, call: Call<ConfirmOrder>) -> Result<ConfirmOrderOk, Refusal> {
        T::confirm_order(self, caller, call).await
    }

    async fn cancel_order(&self, caller: &str, call: Call<CancelOrder>) -> Result<(), Refusal> {
        T::cancel_order(self, caller, call).await
    }

    async fn release_profile(&self, caller: &str, call: Call<ReleaseProfile>) -> Result<(), Refusal> {
        T::release_profile(self, caller, call).await
    }
}

/// An ICCID as its digits in serialised records.
mod iccid_digits {
    use asn1::Iccid;
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub(super) fn serialize<S: Serializer>(iccid: &Iccid, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(iccid)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Iccid, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_the_last_element_of_its_path() {
        for function in Function::ALL {
            assert_eq!(function.json_path(), format!("/gsma/rsp2/es2plus/{}", function.name()));
        }
    }

    #[test]
    fn an_answer_is_kept_as_text_and_comes_back() {
        let answer = DownloadOrderOk { iccid: "89882119900000000014".parse().unwrap() };
        let kept = serde_json::to_string(&answer).unwrap();
        assert_eq!(kept, r#"{"iccid":"89882119900000000014"}"#);
        assert_eq!(serde_json::from_str::<DownloadOrderOk>(&kept).unwrap(), answer);

        let answer = ConfirmOrderOk {
            eid: Some("89049032123451234512345678901235".parse().unwrap()),
            matching_id: None,
            smdp_address: Some("smdp.example.com".parse().unwrap()),
        };
        let kept = serde_json::to_string(&answer).unwrap();
        assert_eq!(serde_json::from_str::<ConfirmOrderOk>(&kept).unwrap(), answer);
    }

    #[test]
    fn a_confirmation_code_is_not_shown_with_its_order() {
        let order = ConfirmOrder {
            iccid: "89882119900000000014".parse().unwrap(),
            eid: None,
            matching_id: MatchingIdChoice::Generate,
            confirmation_code: Some("4321".parse().unwrap()),
            smds_address: None,
            release_flag: true,
        };
        assert!(!format!("{order:?}").contains("4321"));
    }
}
