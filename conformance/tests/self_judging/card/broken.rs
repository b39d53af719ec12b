//! A card that is broken in one way: our own behind a layer that spoils what one function answers.

use asn1::tlv::{self, wrap};
use lpa::{Card, CardError};

use super::forge;
use super::lab::Simulated;

/// Where a card is broken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spoil {
    /// The tag of the command object, or of its answer.
    pub on: u32,
    /// From which time on.
    pub from: u32,
    /// How.
    pub how: How,
}

/// How an answer is spoilt. A path leads from the value of the answer through the tags of constructed objects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    /// Errors become success, with an answer that looks like one.
    Accept,
    /// Whatever is asked for, this status word.
    Status(u16),
    /// This object in place of every answer: hexadecimal.
    Instead(&'static str),
    /// It is not carried out, and answered with this object.
    Swallow(&'static str),
    /// The members of the command are passed over.
    Ignore,
    /// The first answer is given again and again.
    Replay,
    /// The last bit of the object at the end of the path is another.
    Flip(&'static [u32]),
    /// The same, and another one each time.
    Count(&'static [u32]),
    /// The last bit of the answer is another.
    FlipLast,
    /// The object at the end of the path has this value.
    Put(&'static [u32], &'static str),
    /// The object at the end of the path is not there.
    Drop(&'static [u32]),
    /// The object at the end of the path has these bytes more.
    Append(&'static [u32], &'static str),
    /// The list under A0 lacks its first entry.
    DropFirst,
    /// The list under A0 lacks its last entry.
    DropLast,
    /// Blocks before the last are answered with data.
    Early,
    /// Without Le there is no data.
    NeedsLe,
    /// In the last entry of the list under A0 the object at the end of the path has this value.
    PutLast(&'static [u32], &'static str),
    /// Afterwards the card carries this out as well.
    Then(&'static str),
}

/// What stands for SELECT and MANAGE CHANNEL among the tags.
pub const SELECT: u32 = 0xA4;
pub const MANAGE_CHANNEL: u32 = 0x70;
/// Added to an instruction it stands for commands of the phone: those on the basic channel.
pub const PHONE: u32 = 0x1_0000;
/// What stands for every APDU that is not part of a command object.
pub const ANY_APDU: u32 = 0;
/// What stands for every command object.
pub const ANY_OBJECT: u32 = 1;
/// What stands for the pieces of a package.
pub const SEGMENT: u32 = 0xBF37;

pub struct Broken {
    card: Simulated,
    spoil: Spoil,
    object: Vec<u8>,
    times: u32,
    first: Option<Vec<u8>>,
    transaction_id: Vec<u8>,
}

impl Broken {
    pub fn new(card: Simulated, spoil: Spoil) -> Self {
        Self { card, spoil, object: vec![], times: 0, first: None, transaction_id: vec![0] }
    }

    /// One APDU with all that GET RESPONSE brings.
    fn whole(&mut self, apdu: &[u8]) -> Result<Vec<u8>, CardError> {
        let mut data = Vec::new();
        let mut response = self.card.transmit(apdu)?;
        loop {
            let status = response.split_off(response.len() - 2);
            data.extend(response);
            match status[..] {
                [0x61, left] => response = self.card.transmit(&[apdu[0] & 0x43, 0xC0, 0, 0, left])?,
                _ => return Ok([data, status].concat()),
            }
        }
    }

    fn is_due(&mut self) -> bool {
        self.times += 1;
        self.times >= self.spoil.from
    }

    fn store_data(&mut self, apdu: &[u8]) -> Result<Vec<u8>, CardError> {
        let (lc, rest) = (usize::from(apdu[4]), &apdu[5..]);
        let block = &rest[..lc.min(rest.len())];
        if apdu[3] == 0 {
            self.object.clear();
        }
        self.object.extend_from_slice(block);
        if apdu[2] & 0x80 == 0 {
            let response = self.whole(apdu)?;
            let early = self.spoil.how == How::Early && self.is_due();
            return Ok(if early { [&[0xEA], &response[..]].concat() } else { response });
        }
        let object = std::mem::take(&mut self.object);
        let tag = tlv::header(&object).ok().flatten().map_or(0, |header| header.tag.0);
        if tag == 0xBF38 {
            self.remember_transaction(&object);
        }
        let is_function = euicc_function(tag);
        let on = self.spoil.on;
        let concerned = on == tag || on == ANY_OBJECT || on == SEGMENT && !is_function;
        if !concerned || self.spoil.how == How::Early && !self.is_due() {
            return self.whole(apdu);
        }
        if !self.is_due() {
            let response = self.whole(apdu)?;
            self.first.get_or_insert_with(|| response.clone());
            return Ok(response);
        }
        self.spoilt(apdu, tag)
    }

    fn spoilt(&mut self, apdu: &[u8], tag: u32) -> Result<Vec<u8>, CardError> {
        match self.spoil.how {
            How::Swallow(object) => return Ok([bytes(object), vec![0x90, 0]].concat()),
            How::Ignore => {
                let bare = wrap(tag, &[]);
                let header = [apdu[0], 0xE2, 0x91, 0, u8::try_from(bare.len()).unwrap()];
                return self.whole(&[&header[..], &bare, &[0]].concat());
            }
            How::Status(status) => {
                self.whole(apdu)?;
                return Ok(status.to_be_bytes().to_vec());
            }
            How::NeedsLe if apdu.len() == 5 + usize::from(apdu[4]) => {
                self.whole(apdu)?;
                return Ok(vec![0x90, 0]);
            }
            _ => {}
        }
        let response = self.whole(apdu)?;
        let status = response[response.len() - 2..].to_vec();
        let data = response[..response.len() - 2].to_vec();
        let first = self.first.get_or_insert_with(|| response.clone()).clone();
        if let How::Then(command) = self.spoil.how {
            let command = bytes(command);
            let header = [apdu[0], 0xE2, 0x91, 0, u8::try_from(command.len()).unwrap()];
            self.whole(&[&header[..], &command, &[0]].concat())?;
            return Ok(response);
        }
        if self.spoil.how == How::Replay {
            return Ok(first);
        }
        if self.spoil.how == How::Accept {
            return Ok(forge::accepted(tag, &data, &status, &self.transaction_id));
        }
        if status[0] != 0x90 && status[0] != 0x91 {
            return Ok(response);
        }
        let data = self.changed(&data);
        Ok([data, status].concat())
    }

    fn changed(&self, data: &[u8]) -> Vec<u8> {
        let flip = |value: &[u8]| {
            let mut value = value.to_vec();
            if let Some(last) = value.last_mut() {
                *last ^= 1;
            }
            Some(value)
        };
        match self.spoil.how {
            How::Instead(object) => bytes(object),
            How::FlipLast => flip(data).unwrap(),
            How::Flip(path) => edited(data, path, &flip),
            How::Count(path) => edited(data, path, &|value: &[u8]| {
                let mut value = value.to_vec();
                if let Some(last) = value.last_mut() {
                    *last = last.wrapping_add(u8::try_from(self.times).unwrap_or(0));
                }
                Some(value)
            }),
            How::Put(path, hex) => edited(data, path, &|_| Some(bytes(hex))),
            How::Drop(path) => edited(data, path, &|_| None),
            How::Append(path, hex) => edited(data, path, &|value| Some([value, &bytes(hex)].concat())),
            How::DropFirst => edited(data, &[0xA0], &|list| Some(entries(list)[1..].concat())),
            How::DropLast => edited(data, &[0xA0], &|list| {
                let entries = entries(list);
                Some(entries[..entries.len().saturating_sub(1)].concat())
            }),
            How::PutLast(path, hex) => edited(data, &[0xA0], &|list| {
                let mut entries: Vec<Vec<u8>> = entries(list).into_iter().map(<[u8]>::to_vec).collect();
                let last = entries.pop().unwrap_or_default();
                Some([entries.concat(), edited(&last, path, &|_| Some(bytes(hex)))].concat())
            }),
            _ => data.to_vec(),
        }
    }

    fn remember_transaction(&mut self, object: &[u8]) {
        let signed = tlv::read(object).ok().and_then(|(object, _)| tlv::find(object.value, 0x30));
        let id = signed.and_then(|signed| tlv::find(signed.value, 0x80));
        self.transaction_id = id.map_or(vec![0], |id| id.value.to_vec());
    }

    fn other(&mut self, apdu: &[u8]) -> Result<Vec<u8>, CardError> {
        let instruction = u32::from(apdu.get(1).copied().unwrap_or(0));
        let response = self.whole(apdu)?;
        let on = self.spoil.on;
        let is_phones = apdu.first().is_some_and(|class| class & 0x43 == 0);
        let is_meant = on == instruction || on == ANY_APDU || is_phones && on == PHONE + instruction;
        if !is_meant {
            return Ok(response);
        }
        let status = response[response.len() - 2..].to_vec();
        let data = &response[..response.len() - 2];
        match self.spoil.how {
            How::Status(status) => Ok(status.to_be_bytes().to_vec()),
            How::Accept if status[0] & 0xF0 == 0x60 => Ok(vec![0x90, 0]),
            _ if status[0] == 0x90 && !data.is_empty() => Ok([self.changed(data), status].concat()),
            _ => Ok(response),
        }
    }
}

impl Card for Broken {
    fn transmit(&mut self, apdu: &[u8]) -> Result<Vec<u8>, CardError> {
        match apdu {
            // A chain of blocks, as SGP.22 §5.7.2 has it. What is wrong with the header is none.
            [0x80..=0xCF, 0xE2, 0x10 | 0x11 | 0x90 | 0x91, _, lc, data @ ..]
                if data.len() >= usize::from(*lc) && self.spoil.on != ANY_APDU =>
            {
                self.store_data(apdu)
            }
            _ => self.other(apdu),
        }
    }

    fn reset(&mut self) -> Result<Vec<u8>, CardError> {
        self.card.reset()
    }
}

/// The functions of ES10; what is none of them is a piece of a package.
fn euicc_function(tag: u32) -> bool {
    const FUNCTIONS: [u32; 21] = [
        0xBF20, 0xBF21, 0xBF22, 0xBF28, 0xBF29, 0xBF2B, 0xBF2D, 0xBF2E, 0xBF30, 0xBF31, 0xBF32, 0xBF33,
        0xBF34, 0xBF35, 0xBF38, 0xBF3C, 0xBF3E, 0xBF3F, 0xBF41, 0xBF42, 0xBF43,
    ];
    FUNCTIONS.contains(&tag)
}

pub fn bytes(hex: &str) -> Vec<u8> {
    data_encoding::HEXUPPER_PERMISSIVE.decode(hex.replace(' ', "").as_bytes()).unwrap()
}

/// The answer with the first object at the end of the path, below the outermost one, changed or dropped.
fn edited(data: &[u8], path: &[u32], change: &dyn Fn(&[u8]) -> Option<Vec<u8>>) -> Vec<u8> {
    let Ok((outer, _)) = tlv::read(data) else { return data.to_vec() };
    wrap(outer.tag.0, &members(outer.value, path, change))
}

fn members(value: &[u8], path: &[u32], change: &dyn Fn(&[u8]) -> Option<Vec<u8>>) -> Vec<u8> {
    let Some((wanted, rest)) = path.split_first() else { return change(value).unwrap_or_default() };
    let mut found = false;
    let mut all = Vec::new();
    for member in tlv::children(value).map_while(Result::ok) {
        if found || member.tag.0 != *wanted {
            all.extend_from_slice(member.raw);
            continue;
        }
        found = true;
        match (rest, change(member.value)) {
            ([], None) => {}
            ([], Some(value)) => all.extend(wrap(*wanted, &value)),
            (rest, _) => all.extend(wrap(*wanted, &members(member.value, rest, change))),
        }
    }
    all
}

fn entries(list: &[u8]) -> Vec<&[u8]> {
    let mut entries: Vec<&[u8]> = tlv::children(list).map_while(Result::ok).map(|entry| entry.raw).collect();
    if entries.is_empty() {
        entries.push(&[]);
    }
    entries
}
