//! SetNickname (SGP.22 §5.7.21).

use asn1::SetNicknameResult;

use crate::card::cases::prelude::*;

const FUNCTION: Function = Function { interface: "ES10c", name: "SetNickname", section: "5.7.21" };

const INSTALL: Step = Step::Install(Slot::A, Form::Plain);

/// 64 characters, the most there may be; two bytes each in UTF-8.
const LONGEST: &str = "ÄÖÜäöüßéÄÖÜäöüßéÄÖÜäöüßéÄÖÜäöüßéÄÖÜäöüßéÄÖÜäöüßéÄÖÜäöüßéÄÖÜäöüßé";
/// 65 characters.
const TOO_LONG: &str = "12345678901234567890123456789012345678901234567890123456789012345";

const fn named(name: &'static str) -> Request {
    Request::SetNickname(Target::Iccid(Slot::A), name)
}

const fn nickname(name: Option<&'static str>) -> Check {
    Check::Profiles(Profiles::Nickname(Slot::A, name))
}

const fn case(number: u16, requirement: &'static str, steps: &'static [Step], expected: Expected) -> Case {
    let head = Head::must(FUNCTION, number, requirement);
    Case { head, variants: Variants::ONCE, needs: &[Need::Room(1)], steps, expected }
}

pub(super) const CASES: &[Case] = &[
    case(
        1,
        "A profile gets a nickname.",
        &[INSTALL, Step::Ask(named("Holiday"))],
        Expected::Done(&[nickname(Some("Holiday"))]),
    ),
    case(
        2,
        "A nickname replaces the one before.",
        &[INSTALL, Step::Do(named("Holiday")), Step::Ask(named("Work"))],
        Expected::Done(&[nickname(Some("Work"))]),
    ),
    case(
        3,
        "An empty text removes the nickname.",
        &[INSTALL, Step::Do(named("Holiday")), Step::Ask(named(""))],
        Expected::Done(&[nickname(None)]),
    ),
    case(
        4,
        "Removing a nickname that is not there is no error.",
        &[INSTALL, Step::Ask(named(""))],
        Expected::Done(&[nickname(None)]),
    ),
    case(
        5,
        "A nickname of 64 characters is taken, however many bytes they have.",
        &[INSTALL, Step::Ask(named(LONGEST))],
        Expected::Done(&[nickname(Some(LONGEST))]),
    ),
    Case {
        head: Head::should(FUNCTION, 6, "A nickname of 65 characters is refused."),
        ..case(
            6,
            "",
            &[INSTALL, Step::Ask(named(TOO_LONG))],
            Expected::OneOfAnd(
                &[Told::Code(Code::Nickname(SetNicknameResult::UNDEFINED_ERROR)), Told::Status(0x6A80)],
                &[nickname(None)],
            ),
        )
    },
    Case {
        needs: &[],
        ..case(
            7,
            "An unknown ICCID is answered with iccidNotFound.",
            &[Step::Ask(Request::SetNickname(Target::UnknownIccid, "Nobody"))],
            Expected::OneOf(&[Told::Code(Code::Nickname(SetNicknameResult::ICCID_NOT_FOUND))]),
        )
    },
    case(
        8,
        "A nickname outlives a reset.",
        &[INSTALL, Step::Ask(named("Holiday")), Step::Reset],
        Expected::Done(&[nickname(Some("Holiday"))]),
    )
    .tagged(&["reset"]),
    Case {
        needs: &[Need::Room(2)],
        ..case(
            9,
            "A nickname is that of one profile.",
            &[INSTALL, Step::Install(Slot::B, Form::Plain), Step::Ask(named("Holiday"))],
            Expected::Done(&[nickname(Some("Holiday")), Check::Profiles(Profiles::Nickname(Slot::B, None))]),
        )
    },
];
