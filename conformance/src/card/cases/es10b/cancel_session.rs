//! CancelSession (SGP.22 §5.7.14).

use asn1::{CancelSessionReason, CancelSessionResponseError};

use crate::card::cases::prelude::*;

const FUNCTION: Function = Function { interface: "ES10b", name: "CancelSession", section: "5.7.14" };

const INVALID_TRANSACTION_ID: Expected =
    Expected::OneOf(&[Told::Code(Code::Cancel(CancelSessionResponseError::INVALID_TRANSACTION_ID))]);

const POSTPONE: Request = Request::CancelSession(Cancellation::This(CancelSessionReason::POSTPONED));

const TAGS: &[&str] = &["cancel", "session"];

const fn case(number: u16, requirement: &'static str, steps: &'static [Step], expected: Expected) -> Case {
    let head = Head::must(FUNCTION, number, requirement).tagged(TAGS);
    Case { head, variants: Variants::ONCE, needs: &[], steps, expected }
}

/// The session is cancelled for this reason, and the signed part says so.
macro_rules! reason {
    ($number:literal $reason:ident $name:literal) => {
        Case {
            variants: Variants::CURVES,
            ..case(
                $number,
                concat!("A session is cancelled because of ", $name, "."),
                &[
                    Step::Prepare,
                    Step::Ask(Request::CancelSession(Cancellation::This(CancelSessionReason::$reason))),
                ],
                Expected::Done(&[
                    Check::Cancelled(Cancelled::ReasonIs(CancelSessionReason::$reason)),
                    Check::Cancelled(Cancelled::EchoesTransaction),
                    Check::Cancelled(Cancelled::SignatureVerifies),
                ]),
            )
        }
    };
}

pub(super) const CASES: &[Case] = &[
    reason!(1 END_USER_REJECTION "endUserRejection"),
    reason!(2 POSTPONED "postponed"),
    reason!(3 TIMEOUT "timeout"),
    reason!(4 PPR_NOT_ALLOWED "pprNotAllowed"),
    reason!(5 METADATA_MISMATCH "metadataMismatch"),
    reason!(6 LOAD_BPP_EXECUTION_ERROR "loadBppExecutionError"),
    reason!(7 UNDEFINED_REASON "undefinedReason"),
    case(
        8,
        "smdpOid is the object identifier in CERT.DPauth.ECDSA.",
        &[Step::Authenticate, Step::Ask(POSTPONE)],
        Expected::Done(&[Check::Cancelled(Cancelled::NamesTheServer)]),
    ),
    case(
        9,
        "A session can be cancelled before a download is prepared.",
        &[Step::Authenticate, Step::Ask(POSTPONE)],
        Expected::Done(&[
            Check::Cancelled(Cancelled::EchoesTransaction),
            Check::Cancelled(Cancelled::SignatureVerifies),
        ]),
    ),
    case(
        10,
        "The transactionId of no session is refused.",
        &[Step::Authenticate, Step::Ask(Request::CancelSession(Cancellation::Other))],
        INVALID_TRANSACTION_ID,
    ),
    case(11, "Without a session there is nothing to cancel.", &[Step::Ask(POSTPONE)], INVALID_TRANSACTION_ID),
    case(
        12,
        "Before AuthenticateServer the eUICC knows no transactionId.",
        &[Step::Do(Request::GetEuiccChallenge), Step::Ask(POSTPONE)],
        INVALID_TRANSACTION_ID,
    ),
    case(
        13,
        "A session is cancelled once.",
        &[Step::Authenticate, Step::Do(POSTPONE), Step::Ask(POSTPONE)],
        INVALID_TRANSACTION_ID,
    ),
    Case {
        needs: &[Need::Room(1)],
        ..case(
            14,
            "A session is cancelled while a package is loaded, and the package is given up.",
            &[
                Step::Prepare,
                Step::Bind(Package::Good(Slot::A, Form::Plain)),
                Step::Do(Request::Load(Portion::Next(4))),
                Step::Ask(Request::CancelSession(Cancellation::This(
                    CancelSessionReason::LOAD_BPP_EXECUTION_ERROR,
                ))),
            ],
            Expected::Done(&[
                Check::Cancelled(Cancelled::SignatureVerifies),
                Check::Installed(Installed::NothingMoreIsTaken),
                Check::Profiles(Profiles::Absent(Slot::A)),
            ]),
        )
    },
    Case {
        head: Head::should(FUNCTION, 15, "A refused CancelSession leaves the session as it was.")
            .tagged(TAGS),
        ..case(
            15,
            "",
            &[
                Step::Authenticate,
                Step::Ask(Request::CancelSession(Cancellation::Other)),
                Step::Ask(Request::PrepareDownload(Preparation::Good)),
            ],
            Expected::Done(&[Check::Prepared(Prepared::SignatureVerifies)]),
        )
    },
    Case {
        head: Head::should(
            FUNCTION,
            16,
            "After the Profile Installation Result there is no session to cancel.",
        )
        .tagged(TAGS),
        needs: &[Need::Room(1)],
        ..case(16, "", &[Step::Install(Slot::A, Form::Plain), Step::Ask(POSTPONE)], INVALID_TRANSACTION_ID)
    },
];
