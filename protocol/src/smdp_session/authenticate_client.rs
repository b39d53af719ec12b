//! AuthenticateClient (SGP.22 §5.6.3): what the SM-DP+ offers to an eUICC that proved who it is.

use asn1::{AuthenticateClientOk, Otpk, Raw, SmdpSigned2, StoreMetadataRequest, TransactionId, tlv};
use crypto::PublicKey;

use super::identity::Identity;
use super::state::{Authenticated, Offered};
use crate::mutual_authentication::{Client, our_crypto, signature_tlv};
use crate::status::Refusal;

/// What the server offers to an authenticated eUICC.
pub struct Offer<'a> {
    /// The identity whose CERT.DPauth opened the session.
    pub identity: &'a Identity,
    /// The RSP session.
    pub transaction_id: TransactionId,
    /// The Profile Metadata.
    pub metadata: Raw<StoreMetadataRequest>,
    /// Whether the user has to enter a confirmation code.
    pub confirmation_code_required: bool,
    /// otPK.EUICC of a package that was bound before for this eUICC (SGP.22 §3.1.3 step 5).
    pub bound_euicc_otpk: Option<PublicKey>,
}

/// Makes the answer that leads to PrepareDownload.
///
/// # Errors
/// Only where a key of ours fails.
pub fn offer(client: &Client<'_>, offer: Offer<'_>) -> Result<(AuthenticateClientOk, Offered), Refusal> {
    let smdp_signed2 = Raw::new(SmdpSigned2 {
        transaction_id: offer.transaction_id.clone(),
        cc_required_flag: offer.confirmation_code_required,
        bpp_euicc_otpk: offer.bound_euicc_otpk.and_then(|key| Otpk::new(key.point().as_slice()).ok()),
        unknown: Default::default(),
    });
    // SGP.22 §5.7.5: the signature covers smdpSigned2 and the whole TLV of euiccSignature1.
    let signed = [smdp_signed2.bytes(), &client.signature1].concat();
    let signature = offer.identity.pb.key().sign(&signed).map_err(our_crypto)?;
    let offered = Offered {
        client: Authenticated { eid: client.eid, key: client.key.clone(), ci: client.ci.clone() },
        confirmation_code_required: offer.confirmation_code_required,
        one_time_key_curve: offer.identity.pb.key().curve().into(),
        smdp_signature2: tlv::wrap(0x5F37, signature.as_bytes()),
    };
    let answer = AuthenticateClientOk {
        transaction_id: offer.transaction_id,
        profile_metadata: offer.metadata,
        smdp_signed2,
        smdp_signature2: signature_tlv(&signature)?,
        smdp_certificate: offer.identity.pb.certificate().to_asn1(),
        unknown: Default::default(),
    };
    Ok((answer, offered))
}
