//! ES8+: the functions inside a Bound Profile Package.

mod configure_isdp;
mod initialise_secure_channel;
mod load_profile_elements;
mod profile_elements;
mod replace_session_keys;
mod store_metadata;

use crypto::scp03t::Kind;
use protocol::bpp::defect::{PackageDefect, Segment};

use crate::card::Case;

pub(super) const CASES: &[&[Case]] = &[
    initialise_secure_channel::CASES,
    configure_isdp::CASES,
    store_metadata::CASES,
    replace_session_keys::CASES,
    load_profile_elements::CASES,
    profile_elements::STRUCTURE,
    profile_elements::ACCESS,
    profile_elements::FILES,
    profile_elements::MANAGEMENT,
    profile_elements::APPLICATIONS,
    profile_elements::TOLD,
];

/// A package with a defect, and what is right to make of it.
macro_rules! defect {
    ($number:literal, $defect:expr, $requirement:literal) => {
        Case {
            head: Head::must(FUNCTION, $number, $requirement).tagged(&["package"]),
            variants: Variants::CURVES,
            needs: &[Need::Room(1)],
            steps: &[
                Step::Prepare,
                Step::Ask(Request::Load(Portion::FromTheStart(Package::Defect($defect)))),
            ],
            expected: Expected::Judged($defect),
        }
    };
}
use defect;

/// A package of a profile of this form, and why it is refused.
macro_rules! form {
    ($number:literal, $form:expr, $command:ident, [$($reason:ident),+], $needs:expr, $requirement:literal) => {
        Case {
            head: Head::must(FUNCTION, $number, $requirement).tagged(&["package"]),
            variants: Variants::ONCE,
            needs: $needs,
            steps: &[
                Step::Prepare,
                Step::Ask(Request::Load(Portion::FromTheStart(Package::Good(Slot::A, $form)))),
            ],
            expected: Expected::Refused(BppCommandId::$command, &[$(ErrorReason::$reason),+]),
        }
    };
}
use form;

/// The MAC of a TLV is wrong.
const fn mac(kind: Kind, number: u8) -> PackageDefect {
    PackageDefect::WrongMac(segment(kind, number))
}

/// A TLV was altered.
const fn altered(kind: Kind, number: u8) -> PackageDefect {
    PackageDefect::Altered(segment(kind, number))
}

const fn segment(kind: Kind, number: u8) -> Segment {
    match Segment::new(kind, number) {
        Ok(segment) => segment,
        // There is a first one of every kind.
        Err(_) => segment(kind, 1),
    }
}
