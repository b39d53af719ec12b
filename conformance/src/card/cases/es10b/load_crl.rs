//! LoadCRL (SGP.22 §5.7.12).

use asn1::{AuthenticateErrorCode, LoadCrlError};

use crate::card::cases::prelude::*;
use crate::pki::{ServerDefect, SigningDefect};

const FUNCTION: Function = Function { interface: "ES10b", name: "LoadCRL", section: "5.7.12" };

const REFUSED: &[Need] = &[Need::Crl];

const fn case(
    number: u16,
    requirement: &'static str,
    needs: &'static [Need],
    steps: &'static [Step],
    expected: Expected,
) -> Case {
    let head = Head::must(FUNCTION, number, requirement).tagged(&["revocation"]);
    Case { head, variants: Variants::CURVES, needs, steps, expected }
}

/// A list that is taken cannot be taken back.
const fn lasting(number: u16, requirement: &'static str, steps: &'static [Step], expected: Expected) -> Case {
    case(number, requirement, &[Need::Crl, Need::Destructive], steps, expected)
        .tagged(&["revocation", "destructive"])
}

const fn load(crl: Crl) -> Request {
    Request::LoadCrl(crl)
}

const fn code(code: LoadCrlError) -> Told {
    Told::Code(Code::LoadCrl(code))
}

const AUTHENTICATE_REVOKED: Request = Request::AuthenticateServer(Authentication::Revoked);

pub(super) const CASES: &[Case] = &[
    Case {
        variants: Variants::ONCE,
        ..case(
            1,
            "An eUICC that does not support revocation lists does not know the command.",
            &[Need::NoCrl],
            &[Step::Ask(load(Crl::Empty))],
            Expected::OneOf(&[Told::Status(0x6A88)]),
        )
    },
    lasting(2, "A new complete list is loaded.", &[Step::Ask(load(Crl::Empty))], Expected::Done(&[])),
    lasting(
        3,
        "The same complete list is loaded once more, which is no error.",
        &[Step::Do(load(Crl::Empty)), Step::Ask(load(Crl::Same))],
        Expected::Done(&[]),
    ),
    lasting(
        4,
        "A list with a lower number than the last one is refused.",
        &[Step::Do(load(Crl::Empty)), Step::Ask(load(Crl::Older))],
        Expected::OneOf(&[code(LoadCrlError::FRESHER_CRL_ALREADY_LOADED)]),
    ),
    case(
        5,
        "A list whose signature is wrong is refused.",
        REFUSED,
        &[Step::Ask(load(Crl::SpoiledSignature))],
        Expected::OneOf(&[code(LoadCrlError::INVALID_SIGNATURE)]),
    ),
    case(
        6,
        "A list of an unknown Certificate Issuer is refused.",
        REFUSED,
        &[Step::Ask(load(Crl::UnknownIssuer))],
        Expected::OneOf(&[code(LoadCrlError::VERIFICATION_KEY_NOT_FOUND)]),
    ),
    case(
        7,
        "A list without a number is refused.",
        REFUSED,
        &[Step::Ask(load(Crl::WithoutNumber))],
        Expected::OneOf(&[code(LoadCrlError::INVALID_CRL_FORMAT)]),
    ),
    case(
        8,
        "A delta list whose base was never loaded is refused.",
        REFUSED,
        &[Step::Ask(load(Crl::DeltaWithoutBase))],
        Expected::OneOf(&[code(LoadCrlError::BASE_CRL_MISSING)]),
    ),
    lasting(
        9,
        "After one of three parts the other two are missing.",
        &[Step::Ask(load(Crl::SecondOfThree))],
        Expected::Done(&[Check::Information(Information::MissingPartsAre(&[1, 3]))]),
    ),
    lasting(
        10,
        "A server whose CERT.DPauth.ECDSA was revoked is not believed any more.",
        &[
            Step::Do(Request::GetEuiccChallenge),
            Step::Do(AUTHENTICATE_REVOKED),
            Step::Do(load(Crl::Revoking)),
            Step::Do(Request::GetEuiccChallenge),
            Step::Ask(AUTHENTICATE_REVOKED),
        ],
        Expected::Authenticate(SigningDefect::Revoked.authenticate_server_answers()),
    ),
    lasting(
        11,
        "An SM-DP+ whose CERT.DPpb.ECDSA was revoked in its session prepares no download.",
        &[
            Step::Do(Request::GetEuiccChallenge),
            Step::Do(AUTHENTICATE_REVOKED),
            Step::Do(load(Crl::Revoking)),
            Step::Ask(Request::PrepareDownload(Preparation::Good)),
        ],
        Expected::Download(SigningDefect::Revoked.prepare_download_answers()),
    ),
    lasting(
        12,
        "A certificate that expired before the last list was issued has expired.",
        &[
            Step::Do(load(Crl::Empty)),
            Step::Do(Request::GetEuiccChallenge),
            Step::Ask(Request::AuthenticateServer(Authentication::Defect(ServerDefect::Auth(
                SigningDefect::Expired,
            )))),
        ],
        Expected::Authenticate(&[AuthenticateErrorCode::INVALID_CERTIFICATE]),
    ),
    lasting(
        13,
        "A revocation list does not concern servers that are not on it.",
        &[
            Step::Do(load(Crl::Revoking)),
            Step::Authenticate,
            Step::Ask(Request::PrepareDownload(Preparation::Good)),
        ],
        Expected::Done(&[Check::Prepared(Prepared::SignatureVerifies)]),
    ),
    lasting(
        14,
        "What was revoked stays so over a reset.",
        &[
            Step::Do(load(Crl::Revoking)),
            Step::Reset,
            Step::Do(Request::GetEuiccChallenge),
            Step::Ask(AUTHENTICATE_REVOKED),
        ],
        Expected::Authenticate(SigningDefect::Revoked.authenticate_server_answers()),
    )
    .tagged(&["revocation", "destructive", "reset"]),
];
