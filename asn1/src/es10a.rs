//! ES10a (SGP.22 §5.7.3, §5.7.4): the addresses the eUICC keeps.

use rasn::{AsnType, Decode, Decoder, Encode};

use crate::Unknown;
use crate::types::SetDefaultDpAddressResult;

/// `EuiccConfiguredAddressesRequest` `BF3C` (SGP.22 §5.7.3).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash, Default)]
#[rasn(tag(context, 60))]
pub struct EuiccConfiguredAddressesRequest {
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `EuiccConfiguredAddressesResponse` `BF3C` (SGP.22 §5.7.3).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 60))]
pub struct EuiccConfiguredAddressesResponse {
    /// `defaultDpAddress`, an FQDN.
    #[rasn(tag(0))]
    pub default_dp_address: Option<String>,
    /// `rootDsAddress`, an FQDN.
    #[rasn(tag(1))]
    pub root_ds_address: String,
    /// v3: further root SM-DS `A2`, `allowedCiPKId` `83`, `ciList` `A4`.
    pub unknown: Unknown,
}

/// `SetDefaultDpAddressRequest` `BF3F` (SGP.22 §5.7.4).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 63))]
pub struct SetDefaultDpAddressRequest {
    /// `defaultDpAddress`, an FQDN; empty removes it.
    #[rasn(tag(0))]
    pub default_dp_address: String,
    /// v3: `allowedCiPKId` `81`.
    pub unknown: Unknown,
}

/// `SetDefaultDpAddressResponse` `BF3F` (SGP.22 §5.7.4).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 63))]
pub struct SetDefaultDpAddressResponse {
    /// `setDefaultDpAddressResult`.
    #[rasn(tag(0))]
    pub set_default_dp_address_result: SetDefaultDpAddressResult,
    /// Members of later versions.
    pub unknown: Unknown,
}
