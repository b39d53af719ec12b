//! ES15 (SGP.22 §5.10, §3.6.1.2): an Alternative SM-DS calls its Root.

use protocol::status::StatusCode as Code;

use super::{ASKED, EVENT};
use crate::case::{Function, Head, Variants};
use crate::server::Case;
use crate::server::call::{Authenticate, Caller, Delete, Register};
use crate::server::cases::{INITIATE, smds};
use crate::server::expected::Expected::{Executed, Holds, Refused};
use crate::server::property::es11 as property;
use crate::server::step::Step::{self, AuthenticateClient, By, DeleteEvent, RegisterEvent};

const REGISTER: Function = Function { interface: "ES15", name: "RegisterEvent", section: "5.10.1" };
const DELETE: Function = Function { interface: "ES15", name: "DeleteEvent", section: "5.10.2" };

const ONCE: Variants = Variants::ONCE;
const TAGS: &[&str] = &["event"];
const EVENT_OF_SMDS: Step = By(Caller::Smds, &RegisterEvent(Register::NotForwarded));
const SAME: Step = By(Caller::Smds, &RegisterEvent(Register::SameEventId));
const DELETED: Step = By(Caller::Smds, &DeleteEvent(Delete::Last));

pub(super) const CASES: &[Case] = &[
    smds(
        Head::must(REGISTER, 1, "registers an event of an Alternative SM-DS").tagged(TAGS),
        ONCE,
        &[EVENT_OF_SMDS],
        Executed,
    ),
    smds(
        Head::must(REGISTER, 2, "ignores forwardingIndicator of an Alternative SM-DS").tagged(TAGS),
        ONCE,
        &[By(Caller::Smds, &EVENT)],
        Executed,
    ),
    smds(
        Head::must(REGISTER, 3, "tells the eUICC of it, with the address of the Alternative SM-DS")
            .tagged(TAGS),
        ONCE,
        &[EVENT_OF_SMDS, INITIATE, ASKED],
        Holds(property::ADDRESS),
    ),
    smds(
        Head::must(REGISTER, 4, "refuses an EventID that the Alternative SM-DS has used").tagged(TAGS),
        ONCE,
        &[EVENT_OF_SMDS, SAME],
        Refused(&[Code::EVENT_IN_USE]),
    ),
    smds(
        Head::must(REGISTER, 5, "takes an EventID that an SM-DP+ has used").tagged(TAGS),
        ONCE,
        &[EVENT, SAME],
        Executed,
    ),
    smds(
        Head::must(REGISTER, 6, "tells the event to an eUICC that asks for its EventID").tagged(TAGS),
        ONCE,
        &[EVENT_OF_SMDS, INITIATE, AuthenticateClient(Authenticate::Good)],
        Holds(property::THE_ONE),
    ),
    smds(
        Head::must(DELETE, 1, "deletes an event of an Alternative SM-DS").tagged(TAGS),
        ONCE,
        &[EVENT_OF_SMDS, DELETED],
        Executed,
    ),
    smds(
        Head::must(DELETE, 2, "tells the eUICC no more of it").tagged(TAGS),
        ONCE,
        &[EVENT_OF_SMDS, DELETED, INITIATE, ASKED],
        Holds(property::DELETED_IS_GONE),
    ),
    smds(
        Head::must(DELETE, 3, "refuses an event of an SM-DP+").tagged(TAGS),
        ONCE,
        &[EVENT, DELETED],
        Refused(&[Code::EVENT_UNKNOWN]),
    ),
    smds(
        Head::must(DELETE, 4, "refuses an event that there is not").tagged(TAGS),
        ONCE,
        &[EVENT_OF_SMDS, By(Caller::Smds, &DeleteEvent(Delete::Unknown))],
        Refused(&[Code::EVENT_UNKNOWN]),
    ),
];
