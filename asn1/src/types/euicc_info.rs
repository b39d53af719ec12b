//! What the eUICC says about itself (SGP.22 §4.3, §5.7.8).

use rasn::{AsnType, Decode, Decoder, Encode};

use super::{
    EuiccCategory, OctetString, PprIds, RspCapability, SubjectKeyIdentifier, Text, TreProperties,
    UiccCapability, VersionType,
};
use crate::Unknown;

/// `EUICCInfo1` `BF20`: what a server may know before it has authenticated itself (SGP.22 §4.3).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 32))]
pub struct EuiccInfo1 {
    /// `svn`: the version of SGP.22 (`lowestSvn` since v3).
    #[rasn(tag(2))]
    pub svn: VersionType,
    /// `euiccCiPKIdListForVerification`: CI keys with which the eUICC can verify, in descending preference.
    #[rasn(tag(9))]
    pub euicc_ci_pk_id_list_for_verification: Vec<SubjectKeyIdentifier>,
    /// `euiccCiPKIdListForSigning`: CI keys under which the eUICC has a certificate, in descending preference.
    #[rasn(tag(10))]
    pub euicc_ci_pk_id_list_for_signing: Vec<SubjectKeyIdentifier>,
    /// v3: signing keys of the new chains `B1`, capabilities `88`, `highestSvn` `93`.
    pub unknown: Unknown,
}

/// `EUICCInfo2` `BF22` (SGP.22 §4.3).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(context, 34))]
pub struct EuiccInfo2 {
    /// `profileVersion`: the version of the TCA profile package supported.
    #[rasn(tag(1))]
    pub profile_version: VersionType,
    /// `svn`: must be the one of `EUICCInfo1` (SGP.22 §5.6.3).
    #[rasn(tag(2))]
    pub svn: VersionType,
    /// `euiccFirmwareVer`.
    #[rasn(tag(3))]
    pub euicc_firmware_ver: VersionType,
    /// `extCardResource`: TLVs of ETSI TS 102 226: `81` installed applications, `82` free non-volatile memory, `83` free
    /// volatile memory, in bytes.
    #[rasn(tag(4))]
    pub ext_card_resource: OctetString,
    /// `uiccCapability`.
    #[rasn(tag(5))]
    pub uicc_capability: UiccCapability,
    /// `ts102241Version`: Java Card API.
    #[rasn(tag(6))]
    pub ts102241_version: Option<VersionType>,
    /// `globalplatformVersion`.
    #[rasn(tag(7))]
    pub globalplatform_version: Option<VersionType>,
    /// `rspCapability`.
    #[rasn(tag(8))]
    pub rsp_capability: RspCapability,
    /// `euiccCiPKIdListForVerification`, as in `EUICCInfo1`.
    #[rasn(tag(9))]
    pub euicc_ci_pk_id_list_for_verification: Vec<SubjectKeyIdentifier>,
    /// `euiccCiPKIdListForSigning`, as in `EUICCInfo1`.
    #[rasn(tag(10))]
    pub euicc_ci_pk_id_list_for_signing: Vec<SubjectKeyIdentifier>,
    /// `euiccCategory`.
    #[rasn(tag(11))]
    pub euicc_category: Option<EuiccCategory>,
    /// `forbiddenProfilePolicyRules`: rules that the RAT allows to nobody.
    #[rasn(tag(25))]
    pub forbidden_profile_policy_rules: Option<PprIds>,
    /// `ppVersion`: the protection profile.
    pub pp_version: VersionType,
    /// `sasAcreditationNumber`.
    pub sas_acreditation_number: Text<64>,
    /// `certificationDataObject`.
    #[rasn(tag(12))]
    pub certification_data_object: Option<CertificationDataObject>,
    /// `treProperties` (since v2.4).
    #[rasn(tag(13))]
    pub tre_properties: Option<TreProperties>,
    /// `treProductReference` (since v2.4).
    #[rasn(tag(14))]
    pub tre_product_reference: Option<String>,
    /// `additionalEuiccProfilePackageVersions` (since v2.4).
    #[rasn(tag(15))]
    pub additional_euicc_profile_package_versions: Option<Vec<VersionType>>,
    /// v3: `lpaMode` `90`, signing keys `B1`, `additionalEuiccInfo` `92`, `highestSvn` `93`, IoT `B4`.
    pub unknown: Unknown,
}

/// `CertificationDataObject`: where the platform's certificate can be looked up (GlobalPlatform DLOA).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct CertificationDataObject {
    /// `platformLabel`.
    #[rasn(tag(0))]
    pub platform_label: String,
    /// `discoveryBaseURL`.
    #[rasn(tag(1))]
    pub discovery_base_url: String,
    /// Members of later versions.
    pub unknown: Unknown,
}
