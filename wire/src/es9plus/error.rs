//! Why a client got no answer it can use.

use asn1::der::DerError;
use http::StatusCode;
use protocol::status::Fault;
use thiserror::Error;

use crate::json::{FieldError, NotAnObject, Status, StatusCodeData};
use crate::transport::TransportError;

/// A call that failed.
#[derive(Debug, Error)]
pub enum ClientError {
    /// No answer at all.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// Another HTTP status than 200, or 204 for a notification (SGP.22 §6.3).
    #[error("the server answered with HTTP status {status}{}", quoted(.reason))]
    HttpStatus {
        /// The status.
        status: StatusCode,
        /// The beginning of the body, where it is text.
        reason: String,
    },
    /// The answer is not of the type that was asked for (SGP.22 §6.2).
    #[error("the server answered with Content-Type {found:?} where {expected} is expected")]
    ContentType {
        /// What was asked for.
        expected: &'static str,
        /// What came; `None` without the field.
        found: Option<String>,
    },
    /// The answer is no JSON object.
    #[error("the answer is malformed: {0}")]
    Json(#[from] NotAnObject),
    /// The answer is no DER of the answer's type.
    #[error("the answer is malformed: {0}")]
    Der(#[from] DerError),
    /// A JSON answer without `header` (SGP.22 §6.5.1.2).
    #[error("the answer has no header")]
    MissingHeader,
    /// A member of the answer is missing or malformed.
    #[error("the answer is malformed: {0}")]
    Field(#[from] FieldError),
    /// An execution status that SGP.22 §6.5.1.4 does not have.
    #[error("the answer has the unknown status {status:?}")]
    UnknownStatus {
        /// It.
        status: String,
    },
    /// The server did not execute the function, and says why.
    #[error("the server refused: {} {}{}", .status.subject_code, .status.reason_code, quoted_message(.status))]
    Refused {
        /// Subject, reason and message.
        status: StatusCodeData,
    },
    /// The server did not execute the function and does not say why.
    #[error("the server refused ({}) and gave no status code", .status.as_str())]
    RefusedWithoutCode {
        /// `Failed` or `Expired`.
        status: Status,
    },
    /// The server did not execute the function, as the ASN.1 binding says it.
    #[error("the server refused: {}({number})", .name.unwrap_or("unknown error"))]
    RefusedInAsn1 {
        /// The number of the function's error.
        number: i64,
        /// Its name in Annex H of SGP.22, where it has one.
        name: Option<&'static str>,
    },
    /// The ASN.1 answer is that of another function.
    #[error("the answer is that of another function")]
    OtherFunction,
}

impl ClientError {
    /// Whose fault it is; `None` where nobody can tell, because it lies on the way between the two.
    pub fn fault(&self) -> Option<Fault> {
        match self {
            Self::Transport(error) => error.fault(),
            Self::HttpStatus { .. }
            | Self::ContentType { .. }
            | Self::Json(_)
            | Self::Der(_)
            | Self::MissingHeader
            | Self::Field(_)
            | Self::UnknownStatus { .. }
            | Self::RefusedWithoutCode { .. }
            | Self::OtherFunction => Some(Fault::PeerMisbehaved),
            Self::Refused { .. } | Self::RefusedInAsn1 { .. } => Some(Fault::PeerIncompatible),
        }
    }
}

fn quoted(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!(": {reason:?}") }
}

fn quoted_message(status: &StatusCodeData) -> String {
    quoted(status.message.as_deref().unwrap_or_default())
}
