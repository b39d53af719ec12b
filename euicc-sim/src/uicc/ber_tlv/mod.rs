//! RETRIEVE DATA and SET DATA: BER-TLV structured EFs (ETSI TS 102 221 §11.3).
//!
//! A data object travels in blocks, each by a command of its own. What is on its way belongs to the channel and is forgotten
//! when another file is selected there, or the transfer of another object begins.

mod retrieve;
mod set;

use asn1::tlv::{self, Tag, Tlv};

use super::target::Reference;
use crate::apdu::{Command, StatusWord};

pub(super) use retrieve::retrieve;
pub(super) use set::set;

/// The tag that asks for the list of all tags.
const TAG_LIST: Tag = Tag(0x5C);

/// A data object on its way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Transfer {
    /// To the terminal: the block that was sent last are these bytes of the object.
    Retrieve {
        /// The tag of the object.
        tag: Tag,
        /// First byte of the block.
        start: usize,
        /// The byte behind it.
        end: usize,
    },
    /// From the terminal.
    Set(Incoming),
}

/// A data object that the terminal has not sent whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Incoming {
    /// What came so far, tag and length included.
    pub received: Vec<u8>,
    /// Bytes of it that came before the last block.
    pub before_last: usize,
}

/// Which part of the object a command carries.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    First,
    Next,
    /// The one of the command before, again.
    Previous,
}

/// Table 11.33: part and file.
fn part(command: &Command<'_>) -> Result<(Part, Reference), StatusWord> {
    if command.p1 != 0 {
        return Err(StatusWord::WRONG_P1_P2);
    }
    let part = match command.p2 >> 5 {
        0b100 => Part::First,
        0b000 => Part::Next,
        0b110 => Part::Previous,
        _ => return Err(StatusWord::WRONG_P1_P2),
    };
    let reference = Reference::of_five_bits(command.p2 & 0x1F)?;
    // §11.3.0: after the first block the file is the current one.
    if part != Part::First && reference != Reference::Current {
        return Err(StatusWord::WRONG_P1_P2);
    }
    Ok((part, reference))
}

/// A data field that is a tag and nothing else.
fn only_tag(data: &[u8]) -> Option<Tag> {
    let header = tlv::header(&[data, &[0]].concat()).ok()??;
    (header.header_len == data.len().saturating_add(1)).then_some(header.tag)
}

/// §11.3.0: tags of objects are of the context-specific class and have one to three bytes.
fn is_for_objects(tag: Tag) -> bool {
    tag.len() <= 3 && tag.octets().next().is_some_and(|first| first & 0xC0 == 0x80)
}

/// The data objects of a file. What a package left behind them is none.
fn objects(content: &[u8]) -> impl Iterator<Item = Tlv<'_>> {
    tlv::children(content).map_while(Result::ok).take_while(|object| is_for_objects(object.tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_alone_is_told_from_more_and_less() {
        assert_eq!(only_tag(&[0x80]), Some(Tag(0x80)));
        assert_eq!(only_tag(&[0xBF, 0x81, 0x01]), Some(Tag(0xBF8101)));
        for data in [&[][..], &[0xBF], &[0xBF, 0x81], &[0x80, 0x00], &[0x9F, 0x1F, 0x00]] {
            assert_eq!(only_tag(data), None, "{data:02X?}");
        }
    }

    #[test]
    fn objects_have_context_specific_tags_of_three_bytes_at_most() {
        for (tag, is_one) in [
            (0x80, true),
            (0xBE, true),
            (0xBF8101, true),
            (0x5C, false),
            (0x30, false),
            (0xC0, false),
            (0x9F818101, false),
        ] {
            assert_eq!(is_for_objects(Tag(tag)), is_one, "{tag:X}");
        }
    }
}
