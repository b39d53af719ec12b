//! How network access applications authenticate.

use asn1::SecretOctets;
use asn1::profile::{
    AkaParameter, AlgoConfiguration, AlgoParameter, AlgorithmId, ElementKind, MappingParameter, OtherElement,
    ProfileElement,
};

use super::changes;
use super::edit::{Elements, Made, algorithm_of};
use super::parts::{ISIM_AID, USIM_AID, isim};
use super::templates::csim;
use crate::card::bench::Stop;

changes! {
    /// A change of authentication.
    Aka {
        UnknownAlgorithm = "with an authentication algorithm that there is not";
        UnknownAlgorithmOptional = "with a second PE-AKAParameter of an unknown algorithm, not mandated";
        KeyOfFifteenBytes = "with a Milenage key of 15 bytes";
        NoOpc = "with Milenage and no OPc";
        DeltaOf44Bits = "with a sqnDelta of 44 bits";
        AgeLimitOf44Bits = "with a sqnAgeLimit of 44 bits";
        NumberOf44Bits = "with an initial sequence number of 44 bits";
        NumbersOf43Bits = "with the largest sequence numbers and limits there are";
        ThirtyOneNumbers = "with 31 initial sequence numbers instead of 32";
        OwnConstants = "with rotation and XORing constants of its own";
        Tuak = "with TUAK and a key of 16 bytes";
        TuakWithLongKey = "with TUAK, a key of 32 bytes and the longest CK, IK and MAC";
        TuakWithTopcOf16Bytes = "with TUAK and a TOPc of 16 bytes";
        TuakWithoutRounds = "with TUAK and no iteration of Keccak";
        TuakWithoutLengths = "with TUAK and a length of RES that there is not";
        TestAlgorithm = "with the test algorithm and no OPc";
        Mapped = "with an ISIM that authenticates as the USIM does";
        MappedToNobody = "with an ISIM that authenticates as an application that is not there";
        MappedToItself = "with an ISIM that authenticates as itself";
        CdmaOfUsim = "with PE-CDMAParameter of a USIM";
        Cdma = "with PE-CDMAParameter of a CSIM";
        CdmaTwice = "with PE-CDMAParameter twice for one CSIM";
        CdmaKeyOfSevenBytes = "with an A-key of seven bytes";
    }
}

const LARGEST: [u8; 6] = [0x07, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
const TOO_LARGE: [u8; 6] = [0x08, 0, 0, 0, 0, 0];

/// `algorithmOptions` of TUAK: RES of 64 bits and the shortest of all else; RES of 64 bits and the longest of all else.
const SHORT: u8 = 0x01;
const LONG: u8 = 0x51;
const NO_LENGTH: u8 = 0x07;

impl Aka {
    pub(super) fn make(self, elements: &mut Elements) -> Made {
        match self {
            Self::UnknownAlgorithm => elements.algorithm()?.algorithm_id = AlgorithmId(9),
            Self::UnknownAlgorithmOptional => {
                let mut another = elements.aka()?.clone();
                another.header = elements.optional();
                algorithm_of(&mut another)?.algorithm_id = AlgorithmId(9);
                elements.insert(ElementKind::OptUsim, ProfileElement::AkaParameter(another))?;
            }
            Self::KeyOfFifteenBytes => elements.algorithm()?.key = SecretOctets::from(vec![0x5C; 15]),
            Self::NoOpc => elements.algorithm()?.opc = SecretOctets::from(Vec::new()),
            Self::DeltaOf44Bits => elements.aka()?.sqn_delta = Some(TOO_LARGE),
            Self::AgeLimitOf44Bits => elements.aka()?.sqn_age_limit = Some(TOO_LARGE),
            Self::NumberOf44Bits => elements.aka()?.sqn_init = Some(vec![TOO_LARGE; 32]),
            Self::NumbersOf43Bits => {
                let aka = elements.aka()?;
                (aka.sqn_delta, aka.sqn_age_limit) = (Some(LARGEST), Some(LARGEST));
                aka.sqn_init = Some(vec![LARGEST; 32]);
                aka.sqn_options = Some(0x0E);
            }
            Self::ThirtyOneNumbers => elements.aka()?.sqn_init = Some(vec![[0; 6]; 31]),
            Self::OwnConstants => {
                let algorithm = elements.algorithm()?;
                algorithm.rotation_constants = Some([0x08, 0x10, 0x18, 0x28, 0x30]);
                algorithm.xoring_constants =
                    Some(Box::new(std::array::from_fn(
                        |place| if place % 16 == 15 { 1 << (place / 16) } else { 0 },
                    )));
                algorithm.auth_counter_max = Some([0xFF, 0xFF, 0xFF]);
            }
            Self::TestAlgorithm => {
                let algorithm = elements.algorithm()?;
                algorithm.algorithm_id = AlgorithmId::USIM_TEST_ALGORITHM;
                algorithm.opc = SecretOctets::from(Vec::new());
            }
            Self::Tuak => {
                tuak(elements, SHORT)?;
            }
            Self::TuakWithLongKey => {
                let algorithm = tuak(elements, LONG)?;
                algorithm.key = SecretOctets::from([algorithm.key.bytes(), algorithm.key.bytes()].concat());
            }
            Self::TuakWithTopcOf16Bytes => {
                tuak(elements, SHORT)?.opc = SecretOctets::from(vec![0xC0; 16]);
            }
            Self::TuakWithoutRounds => tuak(elements, SHORT)?.number_of_keccak = Some(0),
            Self::TuakWithoutLengths => {
                tuak(elements, NO_LENGTH)?;
            }
            Self::Mapped => mapped(elements, &USIM_AID)?,
            Self::MappedToNobody => mapped(elements, &[0xA0, 0, 0, 0, 0x87, 0x10, 0x02, 0x99])?,
            Self::MappedToItself => mapped(elements, &ISIM_AID)?,
            Self::CdmaOfUsim => cdma(elements, 8)?,
            Self::Cdma => with_csim(elements, &[8])?,
            Self::CdmaTwice => with_csim(elements, &[8, 8])?,
            Self::CdmaKeyOfSevenBytes => with_csim(elements, &[7])?,
        }
        Ok(())
    }
}

/// The key that the algorithm had, with a TOPc twice as long as OPc.
fn tuak(elements: &mut Elements, options: u8) -> Result<&mut AlgoParameter, Stop> {
    let algorithm = elements.algorithm()?;
    algorithm.algorithm_id = AlgorithmId::TUAK;
    algorithm.algorithm_options = options;
    algorithm.opc = SecretOctets::from([algorithm.opc.bytes(), algorithm.opc.bytes()].concat());
    algorithm.number_of_keccak = Some(1);
    Ok(algorithm)
}

/// An ISIM that authenticates as the application with this AID.
fn mapped(elements: &mut Elements, aid: &[u8]) -> Made {
    let header = elements.mandated();
    elements.add(isim(header, 8))?;
    let mapping =
        MappingParameter { mapping_options: 0x06, mapping_source: aid.to_vec(), unknown: Vec::new() };
    let parameters = AkaParameter {
        header: elements.mandated(),
        algo_configuration: AlgoConfiguration::Mapping(mapping),
        sqn_options: None,
        sqn_delta: None,
        sqn_age_limit: None,
        sqn_init: None,
        unknown: Vec::new(),
    };
    elements.add(ProfileElement::AkaParameter(parameters))
}

/// A CSIM with A-keys of these lengths.
fn with_csim(elements: &mut Elements, keys: &[u8]) -> Made {
    let header = elements.mandated();
    elements.add(csim(header))?;
    keys.iter().try_for_each(|length| cdma(elements, *length))
}

/// PE-CDMAParameter with an A-key of so many bytes, and nothing else.
fn cdma(elements: &mut Elements, length: u8) -> Made {
    let mut content = vec![0x81, length];
    content.resize(2 + usize::from(length), 0xA0);
    let header = elements.mandated();
    elements.add(ProfileElement::Other(OtherElement {
        kind: ElementKind::CdmaParameter,
        header,
        content: SecretOctets::from(content),
    }))
}
