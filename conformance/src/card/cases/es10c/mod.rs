//! ES10c: local profile management.

mod delete_profile;
mod disable_profile;
mod enable_profile;
mod euicc_memory_reset;
mod get_eid;
mod get_profiles_info;
mod set_nickname;

use crate::card::Case;

pub(super) const CASES: &[&[Case]] = &[
    get_profiles_info::CASES,
    enable_profile::CASES,
    disable_profile::CASES,
    delete_profile::CASES,
    euicc_memory_reset::CASES,
    get_eid::CASES,
    set_nickname::CASES,
];
