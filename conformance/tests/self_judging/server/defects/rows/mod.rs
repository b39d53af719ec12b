//! The table: how a property is broken, by its words. One file an interface.

mod binding;
mod es11;
mod es2plus;
mod es9plus;
mod package;
mod report;

use super::Kind;

pub use binding::escapes_plus_signs;
pub use es11::{in_another_order, lost};

const INITIATE: &str = "initiateAuthentication";
const AUTHENTICATE: &str = "authenticateClient";
const DOWNLOAD: &str = "getBoundProfilePackage";

/// What the server does in words, at which function, and how.
pub type Row = (&'static str, &'static str, Kind);

/// A server of which a property does not hold, by the words of the property; `at` is the function of the last step.
pub fn spoiled(says: &str, at: &'static str) -> Option<Row> {
    es9plus::row(says)
        .or_else(|| package::row(says))
        .or_else(|| es2plus::row(says, at))
        .or_else(|| report::row(says))
        .or_else(|| es11::row(says))
        .or_else(|| binding::row(says, at))
}
