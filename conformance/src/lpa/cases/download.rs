//! Profile download (SGP.22 §3.1.3), and what comes after a failure (§3.1.5).

use asn1::CancelSessionReason as Reason;
use protocol::es9plus::Function as Es9Plus;
use protocol::status::StatusCode;
use wire::fault::AnswerFault;

use super::{must, procedure};
use crate::case::Function;
use crate::lpa::case::Case;
use crate::lpa::expectation::Expectation::{
    Calls, Cancels, ConfirmationCodeHash, Installs, InstallsNothing, NewSession, OncePerSession, Sends,
};
use crate::lpa::expectation::MatchingId;
use crate::lpa::situation::{Act, DOWNLOAD, Deed, Order, Situation, Twist};

const DOWNLOADING: Function = procedure("Download", "3.1.3");
const CONFIRMATION: Function = procedure("Download", "3.1.3.2");
const AGAIN: Function = procedure("Download", "3.1.5");

const fn waits(order: Order) -> Situation {
    Situation { order, ..Situation::GOOD }
}

/// The user tries a second time.
const fn failing_once(twists: &'static [Twist]) -> Situation {
    Situation { acts: &[DOWNLOAD, DOWNLOAD, Act::Deliver], twists, ..Situation::GOOD }
}

pub(super) const CASES: &[Case] = &[
    Case::of_good(
        must(DOWNLOADING, 1, "A download calls the functions of ES9+ in their order, each once, and no others"),
        &[
            Calls(&[
                Es9Plus::InitiateAuthentication,
                Es9Plus::AuthenticateClient,
                Es9Plus::GetBoundProfilePackage,
                Es9Plus::HandleNotification,
            ]),
            Installs,
        ],
    ),
    Case {
        head: must(
            DOWNLOADING,
            2,
            "Where smdpSigned2 asks for a confirmation code, that of the user is hashed and sent",
        )
        .tagged(&["confirmation-code"]),
        situation: waits(Order { confirmation_code: true, ..Order::PLAIN }),
        expected: &[ConfirmationCodeHash, Installs],
    },
    Case {
        head: must(
            DOWNLOADING,
            3,
            "A profile with a Profile Policy Rule that the eUICC does not allow is refused with pprNotAllowed",
        )
        .tagged(&["cancel", "policy"]),
        situation: Situation { acts: &[DOWNLOAD], ..waits(Order { policy_rule: true, ..Order::PLAIN }) },
        expected: &[Cancels(&[Reason::PPR_NOT_ALLOWED]), InstallsNothing],
    },
    Case {
        head: must(DOWNLOADING, 4, "At the default SM-DP+ the MatchingID is empty").tagged(&["default"]),
        situation: Situation { acts: &[Act::DownloadFromDefault, Act::Deliver], ..Situation::GOOD },
        expected: &[Sends(MatchingId::None), Installs],
    },
    Case {
        head: must(CONFIRMATION, 1, "Where GetBoundProfilePackage is refused, the session is over").tagged(&["error"]),
        situation: Situation::twisted(&[Twist::every(
            Es9Plus::GetBoundProfilePackage,
            Deed::Refuses(StatusCode::CONFIRMATION_CODE_REFUSED),
        )]),
        expected: &[OncePerSession(Es9Plus::GetBoundProfilePackage)],
    },
    Case {
        head: must(AGAIN, 1, "After an answer with 500 a new attempt begins a new session").tagged(&["error", "retry"]),
        situation: failing_once(&[Twist::first(
            Es9Plus::AuthenticateClient,
            Deed::Answers(AnswerFault::InternalErrorHtml),
        )]),
        expected: &[NewSession, Installs],
    },
    Case {
        head: must(AGAIN, 2, "After a package that was cut off a new attempt begins a new session")
            .tagged(&["error", "retry"]),
        situation: failing_once(&[Twist::first(
            Es9Plus::GetBoundProfilePackage,
            Deed::Answers(AnswerFault::CutInBody),
        )]),
        expected: &[NewSession, Installs],
    },
];
