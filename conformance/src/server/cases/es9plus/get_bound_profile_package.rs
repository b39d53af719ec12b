//! ES9+.GetBoundProfilePackage (SGP.22 §5.6.2).

use protocol::status::StatusCode as Code;

use crate::case::{Function, Head, Variants};
use crate::server::Case;
use crate::server::call::Code::{HashedOnce, NotAskedFor, OfAnotherSession, Wrong};
use crate::server::call::{Authenticate, Code as ConfirmationCodeGiven, Download, Key};
use crate::server::cases::{AUTHENTICATE, DOWNLOAD, INITIATE, smdp};
use crate::server::expected::Expected::{Answer, Executed, Holds, NotExecuted, Refused, RefusedSomehow};
use crate::server::message::{Form, Member};
use crate::server::orders::OrderKind::{ConfirmationCode, Linked, Released};
use crate::server::property::bound_profile_package as property;
use crate::server::step::Step::{
    self, AnotherEuicc, As, AsOftenAsItGoes, AuthenticateClient as Auth, GetBoundProfilePackage as Get,
    Order, UnlessFirst, Whatever,
};

const FUNCTION: Function = Function { interface: "ES9+", name: "GetBoundProfilePackage", section: "5.6.2" };
/// What is in the package.
const PACKAGE: Function = Function { interface: "ES8+", name: "BoundProfilePackage", section: "2.5.4" };

const fn must(number: u16, requirement: &'static str) -> Head {
    Head::must(FUNCTION, number, requirement)
}

const fn should(number: u16, requirement: &'static str) -> Head {
    Head::should(FUNCTION, number, requirement)
}

const fn package(number: u16, requirement: &'static str) -> Head {
    Head::must(PACKAGE, number, requirement).tagged(&["package"])
}

const ALL: Variants = Variants::ALL;
const CURVES: Variants = Variants::CURVES;
const BINDINGS: Variants = Variants::BINDINGS;
const ONCE: Variants = Variants::ONCE;

const TRANSACTION: Member = Member("transactionId");
const RESPONSE: Member = Member("prepareDownloadResponse");

/// Until the order is over: the session goes with each wrong code.
const WRONG_CODES: &[Step] = &[INITIATE, AUTHENTICATE, Whatever(&Get(Download::Code(Wrong)))];

pub(super) const CASES: &[Case] = &[
    smdp(
        must(1, "hands out a package to the eUICC that it was offered to"),
        ALL,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD],
        Holds(property::COMPLETE),
    ),
    smdp(
        must(2, "refuses euiccSignature2 with a bit changed").tagged(&["signature"]),
        ALL,
        &[Order(Released), INITIATE, AUTHENTICATE, Get(Download::SpoiledSignature)],
        Refused(&[Code::EUICC_SIGNATURE_INVALID]),
    ),
    smdp(
        must(3, "refuses euiccSignature2 that does not cover smdpSignature2").tagged(&["signature"]),
        CURVES,
        &[Order(Released), INITIATE, AUTHENTICATE, Get(Download::SignedWithoutSmdpSignature2)],
        Refused(&[Code::EUICC_SIGNATURE_INVALID]),
    ),
    smdp(
        must(4, "refuses euiccSignature2 that covers another smdpSignature2").tagged(&["signature"]),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, Get(Download::OtherSmdpSignature2)],
        Refused(&[Code::EUICC_SIGNATURE_INVALID]),
    ),
    smdp(
        must(5, "refuses the transactionId of no session"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, Get(Download::OtherTransaction)],
        Refused(&[Code::TRANSACTION_UNKNOWN]),
    ),
    smdp(
        must(6, "refuses another transactionId inside than outside"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, Get(Download::OtherTransactionInside)],
        RefusedSomehow,
    ),
    smdp(
        must(7, "hands out nothing before AuthenticateClient"),
        BINDINGS,
        &[Order(Released), INITIATE, Get(Download::TooEarly)],
        Refused(&[Code::TRANSACTION_UNKNOWN]),
    ),
    smdp(
        must(8, "hands out nothing after an AuthenticateClient that it refused"),
        ONCE,
        &[
            Order(Released),
            INITIATE,
            Whatever(&Auth(Authenticate::SpoiledSignature)),
            Get(Download::TooEarly),
        ],
        Refused(&[Code::TRANSACTION_UNKNOWN]),
    ),
    smdp(
        should(9, "hands out one package a session"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, DOWNLOAD],
        Refused(&[Code::TRANSACTION_UNKNOWN]),
    ),
    smdp(
        must(10, "hands out a package for the right confirmation code").tagged(&["confirmation-code"]),
        ALL,
        &[Order(ConfirmationCode), INITIATE, AUTHENTICATE, DOWNLOAD],
        Executed,
    ),
    smdp(
        must(11, "refuses a confirmation code that is missing").tagged(&["confirmation-code"]),
        BINDINGS,
        &[Order(ConfirmationCode), INITIATE, AUTHENTICATE, Get(Download::Code(ConfirmationCodeGiven::None))],
        Refused(&[Code::CONFIRMATION_CODE_MISSING]),
    ),
    smdp(
        must(12, "refuses a wrong confirmation code").tagged(&["confirmation-code"]),
        BINDINGS,
        &[Order(ConfirmationCode), INITIATE, AUTHENTICATE, Get(Download::Code(Wrong))],
        Refused(&[Code::CONFIRMATION_CODE_REFUSED]),
    ),
    smdp(
        must(13, "refuses a confirmation code that was hashed once").tagged(&["confirmation-code"]),
        ONCE,
        &[Order(ConfirmationCode), INITIATE, AUTHENTICATE, Get(Download::Code(HashedOnce))],
        Refused(&[Code::CONFIRMATION_CODE_REFUSED]),
    ),
    smdp(
        must(14, "refuses the hash of a confirmation code for another session")
            .tagged(&["confirmation-code"]),
        ONCE,
        &[Order(ConfirmationCode), INITIATE, AUTHENTICATE, Get(Download::Code(OfAnotherSession))],
        Refused(&[Code::CONFIRMATION_CODE_REFUSED]),
    ),
    smdp(
        must(15, "takes the right confirmation code after a wrong one")
            .tagged(&["confirmation-code", "retry"]),
        ONCE,
        &[
            Order(ConfirmationCode),
            INITIATE,
            AUTHENTICATE,
            Whatever(&Get(Download::Code(Wrong))),
            INITIATE,
            AUTHENTICATE,
            DOWNLOAD,
        ],
        Executed,
    ),
    smdp(
        should(16, "sets a limit to wrong confirmation codes within 30 tries")
            .tagged(&["confirmation-code", "retry"]),
        BINDINGS,
        &[Order(ConfirmationCode), AsOftenAsItGoes(WRONG_CODES)],
        Refused(OVER),
    ),
    smdp(
        should(17, "says within 30 tries when the last wrong confirmation code was given")
            .tagged(&["confirmation-code", "retry"]),
        ONCE,
        &[
            Order(ConfirmationCode),
            Whatever(&AsOftenAsItGoes(WRONG_CODES)),
            UnlessFirst(Code::DOWNLOAD_ATTEMPTS_EXCEEDED, Code::CONFIRMATION_CODE_ATTEMPTS_EXCEEDED),
        ],
        Answer(property::SAID_TOO_OFTEN),
    ),
    smdp(
        should(18, "passes over a confirmation code that nobody asked for").tagged(&["confirmation-code"]),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, Get(Download::Code(NotAskedFor))],
        Executed,
    ),
    smdp(
        must(19, "serves an eUICC again that kept its one-time key").tagged(&["retry"]),
        ALL,
        &[
            Order(Released),
            INITIATE,
            AUTHENTICATE,
            DOWNLOAD,
            INITIATE,
            AUTHENTICATE,
            Get(Download::Key(Key::Same)),
        ],
        Executed,
    ),
    smdp(
        should(20, "uses the package again where the one-time key is the same").tagged(&["retry"]),
        CURVES,
        &[
            Order(Released),
            INITIATE,
            AUTHENTICATE,
            DOWNLOAD,
            INITIATE,
            AUTHENTICATE,
            Get(Download::Key(Key::Same)),
        ],
        Holds(property::SAME_PACKAGE),
    ),
    smdp(
        must(21, "binds anew for another one-time key, or refuses to").tagged(&["retry"]),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, INITIATE, AUTHENTICATE, DOWNLOAD],
        Answer(property::BOUND_ANEW_OR_REFUSED),
    ),
    smdp(
        must(22, "refuses a one-time key that is not on the curve").tagged(&["key"]),
        CURVES,
        &[Order(Released), INITIATE, AUTHENTICATE, Get(Download::Key(Key::OffTheCurve))],
        NotExecuted,
    ),
    smdp(
        must(23, "refuses the point at infinity as one-time key").tagged(&["key"]),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, Get(Download::Key(Key::Infinity))],
        NotExecuted,
    ),
    smdp(
        must(24, "refuses a one-time key on another curve").tagged(&["key"]),
        CURVES,
        &[Order(Released), INITIATE, AUTHENTICATE, Get(Download::Key(Key::OtherCurve))],
        NotExecuted,
    ),
    smdp(
        must(25, "does not take downloadResponseError for consent"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, Get(Download::ResponseError)],
        NotExecuted,
    ),
    smdp(
        must(26, "refuses an answer of the eUICC that ends too early"),
        BINDINGS,
        &[Order(Released), INITIATE, AUTHENTICATE, Get(Download::NotDer)],
        NotExecuted,
    ),
    smdp(
        must(27, "refuses a request without transactionId").tagged(&["json"]),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, As(Form::Without(TRANSACTION), &DOWNLOAD)],
        NotExecuted,
    ),
    smdp(
        must(28, "refuses a request without prepareDownloadResponse").tagged(&["json"]),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, As(Form::Without(RESPONSE), &DOWNLOAD)],
        NotExecuted,
    ),
    smdp(
        should(29, "passes over members that it does not know").tagged(&["json"]),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, As(Form::Unknown, &DOWNLOAD)],
        Executed,
    ),
    smdp(
        should(30, "reads base64 that is broken into lines").tagged(&["json"]),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, As(Form::Wrapped(RESPONSE), &DOWNLOAD)],
        Executed,
    ),
    smdp(
        must(31, "hands out the package of an order that is linked to the eUICC").tagged(&["order"]),
        ONCE,
        &[AnotherEuicc, Order(Linked), INITIATE, AUTHENTICATE, DOWNLOAD],
        Executed,
    ),
    smdp(
        package(1, "begins with InitialiseSecureChannel, ConfigureISDP and StoreMetadata, in this order"),
        CURVES,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD],
        Holds(property::ORDER),
    ),
    smdp(
        package(2, "is signed with the key of CERT.DPpb over both one-time keys"),
        CURVES,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD],
        Holds(property::SIGNATURE),
    ),
    smdp(
        package(3, "names the transactionId of the session"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD],
        Holds(property::TRANSACTION),
    ),
    smdp(
        package(4, "asks for AES-128 with a host id of 1 to 16 bytes"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD],
        Holds(property::CONTROL_REFERENCE),
    ),
    smdp(
        package(5, "has a MAC on every segment that the eUICC can verify"),
        CURVES,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD],
        Holds(property::MACS),
    ),
    smdp(
        package(6, "stores the metadata that was offered"),
        CURVES,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD],
        Holds(property::METADATA),
    ),
    smdp(
        package(7, "has no segment of more than 1024 bytes"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD],
        Holds(property::SEGMENTS),
    ),
    smdp(
        package(8, "holds a profile with the ICCID of the metadata"),
        CURVES,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD],
        Holds(property::ICCID),
    ),
    smdp(
        package(9, "uses no one-time key of its own twice"),
        ONCE,
        &[Order(Released), INITIATE, AUTHENTICATE, DOWNLOAD, INITIATE, AUTHENTICATE, DOWNLOAD],
        Answer(property::FRESH_KEY_OR_REFUSED),
    ),
];

/// What SGP.22 has for an order that ended when the last wrong code was given. Each try is an attempt to download, too
/// (SGP.22 §3.1.3 step 3), and the limit to those may come first.
const OVER: &[Code] = &[
    Code::MATCHING_ID_REFUSED,
    Code::PROFILE_NOT_RELEASED,
    Code::EID_REFUSED,
    Code::CONFIRMATION_CODE_ATTEMPTS_EXCEEDED,
    Code::DOWNLOAD_ATTEMPTS_EXCEEDED,
];
