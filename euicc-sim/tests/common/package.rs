//! A profile: metadata and package.

use asn1::{Iccid, NotificationConfigurationInformation, NotificationEvent, StoreMetadataRequest, Unknown};
use protocol::profile::{Imsi, Subscriber, default_profile};
use zeroize::Zeroizing;

use super::ICCID;

/// An IMSI of a commercial network.
pub const IMSI: &str = "246810123456789";

/// Metadata of an operational profile that wants each event notified.
pub fn request(iccid: &str) -> StoreMetadataRequest {
    let events = [
        (NotificationEvent::ENABLE, "enable.example.com"),
        (NotificationEvent::DISABLE, "disable.example.com"),
        (NotificationEvent::DELETE, "delete.example.com"),
        (NotificationEvent::INSTALL, "install.example.com"),
    ];
    let entry = |(event, address): (usize, &str)| NotificationConfigurationInformation {
        profile_management_operation: NotificationEvent::of([event]),
        notification_address: address.to_owned(),
        unknown: Unknown::none(),
    };
    let iccid: Iccid = iccid.parse().unwrap();
    StoreMetadataRequest {
        notification_configuration_info: Some(events.map(entry).to_vec()),
        ..StoreMetadataRequest::new(iccid, "Test".try_into().unwrap(), "Profile".try_into().unwrap())
    }
}

pub fn metadata() -> Vec<u8> {
    asn1::der::encode(&request(ICCID))
}

pub fn package() -> Vec<u8> {
    package_of(ICCID)
}

/// A package that fits the metadata of this ICCID.
pub fn package_of(iccid: &str) -> Vec<u8> {
    package_with(iccid, IMSI, [0x5C; 16])
}

pub fn package_with(iccid: &str, imsi: &str, ki: [u8; 16]) -> Vec<u8> {
    let iccid: Iccid = iccid.parse().unwrap();
    let imsi: Imsi = imsi.parse().unwrap();
    default_profile(&Subscriber::new(iccid, imsi, Zeroizing::new(ki), Zeroizing::new([0xC0; 16]))).to_vec()
}
