//! What a case asks of the last step.

use std::fmt;

use protocol::es11::Function as Es11;
use protocol::status::{StatusCode, asn1_error};

use super::message::{Answer, Function, Told};
use super::play::Player;
use super::target::Kind;
use crate::pki::{EuiccDefect, Refusal};

/// What a case asks of the answer to its last step.
#[derive(Clone, Copy)]
pub enum Expected {
    /// Executed; 204 for a notification.
    Executed,
    /// Not executed, with one of these codes.
    Refused(&'static [StatusCode]),
    /// Not executed, with the codes that certificates with this defect are refused with.
    RefusedAs(EuiccDefect),
    /// Not executed, with whatever code.
    RefusedSomehow,
    /// Not executed: the function says so, or HTTP does with 4xx or 5xx.
    NotExecuted,
    /// HTTP refuses it with 4xx.
    HttpRefusal,
    /// Not even heard: the TLS handshake fails over the certificate of the caller, or HTTP answers 401 or 403.
    TurnedAway,
    /// Executed, or not executed with one of these codes.
    ExecutedOr(&'static [StatusCode]),
    /// Executed, and more.
    Holds(Property),
    /// Any answer of the function, and more.
    Answer(Property),
}

/// Something that has to be true of what was answered.
#[derive(Clone, Copy)]
pub struct Property {
    /// In words, as what follows "it is executed and": `serverSignature1 verifies`.
    pub says: &'static str,
    /// Why it is not true, in words.
    pub verify: fn(&Player<'_>) -> Result<(), String>,
}

impl Expected {
    /// Whether the last answer is what is asked for; what it is instead, if not.
    ///
    /// # Errors
    /// What the server did, in words.
    pub fn verify(&self, player: &Player<'_>) -> Result<(), String> {
        if player.between.turned_away.is_some() {
            return if let Self::TurnedAway = self {
                Ok(())
            } else {
                Err("the caller was turned away".to_owned())
            };
        }
        let Some((function, answer)) = player.last() else { return Err("nothing was called".to_owned()) };
        let met = match self {
            Self::Executed => executed(function, answer),
            Self::Refused(codes) => codes.iter().any(|code| is_refused(player, *code)),
            Self::RefusedAs(defect) => {
                defect.refused_as().iter().any(|refusal| is_refused(player, code_of(*refusal)))
            }
            Self::RefusedSomehow => matches!(answer.told, Told::Refused { .. } | Told::Error(_)),
            Self::NotExecuted => match &answer.told {
                Told::Refused { .. } | Told::Error(_) => true,
                // SGP.22 §6.3 leaves both to the server.
                Told::Http(status) => status.is_client_error() || status.is_server_error(),
                _ => false,
            },
            Self::HttpRefusal => matches!(&answer.told, Told::Http(status) if status.is_client_error()),
            Self::TurnedAway => {
                matches!(
                    answer.told,
                    Told::Http(http::StatusCode::UNAUTHORIZED | http::StatusCode::FORBIDDEN)
                )
            }
            Self::ExecutedOr(codes) => {
                executed(function, answer) || codes.iter().any(|code| is_refused(player, *code))
            }
            Self::Holds(property) if executed(function, answer) => return (property.verify)(player),
            Self::Holds(_) => false,
            Self::Answer(property) => return (property.verify)(player),
        };
        if met { Ok(()) } else { Err(answer.told.to_string()) }
    }
}

pub(super) fn executed(function: Function, answer: &Answer) -> bool {
    match answer.told {
        Told::Executed(_) => !function.is_notification(),
        Told::Acknowledged => function.is_notification(),
        _ => false,
    }
}

fn code_of(refusal: Refusal) -> StatusCode {
    match refusal {
        Refusal::EumInvalid => StatusCode::EUM_CERTIFICATE_INVALID,
        Refusal::EumExpired => StatusCode::EUM_CERTIFICATE_EXPIRED,
        Refusal::EuiccInvalid => StatusCode::EUICC_CERTIFICATE_INVALID,
        Refusal::EuiccExpired => StatusCode::EUICC_CERTIFICATE_EXPIRED,
        Refusal::CiUnknown => StatusCode::CI_UNKNOWN,
    }
}

/// Whether the last call was refused with this code.
pub(super) fn is_refused(player: &Player<'_>, code: StatusCode) -> bool {
    let Some((function, answer)) = player.last() else { return false };
    match (&answer.told, function, player.target.kind) {
        (Told::Error(number), Function::Es9Plus(function), Kind::Smds) => {
            // The paths of ES11 are those of ES9+, the numbers are its own.
            let function = Es11::ALL.into_iter().find(|es11| es11.json_path() == function.json_path());
            function.is_some_and(|function| *number == function.asn1_error(code))
        }
        _ => is_refused_with(code, function, answer),
    }
}

/// In JSON by subject and reason, compared as text; in ASN.1 by the number of the function's error (SGP.22 §6.6).
pub(super) fn is_refused_with(code: StatusCode, function: Function, answer: &Answer) -> bool {
    match (&answer.told, function) {
        (Told::Refused { subject, reason, .. }, _) => subject == code.subject && reason == code.reason,
        (Told::Error(number), Function::Es9Plus(function)) => *number == asn1_error(function, code),
        _ => false,
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Executed => f.write_str("it is executed"),
            Self::Refused(codes) => write!(f, "it is refused with {}", one_of(codes)),
            Self::ExecutedOr(codes) => write!(f, "it is executed, or refused with {}", one_of(codes)),
            Self::TurnedAway => f.write_str("TLS fails over the certificate, or HTTP answers 401 or 403"),
            Self::RefusedAs(defect) => {
                let codes: Vec<String> = defect.refused_as().iter().map(ToString::to_string).collect();
                write!(f, "it is refused with {}", codes.join(" or "))
            }
            Self::RefusedSomehow => f.write_str("it is refused with a status code"),
            Self::NotExecuted => f.write_str("it is refused, by the function or with HTTP 4xx or 5xx"),
            Self::HttpRefusal => f.write_str("HTTP refuses it with 4xx"),
            Self::Holds(property) => write!(f, "it is executed, and {}", property.says),
            Self::Answer(property) => f.write_str(property.says),
        }
    }
}

fn one_of(codes: &[StatusCode]) -> String {
    let codes: Vec<String> = codes.iter().map(|code| format!("{code} ({})", code.meaning)).collect();
    codes.join(" or ")
}
