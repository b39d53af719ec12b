//! Binding: from a profile package in the clear to one that only one eUICC can open (SGP.22 §2.5.3, §2.5.4).

use asn1::{TransactionId, tlv};
use crypto::scp03t::SessionKeys;
use crypto::{OneTimeKey, PublicKey, SigningKey};

use super::channel::ChannelRequest;
use super::plaintext::Plaintext;
use super::{BppError, tags};
use crate::trace::Tracer;
use crate::types::{Eid, ServerAddress};

/// The host id that enters the key derivation and the control reference template: 1 to 16 bytes (SGP.22 §5.5.1).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HostId(Vec<u8>);

impl HostId {
    /// A host id of these bytes.
    pub fn new(bytes: &[u8]) -> Result<Self, BppError> {
        if (1..=16).contains(&bytes.len()) {
            Ok(Self(bytes.to_vec()))
        } else {
            Err(BppError::HostId(bytes.len()))
        }
    }

    /// The host id of a server that was given no other: the beginning of its host name.
    pub fn of_server(address: &ServerAddress) -> Self {
        Self(address.host().bytes().take(16).collect())
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Which keys protect the profile elements themselves.
pub enum Protection {
    /// The session keys: the package is encrypted for this eUICC only when it is bound.
    SessionKeys,
    /// Random keys of the package, handed to the eUICC by ReplaceSessionKeys (SGP.22 §2.5.3).
    ProfileProtectionKeys(SessionKeys),
}

/// All that a Bound Profile Package is made from.
pub struct Binding<'a> {
    /// The RSP session.
    pub transaction_id: &'a TransactionId,
    /// The eUICC.
    pub eid: &'a Eid,
    /// The host id.
    pub host_id: &'a HostId,
    /// otPK.EUICC.ECKA.
    pub euicc_otpk: &'a PublicKey,
    /// otSK.DP.ECKA with its public half.
    pub one_time_key: &'a OneTimeKey,
    /// The Profile Metadata: a StoreMetadataRequest TLV.
    pub metadata: &'a [u8],
    /// The Unprotected Profile Package.
    pub package: &'a [u8],
    /// The keys for the profile elements.
    pub protection: Protection,
    /// SK.DPpb.
    pub signing_key: &'a SigningKey,
}

/// Makes the Bound Profile Package, a complete TLV `BF36`.
///
/// # Errors
/// Where the eUICC's key is of another curve, or the engine fails.
pub fn bind(binding: Binding<'_>, tracer: &Tracer) -> Result<Vec<u8>, BppError> {
    let session_keys = session_keys(&binding, tracer)?;
    let request = ChannelRequest::of(&binding);
    let channel = request.sign(binding.euicc_otpk, binding.signing_key)?;
    let lists = Plaintext::of(binding).protect(session_keys, tracer);
    Ok(lists.assemble(&channel))
}

/// What the two one-time keys agree on (SGP.22 Annex G).
pub(super) fn session_keys(binding: &Binding<'_>, tracer: &Tracer) -> Result<SessionKeys, BppError> {
    let shared_secret = binding.one_time_key.agree(binding.euicc_otpk)?;
    let keys = SessionKeys::derive(&shared_secret, binding.host_id.as_bytes(), binding.eid.as_bytes())?;
    tracer.secret("S-ENC", &keys.s_enc);
    tracer.secret("S-MAC", &keys.s_mac);
    tracer.secret("initialMacChainingValue", &keys.mac_chaining_value);
    Ok(keys)
}

/// The same package for another RSP session of the same eUICC with the same one-time key: only
/// InitialiseSecureChannel names the transaction, so only it is signed anew (SGP.22 §5.6.2).
///
/// # Errors
/// [`BppError::Malformed`] where `bpp` is not a package as [`bind`] makes it.
pub fn rebind_signature(
    bpp: &[u8],
    transaction_id: &TransactionId,
    euicc_otpk: &PublicKey,
    signing_key: &SigningKey,
) -> Result<Vec<u8>, BppError> {
    let malformed = |_| BppError::Malformed("a stored package cannot be read");
    let (package, _) = tlv::read(bpp).map_err(malformed)?;
    let (old, protected) = tlv::read(package.value).map_err(malformed)?;
    let request: asn1::InitialiseSecureChannelRequest =
        asn1::der::decode(old.raw).map_err(|_| BppError::Malformed("a stored package cannot be read"))?;
    let host_id = HostId::new(request.control_ref_template.host_id.bytes())?;
    let dp_otpk = PublicKey::from_point(signing_key.curve(), request.smdp_otpk.bytes())?;
    let request = ChannelRequest::new(transaction_id, &host_id, &dp_otpk);
    let mut body = request.sign(euicc_otpk, signing_key)?;
    body.extend_from_slice(protected);
    Ok(tlv::wrap(tags::BOUND_PROFILE_PACKAGE, &body))
}
