//! PrepareDownload (SGP.22 §5.7.5). What is wrong with certificates is in [`super::server_certificates`].

use asn1::{CancelSessionReason, DownloadErrorCode};

use crate::card::cases::prelude::*;

pub(super) const FUNCTION: Function =
    Function { interface: "ES10b", name: "PrepareDownload", section: "5.7.5" };

const GOOD: Step = Step::Ask(Request::PrepareDownload(Preparation::Good));
const POSTPONE: Step = Step::Do(Request::CancelSession(Cancellation::This(CancelSessionReason::POSTPONED)));

const fn case(number: u16, requirement: &'static str, steps: &'static [Step], expected: Expected) -> Case {
    let head = Head::must(FUNCTION, number, requirement);
    Case { head, variants: Variants::CURVES, needs: &[], steps, expected }
}

/// One thing is wrong, and this code says so.
macro_rules! refused {
    ($number:literal, $requirement:literal, $form:ident, $code:ident) => {
        case(
            $number,
            $requirement,
            &[Step::Authenticate, Step::Ask(Request::PrepareDownload(Preparation::$form))],
            Expected::Download(&[DownloadErrorCode::$code]),
        )
    };
}

const SOUND: &[Check] = &[
    Check::Prepared(Prepared::EchoesTransaction),
    Check::Prepared(Prepared::OtpkIsOnTheCurve),
    Check::Prepared(Prepared::SignatureVerifies),
];

/// SGP.22 §5.7.5 looks at the transactionId first; where there is no session, either answer is right.
const NO_SESSION: Expected =
    Expected::Download(&[DownloadErrorCode::NO_SESSION_CONTEXT, DownloadErrorCode::INVALID_TRANSACTION_ID]);

pub(super) const CASES: &[Case] = &[
    case(
        1,
        "The eUICC repeats the transactionId in what it signs.",
        &[Step::Authenticate, GOOD],
        Expected::Done(&[Check::Prepared(Prepared::EchoesTransaction)]),
    ),
    case(
        2,
        "The one-time key lies on the curve of CERT.DPpb.ECDSA.",
        &[Step::Authenticate, GOOD],
        Expected::Done(&[Check::Prepared(Prepared::OtpkIsOnTheCurve)]),
    ).tagged(&["key"]),
    case(
        3,
        "euiccSignature2 is made with the key of euiccSignature1 over euiccSigned2 and smdpSignature2.",
        &[Step::Authenticate, GOOD],
        Expected::Done(&[Check::Prepared(Prepared::SignatureVerifies)]),
    ).tagged(&["signature"]),
    case(
        4,
        "Without bppEuiccOtpk each session has a one-time key of its own.",
        &[Step::Prepare, POSTPONE, Step::Authenticate, GOOD],
        Expected::Done(&[Check::Prepared(Prepared::OtpkIsFresh)]),
    ).tagged(&["key", "retry"]),
    case(
        5,
        "The hash of a confirmation code goes into what the eUICC signs.",
        &[Step::Authenticate, Step::Ask(Request::PrepareDownload(Preparation::WithHashCc))],
        Expected::Done(&[
            Check::Prepared(Prepared::HashCcIsThere),
            Check::Prepared(Prepared::SignatureVerifies),
        ]),
    ).tagged(&["confirmation-code"]),
    case(
        6,
        "Without a confirmation code there is no hash in what the eUICC signs.",
        &[Step::Authenticate, GOOD],
        Expected::Done(&[Check::Prepared(Prepared::NoHashCc)]),
    ).tagged(&["confirmation-code"]),
    case(
        7,
        "A bppEuiccOtpk that the eUICC does not keep is replaced by a new one-time key.",
        &[Step::Authenticate, Step::Ask(Request::PrepareDownload(Preparation::UnknownOtpk))],
        Expected::Done(SOUND),
    ).tagged(&["key"]),
    Case {
        needs: &[Need::Room(1)],
        ..case(
            8,
            "With the bppEuiccOtpk of a session that was put off, the one-time key told is the one that packages are opened with.",
            &[
                Step::Prepare,
                POSTPONE,
                Step::Authenticate,
                Step::Do(Request::PrepareDownload(Preparation::EarlierOtpk)),
                Step::Ask(Request::Load(Portion::FromTheStart(Package::Good(Slot::A, Form::Plain)))),
            ],
            Expected::Done(&[Check::Installed(Installed::SignatureVerifies)]),
        ).tagged(&["key", "retry"])
    },
    Case {
        needs: &[Need::Room(1)],
        ..case(
            9,
            "A one-time key that a profile was installed with is never used again.",
            &[
                Step::Install(Slot::A, Form::Plain),
                Step::Authenticate,
                Step::Ask(Request::PrepareDownload(Preparation::EarlierOtpk)),
            ],
            Expected::Done(&[Check::Prepared(Prepared::OtpkIsFresh)]),
        ).tagged(&["key"])
    },
    case(10, "Without a session there is nothing to prepare.", &[GOOD], NO_SESSION).tagged(&["session"]),
    case(
        11,
        "Before AuthenticateServer there is nothing to prepare.",
        &[Step::Do(Request::GetEuiccChallenge), GOOD],
        NO_SESSION,
    ).tagged(&["session"]),
    case(
        12,
        "After a failed AuthenticateServer there is nothing to prepare.",
        &[
            Step::Do(Request::GetEuiccChallenge),
            Step::Ask(Request::AuthenticateServer(Authentication::SpoiledSignature)),
            GOOD,
        ],
        NO_SESSION,
    ).tagged(&["session"]),
    refused!(
        13,
        "The transactionId of another session is refused.",
        OtherTransaction,
        INVALID_TRANSACTION_ID
    ).tagged(&["session"]),
    refused!(
        14,
        "An smdpSignature2 that is wrong in one bit is refused.",
        SpoiledSignature,
        INVALID_SIGNATURE
    ).tagged(&["signature"]),
    refused!(15, "An smdpSignature2 of another key is refused.", SignedByAnotherKey, INVALID_SIGNATURE).tagged(&["signature"]),
    refused!(
        16,
        "An smdpSignature2 that does not cover euiccSignature1 is refused.",
        SignedWithoutSignature1,
        INVALID_SIGNATURE
    ).tagged(&["signature"]),
    case(
        17,
        "An smdpSignature2 over the euiccSignature1 of another session is refused.",
        &[
            Step::Authenticate,
            Step::Authenticate,
            Step::Ask(Request::PrepareDownload(Preparation::EarlierSignature1)),
        ],
        Expected::Download(&[DownloadErrorCode::INVALID_SIGNATURE]),
    ).tagged(&["signature"]),
    refused!(18, "A ccRequiredFlag that is not the signed one is refused.", FlagChanged, INVALID_SIGNATURE).tagged(&["signature"]),
    case(
        19,
        "The error has the transactionId of the session.",
        &[Step::Authenticate, Step::Ask(Request::PrepareDownload(Preparation::SpoiledSignature))],
        Expected::OneOfAnd(&[Told::AnyCode], &[Check::Prepared(Prepared::ErrorNamesTransaction)]),
    ),
    // SGP.22 §3.1.3.2 step 2: among what the eUICC verifies. §5.7.5 does not repeat it.
    Case {
        head: Head::must(FUNCTION, 20, "A confirmation code that is required and not there is an error.").tagged(&["confirmation-code"]),
        variants: Variants::ONCE,
        needs: &[],
        steps: &[Step::Authenticate, Step::Ask(Request::PrepareDownload(Preparation::WithoutRequiredHashCc))],
        expected: Expected::OneOf(&[Told::AnyCode]),
    },
    case(
        21,
        "In a session with an SM-DS no download is prepared.",
        &[
            Step::Do(Request::GetEuiccChallenge),
            Step::Do(Request::AuthenticateServer(Authentication::Smds)),
            GOOD,
        ],
        Expected::OneOf(&[Told::AnyCode]),
    ).tagged(&["session"]),
    case(
        22,
        "After CancelSession there is nothing to prepare.",
        &[Step::Authenticate, POSTPONE, GOOD],
        NO_SESSION,
    ).tagged(&["session"]),
];
