//! Defects of the metadata in the package.

use std::borrow::Cow;

use asn1::tlv;

use super::PackageDefect;

const STORE_METADATA_REQUEST: u32 = 0xBF25;
const ICCID: u32 = 0x5A;
const PROFILE_NAME: u32 = 0x92;

/// The metadata with the defect, if it is one of metadata; `None` where there is no place for it.
pub(super) fn spoiled(defect: PackageDefect, metadata: &[u8]) -> Option<Cow<'_, [u8]>> {
    match defect {
        PackageDefect::OtherIccidInMetadata => with(metadata, ICCID, |iccid| other_iccid(iccid)),
        PackageDefect::OtherNameInMetadata => with(metadata, PROFILE_NAME, other_name),
        PackageDefect::UnreadableMetadata => with(metadata, ICCID, |iccid| {
            iccid.pop();
        }),
        _ => return Some(Cow::Borrowed(metadata)),
    }
    .map(Cow::Owned)
}

/// The request with one of its members changed.
fn with(metadata: &[u8], member: u32, change: impl Fn(&mut Vec<u8>)) -> Option<Vec<u8>> {
    let (request, _) = tlv::read(metadata).ok()?;
    tlv::find(request.value, member)?;
    let mut members = Vec::with_capacity(request.value.len());
    for tlv in tlv::children(request.value) {
        let tlv = tlv.ok()?;
        let mut value = tlv.value.to_vec();
        if tlv.tag.0 == member {
            change(&mut value);
        }
        members.extend(tlv::wrap(tlv.tag.0, &value));
    }
    Some(tlv::wrap(STORE_METADATA_REQUEST, &members))
}

/// The neighbour of an ICCID: a pair of digits in the middle of its serial number is another one, and still decimal.
pub(super) fn other_iccid(iccid: &mut [u8]) {
    if let Some(pair) = iccid.get_mut(7) {
        *pair ^= 0x11;
    }
}

/// Another name of the same length where it has one, so that nothing else changes.
fn other_name(name: &mut Vec<u8>) {
    match name.iter_mut().find(|byte| byte.is_ascii_alphabetic()) {
        Some(letter) => *letter ^= 0x20,
        None => name.splice(.., *b"another name").for_each(drop),
    }
}
