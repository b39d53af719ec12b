//! GetEUICCChallenge (SGP.22 §5.7.7).

use asn1::{AuthenticateErrorCode, CancelSessionResponseError};

use crate::card::cases::prelude::*;

const FUNCTION: Function = Function { interface: "ES10b", name: "GetEUICCChallenge", section: "5.7.7" };

const CHALLENGE: Step = Step::Ask(Request::GetEuiccChallenge);

const fn case(head: Head, steps: &'static [Step], expected: Expected) -> Case {
    Case { head, variants: Variants::ONCE, needs: &[], steps, expected }
}

pub(super) const CASES: &[Case] = &[
    case(
        Head::must(FUNCTION, 1, "The eUICC gives a challenge of 16 bytes."),
        &[CHALLENGE],
        Expected::Done(&[]),
    ),
    case(
        Head::must(FUNCTION, 2, "Each challenge is a new one."),
        &[CHALLENGE, CHALLENGE, CHALLENGE, CHALLENGE, CHALLENGE, CHALLENGE, CHALLENGE, CHALLENGE],
        Expected::Done(&[Check::Information(Information::ChallengesDiffer)]),
    ),
    case(
        Head::must(FUNCTION, 3, "The challenge after a reset is a new one.").tagged(&["reset"]),
        &[CHALLENGE, Step::Reset, CHALLENGE, Step::Reset, CHALLENGE],
        Expected::Done(&[Check::Information(Information::ChallengesDiffer)]),
    ),
    case(
        Head::must(FUNCTION, 4, "A new challenge takes the place of the one before.").tagged(&["session"]),
        &[
            Step::Do(Request::GetEuiccChallenge),
            Step::Do(Request::GetEuiccChallenge),
            Step::Ask(Request::AuthenticateServer(Authentication::EarlierChallenge)),
        ],
        Expected::Authenticate(&[AuthenticateErrorCode::EUICC_CHALLENGE_MISMATCH]),
    ),
    case(
        Head::must(FUNCTION, 5, "A new challenge discards the session before.").tagged(&["session"]),
        &[
            Step::Authenticate,
            Step::Do(Request::GetEuiccChallenge),
            Step::Ask(Request::CancelSession(Cancellation::Earlier)),
        ],
        Expected::OneOf(&[Told::Code(Code::Cancel(CancelSessionResponseError::INVALID_TRANSACTION_ID))]),
    ),
    case(
        Head::should(FUNCTION, 6, "A session does not outlive a reset.").tagged(&["session", "reset"]),
        &[
            Step::Do(Request::GetEuiccChallenge),
            Step::Reset,
            Step::Ask(Request::AuthenticateServer(Authentication::Good)),
        ],
        Expected::Authenticate(&[AuthenticateErrorCode::NO_SESSION_CONTEXT]),
    ),
    Case {
        head: Head::must(
            FUNCTION,
            7,
            "A challenge is given while a package is loaded, and the package is given up.",
        )
        .tagged(&["session"]),
        variants: Variants::ONCE,
        needs: &[Need::Room(1)],
        steps: &[
            Step::Prepare,
            Step::Bind(Package::Good(Slot::A, Form::Plain)),
            Step::Do(Request::Load(Portion::Next(4))),
            CHALLENGE,
            Step::Ask(Request::Load(Portion::Next(1))),
        ],
        expected: Expected::OneOfAnd(
            &[Told::Status(0x6A88), Told::Status(0x6985)],
            &[Check::Profiles(Profiles::Absent(Slot::A)), Check::Notified(Notified::Are(&[]))],
        ),
    },
];
