//! What a server remembers of a session that InitiateAuthentication opened.

use asn1::VersionType;
use serde::{Deserialize, Serialize};

use crate::hex_bytes;

/// After InitiateAuthentication.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Opened {
    /// The challenge that the eUICC has to sign.
    #[serde(with = "hex_bytes")]
    pub server_challenge: Vec<u8>,
    /// The CI key under which the server identified itself.
    #[serde(with = "hex_bytes")]
    pub ci: Vec<u8>,
    /// The CI key under which the eUICC was told to sign.
    #[serde(with = "hex_bytes")]
    pub euicc_ci: Vec<u8>,
    /// The SVN of EUICCInfo1, three bytes.
    #[serde(with = "hex_bytes")]
    pub svn: Vec<u8>,
    /// The server address that was signed.
    pub server_address: String,
}

impl Opened {
    pub(super) fn svn_is(&self, svn: &VersionType) -> bool {
        self.svn == *svn.bytes()
    }
}
