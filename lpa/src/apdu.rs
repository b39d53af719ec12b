//! Command APDUs in the short form, and the status word that ends every response.

use std::fmt;

/// The two status bytes of a response.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct StatusWord(pub u16);

impl StatusWord {
    /// Executed: `9000`, or `91xx` where a proactive command waits (SGP.22 §5.7.2).
    pub fn is_success(self) -> bool {
        self.0 == 0x9000 || self.sw1() == 0x91
    }

    /// `61xx`: how many bytes wait for GET RESPONSE; 0 stands for 256 or more.
    pub(crate) fn more_data(self) -> Option<u8> {
        (self.sw1() == 0x61).then(|| self.sw2())
    }

    /// `6Cxx`: the Le that the card wants instead.
    pub(crate) fn right_length(self) -> Option<u8> {
        (self.sw1() == 0x6C).then(|| self.sw2())
    }

    fn sw1(self) -> u8 {
        self.0.to_be_bytes()[0]
    }

    fn sw2(self) -> u8 {
        self.0.to_be_bytes()[1]
    }

    /// What the status word means where SGP.22 gives it, or everybody knows it.
    pub fn meaning(self) -> &'static str {
        match self.0 {
            0x9000 => "executed",
            0x6581 => "memory failure",
            0x6700 => "wrong length",
            0x6881 => "logical channel not open or not supported",
            0x6982 => "the selected application does not take this command",
            0x6985 => "conditions of use not satisfied",
            0x6A80 => "the data field is not the DER that is expected",
            0x6A81 => "function not supported, or no channel free",
            0x6A82 => "application or file not found",
            0x6A86 => "wrong P1 or P2",
            0x6A88 => "unknown command, or a segment that is not expected now",
            0x6D00 => "unknown instruction",
            0x6E00 => "unknown class",
            _ if self.sw1() == 0x91 => "executed, a proactive command waits",
            _ => "no meaning in SGP.22",
        }
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

/// Takes the status word off a response APDU; `None` where the response is shorter than one.
pub(crate) fn split(mut response: Vec<u8>) -> Option<(Vec<u8>, StatusWord)> {
    let sw = u16::from_be_bytes(*response.last_chunk::<2>()?);
    response.truncate(response.len() - 2);
    Some((response, StatusWord(sw)))
}

/// A logical channel: 0 is the basic one, 1 to 19 are opened (ISO/IEC 7816-4 §5.4.1).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Channel(u8);

impl Channel {
    pub const BASIC: Self = Self(0);

    /// A channel that MANAGE CHANNEL opened.
    pub fn opened(number: u8) -> Option<Self> {
        (1..=19).contains(&number).then_some(Self(number))
    }

    pub fn number(self) -> u8 {
        self.0
    }

    /// The class byte of an ISO/IEC 7816-4 command on this channel.
    pub fn interindustry(self) -> u8 {
        if self.0 < 4 { self.0 } else { 0x40 | (self.0 - 4) }
    }

    /// The class byte of a GlobalPlatform command on this channel.
    pub fn global_platform(self) -> u8 {
        0x80 | self.interindustry()
    }
}

/// One command APDU without or with data, without or with Le.
pub(crate) fn command(header: [u8; 4], data: &[u8], le: Option<u8>) -> Vec<u8> {
    let mut command = header.to_vec();
    // Every caller cuts its data into blocks of at most 255 bytes.
    if let (Ok(lc), false) = (u8::try_from(data.len()), data.is_empty()) {
        command.push(lc);
        command.extend_from_slice(data);
    }
    command.extend(le);
    command
}

/// The same command with another Le.
pub(crate) fn with_le(command: &[u8], le: u8) -> Vec<u8> {
    let without = match command.get(4) {
        // Case 3 and 4: the header, Lc and the data.
        Some(lc) if command.len() > 5 => command.get(..5 + usize::from(*lc)).unwrap_or(command),
        // Case 1 and 2: the header.
        _ => command.get(..4).unwrap_or(command),
    };
    [without, &[le]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_has_its_class_bytes() {
        for (number, iso, gp) in [(1, 0x01, 0x81), (3, 0x03, 0x83), (4, 0x40, 0xC0), (19, 0x4F, 0xCF)] {
            let channel = Channel::opened(number).unwrap();
            assert_eq!((channel.interindustry(), channel.global_platform()), (iso, gp));
        }
        assert_eq!(Channel::opened(0), None);
        assert_eq!(Channel::opened(20), None);
    }

    #[test]
    fn le_is_replaced_or_added_in_every_case() {
        assert_eq!(with_le(&[0, 0xC0, 0, 0], 5), [0, 0xC0, 0, 0, 5]);
        assert_eq!(with_le(&[0, 0xC0, 0, 0, 0], 5), [0, 0xC0, 0, 0, 5]);
        assert_eq!(with_le(&[0x80, 0xE2, 0x91, 0, 1, 0xAA], 5), [0x80, 0xE2, 0x91, 0, 1, 0xAA, 5]);
        assert_eq!(with_le(&[0x80, 0xE2, 0x91, 0, 1, 0xAA, 0], 5), [0x80, 0xE2, 0x91, 0, 1, 0xAA, 5]);
    }

    #[test]
    fn a_response_ends_in_its_status_word() {
        assert_eq!(split(vec![1, 2, 0x90, 0]), Some((vec![1, 2], StatusWord(0x9000))));
        assert_eq!(split(vec![0x90]), None);
        assert!(StatusWord(0x910B).is_success() && !StatusWord(0x9300).is_success());
    }
}
