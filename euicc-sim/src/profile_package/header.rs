//! What the header demands of the card.

use std::ops::RangeInclusive;

use asn1::profile::{ProfileHeader, RawElement, Service, Status};
use asn1::{UiccCapability, tlv};

use super::failure::Fault;
use super::template;

/// Major versions of the profile package format that are understood.
pub const SUPPORTED_MAJOR_VERSIONS: RangeInclusive<u8> = 2..=3;

/// The services that a package may demand. Contactless, MBMS, EAP, MULTOS, CAT_TP, DNS and secure channels of
/// applications are none of a simulated card; Java Card applications are recorded.
pub const SUPPORTED_SERVICES: [Service; 20] = [
    Service::USIM,
    Service::ISIM,
    Service::CSIM,
    Service::MILENAGE,
    Service::TUAK128,
    Service::CAVE,
    Service::GBA_USIM,
    Service::GBA_ISIM,
    Service::JAVACARD,
    Service::MULTIPLE_USIM,
    Service::MULTIPLE_ISIM,
    Service::MULTIPLE_CSIM,
    Service::TUAK256,
    Service::USIM_TEST_ALGORITHM,
    Service::BER_TLV,
    Service::DF_LINK,
    Service::GET_IDENTITY,
    Service::PROFILE_A_X25519,
    Service::PROFILE_B_P256,
    Service::SUCI_CALCULATOR_API,
];

/// The tag of `iotOptions`, with which a header announces an IoT minimal profile.
const IOT_OPTIONS: u32 = 0xAA;

/// UICCCapability of EUICCInfo2 (SGP.22 §5.7.8) that promises what the interpreter accepts.
pub fn uicc_capability() -> UiccCapability {
    UiccCapability::of(SUPPORTED_SERVICES.iter().filter_map(|service| service.capability_bit()))
}

/// TCA profile package, ProfileHeader: the major version decides before anything else is read; the minor one informs.
pub(super) fn check_version(header: &RawElement<'_>) -> Result<(), Fault> {
    let members = tlv::read(header.bytes()).map(|(tlv, _)| tlv.value).unwrap_or_default();
    match tlv::find(members, 0x80).map(|version| version.value) {
        Some([major]) if !SUPPORTED_MAJOR_VERSIONS.contains(major) => {
            let explanation = format!("the profile package is of version {major}");
            Err(Fault::new(Status::UNSUPPORTED_PROFILE_VERSION, explanation))
        }
        // A missing or malformed version is found when the header is decoded.
        _ => Ok(()),
    }
}

/// What the header makes mandatory has to be supported.
pub(super) fn check(header: &ProfileHeader) -> Result<(), Fault> {
    if !SUPPORTED_MAJOR_VERSIONS.contains(&header.major_version) {
        return Err(Fault::new(
            Status::UNSUPPORTED_PROFILE_VERSION,
            "the profile package is of an unknown version",
        ));
    }
    for service in &header.mandatory_services {
        if !SUPPORTED_SERVICES.contains(service) {
            let status = match *service {
                Service::MULTOS => Status::RUNTIME_NOT_SUPPORTED,
                _ => Status::FEATURE_NOT_SUPPORTED,
            };
            let name = service.name().map_or_else(|| service.0.to_string(), str::to_owned);
            let explanation = format!("the mandatory service {name} is not supported");
            return Err(Fault::new(status, explanation).about(service.0));
        }
    }
    for id in &header.mandatory_templates {
        if !template::is_supported(id) {
            let explanation = format!("the mandatory template {id} is not supported");
            let fault = Fault::new(Status::TEMPLATE_NOT_SUPPORTED, explanation);
            return Err(match id.number_and_version() {
                Some((number, _)) => fault.about(number),
                None => fault,
            });
        }
    }
    // iotOptions is the one member that later versions added.
    if tlv::find(&header.unknown, IOT_OPTIONS).is_some() {
        let explanation = "IoT minimal profiles are not supported";
        return Err(Fault::new(Status::FEATURE_NOT_SUPPORTED, explanation));
    }
    Ok(())
}
