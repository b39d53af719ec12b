//! Command and response APDUs in the short form of ISO/IEC 7816-3.

use std::fmt;

/// The two status bytes that end every response.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct StatusWord(pub u16);

impl StatusWord {
    /// Done.
    pub const OK: Self = Self(0x9000);
    /// The record or file ends before the bytes that were asked for, or a search found nothing.
    pub const END_OF_FILE: Self = Self(0x6282);
    /// Selected, but deactivated: it can do nothing before it is activated.
    pub const FILE_DEACTIVATED: Self = Self(0x6283);
    /// Selected, but terminated for ever.
    pub const FILE_TERMINATED: Self = Self(0x6285);
    /// The rest of a data object is to be had with the next block.
    pub const MORE_DATA_AVAILABLE: Self = Self(0x62F1);
    /// The rest of a data object has to come with the next block.
    pub const MORE_DATA_EXPECTED: Self = Self(0x63F1);
    /// The card cannot write its memory; nothing was changed.
    pub const MEMORY_FAILURE: Self = Self(0x6581);
    /// Lc does not fit the bytes sent, or extended length was used.
    pub const WRONG_LENGTH: Self = Self(0x6700);
    /// The channel is not open.
    pub const CHANNEL_NOT_SUPPORTED: Self = Self(0x6881);
    /// Secure messaging is not offered here.
    pub const SECURE_MESSAGING_NOT_SUPPORTED: Self = Self(0x6882);
    /// Chaining by the class byte is not offered; STORE DATA chains by P1 and P2.
    pub const CHAINING_NOT_SUPPORTED: Self = Self(0x6884);
    /// The structure of the file is not the one that the command is for.
    pub const INCOMPATIBLE_STRUCTURE: Self = Self(0x6981);
    /// The access rule is not met, or the selected application is closed to this command.
    pub const SECURITY_STATUS_NOT_SATISFIED: Self = Self(0x6982);
    /// The code or the PUK has no tries left.
    pub const AUTHENTICATION_METHOD_BLOCKED: Self = Self(0x6983);
    /// The code is disabled.
    pub const REFERENCED_DATA_INVALIDATED: Self = Self(0x6984);
    /// Not possible in the present state.
    pub const CONDITIONS_NOT_SATISFIED: Self = Self(0x6985);
    /// No elementary file is selected.
    pub const NO_CURRENT_EF: Self = Self(0x6986);
    /// The data field is not what the command is for.
    pub const WRONG_DATA: Self = Self(0x6A80);
    /// Not offered here, or no channel is left.
    pub const FUNCTION_NOT_SUPPORTED: Self = Self(0x6A81);
    /// No such application or file.
    pub const NOT_FOUND: Self = Self(0x6A82);
    /// No such record.
    pub const RECORD_NOT_FOUND: Self = Self(0x6A83);
    /// The file has no room for it.
    pub const NOT_ENOUGH_MEMORY: Self = Self(0x6A84);
    /// P1 or P2 is wrong.
    pub const WRONG_P1_P2: Self = Self(0x6A86);
    /// The length of the data field does not go with P1 and P2.
    pub const LENGTH_INCONSISTENT: Self = Self(0x6A87);
    /// Unknown command object, or a BPP segment that is not expected now.
    pub const REFERENCED_DATA_NOT_FOUND: Self = Self(0x6A88);
    /// An offset behind the end of the file.
    pub const WRONG_OFFSET: Self = Self(0x6B00);
    /// Unknown instruction.
    pub const INSTRUCTION_NOT_SUPPORTED: Self = Self(0x6D00);
    /// A failure of the card itself.
    pub const TECHNICAL_PROBLEM: Self = Self(0x6F00);
    /// Unknown class.
    pub const CLASS_NOT_SUPPORTED: Self = Self(0x6E00);
    /// The card application toolkit is busy (SGP.22 §5.7.16, case 3 command).
    pub const CAT_BUSY: Self = Self(0x9300);
    /// INCREASE would go beyond what a record can hold.
    pub const MAXIMUM_REACHED: Self = Self(0x9850);

    /// AUTHENTICATE: the network has not proved itself.
    pub const INCORRECT_MAC: Self = Self(0x9862);
    /// AUTHENTICATE: a context that this application does not have.
    pub const SECURITY_CONTEXT_NOT_SUPPORTED: Self = Self(0x9864);

    /// The code was wrong; so many more may follow, 15 at most.
    pub fn tries_left(left: u8) -> Self {
        Self(0x63C0 | u16::from(left.min(0x0F)))
    }

    /// Done, and a proactive command of `length` bytes waits for FETCH.
    pub fn proactive_command_waits(length: u8) -> Self {
        Self(0x9100 | u16::from(length))
    }

    /// Le is not what is there: `available` bytes; 256 is told as 00.
    pub fn wrong_expected_length(available: usize) -> Self {
        Self(0x6C00 | u16::from(u8::try_from(available).unwrap_or(0)))
    }

    /// `left` more bytes are to be had with GET RESPONSE; 256 and more are told as 00.
    pub fn more_data(left: usize) -> Self {
        Self(0x6100 | u16::from(u8::try_from(left).unwrap_or(0)))
    }
}

impl fmt::Display for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

impl fmt::Debug for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StatusWord({self})")
    }
}

/// The class byte, taken apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Class {
    /// The logical channel it names.
    pub channel: u8,
    /// Whether bit 8 is set: a command of GlobalPlatform or ETSI rather than of ISO/IEC 7816-4.
    pub proprietary: bool,
}

impl Class {
    fn parse(cla: u8) -> Result<Self, StatusWord> {
        let proprietary = cla & 0x80 != 0;
        match cla & 0x7F {
            // ISO/IEC 7816-4 §5.4.1, first interindustry values: bit 5 chains, bits 4 and 3 are secure messaging.
            low @ 0x00..=0x03 => Ok(Self { channel: low, proprietary }),
            0x04..=0x0F => Err(StatusWord::SECURE_MESSAGING_NOT_SUPPORTED),
            0x10..=0x1F if !proprietary => Err(StatusWord::CHAINING_NOT_SUPPORTED),
            // Further interindustry values: channels 4 to 19.
            high @ 0x40..=0x4F => Ok(Self { channel: 4 + (high & 0x0F), proprietary }),
            0x50..=0x5F if !proprietary => Err(StatusWord::CHAINING_NOT_SUPPORTED),
            0x60..=0x7F if cla != 0xFF => Err(StatusWord::SECURE_MESSAGING_NOT_SUPPORTED),
            _ => Err(StatusWord::CLASS_NOT_SUPPORTED),
        }
    }
}

/// A command APDU, borrowed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Command<'a> {
    pub class: Class,
    pub instruction: u8,
    pub p1: u8,
    pub p2: u8,
    /// The data field; empty where there is none.
    pub data: &'a [u8],
    /// The number of bytes expected, 1 to 256; `None` where Le is absent.
    pub expected: Option<usize>,
}

/// Data fields may hold codes, so their length is all that is shown.
impl fmt::Debug for Command<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { class, instruction, p1, p2, data, expected } = self;
        write!(f, "{class:?} {instruction:02X} {p1:02X} {p2:02X}, {} bytes, Le {expected:?}", data.len())
    }
}

impl<'a> Command<'a> {
    /// Takes an APDU of cases 1 to 4 apart.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, StatusWord> {
        let Some((&[cla, instruction, p1, p2], body)) = bytes.split_first_chunk::<4>() else {
            return Err(StatusWord::WRONG_LENGTH);
        };
        let class = Class::parse(cla)?;
        let (data, expected) = match body {
            [] => (&[][..], None),
            [le] => (&[][..], Some(expected_length(*le))),
            [lc, rest @ ..] => {
                // ISO/IEC 7816-3 §12.1: Lc is 01 to FF; 00 would announce extended length.
                let (data, le) = rest
                    .split_at_checked(usize::from(*lc))
                    .filter(|_| *lc != 0)
                    .ok_or(StatusWord::WRONG_LENGTH)?;
                match le {
                    [] => (data, None),
                    [le] => (data, Some(expected_length(*le))),
                    _ => return Err(StatusWord::WRONG_LENGTH),
                }
            }
        };
        Ok(Self { class, instruction, p1, p2, data, expected })
    }

    /// As many of `available` as the command expects; all of them (up to 256) where it does not say.
    pub fn cut<'d>(&self, available: &'d [u8]) -> &'d [u8] {
        let length = self.expected.unwrap_or(256).min(available.len());
        available.split_at_checked(length).map_or(available, |(head, _)| head)
    }
}

fn expected_length(le: u8) -> usize {
    if le == 0 { 256 } else { usize::from(le) }
}

/// A response APDU.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Response {
    pub data: Vec<u8>,
    pub status: StatusWord,
}

/// Data may be keys, so its length is all that is shown.
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes, {}", self.data.len(), self.status)
    }
}

impl Response {
    pub fn data(data: impl Into<Vec<u8>>) -> Self {
        Self { data: data.into(), status: StatusWord::OK }
    }

    pub fn into_bytes(self) -> Vec<u8> {
        let mut bytes = self.data;
        bytes.extend_from_slice(&self.status.0.to_be_bytes());
        bytes
    }
}

impl From<StatusWord> for Response {
    fn from(status: StatusWord) -> Self {
        Self { data: Vec::new(), status }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_cases_are_told_apart() {
        let parse = |bytes: &'static [u8]| Command::parse(bytes).map(|c| (c.data, c.expected));
        assert_eq!(parse(&[0, 0x70, 0, 0]), Ok((&[][..], None)));
        assert_eq!(parse(&[0, 0x70, 0, 0, 1]), Ok((&[][..], Some(1))));
        assert_eq!(parse(&[0, 0xC0, 0, 0, 0]), Ok((&[][..], Some(256))));
        assert_eq!(parse(&[0x80, 0xE2, 0x91, 0, 2, 0xAA, 0xBB]), Ok((&[0xAA, 0xBB][..], None)));
        assert_eq!(parse(&[0x80, 0xE2, 0x91, 0, 1, 0xAA, 0]), Ok((&[0xAA][..], Some(256))));
    }

    #[test]
    fn lengths_that_do_not_fit_are_refused() {
        for bytes in [
            &[][..],
            &[0, 0xA4, 0],
            &[0, 0xA4, 0, 0, 2, 1],
            &[0, 0xA4, 0, 0, 1, 1, 0, 0],
            &[0, 0xA4, 0, 0, 0, 0, 1],
        ] {
            assert_eq!(Command::parse(bytes).unwrap_err(), StatusWord::WRONG_LENGTH, "{bytes:02X?}");
        }
    }

    #[test]
    fn the_class_names_the_channel() {
        for (cla, channel, proprietary) in
            [(0x00, 0, false), (0x03, 3, false), (0x81, 1, true), (0x40, 4, false), (0xCF, 19, true)]
        {
            assert_eq!(Class::parse(cla), Ok(Class { channel, proprietary }));
        }
        for (cla, status) in [
            (0x0C, StatusWord::SECURE_MESSAGING_NOT_SUPPORTED),
            (0x84, StatusWord::SECURE_MESSAGING_NOT_SUPPORTED),
            (0x10, StatusWord::CHAINING_NOT_SUPPORTED),
            (0xA0, StatusWord::CLASS_NOT_SUPPORTED),
            (0xFF, StatusWord::CLASS_NOT_SUPPORTED),
        ] {
            assert_eq!(Class::parse(cla), Err(status), "{cla:02X}");
        }
    }
}
