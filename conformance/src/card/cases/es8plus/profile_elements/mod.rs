//! LoadProfileElements (SGP.22 §5.5.5): what a profile package may hold and what it may not (TCA eUICC Profile Package:
//! Interoperable Format Technical Specification).
//!
//! MUST is what the format itself says; what this project reads between its lines, and what cards may well see otherwise, is
//! SHOULD.

mod access;
mod applications;
mod files;
mod management;
mod structure;
mod told;

use crate::card::Case;

pub(super) const STRUCTURE: &[Case] = structure::CASES;
pub(super) const ACCESS: &[Case] = access::CASES;
pub(super) const FILES: &[Case] = files::CASES;
pub(super) const MANAGEMENT: &[Case] = management::CASES;
pub(super) const APPLICATIONS: &[Case] = applications::CASES;
pub(super) const TOLD: &[Case] = told::CASES;

/// A package that is refused, by a number, a level, the change and its words; for another reason too where one is given.
macro_rules! refuses {
    ($number:literal, $level:ident, $kind:ident::$change:ident, $what:literal $(, $reason:ident)?) => {
        Case {
            head: Head::$level(FUNCTION, $number, concat!("A package ", $what, " is refused."))
                .tagged(&["package", "profile"]),
            variants: Variants::ONCE,
            needs: ROOM,
            steps: loading!($kind::$change),
            expected: Expected::Refused(
                BppCommandId::LOAD_PROFILE_ELEMENTS,
                &[ErrorReason::INSTALL_FAILED_DUE_TO_PE_PROCESSING_ERROR $(, ErrorReason::$reason)?],
            ),
        }
    };
}
use refuses;

/// A package that is installed, if the card has the service that is given.
macro_rules! installs {
    ($number:literal, $level:ident, $kind:ident::$change:ident, $what:literal $(, $service:ident)?) => {
        Case {
            head: Head::$level(FUNCTION, $number, concat!("A package ", $what, " is installed."))
                .tagged(&["package", "profile"]),
            variants: Variants::ONCE,
            needs: &[Need::Room(1) $(, Need::Service(Service::$service))?],
            steps: loading!($kind::$change),
            expected: Expected::Done(&[Check::Profiles(Profiles::State(Slot::A, ProfileState::DISABLED))]),
        }
    };
}
use installs;

macro_rules! loading {
    ($kind:ident::$change:ident) => {
        &[
            Step::Prepare,
            Step::Ask(Request::Load(Portion::FromTheStart(Package::Good(
                Slot::A,
                Form::Changed(Change::$kind($kind::$change)),
            )))),
        ]
    };
}
use loading;

/// What the files of these cases begin with.
mod prelude {
    pub use asn1::profile::Service;
    pub use asn1::{BppCommandId, ErrorReason, ProfileState};

    pub(super) use super::{installs, loading, refuses};
    pub use crate::card::cases::prelude::{
        Case, Check, Expected, Form, Function, Head, Installed, Need, Package, Portion, Profiles, Request,
        Search, Slot, Step, Variants,
    };
    pub use crate::card::elements::Change;

    pub const FUNCTION: Function =
        Function { interface: "ES8+", name: "LoadProfileElements", section: "5.5.5" };
    pub const ROOM: &[Need] = &[Need::Room(1)];
}

#[cfg(test)]
mod tests {
    use crate::card::cases;
    use crate::card::elements::Change;

    #[test]
    fn every_change_is_a_case() {
        let steps: Vec<String> =
            cases::all().flat_map(|case| case.steps).map(|step| format!("{step:?}")).collect();
        for change in Change::all() {
            let wanted = format!("Changed({change:?})");
            assert!(steps.iter().any(|step| step.contains(&wanted)), "{wanted}");
        }
    }
}
