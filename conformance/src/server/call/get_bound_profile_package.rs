//! GetBoundProfilePackage (SGP.22 §5.6.2).

use std::fmt;

use asn1::TransactionId;
use asn1::tlv::wrap;
use crypto::{Curve, Engine, OneTimeKey};
use protocol::confirmation_code::ConfirmationCodeHash;
use protocol::es9plus::Function as Es9Plus;
use rand_core::CryptoRng;

use super::{CallError, OTHER_TRANSACTION, asn1_request, spoiled};
use crate::server::euicc::VirtualEuicc;
use crate::server::message::{Function, Message, Value};
use crate::server::play::Session;

/// How GetBoundProfilePackage is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Download {
    /// As it should be.
    Good,
    /// With this one-time key.
    Key(Key),
    /// With this confirmation code.
    Code(Code),
    /// One bit of euiccSignature2 is another.
    SpoiledSignature,
    /// euiccSignature2 over euiccSigned2 alone, without smdpSignature2.
    SignedWithoutSmdpSignature2,
    /// euiccSignature2 over another smdpSignature2.
    OtherSmdpSignature2,
    /// The message names the TransactionID of no session.
    OtherTransaction,
    /// euiccSigned2 names another TransactionID than the message.
    OtherTransactionInside,
    /// As it should be, but AuthenticateClient was not answered with an offer: nothing of it is signed.
    TooEarly,
    /// downloadResponseError instead of an answer.
    ResponseError,
    /// prepareDownloadResponse that is no DER.
    NotDer,
}

/// Which one-time key the eUICC tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Key {
    /// That of the session before.
    Same,
    /// A point that is not on the curve.
    OffTheCurve,
    /// The point at infinity, one zero byte.
    Infinity,
    /// A point on the other curve.
    OtherCurve,
}

/// Which confirmation code the user gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Code {
    /// None, where one is needed.
    None,
    /// A wrong one.
    Wrong,
    /// The right one, hashed once instead of twice.
    HashedOnce,
    /// The right one, hashed with the TransactionID of another session.
    OfAnotherSession,
    /// One, where none is needed.
    NotAskedFor,
}

impl Download {
    /// The request.
    ///
    /// # Errors
    /// [`CallError`]: AuthenticateClient was not answered.
    pub fn message(
        self,
        euicc: &VirtualEuicc,
        session: &Session,
        key: &OneTimeKey,
        confirmation_code: Option<&str>,
        rng: &mut dyn CryptoRng,
    ) -> Result<Message, CallError> {
        let offered = session.offered.as_ref();
        let smdp_signature2 = match self {
            Self::TooEarly | Self::SignedWithoutSmdpSignature2 => Vec::new(),
            _ => offered.ok_or(CallError::OutOfTurn("AuthenticateClient"))?.smdp_signature2.clone(),
        };
        let inside: &[u8] = match self {
            Self::OtherTransactionInside => &OTHER_TRANSACTION,
            _ => &session.transaction_id,
        };
        let mut members = wrap(0x80, inside);
        members.extend(wrap(0x5F49, &self.point(euicc.curve, key, rng)?));
        if let Some(hash) = self.hash_cc(session, confirmation_code) {
            members.extend(wrap(0x04, &hash));
        }
        let signed2 = wrap(0x30, &members);

        // SGP.22 §5.7.5: over euiccSigned2 and smdpSignature2 with its tag.
        let mut covered = signed2.clone();
        covered.extend(match self {
            Self::OtherSmdpSignature2 => spoiled(smdp_signature2),
            _ => smdp_signature2,
        });
        let signature = euicc.sign(&covered)?;
        let signature = if self == Self::SpoiledSignature { spoiled(signature) } else { signature };
        let response = self.response(session, &[signed2, signature].concat());
        let transaction = match self {
            Self::OtherTransaction => OTHER_TRANSACTION.to_vec(),
            _ => session.transaction_id.clone(),
        };
        Ok(Message {
            function: Function::Es9Plus(Es9Plus::GetBoundProfilePackage),
            header: None,
            asn1: Some(asn1_request(0xBF3A, &[wrap(0x80, &transaction), response.clone()])),
            members: vec![
                ("transactionId", Value::transaction(&transaction)),
                ("prepareDownloadResponse", Value::Bytes(response)),
            ],
        })
    }

    /// PrepareDownloadResponse (SGP.22 §5.7.5).
    fn response(self, session: &Session, ok: &[u8]) -> Vec<u8> {
        const INVALID_SIGNATURE: u8 = 2;
        match self {
            Self::ResponseError => {
                let error = [wrap(0x80, &session.transaction_id), wrap(0x02, &[INVALID_SIGNATURE])];
                wrap(0xBF21, &wrap(0xA1, &error.concat()))
            }
            Self::NotDer => {
                let whole = wrap(0xBF21, &wrap(0xA0, ok));
                let half = whole.len() / 2;
                whole.into_iter().take(half).collect()
            }
            _ => wrap(0xBF21, &wrap(0xA0, ok)),
        }
    }

    fn point(self, curve: Curve, key: &OneTimeKey, rng: &mut dyn CryptoRng) -> Result<Vec<u8>, CallError> {
        let own = key.public_key().point().to_vec();
        Ok(match self {
            Self::Key(Key::OffTheCurve) => spoiled(own),
            Self::Key(Key::Infinity) => vec![0],
            Self::Key(Key::OtherCurve) => {
                let other = match curve {
                    Curve::P256 => Curve::BrainpoolP256r1,
                    Curve::BrainpoolP256r1 => Curve::P256,
                };
                let key = OneTimeKey::generate(Engine::RustCrypto, other, rng)?;
                key.public_key().point().to_vec()
            }
            _ => own,
        })
    }

    /// hashCc (SGP.22 §5.7.5).
    fn hash_cc(self, session: &Session, right: Option<&str>) -> Option<[u8; 32]> {
        let of = |code: &str, transaction: &[u8]| {
            let transaction = TransactionId::new(transaction).ok()?;
            Some(ConfirmationCodeHash::of(code).hash_cc(&transaction))
        };
        match self {
            Self::Code(Code::None) => None,
            Self::Code(Code::Wrong) => of("0000-wrong", &session.transaction_id),
            Self::Code(Code::NotAskedFor) => of("1234", &session.transaction_id),
            Self::Code(Code::HashedOnce) => right.map(|code| *ConfirmationCodeHash::of(code).as_bytes()),
            Self::Code(Code::OfAnotherSession) => right.and_then(|code| of(code, &OTHER_TRANSACTION)),
            _ => right.and_then(|code| of(code, &session.transaction_id)),
        }
    }
}

impl fmt::Display for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let how = match self {
            Self::Good => None,
            Self::Key(Key::Same) => Some("with the one-time key of the session before"),
            Self::Key(Key::OffTheCurve) => Some("with a one-time key that is not on the curve"),
            Self::Key(Key::Infinity) => Some("with the point at infinity as one-time key"),
            Self::Key(Key::OtherCurve) => Some("with a one-time key on the other curve"),
            Self::Code(Code::None) => Some("without the confirmation code"),
            Self::Code(Code::Wrong) => Some("with a wrong confirmation code"),
            Self::Code(Code::HashedOnce) => Some("with the confirmation code hashed once"),
            Self::Code(Code::OfAnotherSession) => Some("with hashCc of another session"),
            Self::Code(Code::NotAskedFor) => Some("with a confirmation code that nobody asked for"),
            Self::SpoiledSignature => Some("with one bit of euiccSignature2 changed"),
            Self::SignedWithoutSmdpSignature2 => Some("with euiccSignature2 over euiccSigned2 alone"),
            Self::OtherSmdpSignature2 => Some("with euiccSignature2 over another smdpSignature2"),
            Self::OtherTransaction => Some("with the transactionId of no session"),
            Self::OtherTransactionInside => Some("with another transactionId in euiccSigned2"),
            Self::TooEarly => Some("before a profile was offered"),
            Self::ResponseError => Some("with a downloadResponseError"),
            Self::NotDer => Some("with a prepareDownloadResponse that ends too early"),
        };
        super::told(f, "GetBoundProfilePackage", how)
    }
}
