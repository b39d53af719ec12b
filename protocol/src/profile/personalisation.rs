//! What a template is filled with, for one subscriber.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use zeroize::Zeroizing;

use super::Subscriber;

/// The data of one subscriber. Where an optional one is missing, the template keeps what it has.
#[derive(Clone)]
pub struct Personalisation {
    /// ICCID, IMSI, Ki and OPc.
    pub subscriber: Subscriber,
    /// The telephone number.
    pub msisdn: Option<Msisdn>,
    /// PINs, PUKs and ADM codes.
    pub codes: Vec<Code>,
}

impl From<Subscriber> for Personalisation {
    fn from(subscriber: Subscriber) -> Self {
        Self { subscriber, msisdn: None, codes: Vec::new() }
    }
}

impl fmt::Debug for Personalisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Personalisation").field("subscriber", &self.subscriber).finish_non_exhaustive()
    }
}

/// A telephone number: up to 15 digits (3GPP TS 23.003 §3.3), with `+` where it begins with the country code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Msisdn {
    international: bool,
    digits: String,
}

/// A text is no telephone number.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("a telephone number has up to 15 decimal digits, after a '+' if it begins with the country code")]
pub struct MsisdnError;

impl FromStr for Msisdn {
    type Err = MsisdnError;

    fn from_str(text: &str) -> Result<Self, MsisdnError> {
        let digits = text.strip_prefix('+').unwrap_or(text);
        let well_formed =
            (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        let international = text.starts_with('+');
        if well_formed { Ok(Self { international, digits: digits.to_owned() }) } else { Err(MsisdnError) }
    }
}

impl Msisdn {
    /// The end of a record of EF.MSISDN, after the alpha identifier (3GPP TS 31.102 §4.2.26, §4.4.2.3): length, type of
    /// number and numbering plan, ten bytes of digits with the low nibble first, no configuration, no extension.
    pub(super) fn to_ef(&self) -> [u8; 14] {
        let mut record = [0xFF; 14];
        let digits: Vec<u8> = self.digits.bytes().map(|digit| digit - b'0').collect();
        let pairs = digits.chunks(2).map(|pair| match *pair {
            [low, high] => high << 4 | low,
            [low] => 0xF0 | low,
            _ => 0xFF,
        });
        // 3GPP TS 24.008 §10.5.4.7: international or unknown, in the ISDN numbering plan.
        let kind = if self.international { 0x91 } else { 0x81 };
        let length = 1 + digits.len().div_ceil(2);
        let start = [u8::try_from(length).unwrap_or(0xFF), kind];
        for (place, byte) in record.iter_mut().zip(start.into_iter().chain(pairs)) {
            *place = byte;
        }
        record
    }
}

/// A PIN, PUK or ADM code that a template may hold.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CodeName {
    /// PIN of the first application.
    Pin1,
    /// Unblocks PIN1.
    Puk1,
    /// The second PIN of an application.
    Pin2,
    /// Unblocks PIN2.
    Puk2,
    /// The first administrative code.
    Adm1,
}

impl CodeName {
    /// Every code.
    pub const ALL: [Self; 5] = [Self::Pin1, Self::Puk1, Self::Pin2, Self::Puk2, Self::Adm1];

    /// The name in files: `pin1`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pin1 => "pin1",
            Self::Puk1 => "puk1",
            Self::Pin2 => "pin2",
            Self::Puk2 => "puk2",
            Self::Adm1 => "adm1",
        }
    }

    /// The key reference in PE-PINCodes or PE-PUKCodes (ETSI TS 102 221 §9.5.1, table 9.3).
    pub const fn key_reference(self) -> u8 {
        match self {
            Self::Pin1 | Self::Puk1 => 0x01,
            Self::Pin2 | Self::Puk2 => 0x81,
            Self::Adm1 => 0x0A,
        }
    }

    /// Whether it stands in PE-PUKCodes.
    pub(super) const fn is_puk(self) -> bool {
        matches!(self, Self::Puk1 | Self::Puk2)
    }
}

/// The value of a code. It is wiped when dropped, and not shown.
#[derive(Clone)]
pub struct Code {
    name: CodeName,
    value: Zeroizing<[u8; 8]>,
}

/// A text is no such code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum CodeError {
    /// For PIN1 and PIN2.
    #[error("a PIN has 4 to 8 decimal digits")]
    Pin,
    /// For PUK1 and PUK2.
    #[error("a PUK has 8 decimal digits")]
    Puk,
    /// For ADM1.
    #[error("an ADM code has 4 to 8 decimal digits, or 16 hexadecimal ones")]
    Adm,
}

impl Code {
    /// Reads a code: decimal digits, which are padded with FF to eight bytes (ETSI TS 102 221 §9.5.1); an ADM code also as
    /// its eight bytes in hex.
    ///
    /// # Errors
    /// [`CodeError`], which does not repeat the text.
    pub fn new(name: CodeName, text: &str) -> Result<Self, CodeError> {
        let (lengths, error) = match name {
            CodeName::Pin1 | CodeName::Pin2 => (4..=8, CodeError::Pin),
            CodeName::Puk1 | CodeName::Puk2 => (8..=8, CodeError::Puk),
            CodeName::Adm1 => (4..=8, CodeError::Adm),
        };
        let mut value = Zeroizing::new([0xFF; 8]);
        if lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            value.iter_mut().zip(text.bytes()).for_each(|(place, digit)| *place = digit);
            return Ok(Self { name, value });
        }
        let hex = &data_encoding::HEXLOWER_PERMISSIVE;
        match name {
            CodeName::Adm1 if text.len() == 16 => match hex.decode_mut(text.as_bytes(), value.as_mut()) {
                Ok(_) => Ok(Self { name, value }),
                Err(_) => Err(error),
            },
            _ => Err(error),
        }
    }

    /// Which code it is.
    pub fn name(&self) -> CodeName {
        self.name
    }

    /// `pinValue` or `pukValue`.
    pub(super) fn value(&self) -> &[u8; 8] {
        &self.value
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Code").field("name", &self.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_as_a_record_of_ef_msisdn_ends() {
        let international: Msisdn = "+491701234567".parse().unwrap();
        assert_eq!(
            international.to_ef(),
            [0x07, 0x91, 0x94, 0x71, 0x10, 0x32, 0x54, 0x76, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
        );
        let odd: Msisdn = "123".parse().unwrap();
        assert_eq!(odd.to_ef()[..5], [0x03, 0x81, 0x21, 0xF3, 0xFF]);
        let longest: Msisdn = "+123456789012345".parse().unwrap();
        assert_eq!(longest.to_ef()[..2], [0x09, 0x91]);
        for wrong in ["", "+", "++1", "1234567890123456", "12 34", "0x12"] {
            assert_eq!(wrong.parse::<Msisdn>(), Err(MsisdnError), "{wrong}");
        }
    }

    #[test]
    fn codes_are_digits_padded_with_ff() {
        let value = |name, text| Code::new(name, text).map(|code| *code.value());
        assert_eq!(value(CodeName::Pin1, "1234"), Ok(*b"1234\xFF\xFF\xFF\xFF"));
        assert_eq!(value(CodeName::Puk2, "12345678"), Ok(*b"12345678"));
        assert_eq!(
            value(CodeName::Adm1, "0011223344556677"),
            Ok([0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77])
        );
        for (name, text, error) in [
            (CodeName::Pin1, "123", CodeError::Pin),
            (CodeName::Pin2, "123456789", CodeError::Pin),
            (CodeName::Pin1, "12a4", CodeError::Pin),
            (CodeName::Puk1, "1234567", CodeError::Puk),
            (CodeName::Adm1, "00112233445566GG", CodeError::Adm),
            (CodeName::Adm1, "001122334455667", CodeError::Adm),
        ] {
            assert_eq!(value(name, text), Err(error), "{text}");
        }
    }

    #[test]
    fn no_code_is_shown() {
        let code = Code::new(CodeName::Puk1, "87654321").unwrap();
        let shown = format!("{code:?}");
        assert!(shown.contains("Puk1") && !shown.contains("8765") && !shown.contains("56, 55"), "{shown}");
    }
}
