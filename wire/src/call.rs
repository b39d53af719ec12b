//! What a client makes of an answer, and why it got none it can use.

use asn1::der::DerError;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use protocol::status::{Fault, StatusCode as Code};
use thiserror::Error;

use crate::header::MediaType;
use crate::json::{FieldError, NotAnObject, Object, Problem, ResponseHeader, Status, StatusCodeData};
use crate::transport::{Reply, TransportError};

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

    /// Whether the same request may do better later: the server was not reached, was busy, or failed. SGP.22 §6.3 leaves
    /// the policy to us; another 4xx is an answer that will stay the same.
    pub fn is_worth_retrying(&self) -> bool {
        match self {
            Self::Transport(error) => error.is_worth_retrying(),
            Self::HttpStatus { status, .. } => {
                let passing =
                    [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_EARLY, StatusCode::TOO_MANY_REQUESTS];
                status.is_server_error() || passing.contains(status)
            }
            // SGP.02: the server is busy.
            Self::Refused { status } => status.is(Code::BUSY),
            _ => false,
        }
    }

    /// Whether the server may have executed the function. It has not where no byte of the request has left, and where the
    /// server says so: by a refusal, or by an HTTP status that lays it at the client's door (4xx) or sends it elsewhere
    /// (3xx). An answer that cannot be read says nothing, nor does a server that failed on the way.
    pub fn may_have_been_executed(&self) -> bool {
        /// undefinedError, which also stands for a server that failed (SGP.22 annex H).
        const UNDEFINED: i64 = 127;
        match self {
            Self::Transport(error) => error.may_have_been_executed(),
            Self::HttpStatus { status, .. } => !status.is_client_error() && !status.is_redirection(),
            Self::Refused { status } => status.is(Code::EXECUTION_ERROR),
            Self::RefusedInAsn1 { number, .. } => *number == UNDEFINED,
            Self::RefusedWithoutCode { .. }
            | Self::ContentType { .. }
            | Self::Json(_)
            | Self::Der(_)
            | Self::MissingHeader
            | Self::Field(_)
            | Self::UnknownStatus { .. }
            | Self::OtherFunction => true,
        }
    }
}

/// An answer with another status than it may have.
pub(crate) fn other_status(reply: &Reply) -> ClientError {
    /// So many characters of a body as help a human.
    const LENGTH: usize = 200;
    let reason = String::from_utf8_lossy(&reply.body).chars().take(LENGTH).collect();
    ClientError::HttpStatus { status: reply.status, reason }
}

/// SGP.22 §6.2: the answer is of the same type as the request.
pub(crate) fn check_media_type(expected: MediaType, reply: &Reply) -> Result<(), ClientError> {
    if expected.is_of(&reply.headers) {
        return Ok(());
    }
    let found = reply.headers.get(CONTENT_TYPE);
    let found = found.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    Err(ClientError::ContentType { expected: expected.as_str(), found })
}

/// Whether the function was executed, by the `header` of the answer (SGP.22 §6.5.1.4).
pub(crate) fn executed(answer: &Object<'_>) -> Result<(), ClientError> {
    let header: ResponseHeader = answer.structure(ResponseHeader::NAME).map_err(|error| match error {
        FieldError { problem: Problem::Missing, .. } => ClientError::MissingHeader,
        other => ClientError::Field(other),
    })?;
    match header.into_parts() {
        // A warning is a success with a remark (SGP.22 §5.2.5 leaves the output as it is).
        (Status::ExecutedSuccess | Status::ExecutedWithWarning, _) => Ok(()),
        (Status::Failed | Status::Expired, Some(status)) => Err(ClientError::Refused { status }),
        (status @ (Status::Failed | Status::Expired), None) => {
            Err(ClientError::RefusedWithoutCode { status })
        }
        (Status::Other(status), _) => Err(ClientError::UnknownStatus { status }),
    }
}

fn quoted(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!(": {reason:?}") }
}

fn quoted_message(status: &StatusCodeData) -> String {
    quoted(status.message.as_deref().unwrap_or_default())
}
