//! `header` of an answer (SGP.22 §6.5.1.4).

use protocol::status::{Refusal, StatusCode};
use serde::{Deserialize, Serialize};

/// How a function ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub enum Status {
    /// `Executed-Success`.
    ExecutedSuccess,
    /// `Executed-WithWarning`: executed all the same.
    ExecutedWithWarning,
    /// `Failed`.
    Failed,
    /// `Expired`.
    Expired,
    /// Something that SGP.22 does not know.
    Other(String),
}

impl Status {
    /// The text on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::ExecutedSuccess => "Executed-Success",
            Self::ExecutedWithWarning => "Executed-WithWarning",
            Self::Failed => "Failed",
            Self::Expired => "Expired",
            Self::Other(text) => text,
        }
    }
}

impl From<String> for Status {
    fn from(text: String) -> Self {
        let known = [Self::ExecutedSuccess, Self::ExecutedWithWarning, Self::Failed, Self::Expired];
        known.into_iter().find(|status| status.as_str() == text).unwrap_or(Self::Other(text))
    }
}

impl From<Status> for String {
    fn from(status: Status) -> Self {
        status.as_str().to_owned()
    }
}

/// `statusCodeData`: why it ended so. Codes are text, compared as text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusCodeData {
    /// What it is about, dotted.
    pub subject_code: String,
    /// What is wrong with it, dotted.
    pub reason_code: String,
    /// Which of the subjects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_identifier: Option<String>,
    /// For humans.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

impl StatusCodeData {
    /// Whether it is this one.
    pub fn is(&self, code: StatusCode) -> bool {
        self.subject_code == code.subject && self.reason_code == code.reason
    }
}

/// `header` of an answer.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResponseHeader {
    function_execution_status: FunctionExecutionStatus,
}

/// `functionExecutionStatus`; ES2+ uses its shape for a second purpose (SGP.22 §5.3.5).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FunctionExecutionStatus {
    pub(crate) status: Status,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) status_code_data: Option<StatusCodeData>,
}

impl ResponseHeader {
    /// The member's name.
    pub const NAME: &'static str = "header";

    /// The function was executed.
    pub fn success() -> Self {
        let status = Status::ExecutedSuccess;
        Self { function_execution_status: FunctionExecutionStatus { status, status_code_data: None } }
    }

    /// The function was not executed: the one place where a refusal becomes JSON.
    pub fn failed(refusal: &Refusal) -> Self {
        let data = StatusCodeData {
            subject_code: refusal.code.subject.to_owned(),
            reason_code: refusal.code.reason.to_owned(),
            subject_identifier: None,
            message: Some(refusal.message.clone().into_owned()).filter(|message| !message.is_empty()),
        };
        let status = Status::Failed;
        Self { function_execution_status: FunctionExecutionStatus { status, status_code_data: Some(data) } }
    }

    /// How the function ended, and why.
    pub fn into_parts(self) -> (Status, Option<StatusCodeData>) {
        (self.function_execution_status.status, self.function_execution_status.status_code_data)
    }
}
