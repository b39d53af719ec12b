//! Which profile to ask for, and where.

use protocol::activation_code::ActivationCode;
use protocol::types::{EventId, ServerAddress};

use crate::device::Device;

/// What a download begins with (SGP.22 §3.1.3 step 1).
#[derive(Clone, Debug)]
pub struct Request {
    /// The SM-DP+.
    pub smdp_address: ServerAddress,
    /// The MatchingID: the token of the activation code, an EventID, or empty.
    pub matching_id: String,
    /// The SM-DP+ OID that CERT.DPauth has to carry, dotted.
    pub smdp_oid: Option<String>,
    /// Whether the activation code announces a confirmation code.
    pub confirmation_code_required: bool,
    /// The device.
    pub device: Device,
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

    /// SGP.22 §3.1.3 step 1 (b): address and EventID are from an SM-DS, see [`crate::discovery`].
    pub fn from_event(smdp_address: ServerAddress, event_id: &EventId, device: Device) -> Self {
        Self { matching_id: event_id.to_string(), ..Self::from_default_smdp(smdp_address, device) }
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
