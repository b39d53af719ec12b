//! ES9+.AuthenticateClient (SGP.22 §5.6.3). What may be wrong with the certificates of the eUICC is in a file of its own.

use protocol::status::StatusCode as Code;

use crate::case::{Function, Head, Variants};
use crate::server::Case;
use crate::server::call::{Authenticate, Cancel, Notify};
use crate::server::cases::{AUTHENTICATE, DOWNLOAD, INITIATE, smdp};
use crate::server::expected::Expected::{Executed, Holds, NotExecuted, Refused, RefusedSomehow};
use crate::server::message::{Form, Member};
use crate::server::orders::OrderKind::{
    ConfirmationCode, Confirmed, DefaultSmdp, Expired, Linked, LinkedElsewhere, Ppr1, Released,
};
use crate::server::property::authenticate_client as property;
use crate::server::step::Step::{
    AnotherEuicc, As, AsOftenAsItGoes, AuthenticateClient as Auth, CancelSession, HandleNotification, Order,
    Whatever,
};

pub(super) const FUNCTION: Function =
    Function { interface: "ES9+", name: "AuthenticateClient", section: "5.6.3" };

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

const TRANSACTION: Member = Member("transactionId");
const RESPONSE: Member = Member("authenticateServerResponse");

/// Where SGP.23 has its sequences of errors; cases that name no number are of one whose number is not known here.
const SECTION: &str = "4.3.14.2.2";

/// What SGP.22 has for an order that is not to be had any more: it names no code for one that is over.
const OVER: &[Code] = &[Code::MATCHING_ID_REFUSED, Code::PROFILE_NOT_RELEASED, Code::EID_REFUSED];

pub(super) const CASES: &[Case] = &[
    smdp(
        must(1, "offers the profile of a released order"),
        ALL,
        &[Order(Released), INITIATE, AUTHENTICATE],
        Holds(property::COMPLETE),
    ),
    smdp(
        must(2, "signs smdpSigned2 and euiccSignature1 with the key of smdpCertificate"),
        ALL,
        &[Order(Released), INITIATE, AUTHENTICATE],
        Holds(property::SIGNATURE),
    ),
    smdp(
        must(3, "shows a valid CERT.DPpb below the CI of CERT.DPauth"),
        CURVES,
        &[Order(Released), INITIATE, AUTHENTICATE],
        Holds(property::CERTIFICATE),
    ),
    smdp(
        must(4, "shows a CERT.DPpb with the OID of CERT.DPauth"),
        CURVES,
        &[Order(Released), INITIATE, AUTHENTICATE],
        Holds(property::SAME_SERVER),
    ),
    smdp(
        must(5, "signs the transactionId of the session"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE],
        Holds(property::TRANSACTION),
    ),
    smdp(
        must(6, "shows the metadata of the profile that was ordered"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE],
        Holds(property::METADATA),
    ),
    smdp(
        must(7, "asks for no confirmation code where the order has none"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE],
        Holds(property::NO_CODE_REQUIRED),
    ),
    smdp(
        must(8, "asks for the confirmation code that the order has").tagged(&["confirmation-code"]),
        ONCE,
        &[Order(ConfirmationCode), INITIATE, AUTHENTICATE],
        Holds(property::CODE_REQUIRED),
    ),
    smdp(
        must(10, "refuses euiccSignature1 with a bit changed").sgp23(SECTION).tagged(&["signature"]),
        ALL,
        &[Order(Released), INITIATE, Auth(Authenticate::SpoiledSignature)],
        Refused(&[Code::EUICC_SIGNATURE_INVALID]),
    ),
    smdp(
        must(11, "refuses euiccSignature1 of another key").tagged(&["signature"]),
        CURVES,
        &[Order(Released), INITIATE, Auth(Authenticate::ForeignSignature)],
        Refused(&[Code::EUICC_SIGNATURE_INVALID]),
    ),
    smdp(
        must(12, "refuses euiccSignature1 that is too short").tagged(&["signature"]),
        BINDINGS,
        &[Order(Released), INITIATE, Auth(Authenticate::ShortSignature)],
        NotExecuted,
    ),
    smdp(
        must(13, "refuses another serverChallenge than its own").sgp23(SECTION),
        BINDINGS,
        &[Order(Released), INITIATE, Auth(Authenticate::OtherChallenge)],
        Refused(&[Code::EUICC_SIGNATURE_INVALID]),
    ),
    smdp(
        must(14, "refuses the transactionId of no session").sgp23(SECTION),
        BINDINGS,
        &[Order(Released), INITIATE, Auth(Authenticate::OtherTransaction)],
        Refused(&[Code::TRANSACTION_UNKNOWN]),
    ),
    smdp(
        must(15, "refuses another transactionId inside than outside"),
        BINDINGS,
        &[Order(Released), INITIATE, Auth(Authenticate::OtherTransactionInside)],
        RefusedSomehow,
    ),
    smdp(
        should(16, "refuses another serverAddress than its own"),
        ONCE,
        &[Order(Released), INITIATE, Auth(Authenticate::OtherServerAddress)],
        RefusedSomehow,
    ),
    smdp(
        should(17, "takes AuthenticateClient once in a session"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, AUTHENTICATE],
        Refused(&[Code::TRANSACTION_UNKNOWN]),
    ),
    smdp(
        must(18, "serves the order after a session in which it refused a signature"),
        ONCE,
        &[Order(Released), INITIATE, Whatever(&Auth(Authenticate::SpoiledSignature)), INITIATE, AUTHENTICATE],
        Executed,
    ),
    smdp(
        should(19, "refuses euiccInfo2 of another version than euiccInfo1").tagged(&["version"]),
        ONCE,
        &[Order(Released), INITIATE, Auth(Authenticate::OtherSvn)],
        RefusedSomehow,
    ),
    smdp(
        must(20, "refuses an unknown MatchingID").sgp23("4.3.14.2.2 #11").tagged(&["order"]),
        BINDINGS,
        &[Order(Released), INITIATE, Auth(Authenticate::MatchingId("NO-SUCH-ORDER-0"))],
        Refused(&[Code::MATCHING_ID_REFUSED]),
    ),
    smdp(
        must(21, "refuses an eUICC that nothing waits for and that names no MatchingID")
            .sgp23("4.3.14.2.2 #14")
            .tagged(&["order"]),
        BINDINGS,
        &[AnotherEuicc, INITIATE, Auth(Authenticate::NoMatchingId)],
        Refused(&[Code::EID_REFUSED, Code::MATCHING_ID_REFUSED]),
    ),
    smdp(
        must(22, "takes an empty MatchingID for none").tagged(&["order"]),
        BINDINGS,
        &[AnotherEuicc, INITIATE, Auth(Authenticate::EmptyMatchingId)],
        Refused(&[Code::EID_REFUSED, Code::MATCHING_ID_REFUSED]),
    ),
    smdp(
        must(23, "serves the eUICC that the order is linked to").tagged(&["order"]),
        BINDINGS,
        &[AnotherEuicc, Order(Linked), INITIATE, AUTHENTICATE],
        Holds(property::METADATA),
    ),
    smdp(
        should(24, "finds the order of an eUICC that names no MatchingID").tagged(&["order"]),
        BINDINGS,
        &[AnotherEuicc, Order(Linked), INITIATE, Auth(Authenticate::NoMatchingId)],
        Holds(property::METADATA),
    ),
    smdp(
        should(25, "finds the order of an eUICC whose MatchingID is empty").tagged(&["order"]),
        ONCE,
        &[AnotherEuicc, Order(Linked), INITIATE, Auth(Authenticate::EmptyMatchingId)],
        Holds(property::METADATA),
    ),
    smdp(
        must(26, "refuses an eUICC where the order is linked to another")
            .sgp23("4.3.14.2.2 #19")
            .tagged(&["order"]),
        BINDINGS,
        &[AnotherEuicc, Order(LinkedElsewhere), INITIATE, AUTHENTICATE],
        Refused(&[Code::EID_REFUSED]),
    ),
    smdp(
        must(27, "serves the default SM-DP+ use case without a MatchingID").tagged(&["order"]),
        BINDINGS,
        &[AnotherEuicc, Order(DefaultSmdp), INITIATE, Auth(Authenticate::NoMatchingId)],
        Holds(property::METADATA),
    ),
    smdp(
        must(28, "serves the default SM-DP+ use case with an empty MatchingID").tagged(&["order"]),
        ONCE,
        &[AnotherEuicc, Order(DefaultSmdp), INITIATE, Auth(Authenticate::EmptyMatchingId)],
        Holds(property::METADATA),
    ),
    smdp(
        must(29, "refuses a MatchingID that the order of the eUICC has not")
            .sgp23(SECTION)
            .tagged(&["order"]),
        ONCE,
        &[AnotherEuicc, Order(DefaultSmdp), INITIATE, Auth(Authenticate::MatchingId("NO-SUCH-ORDER-0"))],
        Refused(&[Code::MATCHING_ID_REFUSED]),
    ),
    smdp(
        must(30, "refuses a profile that is not released").sgp23("4.3.14.2.2 #8").tagged(&["order"]),
        BINDINGS,
        &[Order(Confirmed), INITIATE, AUTHENTICATE],
        Refused(&[Code::PROFILE_NOT_RELEASED]),
    ),
    smdp(
        must(31, "refuses an order that has expired").sgp23("4.3.14.2.2 #16").tagged(&["order"]),
        BINDINGS,
        &[Order(Expired), INITIATE, AUTHENTICATE],
        Refused(&[Code::ORDER_EXPIRED]),
    ),
    smdp(
        must(32, "refuses a profile with a rule that the eUICC forbids")
            .sgp23("4.3.14.2.2 #15")
            .tagged(&["eligibility"]),
        BINDINGS,
        &[Order(Ppr1), INITIATE, Auth(Authenticate::ForbidsPpr1)],
        Refused(&[Code::PROFILE_TYPE_STOPPED]),
    ),
    smdp(
        should(33, "refuses a profile that the eUICC has no room for").tagged(&["eligibility"]),
        BINDINGS,
        &[Order(Released), INITIATE, Auth(Authenticate::NoMemory)],
        Refused(&[Code::EUICC_MEMORY_INSUFFICIENT, Code::PROFILE_TYPE_STOPPED]),
    ),
    smdp(
        should(34, "refuses an order that was tried too often, within 30 tries")
            .sgp23("4.3.14.2.2 #17")
            .tagged(&["order", "retry"]),
        ONCE,
        &[Order(Released), AsOftenAsItGoes(&[INITIATE, AUTHENTICATE])],
        Refused(&[Code::DOWNLOAD_ATTEMPTS_EXCEEDED]),
    ),
    smdp(
        should(35, "ends an order that was tried too often, within 30 tries").tagged(&["order", "retry"]),
        ONCE,
        &[Order(Released), Whatever(&AsOftenAsItGoes(&[INITIATE, AUTHENTICATE])), INITIATE, AUTHENTICATE],
        Refused(&[Code::MATCHING_ID_REFUSED, Code::PROFILE_NOT_RELEASED, Code::DOWNLOAD_ATTEMPTS_EXCEEDED]),
    ),
    smdp(
        must(36, "offers a profile again whose package was handed out").tagged(&["retry"]),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, INITIATE, AUTHENTICATE],
        Executed,
    ),
    smdp(
        must(37, "names no one-time key but the one that the package was bound with").tagged(&["retry"]),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, INITIATE, AUTHENTICATE],
        Holds(property::EARLIER_KEY),
    ),
    smdp(
        must(38, "keeps a profile that was handed out from any other eUICC").tagged(&["order"]),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, AnotherEuicc, INITIATE, AUTHENTICATE],
        Refused(&[Code::EID_REFUSED]),
    ),
    smdp(
        must(39, "offers no profile that was installed").tagged(&["order"]),
        ONCE,
        &[
            Order(Released),
            INITIATE,
            AUTHENTICATE,
            DOWNLOAD,
            HandleNotification(Notify::Installed),
            INITIATE,
            AUTHENTICATE,
        ],
        Refused(OVER),
    ),
    smdp(
        should(40, "offers no profile whose installation failed").tagged(&["order"]),
        ONCE,
        &[
            Order(Released),
            INITIATE,
            AUTHENTICATE,
            DOWNLOAD,
            HandleNotification(Notify::NotInstalled(5, 12)),
            INITIATE,
            AUTHENTICATE,
        ],
        Refused(OVER),
    ),
    smdp(
        should(41, "offers no profile that the user rejected").tagged(&["order", "cancel"]),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, CancelSession(Cancel::Reason(0)), INITIATE, AUTHENTICATE],
        Refused(OVER),
    ),
    smdp(
        must(42, "offers a profile again that the user postponed").tagged(&["order", "cancel"]),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, CancelSession(Cancel::Reason(1)), INITIATE, AUTHENTICATE],
        Executed,
    ),
    smdp(
        must(43, "does not take authenticateResponseError for an authentication"),
        BINDINGS,
        &[Order(Released), INITIATE, Auth(Authenticate::ResponseError)],
        NotExecuted,
    ),
    smdp(
        must(44, "refuses an answer of the eUICC that ends too early"),
        BINDINGS,
        &[Order(Released), INITIATE, Auth(Authenticate::NotDer)],
        NotExecuted,
    ),
    smdp(
        must(45, "refuses the answer of the eUICC to another function"),
        BINDINGS,
        &[Order(Released), INITIATE, Auth(Authenticate::OtherObject)],
        NotExecuted,
    ),
    smdp(
        should(46, "passes over members of deviceInfo that a later version adds").tagged(&["version"]),
        BINDINGS,
        &[Order(Released), INITIATE, Auth(Authenticate::UnknownMembers)],
        Executed,
    ),
    smdp(
        must(47, "refuses a request without transactionId").tagged(&["json"]),
        ONCE,
        &[Order(Released), INITIATE, As(Form::Without(TRANSACTION), &AUTHENTICATE)],
        NotExecuted,
    ),
    smdp(
        must(48, "refuses a request without authenticateServerResponse").tagged(&["json"]),
        ONCE,
        &[Order(Released), INITIATE, As(Form::Without(RESPONSE), &AUTHENTICATE)],
        NotExecuted,
    ),
    smdp(
        must(49, "refuses a transactionId that is a number").tagged(&["json"]),
        ONCE,
        &[Order(Released), INITIATE, As(Form::Number(TRANSACTION), &AUTHENTICATE)],
        NotExecuted,
    ),
    smdp(
        must(50, "refuses a transactionId that is not hexadecimal").tagged(&["json"]),
        ONCE,
        &[Order(Released), INITIATE, As(Form::Text(TRANSACTION, "NO-TRANSACTION"), &AUTHENTICATE)],
        NotExecuted,
    ),
    smdp(
        must(51, "refuses an answer of the eUICC that is no base64").tagged(&["json"]),
        ONCE,
        &[Order(Released), INITIATE, As(Form::NotBase64(RESPONSE), &AUTHENTICATE)],
        NotExecuted,
    ),
    smdp(
        should(52, "passes over members that it does not know").tagged(&["json"]),
        ONCE,
        &[Order(Released), INITIATE, As(Form::Unknown, &AUTHENTICATE)],
        Executed,
    ),
    smdp(
        should(53, "passes over a header that the request should not have").tagged(&["json"]),
        ONCE,
        &[Order(Released), INITIATE, As(Form::WithHeader, &AUTHENTICATE)],
        Executed,
    ),
    smdp(
        should(54, "reads base64 that is broken into lines").tagged(&["json"]),
        ONCE,
        &[Order(Released), INITIATE, As(Form::Wrapped(RESPONSE), &AUTHENTICATE)],
        Executed,
    ),
];
