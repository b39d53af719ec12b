//! InitialiseSecureChannel (SGP.22 §5.5.1).

use asn1::DownloadErrorCode;
use protocol::bpp::defect::PackageDefect as Defect;

use super::defect;
use crate::card::cases::prelude::*;

const FUNCTION: Function = Function { interface: "ES8+", name: "InitialiseSecureChannel", section: "5.5.1" };

pub(super) const CASES: &[Case] = &[
    defect!(1, Defect::WrongSignature, "An smdpSign that is wrong in one bit is refused."),
    defect!(
        2,
        Defect::SignedByAnotherKey,
        "An smdpSign of another key than that of CERT.DPpb.ECDSA is refused."
    ),
    defect!(
        3,
        Defect::SignedWithoutEuiccOtpk,
        "An smdpSign that does not cover the eUICC's one-time key is refused."
    ),
    defect!(4, Defect::WrongTransactionId, "The transactionId of another session is refused."),
    defect!(5, Defect::WrongRemoteOpId, "A remoteOpId other than installBoundProfilePackage is refused."),
    defect!(6, Defect::WrongKeyType, "Another key type than AES is refused."),
    defect!(7, Defect::WrongKeyLength, "Another key length than 16 is refused."),
    defect!(8, Defect::OtpkOffTheCurve, "A one-time key that is no point of the curve is refused."),
    Case {
        head: Head::must(
            FUNCTION,
            9,
            "While a secure channel is open another one is refused with 6A88 or 6985.",
        )
        .tagged(&["package", "session"]),
        variants: Variants::ONCE,
        needs: &[Need::Room(1)],
        steps: &[
            Step::Prepare,
            Step::Bind(Package::Good(Slot::A, Form::Plain)),
            Step::Do(Request::Load(Portion::Next(1))),
            Step::Ask(Request::Load(Portion::Again)),
        ],
        expected: Expected::OneOf(&[Told::Status(0x6A88), Told::Status(0x6985)]),
    },
    Case {
        head: Head::must(
            FUNCTION,
            10,
            "A package that is refused leaves no session to prepare another download in.",
        )
        .tagged(&["package", "session"]),
        variants: Variants::ONCE,
        needs: &[Need::Room(1)],
        steps: &[
            Step::Prepare,
            Step::Ask(Request::Load(Portion::FromTheStart(Package::Defect(Defect::WrongSignature)))),
            Step::Ask(Request::PrepareDownload(Preparation::Good)),
        ],
        expected: Expected::Download(&[
            DownloadErrorCode::NO_SESSION_CONTEXT,
            DownloadErrorCode::INVALID_TRANSACTION_ID,
        ]),
    },
];
