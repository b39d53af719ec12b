//! `rsp code`.

use anyhow::Result;
use clap::Args;
use protocol::activation_code::ActivationCode;

use crate::io::qr;

/// Checks an activation code and shows it as a QR code.
#[derive(Args)]
pub struct Code {
    /// `LPA:1$…`, in quotes: shells read `$` as their own
    activation_code: ActivationCode,
}

impl Code {
    pub fn run(self) -> Result<()> {
        let text = self.activation_code.to_string();
        println!("{text}\n\n{}", qr::for_terminal(&text)?);
        Ok(())
    }
}
