//! Access rules (ETSI TS 102 221 §9.2, ISO/IEC 7816-4 §5.4.3.3): who may do what to a file.
//!
//! A file names a record of an EF.ARR. The record holds access modes, each followed by the conditions of which one is
//! enough: always (90), never (97), a code that was presented (A4), one of several (A0), all of several (AF). What cannot be
//! found or read, or is of a kind that a UICC has no use for, is never met.

use asn1::tlv::{self, Tlv};

use super::VerifiedCodes;
use super::records::Records;
use super::target;
use crate::apdu::StatusWord;
use crate::profile_package::{FilePath, Installed, InstalledFile, Structure};

/// What a command does to an EF.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Access {
    /// READ, SEARCH RECORD, RETRIEVE DATA.
    Read,
    /// UPDATE, SET DATA.
    Update,
    /// INCREASE.
    Increase,
    /// DEACTIVATE FILE.
    Deactivate,
    /// ACTIVATE FILE.
    Activate,
}

/// Templates in templates that a condition may have; nobody needs more.
const MAX_DEPTH: u8 = 4;

/// Whether an access rule lets a command at a file.
///
/// # Errors
/// 6982 where it does not (ETSI TS 102 221 §9.2), which is also so where there is no rule to be found.
pub(super) fn permit(
    files: &Installed,
    codes: &VerifiedCodes,
    file: &InstalledFile,
    access: Access,
) -> Result<(), StatusWord> {
    let directory = file.path.parent().unwrap_or_default();
    let is_presented = |reference| codes.satisfy(files, &directory, reference);
    match rule(files, file) {
        Some(rule) if allows(rule, access, &is_presented) => Ok(()),
        _ => Err(StatusWord::SECURITY_STATUS_NOT_SATISFIED),
    }
}

/// The record of an EF.ARR that a file, or the file that it is a link to, names.
fn rule<'a>(files: &'a Installed, file: &InstalledFile) -> Option<&'a [u8]> {
    let (file, rule) = match file.access_rule {
        Some(rule) => (file, rule),
        None => {
            let body = target::body(files, file)?;
            (body, body.access_rule?)
        }
    };
    let arr = access_rule_file(files, file.path.parent().unwrap_or_default(), rule.file_id)?;
    Records::of(target::body(files, arr)?)?.get(rule.record)
}

/// ETSI TS 102 221 §9.2.7: the EF.ARR is beside the file, or in a directory above it; the search ends with ADF or MF.
fn access_rule_file(files: &Installed, mut directory: FilePath, file_id: u16) -> Option<&InstalledFile> {
    loop {
        if let Some(file) = files.file(&directory.child(file_id)) {
            return Some(file);
        }
        match files.file(&directory)?.structure {
            Structure::Directory => directory = directory.parent()?,
            _ => return None,
        }
    }
}

fn allows(rule: &[u8], access: Access, is_presented: &dyn Fn(u8) -> bool) -> bool {
    let mut concerns_access = false;
    let mut rest = rule;
    // What is left of a record is filled with FF.
    while !matches!(rest.first(), None | Some(0x00 | 0xFF)) {
        let Ok((object, behind)) = tlv::read(rest) else { return false };
        rest = behind;
        match object.tag.0 {
            0x80..=0x8F | 0x9C => concerns_access = access.is_among(object),
            _ if concerns_access && is_met(object, is_presented, MAX_DEPTH) => return true,
            _ => {}
        }
    }
    false
}

impl Access {
    /// Whether an access mode data object means this.
    fn is_among(self, modes: Tlv<'_>) -> bool {
        match (modes.tag.0, modes.value) {
            (0x80, &[mode]) => {
                // With bit 8 set, bits 7 to 4 are each card's own.
                let mode = if mode & 0x80 == 0 { mode } else { mode & 0x07 };
                self.bit().is_some_and(|bit| mode & bit != 0)
            }
            // A list of instructions.
            (0x84, instructions) => self == Self::Increase && instructions.contains(&super::ins::INCREASE),
            _ => false,
        }
    }

    /// In the access mode byte of an EF.
    fn bit(self) -> Option<u8> {
        match self {
            Self::Read => Some(0x01),
            Self::Update => Some(0x02),
            Self::Deactivate => Some(0x08),
            Self::Activate => Some(0x10),
            Self::Increase => None,
        }
    }
}

/// Whether a security condition data object is met.
fn is_met(condition: Tlv<'_>, is_presented: &dyn Fn(u8) -> bool, depth: u8) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let members = || tlv::children(condition.value);
    let met = |member| matches!(member, Ok(member) if is_met(member, is_presented, depth));
    match condition.tag.0 {
        0x90 => true,
        0xA0 => members().any(met),
        0xAF => !condition.value.is_empty() && members().all(met),
        0xA4 => key_reference(condition.value).is_some_and(is_presented),
        _ => false,
    }
}

/// The one code of a control reference template, if it is a code that somebody presents.
fn key_reference(template: &[u8]) -> Option<u8> {
    /// Usage qualifier: the user is authenticated by what he knows.
    const KNOWLEDGE: u8 = 0x08;
    let usage = tlv::find(template, 0x95);
    let references =
        tlv::children(template).filter(|member| !matches!(member, Ok(member) if member.tag.0 == 0x95));
    let references: Vec<_> = references.collect();
    match references.as_slice() {
        [Ok(Tlv { tag: tlv::Tag(0x83), value: [reference], .. })]
            if usage.is_none_or(|usage| matches!(usage.value, [usage] if usage & KNOWLEDGE != 0)) =>
        {
            Some(*reference)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(rule: &str, access: Access, presented: &[u8]) -> bool {
        let rule = data_encoding::HEXUPPER.decode(rule.replace(' ', "").as_bytes()).unwrap();
        allows(&rule, access, &|reference| presented.contains(&reference))
    }

    #[test]
    fn each_mode_has_its_own_condition() {
        let rule = "800101 A406830101950108 800102 A406830181950108 800158 A40683010A950108 FFFF";
        assert!(!allowed(rule, Access::Read, &[0x81, 0x0A]));
        assert!(allowed(rule, Access::Read, &[0x01]));
        assert!(!allowed(rule, Access::Update, &[0x01, 0x0A]));
        assert!(allowed(rule, Access::Update, &[0x81]));
        assert!(allowed(rule, Access::Activate, &[0x0A]) && allowed(rule, Access::Deactivate, &[0x0A]));
        assert!(!allowed(rule, Access::Increase, &[0x01, 0x81, 0x0A]));
    }

    #[test]
    fn always_and_never_ask_for_no_code() {
        let rule = "800101 9000 80015A 9700";
        assert!(allowed(rule, Access::Read, &[]));
        assert!(!allowed(rule, Access::Update, &[0x01, 0x0A]));
    }

    #[test]
    fn increase_is_named_by_its_instruction() {
        let rule = "800103 9000 8402CA32 A406830101950108";
        assert!(!allowed(rule, Access::Increase, &[]));
        assert!(allowed(rule, Access::Increase, &[1]));
    }

    #[test]
    fn one_of_the_conditions_is_enough_unless_a_template_asks_for_all() {
        let either = "800101 A406830101950108 A40683010A950108";
        let any = "800101 A010 A406830101950108 A40683010A950108";
        let all = "800101 AF10 A406830101950108 A40683010A950108";
        for rule in [either, any] {
            assert!(allowed(rule, Access::Read, &[1]) && allowed(rule, Access::Read, &[0x0A]));
            assert!(!allowed(rule, Access::Read, &[0x81]));
        }
        assert!(!allowed(all, Access::Read, &[1]) && !allowed(all, Access::Read, &[0x0A]));
        assert!(allowed(all, Access::Read, &[1, 0x0A]));
        let nested = "800101 A00E AF0A 9000 A406830101950108 9700";
        assert!(allowed(nested, Access::Read, &[1]) && !allowed(nested, Access::Read, &[0x0A]));
    }

    #[test]
    fn a_code_is_for_every_use_unless_a_usage_qualifier_says_otherwise() {
        assert!(allowed("800101 A403830101", Access::Read, &[1]));
        assert!(allowed("800101 A406950108830101", Access::Read, &[1]));
        assert!(!allowed("800101 A406830101950180", Access::Read, &[1]));
    }

    #[test]
    fn what_cannot_be_read_is_never_met() {
        for rule in [
            "",
            "FFFFFF",
            "9000",
            "800101",
            "800101 80 9000",
            "80020101 9000",
            "800101 9C00",
            "800101 AF00",
            "800101 A403950108",
            "800101 A406830101950180",
            "800101 A406830101830102",
            "800101 A406840101950108",
            "800101 A7029000",
            "800101 9E0100",
            "890101 9000",
        ] {
            assert!(!allowed(rule, Access::Read, &[1, 2]), "{rule}");
        }
        let deep =
            format!("800101 {}9000", (1..=20).rev().map(|n| format!("A0{:02X}", 2 * n)).collect::<String>());
        assert!(!allowed(&deep, Access::Read, &[]));
    }
}
