//! APDUs and nothing around them but a length ([`super::frame`]).
//!
//! A client sends a command APDU and gets the response APDU. An empty message asks for a reset and gets the answer to
//! reset. An empty answer says that the card has no power.

/// What a message of a client asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Request {
    /// Reset the card, powering it up.
    Reset,
    /// Carry out this command APDU.
    Apdu(Vec<u8>),
}

impl From<Vec<u8>> for Request {
    fn from(message: Vec<u8>) -> Self {
        if message.is_empty() { Self::Reset } else { Self::Apdu(message) }
    }
}
