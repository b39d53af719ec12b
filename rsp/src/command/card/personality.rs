//! Which kind of card: `--personality`, `--quirk` and `--memory`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;
use euicc_sim::personality::{self, Personality};
use euicc_sim::state::CardState;

use crate::io::printable::Printable;

#[derive(Args)]
pub struct PersonalityArguments {
    /// The kind of card: a name of `rsp card personalities`, or a file of one's own
    #[arg(long, value_name = "NAME|FILE", default_value = "consumer")]
    personality: String,
    /// Where the card differs from the specification, such as `exact-length` or `refresh=mute`; values are TOML. Comes
    /// on top of what the personality has; may be given several times
    #[arg(long = "quirk", value_name = "NAME[=VALUE]")]
    quirks: Vec<String>,
    /// Bytes of memory for profiles [default: as the personality has it]
    #[arg(long, value_name = "BYTES")]
    memory: Option<u32>,
}

impl PersonalityArguments {
    /// Makes a freshly manufactured card one of this kind.
    pub fn apply(&self, state: &mut CardState) -> Result<()> {
        find(&self.personality)?.apply(state);
        for quirk in &self.quirks {
            state.quirks.set(quirk)?;
        }
        state.memory_size = self.memory.unwrap_or(state.memory_size);
        Ok(())
    }
}

fn find(name: &str) -> Result<Personality> {
    if let Some(built_in) = personality::named(name) {
        return Ok(built_in.personality);
    }
    let document = fs::read_to_string(Path::new(name)).with_context(|| {
        format!("{name:?} is neither a personality that `rsp card personalities` shows nor a file to read")
    })?;
    Personality::parse(&document).with_context(|| format!("{name} is no personality"))
}

/// Says on standard error where a card that is powered on is not strict; nothing where it is.
pub fn warn(state: &CardState) {
    let quirks = state.quirks.on();
    if quirks.is_empty() {
        return;
    }
    let name = Printable(&state.platform.personality);
    eprintln!("rsp: this card ({name}) is not what the specification asks for:");
    for (quirk, value) in quirks {
        eprintln!("rsp:   {} = {value}", quirk.name);
    }
}
