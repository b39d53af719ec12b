//! `rsp catalogue`.

mod image;
mod sheet;

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Args;
use protocol::types::ServerAddress;
use serde::Serialize;
use smdp::catalogue::entries;

use crate::config::first_door;
use crate::io::qr;

/// Lists the error catalogue. No server has to run.
#[derive(Args)]
pub struct Catalogue {
    /// Only entries whose name has this in it, such as `BPP` or `8-2-6`
    name: Option<String>,
    /// The SM-DP+, as its activation codes call it
    #[arg(long, value_name = "HOST[:PORT]", default_value = "localhost:8443")]
    server: ServerAddress,
    /// The first of the ports on which it refuses InitiateAuthentication [default: 100 more than that of --server]
    #[arg(long, value_name = "PORT")]
    doors: Option<u16>,
    /// Show the QR codes too
    #[arg(long)]
    qr: bool,
    /// Write each QR code as an image into this folder
    #[arg(long, value_name = "FOLDER")]
    png: Option<PathBuf>,
    /// Write all of it as one page to print
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Print it in JSON
    #[arg(long, conflicts_with = "qr")]
    json: bool,
}

/// An entry as it is shown.
#[derive(Serialize)]
struct Shown {
    id: String,
    activation_code: String,
    /// What the user has to enter.
    confirmation_code: Option<&'static str>,
    /// The name of the fault; null with a good one.
    fault: Option<String>,
    /// The function it is in.
    function: Option<&'static str>,
    what: String,
    good_lpa: &'static str,
}

impl Catalogue {
    pub fn run(self) -> Result<()> {
        let shown = self.shown();
        ensure!(!shown.is_empty(), "no entry of the catalogue has this in its name");
        if let Some(folder) = &self.png {
            write_images(folder, &shown)?;
        }
        if let Some(file) = &self.html {
            let page = sheet::page(&self.server, &shown)?;
            fs::write(file, page).with_context(|| format!("cannot write {}", file.display()))?;
        }
        if self.json {
            print(&format!("{}\n", serde_json::to_string_pretty(&shown)?))?;
        } else if self.qr || (self.png.is_none() && self.html.is_none()) {
            print(&table(&shown, self.qr)?)?;
        }
        Ok(())
    }

    fn shown(&self) -> Vec<Shown> {
        let doors = self.doors.unwrap_or_else(|| first_door(self.server.port()));
        let wanted = self.name.as_deref().unwrap_or_default().to_ascii_uppercase();
        let entries = entries().into_iter().filter(|entry| entry.id.as_str().contains(&wanted));
        let shown = entries.map(|entry| Shown {
            activation_code: entry.activation_code(&self.server, doors).to_string(),
            confirmation_code: entry.confirmation_code,
            fault: entry.act.as_ref().map(|act| act.fault.to_string()),
            function: entry.act.as_ref().map(|act| act.function.name()),
            what: entry.what(),
            good_lpa: entry.promise().good_lpa(),
            id: entry.id.into(),
        });
        shown.collect()
    }
}

/// As text.
fn table(shown: &[Shown], with_qr: bool) -> Result<String> {
    let width = shown.iter().map(|entry| entry.id.len()).max().unwrap_or_default();
    let mut table = String::new();
    for Shown { id, activation_code, confirmation_code, what, good_lpa, .. } in shown {
        let code = confirmation_code.map(|code| format!("   confirmation code {code}")).unwrap_or_default();
        writeln!(table, "{id:width$}  {what}")?;
        writeln!(table, "{:width$}  a good LPA {good_lpa}", "")?;
        writeln!(table, "{:width$}  {activation_code}{code}", "")?;
        if with_qr {
            writeln!(table, "\n{}", qr::for_terminal(activation_code)?)?;
        }
    }
    Ok(table)
}

/// A list this long is looked at through a pager, which may have seen enough.
fn print(text: &str) -> Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

fn write_images(folder: &Path, shown: &[Shown]) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for entry in shown {
        let file = folder.join(format!("{}.png", entry.id));
        let image = image::png(&entry.activation_code)?;
        fs::write(&file, image).with_context(|| format!("cannot write {}", file.display()))?;
    }
    println!("{} images in {}", shown.len(), folder.display());
    Ok(())
}
