//! Elements that follow other templates than those of PE-MF and PE-USIM.
//!
//! File management afterwards goes to each of their files where annex A has it, and writes its last byte: a card that puts a
//! file elsewhere, or makes it smaller, refuses that.

use asn1::profile::{
    ElementKind, Fcp, File, FileManagementCommand, FileStructure, PeHeader, ProfileElement, Service,
};

use super::changes;
use super::edit::{Elements, Made};
use super::parts::{CSIM_AID, USIM, application, directory, isim, of_template, records, select, skip, write};

changes! {
    /// An element that follows a template of its own.
    Templates {
        OptUsim = "with many files of PE-OPT-USIM";
        Telecom = "with PE-TELECOM, and DF.GRAPHICS and DF.PHONEBOOK in it";
        Multimedia = "with PE-TELECOM and the BER-TLV files of DF.MULTIMEDIA";
        TelecomTwice = "with PE-TELECOM twice";
        FileWithoutItsDirectory = "with a file of DF.GRAPHICS in a PE-TELECOM that does not create DF.GRAPHICS";
        Phonebook = "with every file of PE-PHONEBOOK";
        SeveralOfAKind = "with three EF.IAP in one member of PE-PHONEBOOK";
        PhonebookBeforeUsim = "with PE-PHONEBOOK before PE-USIM";
        GsmAccess = "with every file of PE-GSM-ACCESS";
        Df5gs = "with files of PE-DF-5GS";
        Cd = "with PE-CD";
        Isim = "with an ISIM and optional files of it";
        OptIsimWithoutIsim = "with PE-OPT-ISIM and no ISIM";
        Csim = "with a CSIM and optional files of it";
        Eap = "with PE-EAP twice, not mandated";
        WithoutSize = "with a file of PE-OPT-USIM that has neither a size nor content";
        WithoutStructure = "with a file of PE-OPT-USIM whose structure nothing says";
        LargerThanTemplate = "with a file of PE-OPT-USIM that is larger than the template has it";
        OfAnotherNumber = "with a file of PE-OPT-USIM under another file identifier";
    }
}

/// What is to be of a file: its member, its identifier, and how it is described.
type Row = (u32, u16, Shape);

#[derive(Clone, Copy)]
enum Shape {
    /// As the template has it: of so many bytes.
    Fixed(u16),
    /// As large as the package says: so many bytes.
    Open(u8),
    /// Records that the package describes: their length, and the size of all.
    Records(u8, u8),
    /// BER-TLV, as large as the package says.
    BerTlv(u8),
}
use Shape::{BerTlv, Fixed, Open, Records};

/// Transparent, cyclic and linear fixed files (3GPP TS 31.102 §4.2).
const OPT_USIM: &[Row] = &[
    (3, 0x6F37, Fixed(3)),
    (4, 0x6F39, Fixed(3)),
    (5, 0x6F3E, Fixed(8)),
    (6, 0x6F3F, Fixed(8)),
    (7, 0x6F40, Fixed(24)),
    (8, 0x6F41, Fixed(5)),
    (9, 0x6F45, Fixed(10)),
    (10, 0x6F48, Fixed(10)),
    (11, 0x6F49, Fixed(240)),
    (12, 0x6F4B, Fixed(130)),
    (15, 0x6F60, Fixed(40)),
    (16, 0x6F61, Fixed(40)),
    (17, 0x6F62, Fixed(5)),
    (22, 0x6F4E, Fixed(130)),
    (24, 0x6F55, Fixed(130)),
    (27, 0x6F80, Fixed(760)),
    (28, 0x6F81, Fixed(740)),
    (38, 0x6FC5, Fixed(160)),
    (39, 0x6FC6, Fixed(40)),
    (42, 0x6FC9, Fixed(50)),
    (44, 0x6FCB, Fixed(160)),
    (46, 0x6FCD, Fixed(17)),
    (54, 0x6FD5, Open(6)),
    (57, 0x6FD8, Records(5, 10)),
];

/// 3GPP TS 31.102 §4.6.
const TELECOM: &[Row] = &[(5, 0x6F54, Fixed(22)), (6, 0x6FE0, Fixed(1200)), (7, 0x6FE1, Records(10, 20))];
const GRAPHICS: &[Row] = &[(10, 0x4F20, Records(10, 20)), (11, 0x4F40, Open(12))];
const PHONEBOOK_OF_TELECOM: &[Row] =
    &[(16, 0x4F30, Records(30, 30)), (17, 0x4F38, Open(13)), (20, 0x4F22, Fixed(4))];
const MULTIMEDIA: &[Row] = &[(34, 0x4F47, BerTlv(16)), (35, 0x4F48, BerTlv(16))];

/// 3GPP TS 31.102 §4.4.2.
const PHONEBOOK: &[Row] = &[
    (3, 0x4F30, Records(30, 30)),
    (4, 0x4F38, Open(26)),
    (5, 0x4F40, Records(9, 18)),
    (6, 0x4F48, Records(9, 18)),
    (7, 0x4F22, Fixed(4)),
    (8, 0x4F23, Fixed(2)),
    (9, 0x4F24, Fixed(2)),
    (10, 0x4F50, Records(9, 18)),
    (11, 0x4F58, Records(9, 18)),
    (12, 0x4F60, Open(4)),
    (13, 0x4F68, Records(9, 18)),
    (14, 0x4F70, Records(9, 18)),
    (15, 0x4F78, Records(9, 18)),
    (16, 0x4F80, Records(9, 18)),
    (17, 0x4F88, Open(4)),
    (18, 0x4F90, Records(9, 18)),
    (19, 0x4F98, Records(9, 18)),
];

/// 3GPP TS 31.102 §4.4.3, §4.4.11.
const GSM_ACCESS: &[Row] =
    &[(3, 0x4F20, Fixed(9)), (4, 0x4F52, Fixed(9)), (5, 0x4F63, Fixed(10)), (6, 0x4F64, Fixed(1))];
const DF_5GS: &[Row] = &[
    (3, 0x4F01, Fixed(20)),
    (4, 0x4F02, Fixed(20)),
    (5, 0x4F03, Fixed(57)),
    (6, 0x4F04, Fixed(57)),
    (7, 0x4F05, Fixed(110)),
    (8, 0x4F06, Fixed(4)),
    (9, 0x4F07, Open(8)),
    (10, 0x4F08, Open(20)),
];

/// ETSI TS 102 221 §13.7.
const CD: &[Row] = &[(3, 0x6F01, Open(8))];
/// 3GPP TS 31.103 §4.2.
const OPT_ISIM: &[Row] = &[(4, 0x6F42, Fixed(38)), (5, 0x6F43, Fixed(2)), (6, 0x6F47, Fixed(300))];
/// 3GPP2 C.S0065 §5.2.
const OPT_CSIM: &[Row] = &[(2, 0x6F2E, Fixed(1)), (8, 0x6F41, Fixed(35)), (9, 0x6F44, Open(11))];

/// Directories below the MF and in the USIM.
const DF_TELECOM: u16 = 0x7F10;
const DF_GRAPHICS: u16 = 0x5F50;
const DF_PHONEBOOK: u16 = 0x5F3A;
const DF_MULTIMEDIA: u16 = 0x5F3B;

impl Templates {
    pub(super) fn make(self, elements: &mut Elements) -> Made {
        use ElementKind as Kind;
        let header = elements.mandated();
        match self {
            Self::OptUsim => {
                elements.take(Kind::OptUsim)?;
                elements.add(of_template(Kind::OptUsim, header, 5, files(OPT_USIM)))?;
                elements.manage(visits(&[USIM], OPT_USIM))
            }
            Self::Telecom => telecom(elements, header),
            Self::Multimedia => {
                elements.header()?.mandatory_services.push(Service::BER_TLV);
                let files = [vec![(2, directory()), (33, directory())], files(MULTIMEDIA)].concat();
                elements.add(of_template(Kind::Telecom, header, 3, files))?;
                elements.manage(visits(&[DF_TELECOM, DF_MULTIMEDIA], MULTIMEDIA))
            }
            Self::TelecomTwice => {
                elements.add(of_template(Kind::Telecom, header, 3, vec![(2, directory())]))?;
                let header = elements.mandated();
                elements.add(of_template(Kind::Telecom, header, 3, vec![(2, directory())]))
            }
            Self::FileWithoutItsDirectory => {
                let files = [vec![(2, directory())], files(GRAPHICS)].concat();
                elements.add(of_template(Kind::Telecom, header, 3, files))
            }
            Self::Phonebook => in_usim(elements, (Kind::Phonebook, 6, DF_PHONEBOOK), header, PHONEBOOK),
            Self::SeveralOfAKind => several(elements, header),
            Self::PhonebookBeforeUsim => {
                elements.insert(Kind::Usim, of_template(Kind::Phonebook, header, 6, vec![(2, directory())]))
            }
            Self::GsmAccess => in_usim(elements, (Kind::GsmAccess, 7, 0x5F3B), header, GSM_ACCESS),
            Self::Df5gs => in_usim(elements, (Kind::Df5gs, 13, 0x5FC0), header, DF_5GS),
            Self::Cd => {
                let files = [vec![(2, directory())], files(CD)].concat();
                elements.add(of_template(Kind::Cd, header, 2, files))?;
                elements.manage(visits(&[0x7F11], CD))
            }
            Self::Isim => {
                elements.add(isim(header, 8))?;
                let header = elements.mandated();
                elements.add(of_template(Kind::OptIsim, header, 9, files(OPT_ISIM)))?;
                elements.manage(visits(&[0x7FD2], OPT_ISIM))
            }
            Self::OptIsimWithoutIsim => elements.add(of_template(Kind::OptIsim, header, 9, files(OPT_ISIM))),
            Self::Csim => {
                elements.add(csim(header))?;
                let header = elements.mandated();
                elements.add(of_template(Kind::OptCsim, header, 11, files(OPT_CSIM)))?;
                elements.manage(visits(&[0x7FD3], OPT_CSIM))
            }
            Self::Eap => eap(elements, header),
            // Of the values of EF.MSK and EF.MUK no template says the size or the structure.
            Self::WithoutSize => optional_file(elements, 54, File::default()),
            Self::WithoutStructure => optional_file(elements, 57, File::with_content([0xFF; 10])),
            Self::LargerThanTemplate => {
                let fcp = Fcp { ef_file_size: Some(vec![20]), ..Fcp::default() };
                optional_file(elements, 9, File::new(fcp, Some(vec![0xFF; 20])))?;
                elements.manage(visits(&[USIM], &[(9, 0x6F45, Fixed(20))]))
            }
            Self::OfAnotherNumber => {
                let fcp = Fcp { file_id: Some([0x6F, 0x99]), ..Fcp::default() };
                optional_file(elements, 9, File::new(fcp, None))?;
                elements.manage(visits(&[USIM], &[(9, 0x6F99, Fixed(10))]))
            }
        }
    }
}

/// PE-CSIM with what it has to have (3GPP2 C.S0065 §5.2).
pub(super) fn csim(header: PeHeader) -> ProfileElement {
    /// Members whose size depends on the profile.
    const OPEN: [(u32, usize); 7] = [(18, 5), (20, 8), (27, 5), (33, 8), (34, 8), (35, 8), (36, 8)];
    let mut files = vec![(2, application(0x7FD3, &CSIM_AID)), (3, records(16, 224))];
    files.extend((4..=36).map(|member| match member {
        11 => (member, File::with_content([0xFF; 5])),
        12 => (member, File::with_content([0xFF; 8])),
        _ => match OPEN.iter().find(|(open, _)| *open == member) {
            Some((_, size)) => (member, File::with_content(vec![0xFF; *size])),
            None => (member, File::default()),
        },
    }));
    of_template(ElementKind::Csim, header, 10, files)
}

fn telecom(elements: &mut Elements, header: PeHeader) -> Made {
    let mut all = vec![(2, directory())];
    all.extend(files(TELECOM));
    for (member, rows) in [(9, GRAPHICS), (15, PHONEBOOK_OF_TELECOM)] {
        all.push((member, directory()));
        all.extend(files(rows));
    }
    elements.add(of_template(ElementKind::Telecom, header, 3, all))?;
    let visited = [
        visits(&[DF_TELECOM], TELECOM),
        visits(&[DF_TELECOM, DF_GRAPHICS], GRAPHICS),
        visits(&[DF_TELECOM, DF_PHONEBOOK], PHONEBOOK_OF_TELECOM),
    ];
    elements.manage(visited.concat())
}

/// An element that creates a directory in the USIM: its kind, its template and the directory.
fn in_usim(
    elements: &mut Elements,
    (kind, template, file_id): (ElementKind, u8, u16),
    header: PeHeader,
    rows: &[Row],
) -> Made {
    let all = [vec![(2, directory())], files(rows)].concat();
    elements.add(of_template(kind, header, template, all))?;
    elements.manage(visits(&[USIM, file_id], rows))
}

fn several(elements: &mut Elements, header: PeHeader) -> Made {
    const EF_IAP: Row = (6, 0x4F48, Records(9, 18));
    let one = || file(EF_IAP.2).0;
    let three = File([one(), one(), one()].concat());
    let files = vec![(2, directory()), (EF_IAP.0, three)];
    elements.add(of_template(ElementKind::Phonebook, header, 6, files))?;
    // Their identifiers follow one another.
    let rows = [0, 1, 2].map(|place| (EF_IAP.0, EF_IAP.1 + place, EF_IAP.2));
    elements.manage(visits(&[USIM, DF_PHONEBOOK], &rows))
}

/// A method each (ETSI TS 102 310 §7).
fn eap(elements: &mut Elements, first: PeHeader) -> Made {
    let second = elements.mandated();
    for (header, file_id) in [(first, [0x5F, 0x60]), (second, [0x5F, 0x61])] {
        let fcp =
            Fcp { file_id: Some(file_id), pin_status_template_do: Some(vec![0x01, 0x0A]), ..Fcp::default() };
        let files = vec![(2, File::new(fcp, None)), (4, File::default())];
        let header = PeHeader { mandated: false, ..header };
        elements.add(of_template(ElementKind::Eap, header, 12, files))?;
    }
    Ok(())
}

/// PE-OPT-USIM with one file more.
fn optional_file(elements: &mut Elements, member: u32, file: File) -> Made {
    elements.template(ElementKind::OptUsim)?.files.push((member, file));
    Ok(())
}

fn files(rows: &[Row]) -> Vec<(u32, File)> {
    rows.iter().map(|(member, _, shape)| (*member, file(*shape))).collect()
}

fn file(shape: Shape) -> File {
    let sized = |size: u8| Fcp { ef_file_size: Some(vec![size]), ..Fcp::default() };
    match shape {
        Fixed(size) => File::with_content(vec![0xFF; usize::from(size)]),
        Open(size) => File::new(sized(size), Some(vec![0xFF; usize::from(size)])),
        Records(length, size) => {
            let structure = FileStructure::LinearFixed { record_length: u16::from(length) };
            let fcp = Fcp { file_descriptor: Some(structure.to_descriptor()), ..sized(size) };
            File::new(fcp, Some(vec![0xFF; usize::from(size)]))
        }
        BerTlv(size) => File::new(sized(size), None),
    }
}

/// Goes to each file and writes its last byte.
fn visits(directory: &[u16], rows: &[Row]) -> Vec<FileManagementCommand> {
    let visit = |(_, file_id, shape): &Row| {
        let path = select(&[directory, &[*file_id]].concat());
        match *shape {
            Fixed(size) => vec![path, skip(size - 1), write([0xFF])],
            Open(size) | Records(_, size) => vec![path, skip(u16::from(size) - 1), write([0xFF])],
            // Such a file has no bytes to skip.
            BerTlv(_) => vec![path],
        }
    };
    rows.iter().flat_map(visit).collect()
}
