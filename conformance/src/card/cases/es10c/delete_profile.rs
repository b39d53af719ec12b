//! DeleteProfile (SGP.22 §5.7.18).

use asn1::{DeleteResult, NotificationEvent, PprIds, ProfileState};

use crate::card::cases::prelude::*;

const FUNCTION: Function = Function { interface: "ES10c", name: "DeleteProfile", section: "5.7.18" };

const INSTALL: Step = Step::Install(Slot::A, Form::Plain);
const ENABLE: Step = Step::Do(Request::EnableProfile(Change::of(Slot::A)));
const ONE: &[Need] = &[Need::Room(1)];
const RULED: &[Need] = &[Need::Room(1), Need::Allows(PprIds::PPR2), Need::Destructive];

const ABSENT: Check = Check::Profiles(Profiles::Absent(Slot::A));
const DISABLED: Check = Check::Profiles(Profiles::State(Slot::A, ProfileState::DISABLED));

const fn delete(target: Target) -> Step {
    Step::Ask(Request::DeleteProfile(target, Outcome::Object))
}

const fn case_3(target: Target) -> Step {
    Step::Ask(Request::DeleteProfile(target, Outcome::Status))
}

const fn told(result: DeleteResult) -> Told {
    Told::Code(Code::Delete(result))
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
        "A disabled profile is deleted by its ICCID.",
        ONE,
        &[INSTALL, delete(Target::Iccid(Slot::A))],
        Expected::Done(&[ABSENT]),
    ),
    case(
        2,
        "A disabled profile is deleted by the AID of its ISD-P.",
        ONE,
        &[INSTALL, delete(Target::Aid(Slot::A))],
        Expected::Done(&[ABSENT]),
    ),
    case(
        3,
        "A deleted profile stays deleted over a reset.",
        ONE,
        &[INSTALL, delete(Target::Iccid(Slot::A)), Step::Reset],
        Expected::Done(&[ABSENT]),
    )
    .tagged(&["reset"]),
    case(
        4,
        "An unknown ICCID is answered with iccidOrAidNotFound.",
        &[],
        &[delete(Target::UnknownIccid)],
        Expected::OneOf(&[told(DeleteResult::ICCID_OR_AID_NOT_FOUND)]),
    ),
    case(
        5,
        "An unknown AID is answered with iccidOrAidNotFound.",
        &[],
        &[delete(Target::UnknownAid)],
        Expected::OneOf(&[told(DeleteResult::ICCID_OR_AID_NOT_FOUND)]),
    ),
    case(
        6,
        "An enabled profile is answered with profileNotInDisabledState.",
        &[Need::Room(1), Need::NothingEnabled],
        &[INSTALL, ENABLE, delete(Target::Iccid(Slot::A))],
        Expected::OneOfAnd(
            &[told(DeleteResult::PROFILE_NOT_IN_DISABLED_STATE)],
            &[Check::Profiles(Profiles::State(Slot::A, ProfileState::ENABLED))],
        ),
    ),
    case(
        7,
        "PPR2 forbids to delete a profile.",
        RULED,
        &[Step::Install(Slot::A, Form::Ruled(&[PprIds::PPR2])), delete(Target::Iccid(Slot::A))],
        Expected::OneOfAnd(&[told(DeleteResult::DISALLOWED_BY_POLICY)], &[DISABLED]),
    )
    .tagged(&["policy", "destructive"]),
    case(
        8,
        "A profile that wants it notified is notified.",
        ONE,
        &[Step::Install(Slot::A, Form::Notifying), Step::NoteNotifications, delete(Target::Iccid(Slot::A))],
        Expected::Done(&[Check::Notified(Notified::Are(&[Note::Event(NotificationEvent::DELETE, Slot::A)]))]),
    )
    .tagged(&["notification"]),
    case(
        9,
        "The notification of a deleted profile is signed as those before.",
        ONE,
        &[Step::Install(Slot::A, Form::Notifying), Step::NoteNotifications, delete(Target::Iccid(Slot::A))],
        Expected::Done(&[Check::Notified(Notified::SignaturesVerify)]),
    )
    .tagged(&["notification"]),
    case(
        10,
        "Deleting a profile leaves the others as they are.",
        &[Need::Room(2)],
        &[INSTALL, Step::Install(Slot::B, Form::Plain), delete(Target::Iccid(Slot::A))],
        Expected::Done(&[
            ABSENT,
            Check::Profiles(Profiles::State(Slot::B, ProfileState::DISABLED)),
            Check::Profiles(Profiles::OthersAreUntouched),
        ]),
    ),
    case(
        11,
        "As a case 3 command it has no data.",
        ONE,
        &[INSTALL, case_3(Target::Iccid(Slot::A))],
        Expected::OneOfAnd(&[Told::NoData], &[ABSENT]),
    ),
    case(
        12,
        "As a case 3 command for an unknown profile it is answered with 6A82.",
        &[],
        &[case_3(Target::UnknownIccid)],
        Expected::OneOf(&[Told::Status(0x6A82)]),
    ),
    case(
        13,
        "As a case 3 command for an enabled profile it is answered with 6985.",
        &[Need::Room(1), Need::NothingEnabled],
        &[INSTALL, ENABLE, case_3(Target::Iccid(Slot::A))],
        Expected::OneOf(&[Told::Status(0x6985)]),
    ),
    case(
        14,
        "As a case 3 command against PPR2 it is answered with 6985.",
        RULED,
        &[Step::Install(Slot::A, Form::Ruled(&[PprIds::PPR2])), case_3(Target::Iccid(Slot::A))],
        Expected::OneOfAnd(&[Told::Status(0x6985)], &[DISABLED]),
    )
    .tagged(&["policy", "destructive"]),
    case(
        15,
        "The ICCID of a deleted profile can be installed again.",
        ONE,
        &[
            INSTALL,
            Step::Ask(Request::DeleteProfile(Target::Iccid(Slot::A), Outcome::Object)),
            Step::Install(Slot::A, Form::Plain),
        ],
        Expected::Done(&[DISABLED]),
    )
    .tagged(&["retry"]),
];
