//! The Bound Profile Package: how an SM-DP+ binds one and how an LPA cuts it for the eUICC (SGP.22 §2.5).

mod bind;
mod channel;
pub mod defect;
mod plaintext;
mod protected;
mod segments;

pub use bind::{
    Binding, HostId, ProfileElements, behind_channel, bind, bind_head, is_whole, open_channel,
    rebind_signature,
};
pub use protected::ProtectedPackage;
pub use segments::segments;

use thiserror::Error;

/// Why a package could not be bound or read.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum BppError {
    /// The bytes are no Bound Profile Package.
    #[error("malformed Bound Profile Package: {0}")]
    Malformed(&'static str),
    /// A key agreement, encryption or signature failed.
    #[error("cryptography failed: {0}")]
    Crypto(#[from] crypto::CryptoError),
    /// The host id of the key derivation is empty or longer than 16 bytes.
    #[error("a host id has 1 to 16 bytes, not {0}")]
    HostId(usize),
    /// A [`defect`] that this profile has no place for.
    #[error("this profile package cannot have the defect {0}")]
    Defect(defect::PackageDefect),
}

/// Tags of the package and its parts.
mod tags {
    pub const BOUND_PROFILE_PACKAGE: u32 = 0xBF36;
    pub const INITIALISE_SECURE_CHANNEL: u32 = 0xBF23;
    pub const FIRST_SEQUENCE_OF_87: u32 = 0xA0;
    pub const SEQUENCE_OF_88: u32 = 0xA1;
    pub const SECOND_SEQUENCE_OF_87: u32 = 0xA2;
    pub const SEQUENCE_OF_86: u32 = 0xA3;
}
