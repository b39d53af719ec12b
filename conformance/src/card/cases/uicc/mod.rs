//! UICC: what a phone finds once a profile is enabled. The sections are those of ETSI TS 102 221, and of 3GPP TS 31.102 for
//! AUTHENTICATE.

mod authenticate;
mod binary;
mod life_cycle;
mod pin;
mod records;
mod select;

use asn1::profile::Service;

use crate::card::cases::prelude::*;

pub(super) const CASES: &[&[Case]] = &[
    select::CASES,
    binary::CASES,
    records::CASES,
    pin::verify::CASES,
    pin::change::CASES,
    pin::disable::CASES,
    pin::enable::CASES,
    pin::unblock::CASES,
    life_cycle::CASES,
    authenticate::CASES,
];

/// A function of the UICC.
const fn function(name: &'static str, section: &'static str) -> Function {
    Function { interface: "UICC", name, section }
}

/// What the files of the laboratory need of the card.
const NEEDS: &[Need] = &[
    Need::Room(1),
    Need::NothingEnabled,
    Need::Channels,
    Need::Service(Service::BER_TLV),
    Need::Service(Service::DF_LINK),
];

/// The profile of most cases, enabled.
const LABORATORY: Step = Step::Use(Slot::A, Form::Laboratory);

const fn case(head: Head, steps: &'static [Step]) -> Case {
    Case { head, variants: Variants::ONCE, needs: NEEDS, steps, expected: Expected::AsTheStepsSay }
}

/// A command that has to work.
const fn does(what: &'static str, command: &'static str) -> Step {
    Step::Exchange(works(what, command))
}

/// A command that gives these data.
const fn reads(what: &'static str, command: &'static str, data: &'static str) -> Step {
    Step::Exchange(gives(what, command, data))
}

/// A command that is refused.
const fn not(what: &'static str, command: &'static str, status: u16) -> Step {
    Step::Exchange(refused(what, command, status))
}

/// A command that is refused with one of these.
const fn none_of(what: &'static str, command: &'static str, status: &'static [u16]) -> Step {
    Step::Exchange(Exchange { what, command, wanted: Wanted::OneOf(status) })
}

/// A SELECT whose file control parameters have these objects.
const fn has(what: &'static str, command: &'static str, objects: &'static [(u32, &'static str)]) -> Step {
    Step::Exchange(Exchange { what, command, wanted: Wanted::Fcp(objects) })
}

const USIM: Step = does("SELECT the USIM", "00A4040C 0C A0000000871002FFFFFFFF89");
/// SELECT of the directory of the laboratory.
const DF: Step = does("SELECT DF 7F4A by its path", "00A4080C 02 7F4A");
const COUNTERS: Step = does("SELECT the cyclic EF 6F03", "00A4000C 02 6F03");
const RECORDS: Step = does("SELECT the linear fixed EF 6F02", "00A4000C 02 6F02");
const BYTES: Step = does("SELECT the transparent EF 6F01", "00A4000C 02 6F01");
