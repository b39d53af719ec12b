//! ES11.AuthenticateClient (SGP.22 §5.8.2, §3.6.2).

use protocol::status::StatusCode as Code;

use crate::case::{Function, Head, Variants};
use crate::server::Case;
use crate::server::call::{Authenticate, Delete, Register};
use crate::server::cases::{AUTHENTICATE, INITIATE, smds};
use crate::server::expected::Expected::{Executed, Holds, NotExecuted, Refused, RefusedSomehow};
use crate::server::message::{Form, Member};
use crate::server::property::es11 as property;
use crate::server::step::Step::{
    self, AnotherEuicc, As, AuthenticateClient, DeleteEvent, RegisterEvent, Whatever,
};

pub(super) const FUNCTION: Function =
    Function { interface: "ES11", name: "AuthenticateClient", section: "5.8.2" };

const fn must(number: u16, requirement: &'static str) -> Head {
    Head::must(FUNCTION, number, requirement)
}

const fn should(number: u16, requirement: &'static str) -> Head {
    Head::should(FUNCTION, number, requirement)
}

const ALL: Variants = Variants::ALL;
const BINDINGS: Variants = Variants::BINDINGS;
const ONCE: Variants = Variants::ONCE;

/// Without a MatchingID: all events of the eUICC are asked for.
const ASKED: Step = AuthenticateClient(Authenticate::NoMatchingId);
const EVENT: Step = RegisterEvent(Register::Good);
const UNKNOWN_SESSION: &[Code] = &[Code::TRANSACTION_UNKNOWN];
const BAD_SIGNATURE: &[Code] = &[Code::EUICC_SIGNATURE_INVALID];

pub(super) const CASES: &[Case] = &[
    smds(
        must(1, "answers with every member that the function gives"),
        ALL,
        &[INITIATE, ASKED],
        Holds(property::COMPLETE),
    ),
    smds(
        must(2, "answers with the transactionId of the session"),
        BINDINGS,
        &[INITIATE, ASKED],
        Holds(property::TRANSACTION),
    ),
    smds(
        must(3, "answers with an empty list where there is no event"),
        ALL,
        &[AnotherEuicc, INITIATE, ASKED],
        Holds(property::NO_EVENT),
    ),
    smds(
        must(4, "tells the events of the eUICC where no MatchingID is given").tagged(&["event"]),
        ALL,
        &[EVENT, INITIATE, ASKED],
        Holds(property::ALL_IN_ORDER),
    ),
    smds(
        must(5, "tells the events of the eUICC where the MatchingID is empty").tagged(&["event"]),
        BINDINGS,
        &[EVENT, INITIATE, AuthenticateClient(Authenticate::EmptyMatchingId)],
        Holds(property::ALL_IN_ORDER),
    ),
    smds(
        must(6, "tells several events in the order in which they were registered").tagged(&["event"]),
        BINDINGS,
        &[EVENT, EVENT, EVENT, INITIATE, ASKED],
        Holds(property::ALL_IN_ORDER),
    ),
    smds(
        must(7, "tells the address of the server where an event is to be processed").tagged(&["event"]),
        BINDINGS,
        &[EVENT, INITIATE, ASKED],
        Holds(property::ADDRESS),
    ),
    smds(
        must(8, "tells no event of another eUICC").tagged(&["event"]),
        ONCE,
        &[RegisterEvent(Register::ForAnother), INITIATE, ASKED],
        Holds(property::NONE_OF_ANOTHER),
    ),
    smds(
        should(9, "tells the one event whose EventID is given as MatchingID").tagged(&["event"]),
        BINDINGS,
        &[EVENT, RegisterEvent(Register::NotForwarded), INITIATE, AUTHENTICATE],
        Holds(property::THE_ONE),
    ),
    smds(
        must(10, "refuses an EventID that nobody has registered").tagged(&["event"]),
        BINDINGS,
        &[INITIATE, AuthenticateClient(Authenticate::MatchingId("NO-SUCH-EVENT-0"))],
        Refused(&[Code::EVENT_UNKNOWN]),
    ),
    smds(
        must(11, "refuses an EventID that is registered for another eUICC").tagged(&["event"]),
        ONCE,
        &[RegisterEvent(Register::ForAnother), INITIATE, AUTHENTICATE],
        Refused(&[Code::EVENT_UNKNOWN]),
    ),
    smds(
        must(12, "tells an event again until it is deleted").tagged(&["event"]),
        ONCE,
        &[EVENT, INITIATE, ASKED, INITIATE, ASKED],
        Holds(property::ALL_IN_ORDER),
    ),
    smds(
        must(13, "tells no event that was deleted").tagged(&["event"]),
        ONCE,
        &[EVENT, EVENT, DeleteEvent(Delete::Last), INITIATE, ASKED],
        Holds(property::DELETED_IS_GONE),
    ),
    smds(
        must(14, "refuses an EventID that was deleted").tagged(&["event"]),
        ONCE,
        &[EVENT, DeleteEvent(Delete::Last), INITIATE, AUTHENTICATE],
        Refused(&[Code::EVENT_UNKNOWN]),
    ),
    smds(
        must(15, "refuses a signature of which one bit is another"),
        ALL,
        &[INITIATE, AuthenticateClient(Authenticate::SpoiledSignature)],
        Refused(BAD_SIGNATURE),
    ),
    smds(
        must(16, "refuses a signature of another key"),
        BINDINGS,
        &[INITIATE, AuthenticateClient(Authenticate::ForeignSignature)],
        Refused(BAD_SIGNATURE),
    ),
    smds(
        must(17, "refuses another serverChallenge"),
        BINDINGS,
        &[INITIATE, AuthenticateClient(Authenticate::OtherChallenge)],
        Refused(BAD_SIGNATURE),
    ),
    smds(
        must(18, "refuses the transactionId of no session"),
        BINDINGS,
        &[INITIATE, AuthenticateClient(Authenticate::OtherTransaction)],
        Refused(UNKNOWN_SESSION),
    ),
    smds(
        must(19, "refuses another transactionId in what the eUICC has signed"),
        BINDINGS,
        &[INITIATE, AuthenticateClient(Authenticate::OtherTransactionInside)],
        RefusedSomehow,
    ),
    smds(
        should(20, "ends the session with its answer"),
        BINDINGS,
        &[INITIATE, ASKED, ASKED],
        Refused(UNKNOWN_SESSION),
    ),
    smds(
        must(21, "serves the next session after one that it has refused"),
        ONCE,
        &[INITIATE, Whatever(&AuthenticateClient(Authenticate::SpoiledSignature)), INITIATE, ASKED],
        Executed,
    ),
    smds(
        must(22, "refuses an answer that is no DER"),
        BINDINGS,
        &[INITIATE, AuthenticateClient(Authenticate::NotDer)],
        NotExecuted,
    ),
    smds(
        must(23, "refuses authenticateResponseError"),
        BINDINGS,
        &[INITIATE, AuthenticateClient(Authenticate::ResponseError)],
        NotExecuted,
    ),
    smds(
        should(24, "passes over members of ctxParams1 that a later version adds").tagged(&["version"]),
        BINDINGS,
        &[INITIATE, AuthenticateClient(Authenticate::UnknownMembers)],
        Executed,
    ),
    smds(
        must(25, "refuses a request without transactionId").tagged(&["json"]),
        ONCE,
        &[INITIATE, As(Form::Without(Member("transactionId")), &ASKED)],
        NotExecuted,
    ),
    smds(
        must(26, "refuses a request without authenticateServerResponse").tagged(&["json"]),
        ONCE,
        &[INITIATE, As(Form::Without(Member("authenticateServerResponse")), &ASKED)],
        NotExecuted,
    ),
];
