//! Cutting a package into the segments that go to the eUICC one STORE DATA chain each (SGP.22 §2.5.5).

use asn1::tlv::{self, Tlv};

use super::{BppError, tags};

/// The segments of a Bound Profile Package, in order; together they are the package itself.
///
/// # Errors
/// [`BppError::Malformed`] where the package has not the outer structure of SGP.22 §2.5.4.
pub fn segments(bpp: &[u8]) -> Result<Vec<&[u8]>, BppError> {
    let (package, rest) = tlv::read(bpp).map_err(|_| BppError::Malformed("no TLV"))?;
    if package.tag.0 != tags::BOUND_PROFILE_PACKAGE {
        return Err(BppError::Malformed("the tag is not BF36"));
    }
    if !rest.is_empty() {
        return Err(BppError::Malformed("bytes follow the package"));
    }
    cut(bpp, &segment_lengths(package)?)
}

fn segment_lengths(package: Tlv<'_>) -> Result<Vec<usize>, BppError> {
    let mut lengths = Vec::new();
    for (index, part) in tlv::children(package.value).enumerate() {
        let part = part.map_err(|_| BppError::Malformed("a part is no TLV"))?;
        match (index, part.tag.0) {
            // The header of the package travels with the whole of BF23.
            (0, tags::INITIALISE_SECURE_CHANNEL) => lengths.push(header_length(package) + part.raw.len()),
            (0, _) => return Err(BppError::Malformed("the first part is not BF23")),
            // The header of a sequence of '87' travels with its first element …
            (_, tags::FIRST_SEQUENCE_OF_87 | tags::SECOND_SEQUENCE_OF_87) => {
                let mut elements = element_lengths(part)?.into_iter();
                let first = elements.next().ok_or(BppError::Malformed("a sequence of '87' is empty"))?;
                lengths.push(header_length(part) + first);
                lengths.extend(elements);
            }
            // … that of the others alone.
            (_, tags::SEQUENCE_OF_88 | tags::SEQUENCE_OF_86) => {
                lengths.push(header_length(part));
                lengths.extend(element_lengths(part)?);
            }
            _ => return Err(BppError::Malformed("a part has an unknown tag")),
        }
    }
    Ok(lengths)
}

fn header_length(tlv: Tlv<'_>) -> usize {
    tlv.raw.len() - tlv.value.len()
}

fn element_lengths(sequence: Tlv<'_>) -> Result<Vec<usize>, BppError> {
    tlv::children(sequence.value)
        .map(|element| Ok(element.map_err(|_| BppError::Malformed("an element is no TLV"))?.raw.len()))
        .collect()
}

fn cut<'a>(mut bytes: &'a [u8], lengths: &[usize]) -> Result<Vec<&'a [u8]>, BppError> {
    let mut segments = Vec::with_capacity(lengths.len());
    for &length in lengths {
        let (segment, rest) =
            bytes.split_at_checked(length).ok_or(BppError::Malformed("a part ends outside"))?;
        segments.push(segment);
        bytes = rest;
    }
    if segments.is_empty() { Err(BppError::Malformed("the package is empty")) } else { Ok(segments) }
}
