//! What of a download outlives power.

use asn1::{Iccid, SubjectKeyIdentifier, TransactionId};
use serde::{Deserialize, Serialize};

use super::{Secret, hex};

/// Enough of an installation under way to report it as interrupted (SGP.22 §2.5.6).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenInstallation {
    /// The RSP session.
    #[serde(with = "hex")]
    pub transaction_id: TransactionId,
    /// Where the result goes: the serverAddress of the authentication.
    pub server_address: String,
    /// The SM-DP+'s OID, DER contents octets.
    #[serde(with = "hex")]
    pub smdp_oid: Vec<u8>,
    /// The CI whose eUICC key signs.
    #[serde(with = "hex")]
    pub euicc_ci_pk_id: SubjectKeyIdentifier,
    /// The ES8+ function that was being received, a bppCommandId.
    pub bpp_command_id: u8,
    /// The ICCID, once it is known.
    #[serde(with = "hex::option", skip_serializing_if = "Option::is_none", default)]
    pub iccid: Option<Iccid>,
}

/// A one-time key pair kept for a retry with the same SM-DP+ (SGP.22 §5.7.5, §5.7.7).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetainedOneTimeKey {
    /// The SM-DP+'s OID, DER contents octets.
    #[serde(with = "hex")]
    pub smdp_oid: Vec<u8>,
    /// The curve of the key.
    #[serde(with = "curve")]
    pub curve: crypto::Curve,
    /// otSK.EUICC.ECKA.
    #[serde(with = "hex")]
    pub private_key: Secret,
}

/// A curve by its name.
mod curve {
    use crypto::Curve;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(curve: &Curve, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(curve)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Curve, D::Error> {
        let text = String::deserialize(deserializer)?;
        let known = Curve::ALL.into_iter().find(|curve| curve.to_string() == text);
        known.ok_or_else(|| D::Error::custom(format!("{text:?} is no curve")))
    }
}
