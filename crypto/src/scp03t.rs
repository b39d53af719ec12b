//! SCP03t as RSP uses it: the TLVs that carry ES8+ commands and the profile (SGP.22 §2.5.3, §2.6.4, §5.5).
//!
//! Each TLV is tag ‖ length ‖ body ‖ 8 bytes of MAC. One block counter and one MAC chain run through all TLVs of
//! a Bound Profile Package, whatever their tag; both start anew when the session keys are replaced.

mod channel;
mod open;
mod protect;

use std::fmt;

use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

pub use open::Opener;
pub use protect::{Protector, protected_length};

use crate::{CryptoError, SharedSecret, kdf};

/// The most plaintext that one TLV may carry: with padding, MAC and header it then has 1020 bytes, the size that
/// every eUICC has to support (SGP.22 §2.5.3).
pub const MAX_PLAINTEXT: usize = 1007;

/// The part of the CMAC that travels at the end of each TLV.
const MAC_LENGTH: usize = 8;

/// The TLVs of SCP03t that a Bound Profile Package is made of (SGP.22 §2.5.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// '86': profile package bytes (LoadProfileElements), encrypted.
    Encrypted86,
    /// '87': ConfigureISDP or ReplaceSessionKeys, encrypted.
    Encrypted87,
    /// '88': StoreMetadata, in clear with a MAC.
    MacOnly88,
}

impl Kind {
    /// The tag byte.
    #[must_use]
    pub const fn tag(self) -> u8 {
        match self {
            Self::Encrypted86 => 0x86,
            Self::Encrypted87 => 0x87,
            Self::MacOnly88 => 0x88,
        }
    }

    /// Whether the body is encrypted.
    const fn is_encrypted(self) -> bool {
        matches!(self, Self::Encrypted86 | Self::Encrypted87)
    }

    /// The kind with this tag byte.
    #[must_use]
    pub const fn from_tag(tag: u8) -> Option<Self> {
        match tag {
            0x86 => Some(Self::Encrypted86),
            0x87 => Some(Self::Encrypted87),
            0x88 => Some(Self::MacOnly88),
            _ => None,
        }
    }
}

/// Why a TLV could not be opened. Both end the installation with an error result (SGP.22 §2.5.6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum OpenError {
    /// The TLV or the padding inside it is malformed: scp03tStructureError(7).
    #[error("peer misbehaved: malformed SCP03t TLV or padding")]
    Structure,
    /// The MAC is wrong: scp03tSecurityError(8).
    #[error("peer misbehaved: wrong SCP03t MAC")]
    Security,
}

/// The keys of one secure channel: session keys or profile protection keys.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct SessionKeys {
    /// What the MAC of the first TLV chains on.
    pub mac_chaining_value: [u8; 16],
    /// S-ENC or PPK-ENC, an AES-128 key.
    pub s_enc: [u8; 16],
    /// S-MAC or PPK-CMAC, an AES-128 key.
    pub s_mac: [u8; 16],
}

impl SessionKeys {
    /// Derives the session keys (SGP.22 Annex G) from the agreed secret, the host identifier of
    /// InitialiseSecureChannel and the EID as 16 BCD bytes.
    ///
    /// # Errors
    /// [`CryptoError::HostIdLength`] unless the host identifier has 1 to 16 bytes.
    pub fn derive(secret: &SharedSecret, host_id: &[u8], eid: &[u8; 16]) -> Result<Self, CryptoError> {
        /// SGP.22 §5.5.1: the key type is AES and the key length 16; there is no other pair.
        const KEY_TYPE_AND_LENGTH: [u8; 2] = [0x88, 0x10];

        // SGP.22 §5.5.1: hostId is OctetTo16.
        let host_id_length = u8::try_from(host_id.len())
            .ok()
            .filter(|length| (1..=16).contains(length))
            .ok_or(CryptoError::HostIdLength(host_id.len()))?;
        let shared_info = [&KEY_TYPE_AND_LENGTH, [host_id_length].as_slice(), host_id, &[16], eid].concat();
        Ok(Self::from_key_data(&kdf::x963_sha256(secret, &shared_info)))
    }

    /// The keys in the order of SGP.22 Annex G: initial MAC chaining value, S-ENC, S-MAC.
    #[must_use]
    pub fn from_key_data(key_data: &[u8; 48]) -> Self {
        let mut keys = Self { mac_chaining_value: [0; 16], s_enc: [0; 16], s_mac: [0; 16] };
        let fields = [&mut keys.mac_chaining_value, &mut keys.s_enc, &mut keys.s_mac];
        for (field, part) in fields.into_iter().zip(key_data.chunks_exact(16)) {
            field.copy_from_slice(part);
        }
        keys
    }

    /// The same 48 bytes.
    #[must_use]
    pub fn to_key_data(&self) -> Zeroizing<[u8; 48]> {
        let mut key_data = Zeroizing::new([0; 48]);
        let fields = [&self.mac_chaining_value, &self.s_enc, &self.s_mac];
        for (part, field) in key_data.chunks_exact_mut(16).zip(fields) {
            part.copy_from_slice(field);
        }
        key_data
    }
}

impl fmt::Debug for SessionKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionKeys").finish_non_exhaustive()
    }
}
