//! Profile packages: in the clear, and bound to an eUICC.

use std::fmt;

use crypto::scp03t::SessionKeys;
use protocol::bpp::ProtectedPackage;
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

/// A profile package as a server keeps it.
#[derive(Clone, Debug)]
pub enum StoredPackage {
    /// To be protected when it is bound.
    Unprotected(Package),
    /// Protected ahead of time under keys of its own: to bind it, it is not touched again.
    Protected(ProtectedPackage),
}

/// Whom a package is bound to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BoundTo {
    /// The eUICC.
    pub eid: Eid,
    /// otPK.EUICC.ECKA, 65 bytes.
    pub euicc_otpk: Vec<u8>,
    /// The CI of the identity whose DPpb key signed it.
    pub ci: Vec<u8>,
}

/// A package bound to an eUICC, kept for a retry with the same one-time key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bound {
    /// Whom it is bound to.
    pub to: BoundTo,
    /// What makes the package again.
    pub kept: Kept,
}

/// What of a Bound Profile Package is not the profile's.
#[derive(Clone, PartialEq, Eq)]
pub enum Kept {
    /// InitialiseSecureChannel, and the session keys that protect all that stands behind it.
    Channel(Vec<u8>, SessionKeys),
    /// What stands before profile elements that are kept protected.
    Head(Vec<u8>),
    /// All of it: what earlier versions kept, and what is made of profiles from before packages were protected ahead of time.
    Whole(Vec<u8>),
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Channel(channel, _) => write!(f, "Channel({} bytes)", channel.len()),
            Self::Head(head) => write!(f, "Head({} bytes)", head.len()),
            Self::Whole(package) => write!(f, "Whole({} bytes)", package.len()),
        }
    }
}
