//! The data that makes one profile different from the next.

use std::fmt;
use std::str::FromStr;

use asn1::Iccid;
use thiserror::Error;
use zeroize::Zeroizing;

/// An IMSI: MCC, MNC and MSIN, 6 to 15 digits (3GPP TS 23.003 §2.2).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Imsi(String);

/// A text is no IMSI.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("an IMSI has 6 to 15 decimal digits")]
pub struct ImsiError;

impl FromStr for Imsi {
    type Err = ImsiError;

    fn from_str(text: &str) -> Result<Self, ImsiError> {
        let well_formed = (6..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if well_formed { Ok(Self(text.to_owned())) } else { Err(ImsiError) }
    }
}

impl fmt::Display for Imsi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Imsi {
    /// The content of EF.IMSI (3GPP TS 31.102 §4.2.2): length, then type 1 with the parity, then the digits, low nibble first.
    pub(super) fn to_ef(&self) -> [u8; 9] {
        let odd = self.0.len() % 2 == 1;
        let first = if odd { 0x9 } else { 0x1 };
        let digits = self.0.bytes().map(|digit| digit - b'0');
        let nibbles: Vec<u8> = std::iter::once(first).chain(digits).collect();
        let mut content = [0xFF; 9];
        let bytes = nibbles.chunks(2).map(|pair| match *pair {
            [low, high] => high << 4 | low,
            [low] => 0xF0 | low,
            _ => 0xFF,
        });
        let mut length = 0u8;
        for (place, byte) in content.iter_mut().skip(1).zip(bytes) {
            *place = byte;
            length += 1;
        }
        if let Some(place) = content.first_mut() {
            *place = length;
        }
        content
    }

    /// The content of EF.ACC (3GPP TS 31.102 §4.2.15): one bit of the first ten access classes, that of the last digit.
    pub(super) fn access_class(&self) -> u16 {
        let last_digit = self.0.bytes().last().map_or(0, |digit| digit - b'0');
        1 << last_digit
    }

    /// How many digits the MNC has is known for the test networks only; two are the rule.
    pub(super) fn mnc_length(&self) -> u8 {
        2
    }
}

/// A subscriber of the default profile. Ki and OPc are wiped when it is dropped, and not shown.
#[derive(Clone)]
pub struct Subscriber {
    pub(super) iccid: Iccid,
    pub(super) imsi: Imsi,
    pub(super) ki: Zeroizing<[u8; 16]>,
    pub(super) opc: Zeroizing<[u8; 16]>,
}

impl Subscriber {
    /// Stands in a profile that is to be filled.
    pub(super) fn nobody() -> Self {
        let imsi = Imsi("001010000000000".to_owned());
        Self { iccid: [0; 10].into(), imsi, ki: Zeroizing::default(), opc: Zeroizing::default() }
    }

    /// A subscriber with these data.
    pub fn new(iccid: Iccid, imsi: Imsi, ki: Zeroizing<[u8; 16]>, opc: Zeroizing<[u8; 16]>) -> Self {
        Self { iccid, imsi, ki, opc }
    }
}

impl fmt::Debug for Subscriber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscriber")
            .field("iccid", &self.iccid)
            .field("imsi", &self.imsi)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ef_imsi_is_written_as_in_the_published_test_profiles() {
        // TS.48: 001010123456789 is 080910101032547698.
        let imsi: Imsi = "001010123456789".parse().unwrap();
        assert_eq!(imsi.to_ef(), [0x08, 0x09, 0x10, 0x10, 0x10, 0x32, 0x54, 0x76, 0x98]);
        let even: Imsi = "00101012345678".parse().unwrap();
        assert_eq!(even.to_ef(), [0x08, 0x01, 0x10, 0x10, 0x10, 0x32, 0x54, 0x76, 0xF8]);
        for wrong in ["00101", "0010101234567890", "00101012345678a"] {
            assert!(wrong.parse::<Imsi>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_subscriber_shows_no_key() {
        let key = Zeroizing::new([0xAB; 16]);
        let subscriber = Subscriber::new(
            "8988211000000000017".parse().unwrap(),
            "001010000000017".parse().unwrap(),
            key.clone(),
            key,
        );
        let shown = format!("{subscriber:?}").to_lowercase();
        assert!(!shown.contains("ab, ab") && !shown.contains("171"), "{shown}");
    }
}
