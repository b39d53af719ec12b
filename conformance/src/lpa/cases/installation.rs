//! Installation (SGP.22 §3.1.3.3) and segmentation (§2.5.5).

use protocol::bpp::defect::PackageDefect;
use protocol::es9plus::Function as Es9Plus;

use super::{must, procedure};
use crate::case::Function;
use crate::lpa::case::Case;
use crate::lpa::expectation::Expectation::{Installs, InstallsNothing, ReportsFailure};
use crate::lpa::situation::{Deed, Order, Situation, Twist};

const SEGMENTATION: Function = procedure("Segmentation", "2.5.5");
const INSTALLATION: Function = procedure("Installation", "3.1.3.3");
const TAGS: &[&str] = &["package"];

const fn bound(twists: &'static [Twist]) -> Situation {
    Situation { twists, ..Situation::GOOD }
}

const fn defect(defect: PackageDefect) -> Twist {
    Twist::every(Es9Plus::GetBoundProfilePackage, Deed::Binds(defect))
}

pub(super) const CASES: &[Case] = &[
    Case {
        head: must(SEGMENTATION, 1, "A package with profile protection keys is installed").tagged(TAGS),
        situation: Situation { order: Order { protection_keys: true, ..Order::PLAIN }, ..Situation::GOOD },
        expected: &[Installs],
    },
    Case {
        head: must(SEGMENTATION, 2, "A package whose metadata stands in several '88' is installed")
            .tagged(TAGS),
        situation: Situation { order: Order { icon: true, ..Order::PLAIN }, ..Situation::GOOD },
        expected: &[Installs],
    },
    Case {
        head: must(SEGMENTATION, 3, "A package of many short '86' is installed").tagged(TAGS),
        situation: bound(&[defect(PackageDefect::ShortSegments)]),
        expected: &[Installs],
    },
    Case {
        head: must(
            INSTALLATION,
            1,
            "Where the eUICC refuses the first segment, the SM-DP+ gets its Profile Installation Result",
        )
        .tagged(TAGS),
        situation: bound(&[defect(PackageDefect::WrongSignature)]),
        expected: &[ReportsFailure, InstallsNothing],
    },
    Case {
        head: must(
            INSTALLATION,
            2,
            "Where the eUICC refuses a later segment, the SM-DP+ gets its Profile Installation Result",
        )
        .tagged(TAGS),
        situation: bound(&[defect(PackageDefect::SegmentsSwapped)]),
        expected: &[ReportsFailure, InstallsNothing],
    },
];
