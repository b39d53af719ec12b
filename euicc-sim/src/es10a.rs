//! ES10a: addresses (SGP.22 §5.7.3, §5.7.4).

pub(crate) mod get_euicc_configured_addresses;
pub(crate) mod set_default_dp_address;
