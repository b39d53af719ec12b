//! Of the answer to CancelSession (SGP.22 §5.7.14).

use std::fmt;

use asn1::{CancelSessionReason, CancelSessionResponse, CancelSessionResponseOk, der};
use certs::Certificate;

use super::{Finding, Held, equal, hex, holds, last_data};
use crate::card::bench::Bench;

/// Of the answer to CancelSession.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cancelled {
    /// euiccCancelSessionSigned has the transactionId that was sent.
    EchoesTransaction,
    /// euiccCancelSessionSigned has this reason.
    ReasonIs(CancelSessionReason),
    /// smdpOid is that of CERT.DPauth.ECDSA.
    NamesTheServer,
    /// euiccCancelSessionSignature is that of CERT.EUICC.ECDSA over euiccCancelSessionSigned.
    SignatureVerifies,
}

impl Cancelled {
    pub(super) fn hold(self, bench: &mut Bench<'_>) -> Held {
        let ok = ok(bench)?;
        let signed = &ok.euicc_cancel_session_signed;
        match self {
            Self::EchoesTransaction => {
                let (actual, sent) = (signed.transaction_id.bytes(), &bench.session.transaction_id);
                holds(actual == sent, format_args!("{}, sent {}", hex(actual), hex(sent)))
            }
            Self::ReasonIs(reason) => equal(&signed.reason, &reason),
            Self::NamesTheServer => {
                let server = bench.session.server.as_ref().ok_or("there is no session")?;
                let certificate = Certificate::from_der(&server.auth.certificate).map_err(Finding::is)?;
                let own = certificate.registered_ids().iter().any(|id| *id == signed.smdp_oid);
                holds(own, &signed.smdp_oid)
            }
            Self::SignatureVerifies => {
                let signature = ok.euicc_cancel_session_signature.bytes();
                Ok(bench.session.verify(signed.bytes(), signature)?)
            }
        }
    }
}

fn ok(bench: &Bench<'_>) -> Result<CancelSessionResponseOk, Finding> {
    match der::decode(last_data(bench)?)? {
        CancelSessionResponse::CancelSessionResponseOk(ok) => Ok(ok),
        CancelSessionResponse::CancelSessionResponseError(error) => Err(Finding::is(error)),
    }
}

impl fmt::Display for Cancelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EchoesTransaction => f.write_str("the signed part repeats the transactionId"),
            Self::ReasonIs(reason) => write!(f, "the signed part has the reason {reason}"),
            Self::NamesTheServer => f.write_str("smdpOid is that of CERT.DPauth.ECDSA"),
            Self::SignatureVerifies => {
                f.write_str("the signature is that of CERT.EUICC.ECDSA over euiccCancelSessionSigned")
            }
        }
    }
}
