//! ES9+.CancelSession (SGP.22 §5.6.5, §5.7.14).

use protocol::status::StatusCode as Code;

use crate::case::{Function, Head, Variants};
use crate::server::Case;
use crate::server::call::Cancel;
use crate::server::cases::{AUTHENTICATE, DOWNLOAD, INITIATE, smdp};
use crate::server::expected::Expected::{Executed, NotExecuted, Refused, RefusedSomehow};
use crate::server::message::{Form, Member};
use crate::server::orders::OrderKind::Released;
use crate::server::step::Step::{self, As, CancelSession, Order, Whatever};

const FUNCTION: Function = Function { interface: "ES9+", name: "CancelSession", section: "5.6.5" };

const fn must(number: u16, requirement: &'static str) -> Head {
    Head::must(FUNCTION, number, requirement).tagged(&["cancel"])
}

const fn should(number: u16, requirement: &'static str) -> Head {
    Head::should(FUNCTION, number, requirement).tagged(&["cancel"])
}

const ALL: Variants = Variants::ALL;
const BINDINGS: Variants = Variants::BINDINGS;
const ONCE: Variants = Variants::ONCE;

const TRANSACTION: Member = Member("transactionId");
const RESPONSE: Member = Member("cancelSessionResponse");
const OVER: &[Code] = &[Code::MATCHING_ID_REFUSED, Code::PROFILE_NOT_RELEASED, Code::EID_REFUSED];

const REJECTED: Step = CancelSession(Cancel::Reason(0));
const POSTPONED: Step = CancelSession(Cancel::Reason(1));
const TIMEOUT: Step = CancelSession(Cancel::Reason(2));
const PPR_NOT_ALLOWED: Step = CancelSession(Cancel::Reason(3));
const METADATA_MISMATCH: Step = CancelSession(Cancel::Reason(4));
const LOAD_ERROR: Step = CancelSession(Cancel::Reason(5));
const UNDEFINED: Step = CancelSession(Cancel::Reason(127));

// A reason that is final ends the order (SGP.22 §3.1.3.1 step 6), but by the NOTE in §5.6.5 operator and SM-DP+ may agree that
// the operator ends it: so it is a SHOULD.

pub(super) const CASES: &[Case] = &[
    smdp(
        must(1, "takes endUserRejection"),
        ALL,
        &[Order(Released), INITIATE, AUTHENTICATE, REJECTED],
        Executed,
    ),
    smdp(
        must(2, "takes postponed"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, POSTPONED],
        Executed,
    ),
    smdp(must(3, "takes timeout"), BINDINGS, &[Order(Released), INITIATE, AUTHENTICATE, TIMEOUT], Executed),
    smdp(
        must(4, "takes pprNotAllowed"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, PPR_NOT_ALLOWED],
        Executed,
    ),
    smdp(
        must(5, "takes metadataMismatch after the package was handed out"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, METADATA_MISMATCH],
        Executed,
    ),
    smdp(
        must(6, "takes loadBppExecutionError after the package was handed out"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, LOAD_ERROR],
        Executed,
    ),
    smdp(
        must(7, "takes undefinedReason"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, UNDEFINED],
        Executed,
    ),
    smdp(
        should(8, "ends the order for endUserRejection"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, REJECTED, INITIATE, AUTHENTICATE],
        Refused(OVER),
    ),
    smdp(
        must(9, "keeps the order for postponed"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, POSTPONED, INITIATE, AUTHENTICATE],
        Executed,
    ),
    smdp(
        must(10, "keeps the order for timeout"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, TIMEOUT, INITIATE, AUTHENTICATE],
        Executed,
    ),
    smdp(
        should(11, "ends the order for pprNotAllowed"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, PPR_NOT_ALLOWED, INITIATE, AUTHENTICATE],
        Refused(OVER),
    ),
    smdp(
        should(12, "ends the order for metadataMismatch"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, METADATA_MISMATCH, INITIATE, AUTHENTICATE],
        Refused(OVER),
    ),
    smdp(
        should(13, "ends the order for loadBppExecutionError"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, LOAD_ERROR, INITIATE, AUTHENTICATE],
        Refused(OVER),
    ),
    smdp(
        should(14, "ends the order for undefinedReason"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, UNDEFINED, INITIATE, AUTHENTICATE],
        Refused(OVER),
    ),
    smdp(
        must(15, "keeps the order for a download that was handed out and postponed"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, POSTPONED, INITIATE, AUTHENTICATE],
        Executed,
    ),
    smdp(
        must(16, "ends the session"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, POSTPONED, DOWNLOAD],
        Refused(&[Code::TRANSACTION_UNKNOWN]),
    ),
    smdp(
        must(17, "refuses to cancel a session twice"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, POSTPONED, POSTPONED],
        Refused(&[Code::TRANSACTION_UNKNOWN]),
    ),
    smdp(
        must(18, "refuses the transactionId of no session"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, CancelSession(Cancel::OtherTransaction)],
        Refused(&[Code::TRANSACTION_UNKNOWN]),
    ),
    smdp(
        must(19, "refuses another transactionId inside than outside"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, CancelSession(Cancel::OtherTransactionInside)],
        RefusedSomehow,
    ),
    smdp(
        must(20, "refuses a signature with a bit changed").tagged(&["cancel", "signature"]),
        ALL,
        &[Order(Released), INITIATE, AUTHENTICATE, CancelSession(Cancel::SpoiledSignature)],
        Refused(&[Code::EUICC_SIGNATURE_INVALID]),
    ),
    smdp(
        must(21, "refuses the OID of another SM-DP+"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, CancelSession(Cancel::OtherOid)],
        Refused(&[Code::SMDP_OID_MISMATCH]),
    ),
    smdp(
        must(22, "keeps the order where it refused to cancel"),
        ONCE,
        &[
            Order(Released),
            INITIATE,
            AUTHENTICATE,
            Whatever(&CancelSession(Cancel::SpoiledSignature)),
            INITIATE,
            AUTHENTICATE,
        ],
        Executed,
    ),
    smdp(
        must(23, "does not take cancelSessionResponseError for a cancellation"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, CancelSession(Cancel::ResponseError)],
        NotExecuted,
    ),
    smdp(
        must(24, "refuses an answer of the eUICC that ends too early"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, CancelSession(Cancel::NotDer)],
        NotExecuted,
    ),
    smdp(
        should(25, "refuses to cancel before the eUICC has authenticated itself"),
        ONCE,
        &[Order(Released), INITIATE, REJECTED],
        Refused(&[Code::TRANSACTION_UNKNOWN]),
    ),
    smdp(
        must(26, "refuses a request without transactionId").tagged(&["cancel", "json"]),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, As(Form::Without(TRANSACTION), &POSTPONED)],
        NotExecuted,
    ),
    smdp(
        must(27, "refuses a request without cancelSessionResponse").tagged(&["cancel", "json"]),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, As(Form::Without(RESPONSE), &POSTPONED)],
        NotExecuted,
    ),
    smdp(
        should(28, "passes over members that it does not know").tagged(&["cancel", "json"]),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, As(Form::Unknown, &POSTPONED)],
        Executed,
    ),
];
