//! The answer to SELECT of the ISD-R (SGP.22 §5.7.1).

use rasn::{AsnType, Decode, Decoder, Encode};

use super::{Aid, LpaeSupport, VersionType};
use crate::Unknown;

/// `ISDRProprietaryApplicationTemplate` `E0` (SGP.22 §5.7.1).
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(private, 0))]
pub struct IsdrProprietaryApplicationTemplate {
    /// `svn`: the version of SGP.22 (`lowestSvn` since v3).
    #[rasn(tag(2))]
    pub svn: VersionType,
    /// `lpaeSupport` (`euiccConfiguration` since v3). Keeps its universal tag: one tag by hand switches automatic tags off.
    pub lpae_support: Option<LpaeSupport>,
    /// Members of later versions.
    pub unknown: Unknown,
}

/// The file control information `6F` that SELECT returns (GlobalPlatform Card Specification §11.9.3), with the template
/// of SGP.22 in it. Every other object in it is kept.
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash)]
#[rasn(tag(application, 15))]
pub struct FileControlInformation {
    /// The AID of the application selected. Tag `84`: not the application tag an AID has elsewhere.
    #[rasn(tag(4))]
    pub aid: Aid,
    /// Proprietary data `A5`.
    #[rasn(tag(5))]
    pub proprietary: Option<FciProprietary>,
    /// The ISD-R's own template. AOSP looks for it here and behind the FCI.
    pub isdr: Option<IsdrProprietaryApplicationTemplate>,
    /// Objects of other specifications, such as `E1` of SGP.32.
    pub unknown: Unknown,
}

/// Proprietary data `A5` of the file control information.
#[derive(AsnType, Decode, Encode, Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct FciProprietary {
    /// Whatever the card says here: management data `73`, maximum length of a command `9F65`.
    pub unknown: Unknown,
}
