//! What the device says about itself (SGP.22 §4.2).

use rasn::types::ObjectIdentifier;
use rasn::{AsnType, Decode, Decoder, Encode};

use super::{CatSupportedClasses, EuiccFormFactorType, Octet4, Octet8, VersionType};
use crate::Unknown;

/// `DeviceInfo` (SGP.22 §4.2).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct DeviceInfo {
    /// `tac`: eight digits, coded as in TS 24.008.
    #[rasn(tag(0))]
    pub tac: Octet4,
    /// `deviceCapabilities`.
    #[rasn(tag(1))]
    pub device_capabilities: DeviceCapabilities,
    /// `imei`: including the check digit and a filling half octet.
    #[rasn(tag(2))]
    pub imei: Option<Octet8>,
    /// v3: preferred languages `A3`, test mode `84`, `lpaRspCapability` `85`.
    pub unknown: Unknown,
}

/// `DeviceCapabilities` (SGP.22 §4.2): the highest release fully supported of each technology.
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct DeviceCapabilities {
    /// `gsmSupportedRelease`.
    #[rasn(tag(0))]
    pub gsm_supported_release: Option<VersionType>,
    /// `utranSupportedRelease`.
    #[rasn(tag(1))]
    pub utran_supported_release: Option<VersionType>,
    /// `cdma2000onexSupportedRelease`.
    #[rasn(tag(2))]
    pub cdma2000onex_supported_release: Option<VersionType>,
    /// `cdma2000hrpdSupportedRelease`.
    #[rasn(tag(3))]
    pub cdma2000hrpd_supported_release: Option<VersionType>,
    /// `cdma2000ehrpdSupportedRelease`.
    #[rasn(tag(4))]
    pub cdma2000ehrpd_supported_release: Option<VersionType>,
    /// `eutranSupportedRelease` (`eutranEpcSupportedRelease` since v2.4).
    #[rasn(tag(5))]
    pub eutran_supported_release: Option<VersionType>,
    /// `contactlessSupportedRelease`.
    #[rasn(tag(6))]
    pub contactless_supported_release: Option<VersionType>,
    /// `rspCrlSupportedVersion`.
    #[rasn(tag(7))]
    pub rsp_crl_supported_version: Option<VersionType>,
    /// `nrEpcSupportedRelease`, like all that follow since v2.3 or later.
    #[rasn(tag(8))]
    pub nr_epc_supported_release: Option<VersionType>,
    /// `nr5gcSupportedRelease`.
    #[rasn(tag(9))]
    pub nr5gc_supported_release: Option<VersionType>,
    /// `eutran5gcSupportedRelease`.
    #[rasn(tag(10))]
    pub eutran5gc_supported_release: Option<VersionType>,
    /// `lpaSvn`.
    #[rasn(tag(11))]
    pub lpa_svn: Option<VersionType>,
    /// `catSupportedClasses`.
    #[rasn(tag(12))]
    pub cat_supported_classes: Option<CatSupportedClasses>,
    /// `euiccFormFactorType`.
    #[rasn(tag(13))]
    pub euicc_form_factor_type: Option<EuiccFormFactorType>,
    /// `deviceAdditionalFeatureSupport`.
    #[rasn(tag(14))]
    pub device_additional_feature_support: Option<DeviceAdditionalFeatureSupport>,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `DeviceAdditionalFeatureSupport` (since v2.4).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct DeviceAdditionalFeatureSupport {
    /// `naiSupport`.
    #[rasn(tag(0))]
    pub nai_support: Option<VersionType>,
    /// `groupOfDeviceManufacturerOid`.
    #[rasn(tag(1))]
    pub group_of_device_manufacturer_oid: Option<ObjectIdentifier>,
    /// Members of later versions.
    pub unknown: Unknown,
}
