//! The UICC that an enabled profile is (ETSI TS 102 221, 3GPP TS 31.102): what a phone finds once the profile package was
//! executed.
//!
//! [`Exchange`] is one command of the phone and the answer that it has to get, [`Challenge`] one of its network.
//! [`laboratory`] are the files that the commands are about.

pub mod adjustment;
mod challenge;
pub mod laboratory;
pub mod network;

use std::fmt;

use asn1::tlv;
use lpa::apdu::StatusWord;

pub use challenge::{Answered, Challenge};

use super::bench::Stop;
use super::line::Answer;
use super::request::bytes;

/// One command on the basic logical channel, and what has to come of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Exchange {
    /// What the command does, in words.
    pub what: &'static str,
    /// The command APDU in hexadecimal, with its class for channel 0.
    pub command: &'static str,
    /// What it has to be answered with.
    pub wanted: Wanted,
}

/// An answer to a command of the phone. Data are what came in all, GET RESPONSE included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// Done, and exactly these data: hexadecimal.
    Data(&'static str),
    /// Done, whatever data there are.
    Done,
    /// This status word, and no data.
    Status(u16),
    /// One of these status words, and no data.
    OneOf(&'static [u16]),
    /// Done, with a file control parameters template that has these objects: tags and values in hexadecimal.
    Fcp(&'static [(u32, &'static str)]),
    /// The same, with an object whose value is at least this number, if it is there at all.
    FcpAtLeast(u32, u64),
}

/// A command that just has to work.
pub const fn works(what: &'static str, command: &'static str) -> Exchange {
    Exchange { what, command, wanted: Wanted::Done }
}

/// A command that has these data.
pub const fn gives(what: &'static str, command: &'static str, data: &'static str) -> Exchange {
    Exchange { what, command, wanted: Wanted::Data(data) }
}

/// A command that is refused.
pub const fn refused(what: &'static str, command: &'static str, status: u16) -> Exchange {
    Exchange { what, command, wanted: Wanted::Status(status) }
}

impl Wanted {
    /// Judges the answer; gives what it is instead.
    pub(super) fn judge(self, answer: &Answer) -> Result<Result<(), String>, Stop> {
        let success = answer.status.is_success();
        let as_wanted = match self {
            Self::Data(data) => success && answer.data == bytes(data)?,
            Self::Done => success,
            Self::Status(status) => answer.status.0 == status && answer.data.is_empty(),
            Self::OneOf(all) => all.contains(&answer.status.0) && answer.data.is_empty(),
            Self::Fcp(objects) => success && has_objects(&answer.data, objects)?,
            Self::FcpAtLeast(tag, least) => success && has_at_least(&answer.data, tag, least),
        };
        Ok(if as_wanted { Ok(()) } else { Err(shown(answer)) })
    }
}

/// ETSI TS 102 221 §11.1.1.3.
const FCP_TEMPLATE: u32 = 0x62;

fn has_objects(data: &[u8], objects: &[(u32, &str)]) -> Result<bool, Stop> {
    let Some(template) = tlv::find(data, FCP_TEMPLATE) else { return Ok(false) };
    for (tag, value) in objects {
        let there = tlv::find(template.value, *tag).map(|object| object.value.to_vec());
        if there != Some(bytes(value)?) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn has_at_least(data: &[u8], tag: u32, least: u64) -> bool {
    let Some(template) = tlv::find(data, FCP_TEMPLATE) else { return false };
    let number = |value: &[u8]| value.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    tlv::find(template.value, tag).is_none_or(|object| number(object.value) >= least)
}

fn shown(answer: &Answer) -> String {
    let separator = if answer.data.is_empty() { "" } else { " " };
    format!("{}{separator}{}", data_encoding::HEXUPPER.encode(&answer.data), answer.status)
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, command, wanted } = self;
        write!(f, "{what} ({command}): {wanted}")
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = |status: &u16| StatusWord(*status).to_string();
        match self {
            Self::Data(data) => write!(f, "{data} 9000"),
            Self::Done => f.write_str("done"),
            Self::Status(status) => f.write_str(&hex(status)),
            Self::OneOf(all) => f.write_str(&all.iter().map(hex).collect::<Vec<_>>().join(" or ")),
            Self::Fcp(objects) => {
                f.write_str("file control parameters with")?;
                objects.iter().try_for_each(|(tag, value)| write!(f, " {tag:02X} = {value}"))
            }
            Self::FcpAtLeast(tag, least) => {
                write!(f, "file control parameters in which {tag:02X}, if there, is {least} or more")
            }
        }
    }
}
