//! PE-PINCodes and PE-PUKCodes.

use super::header::PeHeader;
use super::members::{ElementError, ElementFault, Member, put, put_uint, put_with};
use crate::SecretOctets;

/// PE-PINCodes: the PINs of the MF, DF or ADF that the file-system element before it created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinCodes {
    /// `pin-Header`.
    pub header: PeHeader,
    /// `pinCodes`.
    pub pins: PinList,
    /// Members of a later version.
    pub unknown: Vec<u8>,
}

/// The CHOICE in [`PinCodes`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PinList {
    /// `pinconfig`: 1 to 26 PINs.
    Configured(Vec<PinConfiguration>),
    /// `filePath`: the PINs are those of another DF or ADF, up to 8 bytes.
    SharedWith(Vec<u8>),
}

/// PINConfiguration. A `None` stands for the default that the text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinConfiguration {
    /// `keyReference`: 1–8 global application PINs, 10–14 ADM1–5, 129–136 local PINs, 138–142 ADM6–10.
    pub key_reference: u8,
    /// `pinValue`: 8 bytes, digits in ASCII padded with FF.
    pub pin_value: SecretOctets,
    /// `unblockingPINReference`: the PUK.
    pub unblocking_pin_reference: Option<u8>,
    /// `pinAttributes`, default 7. Bit 1 enabled, bit 2 may be changed, bit 3 may be disabled.
    pub pin_attributes: Option<u8>,
    /// `maxNumOfAttemps-retryNumLeft`, default 0x33: high nibble the tries allowed, low nibble the tries left.
    pub attempts: Option<u8>,
}

/// PE-PUKCodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PukCodes {
    /// `puk-Header`.
    pub header: PeHeader,
    /// `pukCodes`: 1 to 16 PUKs.
    pub puks: Vec<PukConfiguration>,
    /// Members of a later version.
    pub unknown: Vec<u8>,
}

/// PUKConfiguration. A `None` stands for the default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PukConfiguration {
    /// `keyReference`: 1–8 or 129–136.
    pub key_reference: u8,
    /// `pukValue`: 8 bytes.
    pub puk_value: SecretOctets,
    /// `maxNumOfAttemps-retryNumLeft`, default 0xAA.
    pub attempts: Option<u8>,
}

impl PinCodes {
    pub(super) fn read(member: &Member<'_>) -> Result<Self, ElementError> {
        let mut members = member.members();
        let header = PeHeader::read(&members.required(0xA0, "pin-Header")?)?;
        let choice = members.required(0xA1, "pinCodes")?;
        let mut inner = choice.members();
        let pins = match inner.next()? {
            Some(list) if list.tlv.tag.0 == 0xA0 => match list.each(PinConfiguration::read)? {
                pins if (1..=26).contains(&pins.len()) => PinList::Configured(pins),
                _ => return list.value_error("the number of PINs is not between 1 and 26"),
            },
            Some(path) if path.tlv.tag.0 == 0x81 => PinList::SharedWith(path.octets_of(0..=8)?),
            _ => return Err(choice.error(ElementFault::Missing("a list of PINs or a path"))),
        };
        if let Some(extra) = inner.next()? {
            return Err(extra.error(ElementFault::Misplaced(extra.tlv.tag)));
        }
        Ok(Self { header, pins, unknown: members.unknown(&[0xA0, 0xA1])? })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        self.header.write(out);
        put_with(out, 0xA1, |out| match &self.pins {
            PinList::Configured(pins) => {
                put_with(out, 0xA0, |out| pins.iter().for_each(|pin| pin.write(out)));
            }
            PinList::SharedWith(path) => put(out, 0x81, path),
        });
        out.extend_from_slice(&self.unknown);
    }
}

impl PinConfiguration {
    fn read(member: &Member<'_>) -> Result<Self, ElementError> {
        member.expect(0x30)?;
        let mut members = member.members();
        let key = members.required(0x80, "keyReference")?;
        let pin = Self {
            key_reference: match key.uint8()? {
                reference @ (1..=8 | 10..=14 | 129..=136 | 138..=142) => reference,
                _ => return key.value_error("no PIN has this key reference"),
            },
            pin_value: members.required(0x81, "pinValue")?.secret(8..=8)?,
            unblocking_pin_reference: members.optional_as(0x82, puk_reference)?,
            pin_attributes: members.optional_as(0x83, Member::uint8)?,
            attempts: members.optional_as(0x84, Member::uint8)?,
        };
        nothing_more(members.next()?).map(|()| pin)
    }

    fn write(&self, out: &mut Vec<u8>) {
        put_with(out, 0x30, |out| {
            put_uint(out, 0x80, self.key_reference);
            put(out, 0x81, self.pin_value.bytes());
            for (tag, value) in
                [(0x82, self.unblocking_pin_reference), (0x83, self.pin_attributes), (0x84, self.attempts)]
            {
                if let Some(value) = value {
                    put_uint(out, tag, value);
                }
            }
        });
    }
}

impl PukCodes {
    pub(super) fn read(member: &Member<'_>) -> Result<Self, ElementError> {
        let mut members = member.members();
        let header = PeHeader::read(&members.required(0xA0, "puk-Header")?)?;
        let list = members.required(0xA1, "pukCodes")?;
        let puks = list.each(PukConfiguration::read)?;
        if !(1..=16).contains(&puks.len()) {
            return list.value_error("the number of PUKs is not between 1 and 16");
        }
        Ok(Self { header, puks, unknown: members.unknown(&[0xA0, 0xA1])? })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        self.header.write(out);
        put_with(out, 0xA1, |out| self.puks.iter().for_each(|puk| puk.write(out)));
        out.extend_from_slice(&self.unknown);
    }
}

impl PukConfiguration {
    fn read(member: &Member<'_>) -> Result<Self, ElementError> {
        member.expect(0x30)?;
        let mut members = member.members();
        let puk = Self {
            key_reference: puk_reference(&members.required(0x80, "keyReference")?)?,
            puk_value: members.required(0x81, "pukValue")?.secret(8..=8)?,
            attempts: members.optional_as(0x82, Member::uint8)?,
        };
        nothing_more(members.next()?).map(|()| puk)
    }

    fn write(&self, out: &mut Vec<u8>) {
        put_with(out, 0x30, |out| {
            put_uint(out, 0x80, self.key_reference);
            put(out, 0x81, self.puk_value.bytes());
            if let Some(attempts) = self.attempts {
                put_uint(out, 0x82, attempts);
            }
        });
    }
}

fn puk_reference(member: &Member<'_>) -> Result<u8, ElementError> {
    match member.uint8()? {
        reference @ (1..=8 | 129..=136) => Ok(reference),
        _ => member.value_error("no PUK has this key reference"),
    }
}

/// The configurations carry secrets and have had the same members in all versions: nothing unknown is kept there.
fn nothing_more(extra: Option<Member<'_>>) -> Result<(), ElementError> {
    extra.map_or(Ok(()), |extra| Err(extra.error(ElementFault::Misplaced(extra.tlv.tag))))
}
