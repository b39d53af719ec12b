//! What is known of an open RSP session.

use std::sync::Arc;

use asn1::tlv;
use asn1::{ServerSigned1, SmdpSigned2, StoreMetadataRequest, der};
use certs::Certificate;
use crypto::OneTimeKey;

use crate::server::message::Members;

/// A session, from the answer to InitiateAuthentication on.
#[derive(Clone)]
pub struct Session {
    /// The challenge of the eUICC.
    pub euicc_challenge: [u8; 16],
    /// transactionId.
    pub transaction_id: Vec<u8>,
    /// serverChallenge.
    pub server_challenge: [u8; 16],
    /// serverAddress.
    pub server_address: String,
    /// The OID in the certificate of the server: the contents of its DER. Empty where it has none.
    pub server_oid: Vec<u8>,
    /// The answer.
    pub initiated: Members,
    /// euiccSignature1 as the data object `5F37`, once it was sent.
    pub euicc_signature1: Vec<u8>,
    /// What AuthenticateClient answered.
    pub offered: Option<Offered>,
    /// The key pair that was told in GetBoundProfilePackage.
    pub one_time_key: Option<Arc<OneTimeKey>>,
    /// The Bound Profile Package.
    pub package: Option<Vec<u8>>,
}

/// What AuthenticateClient answered for a download.
#[derive(Clone)]
pub struct Offered {
    /// The answer.
    pub members: Members,
    /// smdpSignature2 as the data object `5F37`.
    pub smdp_signature2: Vec<u8>,
    /// Whether a confirmation code is asked for.
    pub cc_required: bool,
    /// The OID in CERT.DPpb: the contents of its DER.
    pub smdp_oid: Vec<u8>,
    /// The octets of the ICCID in the metadata.
    pub iccid: Option<Vec<u8>>,
}

impl Session {
    /// What the answer to InitiateAuthentication opens.
    ///
    /// # Errors
    /// What is missing in the answer.
    pub fn opened(euicc_challenge: [u8; 16], initiated: &Members) -> Result<Self, String> {
        let signed1: ServerSigned1 = der::decode(initiated.octets("serverSigned1")?)
            .map_err(|why| format!("serverSigned1 is no DER of its type: {why}"))?;
        Ok(Self {
            euicc_challenge,
            transaction_id: initiated.octets("transactionId")?.to_vec(),
            server_challenge: *signed1.server_challenge.bytes(),
            server_address: signed1.server_address,
            server_oid: oid_of(initiated.octets("serverCertificate")?),
            initiated: initiated.clone(),
            euicc_signature1: Vec::new(),
            offered: None,
            one_time_key: None,
            package: None,
        })
    }
}

impl Offered {
    /// What the answer to AuthenticateClient offers.
    ///
    /// # Errors
    /// What is missing in the answer.
    pub fn read(members: &Members) -> Result<Self, String> {
        let signed2: SmdpSigned2 = der::decode(members.octets("smdpSigned2")?)
            .map_err(|why| format!("smdpSigned2 is no DER of its type: {why}"))?;
        let metadata: StoreMetadataRequest = der::decode(members.octets("profileMetadata")?)
            .map_err(|why| format!("profileMetadata is no DER of its type: {why}"))?;
        Ok(Self {
            smdp_signature2: members.octets("smdpSignature2")?.to_vec(),
            cc_required: signed2.cc_required_flag,
            smdp_oid: oid_of(members.octets("smdpCertificate")?),
            iccid: Some(metadata.iccid.bytes().to_vec()),
            members: members.clone(),
        })
    }
}

/// The registeredID of a certificate that has one.
fn oid_of(certificate: &[u8]) -> Vec<u8> {
    let certificate = Certificate::from_der(certificate).ok();
    let encoded = certificate.and_then(|certificate| certificate.registered_ids().first().map(der::encode));
    let encoded = encoded.unwrap_or_default();
    tlv::read(&encoded).map_or_else(|_| Vec::new(), |(oid, _)| oid.value.to_vec())
}
