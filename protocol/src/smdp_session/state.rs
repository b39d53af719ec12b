//! What an SM-DP+ has to remember between two messages of a session.

use crypto::{Curve, PublicKey};
use serde::{Deserialize, Serialize};

use crate::hex_bytes;
use crate::mutual_authentication::Opened;
use crate::types::Eid;

/// How far a session has come. It only ever goes forward; what comes out of turn belongs to no session.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "stage", content = "of", rename_all = "snake_case")]
pub enum Stage {
    /// InitiateAuthentication was answered.
    Opened(Opened),
    /// AuthenticateClient was answered with an offer.
    Offered(Offered),
    /// The Bound Profile Package was handed out.
    Delivered(Offered),
    /// Installed, cancelled or given up; the eUICC's key is kept for notifications still to come.
    Ended(Option<Authenticated>),
    /// Postponed after the package was handed out: ended too, but what the eUICC installed all the same still counts.
    Postponed(Authenticated),
}

impl Stage {
    /// The name for traces and logs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Opened(_) => "opened",
            Self::Offered(_) => "offered",
            Self::Delivered(_) => "delivered",
            Self::Ended(_) | Self::Postponed(_) => "ended",
        }
    }

    /// The eUICC of the session, once it is known.
    pub fn authenticated(&self) -> Option<&Authenticated> {
        match self {
            Self::Opened(_) | Self::Ended(None) => None,
            Self::Offered(offered) | Self::Delivered(offered) => Some(&offered.client),
            Self::Ended(Some(client)) | Self::Postponed(client) => Some(client),
        }
    }
}

/// An eUICC whose chain and signature were verified.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Authenticated {
    /// Its EID.
    pub eid: Eid,
    /// PK.EUICC.
    #[serde(with = "stored_key")]
    pub key: PublicKey,
    /// The CI key under which the server identified itself.
    #[serde(with = "hex_bytes")]
    pub ci: Vec<u8>,
}

/// After AuthenticateClient.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Offered {
    /// The eUICC.
    pub client: Authenticated,
    /// Whether the user has to enter a confirmation code.
    pub confirmation_code_required: bool,
    /// The curve of CERT.DPpb, on which the one-time keys have to lie (SGP.22 §3.1.3.2 step 3).
    pub one_time_key_curve: StoredCurve,
    /// The TLV `5F37` of smdpSignature2, which euiccSignature2 covers.
    #[serde(with = "hex_bytes")]
    pub smdp_signature2: Vec<u8>,
}

/// A curve in a form that can be kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum StoredCurve {
    /// NIST P-256.
    P256,
    /// brainpoolP256r1.
    BrainpoolP256r1,
}

impl From<Curve> for StoredCurve {
    fn from(curve: Curve) -> Self {
        match curve {
            Curve::P256 => Self::P256,
            Curve::BrainpoolP256r1 => Self::BrainpoolP256r1,
        }
    }
}

impl From<StoredCurve> for Curve {
    fn from(curve: StoredCurve) -> Self {
        match curve {
            StoredCurve::P256 => Self::P256,
            StoredCurve::BrainpoolP256r1 => Self::BrainpoolP256r1,
        }
    }
}

/// PK.EUICC in a form that can be kept.
mod stored_key {
    use crypto::PublicKey;
    use serde::de::{Deserializer, Error};
    use serde::ser::Serializer;
    use serde::{Deserialize, Serialize};

    use super::{StoredCurve, hex_bytes};

    #[derive(Serialize, Deserialize)]
    struct StoredKey {
        curve: StoredCurve,
        #[serde(with = "hex_bytes")]
        point: Vec<u8>,
    }

    pub(super) fn serialize<S: Serializer>(key: &PublicKey, serializer: S) -> Result<S::Ok, S::Error> {
        StoredKey { curve: key.curve().into(), point: key.point().to_vec() }.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PublicKey, D::Error> {
        let StoredKey { curve, point } = StoredKey::deserialize(deserializer)?;
        PublicKey::from_point(curve.into(), &point).map_err(D::Error::custom)
    }
}
