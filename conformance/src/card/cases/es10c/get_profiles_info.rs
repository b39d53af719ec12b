//! GetProfilesInfo (SGP.22 §5.7.15).

use asn1::ProfileInfoListError;

use crate::card::cases::prelude::*;

const FUNCTION: Function = Function { interface: "ES10c", name: "GetProfilesInfo", section: "5.7.15" };

const FULL: Step = Step::Install(Slot::A, Form::Full);
const PLAIN: Step = Step::Install(Slot::B, Form::Plain);

const fn ask(query: Query) -> Step {
    Step::Ask(Request::GetProfilesInfo(query))
}

const fn tagged(tags: &'static [u32]) -> Step {
    ask(Query { criterion: Criterion::Profile(Target::Iccid(Slot::A)), tags: Some(tags) })
}

const fn case(number: u16, requirement: &'static str, steps: &'static [Step], expected: Expected) -> Case {
    let head = Head::must(FUNCTION, number, requirement);
    Case { head, variants: Variants::ONCE, needs: &[Need::Room(2)], steps, expected }
}

/// The objects of the default list that a profile with an icon and no nickname has.
const DEFAULT: &[u32] = &[0x5A, 0x4F, 0x9F70, 0x91, 0x92, 0x93, 0x94, 0x95];

pub(super) const CASES: &[Case] = &[
    case(
        1,
        "Without a tag list the eUICC gives the default objects.",
        &[FULL, PLAIN, ask(Query::of(Criterion::All))],
        Expected::Done(&[
            Check::Profiles(Profiles::TagsAre(Slot::A, DEFAULT)),
            Check::Profiles(Profiles::TagsAre(Slot::B, &[0x5A, 0x4F, 0x9F70, 0x91, 0x92, 0x95])),
        ]),
    ),
    case(
        2,
        "The objects have what the metadata says.",
        &[FULL, PLAIN, ask(Query::of(Criterion::All))],
        Expected::Done(&[
            Check::Profiles(Profiles::ContentIsThatOfMetadata(Slot::A)),
            Check::Profiles(Profiles::ContentIsThatOfMetadata(Slot::B)),
        ]),
    ),
    case(
        3,
        "Without a criterion every profile is listed.",
        &[FULL, PLAIN, ask(Query::of(Criterion::All))],
        Expected::Done(&[Check::Profiles(Profiles::ListHas(&[Slot::A, Slot::B]))]),
    ),
    case(
        4,
        "An ICCID gives the profile that has it.",
        &[FULL, PLAIN, ask(Query::of(Criterion::Profile(Target::Iccid(Slot::B))))],
        Expected::Done(&[Check::Profiles(Profiles::ListHasOnly(&[Slot::B]))]),
    ),
    case(
        5,
        "An AID gives the profile that has it.",
        &[FULL, PLAIN, ask(Query::of(Criterion::Profile(Target::Aid(Slot::A))))],
        Expected::Done(&[Check::Profiles(Profiles::ListHasOnly(&[Slot::A]))]),
    ),
    case(
        6,
        "The class operational gives Operational Profiles only.",
        &[Step::Install(Slot::A, Form::Provisioning), PLAIN, ask(Query::of(Criterion::Class(2)))],
        Expected::Done(&[Check::Profiles(Profiles::ListHas(&[Slot::B]))]),
    ),
    case(
        7,
        "The class provisioning gives Provisioning Profiles only.",
        &[Step::Install(Slot::A, Form::Provisioning), PLAIN, ask(Query::of(Criterion::Class(1)))],
        Expected::Done(&[Check::Profiles(Profiles::ListHas(&[Slot::A]))]),
    ),
    case(
        8,
        "An ICCID that no profile has gives an empty list.",
        &[PLAIN, ask(Query::of(Criterion::Profile(Target::UnknownIccid)))],
        Expected::Done(&[Check::Profiles(Profiles::ListIsEmpty)]),
    ),
    case(
        9,
        "An AID that no ISD-P has gives an empty list.",
        &[PLAIN, ask(Query::of(Criterion::Profile(Target::UnknownAid)))],
        Expected::Done(&[Check::Profiles(Profiles::ListIsEmpty)]),
    ),
    case(
        10,
        "A tag list gives just the objects that it names.",
        &[FULL, tagged(&[0x5A, 0x9F70])],
        Expected::Done(&[Check::Profiles(Profiles::TagsAre(Slot::A, &[0x5A, 0x9F70]))]),
    ),
    case(
        11,
        "A tag list gives the objects that are not in the default list: B6 and B7.",
        &[FULL, tagged(&[0x5A, 0xB6, 0xB7])],
        Expected::Done(&[
            Check::Profiles(Profiles::TagsAre(Slot::A, &[0x5A, 0xB6, 0xB7])),
            Check::Profiles(Profiles::ContentIsThatOfMetadata(Slot::A)),
        ]),
    ),
    case(
        12,
        "An object that the profile does not have is left out.",
        &[Step::Install(Slot::A, Form::Plain), tagged(&[0x5A, 0x90, 0x93, 0x94, 0xB6])],
        Expected::Done(&[Check::Profiles(Profiles::TagsAre(Slot::A, &[0x5A]))]),
    ),
    case(
        13,
        "The nickname is told once there is one.",
        &[
            Step::Install(Slot::A, Form::Plain),
            Step::Do(Request::SetNickname(Target::Iccid(Slot::A), "Nick")),
            tagged(&[0x5A, 0x90]),
        ],
        Expected::Done(&[Check::Profiles(Profiles::TagsAre(Slot::A, &[0x5A, 0x90]))]),
    ),
    Case {
        head: Head::should(
            FUNCTION,
            14,
            "A criterion that there is not is incorrectInputValues, or no DER that is expected.",
        ),
        needs: &[],
        ..case(
            14,
            "",
            &[Step::Ask(Request::Bytes("GetProfilesInfo by the tag 91", "BF2D05A003910141"))],
            Expected::OneOf(&[
                Told::Code(Code::Profiles(ProfileInfoListError::INCORRECT_INPUT_VALUES)),
                Told::Status(0x6A80),
            ]),
        )
    },
    Case {
        needs: &[Need::Room(1), Need::NoProfiles],
        ..case(
            15,
            "Without profiles the list is empty.",
            &[ask(Query::of(Criterion::All))],
            Expected::Done(&[Check::Profiles(Profiles::ListIsEmpty)]),
        )
    },
    case(
        16,
        "The states of profiles are told over a reset.",
        &[FULL, PLAIN, Step::Reset, ask(Query::of(Criterion::All))],
        Expected::Done(&[
            Check::Profiles(Profiles::ListHas(&[Slot::A, Slot::B])),
            Check::Profiles(Profiles::State(Slot::A, asn1::ProfileState::DISABLED)),
            Check::Profiles(Profiles::State(Slot::B, asn1::ProfileState::DISABLED)),
        ]),
    )
    .tagged(&["reset"]),
];
