//! EnableProfile (SGP.22 §5.7.16).

use asn1::{EnableResult, NotificationEvent, PprIds, ProfileState};

use crate::card::cases::prelude::*;

const FUNCTION: Function = Function { interface: "ES10c", name: "EnableProfile", section: "5.7.16" };

const INSTALL: Step = Step::Install(Slot::A, Form::Plain);
const SECOND: Step = Step::Install(Slot::B, Form::Plain);
const ONE: &[Need] = &[Need::Room(1), Need::NothingEnabled];
const TWO: &[Need] = &[Need::Room(2), Need::NothingEnabled];

const ENABLED: Check = Check::Profiles(Profiles::State(Slot::A, ProfileState::ENABLED));
const DISABLED: Check = Check::Profiles(Profiles::State(Slot::A, ProfileState::DISABLED));
const SECOND_ENABLED: Check = Check::Profiles(Profiles::State(Slot::B, ProfileState::ENABLED));
const SECOND_DISABLED: Check = Check::Profiles(Profiles::State(Slot::B, ProfileState::DISABLED));

const fn enable(change: Change) -> Step {
    Step::Ask(Request::EnableProfile(change))
}

const fn enabled(slot: Slot) -> Step {
    Step::Do(Request::EnableProfile(Change::of(slot)))
}

const fn told(result: EnableResult) -> Told {
    Told::Code(Code::Enable(result))
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
        "A disabled profile is enabled by its ICCID.",
        ONE,
        &[INSTALL, enable(Change::of(Slot::A))],
        Expected::Done(&[ENABLED]),
    ),
    case(
        2,
        "A disabled profile is enabled by the AID of its ISD-P.",
        ONE,
        &[INSTALL, enable(Change::at(Target::Aid(Slot::A)))],
        Expected::Done(&[ENABLED]),
    ),
    case(
        3,
        "Enabling a profile disables the one that was enabled.",
        TWO,
        &[INSTALL, SECOND, enabled(Slot::B), enable(Change::of(Slot::A))],
        Expected::Done(&[ENABLED, SECOND_DISABLED]),
    ),
    case(
        4,
        "An enabled profile is still enabled after a reset.",
        ONE,
        &[INSTALL, enable(Change::of(Slot::A)), Step::Reset],
        Expected::Done(&[ENABLED]),
    )
    .tagged(&["reset"]),
    case(
        5,
        "With the refreshFlag the profile is enabled after a reset at the latest.",
        ONE,
        &[INSTALL, enable(Change::of(Slot::A).refreshing()), Step::Reset],
        Expected::Done(&[ENABLED]),
    )
    .tagged(&["reset"]),
    case(
        6,
        "An unknown ICCID is answered with iccidOrAidNotFound.",
        &[],
        &[enable(Change::at(Target::UnknownIccid))],
        Expected::OneOf(&[told(EnableResult::ICCID_OR_AID_NOT_FOUND)]),
    ),
    case(
        7,
        "An unknown AID is answered with iccidOrAidNotFound.",
        &[],
        &[enable(Change::at(Target::UnknownAid))],
        Expected::OneOf(&[told(EnableResult::ICCID_OR_AID_NOT_FOUND)]),
    ),
    case(
        8,
        "A profile that is enabled is answered with profileNotInDisabledState.",
        ONE,
        &[INSTALL, enabled(Slot::A), enable(Change::of(Slot::A))],
        Expected::OneOfAnd(&[told(EnableResult::PROFILE_NOT_IN_DISABLED_STATE)], &[ENABLED]),
    ),
    case(
        9,
        "PPR1 of the enabled profile forbids to enable another one.",
        &[
            Need::Room(2),
            Need::Allows(PprIds::PPR1),
            Need::NoOperationalProfile,
            Need::NothingEnabled,
            Need::Destructive,
        ],
        &[
            Step::Install(Slot::B, Form::Ruled(&[PprIds::PPR1])),
            INSTALL,
            enabled(Slot::B),
            enable(Change::of(Slot::A)),
        ],
        Expected::OneOfAnd(&[told(EnableResult::DISALLOWED_BY_POLICY)], &[DISABLED, SECOND_ENABLED]),
    )
    .tagged(&["policy", "destructive"]),
    case(
        10,
        "PPR1 of the enabled profile does not forbid to enable a Provisioning Profile.",
        &[
            Need::Room(2),
            Need::Allows(PprIds::PPR1),
            Need::NoOperationalProfile,
            Need::NothingEnabled,
            Need::Destructive,
        ],
        &[
            Step::Install(Slot::B, Form::Ruled(&[PprIds::PPR1])),
            Step::Install(Slot::A, Form::Provisioning),
            enabled(Slot::B),
            enable(Change::of(Slot::A)),
        ],
        Expected::Done(&[ENABLED, SECOND_DISABLED]),
    )
    .tagged(&["policy", "destructive"]),
    case(
        11,
        "PPR1 of the enabled profile does not forbid to enable a Test Profile.",
        &[
            Need::Room(2),
            Need::Allows(PprIds::PPR1),
            Need::NoOperationalProfile,
            Need::NothingEnabled,
            Need::TestProfiles,
            Need::Destructive,
        ],
        &[
            Step::Install(Slot::B, Form::Ruled(&[PprIds::PPR1])),
            Step::Install(Slot::A, Form::Test),
            enabled(Slot::B),
            enable(Change::of(Slot::A)),
        ],
        Expected::Done(&[ENABLED, SECOND_DISABLED]),
    )
    .tagged(&["policy", "test-profile", "destructive"]),
    case(
        12,
        "After a Test Profile only the Operational Profile that was enabled before is enabled.",
        &[Need::Room(3), Need::NothingEnabled, Need::TestProfiles],
        &[
            INSTALL,
            SECOND,
            Step::Install(Slot::C, Form::Test),
            enabled(Slot::B),
            enabled(Slot::C),
            enable(Change::of(Slot::A)),
        ],
        Expected::OneOfAnd(&[told(EnableResult::WRONG_PROFILE_REENABLING)], &[DISABLED]),
    )
    .tagged(&["test-profile"]),
    case(
        13,
        "After a Test Profile the Operational Profile that was enabled before is enabled again.",
        &[Need::Room(2), Need::NothingEnabled, Need::TestProfiles],
        &[
            INSTALL,
            Step::Install(Slot::C, Form::Test),
            enabled(Slot::A),
            enabled(Slot::C),
            enable(Change::of(Slot::A)),
        ],
        Expected::Done(&[ENABLED]),
    )
    .tagged(&["test-profile"]),
    case(
        14,
        "A profile that wants it notified is notified.",
        ONE,
        &[Step::Install(Slot::A, Form::Notifying), Step::NoteNotifications, enable(Change::of(Slot::A))],
        Expected::Done(&[Check::Notified(Notified::Are(&[Note::Event(NotificationEvent::ENABLE, Slot::A)]))]),
    )
    .tagged(&["notification"]),
    case(
        15,
        "The profile that is disabled by it is notified as well.",
        TWO,
        &[
            Step::Install(Slot::A, Form::Notifying),
            Step::Install(Slot::B, Form::Notifying),
            enabled(Slot::B),
            Step::NoteNotifications,
            enable(Change::of(Slot::A)),
        ],
        Expected::Done(&[Check::Notified(Notified::AreInAnyOrder(&[
            Note::Event(NotificationEvent::DISABLE, Slot::B),
            Note::Event(NotificationEvent::ENABLE, Slot::A),
        ]))]),
    )
    .tagged(&["notification"]),
    case(
        16,
        "A profile that is not enabled is not notified.",
        ONE,
        &[
            Step::Install(Slot::A, Form::Notifying),
            enabled(Slot::A),
            Step::NoteNotifications,
            enable(Change::of(Slot::A)),
        ],
        Expected::OneOfAnd(&[Told::AnyCode], &[Check::Notified(Notified::Are(&[]))]),
    )
    .tagged(&["notification"]),
    case(
        17,
        "As a case 3 command it has no data.",
        ONE,
        &[INSTALL, enable(Change::of(Slot::A).case_3())],
        Expected::OneOfAnd(&[Told::NoData], &[ENABLED]),
    ),
    case(
        18,
        "As a case 3 command for an unknown profile it is answered with 6A82.",
        &[],
        &[enable(Change::at(Target::UnknownIccid).case_3())],
        Expected::OneOf(&[Told::Status(0x6A82)]),
    ),
    case(
        19,
        "As a case 3 command for an enabled profile it is answered with 6985.",
        ONE,
        &[INSTALL, enabled(Slot::A), enable(Change::of(Slot::A).case_3())],
        Expected::OneOf(&[Told::Status(0x6985)]),
    ),
    Case {
        head: Head::should(
            FUNCTION,
            20,
            "While a REFRESH is awaited another profile is not enabled: catBusy, or 6985.",
        ),
        ..case(
            20,
            "",
            TWO,
            &[
                INSTALL,
                SECOND,
                Step::TerminalProfile,
                Step::Do(Request::EnableProfile(Change::of(Slot::A).refreshing())),
                enable(Change::of(Slot::B).refreshing()),
            ],
            Expected::OneOf(&[told(EnableResult::CAT_BUSY), Told::Status(0x6985)]),
        )
    },
    case(
        21,
        "Enabling a profile leaves others as they are.",
        TWO,
        &[INSTALL, SECOND, enable(Change::of(Slot::A))],
        Expected::Done(&[SECOND_DISABLED]),
    ),
];
