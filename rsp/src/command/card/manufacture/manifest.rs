//! The list of what was made, for an inventory. It holds no secret.

use std::path::Path;

use anyhow::{Context, Result, bail};
use certs::Certificate;
use clap::ValueEnum;
use crypto::Curve;
use csv_core::{WriteResult, Writer};
use data_encoding::HEXUPPER;
use euicc_sim::state::CardState;
use serde::Serialize;

/// How the list is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// `manifest.csv`, as RFC 4180 has it; several values in one field stand with spaces between them
    Csv,
    /// `manifest.json`, one list of objects
    Json,
}

/// One card.
#[derive(Serialize)]
pub struct Row {
    eid: String,
    /// The organization of the EUM.
    eum: String,
    /// Where the card is kept, seen from the list.
    card_file: String,
    /// The curves as `--curve` has them, the preferred one first; the lists below have the same order.
    curves: Vec<&'static str>,
    /// Key identifiers of the CIs that the card signs under.
    ci_pk_ids: Vec<String>,
    /// Serial numbers of CERT.EUICC.ECDSA.
    euicc_certificate_serials: Vec<String>,
    /// Serial numbers of CERT.EUM.ECDSA.
    eum_certificate_serials: Vec<String>,
    personality: String,
    default_smdp: Option<String>,
    root_smds: String,
    atr: String,
}

impl Row {
    /// The line of a card that is kept in this file.
    pub fn of(state: &CardState, eum: &str, card_file: String) -> Result<Self> {
        let mut row = Self {
            eid: state.eid.to_string(),
            eum: eum.to_owned(),
            card_file,
            curves: Vec::new(),
            ci_pk_ids: Vec::new(),
            euicc_certificate_serials: Vec::new(),
            eum_certificate_serials: Vec::new(),
            personality: state.platform.personality.clone(),
            default_smdp: state.addresses.default_smdp.clone(),
            root_smds: state.addresses.root_smds.clone(),
            atr: HEXUPPER.encode(&state.platform.atr),
        };
        for identity in &state.identities {
            let euicc = Certificate::from_der(&identity.euicc_certificate)?;
            let eum = Certificate::from_der(&identity.eum_certificate)?;
            let ci = eum.authority_key_identifier().context("the EUM's certificate names no issuer")?;
            row.curves.push(match euicc.curve() {
                Curve::P256 => "nist",
                Curve::BrainpoolP256r1 => "brainpool",
            });
            row.ci_pk_ids.push(HEXUPPER.encode(ci.bytes()));
            row.euicc_certificate_serials.push(HEXUPPER.encode(euicc.serial_number()));
            row.eum_certificate_serials.push(HEXUPPER.encode(eum.serial_number()));
        }
        Ok(row)
    }

    fn fields(&self) -> [String; 11] {
        [
            self.eid.clone(),
            self.eum.clone(),
            self.card_file.clone(),
            self.curves.join(" "),
            self.ci_pk_ids.join(" "),
            self.euicc_certificate_serials.join(" "),
            self.eum_certificate_serials.join(" "),
            self.personality.clone(),
            self.default_smdp.clone().unwrap_or_default(),
            self.root_smds.clone(),
            self.atr.clone(),
        ]
    }
}

/// The header of the CSV: the names of the JSON.
const HEADER: [&str; 11] = [
    "eid",
    "eum",
    "card_file",
    "curves",
    "ci_pk_ids",
    "euicc_certificate_serials",
    "eum_certificate_serials",
    "personality",
    "default_smdp",
    "root_smds",
    "atr",
];

/// Writes the list into a folder.
pub fn write(rows: &[Row], format: Format, folder: &Path) -> Result<()> {
    let (name, text) = match format {
        Format::Csv => ("manifest.csv", csv(rows)?),
        Format::Json => ("manifest.json", serde_json::to_vec_pretty(rows)?),
    };
    let path = folder.join(name);
    std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn csv(rows: &[Row]) -> Result<Vec<u8>> {
    let mut writer = Writer::new();
    let mut text = Vec::new();
    record(&mut writer, &mut text, &HEADER)?;
    for row in rows {
        record(&mut writer, &mut text, &row.fields())?;
    }
    Ok(text)
}

fn record<T: AsRef<str>>(writer: &mut Writer, text: &mut Vec<u8>, fields: &[T]) -> Result<()> {
    for (index, field) in fields.iter().enumerate() {
        let field = field.as_ref().as_bytes();
        // Quotes double at worst, and a delimiter, a pair of quotes and the end of the line come with it.
        let mut room = vec![0; 2 * field.len() + 8];
        let mut used = 0;
        if index > 0 {
            used += wrote(writer.delimiter(&mut room))?;
        }
        let (result, _, written) = writer.field(field, room.get_mut(used..).unwrap_or_default());
        used += wrote((result, written))?;
        if index + 1 == fields.len() {
            used += wrote(writer.terminator(room.get_mut(used..).unwrap_or_default()))?;
        }
        room.truncate(used);
        text.append(&mut room);
    }
    Ok(())
}

fn wrote((result, written): (WriteResult, usize)) -> Result<usize> {
    match result {
        WriteResult::InputEmpty => Ok(written),
        WriteResult::OutputFull => bail!("a field of the list does not fit the room made for it"),
    }
}
