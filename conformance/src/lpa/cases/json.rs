//! The JSON of requests (SGP.22 §6.5).

use super::{must, procedure};
use crate::case::Function;
use crate::lpa::case::Case;
use crate::lpa::expectation::Expectation::Every;
use crate::lpa::expectation::Rule;

const MESSAGE: Function = procedure("JsonRequest", "6.5.1.1");
const BODY: Function = procedure("JsonRequest", "6.5.2");
const TEXT: Function = procedure("JsonRequest", "6.5");

pub(super) const CASES: &[Case] = &[
    Case::of_good(
        must(MESSAGE, 1, "Requests on ES9+ have no header member").tagged(&["json"]),
        &[Every(Rule::NoHeader)],
    ),
    Case::of_good(
        must(BODY, 1, "Every request has the members that the schema of its function requires, as texts")
            .tagged(&["json"]),
        &[Every(Rule::Members)],
    ),
    Case::of_good(
        must(BODY, 2, "Binary members are in base64, with padding and without line breaks").tagged(&["json"]),
        &[Every(Rule::Base64)],
    ),
    Case::of_good(
        must(BODY, 3, "transactionId is written in upper-case hexadecimal digits").tagged(&["json"]),
        &[Every(Rule::TransactionId)],
    ),
    Case::of_good(
        must(
            TEXT,
            1,
            "Texts escape quotation mark, reverse solidus and control characters, and nothing else",
        )
        .tagged(&["json"]),
        &[Every(Rule::Escapes)],
    ),
];
