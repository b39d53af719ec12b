//! What every request has to keep, and every handshake (SGP.22 §2.6.6, §6.2, §6.5).

use http::Method;
use http::header::{CONTENT_TYPE, USER_AGENT};
use rustls::{CipherSuite, SignatureScheme};
use wire::es9plus::Binding;
use wire::header::X_ADMIN_PROTOCOL;

use super::{Judgement, Met, Unmet, json, otherwise};
use crate::lpa::expectation::Rule;
use crate::lpa::log::Call;

impl Met<'_> {
    pub(super) fn every(&self, rule: Rule) -> Judgement {
        if self.log.calls.is_empty() {
            return self.not_reached();
        }
        if rule.is_of_json() && self.is_in_asn1() {
            return Err(Unmet::NotAsked("the LPA uses the ASN.1 binding".to_owned()));
        }
        for call in &self.log.calls {
            if let Err(actual) = keeps(rule, call) {
                return otherwise(format!("{}: {actual}", call.name()));
            }
        }
        Ok(())
    }

    /// SGP.22 §2.6.6. TLS 1.3 has neither of the two cipher suites, and is allowed for; what it replaces them by is its own.
    pub(super) fn offers_tls(&self) -> Judgement {
        const SUITES: [CipherSuite; 3] = [
            CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
            CipherSuite::TLS13_AES_128_GCM_SHA256,
        ];
        let Some(hello) = self.log.hellos.first() else { return self.not_reached() };
        if !hello.cipher_suites.iter().any(|suite| SUITES.contains(suite)) {
            return otherwise(format!("the cipher suites {:?}", hello.cipher_suites));
        }
        if !hello.signature_schemes.contains(&SignatureScheme::ECDSA_NISTP256_SHA256) {
            return otherwise(format!("the signature algorithms {:?}", hello.signature_schemes));
        }
        Ok(())
    }
}

/// Whether a request keeps a rule; what it does instead.
fn keeps(rule: Rule, call: &Call) -> Result<(), String> {
    match rule {
        Rule::UserAgent => user_agent(call),
        Rule::AdminProtocol => admin_protocol(call),
        Rule::ContentType => content_type(call),
        Rule::Path => match call.called {
            Some(_) if call.method == Method::POST => Ok(()),
            Some(_) => Err(format!("the method {}", call.method)),
            None => Err(format!("the path {}", call.path)),
        },
        // What is not in JSON has none of the faults of JSON.
        _ if matches!(call.called, Some((_, Binding::Asn1))) => Ok(()),
        Rule::NoHeader => json::no_header(call),
        Rule::Members => json::members(call),
        Rule::Base64 => json::base64(call),
        Rule::TransactionId => json::transaction_id(call),
        Rule::Escapes => json::escapes(call),
    }
}

fn field<'a>(call: &'a Call, name: &http::HeaderName) -> Option<&'a str> {
    call.headers.get(name).and_then(|value| value.to_str().ok())
}

fn found(value: Option<&str>) -> String {
    value.map_or_else(|| "the field is missing".to_owned(), |value| format!("{value:?}"))
}

/// More may follow after a semicolon.
fn user_agent(call: &Call) -> Result<(), String> {
    let value = field(call, &USER_AGENT);
    let product = value.and_then(|value| value.split(';').next()).map(str::trim);
    match product {
        Some("gsma-rsp-lpad" | "gsma-rsp-lpae") => Ok(()),
        _ => Err(found(value)),
    }
}

fn admin_protocol(call: &Call) -> Result<(), String> {
    let value = field(call, &X_ADMIN_PROTOCOL);
    let version = value.and_then(|value| value.strip_prefix("gsma/rsp/v"));
    let numbers = version.map(|version| version.split('.').collect::<Vec<_>>());
    let is_number =
        |text: &&str| !text.is_empty() && text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    match numbers {
        Some(numbers) if numbers.len() == 3 && numbers.iter().all(is_number) => Ok(()),
        _ => Err(found(value)),
    }
}

/// Parameters do not matter.
fn content_type(call: &Call) -> Result<(), String> {
    let value = field(call, &CONTENT_TYPE);
    let essence = value.and_then(|value| value.split(';').next()).map(str::trim).unwrap_or_default();
    let expected = match call.called {
        Some((_, Binding::Asn1)) => "application/x-gsma-rsp-asn1",
        _ => "application/json",
    };
    if essence.eq_ignore_ascii_case(expected) { Ok(()) } else { Err(found(value)) }
}
