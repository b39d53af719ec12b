//! InitialiseSecureChannel: what a package begins with (SGP.22 §5.5.1).

use asn1::{TransactionId, tlv};
use crypto::{PublicKey, SigningKey};

use super::bind::{Binding, HostId};
use super::{BppError, tags};

/// An InitialiseSecureChannelRequest that is not signed yet.
pub(super) struct ChannelRequest {
    pub(super) remote_op_id: u8,
    pub(super) transaction_id: Vec<u8>,
    pub(super) key_type: u8,
    pub(super) key_length: u8,
    pub(super) host_id: Vec<u8>,
    pub(super) smdp_otpk: Vec<u8>,
}

impl ChannelRequest {
    pub(super) fn new(transaction_id: &TransactionId, host_id: &HostId, smdp_otpk: &PublicKey) -> Self {
        const INSTALL_BOUND_PROFILE_PACKAGE: u8 = 1;
        const AES: u8 = 0x88;
        const AES_128_KEY_LENGTH: u8 = 0x10;
        Self {
            remote_op_id: INSTALL_BOUND_PROFILE_PACKAGE,
            transaction_id: transaction_id.bytes().to_vec(),
            key_type: AES,
            key_length: AES_128_KEY_LENGTH,
            host_id: host_id.as_bytes().to_vec(),
            smdp_otpk: smdp_otpk.point().to_vec(),
        }
    }

    pub(super) fn of(binding: &Binding<'_>) -> Self {
        Self::new(binding.transaction_id, binding.host_id, binding.one_time_key.public_key())
    }

    /// The TLV `BF23`, with its signature.
    pub(super) fn sign(&self, euicc_otpk: &PublicKey, signing_key: &SigningKey) -> Result<Vec<u8>, BppError> {
        let signature = signing_key.sign(&self.signed(euicc_otpk.point()))?;
        Ok(self.with_signature(signature.as_bytes()))
    }

    /// What is signed: also otPK.EUICC, which the message does not carry: the card adds its own.
    pub(super) fn signed(&self, euicc_otpk: &[u8]) -> Vec<u8> {
        let mut signed = self.members();
        signed.extend(tlv::wrap(0x5F49, euicc_otpk));
        signed
    }

    /// The TLV `BF23` with this signature.
    pub(super) fn with_signature(&self, signature: &[u8]) -> Vec<u8> {
        let mut message = self.members();
        message.extend(tlv::wrap(0x5F37, signature));
        tlv::wrap(tags::INITIALISE_SECURE_CHANNEL, &message)
    }

    /// Everything but the signature.
    pub(super) fn members(&self) -> Vec<u8> {
        let mut control_ref_template = tlv::wrap(0x80, &[self.key_type]);
        control_ref_template.extend(tlv::wrap(0x81, &[self.key_length]));
        control_ref_template.extend(tlv::wrap(0x84, &self.host_id));

        let mut members = tlv::wrap(0x82, &[self.remote_op_id]);
        members.extend(tlv::wrap(0x80, &self.transaction_id));
        members.extend(tlv::wrap(0xA6, &control_ref_template));
        members.extend(tlv::wrap(0x5F49, &self.smdp_otpk));
        members
    }
}
