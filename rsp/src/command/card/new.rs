//! `rsp card new`.

use std::path::PathBuf;

use anyhow::{Result, bail};
use certs::tree::Pki;
use clap::Args;

use super::features::Features;
use super::preload::PreloadArguments;
use crate::io::card_file::CardFile;
use crate::io::folder;

#[derive(Args)]
pub struct New {
    /// The certificates: a folder as `rsp certs make` makes it, or the published test certificates of SGP.26
    #[arg(long, value_name = "FOLDER")]
    certs: PathBuf,
    /// The file to make
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    features: Features,
    #[command(flatten)]
    preload: PreloadArguments,
}

impl New {
    pub fn run(self) -> Result<()> {
        if self.out.exists() {
            bail!("{} exists: a card is not made over another", self.out.display());
        }
        let pki = Pki::from_tree(&folder::read(&self.certs)?)?;
        let mut state = self.features.make(&pki)?;
        self.preload.apply(&mut state)?;
        CardFile::lock(&self.out)?.keep(&state)?;
        println!("card {} in {}", state.eid, self.out.display());
        Ok(())
    }
}
