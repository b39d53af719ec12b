//! ES12.DeleteEvent (SGP.22 §5.9.2, §3.6.3).

use protocol::status::StatusCode as Code;

use super::{ASKED, EVENT};
use crate::case::{Function, Head, Variants};
use crate::server::Case;
use crate::server::call::{Caller, Delete, Register};
use crate::server::cases::{INITIATE, smds};
use crate::server::expected::Expected::{Executed, ExecutedOr, Holds, NotExecuted, Refused};
use crate::server::message::{Form, Member};
use crate::server::property::es11 as property;
use crate::server::step::Step::{self, Again, As, By, DeleteEvent, RegisterEvent, Whatever};

const FUNCTION: Function = Function { interface: "ES12", name: "DeleteEvent", section: "5.9.2" };

const fn must(number: u16, requirement: &'static str) -> Head {
    Head::must(FUNCTION, number, requirement).tagged(&["event"])
}

const fn should(number: u16, requirement: &'static str) -> Head {
    Head::should(FUNCTION, number, requirement).tagged(&["event"])
}

const ONCE: Variants = Variants::ONCE;
const DELETED: Step = DeleteEvent(Delete::Last);
const UNKNOWN: &[Code] = &[Code::EVENT_UNKNOWN];

pub(super) const CASES: &[Case] = &[
    smds(must(1, "deletes an event"), ONCE, &[EVENT, DELETED], Executed),
    smds(
        must(2, "deletes an event that was not forwarded"),
        ONCE,
        &[RegisterEvent(Register::NotForwarded), DELETED],
        Executed,
    ),
    smds(
        must(3, "tells the eUICC no more of it"),
        ONCE,
        &[EVENT, DELETED, INITIATE, ASKED],
        Holds(property::DELETED_IS_GONE),
    ),
    smds(
        must(4, "leaves the other events of the eUICC"),
        ONCE,
        &[EVENT, EVENT, DELETED, INITIATE, ASKED],
        Holds(property::DELETED_IS_GONE),
    ),
    smds(
        must(5, "refuses an event that there is not"),
        ONCE,
        &[EVENT, DeleteEvent(Delete::Unknown)],
        Refused(UNKNOWN),
    ),
    smds(must(6, "refuses an event that was deleted"), ONCE, &[EVENT, DELETED, DELETED], Refused(UNKNOWN)),
    smds(
        must(7, "refuses an event of another caller"),
        ONCE,
        &[EVENT, By(Caller::Other, &DELETED)],
        Refused(UNKNOWN),
    ),
    smds(
        must(8, "leaves an event that another caller would have deleted"),
        ONCE,
        &[EVENT, Whatever(&By(Caller::Other, &DELETED)), INITIATE, ASKED],
        Holds(property::DELETED_IS_GONE),
    ),
    smds(
        must(9, "deletes of two events with one EventID that of the caller"),
        ONCE,
        &[
            EVENT,
            By(Caller::Other, &RegisterEvent(Register::SameEventId)),
            By(Caller::Other, &DELETED),
            DELETED,
        ],
        Executed,
    ),
    smds(
        should(10, "says of the same call again that it is executed, or that there is no such event")
            .tagged(&["event", "retry"]),
        ONCE,
        &[EVENT, DELETED, Again],
        ExecutedOr(UNKNOWN),
    ),
    smds(
        must(11, "refuses a request without eventId").tagged(&["json"]),
        ONCE,
        &[EVENT, As(Form::Without(Member("eventId")), &DELETED)],
        NotExecuted,
    ),
    smds(
        must(12, "refuses a request without eid").tagged(&["json"]),
        ONCE,
        &[EVENT, As(Form::Without(Member("eid")), &DELETED)],
        NotExecuted,
    ),
    smds(
        must(13, "refuses a request without header").tagged(&["json"]),
        ONCE,
        &[EVENT, As(Form::WithoutHeader, &DELETED)],
        NotExecuted,
    ),
    smds(
        should(14, "passes over members that it does not know").tagged(&["json"]),
        ONCE,
        &[EVENT, As(Form::Unknown, &DELETED)],
        Executed,
    ),
];
