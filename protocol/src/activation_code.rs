//! The activation code of SGP.22 §4.1.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::types::{ServerAddress, ServerAddressError};

/// What an activation code says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ActivationCode {
    /// The SM-DP+ to ask.
    pub smdp_address: ServerAddress,
    /// AC_Token: the MatchingID as the user got it; may be empty.
    pub matching_id: String,
    /// The SM-DP+ OID that CERT.DPauth has to carry, dotted.
    pub smdp_oid: Option<String>,
    /// Whether the user will be asked for a confirmation code.
    pub confirmation_code_required: bool,
}

/// Why a text is no activation code.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum ActivationCodeError {
    /// More than 255 characters.
    #[error("an activation code has at most 255 characters")]
    TooLong,
    /// AC_Format is not 1.
    #[error("activation code format {0:?} is not known: it has to begin with \"1$\" or \"LPA:1$\"")]
    Format(String),
    /// The SM-DP+ address is missing or malformed.
    #[error("the SM-DP+ address of the activation code is malformed: {0}")]
    Address(#[from] ServerAddressError),
    /// The token is missing or has characters outside its set.
    #[error("the token (MatchingID) of the activation code is missing or malformed")]
    Token,
    /// The OID is not dotted decimal.
    #[error("the SM-DP+ OID of the activation code is malformed")]
    Oid,
    /// The confirmation-code flag is neither 1 nor empty.
    #[error("the confirmation code flag of the activation code is neither \"1\" nor empty")]
    ConfirmationCodeFlag,
}

impl FromStr for ActivationCode {
    type Err = ActivationCodeError;

    /// Reads the form with the `LPA:` prefix of a QR code and the bare form that a user types.
    fn from_str(text: &str) -> Result<Self, ActivationCodeError> {
        let text = text.trim();
        let bare = match text.get(..4) {
            Some(prefix) if prefix.eq_ignore_ascii_case("LPA:") => text.get(4..).unwrap_or_default(),
            _ => text,
        };
        if bare.len() > 255 {
            return Err(ActivationCodeError::TooLong);
        }
        let mut elements = bare.split('$');
        let format = elements.next().unwrap_or_default();
        if format != "1" {
            return Err(ActivationCodeError::Format(format.chars().take(16).collect()));
        }
        let smdp_address = elements.next().unwrap_or_default().parse()?;
        let matching_id = elements.next().ok_or(ActivationCodeError::Token)?;
        if !matching_id.chars().all(|c| c.is_ascii_graphic()) {
            return Err(ActivationCodeError::Token);
        }
        let smdp_oid = elements.next().filter(|oid| !oid.is_empty());
        if smdp_oid.is_some_and(|oid| !is_dotted_oid(oid)) {
            return Err(ActivationCodeError::Oid);
        }
        let confirmation_code_required = match elements.next() {
            None | Some("") => false,
            Some("1") => true,
            Some(_) => return Err(ActivationCodeError::ConfirmationCodeFlag),
        };
        // SGP.22 §4.1: whatever a later version puts behind the fifth element is not ours to judge.
        Ok(Self {
            smdp_address,
            matching_id: matching_id.to_owned(),
            smdp_oid: smdp_oid.map(str::to_owned),
            confirmation_code_required,
        })
    }
}

fn is_dotted_oid(text: &str) -> bool {
    text.contains('.')
        && text.split('.').all(|arc| !arc.is_empty() && arc.bytes().all(|b| b.is_ascii_digit()))
}

/// The form for a QR code, with the `LPA:` prefix; trailing absent elements are left out with their separator.
impl fmt::Display for ActivationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LPA:1${}${}", self.smdp_address, self.matching_id)?;
        match (&self.smdp_oid, self.confirmation_code_required) {
            (None, false) => Ok(()),
            (Some(oid), false) => write!(f, "${oid}"),
            (None, true) => f.write_str("$$1"),
            (Some(oid), true) => write!(f, "${oid}$1"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_and_written_back() {
        for text in [
            "LPA:1$RSP.EXAMPLE.COM$AB-12",
            "LPA:1$RSP.EXAMPLE.COM$AB-12$$1",
            "LPA:1$RSP.EXAMPLE.COM$$2.999.10",
            "LPA:1$localhost:8443$AB-12$2.999.10$1",
        ] {
            let code: ActivationCode = text.parse().unwrap();
            assert_eq!(code.to_string(), text);
        }
    }

    #[test]
    fn the_prefix_is_optional_and_later_elements_are_ignored() {
        let code: ActivationCode = "1$rsp.example.com$T$$1$F5417$x".parse().unwrap();
        assert!(code.confirmation_code_required);
        assert_eq!(code.matching_id, "T");
        assert!("lpa:1$rsp.example.com$T".parse::<ActivationCode>().is_ok());
    }

    #[test]
    fn a_malformed_code_names_the_element() {
        use ActivationCodeError as E;
        type Expected = fn(&E) -> bool;
        let cases: [(&str, Expected); 7] = [
            ("", |e| matches!(e, E::Format(_))),
            ("2$a$b", |e| matches!(e, E::Format(_))),
            ("1$$T", |e| matches!(e, E::Address(_))),
            ("1$rsp.example.com", |e| matches!(e, E::Token)),
            ("1$rsp.example.com$T$1..2", |e| matches!(e, E::Oid)),
            ("1$rsp.example.com$T$$2", |e| matches!(e, E::ConfirmationCodeFlag)),
            ("1$rsp.example.com$A B", |e| matches!(e, E::Token)),
        ];
        for (text, expected) in cases {
            let error = text.parse::<ActivationCode>().unwrap_err();
            assert!(expected(&error), "{text}: {error}");
        }
        assert_eq!(format!("1$a${}", "A".repeat(255)).parse::<ActivationCode>(), Err(E::TooLong));
    }
}
