//! The RSP session that the judge has with the card: it plays SM-DP+ or SM-DS here, and keeps what both sides said.

mod authentication;
mod preparation;

use std::fmt;

use asn1::tlv::wrap;
use asn1::{CancelSessionReason, der};
use certs::Certificate;
use crypto::{Curve, Engine, PublicKey, Signature};
use rand_core::CryptoRng;

use super::servers::Server;
pub use authentication::Authentication;
pub use preparation::Preparation;

/// The name that the judge's server signs with.
pub const SERVER_ADDRESS: &str = "smdp.conformance.example.com";

/// A confirmation code as it travels here: the eUICC only passes on its hash (SGP.22 §4.7).
pub const HASH_CC: [u8; 32] = [0xCC; 32];

/// A session, as far as it has come. What the session before it had is kept for replays.
#[derive(Clone, Default)]
pub struct Session {
    /// transactionId, chosen when the session was begun.
    pub transaction_id: Vec<u8>,
    /// The server that the session is with.
    pub server: Option<Server>,
    /// euiccChallenge.
    pub euicc_challenge: Vec<u8>,
    /// serverChallenge.
    pub server_challenge: Vec<u8>,
    /// ctxParams1 as it was sent.
    pub ctx_params1: Vec<u8>,
    /// serverAddress as it was sent.
    pub server_address: String,
    /// euiccSignature1.
    pub euicc_signature1: Vec<u8>,
    /// CERT.EUICC.ECDSA of AuthenticateServer, which all that follows is signed with.
    pub euicc_certificate: Option<Certificate>,
    /// smdpSignature2.
    pub smdp_signature2: Vec<u8>,
    /// otPK.EUICC.ECKA.
    pub euicc_otpk: Vec<u8>,
}

impl Session {
    /// A session of which nothing is agreed: with values that no card has given.
    pub fn unknown(rng: &mut dyn CryptoRng) -> Self {
        let mut session = Self { server_address: SERVER_ADDRESS.to_owned(), ..Self::default() };
        for (value, length) in [
            (&mut session.transaction_id, 16),
            (&mut session.euicc_challenge, 16),
            (&mut session.server_challenge, 16),
            (&mut session.euicc_signature1, 64),
        ] {
            *value = vec![0; length];
            rng.fill_bytes(value);
        }
        session
    }

    /// Verifies a signature of the eUICC in this session.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn verify(&self, signed: &[u8], signature: &[u8]) -> Result<(), String> {
        let certificate = self.euicc_certificate.as_ref().ok_or("CERT.EUICC.ECDSA is not known")?;
        verify(certificate.public_key(), signed, signature)
    }
}

/// Verifies a signature in the plain format.
///
/// # Errors
/// Says what is wrong.
pub fn verify(key: &PublicKey, signed: &[u8], signature: &[u8]) -> Result<(), String> {
    let signature = Signature::from_bytes(signature).map_err(|error| error.to_string())?;
    key.verify(Engine::RustCrypto, signed, &signature)
        .map_err(|_| "the signature is not that of CERT.EUICC.ECDSA over these bytes".to_owned())
}

/// Which session CancelSession names (SGP.22 §5.7.14).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cancellation {
    /// The session that is open, for this reason.
    This(CancelSessionReason),
    /// A session that there never was.
    Other,
    /// The session before.
    Earlier,
}

impl Cancellation {
    /// The command object.
    pub fn object(self, session: &Session, earlier: &Session) -> Vec<u8> {
        let (transaction_id, reason) = match self {
            Self::This(reason) => (session.transaction_id.clone(), reason),
            Self::Other => {
                let other = session.transaction_id.iter().map(|byte| !byte).collect();
                (other, CancelSessionReason::POSTPONED)
            }
            Self::Earlier => (earlier.transaction_id.clone(), CancelSessionReason::POSTPONED),
        };
        let reason = u8::try_from(reason.value()).unwrap_or(127);
        wrap(0xBF41, &[wrap(0x80, &transaction_id), wrap(0x81, &[reason])].concat())
    }
}

impl fmt::Display for Cancellation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::This(reason) => write!(f, "CancelSession because of {reason}"),
            Self::Other => f.write_str("CancelSession with an unknown transactionId"),
            Self::Earlier => f.write_str("CancelSession with the transactionId of the session before"),
        }
    }
}

/// Keeps what a good answer to AuthenticateServer brought.
pub(super) fn authenticated(session: &mut Session, answer: &[u8]) {
    if let Ok(asn1::AuthenticateServerResponse::AuthenticateResponseOk(ok)) = der::decode(answer) {
        session.euicc_signature1 = ok.euicc_signature1.bytes().to_vec();
        session.euicc_certificate = Certificate::from_der(ok.euicc_certificate.raw()).ok();
    }
}

/// Keeps what a good answer to PrepareDownload brought.
pub(super) fn prepared(session: &mut Session, answer: &[u8]) {
    if let Ok(asn1::PrepareDownloadResponse::DownloadResponseOk(ok)) = der::decode(answer) {
        session.euicc_otpk = ok.euicc_signed2.euicc_otpk.bytes().to_vec();
    }
}

/// The curve that the server's certificates of a session lie on.
pub(super) fn curve_of(session: &Session) -> Option<Curve> {
    session.server.as_ref().map(|server| server.pb.key.curve())
}

fn spoil(signature: &mut [u8]) {
    if let Some(last) = signature.last_mut() {
        *last ^= 1;
    }
}
