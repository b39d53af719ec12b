//! ES9+.InitiateAuthentication (SGP.22 §5.6.1).

use protocol::status::StatusCode as Code;

use crate::case::{Function, Head, Variants};
use crate::server::Case;
use crate::server::call::Initiate;
use crate::server::cases::{INITIATE, smdp};
use crate::server::expected::Expected::{Executed, Holds, NotExecuted, Refused};
use crate::server::message::{Form, Member};
use crate::server::property::initiate_authentication as property;
use crate::server::step::Step::{As, InitiateAuthentication as Initiated};

const FUNCTION: Function = Function { interface: "ES9+", name: "InitiateAuthentication", section: "5.6.1" };

const fn must(number: u16, requirement: &'static str) -> Head {
    Head::must(FUNCTION, number, requirement)
}

const fn should(number: u16, requirement: &'static str) -> Head {
    Head::should(FUNCTION, number, requirement)
}

const ALL: Variants = Variants::ALL;
const CURVES: Variants = Variants::CURVES;
const BINDINGS: Variants = Variants::BINDINGS;
const ONCE: Variants = Variants::ONCE;

const CHALLENGE: Member = Member("euiccChallenge");
const INFO: Member = Member("euiccInfo1");
const ADDRESS: Member = Member("smdpAddress");

pub(super) const CASES: &[Case] = &[
    smdp(
        must(1, "answers with every member that the function gives"),
        ALL,
        &[INITIATE],
        Holds(property::COMPLETE),
    ),
    smdp(
        must(2, "signs serverSigned1 with the key of serverCertificate"),
        ALL,
        &[INITIATE],
        Holds(property::SIGNATURE),
    ),
    smdp(
        must(3, "shows a valid CERT.DPauth below a CI that the eUICC verifies with"),
        CURVES,
        &[INITIATE],
        Holds(property::CERTIFICATE),
    ),
    smdp(must(4, "chooses a CI that the eUICC signs under"), CURVES, &[INITIATE], Holds(property::CI)),
    smdp(must(5, "signs the challenge of the eUICC"), BINDINGS, &[INITIATE], Holds(property::CHALLENGE)),
    smdp(
        must(6, "signs the transactionId that it answers with"),
        BINDINGS,
        &[INITIATE],
        Holds(property::TRANSACTION),
    ),
    smdp(must(7, "signs the address that it was called by"), BINDINGS, &[INITIATE], Holds(property::ADDRESS)),
    smdp(
        must(8, "writes transactionId as 2 to 32 upper-case hexadecimal digits"),
        ONCE,
        &[As(Form::InJson, &INITIATE)],
        Holds(property::UPPER_CASE),
    ),
    smdp(
        must(9, "uses no transactionId and no serverChallenge twice"),
        ONCE,
        &[INITIATE, INITIATE],
        Holds(property::FRESH),
    ),
    smdp(
        must(10, "opens another session for the same challenge"),
        ONCE,
        &[INITIATE, Initiated(Initiate::SameChallenge)],
        Holds(property::FRESH),
    ),
    smdp(
        must(11, "refuses an eUICC of SGP.22 v1").tagged(&["version"]),
        BINDINGS,
        &[Initiated(Initiate::Svn([1, 0, 0]))],
        Refused(&[Code::SVN_UNSUPPORTED]),
    ),
    smdp(
        should(12, "refuses an eUICC whose lowest version is v3").tagged(&["version"]),
        BINDINGS,
        &[Initiated(Initiate::Svn([3, 0, 0]))],
        Refused(&[Code::SVN_UNSUPPORTED]),
    ),
    smdp(
        must(13, "serves an eUICC of v2.2.1").tagged(&["version"]),
        ONCE,
        &[Initiated(Initiate::Svn([2, 2, 1]))],
        Executed,
    ),
    smdp(
        should(14, "serves an eUICC of a later v2").tagged(&["version"]),
        ONCE,
        &[Initiated(Initiate::Svn([2, 6, 0]))],
        Executed,
    ),
    smdp(
        must(15, "refuses the address of another server"),
        BINDINGS,
        &[Initiated(Initiate::OtherAddress)],
        Refused(&[Code::SMDP_ADDRESS_REFUSED]),
    ),
    smdp(must(16, "refuses an empty address"), ONCE, &[Initiated(Initiate::NoAddress)], NotExecuted),
    smdp(
        should(17, "compares its address without regard to case"),
        ONCE,
        &[Initiated(Initiate::UpperCaseAddress)],
        Executed,
    ),
    smdp(
        must(18, "refuses an eUICC that signs below unknown CIs only").tagged(&["ci"]),
        BINDINGS,
        &[Initiated(Initiate::UnknownCiForSigning)],
        Refused(&[Code::SECURITY_CONFIGURATION_UNSUPPORTED]),
    ),
    smdp(
        must(19, "refuses an eUICC that verifies below unknown CIs only").tagged(&["ci"]),
        BINDINGS,
        &[Initiated(Initiate::UnknownCiForVerification)],
        Refused(&[Code::SMDP_CERTIFICATE_UNAVAILABLE]),
    ),
    smdp(
        must(20, "finds a CI that both know where the eUICC prefers another").tagged(&["ci"]),
        CURVES,
        &[Initiated(Initiate::KnownCiSecond)],
        Holds(property::CI),
    ),
    smdp(
        must(21, "refuses an eUICC that names no CI").tagged(&["ci"]),
        ONCE,
        &[Initiated(Initiate::NoCi)],
        Refused(&[Code::SECURITY_CONFIGURATION_UNSUPPORTED, Code::SMDP_CERTIFICATE_UNAVAILABLE]),
    ),
    smdp(
        should(22, "passes over members of euiccInfo1 that a later version adds").tagged(&["version"]),
        BINDINGS,
        &[Initiated(Initiate::UnknownMembers)],
        Executed,
    ),
    smdp(
        must(23, "refuses a challenge that is not 16 bytes long"),
        BINDINGS,
        &[Initiated(Initiate::ShortChallenge)],
        NotExecuted,
    ),
    smdp(
        must(24, "refuses another object than EUICCInfo1"),
        BINDINGS,
        &[Initiated(Initiate::Info2)],
        NotExecuted,
    ),
    smdp(
        must(25, "refuses a request without euiccChallenge").tagged(&["json"]),
        ONCE,
        &[As(Form::Without(CHALLENGE), &INITIATE)],
        NotExecuted,
    ),
    smdp(
        must(26, "refuses a request without euiccInfo1").tagged(&["json"]),
        ONCE,
        &[As(Form::Without(INFO), &INITIATE)],
        NotExecuted,
    ),
    smdp(
        must(27, "refuses a request without smdpAddress").tagged(&["json"]),
        ONCE,
        &[As(Form::Without(ADDRESS), &INITIATE)],
        NotExecuted,
    ),
    smdp(
        must(28, "refuses a challenge that is a number").tagged(&["json"]),
        ONCE,
        &[As(Form::Number(CHALLENGE), &INITIATE)],
        NotExecuted,
    ),
    smdp(
        must(29, "refuses euiccInfo1 that is null").tagged(&["json"]),
        ONCE,
        &[As(Form::Null(INFO), &INITIATE)],
        NotExecuted,
    ),
    smdp(
        must(30, "refuses a challenge that is no base64").tagged(&["json"]),
        ONCE,
        &[As(Form::NotBase64(CHALLENGE), &INITIATE)],
        NotExecuted,
    ),
    smdp(
        must(31, "refuses euiccInfo1 that ends too early").tagged(&["json"]),
        ONCE,
        &[As(Form::Truncated(INFO), &INITIATE)],
        NotExecuted,
    ),
    smdp(
        should(32, "passes over members that it does not know").tagged(&["json"]),
        ONCE,
        &[As(Form::Unknown, &INITIATE)],
        Executed,
    ),
    smdp(
        should(33, "passes over a header that the request should not have").tagged(&["json"]),
        ONCE,
        &[As(Form::WithHeader, &INITIATE)],
        Executed,
    ),
    smdp(
        should(34, "reads base64 that is broken into lines").tagged(&["json"]),
        ONCE,
        &[As(Form::Wrapped(INFO), &INITIATE)],
        Executed,
    ),
];
