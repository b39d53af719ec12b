//! PE-AKAParameter: the network authentication of an NAA.

use super::header::PeHeader;
use super::members::{ElementError, ElementFault, Member, put, put_optional, put_uint, put_with};
use crate::SecretOctets;

/// PE-AKAParameter. A `None` stands for the default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AkaParameter {
    /// `aka-header`.
    pub header: PeHeader,
    /// `algoConfiguration`.
    pub algo_configuration: AlgoConfiguration,
    /// `sqnOptions`, default 02.
    pub sqn_options: Option<u8>,
    /// `sqnDelta`, default 000010000000.
    pub sqn_delta: Option<[u8; 6]>,
    /// `sqnAgeLimit`, default 000010000000.
    pub sqn_age_limit: Option<[u8; 6]>,
    /// `sqnInit`: 32 sequence numbers, default all zero.
    pub sqn_init: Option<Vec<[u8; 6]>>,
    /// Members of a later version.
    pub unknown: Vec<u8>,
}

/// The CHOICE in [`AkaParameter`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlgoConfiguration {
    /// `mappingParameter`: those of another NAA.
    Mapping(MappingParameter),
    /// `algoParameter`: of its own.
    Algo(AlgoParameter),
}

/// MappingParameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingParameter {
    /// `mappingOptions`: what is shared besides the key.
    pub mapping_options: u8,
    /// `mappingSource`: AID of the NAA whose parameters apply, 5 to 16 bytes.
    pub mapping_source: Vec<u8>,
    /// Members of a later version.
    pub unknown: Vec<u8>,
}

/// `algorithmID`: an authentication algorithm by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AlgorithmId(pub u8);

impl AlgorithmId {
    /// Milenage (3GPP TS 35.206).
    pub const MILENAGE: Self = Self(1);
    /// TUAK (3GPP TS 35.231).
    pub const TUAK: Self = Self(2);
    /// The test algorithm of 3GPP TS 34.108 §8.1.2.
    pub const USIM_TEST_ALGORITHM: Self = Self(3);
}

/// AlgoParameter. A `None` stands for the default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlgoParameter {
    /// `algorithmID`.
    pub algorithm_id: AlgorithmId,
    /// `algorithmOptions`.
    pub algorithm_options: u8,
    /// `key`: Ki, 16 bytes (32 for TUAK with the long key).
    pub key: SecretOctets,
    /// `opc`: OPc of Milenage, TOPc of TUAK; ignored by the test algorithm.
    pub opc: SecretOctets,
    /// `rotationConstants` of Milenage, default 4000204060.
    pub rotation_constants: Option<[u8; 5]>,
    /// `xoringConstants` of Milenage, 80 bytes, default 0, 1, 2, 4, 8 in 16 bytes each.
    pub xoring_constants: Option<Box<[u8; 80]>>,
    /// `authCounterMax`.
    pub auth_counter_max: Option<[u8; 3]>,
    /// `numberOfKeccak` of TUAK, default 1.
    pub number_of_keccak: Option<u8>,
    /// Members of a later version.
    pub unknown: SecretOctets,
}

impl AkaParameter {
    pub(super) fn read(member: &Member<'_>) -> Result<Self, ElementError> {
        let mut members = member.members();
        let header = PeHeader::read(&members.required(0xA0, "aka-header")?)?;
        let choice = members.required(0xA1, "algoConfiguration")?;
        let mut inner = choice.members();
        let algo_configuration = match inner.next()? {
            Some(mapping) if mapping.tlv.tag.0 == 0xA0 => {
                AlgoConfiguration::Mapping(MappingParameter::read(&mapping)?)
            }
            Some(algo) if algo.tlv.tag.0 == 0xA1 => AlgoConfiguration::Algo(AlgoParameter::read(&algo)?),
            _ => return Err(choice.error(ElementFault::Missing("mappingParameter or algoParameter"))),
        };
        if let Some(extra) = inner.next()? {
            return Err(extra.error(ElementFault::Misplaced(extra.tlv.tag)));
        }
        Ok(Self {
            header,
            algo_configuration,
            sqn_options: members.optional_as(0x82, Member::array)?.map(|[byte]| byte),
            sqn_delta: members.optional_as(0x83, Member::array)?,
            sqn_age_limit: members.optional_as(0x84, Member::array)?,
            sqn_init: members.optional_as(0xA5, |m| {
                let numbers = m.each(|number| number.expect(0x04).and_then(|()| number.array()))?;
                if numbers.len() == 32 { Ok(numbers) } else { m.value_error("sqnInit has not 32 members") }
            })?,
            unknown: members.unknown(&[0xA0, 0xA1, 0x82, 0x83, 0x84, 0xA5])?,
        })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        self.header.write(out);
        put_with(out, 0xA1, |out| match &self.algo_configuration {
            AlgoConfiguration::Mapping(mapping) => put_with(out, 0xA0, |out| {
                put(out, 0x80, &[mapping.mapping_options]);
                put(out, 0x81, &mapping.mapping_source);
                out.extend_from_slice(&mapping.unknown);
            }),
            AlgoConfiguration::Algo(algo) => put_with(out, 0xA1, |out| algo.write(out)),
        });
        put_optional(out, 0x82, self.sqn_options.as_ref().map(std::slice::from_ref));
        put_optional(out, 0x83, self.sqn_delta.as_ref().map(<[u8; 6]>::as_slice));
        put_optional(out, 0x84, self.sqn_age_limit.as_ref().map(<[u8; 6]>::as_slice));
        if let Some(numbers) = &self.sqn_init {
            put_with(out, 0xA5, |out| numbers.iter().for_each(|number| put(out, 0x04, number)));
        }
        out.extend_from_slice(&self.unknown);
    }
}

impl MappingParameter {
    fn read(member: &Member<'_>) -> Result<Self, ElementError> {
        let mut members = member.members();
        let [mapping_options] = members.required(0x80, "mappingOptions")?.array()?;
        let mapping_source = members.required(0x81, "mappingSource")?.octets_of(5..=16)?;
        Ok(Self { mapping_options, mapping_source, unknown: members.unknown(&[0x80, 0x81])? })
    }
}

impl AlgoParameter {
    fn read(member: &Member<'_>) -> Result<Self, ElementError> {
        let mut members = member.members();
        Ok(Self {
            algorithm_id: AlgorithmId(members.required(0x80, "algorithmID")?.uint8()?),
            algorithm_options: {
                let [options] = members.required(0x81, "algorithmOptions")?.array()?;
                options
            },
            key: members.required(0x82, "key")?.secret(0..=32)?,
            opc: members.required(0x83, "opc")?.secret(0..=32)?,
            rotation_constants: members.optional_as(0x84, Member::array)?,
            xoring_constants: members.optional_as(0x85, Member::array)?.map(Box::new),
            auth_counter_max: members.optional_as(0x86, Member::array)?,
            number_of_keccak: members.optional_as(0x87, Member::uint8)?,
            unknown: SecretOctets::from(members.unknown(&[0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87])?),
        })
    }

    fn write(&self, out: &mut Vec<u8>) {
        put_uint(out, 0x80, self.algorithm_id.0);
        put(out, 0x81, &[self.algorithm_options]);
        put(out, 0x82, self.key.bytes());
        put(out, 0x83, self.opc.bytes());
        put_optional(out, 0x84, self.rotation_constants.as_ref().map(<[u8; 5]>::as_slice));
        put_optional(out, 0x85, self.xoring_constants.as_ref().map(|constants| &constants[..]));
        put_optional(out, 0x86, self.auth_counter_max.as_ref().map(<[u8; 3]>::as_slice));
        if let Some(count) = self.number_of_keccak {
            put_uint(out, 0x87, count);
        }
        out.extend_from_slice(self.unknown.bytes());
    }
}
