//! cRLNumber: a counter of up to 20 bytes.

use std::fmt;

/// The longest number that RFC 5280 §5.2.3 allows, in bytes.
const LENGTH: usize = 20;

/// The number of a list (RFC 5280 §5.2.3): not negative, up to 20 bytes long, ordered by value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CrlNumber([u8; LENGTH]);

impl CrlNumber {
    /// The number with these bytes, most significant first; `None` where it is too long.
    #[must_use]
    pub fn from_octets(octets: &[u8]) -> Option<CrlNumber> {
        let zeros = octets.iter().take_while(|octet| **octet == 0).count();
        let significant = octets.get(zeros..)?;
        let mut number = [0; LENGTH];
        let place = number.get_mut(LENGTH.checked_sub(significant.len())?..)?;
        place.copy_from_slice(significant);
        Some(CrlNumber(number))
    }

    /// Its bytes, most significant first, without leading zeros; none for 0.
    #[must_use]
    pub fn octets(&self) -> &[u8] {
        let zeros = self.0.iter().take_while(|octet| **octet == 0).count();
        self.0.get(zeros..).unwrap_or_default()
    }
}

impl From<u64> for CrlNumber {
    fn from(number: u64) -> CrlNumber {
        let mut octets = [0; LENGTH];
        octets.iter_mut().rev().zip(number.to_le_bytes()).for_each(|(place, octet)| *place = octet);
        CrlNumber(octets)
    }
}

impl fmt::Display for CrlNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let octets = self.octets();
        if octets.len() <= 16 {
            write!(f, "{}", octets.iter().fold(0_u128, |value, octet| value << 8 | u128::from(*octet)))
        } else {
            write!(f, "0x{}", data_encoding::HEXLOWER.encode(octets))
        }
    }
}

impl fmt::Debug for CrlNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CrlNumber({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ordered_by_value_whatever_their_length() {
        let numbers =
            [&[][..], &[1], &[255], &[1, 0], &[0xFF; 20]].map(|o| CrlNumber::from_octets(o).unwrap());
        assert!(numbers.is_sorted());
        assert_eq!(CrlNumber::from(256).octets(), [1, 0]);
        assert_eq!(CrlNumber::from_octets(&[0, 0, 7]), Some(CrlNumber::from(7)));
        assert_eq!(CrlNumber::from_octets(&[1; 21]), None);
    }

    #[test]
    fn a_number_is_shown_in_decimal_as_long_as_it_fits() {
        assert_eq!(CrlNumber::from(4711).to_string(), "4711");
        assert_eq!(CrlNumber::from(0).to_string(), "0");
        assert_eq!(CrlNumber::from_octets(&[1; 17]).unwrap().to_string(), format!("0x{}", "01".repeat(17)));
    }
}
