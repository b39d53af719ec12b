//! Of the answer to PrepareDownload (SGP.22 §5.7.5).

use std::fmt;

use asn1::tlv::wrap;
use asn1::{PrepareDownloadResponse, PrepareDownloadResponseOk, der};
use crypto::PublicKey;

use super::{Finding, Held, hex, holds, last_data};
use crate::card::bench::Bench;
use crate::card::session::{HASH_CC, curve_of};

/// Of the answer to PrepareDownload.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Prepared {
    /// euiccSigned2 has the transactionId that was sent.
    EchoesTransaction,
    /// euiccOtpk is a point on the curve of CERT.DPpb.ECDSA.
    OtpkIsOnTheCurve,
    /// euiccOtpk is another one than that of the session before.
    OtpkIsFresh,
    /// hashCc is the one that was sent.
    HashCcIsThere,
    /// There is no hashCc.
    NoHashCc,
    /// euiccSignature2 is that of CERT.EUICC.ECDSA over euiccSigned2 and smdpSignature2.
    SignatureVerifies,
    /// The error names the transactionId that was sent.
    ErrorNamesTransaction,
}

impl Prepared {
    pub(super) fn hold(self, bench: &mut Bench<'_>) -> Held {
        if self == Self::ErrorNamesTransaction {
            return match der::decode(last_data(bench)?)? {
                PrepareDownloadResponse::DownloadResponseError(error) => {
                    same_transaction(error.transaction_id.bytes(), bench)
                }
                PrepareDownloadResponse::DownloadResponseOk(_) => Err("the download is prepared".into()),
            };
        }
        let ok = ok(bench)?;
        let signed = &ok.euicc_signed2;
        let otpk = signed.euicc_otpk.bytes();
        match self {
            Self::EchoesTransaction => same_transaction(signed.transaction_id.bytes(), bench),
            Self::OtpkIsOnTheCurve => {
                let curve = curve_of(&bench.session).ok_or("there is no session")?;
                PublicKey::from_point(curve, otpk).map(drop).map_err(Finding::is)
            }
            Self::OtpkIsFresh => holds(otpk != bench.earlier.euicc_otpk, "it is the same"),
            Self::HashCcIsThere => {
                let there = signed.hash_cc.is_some_and(|hash| *hash.bytes() == HASH_CC);
                holds(there, "it is not, or is another one")
            }
            Self::NoHashCc => holds(signed.hash_cc.is_none(), "there is one"),
            Self::SignatureVerifies | Self::ErrorNamesTransaction => {
                let covered = [signed.bytes(), &wrap(0x5F37, &bench.session.smdp_signature2)].concat();
                Ok(bench.session.verify(&covered, ok.euicc_signature2.bytes())?)
            }
        }
    }
}

fn ok(bench: &Bench<'_>) -> Result<PrepareDownloadResponseOk, Finding> {
    match der::decode(last_data(bench)?)? {
        PrepareDownloadResponse::DownloadResponseOk(ok) => Ok(ok),
        PrepareDownloadResponse::DownloadResponseError(error) => Err(Finding::is(error.download_error_code)),
    }
}

fn same_transaction(actual: &[u8], bench: &Bench<'_>) -> Held {
    let sent = &bench.session.transaction_id;
    holds(actual == sent, format_args!("{}, sent {}", hex(actual), hex(sent)))
}

impl fmt::Display for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EchoesTransaction => "euiccSigned2 repeats the transactionId",
            Self::OtpkIsOnTheCurve => "euiccOtpk is a point on the curve of CERT.DPpb.ECDSA",
            Self::OtpkIsFresh => "euiccOtpk is another one than in the session before",
            Self::HashCcIsThere => "euiccSigned2 has the hashCc that was sent",
            Self::NoHashCc => "euiccSigned2 has no hashCc",
            Self::SignatureVerifies => {
                "euiccSignature2 is that of CERT.EUICC.ECDSA over euiccSigned2 and smdpSignature2"
            }
            Self::ErrorNamesTransaction => "the error has the transactionId that was sent",
        })
    }
}
