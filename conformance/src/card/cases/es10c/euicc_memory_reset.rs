//! eUICCMemoryReset (SGP.22 §5.7.19).

use asn1::{
    CancelSessionResponseError, NotificationEvent, PprIds, ProfileState, ResetOptions as Options, ResetResult,
};

use crate::card::cases::prelude::*;

const FUNCTION: Function = Function { interface: "ES10c", name: "eUICCMemoryReset", section: "5.7.19" };

const OPERATIONAL: Request = Request::EuiccMemoryReset(&[Options::DELETE_OPERATIONAL_PROFILES]);
const TEST: Request = Request::EuiccMemoryReset(&[Options::DELETE_FIELD_LOADED_TEST_PROFILES]);
const ADDRESS: Request = Request::EuiccMemoryReset(&[Options::RESET_DEFAULT_SMDP_ADDRESS]);

const ONE: &[Need] = &[Need::Room(1), Need::Destructive];
const TWO: &[Need] = &[Need::Room(2), Need::Destructive];

const ABSENT: Check = Check::Profiles(Profiles::Absent(Slot::A));

const fn case(
    number: u16,
    requirement: &'static str,
    needs: &'static [Need],
    steps: &'static [Step],
    expected: Expected,
) -> Case {
    let head = Head::must(FUNCTION, number, requirement).tagged(&["destructive"]);
    Case { head, variants: Variants::ONCE, needs, steps, expected }
}

pub(super) const CASES: &[Case] = &[
    case(
        1,
        "Operational Profiles are deleted.",
        TWO,
        &[Step::Install(Slot::A, Form::Plain), Step::Install(Slot::B, Form::Plain), Step::Ask(OPERATIONAL)],
        Expected::Done(&[ABSENT, Check::Profiles(Profiles::Absent(Slot::B))]),
    ),
    case(
        2,
        "An enabled Operational Profile is deleted as well.",
        ONE,
        &[
            Step::Install(Slot::A, Form::Plain),
            Step::Do(Request::EnableProfile(Change::of(Slot::A))),
            Step::Ask(OPERATIONAL),
            Step::Reset,
        ],
        Expected::Done(&[ABSENT]),
    ),
    case(
        3,
        "An Operational Profile with PPR2 is deleted as well.",
        &[Need::Room(1), Need::Allows(PprIds::PPR2), Need::Destructive],
        &[Step::Install(Slot::A, Form::Ruled(&[PprIds::PPR2])), Step::Ask(OPERATIONAL)],
        Expected::Done(&[ABSENT]),
    )
    .tagged(&["policy", "destructive"]),
    case(
        4,
        "Where only Operational Profiles are selected a Test Profile stays.",
        &[Need::Room(2), Need::TestProfiles, Need::Destructive],
        &[Step::Install(Slot::A, Form::Plain), Step::Install(Slot::B, Form::Test), Step::Ask(OPERATIONAL)],
        Expected::Done(&[ABSENT, Check::Profiles(Profiles::State(Slot::B, ProfileState::DISABLED))]),
    )
    .tagged(&["test-profile", "destructive"]),
    case(
        5,
        "Where only Test Profiles are selected an Operational Profile stays.",
        &[Need::Room(2), Need::TestProfiles, Need::Destructive],
        &[Step::Install(Slot::A, Form::Test), Step::Install(Slot::B, Form::Plain), Step::Ask(TEST)],
        Expected::Done(&[ABSENT, Check::Profiles(Profiles::State(Slot::B, ProfileState::DISABLED))]),
    )
    .tagged(&["test-profile", "destructive"]),
    case(
        6,
        "A Provisioning Profile stays.",
        TWO,
        &[
            Step::Install(Slot::A, Form::Plain),
            Step::Install(Slot::B, Form::Provisioning),
            Step::Ask(Request::EuiccMemoryReset(&[
                Options::DELETE_OPERATIONAL_PROFILES,
                Options::DELETE_FIELD_LOADED_TEST_PROFILES,
            ])),
        ],
        Expected::Done(&[ABSENT, Check::Profiles(Profiles::State(Slot::B, ProfileState::DISABLED))]),
    ),
    case(
        7,
        "The default SM-DP+ address gets its initial value, and no profile is deleted for that.",
        ONE,
        &[
            Step::Install(Slot::A, Form::Plain),
            Step::Do(Request::SetDefaultDpAddress("reset.conformance.example.com")),
            Step::Ask(ADDRESS),
        ],
        Expected::Done(&[
            Check::Address(Address::DefaultIsNot("reset.conformance.example.com")),
            Check::Profiles(Profiles::State(Slot::A, ProfileState::DISABLED)),
        ]),
    ),
    case(
        8,
        "Where nothing is selected that is there the answer is nothingToDelete.",
        &[Need::NoProfiles, Need::Destructive],
        &[Step::Ask(Request::EuiccMemoryReset(&[
            Options::DELETE_OPERATIONAL_PROFILES,
            Options::DELETE_FIELD_LOADED_TEST_PROFILES,
        ]))],
        Expected::OneOf(&[Told::Code(Code::Reset(ResetResult::NOTHING_TO_DELETE))]),
    ),
    case(
        9,
        "Each deleted profile that wants it notified is notified.",
        TWO,
        &[
            Step::Install(Slot::A, Form::Notifying),
            Step::Install(Slot::B, Form::Notifying),
            Step::NoteNotifications,
            Step::Ask(OPERATIONAL),
        ],
        Expected::Done(&[Check::Notified(Notified::HaveAmongThem(&[
            Note::Event(NotificationEvent::DELETE, Slot::A),
            Note::Event(NotificationEvent::DELETE, Slot::B),
        ]))]),
    )
    .tagged(&["notification", "destructive"]),
    case(
        10,
        "Notifications that were pending are still so, and numbers go on.",
        ONE,
        &[Step::Install(Slot::A, Form::Notifying), Step::NoteNotifications, Step::Ask(OPERATIONAL)],
        Expected::Done(&[Check::Notified(Notified::NumbersAreNew), Check::Installed(Installed::IsKept)]),
    )
    .tagged(&["notification", "destructive"]),
    case(
        11,
        "The Rules Authorisation Table stays as it is.",
        ONE,
        &[Step::Install(Slot::A, Form::Plain), Step::Ask(OPERATIONAL), Step::Ask(Request::GetRat)],
        Expected::Done(&[Check::Information(Information::SameRat), ABSENT]),
    ),
    case(
        12,
        "A successful reset ends the session.",
        ONE,
        &[
            Step::Install(Slot::A, Form::Plain),
            Step::Prepare,
            Step::Do(OPERATIONAL),
            Step::Ask(Request::CancelSession(Cancellation::This(asn1::CancelSessionReason::POSTPONED))),
        ],
        Expected::OneOf(&[Told::Code(Code::Cancel(CancelSessionResponseError::INVALID_TRANSACTION_ID))]),
    )
    .tagged(&["session", "destructive"]),
];
