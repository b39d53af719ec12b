//! The card side of the protocol of `vpcd`, the virtual reader of the vsmartcard project, in [`super::frame`]s.
//!
//! The reader speaks first. A message of one byte is for the contacts of the card: power and reset are not answered,
//! the question for the ATR is. Anything longer is a command APDU. The reader asks for the ATR every few hundred
//! milliseconds, whether the card has power or not, to learn whether it is still there.

/// What a message of the reader asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Request {
    /// Take the power away; no answer.
    PowerOff,
    /// Give power, with a reset; no answer.
    PowerOn,
    /// Reset; no answer.
    Reset,
    /// Tell the ATR.
    Atr,
    /// Carry out this command APDU.
    Apdu(Vec<u8>),
    /// No such control is known; no answer. Nor is there one to a message of no bytes.
    Unknown,
}

impl From<Vec<u8>> for Request {
    fn from(message: Vec<u8>) -> Self {
        match message.as_slice() {
            [0x00] => Self::PowerOff,
            [0x01] => Self::PowerOn,
            [0x02] => Self::Reset,
            [0x04] => Self::Atr,
            [] | [_] => Self::Unknown,
            _ => Self::Apdu(message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_is_a_control_and_more_is_an_apdu() {
        for (message, request) in [
            (&[0x00][..], Request::PowerOff),
            (&[0x01], Request::PowerOn),
            (&[0x02], Request::Reset),
            (&[0x04], Request::Atr),
            (&[0x03], Request::Unknown),
            (&[], Request::Unknown),
            (&[0x00, 0xA4], Request::Apdu(vec![0x00, 0xA4])),
        ] {
            assert_eq!(Request::from(message.to_vec()), request);
        }
    }
}
