//! Activation codes (SGP.22 §4.1), and what of them the procedure makes use of (§3.1.3).

use protocol::es9plus::Function as Es9Plus;

use super::{must, procedure, should};
use crate::case::Function;
use crate::lpa::case::Case;
use crate::lpa::expectation::Expectation::{
    BusyDuring, ConfirmationCodeHash, IdleDuring, Installs, Never, Reaches, Sends,
};
use crate::lpa::expectation::MatchingId;
use crate::lpa::situation::{Act, Code, DOWNLOAD, Order, Server, Situation, User};

const CODE: Function = procedure("ActivationCode", "4.1");
const TAGS: &[&str] = &["activation-code"];

const fn entering(acts: &'static [Act]) -> Situation {
    Situation { acts, ..Situation::GOOD }
}

const fn with(code: Code) -> Act {
    Act::Download(code, User::Agrees)
}

pub(super) const CASES: &[Case] = &[
    Case {
        head: must(CODE, 1, "The token of the activation code is the MatchingID, unchanged").tagged(TAGS),
        situation: Situation::GOOD,
        expected: &[Sends(MatchingId::Token)],
    },
    Case {
        head: must(CODE, 2, "An activation code of another format than 1 is invalid").tagged(TAGS),
        // The second code shows that the LPA is there at all.
        situation: entering(&[with(Code::Format2), DOWNLOAD, Act::Deliver]),
        expected: &[BusyDuring(1), IdleDuring(0)],
    },
    Case {
        head: must(CODE, 3, "What follows the confirmation code flag is ignored").tagged(TAGS),
        situation: entering(&[with(Code::MoreElements), Act::Deliver]),
        expected: &[Installs],
    },
    Case {
        head: must(CODE, 4, "An activation code with an empty token is valid, and its MatchingID is empty")
            .tagged(TAGS),
        situation: entering(&[with(Code::EmptyToken), Act::Deliver]),
        expected: &[Installs, Sends(MatchingId::None)],
    },
    Case {
        head: must(CODE, 5, "A CERT.DPauth with the SM-DP+ OID of the activation code is accepted")
            .tagged(TAGS),
        situation: entering(&[with(Code::Oid), Act::Deliver]),
        expected: &[Installs],
    },
    Case {
        head: must(
            CODE,
            6,
            "A CERT.DPauth with another SM-DP+ OID than the activation code stops the procedure",
        )
        .tagged(TAGS),
        situation: entering(&[with(Code::OtherOid)]),
        expected: &[
            Reaches(Server::Smdp, Es9Plus::InitiateAuthentication),
            Never(Es9Plus::AuthenticateClient),
        ],
    },
    Case {
        head: must(
            CODE,
            7,
            "Where the activation code has the flag, the user's confirmation code is hashed and sent",
        )
        .tagged(&["activation-code", "confirmation-code"]),
        situation: Situation {
            order: Order { confirmation_code: true, ..Order::PLAIN },
            ..entering(&[with(Code::ConfirmationCode), Act::Deliver])
        },
        expected: &[ConfirmationCodeHash, Installs],
    },
    Case {
        head: should(CODE, 8, "The address of the activation code may be in upper case, as in QR codes")
            .tagged(TAGS),
        situation: entering(&[with(Code::UpperCase), Act::Deliver]),
        expected: &[Installs],
    },
    Case {
        head: should(CODE, 9, "An empty MatchingID is said as an empty string, not left out").tagged(TAGS),
        situation: entering(&[with(Code::EmptyToken), Act::Deliver]),
        expected: &[Sends(MatchingId::Empty)],
    },
    Case {
        head: should(
            CODE,
            10,
            "The flag of the activation code alone is enough for the user's code to be hashed and sent",
        )
        .tagged(&["activation-code", "confirmation-code"]),
        situation: entering(&[with(Code::ConfirmationCode), Act::Deliver]),
        expected: &[ConfirmationCodeHash],
    },
];
