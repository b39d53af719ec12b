//! RemoveNotificationFromList (SGP.22 §5.7.11).

use asn1::{DeleteNotificationStatus, NotificationEvent};

use crate::card::cases::prelude::*;

const FUNCTION: Function =
    Function { interface: "ES10b", name: "RemoveNotificationFromList", section: "5.7.11" };

const INSTALL: Step = Step::Install(Slot::A, Form::Notifying);
const OLDEST: Request = Request::RemoveNotificationFromList(Number::Oldest);
const NEWEST: Request = Request::RemoveNotificationFromList(Number::Newest);

const NOTHING: &[Told] = &[Told::Code(Code::Remove(DeleteNotificationStatus::NOTHING_TO_DELETE))];

const fn case(number: u16, requirement: &'static str, steps: &'static [Step], expected: Expected) -> Case {
    let head = Head::must(FUNCTION, number, requirement).tagged(&["notification"]);
    Case { head, variants: Variants::ONCE, needs: &[Need::Room(1)], steps, expected }
}

pub(super) const CASES: &[Case] = &[
    case(
        1,
        "A Profile Installation Result is removed, and nothing else.",
        &[INSTALL, Step::Ask(OLDEST)],
        Expected::Done(&[Check::Notified(Notified::Are(&[Note::Event(
            NotificationEvent::INSTALL,
            Slot::A,
        )]))]),
    ),
    case(
        2,
        "A notification is removed, and nothing else.",
        &[INSTALL, Step::Ask(NEWEST)],
        Expected::Done(&[Check::Notified(Notified::Are(&[Note::Result(Slot::A)]))]),
    ),
    case(
        3,
        "A sequence number that no notification has is answered with nothingToDelete.",
        &[INSTALL, Step::Ask(Request::RemoveNotificationFromList(Number::Unknown))],
        Expected::OneOfAnd(
            NOTHING,
            &[Check::Notified(Notified::Are(&[
                Note::Result(Slot::A),
                Note::Event(NotificationEvent::INSTALL, Slot::A),
            ]))],
        ),
    ),
    case(
        4,
        "What was removed stays removed over a reset.",
        &[INSTALL, Step::Do(OLDEST), Step::Ask(NEWEST), Step::Reset],
        Expected::Done(&[Check::Notified(Notified::Are(&[]))]),
    )
    .tagged(&["notification", "reset"]),
    case(
        5,
        "The sequence number of a notification that was removed is not used again.",
        &[
            INSTALL,
            Step::NoteNotifications,
            Step::Ask(Request::RemoveNotificationFromList(Number::Noted)),
            Step::Do(Request::DeleteProfile(Target::Iccid(Slot::A), Outcome::Object)),
        ],
        Expected::Done(&[Check::Notified(Notified::NumbersAreNew)]),
    ),
    case(
        6,
        "A command whose sequence number is no INTEGER removes nothing.",
        &[
            INSTALL,
            Step::Ask(Request::Bytes("RemoveNotificationFromList with an empty number", "BF30028000")),
        ],
        Expected::OneOfAnd(
            &[Told::AnyCode, Told::AnyErrorStatus],
            &[Check::Notified(Notified::Are(&[
                Note::Result(Slot::A),
                Note::Event(NotificationEvent::INSTALL, Slot::A),
            ]))],
        ),
    ),
];
