//! The UICC of the enabled profile (ETSI TS 102 221, 3GPP TS 31.102): its file system, PINs and AUTHENTICATE.
//!
//! All that is kept lies in the profile ([`Installed`]); what is selected belongs to the channel ([`Position`]), which
//! codes were presented to the card ([`VerifiedCodes`]) and is gone with power or another profile.
//!
//! A command finds its EF (`target`, `reference`), asks whether it may (`access`, `life_cycle`) and then reads, or writes
//! through [`store`].

mod access;
mod authenticate;
mod ber_tlv;
mod binary;
mod default_file_system;
mod fcp;
mod increase;
mod life_cycle;
mod pin;
mod pin_status;
mod position;
mod record;
mod records;
mod reference;
mod search_record;
pub(crate) mod secrecy;
mod select;
mod status;
mod target;

use crate::apdu::{Command, Response, StatusWord};
use crate::isdr::Isdr;
use crate::profile_package::{FilePath, Installed, InstalledFile};
use crate::state::CardState;

pub(crate) use pin::VerifiedCodes;
pub(crate) use position::Position;
pub(crate) use select::select;
pub(crate) use status::status;

/// Instruction bytes of a UICC (ETSI TS 102 221 §10.1.2).
mod ins {
    pub const DEACTIVATE_FILE: u8 = 0x04;
    pub const VERIFY_PIN: u8 = 0x20;
    pub const CHANGE_PIN: u8 = 0x24;
    pub const DISABLE_PIN: u8 = 0x26;
    pub const ENABLE_PIN: u8 = 0x28;
    pub const UNBLOCK_PIN: u8 = 0x2C;
    pub const INCREASE: u8 = 0x32;
    pub const ACTIVATE_FILE: u8 = 0x44;
    pub const AUTHENTICATE: u8 = 0x88;
    pub const SEARCH_RECORD: u8 = 0xA2;
    pub const READ_BINARY: u8 = 0xB0;
    pub const READ_RECORD: u8 = 0xB2;
    pub const RETRIEVE_DATA: u8 = 0xCB;
    pub const UPDATE_BINARY: u8 = 0xD6;
    pub const SET_DATA: u8 = 0xDB;
    pub const UPDATE_RECORD: u8 = 0xDC;
}

/// The file system that the card shows: that of the enabled profile, else the card's own.
pub(crate) fn files(state: &CardState) -> &Installed {
    match state.enabled_profile() {
        Some(profile) => &profile.installed,
        None => default_file_system::get(),
    }
}

/// Carries out a command for the file system.
///
/// # Errors
/// The status word where it is refused.
pub(crate) fn execute(
    isdr: &mut Isdr,
    codes: &mut VerifiedCodes,
    position: &mut Position,
    command: &Command<'_>,
) -> Result<Response, StatusWord> {
    match (command.class.proprietary, command.instruction) {
        (false, ins::READ_BINARY) => binary::read(isdr, codes, position, command),
        (false, ins::UPDATE_BINARY) => binary::update(isdr, codes, position, command),
        (false, ins::READ_RECORD) => record::read(isdr, codes, position, command),
        (false, ins::UPDATE_RECORD) => record::update(isdr, codes, position, command),
        (false, ins::SEARCH_RECORD) => search_record::search(isdr, codes, position, command),
        (false, ins::ACTIVATE_FILE) => life_cycle::activate(isdr, codes, position, command),
        (false, ins::DEACTIVATE_FILE) => life_cycle::deactivate(isdr, codes, position, command),
        (false, ins::VERIFY_PIN) => pin::verify(isdr, codes, position, command),
        (false, ins::CHANGE_PIN) => pin::change(isdr, codes, position, command),
        (false, ins::DISABLE_PIN) => pin::disable(isdr, codes, position, command),
        (false, ins::ENABLE_PIN) => pin::enable(isdr, codes, position, command),
        (false, ins::UNBLOCK_PIN) => pin::unblock(isdr, codes, position, command),
        (false, ins::AUTHENTICATE) => authenticate::authenticate(isdr, codes, position, command),
        (true, ins::INCREASE) => increase::increase(isdr, codes, position, command),
        (true, ins::RETRIEVE_DATA) => ber_tlv::retrieve(isdr, codes, position, command),
        (true, ins::SET_DATA) => ber_tlv::set(isdr, codes, position, command),
        _ => Err(StatusWord::INSTRUCTION_NOT_SUPPORTED),
    }
}

/// Writes the content of an EF of the enabled profile. What is there already is not written again.
///
/// # Errors
/// 6581 where the memory fails; nothing is changed.
fn store(isdr: &mut Isdr, path: &FilePath, content: Vec<u8>) -> Result<(), StatusWord> {
    if files(isdr.state()).file(path).is_some_and(|file| file.content == content) {
        return Ok(());
    }
    change(isdr, path, |file| file.content = content)
}

/// Changes a file of the enabled profile.
///
/// # Errors
/// 6581 where the memory fails; nothing is changed.
fn change(
    isdr: &mut Isdr,
    path: &FilePath,
    change: impl FnOnce(&mut InstalledFile),
) -> Result<(), StatusWord> {
    pin::change_profile(isdr, |profile| profile.file_mut(path).map(change))
}
