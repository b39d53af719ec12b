//! The eUICC and the LPA that the judge plays: what they say, object by object, as bytes, so that each may be wrong.

use asn1::tlv::wrap;
use asn1::{
    EuiccInfo1, EuiccInfo2, OctetString, RspCapability, SubjectKeyIdentifier, UiccCapability, Unknown,
    VersionType,
};
use certs::eid;
use crypto::{CryptoError, Curve, Signature, SigningKey};
use rand_core::CryptoRng;

use crate::pki::{Authority, EuiccChain, PkiError};

/// The version of SGP.22 that the eUICC of the judge supports.
pub const SVN: [u8; 3] = [2, 2, 2];

/// Free non-volatile memory that the eUICC of the judge tells, bytes.
const FREE_MEMORY: u32 = 512 * 1024;

/// An eUICC that signs whatever the case asks for.
pub struct VirtualEuicc {
    /// Its certificates and its key.
    pub chain: EuiccChain,
    /// The CI below which they stand.
    pub ci: SubjectKeyIdentifier,
    /// The curve of all its keys.
    pub curve: Curve,
    /// The number of the notification that comes next.
    pub sequence_number: u64,
}

/// What the EIDs begin with that the judge makes: those of the published test certificates (SGP.26).
const ISSUER: &str = "89049032";

/// The eUICC of the certificate directory; one with an EID of its own where there is none.
///
/// # Errors
/// [`PkiError`]: its certificates cannot be made.
pub fn own(authority: &Authority, rng: &mut dyn CryptoRng) -> Result<EuiccChain, PkiError> {
    match authority.own_eid() {
        Some(eid) => authority.euicc_chain(eid, None, rng),
        None => another(authority, rng),
    }
}

/// An eUICC with an EID of its own.
///
/// # Errors
/// [`PkiError`]: its certificates cannot be made.
pub fn another(authority: &Authority, rng: &mut dyn CryptoRng) -> Result<EuiccChain, PkiError> {
    let digits = authority.own_eid().map(|eid| eid::to_digits(&eid));
    let issuer = digits.as_deref().and_then(|digits| digits.get(..8)).unwrap_or(ISSUER);
    let number = u128::from(rng.next_u64());
    authority.euicc_chain(eid::numbered(issuer, number)?, None, rng)
}

impl VirtualEuicc {
    /// An eUICC with these certificates below this CI.
    pub fn new(chain: EuiccChain, ci: SubjectKeyIdentifier, curve: Curve) -> Self {
        Self { chain, ci, curve, sequence_number: 1 }
    }

    /// PK.EUICC's other half.
    pub fn key(&self) -> &SigningKey {
        &self.chain.euicc.key
    }

    /// The EID, 32 digits.
    pub fn eid(&self) -> String {
        eid::to_digits(&self.chain.eid)
    }

    /// Signs, and gives the data object `5F37`.
    ///
    /// # Errors
    /// Only where the engine fails.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.key().sign(message).map(|signature| signature_tlv(&signature))
    }

    /// The number for one more notification.
    pub fn next_sequence_number(&mut self) -> u64 {
        let number = self.sequence_number;
        self.sequence_number += 1;
        number
    }

    /// EUICCInfo1 (SGP.22 §4.3).
    pub fn info1(&self) -> EuiccInfo1 {
        EuiccInfo1 {
            svn: VersionType::from(SVN),
            euicc_ci_pk_id_list_for_verification: vec![self.ci.clone()],
            euicc_ci_pk_id_list_for_signing: vec![self.ci.clone()],
            unknown: Unknown::none(),
        }
    }

    /// EUICCInfo2 (SGP.22 §4.3).
    pub fn info2(&self) -> EuiccInfo2 {
        EuiccInfo2 {
            profile_version: VersionType::from([2, 3, 1]),
            svn: VersionType::from(SVN),
            euicc_firmware_ver: VersionType::from([1, 0, 0]),
            ext_card_resource: card_resource(FREE_MEMORY),
            uicc_capability: UiccCapability::of([
                UiccCapability::USIM_SUPPORT,
                UiccCapability::ISIM_SUPPORT,
                UiccCapability::CSIM_SUPPORT,
                UiccCapability::AKA_MILENAGE,
                UiccCapability::AKA_TUAK128,
                UiccCapability::USIM_TEST_ALGORITHM,
                UiccCapability::JAVACARD,
                UiccCapability::BER_TLV_FILE_SUPPORT,
            ]),
            ts102241_version: None,
            globalplatform_version: Some(VersionType::from([2, 3, 0])),
            rsp_capability: RspCapability::of([RspCapability::ADDITIONAL_PROFILE]),
            euicc_ci_pk_id_list_for_verification: vec![self.ci.clone()],
            euicc_ci_pk_id_list_for_signing: vec![self.ci.clone()],
            euicc_category: None,
            forbidden_profile_policy_rules: None,
            pp_version: VersionType::from([0, 0, 1]),
            sas_acreditation_number: "RSPLAB-JUDGE".parse().unwrap_or_default(),
            certification_data_object: None,
            tre_properties: None,
            tre_product_reference: None,
            additional_euicc_profile_package_versions: None,
            unknown: Unknown::none(),
        }
    }
}

/// extCardResource with this much free memory (ETSI TS 102 226).
pub fn card_resource(free: u32) -> OctetString {
    let mut resource = wrap(0x81, &[0]);
    resource.extend(wrap(0x82, &free.to_be_bytes()));
    resource.extend(wrap(0x83, &4096_u32.to_be_bytes()));
    resource.into()
}

/// The data object `5F37` of a signature.
pub fn signature_tlv(signature: &Signature) -> Vec<u8> {
    wrap(0x5F37, signature.as_bytes())
}

/// `ctxParams1` `A0` with this MatchingID, or none (SGP.22 §5.7.13).
pub fn ctx_params1(matching_id: Option<&str>, unknown_members: bool) -> Vec<u8> {
    // TAC 35290611; GSM, UTRAN and E-UTRAN.
    let mut device_info = wrap(0x80, &[0x53, 0x92, 0x60, 0x11]);
    let capabilities = [wrap(0x80, &[5, 0, 0]), wrap(0x81, &[8, 0, 0]), wrap(0x85, &[10, 0, 0])];
    device_info.extend(wrap(0xA1, &capabilities.concat()));
    if unknown_members {
        // What a v3 device adds: preferred languages, test mode.
        device_info.extend(wrap(0xA3, &wrap(0x0C, b"en")));
        device_info.extend(wrap(0x84, &[]));
    }
    let mut members = Vec::new();
    if let Some(matching_id) = matching_id {
        members.extend(wrap(0x80, matching_id.as_bytes()));
    }
    members.extend(wrap(0xA1, &device_info));
    wrap(0xA0, &members)
}
