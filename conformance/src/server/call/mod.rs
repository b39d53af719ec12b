//! What is called, and in which way a call differs from a good one: one file a function.

mod authenticate_client;
mod caller;
mod cancel_session;
mod es12;
mod es2plus;
mod get_bound_profile_package;
mod handle_notification;
mod initiate_authentication;

pub use authenticate_client::Authenticate;
pub use caller::Caller;
pub use cancel_session::Cancel;
pub use es2plus::{
    CONFIRMATION_CODE, Confirm, Given, Id, Known, Profile, Reported, Reserve, Smds, Wanted, Whose, Withdraw,
    release,
};
pub use es12::{Delete, Named, RSP_SERVER, Register};
pub use get_bound_profile_package::{Code, Download, Key};
pub use handle_notification::{About, Notify};
pub use initiate_authentication::Initiate;

use std::fmt;

use asn1::tlv::wrap;
use crypto::CryptoError;

/// Why a call could not be made: nothing that the server did.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// A step that has to come before has not.
    #[error("no {0} in this session yet")]
    OutOfTurn(&'static str),
    /// The certificates that the case needs cannot be made.
    #[error(transparent)]
    Pki(#[from] crate::pki::PkiError),
    /// A signature or key could not be made.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
}

/// The TransactionID of no session.
pub const OTHER_TRANSACTION: [u8; 16] = [0x5A; 16];

/// The body of a request in the ASN.1 binding (SGP.22 §6.6.1).
fn asn1_request(tag: u32, members: &[Vec<u8>]) -> Vec<u8> {
    wrap(0xA2, &wrap(tag, &members.concat()))
}

/// Changes one bit in the middle of a signature or key.
fn spoiled(mut bytes: Vec<u8>) -> Vec<u8> {
    let middle = bytes.len() / 2;
    if let Some(byte) = bytes.get_mut(middle) {
        *byte ^= 1;
    }
    bytes
}

/// How a step begins in lists: the function and, where it is not as it should be, how not.
fn told(f: &mut fmt::Formatter<'_>, function: &str, how: Option<&str>) -> fmt::Result {
    match how {
        None => f.write_str(function),
        Some(how) => write!(f, "{function} {how}"),
    }
}
