//! Of the answer to AuthenticateServer (SGP.22 §5.7.13).

use std::fmt;

use asn1::{AuthenticateResponseOk, AuthenticateServerResponse, der};
use certs::Certificate;
use certs::chain::verify_euicc_chain;

use super::{Finding, Held, equal, hex, holds, last_data};
use crate::card::bench::Bench;
use crate::card::reply::Reply;
use crate::card::request::Request;
use crate::card::session;

/// Of the answer to AuthenticateServer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Authenticated {
    /// euiccSigned1 has the transactionId, serverAddress and serverChallenge that were sent.
    Echoes,
    /// ctxParams1 in euiccSigned1 has the bytes that were sent.
    ContextIsCopied,
    /// euiccInfo2 in euiccSigned1 is EUICCInfo2.
    InfoIsThatOfGetEuiccInfo,
    /// euiccSignature1 is that of CERT.EUICC.ECDSA over euiccSigned1.
    SignatureVerifies,
    /// CERT.EUICC.ECDSA and CERT.EUM.ECDSA lead to the Certificate Issuer of the session.
    ChainIsGood,
    /// They lead to the Certificate Issuer of the other curve.
    ChainIsThatOfOtherCurve,
    /// The certificate names the EID that GetEID tells.
    CertificateNamesEid,
    /// The error names the transactionId that was sent.
    ErrorNamesTransaction,
}

impl Authenticated {
    pub(super) fn hold(self, bench: &mut Bench<'_>) -> Held {
        match self {
            Self::Echoes => echoes(bench),
            Self::ContextIsCopied => {
                let signed = ok(bench)?.euicc_signed1;
                let (actual, sent) = (signed.ctx_params1.bytes(), &bench.session.ctx_params1);
                holds(actual == sent, format_args!("{}, sent {}", hex(actual), hex(sent)))
            }
            Self::InfoIsThatOfGetEuiccInfo => {
                let told = ok(bench)?.euicc_signed1.into_value().euicc_info2;
                let asked = bench.send(Request::GetEuiccInfo2)?;
                holds(asked.reply == Reply::Done, format_args!("GetEUICCInfo: {}", asked.reply))?;
                holds(der::encode(&told) == asked.answer.data, "they differ")
            }
            Self::SignatureVerifies => {
                let ok = ok(bench)?;
                let certificate = read(ok.euicc_certificate.raw())?;
                let signature = ok.euicc_signature1.bytes();
                Ok(session::verify(certificate.public_key(), ok.euicc_signed1.bytes(), signature)?)
            }
            Self::ChainIsGood => {
                let anchor = bench.servers.authority().anchor().clone();
                chain(bench, &[anchor]).map(drop)
            }
            Self::ChainIsThatOfOtherCurve => {
                let anchor = bench.servers.other_authority()?.anchor().clone();
                chain(bench, &[anchor]).map(drop)
            }
            Self::CertificateNamesEid => {
                let anchors = [Some(bench.servers.authority()), bench.servers.other_authority().ok()];
                let anchors: Vec<_> =
                    anchors.into_iter().flatten().map(|root| root.anchor().clone()).collect();
                let named = chain(bench, &anchors)?;
                let eid = bench.properties.eid.as_ref().map_err(Clone::clone)?;
                holds(named == *eid.as_bytes(), hex(&named))
            }
            Self::ErrorNamesTransaction => match der::decode(last_data(bench)?)? {
                AuthenticateServerResponse::AuthenticateResponseError(error) => {
                    let (actual, sent) = (error.transaction_id.bytes(), &bench.session.transaction_id);
                    holds(actual == sent, format_args!("{}, sent {}", hex(actual), hex(sent)))
                }
                AuthenticateServerResponse::AuthenticateResponseOk(_) => Err("the server is believed".into()),
            },
        }
    }
}

fn ok(bench: &Bench<'_>) -> Result<AuthenticateResponseOk, Finding> {
    match der::decode(last_data(bench)?)? {
        AuthenticateServerResponse::AuthenticateResponseOk(ok) => Ok(ok),
        AuthenticateServerResponse::AuthenticateResponseError(error) => {
            Err(Finding::is(error.authenticate_error_code))
        }
    }
}

fn echoes(bench: &Bench<'_>) -> Held {
    let signed = ok(bench)?.euicc_signed1;
    let session = &bench.session;
    let same = |name: &str, actual: &[u8], sent: &[u8]| {
        holds(actual == sent, format_args!("{name} is {}, sent {}", hex(actual), hex(sent)))
    };
    same("transactionId", signed.transaction_id.bytes(), &session.transaction_id)?;
    same("serverChallenge", signed.server_challenge.bytes(), &session.server_challenge)?;
    equal(&signed.server_address, &session.server_address)
}

/// The EID in the chain, once it is verified. Expiry is left out: a card in use may be older than its certificate.
fn chain(bench: &Bench<'_>, anchors: &[certs::chain::TrustAnchor]) -> Result<[u8; 16], Finding> {
    let ok = ok(bench)?;
    let (eum, euicc) = (read(ok.eum_certificate.raw())?, read(ok.euicc_certificate.raw())?);
    let verified = verify_euicc_chain(anchors, &eum, &euicc, None, &mut |_| ());
    verified.map(|euicc| euicc.eid).map_err(Finding::is)
}

fn read(der: &[u8]) -> Result<Certificate, Finding> {
    Certificate::from_der(der).map_err(Finding::is)
}

impl fmt::Display for Authenticated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Echoes => "euiccSigned1 repeats transactionId, serverAddress and serverChallenge",
            Self::ContextIsCopied => "euiccSigned1 has ctxParams1 byte for byte",
            Self::InfoIsThatOfGetEuiccInfo => "euiccInfo2 is what GetEUICCInfo tells",
            Self::SignatureVerifies => "euiccSignature1 is that of CERT.EUICC.ECDSA over euiccSigned1",
            Self::ChainIsGood => {
                "CERT.EUICC.ECDSA and CERT.EUM.ECDSA lead to the Certificate Issuer that was asked for"
            }
            Self::ChainIsThatOfOtherCurve => {
                "CERT.EUICC.ECDSA and CERT.EUM.ECDSA are those of the other curve"
            }
            Self::CertificateNamesEid => "CERT.EUICC.ECDSA names the EID of GetEID",
            Self::ErrorNamesTransaction => "the error has the transactionId that was sent",
        })
    }
}
