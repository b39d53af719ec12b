//! Kinds of cards, as data: a TOML document makes a card out of a freshly manufactured one.
//!
//! Some come with the crate ([`built_in`]); a document of one's own has the same members:
//!
//! ```toml
//! name = "mine"                # for people; the state keeps it
//! summary = "one line"
//! atr = "3B..."                # the ones below may all be left out: then they are those of the consumer card
//! isd_r_aids = ["A0..."]       # none: a UICC that is no eUICC
//! memory_size = 500000         # bytes for profiles
//! first_sequence_number = 0    # of the first notification
//!
//! [information]                # members of state::Information that differ
//! firmware_version = "4.4.0"
//!
//! [[rules_authorisation_table]]
//! policy_rules = { ppr1 = true, ppr2 = true }
//! allowed_operators = [{ mcc_mnc = "EEEEEE", gid1 = "", gid2 = "" }]
//! consent_required = true
//!
//! [quirks]                     # members of quirks::Quirks
//! exact_length = true
//! ```

mod built_in;

use serde::Deserialize;
use thiserror::Error;

use crate::quirks::Quirks;
use crate::state::{CardState, Information, Platform, Rule, hex};

pub use built_in::{BuiltIn, built_in, named};

/// What a kind of card has in common.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Personality {
    /// Its name.
    pub name: String,
    /// What it is, in one line.
    pub summary: String,
    /// What its maker fixed below the eUICC.
    pub platform: Platform,
    /// What it tells of itself.
    pub information: Information,
    /// Bytes of memory for profiles; `None`: as manufactured.
    pub memory_size: Option<u32>,
    /// The number of its first notification.
    pub first_sequence_number: u64,
    /// Its Rules Authorisation Table.
    pub rules_authorisation_table: Vec<Rule>,
    /// Where it is not strict.
    pub quirks: Quirks,
}

/// The document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    name: String,
    summary: String,
    #[serde(with = "hex", default = "consumer_atr")]
    atr: Vec<u8>,
    #[serde(with = "hex::list", default = "consumer_isd_r_aids")]
    isd_r_aids: Vec<Vec<u8>>,
    memory_size: Option<u32>,
    #[serde(default)]
    first_sequence_number: u64,
    #[serde(default)]
    information: toml::Table,
    #[serde(default)]
    rules_authorisation_table: Vec<Rule>,
    #[serde(default)]
    quirks: Quirks,
}

fn consumer_atr() -> Vec<u8> {
    Platform::default().atr
}

fn consumer_isd_r_aids() -> Vec<Vec<u8>> {
    Platform::default().isd_r_aids
}

/// Our input: why a document is no personality.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PersonalityError {
    /// Not TOML, an unknown member, or a value that is none.
    #[error("line {line}: {message}")]
    Toml {
        /// The line it is in, from 1 on.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// A member of `information`.
    #[error("information: {}", .0.message())]
    Information(toml::de::Error),
    /// The ATR.
    #[error("the ATR {0}")]
    Atr(&'static str),
    /// An AID.
    #[error("an AID has 5 to 16 bytes, not {0}")]
    Aid(usize),
}

impl Personality {
    /// Reads a document.
    ///
    /// # Errors
    /// [`PersonalityError`] where it is none.
    pub fn parse(document: &str) -> Result<Self, PersonalityError> {
        let document: Document = toml::from_str(document).map_err(|error| {
            let before = error.span().and_then(|place| document.get(..place.start)).unwrap_or_default();
            PersonalityError::Toml {
                line: before.matches('\n').count() + 1,
                message: error.message().to_owned(),
            }
        })?;
        check_atr(&document.atr).map_err(PersonalityError::Atr)?;
        // ISO/IEC 7816-4 §12.2.2.
        if let Some(aid) = document.isd_r_aids.iter().find(|aid| !(5..=16).contains(&aid.len())) {
            return Err(PersonalityError::Aid(aid.len()));
        }
        // All of it has a form in TOML, as the tests show.
        let mut information = toml::Table::try_from(Information::default()).unwrap_or_default();
        information.extend(document.information);
        Ok(Self {
            platform: Platform {
                personality: document.name.clone(),
                atr: document.atr,
                isd_r_aids: document.isd_r_aids,
            },
            name: document.name,
            summary: document.summary,
            information: information.try_into().map_err(PersonalityError::Information)?,
            memory_size: document.memory_size,
            first_sequence_number: document.first_sequence_number,
            rules_authorisation_table: document.rules_authorisation_table,
            quirks: document.quirks,
        })
    }

    /// Gives a freshly manufactured card this personality. Keys, addresses and profiles stay.
    pub fn apply(&self, state: &mut CardState) {
        state.platform = self.platform.clone();
        state.information = self.information.clone();
        state.memory_size = self.memory_size.unwrap_or(state.memory_size);
        state.notifications.next_sequence_number = self.first_sequence_number;
        state.rules_authorisation_table.clone_from(&self.rules_authorisation_table);
        state.quirks = self.quirks.clone();
    }

    /// Whether it is an eUICC: a plain UICC has no ISD-R.
    pub fn is_euicc(&self) -> bool {
        self.platform.is_euicc()
    }
}

/// What readers look at: the length, the convention, and the check byte.
fn check_atr(atr: &[u8]) -> Result<(), &'static str> {
    let Some((0x3B | 0x3F, rest)) = atr.split_first() else { return Err("does not begin with 3B or 3F") };
    let Some(format) = rest.first() else { return Err("ends after its first byte") };
    if rest.len() > 32 {
        return Err("has more than 33 bytes");
    }
    // ISO/IEC 7816-3 §8.2.5: a check byte is there where more than T=0 is offered; a TD1 other than 00 says so.
    let (interface, historical) = (format >> 4, usize::from(format & 0x0F));
    let has_check_byte = interface & 0x8 != 0 && rest.iter().fold(0, |sum, byte| sum ^ byte) == 0;
    let without = interface & 0x8 == 0 && rest.len() == 1 + interface.count_ones() as usize + historical;
    if has_check_byte || without { Ok(()) } else { Err("has a wrong check byte or length") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(members: &str) -> Result<Personality, PersonalityError> {
        Personality::parse(&format!("name = \"mine\"\nsummary = \"a card\"\n{members}"))
    }

    #[test]
    fn what_is_left_out_is_as_on_the_consumer_card() {
        let mine = parse("").unwrap();
        assert_eq!(mine.information, Information::default());
        assert_eq!(mine.platform.isd_r_aids, Platform::default().isd_r_aids);
        assert_eq!(mine.platform.personality, "mine");
        assert!(mine.quirks.are_none());
    }

    /// ISO/IEC 7816-3 §8.1: 32 characters at most follow TS.
    #[test]
    fn an_atr_has_33_bytes_at_most() {
        let atr = |length: usize| {
            let mut atr = vec![0; length];
            (atr[0], atr[1], atr[length - 1]) = (0x3B, 0x80, 0x80);
            atr
        };
        assert_eq!(check_atr(&atr(32)), Ok(()));
        assert_eq!(check_atr(&atr(33)), Ok(()));
        assert!(check_atr(&atr(34)).unwrap_err().contains("33"));
    }

    #[test]
    fn a_wrong_document_is_refused_by_name() {
        for (members, told) in [
            ("atr = \"3B9F\"", "ATR"),
            ("atr = \"3B00\"\n", ""),
            ("atr = \"009F96\"", "3B or 3F"),
            ("isd_r_aids = [\"A000\"]", "5 to 16"),
            ("speed = 1", "speed"),
            ("[information]\nspeed = 1", "speed"),
            ("[information]\nsvn = \"2.2\"", "2.2"),
            ("[information]\nuicc_capability = [\"telepathy\"]", "telepathy"),
            ("[quirks]\nspeed = 1", "speed"),
            ("name = \"twice\"", "line 3"),
        ] {
            match parse(members) {
                Ok(_) => assert!(told.is_empty(), "{members}"),
                Err(error) => assert!(!told.is_empty() && error.to_string().contains(told), "{error}"),
            }
        }
    }
}
