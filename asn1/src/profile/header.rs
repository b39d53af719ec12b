//! PEHeader and PE-Header (ProfileHeader).

use super::members::{ElementError, Member, put, put_optional, put_uint, put_with};
use super::template::TemplateId;

/// PEHeader: the first member of every profile element but the profile header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeHeader {
    /// `mandated`: the eUICC has to support this element, or the installation fails.
    pub mandated: bool,
    /// `identification`: unique in the package, at most 32767.
    pub identification: u16,
}

impl PeHeader {
    /// A mandated element.
    pub fn mandated(identification: u16) -> Self {
        Self { mandated: true, identification }
    }

    pub(super) fn read(member: &Member<'_>) -> Result<Self, ElementError> {
        let mut members = member.members();
        let mandated = members.optional(0x80)?;
        if let Some(flag) = &mandated {
            flag.null()?;
        }
        let identification = members.required(0x81, "identification")?;
        let identification = match identification.uint16()? {
            value @ 0..=0x7FFF => value,
            _ => return identification.value_error("an identification is greater than 32767"),
        };
        match members.next()? {
            None => Ok(Self { mandated: mandated.is_some(), identification }),
            // Extensible in the notation, but the one header that all versions of the format share.
            Some(extra) => extra.value_error("a PEHeader has members that no version of the format defines"),
        }
    }

    /// Appends the header as member `[0]`.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        put_with(out, 0xA0, |out| {
            if self.mandated {
                put(out, 0x80, &[]);
            }
            put_uint(out, 0x81, self.identification);
        });
    }
}

/// ProfileHeader: the first element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileHeader {
    /// `major-version` of the format. A card refuses one that it does not know.
    pub major_version: u8,
    /// `minor-version` of the format. Informative.
    pub minor_version: u8,
    /// `profileType`: free text of 1 to 100 characters.
    pub profile_type: Option<String>,
    /// `iccid`: its digits in their natural order, padded with F: unlike EF_ICCID the nibbles are not swapped.
    /// SGP.22 §5.5.5 has the eUICC ignore it.
    pub iccid: [u8; 10],
    /// `pol`.
    pub pol: Option<Vec<u8>>,
    /// `eUICC-Mandatory-services`.
    pub mandatory_services: Vec<Service>,
    /// `eUICC-Mandatory-GFSTEList`: the templates the eUICC must know.
    pub mandatory_templates: Vec<TemplateId>,
    /// `connectivityParameters`.
    pub connectivity_parameters: Option<Vec<u8>>,
    /// `eUICC-Mandatory-AIDs`.
    pub mandatory_aids: Option<Vec<MandatoryAid>>,
    /// `iotOptions` and members of a later version.
    pub unknown: Vec<u8>,
}

/// An executable load file that the eUICC must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MandatoryAid {
    /// 5 to 16 bytes.
    pub aid: Vec<u8>,
    /// Major and minor version.
    pub version: [u8; 2],
}

impl ProfileHeader {
    pub(super) fn read(member: &Member<'_>) -> Result<Self, ElementError> {
        let mut members = member.members();
        Ok(Self {
            major_version: members.required(0x80, "major-version")?.uint8()?,
            minor_version: members.required(0x81, "minor-version")?.uint8()?,
            profile_type: members.optional_as(0x82, |m| m.text(1..=100))?,
            iccid: members.required(0x83, "iccid")?.array()?,
            pol: members.optional_as(0x84, |m| Ok(m.octets()))?,
            mandatory_services: members
                .required(0xA5, "eUICC-Mandatory-services")?
                .each(Service::read)
                .and_then(|services| match services.is_sorted_by(|a, b| a < b) {
                    true => Ok(services),
                    false => member.value_error("the mandatory services are not in order"),
                })?,
            mandatory_templates: members.required(0xA6, "eUICC-Mandatory-GFSTEList")?.each(|m| {
                m.expect(0x06)?;
                TemplateId::read(m)
            })?,
            connectivity_parameters: members.optional_as(0x87, |m| Ok(m.octets()))?,
            mandatory_aids: members.optional_as(0xA8, |m| m.each(MandatoryAid::read))?,
            unknown: members.unknown(&[0x80, 0x81, 0x82, 0x83, 0x84, 0xA5, 0xA6, 0x87, 0xA8])?,
        })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        put_uint(out, 0x80, self.major_version);
        put_uint(out, 0x81, self.minor_version);
        put_optional(out, 0x82, self.profile_type.as_deref().map(str::as_bytes));
        put(out, 0x83, &self.iccid);
        put_optional(out, 0x84, self.pol.as_deref());
        put_with(out, 0xA5, |out| self.mandatory_services.iter().for_each(|service| service.write(out)));
        put_with(out, 0xA6, |out| {
            self.mandatory_templates.iter().for_each(|id| put(out, 0x06, id.as_bytes()))
        });
        put_optional(out, 0x87, self.connectivity_parameters.as_deref());
        if let Some(aids) = &self.mandatory_aids {
            put_with(out, 0xA8, |out| aids.iter().for_each(|aid| aid.write(out)));
        }
        out.extend_from_slice(&self.unknown);
    }
}

impl MandatoryAid {
    fn read(member: &Member<'_>) -> Result<Self, ElementError> {
        member.expect(0x30)?;
        let mut members = member.members();
        let read = Self {
            aid: members.required(0x80, "aid")?.octets_of(5..=16)?,
            version: members.required(0x81, "version")?.array()?,
        };
        match members.next()? {
            None => Ok(read),
            Some(extra) => extra.value_error("a mandatory AID has more than two members"),
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        put_with(out, 0x30, |out| {
            put(out, 0x80, &self.aid);
            put(out, 0x81, &self.version);
        });
    }
}

/// One member of ServicesList, by its tag number. Numbers that a later version adds are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Service(pub u8);

macro_rules! services {
    ($($name:ident = $number:literal, $bit:literal, $text:literal;)*) => {
        impl Service {
            $(#[doc = concat!("`", $text, "`.")] pub const $name: Self = Self($number);)*

            /// The name in the PE definitions.
            pub fn name(self) -> Option<&'static str> {
                match self.0 { $($number => Some($text),)* _ => None }
            }

            /// The bit of UICCCapability with which an eUICC announces the service in EUICCInfo2 (SGP.22 §5.7.8).
            pub fn capability_bit(self) -> Option<usize> {
                match self.0 { $($number => Some($bit),)* _ => None }
            }
        }
    };
}

services! {
    CONTACTLESS = 0, 0, "contactless";
    USIM = 1, 1, "usim";
    ISIM = 2, 2, "isim";
    CSIM = 3, 3, "csim";
    MILENAGE = 4, 4, "milenage";
    TUAK128 = 5, 6, "tuak128";
    CAVE = 6, 5, "cave";
    GBA_USIM = 7, 10, "gba-usim";
    GBA_ISIM = 8, 11, "gba-isim";
    MBMS = 9, 12, "mbms";
    EAP = 10, 13, "eap";
    JAVACARD = 11, 14, "javacard";
    MULTOS = 12, 15, "multos";
    MULTIPLE_USIM = 13, 16, "multiple-usim";
    MULTIPLE_ISIM = 14, 17, "multiple-isim";
    MULTIPLE_CSIM = 15, 18, "multiple-csim";
    TUAK256 = 16, 7, "tuak256";
    USIM_TEST_ALGORITHM = 17, 8, "usim-test-algorithm";
    BER_TLV = 18, 19, "ber-tlv";
    DF_LINK = 19, 20, "dfLink";
    CAT_TP = 20, 21, "cat-tp";
    GET_IDENTITY = 21, 22, "get-identity";
    PROFILE_A_X25519 = 22, 23, "profile-a-x25519";
    PROFILE_B_P256 = 23, 24, "profile-b-p256";
    SUCI_CALCULATOR_API = 24, 25, "suciCalculatorApi";
    DNS_RESOLUTION = 25, 26, "dns-resolution";
    SCP11AC = 26, 27, "scp11ac";
    SCP11C_AUTHORIZATION_MECHANISM = 27, 28, "scp11c-authorization-mechanism";
    S16MODE = 28, 29, "s16mode";
    EAKA = 29, 30, "eaka";
}

impl Service {
    fn read(member: &Member<'_>) -> Result<Self, ElementError> {
        member.null()?;
        // A primitive context tag: 80..9E, or 9F and one more octet.
        match member.tlv.tag.0 {
            tag @ 0x80..=0x9E => Ok(Self((tag & 0x1F) as u8)),
            tag @ 0x9F1F..=0x9F7F => Ok(Self((tag & 0x7F) as u8)),
            _ => member.value_error("a mandatory service is not a context tag"),
        }
    }

    fn write(self, out: &mut Vec<u8>) {
        let number = u32::from(self.0);
        put(out, if number < 31 { 0x80 | number } else { 0x9F00 | number }, &[]);
    }
}
