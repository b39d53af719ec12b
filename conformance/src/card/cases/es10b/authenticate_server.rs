//! AuthenticateServer (SGP.22 §5.7.13). What is wrong with certificates is in [`super::server_certificates`].

use asn1::AuthenticateErrorCode;

use crate::card::cases::prelude::*;

pub(super) const FUNCTION: Function =
    Function { interface: "ES10b", name: "AuthenticateServer", section: "5.7.13" };

const GOOD: &[Step] =
    &[Step::Do(Request::GetEuiccChallenge), Step::Ask(Request::AuthenticateServer(Authentication::Good))];

const fn good(number: u16, requirement: &'static str, checks: &'static [Check]) -> Case {
    case(number, requirement, GOOD, Expected::Done(checks))
}

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
            &[
                Step::Do(Request::GetEuiccChallenge),
                Step::Ask(Request::AuthenticateServer(Authentication::$form)),
            ],
            Expected::Authenticate(&[AuthenticateErrorCode::$code]),
        )
    };
}

macro_rules! answered {
    ($form:expr) => {
        &[Step::Do(Request::GetEuiccChallenge), Step::Ask(Request::AuthenticateServer($form))]
    };
}

const SOUND: &[Check] = &[
    Check::Authenticated(Authenticated::Echoes),
    Check::Authenticated(Authenticated::SignatureVerifies),
    Check::Authenticated(Authenticated::ContextIsCopied),
];

pub(super) const CASES: &[Case] = &[
    good(
        1,
        "The eUICC repeats transactionId, serverAddress and serverChallenge in what it signs.",
        &[Check::Authenticated(Authenticated::Echoes)],
    ),
    good(
        2,
        "euiccSignature1 is made with the eUICC's key over euiccSigned1.",
        &[Check::Authenticated(Authenticated::SignatureVerifies)],
    )
    .tagged(&["signature"]),
    good(
        3,
        "CERT.EUICC.ECDSA and CERT.EUM.ECDSA lead to the Certificate Issuer of euiccCiPKIdToBeUsed.",
        &[Check::Authenticated(Authenticated::ChainIsGood)],
    )
    .tagged(&["certificate"]),
    good(
        4,
        "CERT.EUICC.ECDSA names the EID of the eUICC.",
        &[Check::Authenticated(Authenticated::CertificateNamesEid)],
    )
    .tagged(&["certificate"]),
    good(
        5,
        "euiccInfo2 in euiccSigned1 is EUICCInfo2 as it stands.",
        &[Check::Authenticated(Authenticated::InfoIsThatOfGetEuiccInfo)],
    ),
    case(
        6,
        "ctxParams1 with every member goes into euiccSigned1 byte for byte.",
        answered!(Authentication::FullContext),
        Expected::Done(SOUND),
    ),
    case(
        7,
        "ctxParams1 without a MatchingID goes into euiccSigned1 byte for byte.",
        answered!(Authentication::LeastContext),
        Expected::Done(SOUND),
    ),
    case(
        8,
        "An SM-DS is authenticated as an SM-DP+ is.",
        answered!(Authentication::Smds),
        Expected::Done(SOUND),
    ),
    case(
        9,
        "A transactionId of one byte is taken.",
        answered!(Authentication::TransactionOf(1)),
        Expected::Done(SOUND),
    ),
    case(
        10,
        "A transactionId of eight bytes is taken.",
        answered!(Authentication::TransactionOf(8)),
        Expected::Done(SOUND),
    ),
    Case {
        needs: &[Need::BothCurves],
        ..case(
            11,
            "The eUICC signs under the Certificate Issuer of euiccCiPKIdToBeUsed, also where the server is of another.",
            answered!(Authentication::CiOfOtherCurve),
            Expected::Done(&[
                Check::Authenticated(Authenticated::SignatureVerifies),
                Check::Authenticated(Authenticated::ChainIsThatOfOtherCurve),
            ]),
        )
    },
    case(
        12,
        "Without a challenge there is no session: noSessionContext.",
        &[Step::Ask(Request::AuthenticateServer(Authentication::Good))],
        Expected::Authenticate(&[AuthenticateErrorCode::NO_SESSION_CONTEXT]),
    )
    .tagged(&["session"]),
    refused!(
        13,
        "A serverSignature1 that is wrong in one bit is refused.",
        SpoiledSignature,
        INVALID_SIGNATURE
    )
    .tagged(&["signature"]),
    refused!(14, "A serverSignature1 of another key is refused.", SignedByAnotherKey, INVALID_SIGNATURE)
        .tagged(&["signature"]),
    refused!(
        15,
        "A transactionId that is not the signed one is refused.",
        TransactionChanged,
        INVALID_SIGNATURE
    )
    .tagged(&["signature"]),
    refused!(16, "A serverAddress that is not the signed one is refused.", AddressChanged, INVALID_SIGNATURE)
        .tagged(&["signature"]),
    refused!(17, "A challenge that is not the eUICC's is refused.", OtherChallenge, EUICC_CHALLENGE_MISMATCH)
        .tagged(&["session"]),
    refused!(
        18,
        "A euiccCiPKIdToBeUsed that the eUICC has no certificate under is refused.",
        UnknownCi,
        CI_PK_UNKNOWN
    ),
    case(
        19,
        "The error has the transactionId that the server chose.",
        answered!(Authentication::SpoiledSignature),
        Expected::OneOfAnd(&[Told::AnyCode], &[Check::Authenticated(Authenticated::ErrorNamesTransaction)]),
    ),
];
