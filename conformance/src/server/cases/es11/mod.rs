//! ES11 (SGP.22 §5.8): the messages of ES9+ as far as the mutual authentication goes, at the same paths.

mod authenticate_client;
mod certificates;
mod initiate_authentication;

use crate::server::Case;

/// In the order of a session.
pub(super) const CASES: &[&[Case]] =
    &[initiate_authentication::CASES, authenticate_client::CASES, certificates::CASES];
