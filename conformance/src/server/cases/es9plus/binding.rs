//! How ES9+ travels (SGP.22 §6.2 to §6.6): what is the same for every function.

use crate::case::{Function, Head, Variants};
use crate::server::Case;
use crate::server::call::{Initiate, Notify};
use crate::server::cases::{AUTHENTICATE, DOWNLOAD, INITIATE, smdp};
use crate::server::expected::Expected::{Answer, Executed, HttpRefusal, NotExecuted};
use crate::server::message::Form;
use crate::server::orders::OrderKind::Released;
use crate::server::property::{binding as property, refused};
use crate::server::step::Step::{self, As, HandleNotification, InitiateAuthentication, Order};

const HTTP: Function = Function { interface: "ES9+", name: "HTTP", section: "6.2" };
const STATUS: Function = Function { interface: "ES9+", name: "HTTP", section: "6.3" };
const JSON: Function = Function { interface: "ES9+", name: "JSON", section: "6.5" };
const ASN1: Function = Function { interface: "ES9+", name: "ASN.1", section: "6.6" };

const BINDINGS: Variants = Variants::BINDINGS;
const ONCE: Variants = Variants::ONCE;

const REFUSED: Step = InitiateAuthentication(Initiate::OtherAddress);

pub(super) const CASES: &[Case] = &[
    smdp(
        Head::must(HTTP, 1, "answers in the Content-Type of the request"),
        BINDINGS,
        &[INITIATE],
        Answer(property::CONTENT_TYPE),
    ),
    smdp(
        Head::must(HTTP, 2, "answers with X-Admin-Protocol, a version of SGP.22"),
        BINDINGS,
        &[INITIATE],
        Answer(property::ADMIN_PROTOCOL),
    ),
    smdp(
        Head::must(HTTP, 3, "answers with X-Admin-Protocol where it refuses, too"),
        BINDINGS,
        &[REFUSED],
        Answer(refused::WITH_ADMIN_PROTOCOL),
    ),
    smdp(
        Head::should(HTTP, 4, "serves a request without X-Admin-Protocol"),
        ONCE,
        &[As(Form::NoAdminProtocol, &INITIATE)],
        Executed,
    ),
    smdp(
        Head::should(HTTP, 5, "serves a device of a later version"),
        ONCE,
        &[As(Form::AdminProtocol("gsma/rsp/v2.6.0"), &INITIATE)],
        Executed,
    ),
    smdp(
        Head::should(HTTP, 6, "does not answer a v2 device with a later major version"),
        ONCE,
        &[As(Form::AdminProtocol("gsma/rsp/v2.2.0"), &INITIATE)],
        Answer(property::ADMIN_PROTOCOL_2),
    ),
    smdp(
        Head::should(HTTP, 7, "serves a request without User-Agent"),
        ONCE,
        &[As(Form::NoUserAgent, &INITIATE)],
        Executed,
    ),
    smdp(
        Head::should(HTTP, 8, "takes a charset in Content-Type"),
        ONCE,
        &[As(Form::Charset, &INITIATE)],
        Executed,
    ),
    smdp(
        Head::should(HTTP, 9, "refuses another Content-Type"),
        ONCE,
        &[As(Form::ContentType("text/plain"), &INITIATE)],
        HttpRefusal,
    ),
    smdp(
        Head::should(HTTP, 10, "refuses a path that no function has"),
        ONCE,
        &[As(Form::OtherPath("/gsma/rsp2/es9plus/initiateEverything"), &INITIATE)],
        HttpRefusal,
    ),
    smdp(
        Head::should(HTTP, 11, "has no Content-Type on an empty body"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, HandleNotification(Notify::Installed)],
        Answer(property::NO_CONTENT_TYPE),
    ),
    smdp(
        Head::must(STATUS, 1, "answers 200 where it executes a function"),
        BINDINGS,
        &[INITIATE],
        Answer(property::STATUS_200),
    ),
    smdp(
        Head::must(STATUS, 2, "answers 200 where it refuses a function"),
        BINDINGS,
        &[REFUSED],
        Answer(refused::WITH_200),
    ),
    smdp(
        Head::must(STATUS, 3, "answers 204 to a notification"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, HandleNotification(Notify::Installed)],
        Answer(property::STATUS_204),
    ),
    smdp(
        Head::must(STATUS, 4, "answers a notification with an empty body"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, HandleNotification(Notify::Installed)],
        Answer(property::NO_BODY),
    ),
    smdp(
        Head::must(JSON, 1, "answers with header.functionExecutionStatus"),
        ONCE,
        &[As(Form::InJson, &INITIATE)],
        Answer(property::HEADER),
    ),
    smdp(
        Head::must(JSON, 2, "says Executed-Success where it executes a function"),
        ONCE,
        &[As(Form::InJson, &INITIATE)],
        Answer(property::EXECUTED_SUCCESS),
    ),
    smdp(
        Head::must(JSON, 3, "says Failed where it refuses a function, with subject and reason code"),
        ONCE,
        &[As(Form::InJson, &REFUSED)],
        Answer(property::FAILED_WITH_CODES),
    ),
    smdp(
        Head::must(JSON, 4, "writes codes as numbers with dots between"),
        ONCE,
        &[As(Form::InJson, &REFUSED)],
        Answer(property::DOTTED_CODES),
    ),
    smdp(
        Head::must(JSON, 5, "escapes nothing but what JSON asks for"),
        ONCE,
        &[As(Form::InJson, &INITIATE)],
        Answer(property::ESCAPES),
    ),
    smdp(
        Head::must(JSON, 6, "writes base64 in one piece, with padding"),
        ONCE,
        &[Order(Released), INITIATE, As(Form::InJson, &AUTHENTICATE)],
        Answer(property::BASE64_IN_ONE_PIECE),
    ),
    smdp(
        Head::should(JSON, 7, "refuses a body that ends too early"),
        ONCE,
        &[As(Form::CutOff, &INITIATE)],
        HttpRefusal,
    ),
    smdp(
        Head::should(JSON, 8, "refuses a body that is an array"),
        ONCE,
        &[As(Form::Array, &INITIATE)],
        HttpRefusal,
    ),
    smdp(Head::should(JSON, 9, "refuses an empty body"), ONCE, &[As(Form::NoBody, &INITIATE)], HttpRefusal),
    smdp(
        Head::should(JSON, 10, "reads a transactionId in lower case"),
        ONCE,
        &[Order(Released), INITIATE, As(Form::LowerCaseTransaction, &AUTHENTICATE)],
        Executed,
    ),
    smdp(
        Head::must(ASN1, 1, "refuses a request with another outer tag than A2"),
        ONCE,
        &[As(Form::OuterTag(0xA3), &INITIATE)],
        NotExecuted,
    ),
    smdp(
        Head::must(ASN1, 2, "refuses a request with bytes behind its end"),
        ONCE,
        &[As(Form::TrailingByte, &INITIATE)],
        NotExecuted,
    ),
];
