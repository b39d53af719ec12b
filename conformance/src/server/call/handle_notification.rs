//! HandleNotification (SGP.22 §5.6.4).

use std::fmt;

use asn1::tlv::wrap;
use protocol::es9plus::Function as Es9Plus;
use rand_core::CryptoRng;

use super::{CallError, OTHER_TRANSACTION, asn1_request};
use crate::pki::{Authority, EuiccDefect};
use crate::server::euicc::VirtualEuicc;
use crate::server::message::{Function, Message, Value};
use crate::server::play::Session;

/// Which notification is delivered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Notify {
    /// The profile was installed.
    Installed,
    /// It was not: bppCommandId and errorReason (SGP.22 §2.5.6).
    NotInstalled(u8, u8),
    /// A result of a session that there is not.
    OtherTransaction,
    /// A result whose signature is of another key.
    ForeignSignature,
    /// The profile was enabled.
    Enabled,
    /// It was disabled.
    Disabled,
    /// It was deleted.
    Deleted,
    /// It was deleted, in a notification whose signature is of another key.
    ForeignOther,
    /// It was deleted, in a notification with certificates that are wrong in one thing.
    Chain(EuiccDefect),
    /// What was delivered last, byte for byte.
    Again,
    /// A notification that is no DER.
    NotDer,
    /// The value of the notification without its tag and length, as an LPA in the field sent it.
    WithoutTag,
}

/// What the notification is about.
pub struct About<'a> {
    /// Who tells it.
    pub euicc: &'a mut VirtualEuicc,
    /// The session in which the profile was downloaded.
    pub session: &'a Session,
    /// Where the notification goes.
    pub address: &'a str,
    /// What was delivered last.
    pub last: Option<&'a [u8]>,
}

impl Notify {
    /// The request, and the notification in it.
    ///
    /// # Errors
    /// [`CallError`]: nothing was downloaded yet, or the certificates cannot be made.
    pub fn message(
        self,
        about: About<'_>,
        authority: &Authority,
        rng: &mut dyn CryptoRng,
    ) -> Result<(Message, Vec<u8>), CallError> {
        let notification = match self {
            Self::Again => about.last.ok_or(CallError::OutOfTurn("notification"))?.to_vec(),
            Self::Enabled => other(about, 1, None, authority, rng)?,
            Self::Disabled => other(about, 2, None, authority, rng)?,
            Self::Deleted => other(about, 3, None, authority, rng)?,
            Self::ForeignOther => other(about, 3, Some(Wrong::Signature), authority, rng)?,
            Self::Chain(defect) => other(about, 3, Some(Wrong::Chain(defect)), authority, rng)?,
            _ => self.installation_result(about, rng)?,
        };
        let message = Message {
            function: Function::Es9Plus(Es9Plus::HandleNotification),
            header: None,
            members: vec![("pendingNotification", Value::Bytes(notification.clone()))],
            asn1: Some(asn1_request(0xBF3D, &[wrap(0xA0, &notification)])),
        };
        Ok((message, notification))
    }

    /// ProfileInstallationResult (SGP.22 §2.5.6).
    fn installation_result(self, about: About<'_>, rng: &mut dyn CryptoRng) -> Result<Vec<u8>, CallError> {
        // A package without an answer of the interpreter, and the AID of some ISD-P.
        const SIMA_OK: [u8; 9] = [0x30, 7, 0xA0, 5, 0x30, 3, 0x80, 1, 0];
        const ISD_P: [u8; 16] =
            [0xA0, 0, 0, 5, 0x59, 0x10, 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0x89, 0, 0, 0x11, 0];
        let About { euicc, session, address, .. } = about;
        let offered = session.offered.as_ref().ok_or(CallError::OutOfTurn("AuthenticateClient"))?;
        let transaction: &[u8] = match self {
            Self::OtherTransaction => &OTHER_TRANSACTION,
            _ => &session.transaction_id,
        };
        let result = match self {
            Self::NotInstalled(command, reason) => {
                wrap(0xA1, &[wrap(0x80, &[command]), wrap(0x81, &[reason])].concat())
            }
            _ => wrap(0xA0, &[wrap(0x4F, &ISD_P), wrap(0x04, &SIMA_OK)].concat()),
        };
        let number = euicc.next_sequence_number();
        let data = [
            wrap(0x80, transaction),
            metadata(number, 0, address, offered.iccid.as_deref()),
            wrap(0x06, &offered.smdp_oid),
            wrap(0xA2, &result),
        ];
        let data = wrap(0xBF27, &data.concat());
        let signature = match self {
            Self::ForeignSignature => foreign_signature(euicc, &data, rng)?,
            _ => euicc.sign(&data)?,
        };
        let value = [data, signature].concat();
        let whole = wrap(0xBF37, &value);
        Ok(match self {
            Self::NotDer => {
                let half = whole.len() / 2;
                whole.into_iter().take(half).collect()
            }
            Self::WithoutTag => value,
            _ => whole,
        })
    }
}

/// What is wrong with an OtherSignedNotification.
enum Wrong {
    Signature,
    Chain(EuiccDefect),
}

/// OtherSignedNotification (SGP.22 §5.7.10).
fn other(
    about: About<'_>,
    operation: u8,
    wrong: Option<Wrong>,
    authority: &Authority,
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, CallError> {
    let About { euicc, session, address, .. } = about;
    let iccid = session.offered.as_ref().and_then(|offered| offered.iccid.as_deref());
    let number = euicc.next_sequence_number();
    let data = metadata(number, operation, address, iccid);
    let bad_chain = match wrong {
        Some(Wrong::Chain(defect)) => Some(authority.euicc_chain(euicc.chain.eid, Some(defect), rng)?),
        _ => None,
    };
    let chain = bad_chain.as_ref().unwrap_or(&euicc.chain);
    let signature = match wrong {
        Some(Wrong::Signature) => foreign_signature(euicc, &data, rng)?,
        _ => wrap(0x5F37, chain.euicc.key.sign(&data)?.as_bytes()),
    };
    let members = [data.as_slice(), &signature, &chain.euicc.certificate, &chain.eum];
    Ok(wrap(0x30, &members.concat()))
}

/// NotificationMetadata (SGP.22 §5.7.9); the operation by the number of its bit.
fn metadata(number: u64, operation: u8, address: &str, iccid: Option<&[u8]>) -> Vec<u8> {
    let number = asn1::der::encode(&number);
    let number = asn1::tlv::read(&number).map_or(&[][..], |(number, _)| number.value);
    let bits = [7 - operation, 0x80 >> operation];
    let mut members = [wrap(0x80, number), wrap(0x81, &bits), wrap(0x0C, address.as_bytes())].concat();
    members.extend(iccid.map(|iccid| wrap(0x5A, iccid)).unwrap_or_default());
    wrap(0xBF2F, &members)
}

fn foreign_signature(
    euicc: &VirtualEuicc,
    data: &[u8],
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, CallError> {
    let key = crypto::SigningKey::generate(crypto::Engine::RustCrypto, euicc.curve, rng)?;
    Ok(wrap(0x5F37, key.sign(data)?.as_bytes()))
}

impl fmt::Display for Notify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HandleNotification")?;
        match self {
            Self::Installed => f.write_str(" of a profile that was installed"),
            Self::NotInstalled(command, reason) => {
                write!(
                    f,
                    " of a profile that was not installed (bppCommandId {command}, errorReason {reason})"
                )
            }
            Self::OtherTransaction => f.write_str(" with a result of an unknown session"),
            Self::ForeignSignature => f.write_str(" with a result that another key has signed"),
            Self::Enabled => f.write_str(" of a profile that was enabled"),
            Self::Disabled => f.write_str(" of a profile that was disabled"),
            Self::Deleted => f.write_str(" of a profile that was deleted"),
            Self::ForeignOther => f.write_str(" of a profile that was deleted, which another key has signed"),
            Self::Chain(defect) => {
                let what = defect.what();
                write!(f, " of a profile that was deleted, with certificates that are wrong: {what}")
            }
            Self::Again => f.write_str(" with the last notification once more"),
            Self::NotDer => f.write_str(" with a notification that ends too early"),
            Self::WithoutTag => f.write_str(" with the value of a notification without its tag"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_one_bit() {
        let metadata = metadata(300, 2, "a", None);
        assert_eq!(metadata[3..11], [0x80, 2, 0x01, 0x2C, 0x81, 2, 5, 0x20]);
    }
}
