//! What came of a call, for people and for scripts.

use anyhow::{Result, anyhow};
use data_encoding::HEXLOWER;
use protocol::status::StatusCode;
use rand_core::Rng;
use serde_json::{Map, Value, json};
use wire::es2plus::ClientError;
use wire::json::StatusCodeData;
use wire::transport::TransportError;

use crate::io::machine;

/// The fields of an answer by their names in SGP.22, in the order in which they are shown.
pub type Fields = Vec<(&'static str, String)>;

const CALL: &str = "functionCallIdentifier";

/// Tells how one call went.
pub struct Reporter {
    /// What was called: an SM-DP+ or an SM-DS.
    pub server: &'static str,
    pub call_id: String,
    /// Who should say that the server is what it claims to be, and does not: `neither --ci nor …`.
    pub nobody: &'static str,
    /// Whether the same call under the same identifier is executed once.
    pub is_idempotent: bool,
    /// The caller's certificate, for the message that the server does not want it.
    pub certificate: String,
    pub json: bool,
}

impl Reporter {
    /// Prints the answer, or says why there is none.
    pub fn tell(&self, name: &str, outcome: Result<Fields, ClientError>) -> Result<()> {
        match outcome {
            Ok(fields) => {
                self.print(fields);
                Ok(())
            }
            Err(ClientError::Refused { status }) => {
                let refused = anyhow!("the {} refused {name}: {}", self.server, in_words(&status));
                if self.json {
                    println!("{}", self.refusal(status));
                }
                Err(refused)
            }
            Err(error) => {
                let hint = self.hint(&error).map(|hint| format!(" ({hint})")).unwrap_or_default();
                Err(anyhow!(error).context(format!("{name} has no result{hint}")))
            }
        }
    }

    fn print(&self, fields: Fields) {
        let call = std::iter::once((CALL, self.call_id.clone()));
        if self.json {
            let object: Map<String, Value> =
                call.chain(fields).map(|(name, value)| (name.to_owned(), value.into())).collect();
            println!("{}", Value::from(object));
            return;
        }
        for (name, value) in call.chain(fields) {
            println!("{name} {value}");
        }
    }

    fn refusal(&self, status: StatusCodeData) -> Value {
        json!({
            CALL: self.call_id,
            "status": "Failed",
            "statusCodeData": status,
        })
    }

    /// What the user may do about it.
    fn hint(&self, error: &ClientError) -> Option<String> {
        match error {
            ClientError::Transport(TransportError::Tls { why, .. }) => {
                match why.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>())? {
                    rustls::Error::AlertReceived(_) => Some(format!(
                        "the {} does not take the certificate {}",
                        self.server, self.certificate
                    )),
                    rustls::Error::InvalidCertificate(_) => {
                        Some(format!("{} vouches for the {}", self.nobody, self.server))
                    }
                    _ => None,
                }
            }
            // Nothing has reached the server.
            ClientError::Transport(TransportError::Connect { .. }) => None,
            // It may have been executed all the same.
            error if error.is_worth_retrying() && self.is_idempotent => {
                Some(format!("the same call again: --call-id {}", self.call_id))
            }
            error if error.may_have_been_executed() => {
                Some("it may have been executed all the same".to_owned())
            }
            _ => None,
        }
    }
}

/// A functionCallIdentifier that nobody has used.
pub fn new_call_id() -> Result<String> {
    let mut id = [0; 16];
    machine::system_rng()?.fill_bytes(&mut id);
    Ok(HEXLOWER.encode(&id))
}

/// `8.2.1/3.3, the profile is not available, or already downloaded: "…"`.
fn in_words(status: &StatusCodeData) -> String {
    let StatusCodeData { subject_code, reason_code, message, .. } = status;
    let mut words = format!("{subject_code}/{reason_code}");
    let known =
        StatusCode::ALL.iter().find(|known| known.subject == subject_code && known.reason == reason_code);
    if let Some(known) = known {
        words.push_str(&format!(", {}", known.meaning));
    }
    if let Some(message) = message {
        words.push_str(&format!(": {message:?}"));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_with_its_code_its_meaning_and_the_words_of_the_server() {
        let status = |subject: &str, reason: &str, message: Option<&str>| StatusCodeData {
            subject_code: subject.to_owned(),
            reason_code: reason.to_owned(),
            subject_identifier: None,
            message: message.map(str::to_owned),
        };
        assert_eq!(
            in_words(&status("8.2.1", "3.9", Some("no such profile"))),
            "8.2.1/3.9, no profile here has this ICCID: \"no such profile\""
        );
        // Codes are text: 3.90 is not 3.9, and what is not in our table is shown as it came.
        assert_eq!(in_words(&status("8.2.1", "3.90", None)), "8.2.1/3.90");
    }
}
