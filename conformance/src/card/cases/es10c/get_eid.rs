//! GetEID (SGP.22 §5.7.20).

use crate::card::cases::prelude::*;

const FUNCTION: Function = Function { interface: "ES10c", name: "GetEID", section: "5.7.20" };

const EID: Step = Step::Ask(Request::GetEid);

const fn case(number: u16, requirement: &'static str, steps: &'static [Step], expected: Expected) -> Case {
    let head = Head::must(FUNCTION, number, requirement);
    Case { head, variants: Variants::ONCE, needs: &[], steps, expected }
}

pub(super) const CASES: &[Case] = &[
    case(
        1,
        "The EID has 32 digits, the last two of them its check digits.",
        &[EID],
        Expected::Done(&[Check::Information(Information::EidCheckDigits)]),
    ),
    case(
        2,
        "The EID is always the same.",
        &[EID, Step::Reset, EID],
        Expected::Done(&[
            Check::Transport(Transport::SameDataAsFirst),
            Check::Information(Information::SameEid),
        ]),
    )
    .tagged(&["reset"]),
    case(
        3,
        "Another tag than 5A is answered with the status word of an error.",
        &[Step::Ask(Request::Bytes("GetEID with the tag 5B", "BF3E035C015B"))],
        Expected::OneOf(&[Told::AnyErrorStatus]),
    ),
    case(
        4,
        "A request without a tag list is answered with the status word of an error.",
        &[Step::Ask(Request::Bytes("GetEID without a tag list", "BF3E00"))],
        Expected::OneOf(&[Told::AnyErrorStatus]),
    ),
    case(
        5,
        "The EID is told in the middle of a session.",
        &[Step::Authenticate, EID],
        Expected::Done(&[Check::Information(Information::SameEid)]),
    )
    .tagged(&["session"]),
];
