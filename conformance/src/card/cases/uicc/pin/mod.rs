//! PINs, PUKs and administrative codes (ETSI TS 102 221 §9.5, §11.1.9 to §11.1.13).
//!
//! In the profile PIN1 is 0000 and disabled at first, PIN2 of the USIM is 9999, ADM1 is 55555555; the PUKs are 11111111 and
//! 22222222. PINs have three tries, PUKs and ADM1 ten.

pub(super) mod change;
pub(super) mod disable;
pub(super) mod enable;
pub(super) mod unblock;
pub(super) mod verify;

use super::*;

const ENABLE: Step = does("ENABLE PIN of PIN1", "00280001 08 30303030FFFFFFFF");
const DISABLE: Step = does("DISABLE PIN of PIN1", "00260001 08 30303030FFFFFFFF");
const RIGHT: Step = does("VERIFY PIN of PIN1", "00200001 08 30303030FFFFFFFF");
const NEW: Step = does("VERIFY PIN of PIN1 with the new code", "00200001 08 37363534FFFFFFFF");
const ADM1: Step = does("VERIFY PIN of ADM1", "0020000A 08 3535353535353535");

/// A wrong code for PIN1.
const fn wrong(status: u16) -> Step {
    not("VERIFY PIN of PIN1 with a wrong code", "00200001 08 31323334FFFFFFFF", status)
}

/// Asks for the tries of PIN1 that are left.
const fn left(status: u16) -> Step {
    not("VERIFY PIN of PIN1 without a code", "00200001", status)
}

/// A file that is read and updated with PIN1, and what becomes of it.
const FILE: Step = does("SELECT EF 6F01 by its path", "00A4080C 04 7F4A6F01");
const OPEN: Step = reads("READ BINARY", "00B00000 01", "01");
const CLOSED: Step = not("READ BINARY", "00B00000 01", 0x6982);

/// What a card may say to a code of a wrong length.
const WRONG_LENGTH: &[u16] = &[0x6700, 0x6A80];
/// What it may say to parameters that are not defined.
const WRONG_PARAMETERS: &[u16] = &[0x6A86, 0x6A88, 0x6B00];
/// What it may say to a command that needs the PIN to be enabled, or to be disabled.
const OTHER_STATE: &[u16] = &[0x6984, 0x6985];
