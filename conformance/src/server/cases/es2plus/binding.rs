//! How ES2+ travels (SGP.22 §6.2 to §6.5): what is the same for every function.

use super::ORDERED;
use crate::case::{Function, Head, Variants};
use crate::server::Case;
use crate::server::call::{Profile, Reserve, Wanted};
use crate::server::cases::smdp;
use crate::server::expected::Expected::{Answer, Executed, Holds, HttpRefusal, NotExecuted};
use crate::server::message::{Form, Member};
use crate::server::property::{binding as property, refused};
use crate::server::step::Step::{self, As, DownloadOrder, ReleaseProfile};

const HTTP: Function = Function { interface: "ES2+", name: "HTTP", section: "6.2" };
const STATUS: Function = Function { interface: "ES2+", name: "HTTP", section: "6.3" };
const JSON: Function = Function { interface: "ES2+", name: "JSON", section: "6.5" };

const ONCE: Variants = Variants::ONCE;
const REFUSED: Step = ReleaseProfile(Profile::Unknown);
/// As soon as it is refused for its form, nothing was ordered.
const BY_ICCID: Step = DownloadOrder(Reserve::of(Wanted::This(Profile::Unknown)));

pub(super) const CASES: &[Case] = &[
    smdp(
        Head::must(HTTP, 1, "answers with Content-Type: application/json"),
        ONCE,
        &[ORDERED],
        Holds(property::CONTENT_TYPE),
    ),
    smdp(
        Head::must(HTTP, 2, "answers with X-Admin-Protocol, a version of SGP.22"),
        ONCE,
        &[ORDERED],
        Holds(property::ADMIN_PROTOCOL),
    ),
    smdp(
        Head::must(HTTP, 3, "answers with X-Admin-Protocol where it refuses, too"),
        ONCE,
        &[REFUSED],
        Answer(refused::WITH_ADMIN_PROTOCOL),
    ),
    smdp(
        Head::should(HTTP, 4, "serves a request without X-Admin-Protocol"),
        ONCE,
        &[As(Form::NoAdminProtocol, &ORDERED)],
        Executed,
    ),
    smdp(
        Head::should(HTTP, 5, "takes a charset in Content-Type"),
        ONCE,
        &[As(Form::Charset, &ORDERED)],
        Executed,
    ),
    smdp(
        Head::should(HTTP, 6, "refuses another Content-Type"),
        ONCE,
        &[ORDERED, As(Form::ContentType("text/plain"), &BY_ICCID)],
        HttpRefusal,
    ),
    smdp(
        Head::should(HTTP, 7, "refuses a path that no function has"),
        ONCE,
        &[ORDERED, As(Form::OtherPath("/gsma/rsp2/es2plus/orderEverything"), &BY_ICCID)],
        HttpRefusal,
    ),
    smdp(
        Head::must(STATUS, 1, "answers 200 where it executes a function"),
        ONCE,
        &[ORDERED],
        Holds(property::STATUS_200),
    ),
    smdp(
        Head::must(STATUS, 2, "answers 200 where it refuses a function"),
        ONCE,
        &[REFUSED],
        Answer(refused::WITH_200),
    ),
    smdp(
        Head::must(JSON, 1, "answers with header.functionExecutionStatus"),
        ONCE,
        &[ORDERED],
        Holds(property::HEADER),
    ),
    smdp(
        Head::must(JSON, 2, "says Executed-Success where it executes a function"),
        ONCE,
        &[ORDERED],
        Holds(property::EXECUTED_SUCCESS),
    ),
    smdp(
        Head::must(JSON, 3, "says Failed where it refuses a function, with subject and reason code"),
        ONCE,
        &[REFUSED],
        Answer(property::FAILED_WITH_CODES),
    ),
    smdp(
        Head::must(JSON, 4, "writes codes as numbers with dots between"),
        ONCE,
        &[REFUSED],
        Answer(property::DOTTED_CODES),
    ),
    smdp(
        Head::must(JSON, 5, "refuses a request without header"),
        ONCE,
        &[ORDERED, As(Form::WithoutHeader, &ORDERED)],
        NotExecuted,
    ),
    smdp(
        Head::must(JSON, 6, "refuses a request without functionRequesterIdentifier"),
        ONCE,
        &[ORDERED, As(Form::HeaderWithout("functionRequesterIdentifier"), &ORDERED)],
        NotExecuted,
    ),
    smdp(
        Head::must(JSON, 7, "refuses a request without functionCallIdentifier"),
        ONCE,
        &[ORDERED, As(Form::HeaderWithout("functionCallIdentifier"), &ORDERED)],
        NotExecuted,
    ),
    smdp(
        Head::must(JSON, 8, "refuses a member that is a number where a text is due"),
        ONCE,
        &[ORDERED, As(Form::Number(Member("profileType")), &ORDERED)],
        NotExecuted,
    ),
    smdp(
        Head::should(JSON, 9, "refuses a body that ends too early"),
        ONCE,
        &[ORDERED, As(Form::CutOff, &BY_ICCID)],
        HttpRefusal,
    ),
    smdp(
        Head::should(JSON, 10, "refuses a body that is an array"),
        ONCE,
        &[ORDERED, As(Form::Array, &BY_ICCID)],
        HttpRefusal,
    ),
    smdp(
        Head::should(JSON, 11, "refuses an empty body"),
        ONCE,
        &[ORDERED, As(Form::NoBody, &BY_ICCID)],
        HttpRefusal,
    ),
    smdp(
        Head::should(JSON, 12, "passes over members that it does not know"),
        ONCE,
        &[As(Form::Unknown, &ORDERED)],
        Executed,
    ),
    smdp(
        Head::should(JSON, 13, "takes null for a member that is not there"),
        ONCE,
        &[As(Form::Null(Member("eid")), &ORDERED)],
        Executed,
    ),
];
