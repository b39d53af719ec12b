//! The eUICC identifier as certificates carry it: 32 decimal digits, of which the last two are check digits.
//!
//! In binary an EID is 16 bytes, two digits a byte, the first digit in the high nibble.

use thiserror::Error;

/// Why a text is no EID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum EidError {
    /// Not the length of an EID.
    #[error("an EID has 32 digits, this one has {0} characters")]
    Length(usize),
    /// Something else than a decimal digit.
    #[error("an EID has decimal digits only")]
    NotDecimal,
    /// The check digits do not fit the other thirty.
    #[error("the EID's check digits should be {expected:02}, they are {actual:02}")]
    CheckDigits {
        /// What the first thirty digits ask for.
        expected: u8,
        /// What the EID ends in.
        actual: u8,
    },
}

/// Reads an EID of 32 digits and verifies its check digits.
///
/// # Errors
/// [`EidError`] if the text is no EID.
pub fn from_digits(text: &str) -> Result<[u8; 16], EidError> {
    let digits = decimal_digits(text, 32)?;
    let mut eid = [0; 16];
    for (byte, pair) in eid.iter_mut().zip(digits.chunks(2)) {
        *byte = pair.iter().fold(0, |high, low| high << 4 | low);
    }
    verify_check_digits(&eid)?;
    Ok(eid)
}

/// Completes an EID from its first thirty digits.
///
/// # Errors
/// [`EidError`] if there are not thirty digits.
pub fn with_check_digits(text: &str) -> Result<[u8; 16], EidError> {
    let digits = decimal_digits(text, 30)?;
    from_digits(&format!("{text}{:02}", check_digits(digits)))
}

/// The EID with this number among those that begin with `issuer`: the digits between are the number, check digits follow.
///
/// # Errors
/// [`EidError`] if the number has no room behind these digits, or they are no digits.
pub fn numbered(issuer: &str, number: u128) -> Result<[u8; 16], EidError> {
    let width = 30_usize.saturating_sub(issuer.len());
    // Without room there is no number either, but `{:0width$}` would write one.
    let number = if width == 0 && number == 0 { String::new() } else { format!("{number:0width$}") };
    with_check_digits(&format!("{issuer}{number}"))
}

/// The number of an EID among those that begin with `issuer`; `None` where it does not.
#[must_use]
pub fn number(eid: &[u8; 16], issuer: &str) -> Option<u128> {
    let digits = to_digits(eid);
    let number = digits.get(..30)?.strip_prefix(issuer)?;
    if number.is_empty() { Some(0) } else { number.parse().ok() }
}

/// The 32 digits of an EID. A nibble that is no digit is written as a hexadecimal letter.
#[must_use]
pub fn to_digits(eid: &[u8; 16]) -> String {
    data_encoding::HEXUPPER.encode(eid)
}

/// Verifies the check digits: the number that the 32 digits make leaves 1 when divided by 97.
///
/// # Errors
/// [`EidError`] if they are wrong, or if a nibble is no digit.
pub fn verify_check_digits(eid: &[u8; 16]) -> Result<(), EidError> {
    let digits: Vec<u8> = eid.iter().flat_map(|byte| [byte >> 4, byte & 0x0f]).collect();
    if digits.iter().any(|digit| *digit > 9) {
        return Err(EidError::NotDecimal);
    }
    let expected = check_digits(digits.iter().copied().take(30));
    let actual = digits.iter().skip(30).fold(0, |high, low| high * 10 + low);
    if expected == actual { Ok(()) } else { Err(EidError::CheckDigits { expected, actual }) }
}

/// 98 less the remainder of the thirty digits followed by two zeros (the scheme of ISO 7064, modulus 97).
fn check_digits(thirty: impl IntoIterator<Item = u8>) -> u8 {
    let remainder =
        thirty.into_iter().chain([0, 0]).fold(0u16, |rest, digit| (rest * 10 + u16::from(digit)) % 97);
    u8::try_from(98 - remainder).unwrap_or_default()
}

fn decimal_digits(text: &str, count: usize) -> Result<Vec<u8>, EidError> {
    if text.chars().count() != count {
        return Err(EidError::Length(text.chars().count()));
    }
    text.bytes().map(|c| if c.is_ascii_digit() { Ok(c - b'0') } else { Err(EidError::NotDecimal) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEST_EID: &str = "89049032123451234512345678901235";

    #[test]
    fn the_eid_of_the_test_certificates_is_read_digit_by_digit() {
        let eid = from_digits(TEST_EID).unwrap();
        assert_eq!(eid[..5], [0x89, 0x04, 0x90, 0x32, 0x12]);
        assert_eq!(to_digits(&eid), TEST_EID);
    }

    #[test]
    fn thirty_digits_are_completed_to_an_eid() {
        assert_eq!(to_digits(&with_check_digits(&TEST_EID[..30]).unwrap()), TEST_EID);
    }

    #[test]
    fn the_eids_of_an_issuer_are_numbered_and_their_range_ends() {
        let eid = numbered("89049032", 42).unwrap();
        assert_eq!(to_digits(&eid)[..30], *"890490320000000000000000000042");
        assert_eq!(
            (number(&eid, "89049032"), number(&eid, "8904903200"), number(&eid, "8905")),
            (Some(42), Some(42), None)
        );
        assert!(numbered("89049032", 9_999_999_999_999_999_999_999).is_ok());
        assert_eq!(numbered("89049032", 10_000_000_000_000_000_000_000), Err(EidError::Length(31)));
        assert_eq!(numbered("8904903X", 1), Err(EidError::NotDecimal));
        let whole = &TEST_EID[..30];
        assert_eq!(
            (numbered(whole, 0).map(|eid| to_digits(&eid)), numbered(whole, 1)),
            (Ok(TEST_EID.to_owned()), Err(EidError::Length(31)))
        );
    }

    #[test]
    fn every_other_pair_of_check_digits_is_refused() {
        for pair in (0..100).filter(|pair| *pair != 35) {
            let text = format!("{}{pair:02}", &TEST_EID[..30]);
            assert_eq!(from_digits(&text), Err(EidError::CheckDigits { expected: 35, actual: pair }));
        }
    }

    #[test]
    fn a_text_that_is_no_eid_is_refused() {
        assert_eq!(from_digits("8904"), Err(EidError::Length(4)));
        assert_eq!(from_digits("8904903212345123451234567890123A"), Err(EidError::NotDecimal));
        assert_eq!(verify_check_digits(&[0xff; 16]), Err(EidError::NotDecimal));
    }
}
