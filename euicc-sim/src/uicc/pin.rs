//! PINs and administrative codes (ETSI TS 102 221 §9.5, §11.1.9 to §11.1.13).
//!
//! A try is counted in the card's memory before the code is looked at, and given back after it was right: who cuts the
//! power in between has lost the try.

mod code;

use std::sync::Arc;

use subtle::ConstantTimeEq;

use super::{Position, files};
use crate::apdu::{Command, Response, StatusWord};
use crate::isdr::Isdr;
use crate::profile_package::{FilePath, Installed, Pin, Puk, Secret};

use code::{Code, MAY_BE_CHANGED, MAY_BE_DISABLED, is_enabled, set_disabled, set_enabled};

pub(super) use code::UNIVERSAL_PIN;
pub(crate) use code::VerifiedCodes;

/// P1 of DISABLE PIN: the universal PIN takes the place of the disabled one (ETSI TS 102 221 §11.1.11).
const REPLACED_BY_UNIVERSAL_PIN: u8 = 0x80 | UNIVERSAL_PIN;

/// Whether the PIN that a key reference means in a directory is enabled; never where there is none.
pub(super) fn is_enabled_in(files: &Installed, directory: &FilePath, reference: u8) -> bool {
    Code::find(files, directory, reference).and_then(|code| code.pin(files)).is_some_and(is_enabled)
}

/// VERIFY PIN (ETSI TS 102 221 §11.1.9); without data it asks how many tries are left.
pub(super) fn verify(
    isdr: &mut Isdr,
    codes: &mut VerifiedCodes,
    position: &Position,
    command: &Command<'_>,
) -> Result<Response, StatusWord> {
    let (code, pin) = addressed(isdr, position, command, &[0x00])?;
    if command.data.is_empty() {
        return Err(tell_tries(pin.tries_left));
    }
    let value = one_code(command.data)?;
    refuse_disabled(pin)?;
    present(isdr, codes, &code, value, |_| {})
}

/// CHANGE PIN (ETSI TS 102 221 §11.1.10).
pub(super) fn change(
    isdr: &mut Isdr,
    codes: &mut VerifiedCodes,
    position: &Position,
    command: &Command<'_>,
) -> Result<Response, StatusWord> {
    let (code, pin) = addressed(isdr, position, command, &[0x00])?;
    let (old, new) = two_codes(command.data)?;
    refuse_disabled(pin)?;
    require_attribute(pin, MAY_BE_CHANGED)?;
    present(isdr, codes, &code, old, |pin| pin.value = Secret::from(&new[..]))
}

/// DISABLE PIN (ETSI TS 102 221 §11.1.11).
pub(super) fn disable(
    isdr: &mut Isdr,
    codes: &mut VerifiedCodes,
    position: &Position,
    command: &Command<'_>,
) -> Result<Response, StatusWord> {
    let (code, pin) = addressed(isdr, position, command, &[0x00, REPLACED_BY_UNIVERSAL_PIN])?;
    let value = one_code(command.data)?;
    let replaced = command.p1 == REPLACED_BY_UNIVERSAL_PIN;
    if replaced {
        let universal = Code::find(files(isdr.state()), &position.directory, UNIVERSAL_PIN);
        let universal = universal.ok_or(StatusWord::REFERENCED_DATA_NOT_FOUND)?;
        if universal == code {
            return Err(StatusWord::WRONG_P1_P2);
        }
    }
    refuse_disabled(pin)?;
    require_attribute(pin, MAY_BE_DISABLED)?;
    present(isdr, codes, &code, value, |pin| set_disabled(pin, replaced))
}

/// ENABLE PIN (ETSI TS 102 221 §11.1.12).
pub(super) fn enable(
    isdr: &mut Isdr,
    codes: &mut VerifiedCodes,
    position: &Position,
    command: &Command<'_>,
) -> Result<Response, StatusWord> {
    let (code, pin) = addressed(isdr, position, command, &[0x00])?;
    let value = one_code(command.data)?;
    if is_enabled(pin) {
        return Err(StatusWord::CONDITIONS_NOT_SATISFIED);
    }
    present(isdr, codes, &code, value, set_enabled)
}

/// UNBLOCK PIN (ETSI TS 102 221 §11.1.13): the PUK and a new PIN; without data it asks how many tries of the PUK are left.
pub(super) fn unblock(
    isdr: &mut Isdr,
    codes: &mut VerifiedCodes,
    position: &Position,
    command: &Command<'_>,
) -> Result<Response, StatusWord> {
    let (code, pin) = addressed(isdr, position, command, &[0x00])?;
    // PINConfiguration: a PIN that names no PUK has none.
    let reference = pin.puk.ok_or(StatusWord::REFERENCED_DATA_NOT_FOUND)?;
    let puk = files(isdr.state()).puks.iter().find(|puk| puk.reference == reference);
    let puk = puk.ok_or(StatusWord::REFERENCED_DATA_NOT_FOUND)?;
    if command.data.is_empty() {
        return Err(tell_tries(puk.tries_left));
    }
    let (value, new) = two_codes(command.data)?;
    let secret = puk.value.clone();
    let left = puk.tries_left.checked_sub(1).ok_or(StatusWord::AUTHENTICATION_METHOD_BLOCKED)?;
    change_profile(isdr, |installed| puk_mut(installed, reference).map(|puk| puk.tries_left = left))?;
    if !is_right(&secret, value) {
        return Err(StatusWord::tries_left(left));
    }
    change_profile(isdr, |installed| {
        let puk = puk_mut(installed, reference)?;
        puk.tries_left = puk.tries;
        let pin = code.pin_mut(installed)?;
        (pin.value, pin.tries_left) = (Secret::from(&new[..]), pin.tries);
        set_enabled(pin);
        Some(())
    })?;
    codes.insert(code);
    Ok(StatusWord::OK.into())
}

/// Presents a code. Where it is right, the PIN is changed as `then` says, and all channels know that it was presented.
fn present(
    isdr: &mut Isdr,
    codes: &mut VerifiedCodes,
    code: &Code,
    value: &[u8; 8],
    then: impl FnOnce(&mut Pin),
) -> Result<Response, StatusWord> {
    let pin = code.pin(files(isdr.state())).ok_or(StatusWord::TECHNICAL_PROBLEM)?;
    let secret = pin.value.clone();
    let left = pin.tries_left.checked_sub(1).ok_or(StatusWord::AUTHENTICATION_METHOD_BLOCKED)?;
    change_profile(isdr, |installed| code.pin_mut(installed).map(|pin| pin.tries_left = left))?;
    if !is_right(&secret, value) {
        codes.forget(code);
        return Err(StatusWord::tries_left(left));
    }
    let succeed = |pin: &mut Pin| {
        pin.tries_left = pin.tries;
        then(pin);
    };
    change_profile(isdr, |installed| code.pin_mut(installed).map(succeed))?;
    codes.insert(code.clone());
    Ok(StatusWord::OK.into())
}

/// The PIN that P2 means where the channel is.
///
/// # Errors
/// 6A86 for a P1 that is not among those allowed and a P2 that is no key reference, 6A88 where there is no such PIN.
fn addressed<'a>(
    isdr: &'a Isdr,
    position: &Position,
    command: &Command<'_>,
    p1: &[u8],
) -> Result<(Code, &'a Pin), StatusWord> {
    // ETSI TS 102 221 table 11.15: bits 7 and 6 are zero, and so is no whole reference.
    if !p1.contains(&command.p1) || command.p2 & 0x60 != 0 || command.p2 & 0x1F == 0 {
        return Err(StatusWord::WRONG_P1_P2);
    }
    let files = files(isdr.state());
    let code = Code::find(files, &position.directory, command.p2);
    let code = code.ok_or(StatusWord::REFERENCED_DATA_NOT_FOUND)?;
    let pin = code.pin(files).ok_or(StatusWord::REFERENCED_DATA_NOT_FOUND)?;
    Ok((code, pin))
}

fn refuse_disabled(pin: &Pin) -> Result<(), StatusWord> {
    if is_enabled(pin) { Ok(()) } else { Err(StatusWord::REFERENCED_DATA_INVALIDATED) }
}

fn require_attribute(pin: &Pin, attribute: u8) -> Result<(), StatusWord> {
    if pin.attributes & attribute == 0 { Err(StatusWord::CONDITIONS_NOT_SATISFIED) } else { Ok(()) }
}

fn one_code(data: &[u8]) -> Result<&[u8; 8], StatusWord> {
    data.try_into().map_err(|_| StatusWord::WRONG_LENGTH)
}

fn two_codes(data: &[u8]) -> Result<(&[u8; 8], &[u8; 8]), StatusWord> {
    let (first, second) = data.split_first_chunk().ok_or(StatusWord::WRONG_LENGTH)?;
    Ok((first, one_code(second)?))
}

/// ETSI TS 102 221 §11.1.9: what a command without data is answered, and every command to a blocked code.
fn tell_tries(left: u8) -> StatusWord {
    if left == 0 { StatusWord::AUTHENTICATION_METHOD_BLOCKED } else { StatusWord::tries_left(left) }
}

/// Compares in a time that does not tell where the two differ.
fn is_right(secret: &Secret, value: &[u8; 8]) -> bool {
    secret.expose().ct_eq(value).into()
}

fn puk_mut(installed: &mut Installed, reference: u8) -> Option<&mut Puk> {
    installed.puks.iter_mut().find(|puk| puk.reference == reference)
}

/// Changes the enabled profile. The card's memory has the change when this returns, or nothing was changed.
///
/// # Errors
/// 6581 where the memory fails, 6F00 where there is nothing to change.
pub(super) fn change_profile(
    isdr: &mut Isdr,
    change: impl FnOnce(&mut Installed) -> Option<()>,
) -> Result<(), StatusWord> {
    let mut draft = isdr.state().clone();
    let profile = draft.enabled_profile_mut().ok_or(StatusWord::TECHNICAL_PROBLEM)?;
    change(Arc::make_mut(&mut profile.installed)).ok_or(StatusWord::TECHNICAL_PROBLEM)?;
    isdr.commit(draft)
}
