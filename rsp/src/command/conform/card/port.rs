//! Ways to a card.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, Result};
use conformance::card::Way;
use lpa::stdio_card::StdioCard;
use protocol::trace::{Actor, Tracer};

use super::{reader, tcp::TcpCard};
use crate::command::card::power_on;
use crate::compose::card::Simulated;

/// Where a card is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CardPort {
    /// A simulated card by the file of its memory.
    File(PathBuf),
    /// A program that is the card in the line protocol of lpac's `stdio` APDU backend, with its arguments.
    Program(String),
    /// A host and a port that speak APDUs with their length in front.
    Tcp(String),
    /// A reader, by its number or a part of its name.
    Pcsc(String),
}

impl FromStr for CardPort {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("{text:?} is no file:FILE, program:COMMAND, tcp:HOST:PORT or pcsc:READER");
        let (kind, rest) = text.split_once(':').filter(|(_, rest)| !rest.is_empty()).ok_or_else(wrong)?;
        match kind {
            "file" => Ok(Self::File(rest.into())),
            "program" => Ok(Self::Program(rest.to_owned())),
            "tcp" if rest.contains(':') => Ok(Self::Tcp(rest.to_owned())),
            "pcsc" => Ok(Self::Pcsc(rest.to_owned())),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for CardPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Program(command) => write!(f, "program:{command}"),
            Self::Tcp(address) => write!(f, "tcp:{address}"),
            Self::Pcsc(reader) => write!(f, "pcsc:{reader}"),
        }
    }
}

impl CardPort {
    /// What reaches the card on this way.
    pub fn way(&self) -> Way {
        match self {
            Self::File(_) | Self::Tcp(_) => Way { channels: true, any_bytes: true },
            // The program opens channels by functions of its own.
            Self::Program(_) => Way { channels: false, any_bytes: true },
            // A reader takes nothing that is no APDU.
            Self::Pcsc(_) => Way { channels: true, any_bytes: false },
        }
    }

    /// Connects to the card; `aid` is that of its ISD-R.
    pub fn open(&self, aid: &[u8]) -> Result<Box<dyn lpa::Card>> {
        Ok(match self {
            Self::File(path) => Box::new(Simulated(power_on(path, Tracer::off(Actor::Euicc))?)),
            Self::Program(command) => {
                let mut words = command.split_whitespace();
                let mut program = std::process::Command::new(words.next().context("program: is empty")?);
                program.args(words);
                Box::new(StdioCard::start(program, aid)?)
            }
            Self::Tcp(address) => Box::new(
                TcpCard::connect(address)
                    .with_context(|| format!("cannot connect to the card at {address}"))?,
            ),
            Self::Pcsc(reader) => reader::open(reader)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_says_its_kind_and_is_shown_as_it_was_given() {
        for text in [
            "file:card.json",
            "program:rsp card stdio card.json",
            "tcp:[::1]:9000",
            "pcsc:0",
            "pcsc:Virtual PCD",
        ] {
            assert_eq!(text.parse::<CardPort>().unwrap().to_string(), text);
        }
        for wrong in ["card.json", "file:", "tcp:9000", "usb:1", ""] {
            assert!(wrong.parse::<CardPort>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_a_program_opens_channels_by_itself_and_only_a_reader_wants_apdus() {
        let way = |text: &str| text.parse::<CardPort>().unwrap().way();
        assert_eq!(way("file:a"), Way { channels: true, any_bytes: true });
        assert_eq!(way("program:a"), Way { channels: false, any_bytes: true });
        assert_eq!(way("pcsc:0"), Way { channels: true, any_bytes: false });
    }
}
