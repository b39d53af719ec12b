//! ListNotification (SGP.22 §5.7.9).

use asn1::{ListNotificationError, NotificationEvent};

use crate::card::cases::prelude::*;

const FUNCTION: Function = Function { interface: "ES10b", name: "ListNotification", section: "5.7.9" };

const ALL: Step = Step::Ask(Request::ListNotification(None));
const INSTALL: Step = Step::Install(Slot::A, Form::Notifying);
const DELETE: Step = Step::Do(Request::DeleteProfile(Target::Iccid(Slot::A), Outcome::Object));

const fn case(number: u16, requirement: &'static str, steps: &'static [Step], expected: Expected) -> Case {
    let head = Head::must(FUNCTION, number, requirement).tagged(&["notification"]);
    Case { head, variants: Variants::ONCE, needs: &[Need::Room(1)], steps, expected }
}

/// An installation and a deletion, and of these the ones with such events.
macro_rules! filtered {
    ($number:literal, $requirement:literal, $($event:ident)+) => {
        case(
            $number,
            $requirement,
            &[INSTALL, DELETE, Step::Ask(Request::ListNotification(Some(&[$(NotificationEvent::$event),+])))],
            Expected::Done(&[Check::Notified(Notified::ListIsOf(&[$(NotificationEvent::$event),+]))]),
        )
    };
}

pub(super) const CASES: &[Case] = &[
    case(
        1,
        "The list has every pending notification, Profile Installation Results among them.",
        &[INSTALL, DELETE, ALL],
        Expected::Done(&[
            Check::Notified(Notified::ListAgrees),
            Check::Notified(Notified::ListIsOf(&[
                NotificationEvent::INSTALL,
                NotificationEvent::ENABLE,
                NotificationEvent::DISABLE,
                NotificationEvent::DELETE,
            ])),
        ]),
    ),
    filtered!(2, "notificationInstall lists installations and Profile Installation Results only.", INSTALL),
    filtered!(3, "notificationDelete lists deletions only.", DELETE),
    filtered!(4, "Several events list all of them.", INSTALL DELETE),
    case(
        5,
        "Events that nothing happened of give an empty list.",
        &[INSTALL, Step::Ask(Request::ListNotification(Some(&[NotificationEvent::DISABLE])))],
        Expected::Done(&[Check::Notified(Notified::ListIsOf(&[NotificationEvent::DISABLE]))]),
    ),
    case(
        6,
        "No event at all gives an empty list, or undefinedError.",
        &[INSTALL, Step::Ask(Request::ListNotification(Some(&[])))],
        Expected::OneOf(&[Told::Code(Code::List(ListNotificationError::UNDEFINED_ERROR)), Told::EmptyList]),
    ),
    case(
        7,
        "Notifications outlive a reset.",
        &[INSTALL, DELETE, Step::Reset, ALL],
        Expected::Done(&[
            Check::Notified(Notified::ListAgrees),
            Check::Notified(Notified::Are(&[
                Note::Result(Slot::A),
                Note::Event(NotificationEvent::INSTALL, Slot::A),
                Note::Event(NotificationEvent::DELETE, Slot::A),
            ])),
        ]),
    )
    .tagged(&["notification", "reset"]),
];
