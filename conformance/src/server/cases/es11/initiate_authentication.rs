//! ES11.InitiateAuthentication (SGP.22 §5.8.1).

use protocol::status::StatusCode as Code;

use crate::case::{Function, Head, Variants};
use crate::server::Case;
use crate::server::call::Initiate;
use crate::server::cases::{INITIATE, smds};
use crate::server::expected::Expected::{Answer, Executed, Holds, NotExecuted, Refused};
use crate::server::message::{Form, Member};
use crate::server::property::{binding, initiate_authentication as property, refused};
use crate::server::step::Step::{As, InitiateAuthentication as Initiated};

const FUNCTION: Function = Function { interface: "ES11", name: "InitiateAuthentication", section: "5.8.1" };

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

pub(super) const CASES: &[Case] = &[
    smds(
        must(1, "answers with every member that the function gives"),
        ALL,
        &[INITIATE],
        Holds(property::COMPLETE),
    ),
    smds(
        must(2, "signs serverSigned1 with the key of serverCertificate"),
        ALL,
        &[INITIATE],
        Holds(property::SIGNATURE),
    ),
    smds(
        must(3, "shows a valid CERT.DSauth below a CI that the eUICC verifies with"),
        CURVES,
        &[INITIATE],
        Holds(property::CERTIFICATE),
    ),
    smds(must(4, "chooses a CI that the eUICC signs under"), CURVES, &[INITIATE], Holds(property::CI)),
    smds(must(5, "signs the challenge of the eUICC"), BINDINGS, &[INITIATE], Holds(property::CHALLENGE)),
    smds(
        must(6, "signs the transactionId that it answers with"),
        BINDINGS,
        &[INITIATE],
        Holds(property::TRANSACTION),
    ),
    smds(must(7, "signs the address that it was called by"), BINDINGS, &[INITIATE], Holds(property::ADDRESS)),
    smds(
        must(8, "uses no transactionId and no serverChallenge twice"),
        ONCE,
        &[INITIATE, INITIATE],
        Holds(property::FRESH),
    ),
    smds(
        must(9, "refuses the address of another server"),
        BINDINGS,
        &[Initiated(Initiate::OtherAddress)],
        Refused(&[Code::SMDS_ADDRESS_REFUSED]),
    ),
    smds(
        must(10, "refuses an eUICC of SGP.22 v1").tagged(&["version"]),
        BINDINGS,
        &[Initiated(Initiate::Svn([1, 0, 0]))],
        Refused(&[Code::SMDS_SVN_UNSUPPORTED]),
    ),
    smds(
        must(11, "refuses an eUICC that signs below unknown CIs only").tagged(&["ci"]),
        BINDINGS,
        &[Initiated(Initiate::UnknownCiForSigning)],
        Refused(&[Code::SMDS_SECURITY_CONFIGURATION_UNSUPPORTED]),
    ),
    smds(
        must(12, "refuses an eUICC that verifies below unknown CIs only").tagged(&["ci"]),
        BINDINGS,
        &[Initiated(Initiate::UnknownCiForVerification)],
        Refused(&[Code::SMDS_CERTIFICATE_UNAVAILABLE]),
    ),
    smds(
        must(13, "finds a CI that both know where the eUICC prefers another").tagged(&["ci"]),
        CURVES,
        &[Initiated(Initiate::KnownCiSecond)],
        Holds(property::CI),
    ),
    smds(
        should(14, "compares its address without regard to case"),
        ONCE,
        &[Initiated(Initiate::UpperCaseAddress)],
        Executed,
    ),
    smds(
        should(15, "passes over members of euiccInfo1 that a later version adds").tagged(&["version"]),
        BINDINGS,
        &[Initiated(Initiate::UnknownMembers)],
        Executed,
    ),
    smds(
        must(16, "refuses a challenge that is not 16 bytes long"),
        BINDINGS,
        &[Initiated(Initiate::ShortChallenge)],
        NotExecuted,
    ),
    smds(
        must(17, "refuses a request without smdpAddress").tagged(&["json"]),
        ONCE,
        &[As(Form::Without(Member("smdpAddress")), &INITIATE)],
        NotExecuted,
    ),
    smds(
        must(18, "writes transactionId as 2 to 32 upper-case hexadecimal digits"),
        ONCE,
        &[As(Form::InJson, &INITIATE)],
        Holds(property::UPPER_CASE),
    ),
    smds(
        must(19, "answers in the Content-Type of the request"),
        BINDINGS,
        &[INITIATE],
        Holds(binding::CONTENT_TYPE),
    ),
    smds(
        must(20, "answers with X-Admin-Protocol, a version of SGP.22"),
        BINDINGS,
        &[INITIATE],
        Holds(binding::ADMIN_PROTOCOL),
    ),
    smds(
        must(21, "answers 200 where it refuses"),
        BINDINGS,
        &[Initiated(Initiate::OtherAddress)],
        Answer(refused::WITH_200),
    ),
];
