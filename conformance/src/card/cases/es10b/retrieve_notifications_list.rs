//! RetrieveNotificationsList (SGP.22 §5.7.10).

use asn1::NotificationEvent;

use crate::card::cases::prelude::*;

const FUNCTION: Function =
    Function { interface: "ES10b", name: "RetrieveNotificationsList", section: "5.7.10" };

const ALL: Step = Step::Ask(Request::RetrieveNotificationsList(Search::All));
const INSTALL: Step = Step::Install(Slot::A, Form::Notifying);
const DELETE: Step = Step::Do(Request::DeleteProfile(Target::Iccid(Slot::A), Outcome::Object));

const fn case(
    number: u16,
    requirement: &'static str,
    steps: &'static [Step],
    checks: &'static [Check],
) -> Case {
    let head = Head::must(FUNCTION, number, requirement).tagged(&["notification"]);
    let needs = &[Need::Room(1)];
    Case { head, variants: Variants::ONCE, needs, steps, expected: Expected::Done(checks) }
}

pub(super) const CASES: &[Case] = &[
    case(
        1,
        "The list has every pending notification, Profile Installation Results among them.",
        &[INSTALL, DELETE, ALL],
        &[
            Check::Notified(Notified::ListAgrees),
            Check::Notified(Notified::AreInAnyOrder(&[
                Note::Result(Slot::A),
                Note::Event(NotificationEvent::INSTALL, Slot::A),
                Note::Event(NotificationEvent::DELETE, Slot::A),
            ])),
        ],
    ),
    Case {
        variants: Variants::CURVES,
        ..case(
            2,
            "A notification is signed with the eUICC's key under the Certificate Issuer of the download.",
            &[INSTALL, DELETE, ALL],
            &[Check::Notified(Notified::SignaturesVerify)],
        )
    },
    case(
        3,
        "A sequence number gives the notification that has it.",
        &[INSTALL, DELETE, Step::Ask(Request::RetrieveNotificationsList(Search::Number(Number::Newest)))],
        &[Check::Notified(Notified::ListIsTheNewest)],
    ),
    case(
        4,
        "A sequence number that no notification has gives an empty list.",
        &[INSTALL, Step::Ask(Request::RetrieveNotificationsList(Search::Number(Number::Unknown)))],
        &[Check::Notified(Notified::ListIsEmpty)],
    ),
    case(
        5,
        "notificationInstall gives installations and Profile Installation Results only.",
        &[
            INSTALL,
            DELETE,
            Step::Ask(Request::RetrieveNotificationsList(Search::Events(&[NotificationEvent::INSTALL]))),
        ],
        &[Check::Notified(Notified::ListIsOf(&[NotificationEvent::INSTALL]))],
    ),
    case(
        6,
        "notificationDelete gives deletions only.",
        &[
            INSTALL,
            DELETE,
            Step::Ask(Request::RetrieveNotificationsList(Search::Events(&[NotificationEvent::DELETE]))),
        ],
        &[Check::Notified(Notified::ListIsOf(&[NotificationEvent::DELETE]))],
    ),
    case(
        7,
        "A notification has the same bytes each time it is read.",
        &[INSTALL, DELETE, ALL, Step::Reset, ALL],
        &[Check::Transport(Transport::SameDataAsFirst)],
    )
    .tagged(&["notification", "reset"]),
    case(
        8,
        "Sequence numbers go up, and not back after a reset.",
        &[
            INSTALL,
            Step::NoteNotifications,
            Step::Reset,
            Step::Do(Request::DeleteProfile(Target::Iccid(Slot::A), Outcome::Object)),
            ALL,
        ],
        &[Check::Notified(Notified::NumbersAreNew)],
    )
    .tagged(&["notification", "reset"]),
    Case {
        head: Head::should(FUNCTION, 9, "A search for a sequence number that is no INTEGER is an error.")
            .tagged(&["notification"]),
        variants: Variants::ONCE,
        needs: &[],
        steps: &[Step::Ask(Request::Bytes(
            "RetrieveNotificationsList for an empty number",
            "BF2B04A0028000",
        ))],
        expected: Expected::OneOf(&[Told::AnyCode, Told::AnyErrorStatus]),
    },
];
