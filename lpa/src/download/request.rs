//! Which profile to ask for, and where.

use asn1::{DeviceCapabilities, DeviceInfo, Octet4, Octet8, Unknown};
use protocol::activation_code::ActivationCode;
use protocol::types::ServerAddress;

use crate::device::{Imei, Tac};

/// What a download begins with (SGP.22 §3.1.3 step 1).
#[derive(Clone, Debug)]
pub struct Request {
    /// The SM-DP+.
    pub smdp_address: ServerAddress,
    /// The MatchingID: the token of the activation code, or empty.
    pub matching_id: String,
    /// The SM-DP+ OID that CERT.DPauth has to carry, dotted.
    pub smdp_oid: Option<String>,
    /// Whether the activation code announces a confirmation code.
    pub confirmation_code_required: bool,
    /// The device.
    pub device: Device,
}

/// What is told of the device.
#[derive(Clone, Debug)]
pub struct Device {
    /// Its type.
    pub tac: Tac,
    /// Its number, of a device with a soldered eUICC.
    pub imei: Option<Imei>,
    /// What radio it has.
    pub capabilities: DeviceCapabilities,
}

impl Request {
    /// SGP.22 §3.1.3 step 1 (a): everything is in the activation code.
    pub fn from_activation_code(code: ActivationCode, device: Device) -> Self {
        Self {
            smdp_address: code.smdp_address,
            matching_id: code.matching_id,
            smdp_oid: code.smdp_oid,
            confirmation_code_required: code.confirmation_code_required,
            device,
        }
    }

    /// SGP.22 §3.1.3 step 1 (c): the default SM-DP+ knows by the EID what is wanted. Its address is in the eUICC, see
    /// [`crate::isd_r::IsdR::get_euicc_configured_addresses`].
    pub fn from_default_smdp(smdp_address: ServerAddress, device: Device) -> Self {
        Self {
            smdp_address,
            matching_id: String::new(),
            smdp_oid: None,
            confirmation_code_required: false,
            device,
        }
    }
}

impl Device {
    /// DeviceInfo of SGP.22 §4.2.
    pub(super) fn to_device_info(&self) -> DeviceInfo {
        DeviceInfo {
            tac: Octet4::from(*self.tac.as_bytes()),
            device_capabilities: self.capabilities.clone(),
            imei: self.imei.map(|imei| Octet8::from(*imei.as_bytes())),
            unknown: Unknown::none(),
        }
    }
}
