//! SELECT by name and STATUS (ISO/IEC 7816-4 §11.1.1, ETSI TS 102 221 §11.1.1, §11.1.2): which application a channel has.

use asn1::tlv;

use crate::apdu::{Command, Response, StatusWord};
use crate::channel::Selected;
use crate::state::CardState;
use crate::uicc;

/// The AID of the ISD-R (SGP.02 annex H, SGP.22 §2.4.3).
pub const ISD_R_AID: [u8; 16] =
    [0xA0, 0x00, 0x00, 0x05, 0x59, 0x10, 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0x89, 0x00, 0x00, 0x01, 0x00];

/// The AID of the ECASD (SGP.22 §2.4.2).
pub const ECASD_AID: [u8; 16] =
    [0xA0, 0x00, 0x00, 0x05, 0x59, 0x10, 0x10, 0xFF, 0xFF, 0xFF, 0xFF, 0x89, 0x00, 0x00, 0x02, 0x00];

/// P1 of a selection by DF name.
pub(crate) const BY_NAME: u8 = 0x04;

/// What the command selects, and the response: file control information, parameters, or none for P2 0C.
///
/// # Errors
/// The status word; what was selected before stays so.
pub(crate) fn select(
    state: &CardState,
    current: &Selected,
    command: &Command<'_>,
) -> Result<(Selected, Response), StatusWord> {
    if command.p1 == BY_NAME
        && let Some(application) = security_domain(state, command.data)
    {
        let wanted = match command.p2 {
            0x00 | 0x04 => true,
            0x0C => false,
            _ => return Err(StatusWord::WRONG_P1_P2),
        };
        let data = if wanted { application_fci(state, &application) } else { Vec::new() };
        return Ok((application, Response::data(data)));
    }
    let (position, response) = match current {
        Selected::Files(position) => uicc::select(state, position, command)?,
        // A security domain has no files: the search begins at the MF.
        Selected::IsdR(_) | Selected::Ecasd => uicc::select(state, &uicc::Position::default(), command)?,
    };
    Ok((Selected::Files(position), response))
}

/// STATUS, of which terminals use the plain form that only asks whether the card lives.
///
/// # Errors
/// 6A86 for parameters that are not defined.
pub(crate) fn status(
    state: &CardState,
    selected: &Selected,
    command: &Command<'_>,
) -> Result<Response, StatusWord> {
    if !matches!(command.p1, 0x00..=0x02) {
        return Err(StatusWord::WRONG_P1_P2);
    }
    match (command.p2, selected) {
        (_, Selected::Files(position)) => uicc::status(state, position, command),
        (0x0C, _) => Ok(StatusWord::OK.into()),
        (0x00, application) => Ok(Response::data(command.cut(&application_fci(state, application)))),
        (0x01, application) => Ok(Response::data(command.cut(&tlv::wrap(0x84, name(state, application))))),
        _ => Err(StatusWord::WRONG_P1_P2),
    }
}

fn security_domain(state: &CardState, aid: &[u8]) -> Option<Selected> {
    let names = &state.platform.isd_r_aids;
    if let Some(index) = names.iter().position(|name| name == aid) {
        return Some(Selected::IsdR(index));
    }
    // The ECASD belongs to an eUICC.
    (aid == ECASD_AID && state.platform.is_euicc()).then_some(Selected::Ecasd)
}

fn name<'a>(state: &'a CardState, application: &Selected) -> &'a [u8] {
    match application {
        Selected::IsdR(index) => state.platform.isd_r_aids.get(*index).map_or(&[], Vec::as_slice),
        Selected::Ecasd => &ECASD_AID,
        Selected::Files(_) => &[],
    }
}

/// GlobalPlatform Card Specification §11.9.3.1: AID and the largest data field taken.
fn application_fci(state: &CardState, application: &Selected) -> Vec<u8> {
    let mut members = tlv::wrap(0x84, name(state, application));
    members.extend(tlv::wrap(0xA5, &tlv::wrap(0x9F65, &[0xFF])));
    if matches!(application, Selected::IsdR(_)) {
        // SGP.22 §5.7.1: ISDRProprietaryApplicationTemplate, behind what GlobalPlatform puts into the FCI. No LPAe.
        let svn = tlv::wrap(0x82, &state.information.svn.0);
        members.extend(tlv::wrap(0xE0, &svn));
    }
    tlv::wrap(0x6F, &members)
}
