//! Bare TLVs: reading, walking and writing without a schema.
//!
//! Only definite lengths and the shortest forms are accepted (X.690 §10.1, §8.1.2); nothing here allocates except
//! the writers.

use std::fmt;

/// A tag as it is written, identifier octets read as one big-endian number: `0x30`, `0x5F37`, `0xBF36`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(pub u32);

impl Tag {
    /// The identifier octets, one to four.
    pub fn octets(self) -> impl Iterator<Item = u8> {
        let bytes = self.0.to_be_bytes();
        let skip = bytes.iter().take(3).take_while(|byte| **byte == 0).count();
        bytes.into_iter().skip(skip)
    }

    /// Whether the value consists of TLVs (bit 6 of the first identifier octet).
    pub fn is_constructed(self) -> bool {
        self.octets().next().is_some_and(|first| first & 0x20 != 0)
    }

    /// The number of identifier octets.
    pub fn len(self) -> usize {
        self.octets().count()
    }

    /// Never: a tag has at least one octet.
    pub fn is_empty(self) -> bool {
        false
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.octets().try_for_each(|octet| write!(f, "{octet:02X}"))
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tag({self})")
    }
}

/// Why bytes are not a TLV in canonical form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlvError {
    /// The bytes end before the TLV does.
    #[error("the data ends inside a TLV")]
    Truncated,
    /// Length octet 80 (X.690 §10.1 wants the definite form).
    #[error("indefinite length")]
    IndefiniteLength,
    /// A length written with more octets than it needs.
    #[error("length not in its shortest form")]
    NonMinimalLength,
    /// A tag written with more octets than it needs.
    #[error("tag not in its shortest form")]
    NonMinimalTag,
    /// A tag of more than four octets: no object of RSP has one.
    #[error("tag longer than four octets")]
    TagTooLong,
    /// A length field of more than four octets.
    #[error("length field longer than four octets")]
    LengthTooLong,
}

/// Tag and length, read from the first bytes of a TLV.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// The tag as written.
    pub tag: Tag,
    /// Bytes that tag and length take.
    pub header_len: usize,
    /// Bytes of the value.
    pub value_len: usize,
}

impl Header {
    /// Bytes of the whole TLV.
    pub fn total_len(&self) -> usize {
        self.header_len.saturating_add(self.value_len)
    }
}

/// Reads tag and length from the start of `input`; `None` means that more bytes are needed.
///
/// # Errors
/// [`TlvError`] as soon as the bytes seen cannot become a canonical header.
pub fn header(input: &[u8]) -> Result<Option<Header>, TlvError> {
    let mut octets = input.iter().copied();
    let Some(first) = octets.next() else { return Ok(None) };
    let mut tag = u32::from(first);
    let mut header_len = 1;
    if first & 0x1F == 0x1F {
        loop {
            let Some(octet) = octets.next() else { return Ok(None) };
            header_len += 1;
            if header_len > 4 {
                return Err(TlvError::TagTooLong);
            }
            // X.690 §8.1.2.4.2: no leading zero digit, and numbers below 31 use the short form.
            let single = header_len == 2;
            if single && (octet == 0x80 || octet < 0x1F) {
                return Err(TlvError::NonMinimalTag);
            }
            tag = tag << 8 | u32::from(octet);
            if octet & 0x80 == 0 {
                break;
            }
        }
    }
    let Some(length) = octets.next() else { return Ok(None) };
    header_len += 1;
    let value_len = match length {
        0..=0x7F => usize::from(length),
        0x80 => return Err(TlvError::IndefiniteLength),
        0x81..=0x84 => {
            let mut value = 0_usize;
            for index in 0..length & 0x7F {
                let Some(octet) = octets.next() else { return Ok(None) };
                if index == 0 && octet == 0 {
                    return Err(TlvError::NonMinimalLength);
                }
                value = value << 8 | usize::from(octet);
                header_len += 1;
            }
            if value < 0x80 {
                return Err(TlvError::NonMinimalLength);
            }
            value
        }
        _ => return Err(TlvError::LengthTooLong),
    };
    Ok(Some(Header { tag: Tag(tag), header_len, value_len }))
}

/// One TLV, borrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tlv<'a> {
    /// The tag as written.
    pub tag: Tag,
    /// Tag, length and value.
    pub raw: &'a [u8],
    /// The value.
    pub value: &'a [u8],
}

/// Reads the TLV at the start of `input` and returns it with what follows it.
///
/// # Errors
/// [`TlvError`] when the header is not canonical or the value is cut short.
pub fn read(input: &[u8]) -> Result<(Tlv<'_>, &[u8]), TlvError> {
    let header = header(input)?.ok_or(TlvError::Truncated)?;
    let (raw, rest) = input.split_at_checked(header.total_len()).ok_or(TlvError::Truncated)?;
    let (_, value) = raw.split_at_checked(header.header_len).ok_or(TlvError::Truncated)?;
    Ok((Tlv { tag: header.tag, raw, value }, rest))
}

/// The TLVs that a constructed value consists of. Ends after the first error.
pub fn children(value: &[u8]) -> Children<'_> {
    Children { rest: value }
}

/// Iterator of [`children`].
#[derive(Debug, Clone)]
pub struct Children<'a> {
    rest: &'a [u8],
}

impl<'a> Children<'a> {
    /// What has not been read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for Children<'a> {
    type Item = Result<Tlv<'a>, TlvError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        match read(self.rest) {
            Ok((tlv, rest)) => {
                self.rest = rest;
                Some(Ok(tlv))
            }
            Err(error) => {
                self.rest = &[];
                Some(Err(error))
            }
        }
    }
}

/// The first child of a constructed value that has this tag; unreadable bytes end the search.
pub fn find(value: &[u8], tag: u32) -> Option<Tlv<'_>> {
    children(value).map_while(Result::ok).find(|tlv| tlv.tag == Tag(tag))
}

/// `value` behind `tag` and its length.
pub fn wrap(tag: u32, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len() + 8);
    write_header(&mut out, Tag(tag), value.len());
    out.extend_from_slice(value);
    out
}

/// Appends tag and length of a TLV whose value has `value_len` bytes.
pub fn write_header(out: &mut Vec<u8>, tag: Tag, value_len: usize) {
    out.extend(tag.octets());
    match u8::try_from(value_len) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let bytes = value_len.to_be_bytes();
            let significant = bytes.iter().skip_while(|byte| **byte == 0).count();
            // A usize has at most eight octets.
            out.push(0x80 | u8::try_from(significant).unwrap_or(8));
            out.extend(bytes.into_iter().skip(bytes.len() - significant));
        }
    }
}

/// How many octets a TLV with this tag and a value of this length has.
pub fn length(tag: u32, value_len: usize) -> usize {
    let significant = value_len.to_be_bytes().iter().skip_while(|byte| **byte == 0).count();
    let length_octets = if value_len < 0x80 { 1 } else { 1 + significant };
    Tag(tag).len() + length_octets + value_len
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_of_a_tlv_is_known_before_it_is_written() {
        for value_len in [0, 1, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF, 0x1_0000] {
            for tag in [0x30, 0x5F37, 0xBF8101] {
                assert_eq!(length(tag, value_len), wrap(tag, &vec![0; value_len]).len());
            }
        }
    }

    #[test]
    fn a_tag_is_written_as_it_was_read() {
        for tag in [0x30, 0x5F37, 0xBF36, 0x9F70, 0xBF8101] {
            let bytes = wrap(tag, &[1, 2]);
            let (tlv, rest) = read(&bytes).unwrap();
            assert_eq!((tlv.tag, tlv.value, rest), (Tag(tag), &[1, 2][..], &[][..]));
        }
        assert_eq!(Tag(0x5F37).to_string(), "5F37");
        assert!(Tag(0xBF36).is_constructed() && !Tag(0x5F37).is_constructed());
    }

    #[test]
    fn lengths_take_the_shortest_form() {
        for (length, header) in [(0, "0400"), (127, "047F"), (128, "048180"), (65536, "0483010000")] {
            let bytes = wrap(0x04, &vec![0; length]);
            let expected = data_encoding::HEXUPPER.decode(header.as_bytes()).unwrap();
            assert_eq!(bytes[..expected.len()], expected);
            assert_eq!(read(&bytes).unwrap().0.value.len(), length);
        }
    }

    #[test]
    fn a_header_is_readable_as_soon_as_its_bytes_are_there() {
        let bytes = wrap(0xBF36, &[0; 300]);
        for have in 0..5 {
            assert_eq!(header(&bytes[..have]), Ok(None));
        }
        assert_eq!(header(&bytes[..5]), Ok(Some(Header { tag: Tag(0xBF36), header_len: 5, value_len: 300 })));
    }

    #[test]
    fn anything_but_the_shortest_definite_form_is_refused() {
        for (bytes, error) in [
            (&[0x30, 0x80, 0, 0][..], TlvError::IndefiniteLength),
            (&[0x04, 0x81, 0x01, 0][..], TlvError::NonMinimalLength),
            (&[0x04, 0x82, 0x00, 0x81][..], TlvError::NonMinimalLength),
            (&[0x1F, 0x1E, 0x00][..], TlvError::NonMinimalTag),
            (&[0x1F, 0x80, 0x1F, 0x00][..], TlvError::NonMinimalTag),
            (&[0x1F, 0xFF, 0xFF, 0xFF, 0x7F, 0x00][..], TlvError::TagTooLong),
            (&[0x04, 0x85, 1, 1, 1, 1, 1][..], TlvError::LengthTooLong),
            (&[0x04, 0x02, 0x00][..], TlvError::Truncated),
            (&[0x04, 0x84, 0xFF, 0xFF, 0xFF, 0xFF][..], TlvError::Truncated),
        ] {
            assert_eq!(read(bytes).unwrap_err(), error, "{bytes:02X?}");
        }
    }
}
