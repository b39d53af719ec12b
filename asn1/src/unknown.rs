//! Members that this project does not know: kept, each in its place.

use rasn::types::{Any, AsnType, Constraints, Identifier, Tag, TagTree};
use rasn::{Decode, Decoder, Encode, Encoder};

use crate::tlv;

/// One member that the type does not name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UnknownMember {
    /// How many members that the type does name stand before it.
    pub after: usize,
    /// The complete TLV.
    pub tlv: Vec<u8>,
}

/// The members of an extensible SEQUENCE that the type does not name, in the order received.
///
/// The modules of SGP.22 are `EXTENSIBILITY IMPLIED` (SGP.22 §2.8): newer peers add members, usually at the
/// end, and production servers put their own between the known ones. Each extensible type therefore ends in a
/// field `unknown: Unknown`. [`crate::der`] collects here every member whose tag the type does not name, wherever it
/// stands, and puts it back at the same place when it encodes; a known tag in the wrong place or twice is an error
/// and never ends up here.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Unknown(Vec<UnknownMember>);

/// Marks an `Unknown` field among the fields of a type, and the exchange of its content with the codec.
/// Private class and beyond four identifier octets: no such tag can be on the wire.
pub(crate) const UNKNOWN_TAG: Tag = Tag::new_private(u32::MAX);

impl Unknown {
    /// No such members.
    pub fn none() -> Self {
        Self::default()
    }

    /// These TLVs, to stand behind all known members.
    pub fn trailing(tlvs: impl IntoIterator<Item = Vec<u8>>) -> Self {
        tlvs.into_iter().map(|tlv| UnknownMember { after: usize::from(u16::MAX), tlv }).collect()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The members in the order received.
    pub fn iter(&self) -> std::slice::Iter<'_, UnknownMember> {
        self.0.iter()
    }

    /// The first member with this tag (as written), complete.
    pub fn get(&self, tag: u32) -> Option<&[u8]> {
        let same = |member: &&UnknownMember| tlv::read(&member.tlv).is_ok_and(|(tlv, _)| tlv.tag.0 == tag);
        self.iter().find(same).map(|member| member.tlv.as_slice())
    }

    /// All members one after the other.
    pub fn concat(&self) -> Vec<u8> {
        self.iter().flat_map(|member| member.tlv.iter().copied()).collect()
    }

    /// The form in which codec and field hand the content to each other, inside this process only: two bytes
    /// position, then the TLV, repeated.
    pub(crate) fn pack(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for member in self.iter() {
            let after = u16::try_from(member.after).unwrap_or(u16::MAX);
            out.extend_from_slice(&after.to_be_bytes());
            out.extend_from_slice(&member.tlv);
        }
        out
    }

    /// Reverses [`Self::pack`].
    pub(crate) fn unpack(mut packed: &[u8]) -> Option<Self> {
        let mut members = Vec::new();
        while let Some((after, rest)) = packed.split_first_chunk::<2>() {
            let (tlv, rest) = tlv::read(rest).ok()?;
            members.push(UnknownMember {
                after: usize::from(u16::from_be_bytes(*after)),
                tlv: tlv.raw.to_vec(),
            });
            packed = rest;
        }
        packed.is_empty().then_some(Self(members))
    }
}

impl FromIterator<UnknownMember> for Unknown {
    fn from_iter<I: IntoIterator<Item = UnknownMember>>(members: I) -> Self {
        Self(members.into_iter().collect())
    }
}

impl<'a> IntoIterator for &'a Unknown {
    type Item = &'a UnknownMember;
    type IntoIter = std::slice::Iter<'a, UnknownMember>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl AsnType for Unknown {
    const TAG: Tag = UNKNOWN_TAG;
    const TAG_TREE: TagTree = TagTree::Choice(&[]);
    const IDENTIFIER: Identifier = Identifier(None);
}

impl Decode for Unknown {
    fn decode_with_tag_and_constraints<D: Decoder>(
        decoder: &mut D,
        _: Tag,
        _: &Constraints,
    ) -> Result<Self, D::Error> {
        let packed = decoder.decode_any(UNKNOWN_TAG)?;
        let codec = decoder.codec();
        Self::unpack(packed.as_bytes()).ok_or_else(|| {
            rasn::de::Error::custom("only the codec of this crate keeps unknown members", codec)
        })
    }
}

impl Encode for Unknown {
    fn encode_with_tag_and_constraints<'b, E: Encoder<'b>>(
        &self,
        encoder: &mut E,
        _: Tag,
        _: &Constraints,
        identifier: Identifier,
    ) -> Result<(), E::Error> {
        encoder.encode_any(UNKNOWN_TAG, &Any::new(self.pack()), identifier).map(drop)
    }
}
