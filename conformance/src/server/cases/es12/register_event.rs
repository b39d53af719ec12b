//! ES12.RegisterEvent (SGP.22 §5.9.1, §3.6.1).

use protocol::status::StatusCode as Code;

use super::{ASKED, EVENT};
use crate::case::{Function, Head, Variants};
use crate::server::Case;
use crate::server::call::{Caller, Delete, Register};
use crate::server::cases::{INITIATE, smds};
use crate::server::expected::Expected::{
    Answer, Executed, ExecutedOr, Holds, HttpRefusal, NotExecuted, Refused,
};
use crate::server::message::{Form, Member};
use crate::server::property::{binding, es11 as property};
use crate::server::step::Step::{self, Again, As, By, DeleteEvent, RegisterEvent, Whatever};

const FUNCTION: Function = Function { interface: "ES12", name: "RegisterEvent", section: "5.9.1" };

const fn must(number: u16, requirement: &'static str) -> Head {
    Head::must(FUNCTION, number, requirement).tagged(&["event"])
}

const fn should(number: u16, requirement: &'static str) -> Head {
    Head::should(FUNCTION, number, requirement).tagged(&["event"])
}

const ONCE: Variants = Variants::ONCE;
const SAME: Step = RegisterEvent(Register::SameEventId);
const SAME_FOR_ANOTHER: Step = RegisterEvent(Register::SameEventIdForAnother);
const IN_USE: &[Code] = &[Code::EVENT_IN_USE];

pub(super) const CASES: &[Case] = &[
    smds(must(1, "registers an event, whatever forwardingIndicator says: true"), ONCE, &[EVENT], Executed),
    smds(
        must(2, "registers an event, whatever forwardingIndicator says: false"),
        ONCE,
        &[RegisterEvent(Register::NotForwarded)],
        Executed,
    ),
    smds(must(3, "tells the eUICC of it"), ONCE, &[EVENT, INITIATE, ASKED], Holds(property::ALL_IN_ORDER)),
    smds(
        must(4, "tells the eUICC of an event that is not forwarded"),
        ONCE,
        &[RegisterEvent(Register::NotForwarded), INITIATE, ASKED],
        Holds(property::ALL_IN_ORDER),
    ),
    smds(
        must(5, "stores the address of the server with it"),
        ONCE,
        &[EVENT, INITIATE, ASKED],
        Holds(property::ADDRESS),
    ),
    smds(
        must(6, "stores several events of one eUICC"),
        ONCE,
        &[EVENT, EVENT, INITIATE, ASKED],
        Holds(property::ALL_IN_ORDER),
    ),
    smds(must(7, "refuses an EventID that the caller has used"), ONCE, &[EVENT, SAME], Refused(IN_USE)),
    smds(
        must(8, "refuses an EventID that the caller has used for another eUICC"),
        ONCE,
        &[EVENT, SAME_FOR_ANOTHER],
        Refused(IN_USE),
    ),
    smds(
        must(9, "stores an event once, however often it is registered"),
        ONCE,
        &[EVENT, Whatever(&SAME), INITIATE, ASKED],
        Holds(property::EACH_ONCE),
    ),
    smds(
        must(10, "leaves the event as it was where it refuses"),
        ONCE,
        &[EVENT, Whatever(&SAME_FOR_ANOTHER), INITIATE, ASKED],
        Holds(property::ALL_IN_ORDER),
    ),
    smds(
        must(11, "takes an EventID that another caller has used"),
        ONCE,
        &[EVENT, By(Caller::Other, &SAME)],
        Executed,
    ),
    smds(
        should(12, "says of the same call again that it is executed, or that the EventID is used")
            .tagged(&["event", "retry"]),
        ONCE,
        &[EVENT, Again],
        ExecutedOr(IN_USE),
    ),
    smds(
        must(13, "stores an event once where the same call comes again").tagged(&["event", "retry"]),
        ONCE,
        &[EVENT, Whatever(&Again), INITIATE, ASKED],
        Holds(property::EACH_ONCE),
    ),
    smds(
        should(14, "takes no EventID again that was deleted"),
        ONCE,
        &[EVENT, DeleteEvent(Delete::Last), SAME],
        Refused(IN_USE),
    ),
    smds(
        must(15, "refuses a request without eid").tagged(&["json"]),
        ONCE,
        &[EVENT, As(Form::Without(Member("eid")), &EVENT)],
        NotExecuted,
    ),
    smds(
        must(16, "refuses a request without rspServerAddress").tagged(&["json"]),
        ONCE,
        &[EVENT, As(Form::Without(Member("rspServerAddress")), &EVENT)],
        NotExecuted,
    ),
    smds(
        must(17, "refuses a request without eventId").tagged(&["json"]),
        ONCE,
        &[EVENT, As(Form::Without(Member("eventId")), &EVENT)],
        NotExecuted,
    ),
    smds(
        must(18, "refuses a request without forwardingIndicator").tagged(&["json"]),
        ONCE,
        &[EVENT, As(Form::Without(Member("forwardingIndicator")), &EVENT)],
        NotExecuted,
    ),
    smds(
        must(19, "refuses an EID of 31 digits").tagged(&["json"]),
        ONCE,
        &[EVENT, As(Form::Text(Member("eid"), "8904903212345123451234567890123"), &EVENT)],
        NotExecuted,
    ),
    smds(
        must(20, "refuses forwardingIndicator that is a text").tagged(&["json"]),
        ONCE,
        &[EVENT, As(Form::Text(Member("forwardingIndicator"), "true"), &EVENT)],
        NotExecuted,
    ),
    smds(
        must(21, "refuses an EventID that is a number").tagged(&["json"]),
        ONCE,
        &[EVENT, As(Form::Number(Member("eventId")), &EVENT)],
        NotExecuted,
    ),
    smds(
        should(22, "refuses an address that is none").tagged(&["json"]),
        ONCE,
        &[EVENT, As(Form::Text(Member("rspServerAddress"), "no address"), &EVENT)],
        NotExecuted,
    ),
    smds(
        should(23, "refuses an empty EventID").tagged(&["json"]),
        ONCE,
        &[EVENT, As(Form::Empty(Member("eventId")), &EVENT)],
        NotExecuted,
    ),
    smds(
        must(24, "refuses a request without header").tagged(&["json"]),
        ONCE,
        &[EVENT, As(Form::WithoutHeader, &EVENT)],
        NotExecuted,
    ),
    smds(
        must(25, "refuses a request without functionCallIdentifier").tagged(&["json"]),
        ONCE,
        &[EVENT, As(Form::HeaderWithout("functionCallIdentifier"), &EVENT)],
        NotExecuted,
    ),
    smds(
        should(26, "passes over members that it does not know").tagged(&["json"]),
        ONCE,
        &[As(Form::Unknown, &EVENT)],
        Executed,
    ),
    smds(
        should(27, "refuses a body that ends too early").tagged(&["json"]),
        ONCE,
        &[EVENT, As(Form::CutOff, &EVENT)],
        HttpRefusal,
    ),
    smds(
        must(28, "answers with Content-Type: application/json"),
        ONCE,
        &[EVENT],
        Holds(binding::CONTENT_TYPE),
    ),
    smds(
        must(29, "answers with X-Admin-Protocol, a version of SGP.22"),
        ONCE,
        &[EVENT],
        Holds(binding::ADMIN_PROTOCOL),
    ),
    smds(
        must(30, "answers with header.functionExecutionStatus"),
        ONCE,
        &[EVENT],
        Holds(binding::EXECUTED_SUCCESS),
    ),
    smds(
        must(31, "answers 200 where it refuses, with Failed and both codes"),
        ONCE,
        &[EVENT, SAME],
        Answer(binding::FAILED_WITH_CODES),
    ),
];
