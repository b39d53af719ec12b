//! Base64 of the JSON binding: strict when written, forgiving when read.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Peers pad or do not; both are read, padding is written.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Writes one line with padding behind what is there.
pub(crate) fn append(out: &mut Vec<u8>, bytes: &[u8]) {
    let start = out.len();
    out.resize(start + bytes.len().div_ceil(3) * 4, b'=');
    let room = out.get_mut(start..).unwrap_or_default();
    // There is room enough, so nothing can fail.
    let _ = ENGINE.encode_slice(bytes, room);
}

/// Reads the standard alphabet, with or without padding, white space anywhere (live servers wrap their lines).
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, base64::DecodeError> {
    let text = match text.contains(|c: char| c.is_ascii_whitespace()) {
        true => Cow::Owned(text.split_ascii_whitespace().collect::<String>()),
        false => Cow::Borrowed(text),
    };
    ENGINE.decode(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_and_missing_padding_are_read() {
        for text in ["AAECAw==", "AAECAw", "AAEC\r\nAw==\n", " A A\tECAw"] {
            assert_eq!(decode(text).unwrap(), [0, 1, 2, 3], "{text:?}");
        }
    }

    #[test]
    fn other_alphabets_and_cut_texts_are_refused() {
        for text in ["_-8=", "A", "AA=A", "AAEC*", "AB=="] {
            assert!(decode(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn one_padded_line_is_written() {
        let mut out = b"before:".to_vec();
        append(&mut out, &[0xFB, 0xFF, 0xFE, 0x00]);
        assert_eq!(out, b"before:+//+AA==");
    }
}
