//! Profile packages: in the clear, and bound to an eUICC.

use std::fmt;

use protocol::types::Eid;
use zeroize::Zeroizing;

/// Which keys protect the profile elements of the bound package.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PackageProtection {
    /// The session keys.
    SessionKeys,
    /// Random profile protection keys (SGP.22 §2.5.3).
    ProfileProtectionKeys,
}

impl PackageProtection {
    /// The name in files and in the store.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SessionKeys => "session-keys",
            Self::ProfileProtectionKeys => "profile-protection-keys",
        }
    }

    /// The protection of that name.
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::SessionKeys, Self::ProfileProtectionKeys].into_iter().find(|one| one.name() == name)
    }
}

/// A profile package in the clear: it holds Ki and OPc, so it is not shown, and wiped when dropped.
#[derive(Clone)]
pub struct Package(pub Zeroizing<Vec<u8>>);

impl fmt::Debug for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Package({} bytes)", self.0.len())
    }
}

/// A package bound to an eUICC, kept for a retry with the same one-time key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bound {
    /// The eUICC.
    pub eid: Eid,
    /// otPK.EUICC.ECKA, 65 bytes.
    pub euicc_otpk: Vec<u8>,
    /// The CI of the identity whose DPpb key signed it.
    pub ci: Vec<u8>,
    /// The Bound Profile Package.
    pub package: Vec<u8>,
}
