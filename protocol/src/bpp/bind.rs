//! Binding: from a profile package in the clear to one that only one eUICC can open (SGP.22 §2.5.3, §2.5.4).

use asn1::{TransactionId, tlv};
use crypto::scp03t::SessionKeys;
use crypto::{OneTimeKey, PublicKey, SigningKey};

use super::channel::ChannelRequest;
use super::plaintext::Plaintext;
use super::protected::ProtectedPackage;
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

/// The profile that is bound.
#[derive(Clone, Copy)]
pub enum ProfileElements<'a> {
    /// An Unprotected Profile Package: encrypted under the session keys, for this eUICC only.
    Unprotected(&'a [u8]),
    /// One that was protected before, and is not touched again: ReplaceSessionKeys hands its keys to the eUICC.
    Protected(&'a ProtectedPackage),
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
    /// The profile.
    pub profile: ProfileElements<'a>,
    /// SK.DPpb.
    pub signing_key: &'a SigningKey,
}

/// Makes the Bound Profile Package, a complete TLV `BF36`.
///
/// # Errors
/// Where the eUICC's key is of another curve, or the engine fails.
pub fn bind(binding: Binding<'_>, tracer: &Tracer) -> Result<Vec<u8>, BppError> {
    match binding.profile {
        ProfileElements::Protected(package) => Ok(package.behind(&bind_head(binding, tracer)?)),
        ProfileElements::Unprotected(package) => {
            let (channel, session_keys) = open_channel(&binding, tracer)?;
            Ok(behind_channel(&channel, session_keys, binding.metadata, package, tracer))
        }
    }
}

/// Makes what differs from one eUICC to another where the profile was protected before: everything up to the profile elements,
/// without the header of the whole. [`ProtectedPackage::behind`] makes the package of it.
///
/// # Errors
/// Those of [`bind`].
pub fn bind_head(binding: Binding<'_>, tracer: &Tracer) -> Result<Vec<u8>, BppError> {
    let (channel, session_keys) = open_channel(&binding, tracer)?;
    Ok(Plaintext::of(&binding).head(channel, session_keys, tracer))
}

/// Makes what differs from one eUICC to another where the session keys protect the profile: InitialiseSecureChannel, and these keys.
/// [`behind_channel`] makes the package of them, as often as it is asked for.
///
/// # Errors
/// Those of [`bind`].
pub fn open_channel(binding: &Binding<'_>, tracer: &Tracer) -> Result<(Vec<u8>, SessionKeys), BppError> {
    let session_keys = session_keys(binding, tracer)?;
    let channel = ChannelRequest::of(binding).sign(binding.euicc_otpk, binding.signing_key)?;
    Ok((channel, session_keys))
}

/// The Bound Profile Package, a complete TLV `BF36`, whose profile elements are encrypted under the session keys. SCP03t has no
/// randomness of its own, so of the same keys, metadata and Unprotected Profile Package it is the same each time.
pub fn behind_channel(
    channel: &[u8],
    session_keys: SessionKeys,
    metadata: &[u8],
    package: &[u8],
    tracer: &Tracer,
) -> Vec<u8> {
    let plaintext = Plaintext::new(metadata, ProfileElements::Unprotected(package));
    plaintext.package(channel, session_keys, tracer)
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
/// InitialiseSecureChannel names the transaction, so only it is signed anew (SGP.22 §5.6.2). What [`bind_head`] or
/// [`open_channel`] made is taken as well, and gives the like.
///
/// # Errors
/// [`BppError::Malformed`] where `bound` is neither as they make it.
pub fn rebind_signature(
    bound: &[u8],
    transaction_id: &TransactionId,
    euicc_otpk: &PublicKey,
    signing_key: &SigningKey,
) -> Result<Vec<u8>, BppError> {
    let malformed = |_| BppError::Malformed("a stored package cannot be read");
    let whole = tlv::read(bound).map_err(malformed)?.0;
    let is_whole = whole.tag.0 == tags::BOUND_PROFILE_PACKAGE;
    let (request, protected) = tlv::read(if is_whole { whole.value } else { bound }).map_err(malformed)?;
    let request: asn1::InitialiseSecureChannelRequest =
        asn1::der::decode(request.raw).map_err(|_| BppError::Malformed("a stored package cannot be read"))?;
    let host_id = HostId::new(request.control_ref_template.host_id.bytes())?;
    let dp_otpk = PublicKey::from_point(signing_key.curve(), request.smdp_otpk.bytes())?;
    let request = ChannelRequest::new(transaction_id, &host_id, &dp_otpk);
    let mut body = request.sign(euicc_otpk, signing_key)?;
    body.extend_from_slice(protected);
    Ok(if is_whole { tlv::wrap(tags::BOUND_PROFILE_PACKAGE, &body) } else { body })
}

/// Whether it is a whole package, and not only what stands before the profile elements.
pub fn is_whole(bound: &[u8]) -> bool {
    bound.starts_with(&[0xBF, 0x36])
}
