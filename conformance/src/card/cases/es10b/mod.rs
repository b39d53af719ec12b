//! ES10b: profile download, notifications, and what the card says of itself.

mod authenticate_server;
mod cancel_session;
mod get_euicc_challenge;
mod get_euicc_info;
mod get_rat;
mod list_notification;
mod load_bound_profile_package;
mod load_crl;
mod prepare_download;
mod remove_notification_from_list;
mod retrieve_notifications_list;
mod server_certificates;

use crate::card::Case;

pub(super) const CASES: &[&[Case]] = &[
    prepare_download::CASES,
    server_certificates::PREPARE_DOWNLOAD,
    load_bound_profile_package::CASES,
    get_euicc_challenge::CASES,
    get_euicc_info::CASES,
    list_notification::CASES,
    retrieve_notifications_list::CASES,
    remove_notification_from_list::CASES,
    load_crl::CASES,
    authenticate_server::CASES,
    server_certificates::AUTHENTICATE_SERVER,
    cancel_session::CASES,
    get_rat::CASES,
];
