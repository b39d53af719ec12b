//! ES2+.ReleaseProfile (SGP.22 §5.3.4).

use protocol::status::StatusCode as Code;

use super::{CANCELLED, CONFIRMED, ORDERED, RELEASED};
use crate::case::{Function, Head, Variants};
use crate::server::Case;
use crate::server::call::{Caller, Profile, Reserve, Whose};
use crate::server::cases::{AUTHENTICATE, INITIATE, smdp};
use crate::server::expected::Expected::{Executed, Holds, NotExecuted, Refused};
use crate::server::message::{Form, Member};
use crate::server::property::es2plus as property;
use crate::server::step::Step::{self, Again, As, By, DownloadOrder, ReleaseProfile};

const FUNCTION: Function = Function { interface: "ES2+", name: "ReleaseProfile", section: "5.3.4" };

const fn must(number: u16, requirement: &'static str) -> Head {
    Head::must(FUNCTION, number, requirement)
}

const fn should(number: u16, requirement: &'static str) -> Head {
    Head::should(FUNCTION, number, requirement)
}

const ONCE: Variants = Variants::ONCE;
const RELEASE: Step = ReleaseProfile(Profile::Last);
const LINKED: Step = DownloadOrder(Reserve::ANY.linked(Whose::This));

pub(super) const CASES: &[Case] = &[
    smdp(
        must(1, "releases a profile that is confirmed"),
        ONCE,
        &[ORDERED, CONFIRMED, RELEASE],
        Holds(property::HEADER_ALONE),
    ),
    smdp(
        must(2, "hands the profile out from then on"),
        ONCE,
        &[ORDERED, CONFIRMED, RELEASE, INITIATE, AUTHENTICATE],
        Holds(property::OFFERED_AS_ORDERED),
    ),
    smdp(
        must(3, "says success for a profile that is released already"),
        ONCE,
        &[ORDERED, RELEASED, RELEASE],
        Executed,
    ),
    smdp(
        must(4, "leaves a profile released that is released already"),
        ONCE,
        &[ORDERED, RELEASED, RELEASE, INITIATE, AUTHENTICATE],
        Holds(property::OFFERED_AS_ORDERED),
    ),
    smdp(
        must(5, "refuses a profile that is allocated and not confirmed"),
        ONCE,
        &[ORDERED, RELEASE],
        Refused(&[Code::ICCID_INVALID_TRANSITION]),
    ),
    smdp(
        must(6, "refuses a profile that is linked and not confirmed"),
        ONCE,
        &[LINKED, RELEASE],
        Refused(&[Code::ICCID_INVALID_TRANSITION]),
    ),
    smdp(
        must(7, "refuses a profile that nobody has ordered"),
        ONCE,
        &[ORDERED, CANCELLED, RELEASE],
        Refused(&[Code::ICCID_INVALID_TRANSITION]),
    ),
    smdp(
        must(8, "refuses an unknown ICCID"),
        ONCE,
        &[ORDERED, CONFIRMED, ReleaseProfile(Profile::Unknown)],
        Refused(&[Code::ICCID_UNKNOWN]),
    ),
    smdp(
        must(9, "refuses a profile of another operator").tagged(&["operator"]),
        ONCE,
        &[ORDERED, CONFIRMED, By(Caller::Other, &RELEASE)],
        Refused(&[Code::ICCID_NOT_ALLOWED]),
    ),
    smdp(
        must(10, "releases nothing for another operator").tagged(&["operator"]),
        ONCE,
        &[ORDERED, CONFIRMED, Step::Whatever(&By(Caller::Other, &RELEASE)), INITIATE, AUTHENTICATE],
        Refused(&[Code::PROFILE_NOT_RELEASED]),
    ),
    smdp(
        must(11, "takes an ICCID with or without the filler for the same profile"),
        ONCE,
        &[ORDERED, CONFIRMED, ReleaseProfile(Profile::LastOtherwiseWritten)],
        Executed,
    ),
    smdp(
        must(12, "refuses a request without iccid").tagged(&["json"]),
        ONCE,
        &[ORDERED, CONFIRMED, As(Form::Without(Member("iccid")), &RELEASE)],
        NotExecuted,
    ),
    smdp(
        should(13, "passes over members that it does not know").tagged(&["json"]),
        ONCE,
        &[ORDERED, CONFIRMED, As(Form::Unknown, &RELEASE)],
        Executed,
    ),
    smdp(
        must(14, "says success for the same call again").tagged(&["retry"]),
        ONCE,
        &[ORDERED, CONFIRMED, RELEASE, Again],
        Executed,
    ),
];
