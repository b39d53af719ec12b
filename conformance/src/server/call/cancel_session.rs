//! CancelSession (SGP.22 §5.6.5).

use std::fmt;

use asn1::tlv::wrap;
use protocol::es9plus::Function as Es9Plus;

use super::{CallError, OTHER_TRANSACTION, asn1_request, spoiled};
use crate::server::euicc::VirtualEuicc;
use crate::server::message::{Function, Message, Value};
use crate::server::play::Session;

/// How CancelSession is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cancel {
    /// As it should be, for this reason.
    Reason(u8),
    /// The message names the TransactionID of no session.
    OtherTransaction,
    /// The signed object names another TransactionID than the message.
    OtherTransactionInside,
    /// The signed object names the OID of another SM-DP+.
    OtherOid,
    /// One bit of the signature is another.
    SpoiledSignature,
    /// cancelSessionResponseError instead of an answer.
    ResponseError,
    /// cancelSessionResponse that is no DER.
    NotDer,
}

/// The reasons of CancelSessionReason (SGP.22 §5.7.14).
pub const REASONS: [(u8, &str); 7] = [
    (0, "endUserRejection"),
    (1, "postponed"),
    (2, "timeout"),
    (3, "pprNotAllowed"),
    (4, "metadataMismatch"),
    (5, "loadBppExecutionError"),
    (127, "undefinedReason"),
];

/// 2.999.77: the OID of no server.
const OTHER_OID: [u8; 3] = [0x88, 0x37, 0x4D];

impl Cancel {
    /// The request.
    ///
    /// # Errors
    /// [`CallError`]: the engine fails.
    pub fn message(self, euicc: &VirtualEuicc, session: &Session) -> Result<Message, CallError> {
        let inside: &[u8] = match self {
            Self::OtherTransactionInside => &OTHER_TRANSACTION,
            _ => &session.transaction_id,
        };
        let oid: &[u8] = if self == Self::OtherOid { &OTHER_OID } else { &session.server_oid };
        let reason = if let Self::Reason(reason) = self { reason } else { 0 };
        let signed = wrap(0x30, &[wrap(0x80, inside), wrap(0x81, oid), wrap(0x82, &[reason])].concat());
        let signature = euicc.sign(&signed)?;
        let signature = if self == Self::SpoiledSignature { spoiled(signature) } else { signature };

        let choice = match self {
            // invalidTransactionId.
            Self::ResponseError => wrap(0x81, &[5]),
            _ => wrap(0xA0, &[signed, signature].concat()),
        };
        let response = wrap(0xBF41, &choice);
        let response = match self {
            Self::NotDer => response.iter().copied().take(response.len() / 2).collect(),
            _ => response,
        };
        let transaction = match self {
            Self::OtherTransaction => OTHER_TRANSACTION.to_vec(),
            _ => session.transaction_id.clone(),
        };
        // SGP.22 §6.6: the tag of the response gives way to that of the member here.
        let asn1_response = match self {
            Self::NotDer => wrap(0xA1, &response),
            _ => wrap(0xA1, &choice),
        };
        Ok(Message {
            function: Function::Es9Plus(Es9Plus::CancelSession),
            header: None,
            asn1: Some(asn1_request(0xBF41, &[wrap(0x80, &transaction), asn1_response])),
            members: vec![
                ("transactionId", Value::transaction(&transaction)),
                ("cancelSessionResponse", Value::Bytes(response)),
            ],
        })
    }
}

impl fmt::Display for Cancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CancelSession")?;
        match self {
            Self::Reason(reason) => {
                let name = REASONS
                    .iter()
                    .find(|(number, _)| number == reason)
                    .map_or("of no name", |(_, name)| name);
                write!(f, " for the reason {name} ({reason})")
            }
            Self::OtherTransaction => f.write_str(" with the transactionId of no session"),
            Self::OtherTransactionInside => {
                f.write_str(" with another transactionId in euiccCancelSessionSigned")
            }
            Self::OtherOid => f.write_str(" with the OID of another SM-DP+"),
            Self::SpoiledSignature => f.write_str(" with one bit of the signature changed"),
            Self::ResponseError => f.write_str(" with a cancelSessionResponseError"),
            Self::NotDer => f.write_str(" with a cancelSessionResponse that ends too early"),
        }
    }
}
