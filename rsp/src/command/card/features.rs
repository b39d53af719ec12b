//! What a card is made with, beside its keys.

use anyhow::{Context, Result};
use certs::tree::Pki;
use clap::Args;
use crypto::Curve;
use euicc_sim::state::{CardState, manufacture};
use protocol::types::ServerAddress;

use super::personality::PersonalityArguments;
use crate::command::CurveName;

#[derive(Args)]
pub struct Features {
    /// The curves that the card has keys on, the preferred one first
    #[arg(long = "curve", value_enum, default_values = ["nist", "brainpool"])]
    curves: Vec<CurveName>,
    /// The default SM-DP+ address
    #[arg(long)]
    default_smdp: Option<ServerAddress>,
    /// The root SM-DS address [default: a placeholder, at which nobody answers]
    #[arg(long)]
    root_smds: Option<ServerAddress>,
    #[command(flatten)]
    personality: PersonalityArguments,
}

impl Features {
    /// The curves, the preferred one first, each once.
    pub fn curves(&self) -> Vec<Curve> {
        let mut curves: Vec<Curve> = Vec::new();
        for &name in &self.curves {
            if !curves.contains(&name.into()) {
                curves.push(name.into());
            }
        }
        curves
    }

    /// The card of the eUICC certificates of a PKI.
    pub fn make(&self, pki: &Pki) -> Result<CardState> {
        let mut state = new_card(pki, &self.curves(), self.default_smdp.as_ref())?;
        if let Some(root_smds) = &self.root_smds {
            state.addresses.root_smds = root_smds.to_string();
        }
        self.personality.apply(&mut state)?;
        Ok(state)
    }
}

/// A card with keys on these curves.
pub fn new_card(pki: &Pki, curves: &[Curve], default_smdp: Option<&ServerAddress>) -> Result<CardState> {
    let mut state = manufacture(pki, curves).context("no card can be made of these certificates")?;
    state.addresses.default_smdp = default_smdp.map(ToString::to_string);
    // What eUICCMemoryReset goes back to (SGP.22 §5.7.19).
    state.addresses.initial_default_smdp = state.addresses.default_smdp.clone();
    Ok(state)
}
