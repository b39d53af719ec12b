//! ES2+.CancelOrder (SGP.22 §5.3.3).

use protocol::status::StatusCode as Code;

use super::{CANCELLED, CONFIRMED, ORDERED, RELEASED};
use crate::case::{Function, Head, Variants};
use crate::server::Case;
use crate::server::call::{
    Caller, Cancel, Confirm, Given, Id, Notify, Profile, Reserve, Wanted, Whose, Withdraw,
};
use crate::server::cases::{AUTHENTICATE, DOWNLOAD, INITIATE, smdp};
use crate::server::expected::Expected::{Executed, Holds, NotExecuted, Refused, RefusedSomehow};
use crate::server::message::{Form, Member};
use crate::server::property::es2plus as property;
use crate::server::step::Step::{
    self, Again, As, By, CancelOrder, CancelSession, ConfirmOrder, DownloadOrder, HandleNotification,
    Whatever,
};

const FUNCTION: Function = Function { interface: "ES2+", name: "CancelOrder", section: "5.3.3" };

const fn must(number: u16, requirement: &'static str) -> Head {
    Head::must(FUNCTION, number, requirement)
}

const fn should(number: u16, requirement: &'static str) -> Head {
    Head::should(FUNCTION, number, requirement)
}

const ONCE: Variants = Variants::ONCE;
const THIS: Step = DownloadOrder(Reserve::of(Wanted::This(Profile::Last)));
const LINKED: Step = DownloadOrder(Reserve::ANY.linked(Whose::This));
const UNAVAILABLE: Step = CancelOrder(Withdraw::UNAVAILABLE);
const OTHER_EID: Step = CancelOrder(Withdraw::AVAILABLE.eid(Given::Another));
const OTHER_ID: Step = CancelOrder(Withdraw::AVAILABLE.matching_id(Given::Another));
/// Whoever had the activation code has nothing any more.
const GONE: &[Code] = &[Code::MATCHING_ID_REFUSED];

pub(super) const CASES: &[Case] = &[
    smdp(
        must(1, "cancels an order that is not confirmed"),
        ONCE,
        &[ORDERED, CANCELLED],
        Holds(property::HEADER_ALONE),
    ),
    smdp(must(2, "cancels an order that is linked to an EID"), ONCE, &[LINKED, CANCELLED], Executed),
    smdp(must(3, "cancels an order that is confirmed"), ONCE, &[ORDERED, CONFIRMED, CANCELLED], Executed),
    smdp(must(4, "cancels an order that is released"), ONCE, &[ORDERED, RELEASED, CANCELLED], Executed),
    smdp(
        must(5, "cancels an order of the default SM-DP+ use case"),
        ONCE,
        &[LINKED, ConfirmOrder(Confirm::RELEASED.with(Id::Empty)), CANCELLED],
        Executed,
    ),
    smdp(
        must(6, "gives the profile back to the inventory"),
        ONCE,
        &[ORDERED, RELEASED, CANCELLED, THIS],
        Executed,
    ),
    smdp(
        must(7, "forgets the EID of the order"),
        ONCE,
        &[LINKED, CANCELLED, THIS, ConfirmOrder(Confirm::RELEASED.linked(Whose::Another))],
        Executed,
    ),
    smdp(
        must(8, "hands nothing out for an order that was cancelled"),
        ONCE,
        &[ORDERED, RELEASED, CANCELLED, INITIATE, AUTHENTICATE],
        Refused(GONE),
    ),
    smdp(
        must(9, "keeps a profile that is to be Unavailable"),
        ONCE,
        &[ORDERED, UNAVAILABLE, THIS],
        Refused(&[Code::ICCID_IN_USE]),
    ),
    smdp(
        must(10, "refuses where the profile was downloaded"),
        ONCE,
        &[ORDERED, RELEASED, INITIATE, AUTHENTICATE, DOWNLOAD, CANCELLED],
        Refused(&[Code::ICCID_IN_USE]),
    ),
    smdp(
        must(11, "refuses where the profile was installed"),
        ONCE,
        &[
            ORDERED,
            RELEASED,
            INITIATE,
            AUTHENTICATE,
            DOWNLOAD,
            HandleNotification(Notify::Installed),
            CANCELLED,
        ],
        Refused(&[Code::ICCID_IN_USE]),
    ),
    smdp(
        must(12, "cancels an order that the end user has rejected"),
        ONCE,
        &[ORDERED, RELEASED, INITIATE, AUTHENTICATE, CancelSession(Cancel::Reason(0)), CANCELLED],
        Executed,
    ),
    smdp(
        must(13, "refuses another EID than that of the order"),
        ONCE,
        &[LINKED, OTHER_EID],
        Refused(&[Code::ICCID_INVALID_ASSOCIATION]),
    ),
    smdp(
        must(14, "refuses another MatchingID than that of the order"),
        ONCE,
        &[ORDERED, CONFIRMED, OTHER_ID],
        Refused(&[Code::MATCHING_ID_INVALID_ASSOCIATION]),
    ),
    smdp(
        must(15, "refuses where the EID of the order is not named"),
        ONCE,
        &[LINKED, CancelOrder(Withdraw::AVAILABLE.eid(Given::Nothing))],
        RefusedSomehow,
    ),
    smdp(
        must(16, "refuses where the MatchingID of the order is not named"),
        ONCE,
        &[ORDERED, CONFIRMED, CancelOrder(Withdraw::AVAILABLE.matching_id(Given::Nothing))],
        RefusedSomehow,
    ),
    smdp(
        must(17, "leaves the order as it was where it refuses"),
        ONCE,
        &[ORDERED, RELEASED, Whatever(&OTHER_ID), INITIATE, AUTHENTICATE],
        Holds(property::OFFERED_AS_ORDERED),
    ),
    smdp(
        must(18, "refuses an unknown ICCID"),
        ONCE,
        &[ORDERED, CancelOrder(Withdraw::AVAILABLE.of(Profile::Unknown))],
        Refused(&[Code::ICCID_UNKNOWN]),
    ),
    smdp(
        must(19, "refuses a profile of another operator").tagged(&["operator"]),
        ONCE,
        &[ORDERED, By(Caller::Other, &CANCELLED)],
        Refused(&[Code::ICCID_NOT_ALLOWED]),
    ),
    smdp(
        must(20, "cancels nothing for another operator").tagged(&["operator"]),
        ONCE,
        &[ORDERED, RELEASED, Whatever(&By(Caller::Other, &CANCELLED)), INITIATE, AUTHENTICATE],
        Holds(property::OFFERED_AS_ORDERED),
    ),
    smdp(
        must(21, "refuses a profile that nobody has ordered"),
        ONCE,
        &[ORDERED, CANCELLED, CANCELLED],
        RefusedSomehow,
    ),
    smdp(
        must(22, "refuses a request without iccid").tagged(&["json"]),
        ONCE,
        &[ORDERED, As(Form::Without(Member("iccid")), &CANCELLED)],
        NotExecuted,
    ),
    smdp(
        should(23, "refuses a request without finalProfileStatusIndicator").tagged(&["json"]),
        ONCE,
        &[ORDERED, CancelOrder(Withdraw::AVAILABLE.to(None))],
        NotExecuted,
    ),
    smdp(
        should(24, "refuses a final status that there is not").tagged(&["json"]),
        ONCE,
        &[ORDERED, CancelOrder(Withdraw::AVAILABLE.to(Some("Reserved")))],
        NotExecuted,
    ),
    smdp(
        should(25, "passes over members that it does not know").tagged(&["json"]),
        ONCE,
        &[ORDERED, As(Form::Unknown, &CANCELLED)],
        Executed,
    ),
    smdp(
        should(26, "says success for the same call again").tagged(&["retry"]),
        ONCE,
        &[ORDERED, CANCELLED, Again],
        Executed,
    ),
    smdp(
        must(27, "takes an ICCID with or without the filler for the same profile"),
        ONCE,
        &[ORDERED, CancelOrder(Withdraw::AVAILABLE.of(Profile::LastOtherwiseWritten))],
        Executed,
    ),
];
