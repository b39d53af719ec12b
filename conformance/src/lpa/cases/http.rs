//! HTTP (SGP.22 §6.2).

use super::{must, procedure};
use crate::case::Function;
use crate::lpa::case::Case;
use crate::lpa::expectation::Expectation::Every;
use crate::lpa::expectation::Rule;

const HTTP: Function = procedure("Http", "6.2");

pub(super) const CASES: &[Case] = &[
    Case::of_good(
        must(HTTP, 1, "Every request has a User-Agent that says gsma-rsp-lpad or gsma-rsp-lpae")
            .tagged(&["header"]),
        &[Every(Rule::UserAgent)],
    ),
    Case::of_good(
        must(HTTP, 2, "Every request has an X-Admin-Protocol with the highest version that the LPA supports")
            .tagged(&["header"]),
        &[Every(Rule::AdminProtocol)],
    ),
    Case::of_good(
        must(HTTP, 3, "Every request has a Content-Type that names its binding").tagged(&["header"]),
        &[Every(Rule::ContentType)],
    ),
    Case::of_good(
        must(HTTP, 4, "Every function is called with a POST to its path").tagged(&["header"]),
        &[Every(Rule::Path)],
    ),
];
