//! Orders with some profile; what is in the package is nobody's business here.

use asn1::{Iccid, Raw, StoreMetadataRequest};
use protocol::confirmation_code::ConfirmationCodeHash;
use smdp::domain::{NewOrder, NewProfile, Package, PackageProtection};
use zeroize::Zeroizing;

/// The operator of every profile here.
pub const OPERATOR: &str = "alpha";

/// The type of every profile here.
pub const PROFILE_TYPE: &str = "basic";

/// The ICCID of order `number`.
pub fn iccid(number: u32) -> Iccid {
    format!("89010{number:014}").parse().unwrap()
}

/// The MatchingID of order `number`.
pub fn matching_id(number: u32) -> String {
    format!("ORDER-{number}")
}

/// A package of several segments, different for each order.
pub fn package(number: u32) -> Vec<u8> {
    (0..2500u32).map(|i| i.wrapping_add(number).wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect()
}

/// The Profile Metadata of order `number`.
pub fn metadata(number: u32) -> StoreMetadataRequest {
    StoreMetadataRequest::new(iccid(number), "Operator".parse().unwrap(), "Profile".parse().unwrap())
}

/// Profile `number`, without an order.
pub fn profile(number: u32) -> NewProfile {
    NewProfile {
        iccid: iccid(number),
        operator: Some(OPERATOR.to_owned()),
        profile_type: PROFILE_TYPE.to_owned(),
        protection: PackageProtection::SessionKeys,
        metadata: Raw::new(metadata(number)).into_bytes(),
        package: Package(Zeroizing::new(package(number))),
    }
}

/// An order for whoever has its MatchingID.
pub fn order(number: u32) -> NewOrder {
    NewOrder {
        profile: profile(number),
        matching_id: Some(matching_id(number).parse().unwrap()),
        eid: None,
        confirmation_code: None,
        expires: None,
    }
}

/// The same with its package protected in this way.
pub fn protected(number: u32, protection: PackageProtection) -> NewOrder {
    NewOrder { profile: NewProfile { protection, ..profile(number) }, ..order(number) }
}

/// The same with other Profile Metadata.
pub fn with_metadata(number: u32, metadata: StoreMetadataRequest) -> NewOrder {
    let metadata = Raw::new(metadata).into_bytes();
    NewOrder { profile: NewProfile { metadata, ..profile(number) }, ..order(number) }
}

/// The same for one eUICC.
pub fn order_for(number: u32, eid: protocol::types::Eid) -> NewOrder {
    NewOrder { eid: Some(eid), ..order(number) }
}

/// An order for the default SM-DP+ use case: no MatchingID, one eUICC.
pub fn default_order(number: u32, eid: protocol::types::Eid) -> NewOrder {
    NewOrder { matching_id: None, ..order_for(number, eid) }
}

/// An order that asks for a confirmation code.
pub fn order_with_code(number: u32, code: &str) -> NewOrder {
    NewOrder { confirmation_code: Some(ConfirmationCodeHash::of(code)), ..order(number) }
}
