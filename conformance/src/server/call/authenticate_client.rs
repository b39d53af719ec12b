//! AuthenticateClient (SGP.22 §5.6.3, §5.8.2).

use std::fmt;

use asn1::tlv::wrap;
use asn1::{AuthenticateErrorCode, EuiccInfo2, PprIds, VersionType, der};
use protocol::es9plus::Function as Es9Plus;
use rand_core::CryptoRng;

use super::{CallError, OTHER_TRANSACTION, asn1_request, spoiled};
use crate::pki::{Authority, EuiccDefect};
use crate::server::euicc::{VirtualEuicc, card_resource, ctx_params1};
use crate::server::message::{Function, Message, Value};
use crate::server::play::Session;

/// How AuthenticateClient is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Authenticate {
    /// As it should be.
    Good,
    /// With certificates that are wrong in one thing.
    Chain(EuiccDefect),
    /// One bit of euiccSignature1 is another.
    SpoiledSignature,
    /// euiccSignature1 of another key.
    ForeignSignature,
    /// euiccSignature1 of 63 bytes.
    ShortSignature,
    /// The message names the TransactionID of no session; euiccSigned1 the right one.
    OtherTransaction,
    /// euiccSigned1 names another TransactionID than the message.
    OtherTransactionInside,
    /// euiccSigned1 has another serverChallenge.
    OtherChallenge,
    /// euiccSigned1 has another serverAddress.
    OtherServerAddress,
    /// Without a MatchingID.
    NoMatchingId,
    /// With an empty MatchingID.
    EmptyMatchingId,
    /// With this MatchingID.
    MatchingId(&'static str),
    /// ctxParams1 with members that a later version adds.
    UnknownMembers,
    /// euiccInfo2 of another version than euiccInfo1.
    OtherSvn,
    /// euiccInfo2 of an eUICC without free memory.
    NoMemory,
    /// euiccInfo2 of an eUICC that forbids PPR1.
    ForbidsPpr1,
    /// authenticateResponseError instead of an answer.
    ResponseError,
    /// authenticateServerResponse that is no DER.
    NotDer,
    /// An answer with the object of another function, PrepareDownloadResponse.
    OtherObject,
}

impl Authenticate {
    /// The request, and the data object `5F37` of euiccSignature1 in it.
    ///
    /// # Errors
    /// [`CallError`]: the certificates cannot be made.
    pub fn message(
        self,
        euicc: &VirtualEuicc,
        authority: &Authority,
        session: &Session,
        matching_id: Option<&str>,
        rng: &mut dyn CryptoRng,
    ) -> Result<(Message, Vec<u8>), CallError> {
        let signed1 = self.euicc_signed1(euicc, session, matching_id);
        let bad_chain = match self {
            Self::Chain(defect) => Some(authority.euicc_chain(euicc.chain.eid, Some(defect), rng)?),
            _ => None,
        };
        let chain = bad_chain.as_ref().unwrap_or(&euicc.chain);
        let foreign = crypto::SigningKey::generate(crypto::Engine::RustCrypto, euicc.curve, rng)?;
        let key = if self == Self::ForeignSignature { &foreign } else { &chain.euicc.key };
        let signature = key.sign(&signed1)?.as_bytes().to_vec();
        let signature1 = wrap(
            0x5F37,
            &match self {
                Self::SpoiledSignature => spoiled(signature),
                Self::ShortSignature => signature.into_iter().take(63).collect(),
                _ => signature,
            },
        );

        let ok = [signed1.as_slice(), &signature1, &chain.euicc.certificate, &chain.eum].concat();
        let response = self.response(session, &ok);
        let transaction = match self {
            Self::OtherTransaction => OTHER_TRANSACTION.to_vec(),
            _ => session.transaction_id.clone(),
        };
        let asn1 = asn1_request(0xBF3B, &[wrap(0x80, &transaction), response.clone()]);
        let message = Message {
            function: Function::Es9Plus(Es9Plus::AuthenticateClient),
            header: None,
            members: vec![
                ("transactionId", Value::transaction(&transaction)),
                ("authenticateServerResponse", Value::Bytes(response)),
            ],
            asn1: Some(asn1),
        };
        Ok((message, signature1))
    }

    /// AuthenticateServerResponse (SGP.22 §5.7.13).
    fn response(self, session: &Session, ok: &[u8]) -> Vec<u8> {
        match self {
            Self::ResponseError => {
                let code = u8::try_from(AuthenticateErrorCode::INVALID_SIGNATURE.value()).unwrap_or(127);
                let error = [wrap(0x80, &session.transaction_id), wrap(0x02, &[code])].concat();
                wrap(0xBF38, &wrap(0xA1, &error))
            }
            Self::NotDer => {
                let whole = wrap(0xBF38, &wrap(0xA0, ok));
                let half = whole.len() / 2;
                whole.into_iter().take(half).collect()
            }
            Self::OtherObject => wrap(0xBF21, &wrap(0xA0, ok)),
            _ => wrap(0xBF38, &wrap(0xA0, ok)),
        }
    }

    fn euicc_signed1(self, euicc: &VirtualEuicc, session: &Session, matching_id: Option<&str>) -> Vec<u8> {
        let transaction: &[u8] = match self {
            Self::OtherTransactionInside => &OTHER_TRANSACTION,
            _ => &session.transaction_id,
        };
        let address = match self {
            Self::OtherServerAddress => "smdp.example.invalid",
            _ => session.server_address.as_str(),
        };
        let challenge = match self {
            Self::OtherChallenge => spoiled(session.server_challenge.to_vec()),
            _ => session.server_challenge.to_vec(),
        };
        let matching_id = match self {
            Self::NoMatchingId => None,
            Self::EmptyMatchingId => Some(""),
            Self::MatchingId(other) => Some(other),
            _ => matching_id,
        };
        let members = [
            wrap(0x80, transaction),
            wrap(0x83, address.as_bytes()),
            wrap(0x84, &challenge),
            der::encode(&self.info2(euicc)),
            ctx_params1(matching_id, self == Self::UnknownMembers),
        ];
        wrap(0x30, &members.concat())
    }

    fn info2(self, euicc: &VirtualEuicc) -> EuiccInfo2 {
        let mut info = euicc.info2();
        match self {
            Self::OtherSvn => info.svn = VersionType::from([2, 1, 0]),
            Self::NoMemory => info.ext_card_resource = card_resource(0),
            Self::ForbidsPpr1 => info.forbidden_profile_policy_rules = Some(PprIds::of([PprIds::PPR1])),
            _ => {}
        }
        info
    }
}

impl fmt::Display for Authenticate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthenticateClient")?;
        match self {
            Self::Good => Ok(()),
            Self::Chain(defect) => write!(f, " with certificates that are wrong: {}", defect.what()),
            Self::SpoiledSignature => f.write_str(" with one bit of euiccSignature1 changed"),
            Self::ForeignSignature => f.write_str(" with euiccSignature1 of another key"),
            Self::ShortSignature => f.write_str(" with euiccSignature1 of 63 bytes"),
            Self::OtherTransaction => f.write_str(" with the transactionId of no session"),
            Self::OtherTransactionInside => f.write_str(" with another transactionId in euiccSigned1"),
            Self::OtherChallenge => f.write_str(" with another serverChallenge in euiccSigned1"),
            Self::OtherServerAddress => f.write_str(" with another serverAddress in euiccSigned1"),
            Self::NoMatchingId => f.write_str(" without a MatchingID"),
            Self::EmptyMatchingId => f.write_str(" with an empty MatchingID"),
            Self::MatchingId(id) => write!(f, " with the MatchingID {id}"),
            Self::UnknownMembers => f.write_str(" with members of a later version in deviceInfo"),
            Self::OtherSvn => f.write_str(" with another SVN in euiccInfo2 than in euiccInfo1"),
            Self::NoMemory => f.write_str(" of an eUICC without free memory"),
            Self::ForbidsPpr1 => f.write_str(" of an eUICC that forbids PPR1"),
            Self::ResponseError => f.write_str(" with an authenticateResponseError"),
            Self::NotDer => f.write_str(" with an authenticateServerResponse that ends too early"),
            Self::OtherObject => f.write_str(" with the object of another function"),
        }
    }
}
