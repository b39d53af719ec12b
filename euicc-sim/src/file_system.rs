//! The few files the card shows by itself: MF, EF_DIR, and EF_ICCID of the enabled profile.
//!
//! SGP.22 §3.2.2 asks for a default file system with at least the MF where no profile is enabled.

use asn1::tlv;

use crate::apdu::{Command, Response, StatusWord};
use crate::channel::{File, Selected};
use crate::state::CardState;

/// File identifiers of ETSI TS 102 221 §13.
const MF: [u8; 2] = [0x3F, 0x00];
const EF_DIR: [u8; 2] = [0x2F, 0x00];
const EF_ICCID: [u8; 2] = [0x2F, 0xE2];

/// EF_DIR lists the applications that can be selected. There are none: one empty record.
const EF_DIR_RECORD: [u8; 32] = [0xFF; 32];

/// What a file identifier names, seen from any place of this small tree.
pub(crate) fn find(state: &CardState, identifier: &[u8]) -> Result<Selected, StatusWord> {
    match identifier {
        id if id == MF => Ok(Selected::MasterFile),
        id if id == EF_DIR => Ok(Selected::File(File::Dir)),
        id if id == EF_ICCID && state.enabled_profile().is_some() => Ok(Selected::File(File::Iccid)),
        _ => Err(StatusWord::NOT_FOUND),
    }
}

/// The file control parameters of the MF (ETSI TS 102 221 §11.1.1.3): descriptor, identifier, life cycle, PIN status
/// template with no PIN to present.
pub(crate) fn master_file_fcp() -> Vec<u8> {
    fcp(&[0x78, 0x21], &MF, None)
}

/// The file control parameters of an elementary file.
pub(crate) fn fcp_of(file: File) -> Vec<u8> {
    match file {
        // Linear fixed, records of 32 bytes, one record.
        File::Dir => fcp(&[0x42, 0x21, 0x00, 0x20, 0x01], &EF_DIR, Some(32)),
        File::Iccid => fcp(&[0x41, 0x21], &EF_ICCID, Some(10)),
    }
}

fn fcp(descriptor: &[u8], identifier: &[u8], size: Option<u16>) -> Vec<u8> {
    let mut members = tlv::wrap(0x82, descriptor);
    members.extend(tlv::wrap(0x83, identifier));
    if size.is_none() {
        members.extend(tlv::wrap(0xC6, &[0x90, 0x01, 0x00]));
    }
    members.extend(tlv::wrap(0x8A, &[0x05]));
    if let Some(size) = size {
        // Reading is always allowed.
        members.extend(tlv::wrap(0xAB, &[0x80, 0x01, 0x01, 0x90, 0x00]));
        members.extend(tlv::wrap(0x80, &size.to_be_bytes()));
    }
    tlv::wrap(0x62, &members)
}

/// READ BINARY (ETSI TS 102 221 §11.1.3) on the current file; no short file identifiers.
pub(crate) fn read_binary(
    state: &CardState,
    selected: Selected,
    command: &Command<'_>,
) -> Result<Response, StatusWord> {
    if command.p1 & 0x80 != 0 {
        return Err(StatusWord::NOT_FOUND);
    }
    match selected {
        Selected::File(File::Iccid) => {
            let profile = state.enabled_profile().ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)?;
            let offset = usize::from(u16::from_be_bytes([command.p1, command.p2]));
            let iccid = profile.iccid.bytes();
            let (_, content) = iccid.split_at_checked(offset).ok_or(StatusWord::WRONG_OFFSET)?;
            Ok(Response::data(command.cut(content)))
        }
        // A file of records is not read in binary.
        Selected::File(File::Dir) => Err(StatusWord(0x6981)),
        _ => Err(StatusWord::NO_CURRENT_EF),
    }
}

/// READ RECORD (ETSI TS 102 221 §11.1.5) in absolute mode on the current file.
pub(crate) fn read_record(selected: Selected, command: &Command<'_>) -> Result<Response, StatusWord> {
    match (selected, command.p1, command.p2) {
        (Selected::File(File::Dir), 1, 0x04) => Ok(Response::data(command.cut(&EF_DIR_RECORD))),
        (Selected::File(File::Dir), _, 0x04) => Err(StatusWord::RECORD_NOT_FOUND),
        (Selected::File(File::Dir), ..) => Err(StatusWord::WRONG_P1_P2),
        (Selected::File(File::Iccid), ..) => Err(StatusWord(0x6981)),
        _ => Err(StatusWord::NO_CURRENT_EF),
    }
}
