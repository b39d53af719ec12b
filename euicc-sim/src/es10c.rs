//! ES10c: local profile management (SGP.22 §5.7.15 to §5.7.21).

pub(crate) mod delete_profile;
pub(crate) mod disable_profile;
pub(crate) mod enable_profile;
pub(crate) mod euicc_memory_reset;
pub(crate) mod get_eid;
pub(crate) mod get_profiles_info;
pub(crate) mod set_nickname;

use asn1::tlv::Tlv;

use crate::apdu::StatusWord;
use crate::engine::{self, Target};
use crate::isdr::{Es10Result, Isdr};
use crate::object::{member, members, optional, single_object};
use crate::state::ProfileChange;

/// EnableProfileRequest and DisableProfileRequest have one shape: profileIdentifier and refreshFlag.
struct ChangeRequest<'a> {
    target: Target<'a>,
    refresh: bool,
}

impl<'a> ChangeRequest<'a> {
    fn read(request: Tlv<'a>) -> Result<Self, StatusWord> {
        let members = members(request.value)?;
        let target = Target::read(single_object(member(&members, 0xA0)?.value)?)?;
        // Clients in use write TRUE as 01 and the flag under its universal tag; both are plain enough.
        let flag =
            optional(&members, 0x81).or_else(|| optional(&members, 0x01)).ok_or(StatusWord::WRONG_DATA)?;
        match flag.value {
            [value] => Ok(Self { target, refresh: *value != 0 }),
            _ => Err(StatusWord::WRONG_DATA),
        }
    }
}

/// Carries out a change that is allowed: at once, or, with the refreshFlag and a terminal that fetches proactive
/// commands, when the terminal has done the REFRESH (SGP.22 §5.7.16, §5.7.17).
fn carry_out(isdr: &mut Isdr, change: ProfileChange, refresh: bool) -> Result<(), StatusWord> {
    let wait = refresh && isdr.toolkit().terminal_fetches();
    let mut draft = isdr.state().clone();
    if wait {
        draft.pending_change = Some(change);
    } else {
        engine::apply(&mut draft, isdr.keys(), &change)?;
    }
    isdr.commit(draft)?;
    if wait {
        isdr.toolkit_mut().request_refresh();
    } else {
        isdr.toolkit_mut().profile_changed();
    }
    Ok(())
}

/// A case 3 command was successful: no data.
const NO_DATA: Es10Result = Ok(Vec::new());
