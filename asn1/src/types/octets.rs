//! Octet strings that mean something.

use std::fmt;
use std::ops::{Deref, RangeInclusive};
use std::str::FromStr;

use rasn::types::Tag;
use zeroize::Zeroizing;

pub use rasn::types::OctetString;

/// An octet string has a length that its type does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} of {got} octets, not {allowed}")]
pub struct WrongLength {
    what: &'static str,
    got: usize,
    allowed: String,
}

impl WrongLength {
    pub(crate) fn check(what: &'static str, got: usize, allowed: RangeInclusive<usize>) -> Result<(), Self> {
        if allowed.contains(&got) {
            return Ok(());
        }
        let (from, to) = allowed.into_inner();
        let allowed = if from == to { from.to_string() } else { format!("{from} to {to}") };
        Err(Self { what, got, allowed })
    }
}

/// Text is not the written form of a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {what}")]
pub struct NotA {
    what: &'static str,
    text: String,
}

impl NotA {
    fn new(what: &'static str, text: &str) -> Self {
        Self { what, text: text.chars().take(80).collect() }
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

/// An OCTET STRING of exactly `N` octets.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Octets<const N: usize>([u8; N]);

/// A challenge, an EID, an AES key.
pub type Octet16 = Octets<16>;
/// A hash.
pub type Octet32 = Octets<32>;
/// A TAC: eight digits, nibble-swapped as in TS 24.008.
pub type Octet4 = Octets<4>;
/// An IMEI: sixteen half octets.
pub type Octet8 = Octets<8>;
/// One octet.
pub type Octet1 = Octets<1>;

impl<const N: usize> Octets<N> {
    /// The octets.
    pub fn bytes(&self) -> &[u8; N] {
        &self.0
    }
}

impl<const N: usize> Deref for Octets<N> {
    type Target = [u8; N];

    fn deref(&self) -> &[u8; N] {
        &self.0
    }
}

impl<const N: usize> From<[u8; N]> for Octets<N> {
    fn from(octets: [u8; N]) -> Self {
        Self(octets)
    }
}

impl<const N: usize> From<Octets<N>> for [u8; N] {
    fn from(octets: Octets<N>) -> Self {
        octets.0
    }
}

impl<const N: usize> TryFrom<&[u8]> for Octets<N> {
    type Error = WrongLength;

    fn try_from(octets: &[u8]) -> Result<Self, WrongLength> {
        let wrong = |_| WrongLength { what: "octet string", got: octets.len(), allowed: N.to_string() };
        <[u8; N]>::try_from(octets).map(Self).map_err(wrong)
    }
}

impl<const N: usize> TryFrom<Vec<u8>> for Octets<N> {
    type Error = WrongLength;

    fn try_from(octets: Vec<u8>) -> Result<Self, WrongLength> {
        Self::try_from(octets.as_slice())
    }
}

hex_display!(Octets<const N>);
octet_string_codec!(Octets<const N>, Tag::OCTET_STRING);

octets! {
    /// `TransactionId`, 1 to 16 octets, chosen by the server. Displayed as in the JSON binding: upper-case hexadecimal.
    TransactionId, Tag::OCTET_STRING, 1..=16
}

impl From<[u8; 16]> for TransactionId {
    fn from(octets: [u8; 16]) -> Self {
        Self(octets.to_vec())
    }
}

impl FromStr for TransactionId {
    type Err = NotA;

    /// Hexadecimal in either case (SGP.22 §6.5.2.6).
    fn from_str(text: &str) -> Result<Self, NotA> {
        let wrong = || NotA::new("a transactionId: 2 to 32 hexadecimal digits", text);
        from_hex(text).and_then(|octets| Self::new(octets).ok()).ok_or_else(wrong)
    }
}

octets! {
    /// An application identifier, `[APPLICATION 15]`: 1 to 16 octets where SGP.22 says `OctetTo16`.
    Aid, Tag::new_application(15), 1..=16
}

octets! {
    /// The host identifier of the key agreement (SGP.22 Annex G): 1 to 16 octets.
    HostId, Tag::OCTET_STRING, 1..=16
}

octets! {
    /// The octets of a profile icon, at most 1024.
    Icon, Tag::OCTET_STRING, 0..=1024
}

octets! {
    /// MCC and MNC as in TS 24.008: 246/81 is `42F618`.
    MccMnc, Tag::OCTET_STRING, 3..=3
}

octets! {
    /// A key identifier of a CI (SHA-1 of its public key, 20 octets). Any length decodes: one that no CI has simply
    /// names no CI.
    SubjectKeyIdentifier, Tag::OCTET_STRING, 0..=usize::MAX
}

octets! {
    /// A signature object `5F37`: r and s of 32 octets each.
    ///
    /// Any length decodes: a wrong one is a bad signature, not bad DER, and the verifier says so. [`Self::to_tlv`] is
    /// the complete TLV, which is what the next signature of a session covers.
    SignatureTlv, Tag::new_application(55), 0..=usize::MAX
}

octets! {
    /// A one-time public key `5F49`: an uncompressed point of 65 octets. Whether it is one, the key agreement says.
    Otpk, Tag::new_application(73), 0..=usize::MAX
}

octets! {
    /// `EUICCResponse` objects of the profile package interpreter, one after the other (TCA profile package, §8.11).
    SimaResponse, Tag::OCTET_STRING, 0..=usize::MAX
}

octets! {
    /// A list of tags `5C`, one behind the other.
    TagList, Tag::new_application(28), 0..=usize::MAX
}

impl TagList {
    /// A list of these tags (as written).
    pub fn of(tags: impl IntoIterator<Item = u32>) -> Self {
        Self(tags.into_iter().flat_map(|tag| crate::tlv::Tag(tag).octets()).collect())
    }

    /// The tags of the list (as written); ends where the octets are no tag.
    pub fn tags(&self) -> impl Iterator<Item = u32> + '_ {
        let mut rest = self.bytes();
        std::iter::from_fn(move || {
            let (first, more) = rest.split_first()?;
            let mut tag = u32::from(*first);
            rest = more;
            if first & 0x1F == 0x1F {
                loop {
                    let (next, more) = rest.split_first()?;
                    rest = more;
                    tag = tag.checked_shl(8)? | u32::from(*next);
                    if next & 0x80 == 0 {
                        break;
                    }
                }
            }
            Some(tag)
        })
    }
}

/// `Iccid` `5A`: ten octets as in EF_ICCID, digits nibble-swapped and filled with F.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Iccid([u8; 10]);

impl Iccid {
    /// The octets as in EF_ICCID.
    pub fn bytes(&self) -> &[u8; 10] {
        &self.0
    }
}

impl From<[u8; 10]> for Iccid {
    fn from(octets: [u8; 10]) -> Self {
        Self(octets)
    }
}

impl TryFrom<&[u8]> for Iccid {
    type Error = WrongLength;

    fn try_from(octets: &[u8]) -> Result<Self, WrongLength> {
        let wrong = |_| WrongLength { what: "Iccid", got: octets.len(), allowed: "10".to_owned() };
        <[u8; 10]>::try_from(octets).map(Self).map_err(wrong)
    }
}

impl TryFrom<Vec<u8>> for Iccid {
    type Error = WrongLength;

    fn try_from(octets: Vec<u8>) -> Result<Self, WrongLength> {
        Self::try_from(octets.as_slice())
    }
}

impl fmt::Display for Iccid {
    /// The digits, without the filling.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for octet in self.0 {
            for nibble in [octet & 0x0F, octet >> 4] {
                if nibble != 0x0F {
                    write!(f, "{nibble:X}")?;
                }
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Iccid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Iccid({self})")
    }
}

impl FromStr for Iccid {
    type Err = NotA;

    /// 18 to 20 digits; filling with F is accepted (SGP.22 §6.5.2 writes 19 digits with or without a final F).
    fn from_str(text: &str) -> Result<Self, NotA> {
        let wrong = || NotA::new("an ICCID: 18 to 20 digits", text);
        let digits = text.trim_end_matches(['F', 'f']);
        let filled = text.len() - digits.len();
        if !(18..=20).contains(&digits.len()) || filled > 20 - digits.len() {
            return Err(wrong());
        }
        let mut octets = [0xFF_u8; 10];
        for (index, digit) in digits.chars().enumerate() {
            let digit = digit.to_digit(10).and_then(|digit| u8::try_from(digit).ok()).ok_or_else(wrong)?;
            if let Some(octet) = octets.get_mut(index / 2) {
                *octet = if index % 2 == 0 { 0xF0 | digit } else { *octet & 0x0F | digit << 4 };
            }
        }
        Ok(Self(octets))
    }
}

octet_string_codec!(Iccid, Tag::new_application(26));

/// `VersionType`: major, minor and revision, one octet each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionType([u8; 3]);

impl VersionType {
    /// `major.minor.revision`.
    pub const fn new(major: u8, minor: u8, revision: u8) -> Self {
        Self([major, minor, revision])
    }

    /// The three octets.
    pub fn bytes(&self) -> &[u8; 3] {
        &self.0
    }

    /// The first number.
    pub fn major(&self) -> u8 {
        let [major, _, _] = self.0;
        major
    }

    /// The second number.
    pub fn minor(&self) -> u8 {
        let [_, minor, _] = self.0;
        minor
    }

    /// The third number.
    pub fn revision(&self) -> u8 {
        let [_, _, revision] = self.0;
        revision
    }
}

impl From<[u8; 3]> for VersionType {
    fn from(octets: [u8; 3]) -> Self {
        Self(octets)
    }
}

impl TryFrom<Vec<u8>> for VersionType {
    type Error = WrongLength;

    fn try_from(octets: Vec<u8>) -> Result<Self, WrongLength> {
        let wrong = |_| WrongLength { what: "VersionType", got: octets.len(), allowed: "3".to_owned() };
        <[u8; 3]>::try_from(octets.as_slice()).map(Self).map_err(wrong)
    }
}

impl fmt::Display for VersionType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major(), self.minor(), self.revision())
    }
}

impl fmt::Debug for VersionType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VersionType({self})")
    }
}

impl FromStr for VersionType {
    type Err = NotA;

    /// `2.2.0`, or `2.2`: SGP.22 Annex H sets the revision to zero where it is not used.
    fn from_str(text: &str) -> Result<Self, NotA> {
        let wrong = || NotA::new("a version: two or three numbers below 256", text);
        let mut octets = [0; 3];
        let numbers: Vec<u8> =
            text.split('.').map(|number| number.parse().map_err(|_| wrong())).collect::<Result<_, _>>()?;
        if !(2..=3).contains(&numbers.len()) {
            return Err(wrong());
        }
        octets.iter_mut().zip(numbers).for_each(|(octet, number)| *octet = number);
        Ok(Self(octets))
    }
}

octet_string_codec!(VersionType, Tag::OCTET_STRING);

/// Key material in an OCTET STRING: wiped when dropped, never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretOctets(Zeroizing<Vec<u8>>);

impl SecretOctets {
    /// The octets.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for SecretOctets {
    fn from(octets: Vec<u8>) -> Self {
        Self(Zeroizing::new(octets))
    }
}

impl fmt::Debug for SecretOctets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretOctets({} octets)", self.0.len())
    }
}

octet_string_codec!(SecretOctets, Tag::OCTET_STRING);

/// A BOOLEAN that peers write in more than one way.
///
/// LPAs send `refreshFlag` as `FF`, `01` and `00`. The octet is kept, so that the message encodes to what was received;
/// any octet but `00` means true, and true made here is `FF`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Flag(u8);

impl Flag {
    /// True, written `FF`.
    pub const TRUE: Self = Self(0xFF);
    /// False.
    pub const FALSE: Self = Self(0x00);

    /// What it means.
    pub fn is_set(self) -> bool {
        self.0 != 0
    }

    fn bytes(&self) -> [u8; 1] {
        [self.0]
    }
}

impl From<bool> for Flag {
    fn from(value: bool) -> Self {
        if value { Self::TRUE } else { Self::FALSE }
    }
}

impl From<Flag> for bool {
    fn from(flag: Flag) -> Self {
        flag.is_set()
    }
}

impl TryFrom<Vec<u8>> for Flag {
    type Error = WrongLength;

    fn try_from(octets: Vec<u8>) -> Result<Self, WrongLength> {
        match octets.as_slice() {
            [octet] => Ok(Self(*octet)),
            _ => Err(WrongLength { what: "BOOLEAN", got: octets.len(), allowed: "1".to_owned() }),
        }
    }
}

impl fmt::Debug for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.is_set())
    }
}

impl rasn::AsnType for Flag {
    const TAG: Tag = Tag::BOOL;
}

impl rasn::Decode for Flag {
    fn decode_with_tag_and_constraints<D: rasn::Decoder>(
        decoder: &mut D,
        tag: Tag,
        constraints: &rasn::types::Constraints,
    ) -> Result<Self, D::Error> {
        let octets = decoder.decode_octet_string::<Vec<u8>>(tag, constraints)?;
        Self::try_from(octets).map_err(|error| rasn::de::Error::custom(error, decoder.codec()))
    }
}

impl rasn::Encode for Flag {
    fn encode_with_tag_and_constraints<'b, E: rasn::Encoder<'b>>(
        &self,
        encoder: &mut E,
        tag: Tag,
        constraints: &rasn::types::Constraints,
        identifier: rasn::types::Identifier,
    ) -> Result<(), E::Error> {
        encoder.encode_octet_string(tag, constraints, &self.bytes(), identifier).map(drop)
    }
}

opaque_tlv! {
    /// An X.509 certificate, complete. What is in it is not this crate's subject.
    Certificate, (0x30, Tag::SEQUENCE)
}

opaque_tlv! {
    /// An X.509 certificate revocation list, complete.
    CertificateList, (0x30, Tag::SEQUENCE)
}

opaque_tlv! {
    /// A `boundProfilePackage` `BF36` that is stored and handed out, not opened: half a megabyte need not be decoded to
    /// be forwarded.
    BoundProfilePackageTlv, (0xBF36, Tag::new_context(54))
}
