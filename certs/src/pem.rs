//! Certificates in PEM (RFC 7468): a text armour that people and tools like.

use base64::{Engine as _, engine::general_purpose::STANDARD};

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The bytes of the first certificate in a PEM text; `None` if the bytes are no such text.
pub(crate) fn decode_certificate(file: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(file).ok()?;
    let (_, rest) = text.split_once(BEGIN)?;
    let (body, _) = rest.split_once(END)?;
    let body: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    STANDARD.decode(body).ok()
}

/// The PEM text of a certificate, 64 characters a line.
pub(crate) fn encode_certificate(der: &[u8]) -> String {
    let mut text = format!("{BEGIN}\n");
    for (position, character) in STANDARD.encode(der).chars().enumerate() {
        if position > 0 && position % 64 == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    format!("{text}\n{END}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_survives_the_armour() {
        for length in [0, 1, 47, 48, 49, 600] {
            let der: Vec<u8> = (0..length).map(|i| u8::try_from(i % 251).unwrap()).collect();
            let text = encode_certificate(&der);
            assert!(text.lines().all(|line| line.len() <= 64), "{text}");
            assert_eq!(decode_certificate(text.as_bytes()), Some(der));
        }
    }

    #[test]
    fn bytes_without_armour_are_no_pem() {
        assert_eq!(decode_certificate(&[0x30, 0x82, 0xff]), None);
        assert_eq!(decode_certificate(b"-----BEGIN CERTIFICATE-----\nMII"), None);
    }
}
