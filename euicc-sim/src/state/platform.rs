//! What lies below the eUICC: the chip and its operating system.

use serde::{Deserialize, Serialize};

use super::hex;
use crate::atr::ATR;
use crate::select::ISD_R_AID;

/// What the maker of a card fixed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Platform {
    /// The personality the card was made with, for people to read.
    pub personality: String,
    /// What it answers to a reset.
    #[serde(with = "hex")]
    pub atr: Vec<u8>,
    /// The names the ISD-R can be selected by, its own first; none on a UICC that is no eUICC.
    #[serde(with = "hex::list")]
    pub isd_r_aids: Vec<Vec<u8>>,
}

impl Default for Platform {
    fn default() -> Self {
        Self { personality: "consumer".to_owned(), atr: ATR.to_vec(), isd_r_aids: vec![ISD_R_AID.to_vec()] }
    }
}

impl Platform {
    /// Whether there is an ISD-R.
    pub fn is_euicc(&self) -> bool {
        !self.isd_r_aids.is_empty()
    }
}
