//! The profile elements of the default profile, in the order in which an eUICC has to meet them.

use asn1::SecretOctets;
use asn1::profile::{
    AkaParameter, AlgoConfiguration, AlgoParameter, AlgorithmId, ElementKind, End, Fcp, File, FileStructure,
    PeHeader, PinCodes, PinConfiguration, PinList, ProfileElement, ProfileHeader, PukCodes, PukConfiguration,
    Service, TemplateElement, TemplateId,
};
use zeroize::Zeroizing;

use super::Subscriber;
use super::access_rules;

/// The USIM of this profile: the registered RID and application code of 3GPP TS 31.101, then bytes of our choice.
const USIM_AID: [u8; 12] = [0xA0, 0, 0, 0, 0x87, 0x10, 0x02, 0xFF, 0xFF, 0xFF, 0xFF, 0x89];

/// Members of PE-MF and PE-USIM by their tag numbers, as annex A of the interoperable profile lists them.
pub(super) mod member {
    pub const MF: u32 = 2;
    pub const EF_ICCID: u32 = 4;
    pub const EF_DIR: u32 = 5;
    pub const EF_ARR_OF_MF: u32 = 6;
    pub const ADF_USIM: u32 = 2;
    pub const EF_IMSI: u32 = 3;
    pub const EF_ARR_OF_USIM: u32 = 4;
    pub const EF_UST: u32 = 8;
    pub const EF_SPN: u32 = 13;
    pub const EF_EST: u32 = 14;
    pub const EF_ACC: u32 = 18;
    pub const EF_AD: u32 = 21;
    pub const EF_ECC: u32 = 22;
    /// Of PE-OPT-USIM.
    pub const EF_LI: u32 = 2;
}

/// Templates of the interoperable profile.
mod template {
    pub const MF: u8 = 1;
    pub const USIM: u8 = 4;
    pub const OPT_USIM: u8 = 5;
}

/// The profile package of a subscriber: an Unprotected Profile Package (SGP.22 §2.5.2). It holds Ki and OPc in the clear and
/// is wiped when dropped.
pub fn default_profile(subscriber: &Subscriber) -> Zeroizing<Vec<u8>> {
    let elements = [
        header(subscriber),
        mf(subscriber),
        puk_codes(),
        pin_codes(4, &[PIN1, ADM1]),
        usim(subscriber),
        pin_codes(6, &[PIN2]),
        aka_parameter(subscriber),
        opt_usim(),
        ProfileElement::End(End { header: PeHeader::mandated(9), unknown: Vec::new() }),
    ];
    let pieces: Vec<_> = elements.iter().map(|element| Zeroizing::new(element.to_der())).collect();
    // Grown once: a buffer that moves would leave its content behind.
    let mut package = Zeroizing::new(Vec::with_capacity(pieces.iter().map(|piece| piece.len()).sum()));
    pieces.iter().for_each(|piece| package.extend_from_slice(piece));
    package
}

fn header(subscriber: &Subscriber) -> ProfileElement {
    ProfileElement::Header(ProfileHeader {
        major_version: 2,
        minor_version: 3,
        profile_type: Some("rsplab default profile".to_owned()),
        // Here the digits stand in their order, in EF.ICCID each pair is swapped.
        iccid: subscriber.iccid.bytes().map(|digits| digits.rotate_left(4)),
        pol: None,
        mandatory_services: vec![Service::USIM, Service::MILENAGE],
        mandatory_templates: [template::MF, template::USIM, template::OPT_USIM].map(TemplateId::tca).into(),
        connectivity_parameters: None,
        mandatory_aids: None,
        unknown: Vec::new(),
    })
}

fn mf(subscriber: &Subscriber) -> ProfileElement {
    let mf = Fcp { pin_status_template_do: Some(vec![0x01, 0x0A]), ..Fcp::default() };
    ProfileElement::Template(TemplateElement {
        kind: ElementKind::Mf,
        header: PeHeader::mandated(2),
        template_id: TemplateId::tca(template::MF),
        files: vec![
            (member::MF, File::new(mf, None)),
            (member::EF_ICCID, File::with_content(*subscriber.iccid.bytes())),
            (member::EF_DIR, records(&[application_template()])),
            (member::EF_ARR_OF_MF, records(&access_rules::records())),
        ],
    })
}

/// EF.DIR: the USIM with its label (ETSI TS 102 221 §13.1).
fn application_template() -> Vec<u8> {
    let mut entry = asn1::tlv::wrap(0x4F, &USIM_AID);
    entry.extend(asn1::tlv::wrap(0x50, b"USIM"));
    asn1::tlv::wrap(0x61, &entry)
}

/// A linear fixed file of just these records, the shorter ones filled with FF.
fn records(contents: &[Vec<u8>]) -> File {
    let length = contents.iter().map(Vec::len).max().unwrap_or(1);
    let content: Vec<u8> = contents
        .iter()
        .flat_map(|record| record.iter().copied().chain(std::iter::repeat(0xFF)).take(length))
        .collect();
    let record_length = u16::try_from(length).unwrap_or(u16::MAX);
    let fcp = Fcp {
        file_descriptor: Some(FileStructure::LinearFixed { record_length }.to_descriptor()),
        ef_file_size: Some(size(content.len())),
        ..Fcp::default()
    };
    File::new(fcp, Some(content))
}

/// A transparent file of just this content.
fn transparent(content: &[u8]) -> File {
    let fcp = Fcp { ef_file_size: Some(size(content.len())), ..Fcp::default() };
    File::new(fcp, Some(content.to_vec()))
}

/// A file size in as few bytes as possible.
fn size(bytes: usize) -> Vec<u8> {
    let size = u32::try_from(bytes).unwrap_or(u32::MAX).to_be_bytes();
    let significant: Vec<u8> = size.into_iter().skip_while(|byte| *byte == 0).collect();
    if significant.is_empty() { vec![0] } else { significant }
}

fn usim(subscriber: &Subscriber) -> ProfileElement {
    let adf = Fcp {
        // A name that only this package uses: an ADF has no file identifier of its own.
        file_id: Some([0x7F, 0xD0]),
        df_name: Some(USIM_AID.to_vec()),
        pin_status_template_do: Some(vec![0x01, 0x81, 0x0A]),
        ..Fcp::default()
    };
    let mut spn = vec![0x00];
    spn.extend_from_slice(b"rsplab");
    spn.resize(17, 0xFF);
    ProfileElement::Template(TemplateElement {
        kind: ElementKind::Usim,
        header: PeHeader::mandated(5),
        template_id: TemplateId::tca(template::USIM),
        files: vec![
            (member::ADF_USIM, File::new(adf, None)),
            (member::EF_IMSI, File::with_content(subscriber.imsi.to_ef())),
            (member::EF_ARR_OF_USIM, records(&access_rules::records())),
            (member::EF_UST, transparent(&service_table())),
            (member::EF_SPN, File::with_content(spn)),
            (member::EF_EST, File::with_content([0x00])),
            (member::EF_ACC, File::with_content(subscriber.imsi.access_class().to_be_bytes())),
            // Normal operation, and how many digits of the IMSI are the MNC (3GPP TS 31.102 §4.2.18).
            (member::EF_AD, transparent(&[0x00, 0x00, 0x00, subscriber.imsi.mnc_length()])),
            // 112 for any emergency; alpha identifier "SOS" (3GPP TS 31.102 §4.2.21).
            (member::EF_ECC, records(&[vec![0x11, 0xF2, 0xFF, b'S', b'O', b'S', 0x00]])),
        ],
    })
}

/// Files that are optional in a USIM and that a phone looks for all the same: EF.LI, which names no language.
fn opt_usim() -> ProfileElement {
    ProfileElement::Template(TemplateElement {
        kind: ElementKind::OptUsim,
        header: PeHeader::mandated(8),
        template_id: TemplateId::tca(template::OPT_USIM),
        files: vec![(member::EF_LI, File::default())],
    })
}

/// EF.UST (3GPP TS 31.102 §4.2.8): short messages with their parameters, the service provider name, and what a USIM of EPS
/// remembers (services 10, 12, 19, 85) bring their files; 33 is a bit that always has to be set.
fn service_table() -> [u8; 16] {
    const AVAILABLE: [usize; 5] = [10, 12, 19, 33, 85];
    let mut table = [0; 16];
    for service in AVAILABLE.map(|service| service - 1) {
        if let Some(byte) = table.get_mut(service / 8) {
            *byte |= 1 << (service % 8);
        }
    }
    table
}

/// A PIN with a safe default that everybody knows: this is a test profile.
struct Pin {
    key_reference: u8,
    value: &'static [u8; 8],
    puk: Option<u8>,
    attributes: u8,
    attempts: u8,
}

/// Three tries, ten tries: allowed in the high nibble, left in the low one.
const THREE_TRIES: u8 = 0x33;
const TEN_TRIES: u8 = 0xAA;

/// Enabled, may be changed and disabled: off at first, so that a phone does not ask.
const PIN1: Pin = Pin {
    key_reference: 1,
    value: b"0000\xFF\xFF\xFF\xFF",
    puk: Some(1),
    attributes: 6,
    attempts: THREE_TRIES,
};
const PIN2: Pin = Pin {
    key_reference: 0x81,
    value: b"9999\xFF\xFF\xFF\xFF",
    puk: Some(0x81),
    attributes: 3,
    attempts: THREE_TRIES,
};
const ADM1: Pin =
    Pin { key_reference: 0x0A, value: b"55555555", puk: None, attributes: 3, attempts: TEN_TRIES };

fn pin_codes(identification: u16, pins: &[Pin]) -> ProfileElement {
    let pins = pins.iter().map(|pin| PinConfiguration {
        key_reference: pin.key_reference,
        pin_value: SecretOctets::from(pin.value.to_vec()),
        unblocking_pin_reference: pin.puk,
        pin_attributes: Some(pin.attributes),
        attempts: Some(pin.attempts),
    });
    ProfileElement::PinCodes(PinCodes {
        header: PeHeader::mandated(identification),
        pins: PinList::Configured(pins.collect()),
        unknown: Vec::new(),
    })
}

fn puk_codes() -> ProfileElement {
    let puk = |key_reference, value: &[u8; 8]| PukConfiguration {
        key_reference,
        puk_value: SecretOctets::from(value.to_vec()),
        attempts: Some(TEN_TRIES),
    };
    ProfileElement::PukCodes(PukCodes {
        header: PeHeader::mandated(3),
        puks: vec![puk(1, b"11111111"), puk(0x81, b"22222222")],
        unknown: Vec::new(),
    })
}

fn aka_parameter(subscriber: &Subscriber) -> ProfileElement {
    ProfileElement::AkaParameter(AkaParameter {
        header: PeHeader::mandated(7),
        algo_configuration: AlgoConfiguration::Algo(AlgoParameter {
            algorithm_id: AlgorithmId::MILENAGE,
            algorithm_options: 2,
            key: SecretOctets::from(subscriber.ki.to_vec()),
            opc: SecretOctets::from(subscriber.opc.to_vec()),
            rotation_constants: None,
            xoring_constants: None,
            auth_counter_max: None,
            number_of_keccak: None,
            unknown: SecretOctets::from(Vec::new()),
        }),
        sqn_options: None,
        sqn_delta: None,
        sqn_age_limit: None,
        sqn_init: None,
        unknown: Vec::new(),
    })
}
