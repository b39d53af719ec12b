//! ES10b: what the LPA's download part asks of the ISD-R (SGP.22 §5.7.5 to §5.7.14, §5.7.22), and LpaeActivation
//! (§5.7.1).

pub(crate) mod authenticate_server;
pub(crate) mod cancel_session;
pub(crate) mod get_euicc_challenge;
pub(crate) mod get_euicc_info;
pub(crate) mod get_rat;
pub(crate) mod list_notification;
pub(crate) mod load_bound_profile_package;
pub(crate) mod load_crl;
pub(crate) mod lpae_activation;
pub(crate) mod prepare_download;
pub(crate) mod remove_notification_from_list;
pub(crate) mod retrieve_notifications_list;
pub(crate) mod trust;

#[cfg(test)]
mod recorded;
