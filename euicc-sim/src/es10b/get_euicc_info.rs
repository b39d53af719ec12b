//! GetEUICCInfo (SGP.22 §5.7.8): EUICCInfo1 and EUICCInfo2.

use asn1::tlv::{self, Tlv};
use asn1::{
    CertificationDataObject, EuiccCategory, EuiccInfo1, EuiccInfo2, OctetString, PprIds, RspCapability,
    SubjectKeyIdentifier, Text, TreProperties, UiccCapability, Unknown, VersionType, der,
};

use crate::es8plus::profile_size;
use crate::isdr::{Es10Result, Isdr};
use crate::object::no_input;
use crate::state::{self, Category, CertificationData, Information, PolicyRules};
use crate::{policy, profile_package};

/// EUICCInfo1: what a server may know before it is authenticated.
pub(crate) fn info1(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    no_input(&request)?;
    Ok(der::encode(&EuiccInfo1 {
        svn: isdr.state().information.svn.0.into(),
        euicc_ci_pk_id_list_for_verification: verification_list(isdr),
        euicc_ci_pk_id_list_for_signing: signing_list(isdr),
        unknown: Unknown::none(),
    }))
}

/// EUICCInfo2.
pub(crate) fn info2(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    no_input(&request)?;
    Ok(euicc_info2(isdr))
}

/// The EUICCInfo2 TLV (BF22), which also goes into euiccSigned1 (SGP.22 §5.7.13).
pub(crate) fn euicc_info2(isdr: &Isdr) -> Vec<u8> {
    let state = isdr.state();
    let information = &state.information;
    der::encode(&EuiccInfo2 {
        profile_version: information.profile_version.0.into(),
        svn: information.svn.0.into(),
        euicc_firmware_ver: information.firmware_version.0.into(),
        ext_card_resource: OctetString::from(extended_card_resources(isdr)),
        uicc_capability: uicc_capability(information),
        ts102241_version: information.ts102241_version.map(|version| version.0.into()),
        globalplatform_version: Some(information.globalplatform_version.0.into()),
        rsp_capability: rsp_capability(isdr),
        euicc_ci_pk_id_list_for_verification: verification_list(isdr),
        euicc_ci_pk_id_list_for_signing: signing_list(isdr),
        euicc_category: information.category.map(category),
        forbidden_profile_policy_rules: Some(ppr_ids(policy::forbidden(state))),
        pp_version: information.protection_profile_version.0.into(),
        sas_acreditation_number: Text::new(&information.sas_accreditation_number).unwrap_or_default(),
        certification_data_object: information.certification_data.as_ref().map(certification_data),
        tre_properties: information.tre_properties.map(tre_properties),
        tre_product_reference: information.tre_product_reference.clone(),
        additional_euicc_profile_package_versions: additional_versions(information),
        unknown: Unknown::none(),
    })
}

/// Another profile can be installed as long as there is memory for an ISD-P; test profiles are supported.
fn rsp_capability(isdr: &Isdr) -> RspCapability {
    let fits = isdr.state().free_memory() > profile_size(0, 0);
    let additional_profile = fits.then_some(RspCapability::ADDITIONAL_PROFILE);
    let crl = isdr.state().information.crl.then_some(RspCapability::CRL_SUPPORT);
    RspCapability::of(additional_profile.into_iter().chain(crl).chain([RspCapability::TEST_PROFILE_SUPPORT]))
}

fn uicc_capability(information: &Information) -> UiccCapability {
    match &information.uicc_capability {
        Some(services) => UiccCapability::of(services.iter().map(|service| service.bit())),
        None => profile_package::uicc_capability(),
    }
}

fn category(category: Category) -> EuiccCategory {
    match category {
        Category::Other => EuiccCategory::OTHER,
        Category::Basic => EuiccCategory::BASIC_EUICC,
        Category::Medium => EuiccCategory::MEDIUM_EUICC,
        Category::Contactless => EuiccCategory::CONTACTLESS_EUICC,
    }
}

fn certification_data(data: &CertificationData) -> CertificationDataObject {
    CertificationDataObject {
        platform_label: data.platform_label.clone(),
        discovery_base_url: data.discovery_base_url.clone(),
        unknown: Unknown::none(),
    }
}

fn tre_properties(properties: state::TreProperties) -> TreProperties {
    let named = [
        (properties.discrete, TreProperties::IS_DISCRETE),
        (properties.integrated, TreProperties::IS_INTEGRATED),
        (properties.remote_memory, TreProperties::USES_REMOTE_MEMORY),
    ];
    TreProperties::of(named.into_iter().filter(|(set, _)| *set).map(|(_, bit)| bit))
}

fn additional_versions(information: &Information) -> Option<Vec<VersionType>> {
    let versions = &information.additional_profile_versions;
    (!versions.is_empty()).then(|| versions.iter().map(|version| version.0.into()).collect())
}

fn ppr_ids(rules: PolicyRules) -> PprIds {
    let named = [
        (rules.update_control, PprIds::PPR_UPDATE_CONTROL),
        (rules.ppr1, PprIds::PPR1),
        (rules.ppr2, PprIds::PPR2),
    ];
    PprIds::of(named.into_iter().filter(|(set, _)| *set).map(|(_, bit)| bit))
}

/// CIs whose servers are believed, most preferred first.
fn verification_list(isdr: &Isdr) -> Vec<SubjectKeyIdentifier> {
    isdr.keys().anchors.iter().map(|anchor| anchor.key_identifier().clone()).collect()
}

/// CIs under which the eUICC can sign, most preferred first.
fn signing_list(isdr: &Isdr) -> Vec<SubjectKeyIdentifier> {
    isdr.keys().identities.iter().map(|identity| identity.ci.clone()).collect()
}

/// extCardResource (ETSI TS 102 226 §8.2.1.7.2): installed applications, which SGP.22 §5.7.8 wants told as 0, free
/// non-volatile and free volatile memory.
fn extended_card_resources(isdr: &Isdr) -> Vec<u8> {
    let mut resources = tlv::wrap(0x81, &[0]);
    resources.extend(tlv::wrap(0x82, &isdr.state().free_memory().to_be_bytes()));
    resources.extend(tlv::wrap(0x83, &isdr.state().information.free_volatile_memory.to_be_bytes()));
    resources
}
