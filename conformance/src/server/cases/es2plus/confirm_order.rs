//! ES2+.ConfirmOrder (SGP.22 §5.3.2).

use protocol::status::StatusCode as Code;

use super::{CANCELLED, CONFIRMED, ORDERED, RELEASED};
use crate::case::{Function, Head, Variants};
use crate::server::Case;
use crate::server::call::{Authenticate, Caller, Confirm, Id, Profile, Reserve, Smds, Whose};
use crate::server::cases::{AUTHENTICATE, DOWNLOAD, INITIATE, smdp};
use crate::server::expected::Expected::{Executed, Holds, NotExecuted, Refused, RefusedSomehow};
use crate::server::message::{Form, Member};
use crate::server::property::es2plus as property;
use crate::server::step::Step::{
    self, Again, AnotherEuicc, As, AuthenticateClient, By, ConfirmOrder, DownloadOrder,
};

const FUNCTION: Function = Function { interface: "ES2+", name: "ConfirmOrder", section: "5.3.2" };

const fn must(number: u16, requirement: &'static str) -> Head {
    Head::must(FUNCTION, number, requirement)
}

const fn should(number: u16, requirement: &'static str) -> Head {
    Head::should(FUNCTION, number, requirement)
}

const ONCE: Variants = Variants::ONCE;
const LINKED: Step = DownloadOrder(Reserve::ANY.linked(Whose::This));
const LINKS: Step = ConfirmOrder(Confirm::RELEASED.linked(Whose::This));
const OWN: Step = ConfirmOrder(Confirm::RELEASED.with(Id::Own));
const EMPTY: Step = ConfirmOrder(Confirm::RELEASED.with(Id::Empty));
const CODE: Step = ConfirmOrder(Confirm::RELEASED.with_code());
const SMDS: Confirm = Confirm::RELEASED.at(Smds::Nowhere);
const WITHOUT_ID: Step = AuthenticateClient(Authenticate::NoMatchingId);

pub(super) const CASES: &[Case] = &[
    smdp(
        must(1, "makes a MatchingID where the operator gives none"),
        ONCE,
        &[ORDERED, CONFIRMED],
        Holds(property::MATCHING_ID),
    ),
    smdp(
        must(2, "makes another MatchingID for each order"),
        ONCE,
        &[ORDERED, CONFIRMED, ORDERED, CONFIRMED],
        Holds(property::ANOTHER_MATCHING_ID),
    ),
    smdp(
        must(3, "takes the MatchingID of the operator"),
        ONCE,
        &[ORDERED, OWN],
        Holds(property::MATCHING_ID_AS_GIVEN),
    ),
    smdp(
        must(4, "finds the order by the MatchingID of the operator"),
        ONCE,
        &[ORDERED, OWN, INITIATE, AUTHENTICATE],
        Holds(property::OFFERED_AS_ORDERED),
    ),
    smdp(
        must(5, "finds the order by the MatchingID that it made"),
        ONCE,
        &[ORDERED, RELEASED, INITIATE, AUTHENTICATE],
        Holds(property::OFFERED_AS_ORDERED),
    ),
    smdp(
        must(6, "releases the profile where releaseFlag is true"),
        ONCE,
        &[ORDERED, RELEASED, INITIATE, AUTHENTICATE, DOWNLOAD],
        Executed,
    ),
    smdp(
        must(7, "keeps the profile back where releaseFlag is false"),
        ONCE,
        &[ORDERED, CONFIRMED, INITIATE, AUTHENTICATE],
        Refused(&[Code::PROFILE_NOT_RELEASED]),
    ),
    smdp(
        must(8, "refuses a MatchingID that another order has"),
        ONCE,
        &[ORDERED, OWN, ORDERED, ConfirmOrder(Confirm::RELEASED.with(Id::OfTheOrderBefore))],
        Refused(&[Code::MATCHING_ID_IN_USE]),
    ),
    smdp(
        should(9, "refuses a MatchingID with lower-case letters"),
        ONCE,
        &[ORDERED, ConfirmOrder(Confirm::RELEASED.with(Id::Text("lower-case")))],
        RefusedSomehow,
    ),
    smdp(
        should(10, "refuses a MatchingID with an underscore"),
        ONCE,
        &[ORDERED, ConfirmOrder(Confirm::RELEASED.with(Id::Text("A_B")))],
        RefusedSomehow,
    ),
    smdp(
        must(11, "takes an empty MatchingID for an order that is linked to an EID"),
        ONCE,
        &[AnotherEuicc, LINKED, EMPTY, INITIATE, WITHOUT_ID],
        Holds(property::OFFERED_AS_ORDERED),
    ),
    smdp(
        must(12, "takes an empty MatchingID together with the EID"),
        ONCE,
        &[
            AnotherEuicc,
            ORDERED,
            ConfirmOrder(Confirm::RELEASED.with(Id::Empty).linked(Whose::This)),
            INITIATE,
            WITHOUT_ID,
        ],
        Holds(property::OFFERED_AS_ORDERED),
    ),
    smdp(
        must(13, "refuses an empty MatchingID without an EID"),
        ONCE,
        &[ORDERED, EMPTY],
        Refused(&[Code::EID_MISSING]),
    ),
    smdp(
        must(14, "tells the EID that DownloadOrder has named"),
        ONCE,
        &[LINKED, RELEASED],
        Holds(property::EID),
    ),
    smdp(must(15, "tells the EID that it links the order to"), ONCE, &[ORDERED, LINKS], Holds(property::EID)),
    smdp(
        must(16, "links the profile to an EID: another eUICC does not get it"),
        ONCE,
        &[ORDERED, LINKS, AnotherEuicc, INITIATE, AUTHENTICATE],
        Refused(&[Code::EID_REFUSED]),
    ),
    smdp(
        must(17, "refuses another EID than DownloadOrder has named"),
        ONCE,
        &[LINKED, ConfirmOrder(Confirm::RELEASED.linked(Whose::Another))],
        Refused(&[Code::EID_INVALID_ASSOCIATION]),
    ),
    smdp(
        must(18, "takes the EID that DownloadOrder has named"),
        ONCE,
        &[LINKED, LINKS],
        Holds(property::EID),
    ),
    smdp(
        must(19, "refuses an unknown ICCID"),
        ONCE,
        &[ORDERED, ConfirmOrder(Confirm::RELEASED.of(Profile::Unknown))],
        Refused(&[Code::ICCID_UNKNOWN]),
    ),
    smdp(
        must(20, "refuses a profile of another operator").tagged(&["operator"]),
        ONCE,
        &[ORDERED, By(Caller::Other, &RELEASED)],
        Refused(&[Code::ICCID_NOT_ALLOWED]),
    ),
    smdp(
        must(21, "refuses a profile that nobody has ordered"),
        ONCE,
        &[ORDERED, CANCELLED, RELEASED],
        RefusedSomehow,
    ),
    smdp(
        should(22, "refuses an order that is confirmed already"),
        ONCE,
        &[ORDERED, CONFIRMED, RELEASED],
        RefusedSomehow,
    ),
    smdp(
        must(23, "asks the eUICC for the confirmation code that the operator gave"),
        ONCE,
        &[ORDERED, CODE, INITIATE, AUTHENTICATE],
        Holds(property::CODE_IS_ASKED_FOR),
    ),
    smdp(
        must(24, "hands the profile out for the confirmation code that the operator gave"),
        ONCE,
        &[ORDERED, CODE, INITIATE, AUTHENTICATE, DOWNLOAD],
        Executed,
    ),
    smdp(
        must(25, "asks for no confirmation code where the operator gave none"),
        ONCE,
        &[ORDERED, RELEASED, INITIATE, AUTHENTICATE],
        Holds(property::NO_CODE_IS_ASKED_FOR),
    ),
    smdp(
        must(26, "refuses an SM-DS address without an EID").tagged(&["sm-ds"]),
        ONCE,
        &[ORDERED, ConfirmOrder(SMDS)],
        Refused(&[Code::EID_MISSING]),
    ),
    smdp(
        must(27, "refuses an SM-DS address with an empty MatchingID").tagged(&["sm-ds"]),
        ONCE,
        &[LINKED, ConfirmOrder(SMDS.with(Id::Empty))],
        RefusedSomehow,
    ),
    smdp(
        must(28, "refuses to release at an SM-DS that there is not").tagged(&["sm-ds"]),
        ONCE,
        &[LINKED, ConfirmOrder(SMDS)],
        Refused(&[Code::SMDS_INACCESSIBLE]),
    ),
    smdp(
        must(29, "refuses an SM-DS address that is none").tagged(&["sm-ds"]),
        ONCE,
        &[LINKED, ConfirmOrder(Confirm::RELEASED.at(Smds::NoAddress))],
        Refused(&[Code::SMDS_INACCESSIBLE]),
    ),
    smdp(
        must(30, "names a server where it answers with smdpAddress"),
        ONCE,
        &[ORDERED, RELEASED],
        Holds(property::SMDP_ADDRESS),
    ),
    smdp(
        must(31, "refuses a request without iccid").tagged(&["json"]),
        ONCE,
        &[ORDERED, As(Form::Without(Member("iccid")), &RELEASED)],
        NotExecuted,
    ),
    smdp(
        must(32, "refuses a request without releaseFlag").tagged(&["json"]),
        ONCE,
        &[ORDERED, As(Form::Without(Member("releaseFlag")), &RELEASED)],
        NotExecuted,
    ),
    smdp(
        must(33, "refuses releaseFlag that is a text").tagged(&["json"]),
        ONCE,
        &[ORDERED, As(Form::Text(Member("releaseFlag"), "true"), &RELEASED)],
        NotExecuted,
    ),
    smdp(
        should(34, "passes over members that it does not know").tagged(&["json"]),
        ONCE,
        &[ORDERED, As(Form::Unknown, &RELEASED)],
        Executed,
    ),
    smdp(
        should(35, "gives the same call the same answer again").tagged(&["retry"]),
        ONCE,
        &[ORDERED, RELEASED, Again],
        Holds(property::SAME_MATCHING_ID),
    ),
    smdp(
        must(36, "leaves the order as it was where it refuses"),
        ONCE,
        &[LINKED, Step::Whatever(&ConfirmOrder(Confirm::RELEASED.linked(Whose::Another))), RELEASED],
        Holds(property::EID),
    ),
];
