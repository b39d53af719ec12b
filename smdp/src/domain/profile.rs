//! The inventory: profiles, whether an order has them or not.

use std::fmt;

use asn1::Iccid;

use super::{OrderId, Package, PackageProtection, ProfileState};

/// The store's number of a profile.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ProfileId(pub i64);

impl fmt::Display for ProfileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A profile as it enters the inventory.
#[derive(Clone, Debug)]
pub struct NewProfile {
    /// Its number.
    pub iccid: Iccid,
    /// The operator it belongs to, by the name in the configuration; nobody orders a profile of none over ES2+.
    pub operator: Option<String>,
    /// What the operator orders it by (SGP.22 §5.3.1).
    pub profile_type: String,
    /// How its package is protected.
    pub protection: PackageProtection,
    /// The Profile Metadata, a StoreMetadataRequest TLV.
    pub metadata: Vec<u8>,
    /// The Unprotected Profile Package.
    pub package: Package,
}

/// A profile of the inventory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Profile {
    /// The store's number.
    pub id: ProfileId,
    /// Its number.
    pub iccid: Iccid,
    /// The operator it belongs to.
    pub operator: Option<String>,
    /// What the operator orders it by.
    pub profile_type: String,
    /// How its package is protected.
    pub protection: PackageProtection,
    /// The Profile Metadata, a StoreMetadataRequest TLV.
    pub metadata: Vec<u8>,
    /// The size of the Unprotected Profile Package in bytes.
    pub package_size: usize,
    /// Its state: that of its order where it has one.
    pub state: ProfileState,
    /// The order that has it.
    pub order: Option<OrderId>,
}
