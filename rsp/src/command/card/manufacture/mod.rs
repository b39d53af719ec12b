//! `rsp card manufacture`: many cards at once, as an EUM makes them.

mod eum;
mod manifest;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use certs::UnixTime;
use certs::tree::{Pki, Tree};
use certs::workshop::{Factory, Workshop};
use clap::Args;
use euicc_sim::state::CardState;
use protocol::types::Eid;
use rand_chacha::ChaCha20Rng;

use self::eum::{Eum, EumName};
use self::manifest::Row;
use super::features::Features;
use super::identity;
use super::preload::PreloadArguments;
use crate::io::{card_file, folder, machine, parallel};

/// The cards of a batch, in the folder of the batch.
const CARDS: &str = "cards";
/// The certificates and keys of EUMs that were made for a batch.
const EUMS: &str = "eums";
/// The random numbers of card n of a reproducible batch are those of this stream and n more.
const FIRST_STREAM: u64 = 1 << 32;

#[derive(Args)]
pub struct Manufacture {
    /// The certificates, with the keys of the EUM, or of the Certificate Issuer where new EUMs are made
    #[arg(long, value_name = "FOLDER")]
    certs: PathBuf,
    /// How many cards
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    count: u64,
    /// The folder to make: the cards in `cards`, new EUMs in `eums`, and the manifest
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// The EID of the first card; the next ones follow, and another EUM numbers its cards from the same number on
    /// [default: number 1 of each EUM]
    #[arg(long, value_name = "EID")]
    first_eid: Option<Eid>,
    /// An EUM: NAME=DIGITS makes one whose EIDs begin with these digits, NAME alone is that of the certificates. Several
    /// take turns [default: that of the certificates]
    #[arg(long = "eum", value_name = "NAME[=DIGITS]")]
    eums: Vec<EumName>,
    /// How the list of what was made is written
    #[arg(long, value_enum, default_values = ["csv", "json"])]
    manifest: Vec<manifest::Format>,
    /// Make the same cards each time, with certificates that are valid from 2026 on
    #[arg(long)]
    seed: Option<u64>,
    #[command(flatten)]
    features: Features,
    #[command(flatten)]
    preload: PreloadArguments,
}

/// One EUM's share of the work.
struct Line {
    factory: Factory,
    /// A card of this EUM in all but EID and keys.
    blank: CardState,
}

impl Manufacture {
    pub fn run(self) -> Result<()> {
        if self.out.exists() && fs::read_dir(&self.out)?.next().is_some() {
            bail!("{} is not empty: cards are not made over others", self.out.display());
        }
        let tree = folder::read(&self.certs)?;
        let pki = Pki::from_tree(&tree)?;
        let mut rng = self.rng(0)?;
        let mut workshop = Workshop::new(self.now(), &mut rng);
        let eums = eum::eums(&self.eums, &pki, &self.features.curves(), &mut workshop)?;
        let first = self.first_number(&eums)?;
        let lines: Vec<Line> =
            eums.iter().map(|eum| self.line(eum, &tree, first, &mut workshop)).collect::<Result<_>>()?;

        let cards = self.out.join(CARDS);
        fs::create_dir_all(&cards).with_context(|| format!("cannot make {}", cards.display()))?;
        for eum in eums.iter().filter(|eum| eum.is_new) {
            let folder = self.out.join(EUMS).join(eum.factory.issuer());
            folder::write(&eum::folder_of(&eum.factory, &tree)?, &folder)?;
        }
        let rows = parallel::try_map(0..self.count, |number| self.make(&lines, first, number, &cards))?;
        for (index, format) in self.manifest.iter().enumerate() {
            if !self.manifest.iter().take(index).any(|before| before == format) {
                manifest::write(&rows, *format, &self.out)?;
            }
        }
        println!("{} cards in {}", rows.len(), cards.display());
        Ok(())
    }

    /// The number of the first card of each EUM. All numbers that follow have to exist.
    fn first_number(&self, eums: &[Eum]) -> Result<u128> {
        let first = match &self.first_eid {
            None => 1,
            Some(eid) => {
                let number = |eum: &Eum| certs::eid::number(eid.as_bytes(), eum.factory.issuer());
                let ranges: Vec<_> = eums.iter().map(|eum| eum.factory.issuer()).collect();
                eums.iter().find_map(number).with_context(|| {
                    format!("the EIDs of these EUMs begin with {}, {eid} does not", ranges.join(" or "))
                })?
            }
        };
        let last = first + u128::from(self.count - 1) / u128::from(eums.len() as u64);
        for eum in eums {
            eum.factory.eid(last).with_context(|| {
                format!("{} EIDs that begin with {} do not suffice", self.count, eum.factory.issuer())
            })?;
        }
        Ok(first)
    }

    /// Makes a first card and keeps its blank: whatever is wrong with the certificates comes out here.
    fn line(&self, eum: &Eum, tree: &Tree, first: u128, workshop: &mut Workshop<'_>) -> Result<Line> {
        let eid = eum.factory.eid(first)?;
        let tree = eum::tree_of(&eum.factory, tree, &eid, workshop)?;
        let mut blank = self.features.make(&Pki::from_tree(&tree)?)?;
        if blank.platform.is_euicc() {
            self.preload.apply(&mut blank)?;
        }
        Ok(Line { factory: eum.factory.clone(), blank })
    }

    /// The card with this number in the batch.
    fn make(&self, lines: &[Line], first: u128, number: u64, cards: &Path) -> Result<Row> {
        let of = lines.len() as u64;
        let line = usize::try_from(number % of).ok().and_then(|index| lines.get(index));
        let Line { factory, blank } = line.context("a batch has an EUM")?;
        let eid = factory.eid(first + u128::from(number / of))?;
        let mut rng = self.rng(FIRST_STREAM + number)?;
        let euicc = factory.euicc(&mut Workshop::new(self.now(), &mut rng), &eid)?;
        let mut state = blank.clone();
        identity::give(&mut state, eid, factory, &euicc)?;
        if !state.platform.is_euicc() {
            // Its built-in profile has ICCID and IMSI after its EID.
            self.preload.apply(&mut state)?;
        }
        let name = format!("{}.json", state.eid);
        card_file::create(&cards.join(&name), &state)?;
        Row::of(&state, factory.organization(), format!("{CARDS}/{name}"))
    }

    fn now(&self) -> UnixTime {
        let clock = if self.seed.is_some() { machine::fixed_clock() } else { machine::system_clock() };
        UnixTime(clock.now().unix_seconds())
    }

    fn rng(&self, stream: u64) -> Result<ChaCha20Rng> {
        self.seed.map_or_else(machine::system_rng, |seed| Ok(machine::seeded_rng(seed, stream)))
    }
}
