//! SELECT (ISO/IEC 7816-4 §11.1.1, ETSI TS 102 221 §11.1.1) and STATUS.

use asn1::tlv;

use crate::apdu::{Command, Response, StatusWord};
use crate::channel::Selected;
use crate::file_system;
use crate::state::CardState;

/// The AID of the ISD-R (SGP.02 annex H, SGP.22 §2.4.3).
pub const ISD_R_AID: [u8; 16] =
    [0xA0, 0x00, 0x00, 0x05, 0x59, 0x10, 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0x89, 0x00, 0x00, 0x01, 0x00];

/// The AID of the ECASD (SGP.22 §2.4.2).
pub const ECASD_AID: [u8; 16] =
    [0xA0, 0x00, 0x00, 0x05, 0x59, 0x10, 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0x89, 0x00, 0x00, 0x02, 0x00];

/// What the command selects, and the response data: file control information, parameters, or none for P2 0C.
pub(crate) fn select(state: &CardState, command: &Command<'_>) -> Result<(Selected, Vec<u8>), StatusWord> {
    if !matches!(command.p2, 0x00 | 0x04 | 0x0C) {
        return Err(StatusWord::WRONG_P1_P2);
    }
    let selected = match command.p1 {
        0x04 => match command.data {
            aid if aid == ISD_R_AID => Selected::IsdR,
            aid if aid == ECASD_AID => Selected::Ecasd,
            _ => return Err(StatusWord::NOT_FOUND),
        },
        0x00 if command.data.is_empty() => Selected::MasterFile,
        0x00 => file_system::find(state, command.data)?,
        _ => return Err(StatusWord::WRONG_P1_P2),
    };
    let data = if command.p2 == 0x0C { Vec::new() } else { template(state, selected) };
    Ok((selected, data))
}

/// STATUS (ETSI TS 102 221 §11.1.2), of which terminals use the plain form that only asks whether the card lives.
pub(crate) fn status(
    state: &CardState,
    selected: Selected,
    command: &Command<'_>,
) -> Result<Response, StatusWord> {
    if !matches!(command.p1, 0x00..=0x02) {
        return Err(StatusWord::WRONG_P1_P2);
    }
    match (command.p2, selected) {
        (0x0C, _) => Ok(StatusWord::OK.into()),
        // The current directory, never an EF.
        (0x00, Selected::File(_)) => Ok(Response::data(command.cut(&template(state, Selected::MasterFile)))),
        (0x00, _) => Ok(Response::data(command.cut(&template(state, selected)))),
        (0x01, Selected::IsdR) => Ok(Response::data(command.cut(&tlv::wrap(0x84, &ISD_R_AID)))),
        (0x01, Selected::Ecasd) => Ok(Response::data(command.cut(&tlv::wrap(0x84, &ECASD_AID)))),
        (0x01, _) => Ok(StatusWord::OK.into()),
        _ => Err(StatusWord::WRONG_P1_P2),
    }
}

fn template(state: &CardState, selected: Selected) -> Vec<u8> {
    match selected {
        Selected::MasterFile => file_system::master_file_fcp(),
        Selected::File(file) => file_system::fcp_of(file),
        Selected::Ecasd => application_fci(&ECASD_AID, &[]),
        Selected::IsdR => {
            // SGP.22 §5.7.1: ISDRProprietaryApplicationTemplate, behind what GlobalPlatform puts into the FCI. No LPAe.
            let svn = tlv::wrap(0x82, &state.information.svn.0);
            application_fci(&ISD_R_AID, &tlv::wrap(0xE0, &svn))
        }
    }
}

/// GlobalPlatform Card Specification §11.9.3.1: AID and the largest data field taken.
fn application_fci(aid: &[u8], extra: &[u8]) -> Vec<u8> {
    let mut members = tlv::wrap(0x84, aid);
    members.extend(tlv::wrap(0xA5, &tlv::wrap(0x9F65, &[0xFF])));
    members.extend_from_slice(extra);
    tlv::wrap(0x6F, &members)
}
