//! `rsp card personalities`.

use anyhow::{Context, Result};
use clap::Args;
use euicc_sim::personality::{self, BuiltIn};
use euicc_sim::quirks::KNOWN;

/// Without a name: the kinds of cards, and the quirks that a card can have.
#[derive(Args)]
pub struct Personalities {
    /// Show this one, with its quirks and the document that it is made from
    name: Option<String>,
}

impl Personalities {
    pub fn run(self) -> Result<()> {
        match self.name {
            None => list(),
            Some(name) => {
                let found = personality::named(&name);
                show(&found.with_context(|| format!("there is no personality {name:?}"))?);
            }
        }
        Ok(())
    }
}

fn list() {
    println!("Personalities, for `rsp card new --personality NAME`; a file of one's own does as well:\n");
    let all = personality::built_in();
    let width = all.iter().map(|built_in| built_in.personality.name.len()).max().unwrap_or(0);
    for BuiltIn { personality, .. } in &all {
        println!("  {:width$}  {}", personality.name, personality.summary);
    }
    println!("\nQuirks, for `--quirk NAME[=VALUE]` and the table [quirks] of such a file:\n");
    let width = KNOWN.iter().map(|quirk| quirk.name.len()).max().unwrap_or(0);
    for quirk in KNOWN {
        println!("  {:width$}  {}", quirk.name, quirk.description);
    }
}

fn show(BuiltIn { personality, document }: &BuiltIn) {
    println!("{}: {}\n", personality.name, personality.summary);
    let quirks = personality.quirks.on();
    if quirks.is_empty() {
        println!("It has no quirks.");
    }
    for (quirk, value) in quirks {
        println!("{} = {value}\n  {}", quirk.name, quirk.description);
    }
    println!("\nThe document:\n\n{}", document.trim_end());
}
