//! The icon of a profile: PNG or JPEG of 64 × 64 pixels in at most 1024 bytes (SGP.22 §5.5.3, StoreMetadataRequest).
//!
//! A device that is handed anything else shows nothing, or worse; so the outline of the image is checked here, not what it
//! paints.

use asn1::{Icon, IconType};
use thiserror::Error;

/// Pixels in each direction.
const SIDE: u32 = 64;
/// Bytes of `icon`.
const LIMIT: usize = 1024;

/// Why a file is no icon.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub(super) enum NoIcon {
    #[error("the icon has {0} bytes, 1024 are allowed")]
    TooLarge(usize),
    #[error("the icon is neither PNG nor JPEG")]
    OtherFormat,
    #[error("the icon has {0} × {1} pixels, it has to have 64 × 64")]
    OtherSize(u32, u32),
    #[error("the {0} of the icon is cut short or damaged")]
    Damaged(&'static str),
}

/// Which type the icon has, by its first bytes and not by its name.
pub(super) fn parse(bytes: Vec<u8>) -> Result<(IconType, Icon), NoIcon> {
    if bytes.len() > LIMIT {
        return Err(NoIcon::TooLarge(bytes.len()));
    }
    let (icon_type, size) = if let Some(chunks) = bytes.strip_prefix(b"\x89PNG\r\n\x1A\n") {
        (IconType::PNG, png_size(chunks).ok_or(NoIcon::Damaged("PNG"))?)
    } else if let Some(segments) = bytes.strip_prefix(b"\xFF\xD8\xFF") {
        (IconType::JPG, jpeg_size(segments).ok_or(NoIcon::Damaged("JPEG"))?)
    } else {
        return Err(NoIcon::OtherFormat);
    };
    if size != (SIDE, SIDE) {
        return Err(NoIcon::OtherSize(size.0, size.1));
    }
    let length = bytes.len();
    Ok((icon_type, Icon::try_from(bytes).map_err(|_| NoIcon::TooLarge(length))?))
}

/// ISO/IEC 15948 §5.3, §5.6: IHDR first, then IDAT among others, IEND last.
fn png_size(mut rest: &[u8]) -> Option<(u32, u32)> {
    let mut size = None;
    let mut has_data = false;
    loop {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (kind, after) = after.split_first_chunk::<4>()?;
        let (data, after) = after.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        let (_checksum, after) = after.split_first_chunk::<4>()?;
        match (kind, size) {
            (b"IHDR", None) if data.len() == 13 => {
                let (width, data) = data.split_first_chunk::<4>()?;
                let (height, _) = data.split_first_chunk::<4>()?;
                size = Some((u32::from_be_bytes(*width), u32::from_be_bytes(*height)));
            }
            (b"IHDR", _) | (_, None) => return None,
            (b"IDAT", _) => has_data = true,
            (b"IEND", _) => return size.filter(|_| has_data && after.is_empty()),
            _ => {}
        }
        rest = after;
    }
}

/// ITU-T T.81 annex B: segments up to the frame header, which has the size; an image ends with EOI. `rest` follows the FF
/// of the first marker.
fn jpeg_size(mut rest: &[u8]) -> Option<(u32, u32)> {
    rest.strip_suffix(b"\xFF\xD9")?;
    loop {
        // §B.1.1.2: any number of FF may stand before a marker.
        let (marker, after) = rest.split_first()?;
        if *marker == 0xFF {
            rest = after;
            continue;
        }
        let (length, _) = after.split_first_chunk::<2>()?;
        let (segment, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        match marker {
            // SOF0 to SOF15, but DHT, JPG and DAC among them.
            0xC0..=0xCF if ![0xC4, 0xC8, 0xCC].contains(marker) => {
                let [_, _, _precision, height @ .., _] = segment.get(..8)? else { return None };
                let (height, width) = height.split_first_chunk::<2>()?;
                let width = width.first_chunk::<2>()?;
                return Some((u32::from(u16::from_be_bytes(*width)), u32::from(u16::from_be_bytes(*height))));
            }
            // SOS and EOI: no frame header before them; 01 and D0 to D8 have no length.
            0x01 | 0xD0..=0xDA => return None,
            _ => rest = after.strip_prefix(b"\xFF")?,
        }
    }
}
