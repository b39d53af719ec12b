//! Parts of the profile metadata (SGP.22 §4.4).

use rasn::types::{Any, Constraints, Identifier, ObjectIdentifier, Tag};
use rasn::{AsnType, Decode, Decoder, Encode, Encoder};

use super::{MccMnc, NotificationEvent, OctetString};
use crate::Unknown;
use crate::der::DerError;
use crate::tlv;

/// `OperatorId`: the profile owner in metadata, a pattern in the RAT (SGP.22 §2.9.2).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct OperatorId {
    /// `mccMnc`; in a rule of the RAT a half octet E matches any digit.
    #[rasn(tag(0))]
    pub mcc_mnc: MccMnc,
    /// `gid1`: the content of EF_GID1.
    #[rasn(tag(1))]
    pub gid1: Option<OctetString>,
    /// `gid2`: the content of EF_GID2.
    #[rasn(tag(2))]
    pub gid2: Option<OctetString>,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `NotificationConfigurationInformation`: who wants to hear of which operation (SGP.22 §4.4).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct NotificationConfigurationInformation {
    /// `profileManagementOperation`.
    #[rasn(tag(0))]
    pub profile_management_operation: NotificationEvent,
    /// `notificationAddress`, an FQDN.
    #[rasn(tag(1))]
    pub notification_address: String,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// `DpProprietaryData` `B8`: at most 128 octets with tag and length (SGP.22 §5.5.2).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct DpProprietaryData {
    /// `dpOid`: the SM-DP+ that made the profile.
    #[rasn(tag(0))]
    pub dp_oid: ObjectIdentifier,
    /// What that SM-DP+ adds.
    pub unknown: Unknown,
}

/// `VendorSpecificExtension` (since v2.4): a list of these.
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
pub struct VendorSpecific {
    /// `vendorOid`: who defines the data.
    #[rasn(tag(0))]
    pub vendor_oid: ObjectIdentifier,
    /// `vendorSpecificData`.
    pub vendor_specific_data: VendorData,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// The open type of `VendorSpecific`, as its complete TLV with tag `A1`. Vendors that write octets instead of a value
/// of some type use `81`, which is kept as well.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VendorData(Vec<u8>);

impl VendorData {
    /// A value of the vendor's type, given as its complete TLV.
    ///
    /// # Errors
    /// [`DerError`] when it is not exactly one TLV in DER.
    pub fn new(value: &[u8]) -> Result<Self, DerError> {
        crate::der::check(value, &crate::der::Limits::default())?;
        Ok(Self(tlv::wrap(0xA1, value)))
    }

    /// The complete TLV, `A1` or `81`.
    pub fn raw(&self) -> &[u8] {
        &self.0
    }

    /// What it holds: the vendor's TLV, or octets after `81`.
    pub fn value(&self) -> &[u8] {
        tlv::read(&self.0).map_or(&[], |(tlv, _)| tlv.value)
    }
}

impl rasn::AsnType for VendorData {
    const TAG: Tag = Tag::new_context(1);
}

impl Decode for VendorData {
    fn decode_with_tag_and_constraints<D: Decoder>(
        decoder: &mut D,
        tag: Tag,
        _: &Constraints,
    ) -> Result<Self, D::Error> {
        decoder.decode_any(tag).map(|any| Self(any.into_bytes()))
    }
}

impl Encode for VendorData {
    fn encode_with_tag_and_constraints<'b, E: Encoder<'b>>(
        &self,
        encoder: &mut E,
        _: Tag,
        _: &Constraints,
        identifier: Identifier,
    ) -> Result<(), E::Error> {
        encoder.encode_any(Self::TAG, &Any::new(self.0.clone()), identifier).map(drop)
    }
}
