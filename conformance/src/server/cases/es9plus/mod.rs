//! ES9+ (SGP.22 §5.6, §6.5.2.6 to §6.5.2.10, §6.6.2).

mod authenticate_client;
mod binding;
mod cancel_session;
mod certificates;
mod get_bound_profile_package;
mod handle_notification;
mod initiate_authentication;

use crate::server::Case;

/// In the order of a session.
pub(super) const CASES: &[&[Case]] = &[
    binding::CASES,
    initiate_authentication::CASES,
    authenticate_client::CASES,
    certificates::CASES,
    get_bound_profile_package::CASES,
    handle_notification::CASES,
    cancel_session::CASES,
];
