//! Ending a session (SGP.22 §3.1.3.1), with the reason that fits.

use asn1::CancelSessionReason as Reason;
use protocol::bpp::defect::PackageDefect;
use protocol::es9plus::Function as Es9Plus;

use super::{must, procedure, should};
use crate::case::Function;
use crate::lpa::case::Case;
use crate::lpa::expectation::Expectation::{Cancels, CancelsOrReports, InstallsNothing};
use crate::lpa::situation::{Act, Code, Deed, Situation, Twist, User};

const REJECTION: Function = procedure("Cancellation", "3.1.3.1");
const CONFIRMATION: Function = procedure("Cancellation", "3.1.3.2");
const INSTALLATION: Function = procedure("Cancellation", "3.1.3.3");
const TAGS: &[&str] = &["cancel"];

const fn user(acts: &'static [Act]) -> Situation {
    Situation { acts, ..Situation::GOOD }
}

const fn package(twists: &'static [Twist]) -> Situation {
    Situation { twists, ..Situation::GOOD }
}

const fn bound(deed: Deed) -> Twist {
    Twist::every(Es9Plus::GetBoundProfilePackage, deed)
}

pub(super) const CASES: &[Case] = &[
    Case {
        head: must(REJECTION, 1, "A user who rejects ends the session with endUserRejection").tagged(TAGS),
        situation: user(&[Act::Download(Code::Plain, User::Rejects)]),
        expected: &[Cancels(&[Reason::END_USER_REJECTION]), InstallsNothing],
    },
    Case {
        head: must(REJECTION, 2, "A user who postpones ends the session with postponed").tagged(TAGS),
        situation: user(&[Act::Download(Code::Plain, User::Postpones)]),
        expected: &[Cancels(&[Reason::POSTPONED]), InstallsNothing],
    },
    Case {
        head: must(REJECTION, 3, "A user who does not answer ends the session with timeout").tagged(TAGS),
        situation: user(&[Act::Download(Code::Plain, User::DoesNotAnswer)]),
        expected: &[Cancels(&[Reason::TIMEOUT]), InstallsNothing],
    },
    Case {
        head: must(
            CONFIRMATION,
            1,
            "Profile Policy Rules in the package that were not offered end the session with pprNotAllowed",
        )
        .tagged(&["cancel", "policy", "package"]),
        situation: package(&[bound(Deed::AddsPolicyRule)]),
        expected: &[Cancels(&[Reason::PPR_NOT_ALLOWED]), InstallsNothing],
    },
    Case {
        head: should(
            CONFIRMATION,
            2,
            "Metadata in the package that was not offered is not installed without asking",
        )
        .tagged(&["cancel", "package"]),
        situation: package(&[bound(Deed::Binds(PackageDefect::OtherNameInMetadata))]),
        // The user may be asked, and may reject or postpone then.
        expected: &[
            Cancels(&[Reason::METADATA_MISMATCH, Reason::END_USER_REJECTION, Reason::POSTPONED]),
            InstallsNothing,
        ],
    },
    Case {
        head: must(
            INSTALLATION,
            1,
            "A package that cannot be cut into segments ends the session with loadBppExecutionError",
        )
        .tagged(&["cancel", "package"]),
        situation: package(&[bound(Deed::Binds(PackageDefect::UnknownList))]),
        // An LPA that cuts it all the same leaves the refusal to the eUICC.
        expected: &[CancelsOrReports(&[Reason::LOAD_BPP_EXECUTION_ERROR]), InstallsNothing],
    },
    Case {
        head: must(
            INSTALLATION,
            2,
            "A segment that the eUICC answers with an error status ends the session with loadBppExecutionError",
        )
        .tagged(&["cancel", "package"]),
        situation: package(&[bound(Deed::Binds(PackageDefect::UnknownSegmentTag))]),
        expected: &[Cancels(&[Reason::LOAD_BPP_EXECUTION_ERROR]), InstallsNothing],
    },
];
