//! Room for the contents of files: each byte that is to be replaced has to stand in the package.

use std::ops::Range;

use asn1::profile::{
    ElementKind, File, FileItem, FileStructure, ProfileElement, RawElement, TemplateElement,
};
use zeroize::Zeroizing;

use super::error::{TemplateError, decode};
use crate::profile::elements::member;

/// Bytes of EF.ICCID and EF.IMSI (ETSI TS 102 221 §13.2, 3GPP TS 31.102 §4.2.2).
pub(super) const EF_ICCID: Range<usize> = 0..10;
pub(super) const EF_IMSI: Range<usize> = 0..9;

/// Member of PE-OPT-USIM.
pub(super) const EF_MSISDN: u32 = 7;
/// Length of a record of EF.MSISDN where the package does not say otherwise (interoperable profile, annex A).
const MSISDN_RECORD: u16 = 24;
/// A record ends with this many bytes for the number; before them stands the alpha identifier.
const NUMBER: usize = 14;

/// The elements one after the other, with room for EF.ICCID, EF.IMSI and, if wanted, these bytes of EF.MSISDN.
pub(super) fn make_room(
    elements: &[RawElement<'_>],
    msisdn: Option<Range<usize>>,
) -> Result<Zeroizing<Vec<u8>>, TemplateError> {
    let mut pieces = Vec::with_capacity(elements.len());
    for (number, element) in (1..).zip(elements) {
        let wanted = match element.kind() {
            Some(ElementKind::Mf) => Some((member::EF_ICCID, EF_ICCID)),
            Some(ElementKind::Usim) => Some((member::EF_IMSI, EF_IMSI)),
            Some(ElementKind::OptUsim) => msisdn.clone().map(|range| (EF_MSISDN, range)),
            _ => None,
        };
        let room =
            wanted.map(|(member, range)| element_with_room(number, element, member, range)).transpose()?;
        pieces.push(room.flatten().unwrap_or_else(|| Zeroizing::new(element.bytes().to_vec())));
    }
    // Grown once: a buffer that moves would leave its content behind.
    let mut package = Zeroizing::new(Vec::with_capacity(pieces.iter().map(|piece| piece.len()).sum()));
    pieces.iter().for_each(|piece| package.extend_from_slice(piece));
    Ok(package)
}

/// The element with content at `range` of a file; `None` if there is content already.
fn element_with_room(
    number: usize,
    element: &RawElement<'_>,
    member: u32,
    range: Range<usize>,
) -> Result<Option<Zeroizing<Vec<u8>>>, TemplateError> {
    let ProfileElement::Template(mut files) = decode(number, element)? else { return Ok(None) };
    if files.file(member).is_some_and(|file| !has_content_of_its_own(file)) {
        return Err(TemplateError::at(number, element, format!("its member {member} cannot be written")));
    }
    if files.file(member).is_some_and(|file| is_written(file, &range)) {
        return Ok(None);
    }
    write_placeholder(&mut files, member, range);
    Ok(Some(Zeroizing::new(ProfileElement::Template(files).to_der())))
}

/// Neither left out nor a link to another file.
fn has_content_of_its_own(file: &File) -> bool {
    let link = file.fcp().and_then(|fcp| fcp.link_path.as_deref()).unwrap_or_default();
    link.is_empty() && !file.0.contains(&FileItem::DoNotCreate)
}

/// The pieces of content that a file is filled with, each with its position.
fn contents(file: &File) -> Vec<(usize, &[u8])> {
    let mut position = 0;
    let mut pieces = Vec::new();
    for item in &file.0 {
        match item {
            FileItem::FillFileOffset(skip) => position += usize::from(*skip),
            FileItem::FillFileContent(content) => {
                pieces.push((position, content.as_slice()));
                position += content.len();
            }
            FileItem::DoNotCreate | FileItem::FileDescriptor(_) => {}
        }
    }
    pieces
}

fn is_written(file: &File, range: &Range<usize>) -> bool {
    let pieces = contents(file);
    range.clone().all(|byte| pieces.iter().any(|(at, piece)| (*at..at + piece.len()).contains(&byte)))
}

/// The first bytes of a file, if the package writes them all.
pub(in crate::profile) fn beginning<const N: usize>(file: &File) -> Option<[u8; N]> {
    let pieces = contents(file);
    let mut bytes = [0; N];
    for (position, byte) in bytes.iter_mut().enumerate() {
        *byte = pieces.iter().find_map(|(at, piece)| piece.get(position.checked_sub(*at)?).copied())?;
    }
    Some(bytes)
}

/// Puts content at `range`, in one piece; what the file is filled with before and after it stays.
fn write_placeholder(element: &mut TemplateElement, member: u32, range: Range<usize>) {
    let index = element.files.partition_point(|(number, _)| *number < member);
    let found = element.files.get(index).filter(|(number, _)| *number == member);
    let old = found.map(|(_, file)| file.clone());
    let new = with_placeholder(&old.clone().unwrap_or_default(), range);
    match (element.files.get_mut(index), old) {
        (Some(place), Some(_)) => *place = (member, new),
        _ => element.files.insert(index, (member, new)),
    }
}

fn with_placeholder(file: &File, range: Range<usize>) -> File {
    let pieces = contents(file);
    let before = pieces.iter().filter_map(|(at, piece)| {
        let part = piece.get(..range.start.saturating_sub(*at).min(piece.len()))?;
        Some((*at, part.to_vec()))
    });
    let after = pieces.iter().filter_map(|(at, piece)| {
        let skipped = range.end.saturating_sub(*at).min(piece.len());
        Some((at + skipped, piece.get(skipped..)?.to_vec()))
    });
    let placeholder = std::iter::once((range.start, vec![0xFF; range.len()]));
    let fcp = file.0.iter().filter(|item| matches!(item, FileItem::FileDescriptor(_)));
    let mut items: Vec<FileItem> = fcp.cloned().collect();
    let mut position = 0;
    for (at, piece) in before.chain(placeholder).chain(after).filter(|(_, piece)| !piece.is_empty()) {
        while position < at {
            let skip = u16::try_from(at - position).unwrap_or(u16::MAX);
            items.push(FileItem::FillFileOffset(skip));
            position += usize::from(skip);
        }
        position += piece.len();
        items.push(FileItem::FillFileContent(piece));
    }
    File(items)
}

/// Where in EF.MSISDN the number of the first record stands; `None` if there is no such file, or none that can hold it.
pub(super) fn for_msisdn(elements: &[RawElement<'_>]) -> Result<Option<Range<usize>>, TemplateError> {
    for (number, element) in (1..).zip(elements) {
        if element.kind() != Some(ElementKind::OptUsim) {
            continue;
        }
        let ProfileElement::Template(files) = decode(number, element)? else { continue };
        let Some(file) = files.file(EF_MSISDN).filter(|file| has_content_of_its_own(file)) else { continue };
        let descriptor = file.fcp().and_then(|fcp| fcp.file_descriptor.as_deref());
        let record = match descriptor.map(FileStructure::from_descriptor) {
            None => usize::from(MSISDN_RECORD),
            Some(Some(FileStructure::LinearFixed { record_length })) => usize::from(record_length),
            Some(_) => continue,
        };
        if let Some(alpha_identifier) = record.checked_sub(NUMBER) {
            return Ok(Some(alpha_identifier..record));
        }
    }
    Ok(None)
}
