//! GetEUICCInfo (SGP.22 §5.7.8): EUICCInfo1 and EUICCInfo2.

use asn1::tlv::{self, Tlv};
use asn1::{
    EuiccInfo1, EuiccInfo2, OctetString, PprIds, RspCapability, SubjectKeyIdentifier, Text, Unknown, der,
};

use crate::isdr::{Es10Result, Isdr};
use crate::object::no_input;
use crate::state::PolicyRules;
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
        uicc_capability: profile_package::uicc_capability(),
        ts102241_version: information.ts102241_version.map(|version| version.0.into()),
        globalplatform_version: Some(information.globalplatform_version.0.into()),
        rsp_capability: rsp_capability(isdr),
        euicc_ci_pk_id_list_for_verification: verification_list(isdr),
        euicc_ci_pk_id_list_for_signing: signing_list(isdr),
        euicc_category: None,
        forbidden_profile_policy_rules: Some(ppr_ids(policy::forbidden(state))),
        pp_version: information.protection_profile_version.0.into(),
        sas_acreditation_number: Text::new(&information.sas_accreditation_number).unwrap_or_default(),
        certification_data_object: None,
        tre_properties: None,
        tre_product_reference: None,
        additional_euicc_profile_package_versions: None,
        unknown: Unknown::none(),
    })
}

/// Another profile can be installed as long as there is memory; test profiles are supported, CRLs are not.
fn rsp_capability(isdr: &Isdr) -> RspCapability {
    let additional_profile = (isdr.state().free_memory() > 0).then_some(RspCapability::ADDITIONAL_PROFILE);
    RspCapability::of(additional_profile.into_iter().chain([RspCapability::TEST_PROFILE_SUPPORT]))
}

fn ppr_ids(rules: PolicyRules) -> PprIds {
    let ppr1 = rules.ppr1.then_some(PprIds::PPR1);
    PprIds::of(ppr1.into_iter().chain(rules.ppr2.then_some(PprIds::PPR2)))
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
