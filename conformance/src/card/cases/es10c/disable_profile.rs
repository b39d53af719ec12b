//! DisableProfile (SGP.22 §5.7.17).

use asn1::{DisableResult, NotificationEvent, PprIds, ProfileState};

use crate::card::cases::prelude::*;

const FUNCTION: Function = Function { interface: "ES10c", name: "DisableProfile", section: "5.7.17" };

const INSTALL: Step = Step::Install(Slot::A, Form::Plain);
const ENABLE: Step = Step::Do(Request::EnableProfile(Change::of(Slot::A)));
const ONE: &[Need] = &[Need::Room(1), Need::NothingEnabled];
const RULED: &[Need] = &[
    Need::Room(1),
    Need::Allows(PprIds::PPR1),
    Need::NoOperationalProfile,
    Need::NothingEnabled,
    Need::Destructive,
];

const ENABLED: Check = Check::Profiles(Profiles::State(Slot::A, ProfileState::ENABLED));
const DISABLED: Check = Check::Profiles(Profiles::State(Slot::A, ProfileState::DISABLED));

const fn disable(change: Change) -> Step {
    Step::Ask(Request::DisableProfile(change))
}

const fn told(result: DisableResult) -> Told {
    Told::Code(Code::Disable(result))
}

const fn case(
    number: u16,
    requirement: &'static str,
    needs: &'static [Need],
    steps: &'static [Step],
    expected: Expected,
) -> Case {
    let head = Head::must(FUNCTION, number, requirement);
    Case { head, variants: Variants::ONCE, needs, steps, expected }
}

pub(super) const CASES: &[Case] = &[
    case(
        1,
        "An enabled profile is disabled by its ICCID.",
        ONE,
        &[INSTALL, ENABLE, disable(Change::of(Slot::A))],
        Expected::Done(&[DISABLED]),
    ),
    case(
        2,
        "An enabled profile is disabled by the AID of its ISD-P.",
        ONE,
        &[INSTALL, ENABLE, disable(Change::at(Target::Aid(Slot::A)))],
        Expected::Done(&[DISABLED]),
    ),
    case(
        3,
        "With the refreshFlag the profile is disabled after a reset at the latest.",
        ONE,
        &[INSTALL, ENABLE, disable(Change::of(Slot::A).refreshing()), Step::Reset],
        Expected::Done(&[DISABLED]),
    )
    .tagged(&["reset"]),
    case(
        4,
        "An unknown ICCID is answered with iccidOrAidNotFound.",
        &[],
        &[disable(Change::at(Target::UnknownIccid))],
        Expected::OneOf(&[told(DisableResult::ICCID_OR_AID_NOT_FOUND)]),
    ),
    case(
        5,
        "An unknown AID is answered with iccidOrAidNotFound.",
        &[],
        &[disable(Change::at(Target::UnknownAid))],
        Expected::OneOf(&[told(DisableResult::ICCID_OR_AID_NOT_FOUND)]),
    ),
    case(
        6,
        "A profile that is disabled is answered with profileNotInEnabledState.",
        &[Need::Room(1)],
        &[INSTALL, disable(Change::of(Slot::A))],
        Expected::OneOfAnd(&[told(DisableResult::PROFILE_NOT_IN_ENABLED_STATE)], &[DISABLED]),
    ),
    case(
        7,
        "PPR1 forbids to disable a profile.",
        RULED,
        &[Step::Install(Slot::A, Form::Ruled(&[PprIds::PPR1])), ENABLE, disable(Change::of(Slot::A))],
        Expected::OneOfAnd(&[told(DisableResult::DISALLOWED_BY_POLICY)], &[ENABLED]),
    )
    .tagged(&["policy", "destructive"]),
    case(
        8,
        "Disabling a Test Profile enables the Operational Profile that was enabled before.",
        &[Need::Room(2), Need::NothingEnabled, Need::TestProfiles],
        &[
            INSTALL,
            Step::Install(Slot::B, Form::Test),
            ENABLE,
            Step::Do(Request::EnableProfile(Change::of(Slot::B))),
            disable(Change::of(Slot::B)),
        ],
        Expected::Done(&[ENABLED, Check::Profiles(Profiles::State(Slot::B, ProfileState::DISABLED))]),
    )
    .tagged(&["test-profile"]),
    case(
        9,
        "Disabling a Test Profile is no error where the Operational Profile before it was deleted.",
        &[Need::Room(2), Need::NothingEnabled, Need::TestProfiles],
        &[
            INSTALL,
            Step::Install(Slot::B, Form::Test),
            ENABLE,
            Step::Do(Request::EnableProfile(Change::of(Slot::B))),
            Step::Do(Request::DeleteProfile(Target::Iccid(Slot::A), Outcome::Object)),
            disable(Change::of(Slot::B)),
        ],
        Expected::Done(&[Check::Profiles(Profiles::State(Slot::B, ProfileState::DISABLED))]),
    )
    .tagged(&["test-profile"]),
    case(
        10,
        "A profile that wants it notified is notified.",
        ONE,
        &[
            Step::Install(Slot::A, Form::Notifying),
            ENABLE,
            Step::NoteNotifications,
            disable(Change::of(Slot::A)),
        ],
        Expected::Done(&[Check::Notified(Notified::Are(&[Note::Event(
            NotificationEvent::DISABLE,
            Slot::A,
        )]))]),
    )
    .tagged(&["notification"]),
    case(
        11,
        "As a case 3 command it has no data.",
        ONE,
        &[INSTALL, ENABLE, disable(Change::of(Slot::A).case_3())],
        Expected::OneOfAnd(&[Told::NoData], &[DISABLED]),
    ),
    case(
        12,
        "As a case 3 command for an unknown profile it is answered with 6A82.",
        &[],
        &[disable(Change::at(Target::UnknownIccid).case_3())],
        Expected::OneOf(&[Told::Status(0x6A82)]),
    ),
    case(
        13,
        "As a case 3 command for a disabled profile it is answered with 6985.",
        &[Need::Room(1)],
        &[INSTALL, disable(Change::of(Slot::A).case_3())],
        Expected::OneOf(&[Told::Status(0x6985)]),
    ),
    case(
        14,
        "As a case 3 command against PPR1 it is answered with 6985.",
        RULED,
        &[
            Step::Install(Slot::A, Form::Ruled(&[PprIds::PPR1])),
            ENABLE,
            disable(Change::of(Slot::A).case_3()),
        ],
        Expected::OneOfAnd(&[Told::Status(0x6985)], &[ENABLED]),
    )
    .tagged(&["policy", "destructive"]),
    Case {
        head: Head::should(
            FUNCTION,
            15,
            "While a REFRESH is awaited no profile is disabled: catBusy, or 6985.",
        ),
        ..case(
            15,
            "",
            ONE,
            &[
                INSTALL,
                ENABLE,
                Step::TerminalProfile,
                Step::Do(Request::DisableProfile(Change::of(Slot::A).refreshing())),
                disable(Change::of(Slot::A).refreshing()),
            ],
            Expected::OneOf(&[told(DisableResult::CAT_BUSY), Told::Status(0x6985)]),
        )
    },
];
