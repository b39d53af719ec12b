//! What a server answered.

use std::collections::BTreeMap;
use std::fmt;

use asn1::{
    AuthenticateClientResponseEs9, AuthenticateClientResponseEs11, CancelSessionResponseEs9,
    GetBoundProfilePackageResponse, InitiateAuthenticationResponse, RemoteProfileProvisioningResponse, der,
};
use data_encoding::{BASE64, HEXUPPER_PERMISSIVE};
use http::StatusCode;
use protocol::{es9plus, status};
use serde_json::{Map, Value};
use wire::es9plus::Binding;
use wire::transport::Reply;

use super::Function;

/// An answer: as it came, and what it says.
#[derive(Clone, Debug)]
pub struct Answer {
    /// As it came.
    pub reply: Reply,
    /// In which binding it was asked for.
    pub binding: Binding,
    /// What it says.
    pub told: Told,
}

/// What an answer says of the function.
#[derive(Clone, Debug)]
pub enum Told {
    /// Executed. The members by their names in JSON, base64 and hexadecimal undone; in either binding.
    Executed(Members),
    /// Not executed; subject and reason code, and what a human is told.
    Refused {
        /// subjectCode.
        subject: String,
        /// reasonCode.
        reason: String,
        /// message.
        message: Option<String>,
    },
    /// Not executed, and no code says why.
    RefusedWithoutCode(String),
    /// Not executed, as the ASN.1 binding says it.
    Error(i64),
    /// 204 and no body: a notification was accepted.
    Acknowledged,
    /// Another HTTP status than 200 and 204.
    Http(StatusCode),
    /// Something that is no answer of this function.
    Unreadable(String),
}

/// The members of an answer that executed something.
#[derive(Clone, Default, Debug)]
pub struct Members {
    /// Octets by name; what is a text in JSON is here its bytes.
    octets: BTreeMap<String, Vec<u8>>,
    /// The JSON object they came in; empty in the ASN.1 binding.
    json: Map<String, Value>,
}

/// Members of ES9+ and ES11 whose text in JSON is base64.
const BASE64_MEMBERS: [&str; 10] = [
    "serverSigned1",
    "serverSignature1",
    "euiccCiPKIdToBeUsed",
    "serverCertificate",
    "profileMetadata",
    "smdpSigned2",
    "smdpSignature2",
    "smdpCertificate",
    "boundProfilePackage",
    "resultData",
];

impl Members {
    /// The octets of a member.
    ///
    /// # Errors
    /// A sentence, where it is not there.
    pub fn octets(&self, name: &str) -> Result<&[u8], String> {
        self.octets.get(name).map(Vec::as_slice).ok_or_else(|| format!("{name} is missing"))
    }

    /// A member that is a text.
    ///
    /// # Errors
    /// A sentence, where it is not there.
    pub fn text(&self, name: &str) -> Result<&str, String> {
        std::str::from_utf8(self.octets(name)?).map_err(|_| format!("{name} is no text"))
    }

    /// The JSON object as it came; empty in the ASN.1 binding.
    pub fn json(&self) -> &Map<String, Value> {
        &self.json
    }

    /// Tells every member that is a DER object.
    pub fn each_object(&self, mut tell: impl FnMut(&str, &[u8])) {
        for (name, octets) in &self.octets {
            if BASE64_MEMBERS.contains(&name.as_str()) {
                tell(name, octets);
            }
        }
    }

    fn from_json(object: Map<String, Value>) -> Result<Self, String> {
        let mut octets = BTreeMap::new();
        for (name, value) in &object {
            let Value::String(text) = value else { continue };
            let value = if BASE64_MEMBERS.contains(&name.as_str()) {
                BASE64.decode(text.as_bytes()).map_err(|why| format!("{name} is no base64: {why}"))?
            } else if name == "transactionId" {
                HEXUPPER_PERMISSIVE
                    .decode(text.as_bytes())
                    .map_err(|why| format!("transactionId is not hexadecimal: {why}"))?
            } else {
                text.clone().into_bytes()
            };
            octets.insert(name.clone(), value);
        }
        Ok(Self { octets, json: object })
    }

    fn of(members: impl IntoIterator<Item = (&'static str, Vec<u8>)>) -> Self {
        let octets = members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { octets, json: Map::new() }
    }
}

impl Answer {
    /// Reads an answer for what it is.
    pub fn read(reply: Reply, function: Function, binding: Binding) -> Self {
        let told = match reply.status {
            StatusCode::NO_CONTENT => Told::Acknowledged,
            StatusCode::OK => match binding {
                Binding::Json => json(&reply.body),
                Binding::Asn1 => asn1(&reply.body, function),
            }
            .unwrap_or_else(Told::Unreadable),
            other => Told::Http(other),
        };
        Self { reply, binding, told }
    }

    /// The members of an answer that executed something.
    ///
    /// # Errors
    /// What it says instead.
    pub fn members(&self) -> Result<&Members, String> {
        match &self.told {
            Told::Executed(members) => Ok(members),
            other => Err(other.to_string()),
        }
    }
}

fn json(body: &[u8]) -> Result<Told, String> {
    let object: Map<String, Value> =
        serde_json::from_slice(body).map_err(|why| format!("the body is no JSON object: {why}"))?;
    // SGP.22 §6.5.1.4.
    let status = object.get("header").and_then(|header| header.get("functionExecutionStatus"));
    let status = status.ok_or("header.functionExecutionStatus is missing")?;
    let data = status.get("statusCodeData");
    let code = |name: &str| data.and_then(|data| data.get(name)).and_then(Value::as_str);
    match status.get("status").and_then(Value::as_str).ok_or("functionExecutionStatus has no status")? {
        "Executed-Success" | "Executed-WithWarning" => Members::from_json(object).map(Told::Executed),
        other @ ("Failed" | "Expired") => Ok(match (code("subjectCode"), code("reasonCode")) {
            (Some(subject), Some(reason)) => Told::Refused {
                subject: subject.to_owned(),
                reason: reason.to_owned(),
                message: code("message").map(str::to_owned),
            },
            _ => Told::RefusedWithoutCode(other.to_owned()),
        }),
        other => Err(format!("the status {other:?} does not exist")),
    }
}

/// Whether a response is that of the function; an SM-DS answers AuthenticateClient with an object of its own.
fn is_of(response: &RemoteProfileProvisioningResponse, function: Function) -> bool {
    use RemoteProfileProvisioningResponse as Response;
    let Function::Es9Plus(function) = function else { return false };
    match response {
        Response::InitiateAuthenticationResponse(_) => function == es9plus::Function::InitiateAuthentication,
        Response::AuthenticateClientResponseEs9(_) | Response::AuthenticateClientResponseEs11(_) => {
            function == es9plus::Function::AuthenticateClient
        }
        Response::GetBoundProfilePackageResponse(_) => function == es9plus::Function::GetBoundProfilePackage,
        Response::CancelSessionResponseEs9(_) => function == es9plus::Function::CancelSession,
    }
}

fn asn1(body: &[u8], function: Function) -> Result<Told, String> {
    use RemoteProfileProvisioningResponse as Response;
    let response: Response =
        der::decode(body).map_err(|why| format!("the body is no answer in DER: {why}"))?;
    if !is_of(&response, function) {
        return Err("the body is the answer of another function".to_owned());
    }
    Ok(match response {
        Response::InitiateAuthenticationResponse(answer) => match answer {
            InitiateAuthenticationResponse::InitiateAuthenticationOk(ok) => Told::Executed(Members::of([
                ("transactionId", ok.transaction_id.bytes().to_vec()),
                ("serverSigned1", ok.server_signed1.into_bytes()),
                ("serverSignature1", ok.server_signature1.to_tlv()),
                ("euiccCiPKIdToBeUsed", ok.euicc_ci_pk_id_to_be_used.to_tlv()),
                ("serverCertificate", ok.server_certificate.raw().to_vec()),
            ])),
            InitiateAuthenticationResponse::InitiateAuthenticationError(error) => Told::Error(error.value()),
        },
        Response::AuthenticateClientResponseEs9(answer) => match answer {
            AuthenticateClientResponseEs9::AuthenticateClientOk(ok) => Told::Executed(Members::of([
                ("transactionId", ok.transaction_id.bytes().to_vec()),
                ("profileMetadata", ok.profile_metadata.into_bytes()),
                ("smdpSigned2", ok.smdp_signed2.into_bytes()),
                ("smdpSignature2", ok.smdp_signature2.to_tlv()),
                ("smdpCertificate", ok.smdp_certificate.raw().to_vec()),
            ])),
            AuthenticateClientResponseEs9::AuthenticateClientError(error) => Told::Error(error.value()),
        },
        Response::GetBoundProfilePackageResponse(answer) => match answer {
            GetBoundProfilePackageResponse::GetBoundProfilePackageOk(ok) => Told::Executed(Members::of([
                ("transactionId", ok.transaction_id.bytes().to_vec()),
                ("boundProfilePackage", ok.bound_profile_package.raw().to_vec()),
            ])),
            GetBoundProfilePackageResponse::GetBoundProfilePackageError(error) => Told::Error(error.value()),
        },
        Response::CancelSessionResponseEs9(answer) => match answer {
            CancelSessionResponseEs9::CancelSessionOk(_) => Told::Executed(Members::default()),
            CancelSessionResponseEs9::CancelSessionError(error) => Told::Error(error.value()),
        },
        Response::AuthenticateClientResponseEs11(answer) => match answer {
            AuthenticateClientResponseEs11::AuthenticateClientOk(ok) => {
                let mut members = Members::of([("transactionId", ok.transaction_id.bytes().to_vec())]);
                let entries = ok.event_entries.iter().map(|entry| {
                    serde_json::json!({
                        "eventId": entry.event_id,
                        "rspServerAddress": entry.rsp_server_address,
                    })
                });
                members.json.insert("eventEntries".to_owned(), entries.collect());
                Told::Executed(members)
            }
            AuthenticateClientResponseEs11::AuthenticateClientError(error) => Told::Error(error.value()),
        },
    })
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Executed(_) => f.write_str("it was executed"),
            Self::Refused { subject, reason, message } => {
                write!(f, "it was refused with {subject}/{reason}")?;
                if let Some(code) = status::StatusCode::ALL
                    .iter()
                    .find(|code| code.subject == subject && code.reason == reason)
                {
                    write!(f, " ({})", code.meaning)?;
                }
                message.as_ref().map_or(Ok(()), |message| write!(f, ": {message:?}"))
            }
            Self::RefusedWithoutCode(status) => write!(f, "it was refused ({status}) without a status code"),
            Self::Error(number) => write!(f, "it was refused with error {number}"),
            Self::Acknowledged => f.write_str("HTTP 204"),
            Self::Http(status) => write!(f, "HTTP {status}"),
            Self::Unreadable(why) => write!(f, "no answer that could be read: {why}"),
        }
    }
}
