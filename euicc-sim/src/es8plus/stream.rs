//! The Bound Profile Package as a stream of bytes (SGP.22 §2.5.4).
//!
//! LPAs cut it at different places: by the segments of SGP.22 §2.5.5, a whole list at once, or otherwise. Only the bytes
//! count here, so that every cut gives the same result.

use asn1::tlv::{self, Header};
use asn1::{BppCommandId, ErrorReason};

use super::Failure;

/// The largest InitialiseSecureChannelRequest taken: twice what the longest members make.
const MAX_INITIALISE_SECURE_CHANNEL: usize = 512;

/// The largest TLV of SCP03t taken, header included; every eUICC takes this much (SGP.22 §2.5.3).
const MAX_ELEMENT: usize = 1020;

/// A list of TLVs inside the package, each bringing one ES8+ function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum List {
    /// firstSequenceOf87.
    ConfigureIsdp,
    /// sequenceOf88.
    StoreMetadata,
    /// secondSequenceOf87.
    ReplaceSessionKeys,
    /// sequenceOf86.
    LoadProfileElements,
}

impl List {
    fn tag(self) -> u8 {
        match self {
            Self::ConfigureIsdp => 0xA0,
            Self::StoreMetadata => 0xA1,
            Self::ReplaceSessionKeys => 0xA2,
            Self::LoadProfileElements => 0xA3,
        }
    }

    fn element_tag(self) -> u8 {
        match self {
            Self::ConfigureIsdp | Self::ReplaceSessionKeys => 0x87,
            Self::StoreMetadata => 0x88,
            Self::LoadProfileElements => 0x86,
        }
    }

    /// SGP.22 §2.5.4.2 to §2.5.4.4: one TLV, for metadata one or two.
    fn max_elements(self) -> usize {
        match self {
            Self::ConfigureIsdp | Self::ReplaceSessionKeys => 1,
            Self::StoreMetadata => 2,
            Self::LoadProfileElements => usize::MAX,
        }
    }

    /// The bppCommandId of its element number `index`.
    fn command(self, index: usize) -> BppCommandId {
        match self {
            Self::ConfigureIsdp => BppCommandId::CONFIGURE_ISDP,
            Self::StoreMetadata if index == 0 => BppCommandId::STORE_METADATA,
            Self::StoreMetadata => BppCommandId::STORE_METADATA_2,
            Self::ReplaceSessionKeys => BppCommandId::REPLACE_SESSION_KEYS,
            Self::LoadProfileElements => BppCommandId::LOAD_PROFILE_ELEMENTS,
        }
    }

    /// What may stand behind this list; the keys are replaced or not.
    fn successors(previous: Option<Self>) -> &'static [Self] {
        match previous {
            None => &[Self::ConfigureIsdp],
            Some(Self::ConfigureIsdp) => &[Self::StoreMetadata],
            Some(Self::StoreMetadata) => &[Self::ReplaceSessionKeys, Self::LoadProfileElements],
            Some(Self::ReplaceSessionKeys) => &[Self::LoadProfileElements],
            Some(Self::LoadProfileElements) => &[],
        }
    }
}

/// A piece of the package that can be acted upon.
pub(super) enum Part {
    /// The request, a complete TLV BF23.
    InitialiseSecureChannel(Vec<u8>),
    /// A complete TLV of SCP03t.
    Element {
        /// The list it stands in.
        list: List,
        /// Its bppCommandId.
        command: BppCommandId,
        /// The TLV.
        tlv: Vec<u8>,
        /// Whether the list ends with it.
        is_last: bool,
    },
}

/// Why bytes are not taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum StreamError {
    /// A tag that may not come now, or bytes behind the end. The session goes on (SGP.22 §3.1.5).
    Unexpected,
    /// The package does not begin with a DER header.
    NoPackage,
    /// The installation ends.
    Failed(Failure),
}

impl From<Failure> for StreamError {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// What the next byte belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Expected {
    #[default]
    Package,
    InitialiseSecureChannel,
    ListAfter(Option<List>),
    Element {
        list: List,
        left: usize,
        index: usize,
    },
    Nothing,
}

/// The bytes received and not yet acted upon, and what they have to be.
#[derive(Default)]
pub(super) struct BppStream {
    buffer: Vec<u8>,
    expected: Expected,
    /// Bytes of the package's value that are not acted upon, received or not.
    left: usize,
}

impl BppStream {
    pub fn is_at_start(&self) -> bool {
        self.expected == Expected::Package
    }

    pub fn is_between_objects(&self) -> bool {
        self.buffer.is_empty()
    }

    /// The ES8+ function that the next byte belongs to; behind StoreMetadata it is open whether keys are replaced.
    pub fn command(&self) -> BppCommandId {
        match self.expected {
            Expected::Package | Expected::InitialiseSecureChannel => BppCommandId::INITIALISE_SECURE_CHANNEL,
            Expected::ListAfter(None) => BppCommandId::CONFIGURE_ISDP,
            Expected::ListAfter(Some(List::ConfigureIsdp)) => BppCommandId::STORE_METADATA,
            Expected::ListAfter(_) | Expected::Nothing => BppCommandId::LOAD_PROFILE_ELEMENTS,
            Expected::Element { list, index, .. } => list.command(index),
        }
    }

    /// Adds bytes as they came.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), StreamError> {
        if !self.is_at_start() && self.buffer.len().saturating_add(bytes.len()) > self.left {
            return Err(StreamError::Unexpected);
        }
        self.buffer.extend_from_slice(bytes);
        Ok(())
    }

    /// The next part, once it is complete. An unexpected tag drops what was received and not acted upon.
    pub fn next(&mut self) -> Result<Option<Part>, StreamError> {
        let next = self.advance();
        if matches!(next, Err(StreamError::Unexpected | StreamError::NoPackage)) {
            self.buffer.clear();
        }
        next
    }

    fn advance(&mut self) -> Result<Option<Part>, StreamError> {
        loop {
            let go_on = match self.expected {
                Expected::Package => self.package()?,
                Expected::InitialiseSecureChannel => return self.initialise_secure_channel(),
                Expected::ListAfter(previous) => self.list(previous)?,
                Expected::Element { list, left, index } => return self.element(list, left, index),
                Expected::Nothing => false,
            };
            if !go_on {
                return Ok(None);
            }
        }
    }

    /// The header of the package; `false` while it is incomplete.
    fn package(&mut self) -> Result<bool, StreamError> {
        self.expect(&[0xBF, 0x36])?;
        let header = tlv::header(&self.buffer).map_err(|_| StreamError::NoPackage)?;
        let Some(header) = header else { return Ok(false) };
        let behind = self.buffer.len().saturating_sub(header.header_len);
        if behind > header.value_len {
            return Err(StreamError::Unexpected);
        }
        self.buffer.drain(..header.header_len);
        self.left = header.value_len;
        self.expected = Expected::InitialiseSecureChannel;
        Ok(true)
    }

    fn initialise_secure_channel(&mut self) -> Result<Option<Part>, StreamError> {
        self.expect(&[0xBF, 0x23])?;
        let malformed =
            Failure::new(BppCommandId::INITIALISE_SECURE_CHANNEL, ErrorReason::INCORRECT_INPUT_VALUES);
        let Some(header) = self.header(&malformed)? else { return Ok(None) };
        if header.total_len() > MAX_INITIALISE_SECURE_CHANNEL.min(self.left) {
            return Err(malformed.into());
        }
        let Some(request) = self.take(header.total_len()) else { return Ok(None) };
        self.expected = Expected::ListAfter(None);
        Ok(Some(Part::InitialiseSecureChannel(request)))
    }

    /// The header of a list; `false` while it is incomplete.
    fn list(&mut self, previous: Option<List>) -> Result<bool, StreamError> {
        let Some(first) = self.buffer.first() else { return Ok(false) };
        let mut lists = List::successors(previous).iter();
        let list = *lists.find(|list| list.tag() == *first).ok_or(StreamError::Unexpected)?;
        let malformed = Failure::new(list.command(0), ErrorReason::SCP03T_STRUCTURE_ERROR);
        let Some(header) = self.header(&malformed)? else { return Ok(false) };
        // SGP.22 §2.5.4: no list is empty, and the last one ends where the package ends.
        let behind = self.left.checked_sub(header.total_len());
        let ends_right = match (list, behind) {
            (List::LoadProfileElements, Some(behind)) => behind == 0,
            (_, Some(behind)) => behind > 0,
            (_, None) => false,
        };
        if header.value_len == 0 || !ends_right {
            return Err(malformed.into());
        }
        if self.take(header.header_len).is_none() {
            return Ok(false);
        }
        self.expected = Expected::Element { list, left: header.value_len, index: 0 };
        Ok(true)
    }

    fn element(&mut self, list: List, left: usize, index: usize) -> Result<Option<Part>, StreamError> {
        self.expect(&[list.element_tag()])?;
        let command = list.command(index);
        let malformed = Failure::new(command, ErrorReason::SCP03T_STRUCTURE_ERROR);
        let Some(header) = self.header(&malformed)? else { return Ok(None) };
        let Some(left) = left.checked_sub(header.total_len()).filter(|_| header.total_len() <= MAX_ELEMENT)
        else {
            return Err(malformed.into());
        };
        let is_last = left == 0;
        if !is_last && index + 1 >= list.max_elements() {
            return Err(malformed.into());
        }
        let Some(tlv) = self.take(header.total_len()) else { return Ok(None) };
        self.expected = match (is_last, list) {
            (false, _) => Expected::Element { list, left, index: index + 1 },
            (true, List::LoadProfileElements) => Expected::Nothing,
            (true, _) => Expected::ListAfter(Some(list)),
        };
        Ok(Some(Part::Element { list, command, tlv, is_last }))
    }

    /// Refuses bytes that cannot become this tag.
    fn expect(&self, tag: &[u8]) -> Result<(), StreamError> {
        let fits = self.buffer.iter().zip(tag).all(|(received, expected)| received == expected);
        if fits { Ok(()) } else { Err(StreamError::Unexpected) }
    }

    fn header(&self, malformed: &Failure) -> Result<Option<Header>, StreamError> {
        tlv::header(&self.buffer).map_err(|_| StreamError::Failed(malformed.clone()))
    }

    /// The first `length` bytes, acted upon from now on; `None` while they are not all there.
    fn take(&mut self, length: usize) -> Option<Vec<u8>> {
        if self.buffer.len() < length {
            return None;
        }
        self.left = self.left.checked_sub(length)?;
        Some(self.buffer.drain(..length).collect())
    }
}
