//! Defects of the protected TLVs and of the lists that they stand in.

use asn1::tlv;
use crypto::scp03t::Kind;

use super::bind::flip_last;
use super::{PackageDefect, Segment};
use crate::bpp::plaintext::Lists;
use crate::bpp::tags;

/// The part of a MAC that travels at the end of each TLV (SGP.22 §2.6.4).
const MAC_LENGTH: usize = 8;

impl PackageDefect {
    pub(super) fn spoil_lists(self, lists: &mut Lists) {
        match self {
            Self::WrongMac(segment) => lists.with_segment(segment, |tlv| flip_last(tlv)),
            Self::Altered(segment) => lists.with_segment(segment, |tlv| {
                let covered = tlv.len().saturating_sub(MAC_LENGTH);
                flip_last(tlv.get_mut(..covered).unwrap_or_default());
            }),
            Self::SegmentsSwapped => lists.with_profile(|tlvs| {
                if let [_, second, third, ..] = tlvs.as_mut_slice() {
                    std::mem::swap(second, third);
                }
            }),
            Self::SegmentRepeated => lists.with_profile(|tlvs| {
                if let Some(second) = tlvs.get(1).cloned() {
                    tlvs.insert(2, second);
                }
            }),
            Self::SegmentMissing => lists.with_profile(|tlvs| {
                if tlvs.len() > 1 {
                    tlvs.remove(1);
                }
            }),
            Self::SegmentWithoutMac => lists.with_segment(Segment::of_86(1), |tlv| {
                *tlv = vec![Kind::Encrypted86.tag(), 4, 0xDE, 0xAD, 0xBE, 0xEF];
            }),
            Self::UnknownSegmentTag => lists.with_segment(Segment::of_86(1), |tlv| {
                if let Some(tag) = tlv.first_mut() {
                    *tag = 0x85;
                }
            }),
            Self::UnknownList => lists.insert_before_profile(0xA5, vec![vec![0x89, 1, 0]]),
            Self::EmptyList => {
                lists.0.retain(|(tag, _)| *tag != tags::SECOND_SEQUENCE_OF_87);
                lists.insert_before_profile(tags::SECOND_SEQUENCE_OF_87, Vec::new());
            }
            Self::ListsOutOfOrder => {
                if let [first, second, ..] = lists.0.as_mut_slice() {
                    std::mem::swap(first, second);
                }
            }
            Self::Missing87 => lists.0.retain(|(tag, _)| *tag != tags::FIRST_SEQUENCE_OF_87),
            Self::Missing88 => lists.0.retain(|(tag, _)| *tag != tags::SEQUENCE_OF_88),
            Self::Missing86 => lists.0.retain(|(tag, _)| *tag != tags::SEQUENCE_OF_86),
            Self::Truncated => lists.with_profile(|tlvs| {
                if let Some(last) = tlvs.last_mut()
                    && let Ok((tlv, _)) = tlv::read(last)
                {
                    let half = tlv.value.split_at(tlv.value.len() / 2).0;
                    *last = tlv::wrap(tlv.tag.0, half);
                }
            }),
            _ => {}
        }
    }
}

impl Lists {
    fn with_segment(&mut self, segment: Segment, spoil: impl FnOnce(&mut Vec<u8>)) {
        let tag = segment.kind().tag();
        let mut of_kind =
            self.0.iter_mut().flat_map(|(_, tlvs)| tlvs).filter(|tlv| tlv.first() == Some(&tag));
        if let Some(tlv) = of_kind.nth(segment.index()) {
            spoil(tlv);
        }
    }

    fn with_profile(&mut self, spoil: impl FnOnce(&mut Vec<Vec<u8>>)) {
        if let Some((_, tlvs)) = self.0.iter_mut().find(|(tag, _)| *tag == tags::SEQUENCE_OF_86) {
            spoil(tlvs);
        }
    }

    fn insert_before_profile(&mut self, tag: u32, tlvs: Vec<Vec<u8>>) {
        let place = self.0.iter().position(|(tag, _)| *tag == tags::SEQUENCE_OF_86);
        self.0.insert(place.unwrap_or(self.0.len()), (tag, tlvs));
    }
}
