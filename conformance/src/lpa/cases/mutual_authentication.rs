//! Common mutual authentication (SGP.22 §3.1.2), and the TLS that it begins with (§2.6.6).

use protocol::es9plus::Function as Es9Plus;
use protocol::status::StatusCode;

use super::{must, procedure};
use crate::case::Function;
use crate::lpa::case::Case;
use crate::lpa::expectation::Expectation::{InstallsNothing, NamesServer, Never, OffersTls};
use crate::lpa::situation::{Deed, Situation, Twist};

const TLS: Function = procedure("Tls", "2.6.6");
const AUTHENTICATION: Function = procedure("MutualAuthentication", "3.1.2");

const fn opening(deed: Deed) -> Twist {
    Twist::every(Es9Plus::InitiateAuthentication, deed)
}

pub(super) const CASES: &[Case] = &[
    Case::of_good(
        must(TLS, 1, "The LPA offers one of the cipher suites of RSP, and ECDSA with SHA-256")
            .tagged(&["tls"]),
        &[OffersTls],
    ),
    Case::of_good(
        must(AUTHENTICATION, 1, "InitiateAuthentication names the server that the LPA has connected to"),
        &[NamesServer],
    ),
    Case {
        head: must(
            AUTHENTICATION,
            2,
            "Where the server signs another address than it was asked for, the procedure is stopped",
        ),
        situation: Situation::twisted(&[opening(Deed::NamesAnotherAddress)]),
        expected: &[Never(Es9Plus::AuthenticateClient)],
    },
    Case {
        head: must(AUTHENTICATION, 3, "Where the eUICC refuses the server, the procedure is stopped"),
        situation: Situation::twisted(&[opening(Deed::SignsWrongly)]),
        expected: &[Never(Es9Plus::AuthenticateClient)],
    },
    Case {
        head: must(AUTHENTICATION, 4, "Where InitiateAuthentication is refused, the procedure is stopped")
            .tagged(&["error"]),
        situation: Situation::twisted(&[opening(Deed::Refuses(StatusCode::SVN_UNSUPPORTED))]),
        expected: &[Never(Es9Plus::AuthenticateClient)],
    },
    Case {
        head: must(AUTHENTICATION, 5, "Where AuthenticateClient is refused, the procedure is stopped")
            .tagged(&["error"]),
        situation: Situation::twisted(&[Twist::every(
            Es9Plus::AuthenticateClient,
            Deed::Refuses(StatusCode::MATCHING_ID_REFUSED),
        )]),
        expected: &[Never(Es9Plus::GetBoundProfilePackage), InstallsNothing],
    },
];
