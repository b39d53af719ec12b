//! Small pieces of the data objects that ES10 commands and responses are made of.

use asn1::tlv::{self, Tlv};

use crate::apdu::StatusWord;

/// The one TLV that a command is (SGP.22 §5.7.2).
///
/// # Errors
/// 6A80 where it is none in DER, or bytes follow.
pub(crate) fn single_object(command: &[u8]) -> Result<Tlv<'_>, StatusWord> {
    match tlv::read(command) {
        Ok((object, [])) => Ok(object),
        _ => Err(StatusWord::WRONG_DATA),
    }
}

/// The members of a command object.
///
/// # Errors
/// 6A80 where the value is not a sequence of TLVs in DER.
pub(crate) fn members(value: &[u8]) -> Result<Vec<Tlv<'_>>, StatusWord> {
    tlv::children(value).collect::<Result<_, _>>().map_err(|_| StatusWord::WRONG_DATA)
}

/// The one member that is asked for.
///
/// # Errors
/// 6A80 where it is missing.
pub(crate) fn member<'a>(members: &[Tlv<'a>], tag: u32) -> Result<Tlv<'a>, StatusWord> {
    optional(members, tag).ok_or(StatusWord::WRONG_DATA)
}

/// The member with this tag, if there is one. Members of later versions are passed over.
pub(crate) fn optional<'a>(members: &[Tlv<'a>], tag: u32) -> Option<Tlv<'a>> {
    members.iter().find(|member| member.tag.0 == tag).copied()
}

/// Refuses a command that has no input data and brings some.
///
/// # Errors
/// 6A80.
pub(crate) fn no_input(request: &Tlv<'_>) -> Result<(), StatusWord> {
    if request.value.is_empty() { Ok(()) } else { Err(StatusWord::WRONG_DATA) }
}

/// A response whose only member is a result code under tag 80.
pub(crate) fn outcome(tag: u32, code: i64) -> Vec<u8> {
    tlv::wrap(tag, &integer(0x80, code))
}

/// A response that is an error code under the choice's own tag.
pub(crate) fn error(tag: u32, choice: u32, code: i64) -> Vec<u8> {
    tlv::wrap(tag, &integer(choice, code))
}

/// An INTEGER under `tag`, in as few octets as it takes (X.690 §8.3.2).
pub(crate) fn integer(tag: u32, value: i64) -> Vec<u8> {
    let octets = value.to_be_bytes();
    let sign = if value < 0 { 0xFF } else { 0x00 };
    let redundant = octets
        .windows(2)
        .take_while(|pair| matches!(pair, [first, second] if *first == sign && (second ^ sign) & 0x80 == 0))
        .count();
    tlv::wrap(tag, octets.split_at_checked(redundant).map_or(&octets[..], |(_, rest)| rest))
}

/// The value of an INTEGER; `None` where it is negative or longer than eight octets.
///
/// # Errors
/// 6A80 where the octets are none: there are none, or more than it takes (X.690 §8.3).
pub(crate) fn unsigned(octets: &[u8]) -> Result<Option<u64>, StatusWord> {
    match octets {
        [] | [0x00, 0x00..=0x7F, ..] | [0xFF, 0x80..=0xFF, ..] => Err(StatusWord::WRONG_DATA),
        [0x80..=0xFF, ..] => Ok(None),
        _ => Ok(octets
            .iter()
            .try_fold(0_u64, |value, octet| Some(value.checked_mul(256)? | u64::from(*octet)))),
    }
}

/// The first byte of the bits of a BIT STRING value; `None` where it is no BIT STRING.
pub(crate) fn first_bits(value: &[u8]) -> Option<u8> {
    match value {
        [0] => Some(0),
        [unused @ 0..=7, bits @ ..] => {
            let last = bits.last()?;
            // X.690 §11.2.1: unused bits are zero.
            (last & ((1 << unused) - 1) == 0).then_some(())?;
            bits.first().copied()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_take_the_octets_they_need() {
        for (value, octets) in [
            (0, &[0][..]),
            (127, &[127]),
            (128, &[0, 128]),
            (255, &[0, 255]),
            (256, &[1, 0]),
            (-1, &[0xFF]),
            (-129, &[0xFF, 0x7F]),
        ] {
            let encoded = integer(0x80, value);
            assert_eq!(encoded[2..], *octets, "{value}");
            assert_eq!(unsigned(octets), Ok(u64::try_from(value).ok()));
        }
        assert_eq!(unsigned(&[1; 9]), Ok(None));
        for no_integer in [&[][..], &[0, 1], &[0xFF, 0x80]] {
            assert_eq!(unsigned(no_integer), Err(StatusWord::WRONG_DATA));
        }
    }

    #[test]
    fn a_bit_string_with_unused_bits_set_is_none() {
        assert_eq!(first_bits(&[7, 0x80]), Some(0x80));
        assert_eq!(first_bits(&[7, 0x81]), None);
        assert_eq!(first_bits(&[0]), Some(0));
        assert_eq!(first_bits(&[8, 0]), None);
        assert_eq!(first_bits(&[]), None);
    }
}
