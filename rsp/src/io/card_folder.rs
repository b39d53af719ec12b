//! A folder of cards, for a process that is all of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use euicc_sim::state::CardState;

use super::card_file::{self, CardFile};
use super::parallel;

/// All cards in a folder: its files `*.json`, in the order of their EIDs. One lock keeps other processes from all of them as
/// long as one is used here. Every card in the folder has to be whole, and none in use.
pub fn open(folder: &Path) -> Result<Vec<(CardFile, CardState)>> {
    let name = folder.display();
    let files = card_files(folder).with_context(|| format!("cannot read the folder {name}"))?;
    if files.is_empty() {
        bail!("{name} holds no cards; `rsp card manufacture` makes some");
    }
    let lock = card_file::take_folder(folder)?
        .with_context(|| format!("the folder {name} is in use by another process"))?;
    let lock = Arc::new(lock);
    let mut cards = parallel::try_map(files, |file| {
        if card_file::is_in_use(&file)? {
            bail!("the card {} is in use by another process", file.display());
        }
        let state = CardFile::read(&file)?;
        Ok((CardFile::in_locked_folder(file, &lock), state))
    })?;
    cards.sort_by_key(|(_, state)| state.eid);
    for ((file, state), (next, other)) in cards.iter().zip(cards.iter().skip(1)) {
        if state.eid == other.eid {
            let (one, two) = (file.path().display(), next.path().display());
            tracing::warn!("{one} and {two} are two cards with the EID {}", state.eid);
        }
    }
    Ok(cards)
}

fn card_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") && path.is_file() {
            files.push(path);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use certs::tree::Pki;
    use certs::workshop::{Plan, Workshop};
    use certs::{UnixTime, eid};
    use crypto::Curve;
    use euicc_sim::state::manufacture;

    use super::*;
    use crate::io::{card_file, machine};

    /// A folder with the cards of these numbers, in files named after their place in the list.
    fn folder(numbers: &[u128]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (place, number) in numbers.iter().enumerate() {
            let eid = eid::numbered("89049032", *number).unwrap();
            let hosts = vec!["localhost".to_owned()];
            let plan = Plan { eid, dp_hosts: hosts.clone(), ds_hosts: hosts };
            let mut rng = machine::seeded_rng(1, 1);
            let tree = Workshop::new(UnixTime(1_780_000_000), &mut rng).tree(&plan).unwrap();
            let state = manufacture(&Pki::from_tree(&tree).unwrap(), &[Curve::P256]).unwrap();
            card_file::create(&folder.path().join(format!("{place}.json")), &state).unwrap();
        }
        folder
    }

    fn refusal(folder: &Path) -> String {
        format!("{:#}", open(folder).err().unwrap())
    }

    #[test]
    fn cards_stand_in_the_order_of_their_eids() {
        let folder = folder(&[7, 3, 5]);
        std::fs::write(folder.path().join("manifest.csv"), "eid").unwrap();
        let cards = open(folder.path()).unwrap();
        let number = |state: &CardState| eid::number(state.eid.as_bytes(), "89049032").unwrap();
        assert!(cards.iter().map(|(_, state)| number(state)).eq([3, 5, 7]));
        let (file, state) = &cards[0];
        assert_eq!(CardFile::read(file.path()).unwrap().eid, state.eid);
    }

    #[test]
    fn a_folder_belongs_to_one_process_with_all_its_cards() {
        let folder = folder(&[1, 2]);
        let card = folder.path().join("0.json");
        let mut cards = open(folder.path()).unwrap();
        assert!(refusal(folder.path()).contains("in use"));
        let one = cards.remove(0);
        let refused = CardFile::lock(&card).err().unwrap().to_string();
        assert!(refused.contains("whole folder"), "{refused}");
        drop(cards);
        assert!(CardFile::lock(&card).is_err(), "a card of the folder is still in use");
        drop(one);
        let single = CardFile::lock(&card).unwrap();
        assert!(refusal(folder.path()).contains("0.json is in use"));
        drop(single);
        assert!(open(folder.path()).is_ok());
    }

    #[test]
    fn a_damaged_card_is_refused_by_name() {
        let folder = folder(&[1, 2]);
        std::fs::write(folder.path().join("1.json"), "{}").unwrap();
        assert!(refusal(folder.path()).contains("1.json"));
        assert_eq!(std::fs::read(folder.path().join("1.json")).unwrap(), b"{}");
        let empty = tempfile::tempdir().unwrap();
        assert!(refusal(empty.path()).contains("holds no cards"));
        assert!(refusal(&empty.path().join("absent")).contains("absent"));
    }
}
