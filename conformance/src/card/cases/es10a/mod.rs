//! ES10a: the addresses that the eUICC keeps.

mod get_euicc_configured_addresses;
mod set_default_dp_address;

use crate::card::Case;

pub(super) const CASES: &[&[Case]] = &[get_euicc_configured_addresses::CASES, set_default_dp_address::CASES];
