//! ES2+.DownloadOrder (SGP.22 §5.3.1).

use protocol::status::StatusCode as Code;

use super::{CANCELLED, ORDERED, RELEASED};
use crate::case::{Function, Head, Variants};
use crate::server::Case;
use crate::server::call::{Caller, Profile, Reserve, Wanted, Whose};
use crate::server::cases::{AUTHENTICATE, INITIATE, smdp};
use crate::server::expected::Expected::{Holds, NotExecuted, Refused, RefusedSomehow};
use crate::server::property::es2plus as property;
use crate::server::step::Step::{self, Again, AnotherEuicc, By, DownloadOrder};

const FUNCTION: Function = Function { interface: "ES2+", name: "DownloadOrder", section: "5.3.1" };

const fn must(number: u16, requirement: &'static str) -> Head {
    Head::must(FUNCTION, number, requirement)
}

const fn should(number: u16, requirement: &'static str) -> Head {
    Head::should(FUNCTION, number, requirement)
}

const fn order(wanted: Wanted) -> Step {
    DownloadOrder(Reserve::of(wanted))
}

const ONCE: Variants = Variants::ONCE;
const THIS: Step = order(Wanted::This(Profile::Last));
const LINKED: Step = DownloadOrder(Reserve::ANY.linked(Whose::This));

pub(super) const CASES: &[Case] = &[
    smdp(
        must(1, "reserves a profile of a type and tells its ICCID"),
        ONCE,
        &[ORDERED],
        Holds(property::ICCID),
    ),
    smdp(
        must(2, "reserves another profile for the next order"),
        ONCE,
        &[ORDERED, ORDERED],
        Holds(property::ANOTHER_ICCID),
    ),
    smdp(
        must(3, "reserves the profile of an ICCID, and tells that ICCID"),
        ONCE,
        &[ORDERED, CANCELLED, THIS],
        Holds(property::ICCID_AS_ORDERED),
    ),
    smdp(
        must(4, "reserves the profile of an ICCID that is of the type named"),
        ONCE,
        &[ORDERED, CANCELLED, order(Wanted::ThisOfType(Profile::Last))],
        Holds(property::ICCID_AS_ORDERED),
    ),
    smdp(
        must(5, "refuses a type that the profile is not of"),
        ONCE,
        &[ORDERED, CANCELLED, order(Wanted::ThisOfOtherType(Profile::Last))],
        Refused(&[Code::PROFILE_TYPE_REFUSED, Code::PROFILE_TYPE_UNKNOWN]),
    ),
    smdp(
        must(6, "refuses an unknown ICCID"),
        ONCE,
        &[ORDERED, order(Wanted::This(Profile::Unknown))],
        Refused(&[Code::ICCID_UNKNOWN]),
    ),
    smdp(
        must(7, "refuses a profile that is reserved already"),
        ONCE,
        &[ORDERED, THIS],
        Refused(&[Code::ICCID_IN_USE]),
    ),
    smdp(
        must(8, "refuses a profile that is released already"),
        ONCE,
        &[ORDERED, RELEASED, THIS],
        Refused(&[Code::ICCID_IN_USE]),
    ),
    smdp(
        must(9, "refuses an unknown profile type"),
        ONCE,
        &[ORDERED, order(Wanted::UnknownType)],
        Refused(&[Code::PROFILE_TYPE_UNKNOWN]),
    ),
    smdp(
        must(10, "refuses a profile of another operator").tagged(&["operator"]),
        ONCE,
        &[ORDERED, CANCELLED, By(Caller::Other, &THIS)],
        Refused(&[Code::ICCID_NOT_ALLOWED]),
    ),
    smdp(
        must(11, "refuses the profile type of another operator").tagged(&["operator"]),
        ONCE,
        &[ORDERED, By(Caller::Other, &ORDERED)],
        Refused(&[Code::PROFILE_TYPE_NOT_ALLOWED]),
    ),
    smdp(
        must(12, "refuses an order that names neither a profile nor a type"),
        ONCE,
        &[ORDERED, order(Wanted::Nothing)],
        NotExecuted,
    ),
    smdp(
        must(13, "links the profile to an EID: the eUICC gets it"),
        ONCE,
        &[LINKED, RELEASED, INITIATE, AUTHENTICATE],
        Holds(property::OFFERED_AS_ORDERED),
    ),
    smdp(
        must(14, "links the profile to an EID: another eUICC does not get it"),
        ONCE,
        &[LINKED, RELEASED, AnotherEuicc, INITIATE, AUTHENTICATE],
        Refused(&[Code::EID_REFUSED]),
    ),
    smdp(
        must(15, "takes an ICCID with or without the filler for the same profile"),
        ONCE,
        &[ORDERED, CANCELLED, order(Wanted::This(Profile::LastOtherwiseWritten))],
        Holds(property::ICCID_AS_ORDERED),
    ),
    smdp(
        must(16, "refuses an ICCID that is too short"),
        ONCE,
        &[ORDERED, order(Wanted::This(Profile::Text("8900000000000009")))],
        NotExecuted,
    ),
    smdp(
        must(17, "refuses an ICCID with letters in it"),
        ONCE,
        &[ORDERED, order(Wanted::This(Profile::Text("89000000000000099AB")))],
        NotExecuted,
    ),
    smdp(
        must(18, "refuses an EID of 31 digits"),
        ONCE,
        &[ORDERED, DownloadOrder(Reserve::ANY.linked(Whose::Text("8904903212345123451234567890123")))],
        NotExecuted,
    ),
    smdp(
        must(19, "refuses an EID with letters in it"),
        ONCE,
        &[ORDERED, DownloadOrder(Reserve::ANY.linked(Whose::Text("8904903212345123451234567890123A")))],
        NotExecuted,
    ),
    smdp(
        should(20, "gives the same call the same answer again").tagged(&["retry"]),
        ONCE,
        &[ORDERED, Again],
        Holds(property::SAME_ICCID),
    ),
    smdp(
        must(21, "hands out no profile that is ordered and not confirmed"),
        ONCE,
        &[AnotherEuicc, LINKED, INITIATE, AUTHENTICATE],
        RefusedSomehow,
    ),
];
