//! Profile packages as patterns: what is replaced, what stays, what is refused.

#![cfg(test)]

use std::path::{Path, PathBuf};
use std::process::Command;

use asn1::profile::{
    AlgoConfiguration, ElementKind, Fcp, File, FileItem, FileStructure, MappingParameter, PinList,
    ProfileElement, ProfilePackage, TemplateElement,
};
use protocol::profile::{
    Code, CodeName, Personalisation, ProfileTemplate, Subscriber, TemplateError, default_profile,
    ef_iccid_of, header_of,
};
use zeroize::Zeroizing;

const ICCID: &str = "8988211000000000017";
const IMSI: &str = "001010000000017";
const KI: [u8; 16] = [0xA1; 16];
const OPC: [u8; 16] = [0xB2; 16];

fn subscriber(iccid: &str, imsi: &str, ki: [u8; 16], opc: [u8; 16]) -> Subscriber {
    Subscriber::new(iccid.parse().unwrap(), imsi.parse().unwrap(), Zeroizing::new(ki), Zeroizing::new(opc))
}

fn personalisation() -> Personalisation {
    subscriber(ICCID, IMSI, KI, OPC).into()
}

/// With everything that a template may hold.
fn full_personalisation() -> Personalisation {
    let code = |name, text| Code::new(name, text).unwrap();
    Personalisation {
        msisdn: Some("+491701234567".parse().unwrap()),
        codes: vec![
            code(CodeName::Pin1, "1234"),
            code(CodeName::Puk1, "87654321"),
            code(CodeName::Pin2, "56789"),
            code(CodeName::Puk2, "13572468"),
            code(CodeName::Adm1, "00FF00FF00FF00FF"),
        ],
        ..personalisation()
    }
}

/// The test profiles of GSMA TS.48, if they are there.
fn published() -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data/ts48"));
    let Ok(files) = std::fs::read_dir(folder) else {
        println!("skipped: the reference data in ../shared/data is not there");
        return Vec::new();
    };
    let paths = files.map(|file| file.unwrap().path());
    let paths = paths.filter(|path| path.extension().is_some_and(|extension| extension == "der"));
    paths.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

fn elements(package: &[u8]) -> Vec<ProfileElement> {
    let package = ProfilePackage::parse(package).unwrap();
    package.elements().iter().map(|element| element.decode().unwrap()).collect()
}

fn encoded(elements: &[ProfileElement]) -> Vec<u8> {
    elements.iter().flat_map(ProfileElement::to_der).collect()
}

/// The default profile after `change`.
fn changed(change: impl FnOnce(&mut Vec<ProfileElement>)) -> Vec<u8> {
    let mut elements = elements(&default_profile(&subscriber(ICCID, IMSI, KI, OPC)));
    change(&mut elements);
    encoded(&elements)
}

fn template_element(elements: &mut [ProfileElement], kind: ElementKind) -> &mut TemplateElement {
    let found = elements.iter_mut().find_map(|element| match element {
        ProfileElement::Template(element) if element.kind == kind => Some(element),
        _ => None,
    });
    found.unwrap()
}

fn file(elements: &[ProfileElement], kind: ElementKind, member: u32) -> &File {
    let found = elements.iter().find_map(|element| match element {
        ProfileElement::Template(element) if element.kind == kind => Some(element),
        _ => None,
    });
    found.unwrap().file(member).unwrap()
}

fn set_file(elements: &mut [ProfileElement], kind: ElementKind, member: u32, file: Option<File>) {
    let files = &mut template_element(elements, kind).files;
    files.retain(|(number, _)| *number != member);
    files.extend(file.map(|file| (member, file)));
    files.sort_by_key(|(number, _)| *number);
}

const MF_ICCID: u32 = 4;
const USIM_IMSI: u32 = 3;
const OPT_USIM_MSISDN: u32 = 7;

/// EF.IMSI of [`IMSI`].
const IMSI_CONTENT: [u8; 9] = [0x08, 0x09, 0x10, 0x10, 0x00, 0x00, 0x00, 0x00, 0x71];

#[test]
fn the_published_profiles_filled_with_their_own_values_come_back_byte_for_byte() {
    let test_key = std::array::from_fn(|byte| byte as u8);
    for (path, package) in published() {
        let template = ProfileTemplate::parse(&package).unwrap();
        let iccid = header_of(&package).unwrap().iccid.to_string();
        let mut own: Personalisation = subscriber(&iccid, "001010123456789", test_key, [0; 16]).into();
        assert!(*template.fill(&own).unwrap() == package, "{}", path.display());
        let code = |name, text| Code::new(name, text).unwrap();
        own.codes = vec![
            code(CodeName::Pin1, "0000"),
            code(CodeName::Puk1, "11111111"),
            code(CodeName::Pin2, "9999"),
            code(CodeName::Puk2, "22222222"),
            code(CodeName::Adm1, "55555555"),
        ];
        assert!(*template.fill(&own).unwrap() == package, "{}", path.display());
    }
}

#[test]
fn the_default_profile_filled_with_its_own_values_comes_back_byte_for_byte() {
    let subscriber = subscriber(ICCID, IMSI, KI, OPC);
    let package = default_profile(&subscriber);
    let template = ProfileTemplate::parse(&package).unwrap();
    assert!(*template.fill(&subscriber.into()).unwrap() == *package);
}

#[test]
fn the_built_in_template_makes_the_default_profile_of_every_subscriber() {
    let template = ProfileTemplate::built_in();
    for number in 0..200u32 {
        let digits = 5 + number as usize % 10;
        let imsi = format!("0{}", &format!("{:014}", u64::from(number) * 97_003)[..digits]);
        let ki = std::array::from_fn(|byte| byte as u8 ^ number as u8);
        let subscriber = subscriber(&format!("8901000000000{number:06}"), &imsi, ki, OPC);
        let filled = template.fill(&subscriber.clone().into()).unwrap();
        assert!(*filled == *default_profile(&subscriber), "{imsi}");
    }
}

#[test]
fn what_is_replaced_stands_at_its_places_and_nothing_else_changes() {
    for (path, package) in published() {
        let template = ProfileTemplate::parse(&package).unwrap();
        let filled = template.fill(&full_personalisation()).unwrap();
        let header = header_of(&filled).unwrap();
        assert_eq!(header.iccid.to_string(), ICCID);
        assert_eq!(header.profile_type.as_deref(), Some("GSMA Generic eUICC Test Profile"));
        assert_eq!(ef_iccid_of(&filled), Some(header.iccid));

        let (mut old, mut new) = (elements(&package), elements(&filled));
        assert_eq!(
            file(&new, ElementKind::Usim, USIM_IMSI).0[1],
            FileItem::FillFileContent(IMSI_CONTENT.into())
        );
        // Records of 39 bytes: 25 for the alpha identifier, which stays as it is.
        let number = [0x07, 0x91, 0x94, 0x71, 0x10, 0x32, 0x54, 0x76, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
        let msisdn = file(&new, ElementKind::OptUsim, OPT_USIM_MSISDN);
        assert_eq!(msisdn.0[1..], [FileItem::FillFileOffset(25), FileItem::FillFileContent(number.into())]);

        // Both NAAs with keys, and every PIN of the name.
        let (mut keys, mut pins) = (0, Vec::new());
        for element in &new {
            match element {
                ProfileElement::AkaParameter(aka) => {
                    let AlgoConfiguration::Algo(algo) = &aka.algo_configuration else { panic!() };
                    assert_eq!((algo.key.bytes(), algo.opc.bytes()), (&KI[..], &OPC[..]));
                    keys += 1;
                }
                ProfileElement::PinCodes(codes) => {
                    let PinList::Configured(list) = &codes.pins else { panic!() };
                    pins.extend(list.iter().map(|pin| (pin.key_reference, pin.pin_value.bytes().to_vec())));
                }
                ProfileElement::PukCodes(codes) => {
                    let values = codes.puks.iter().map(|puk| puk.puk_value.bytes());
                    assert_eq!(values.collect::<Vec<_>>(), [b"87654321", b"13572468"]);
                }
                _ => {}
            }
        }
        assert_eq!(keys, 2);
        let pin2 = (0x81, b"56789\xFF\xFF\xFF".to_vec());
        assert_eq!(pins[0], (1, b"1234\xFF\xFF\xFF\xFF".to_vec()));
        assert_eq!(pins[1], (10, vec![0, 0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF]));
        assert_eq!(pins[2], (11, b"66666666".to_vec()), "ADM2 is nobody's");
        assert!(pins[3..].iter().all(|pin| *pin == pin2) && pins.len() == 7);

        // Without what was replaced, the two are the same.
        for package in [&mut old, &mut new] {
            let ProfileElement::Header(header) = &mut package[0] else { panic!() };
            header.iccid = [0; 10];
            set_file(package, ElementKind::Mf, MF_ICCID, None);
            set_file(package, ElementKind::Usim, USIM_IMSI, None);
            set_file(package, ElementKind::OptUsim, OPT_USIM_MSISDN, None);
            package.iter_mut().for_each(forget_secrets);
        }
        assert!(old == new, "{}", path.display());
    }
}

fn forget_secrets(element: &mut ProfileElement) {
    match element {
        ProfileElement::AkaParameter(aka) => {
            if let AlgoConfiguration::Algo(algo) = &mut aka.algo_configuration {
                (algo.key, algo.opc) = (Vec::new().into(), Vec::new().into());
            }
        }
        ProfileElement::PinCodes(codes) => {
            if let PinList::Configured(list) = &mut codes.pins {
                list.iter_mut().for_each(|pin| pin.pin_value = Vec::new().into());
            }
        }
        ProfileElement::PukCodes(codes) => {
            codes.puks.iter_mut().for_each(|puk| puk.puk_value = Vec::new().into());
        }
        _ => {}
    }
}

#[test]
fn content_in_pieces_is_replaced_in_its_pieces() {
    let pieces = File(vec![
        FileItem::FillFileContent(vec![0xAA; 4]),
        FileItem::FillFileOffset(0),
        FileItem::FillFileContent(vec![0xBB; 3]),
        FileItem::FillFileContent(vec![0xCC; 5]),
    ]);
    let package = changed(|elements| set_file(elements, ElementKind::Usim, USIM_IMSI, Some(pieces.clone())));
    let filled = ProfileTemplate::parse(&package).unwrap().fill(&personalisation()).unwrap();
    let filled = elements(&filled);
    let [
        FileItem::FillFileContent(first),
        FileItem::FillFileOffset(0),
        FileItem::FillFileContent(second),
        FileItem::FillFileContent(third),
    ] = file(&filled, ElementKind::Usim, USIM_IMSI).0.as_slice()
    else {
        panic!()
    };
    assert_eq!((first.as_slice(), second.as_slice()), (&IMSI_CONTENT[..4], &IMSI_CONTENT[4..7]));
    // What follows the nine bytes of the IMSI stays.
    assert_eq!(third[..], [IMSI_CONTENT[7], IMSI_CONTENT[8], 0xCC, 0xCC, 0xCC]);
}

#[test]
fn a_file_that_is_left_to_its_template_gets_content() {
    let fcp = Fcp { security_attributes_referenced: Some(vec![0x6F, 0x06, 2]), ..Fcp::default() };
    let content = |bytes: &[u8]| FileItem::FillFileContent(bytes.to_vec());
    for (before, after) in [
        (None, vec![content(&IMSI_CONTENT)]),
        (Some(File(Vec::new())), vec![content(&IMSI_CONTENT)]),
        (
            Some(File::new(fcp.clone(), None)),
            vec![FileItem::FileDescriptor(Box::new(fcp.clone())), content(&IMSI_CONTENT)],
        ),
        // A part of it is written already, and more than it.
        (
            Some(File(vec![
                FileItem::FillFileOffset(1),
                content(&[0xAA; 4]),
                FileItem::FillFileOffset(2),
                content(&[1, 2, 3, 4]),
            ])),
            vec![content(&IMSI_CONTENT), content(&[3, 4])],
        ),
        (
            Some(File(vec![FileItem::FillFileOffset(70), content(&[5])])),
            vec![content(&IMSI_CONTENT), FileItem::FillFileOffset(61), content(&[5])],
        ),
    ] {
        let package = changed(|elements| set_file(elements, ElementKind::Usim, USIM_IMSI, before.clone()));
        let filled = ProfileTemplate::parse(&package).unwrap().fill(&personalisation()).unwrap();
        assert_eq!(file(&elements(&filled), ElementKind::Usim, USIM_IMSI).0, after, "{before:?}");
    }
    let package = changed(|elements| set_file(elements, ElementKind::Mf, MF_ICCID, None));
    assert_eq!(ef_iccid_of(&package), None);
    let filled = ProfileTemplate::parse(&package).unwrap().fill(&personalisation()).unwrap();
    assert_eq!(ef_iccid_of(&filled).unwrap().to_string(), ICCID);
}

#[test]
fn a_number_goes_to_the_end_of_the_first_record() {
    let linear = |record_length: u16, content: Option<Vec<u8>>| {
        let descriptor = FileStructure::LinearFixed { record_length }.to_descriptor();
        File::new(Fcp { file_descriptor: Some(descriptor), ..Fcp::default() }, content)
    };
    let with = |file: File| {
        changed(|elements| {
            let mut optional = template_element(elements, ElementKind::Usim).clone();
            optional.kind = ElementKind::OptUsim;
            optional.files = vec![(OPT_USIM_MSISDN, file)];
            elements.insert(5, ProfileElement::Template(optional));
        })
    };
    let number = |package: &[u8]| {
        let template = ProfileTemplate::parse(package).unwrap();
        assert!(template.holds_msisdn());
        let data = Personalisation { msisdn: Some("123".parse().unwrap()), ..personalisation() };
        // Without a number the file is left alone.
        let left = template.fill(&personalisation()).unwrap();
        assert!(
            file(&elements(&left), ElementKind::OptUsim, OPT_USIM_MSISDN)
                == file(&elements(package), ElementKind::OptUsim, OPT_USIM_MSISDN)
        );
        let filled = template.fill(&data).unwrap();
        let items = file(&elements(&filled), ElementKind::OptUsim, OPT_USIM_MSISDN).0.clone();
        items.into_iter().filter(|item| !matches!(item, FileItem::FileDescriptor(_))).collect::<Vec<_>>()
    };
    let mut record = vec![0xFF; 14];
    record[..4].copy_from_slice(&[0x03, 0x81, 0x21, 0xF3]);
    let content = FileItem::FillFileContent(record.clone());
    // The template of the interoperable profile has records of 24 bytes.
    assert_eq!(number(&with(File(Vec::new()))), [FileItem::FillFileOffset(10), content.clone()]);
    assert_eq!(number(&with(linear(14, None))), [content]);
    let old = b"My numberABCDEFGHIJKLMNnext".to_vec();
    let new = [b"My number", record.as_slice(), b"next"].concat();
    assert_eq!(number(&with(linear(23, Some(old)))), [FileItem::FillFileContent(new)]);

    // Where it cannot be written, a number is refused and everything else is filled.
    let too_short = linear(13, None);
    let absent = File(vec![FileItem::DoNotCreate]);
    let link = File::new(Fcp { link_path: Some(vec![0x7F, 0x10, 0x6F, 0x40]), ..Fcp::default() }, None);
    for file in [too_short, absent, link] {
        let template = ProfileTemplate::parse(&with(file)).unwrap();
        assert!(!template.holds_msisdn());
        assert!(template.fill(&personalisation()).is_ok());
        let data = Personalisation { msisdn: Some("123".parse().unwrap()), ..personalisation() };
        assert_eq!(template.fill(&data), Err(TemplateError::NoPlace("msisdn")));
    }
}

#[test]
fn a_code_that_the_profile_does_not_have_is_refused() {
    let package = changed(|elements| {
        elements.retain(|element| !matches!(element, ProfileElement::PukCodes(_)));
        for element in elements {
            let ProfileElement::PinCodes(codes) = element else { continue };
            let PinList::Configured(list) = &mut codes.pins else { continue };
            list.iter_mut().for_each(|pin| pin.unblocking_pin_reference = None);
        }
    });
    let template = ProfileTemplate::parse(&package).unwrap();
    let held: Vec<_> = CodeName::ALL.into_iter().filter(|name| template.holds_code(*name)).collect();
    assert_eq!(held, [CodeName::Pin1, CodeName::Pin2, CodeName::Adm1]);
    let codes = vec![Code::new(CodeName::Puk2, "12345678").unwrap()];
    let data = Personalisation { codes, ..personalisation() };
    assert_eq!(template.fill(&data), Err(TemplateError::NoPlace("puk2")));
    let built_in = ProfileTemplate::built_in();
    assert!(CodeName::ALL.into_iter().all(|name| built_in.holds_code(name)) && !built_in.holds_msisdn());
}

/// A second application with the keys of the first, or of nobody.
fn with_isim(mapped_to: Option<&[u8]>) -> Vec<u8> {
    changed(|elements| {
        let mut isim = template_element(elements, ElementKind::Usim).clone();
        isim.kind = ElementKind::Isim;
        let adf = Fcp { df_name: Some(b"isim!".to_vec()), ..Fcp::default() };
        isim.files = vec![(2, File::new(adf, None))];
        let aka = elements.iter().find_map(|element| match element {
            ProfileElement::AkaParameter(aka) => Some(aka.clone()),
            _ => None,
        });
        let mut aka = aka.unwrap();
        let end = elements.len() - 1;
        elements.insert(end, ProfileElement::Template(isim));
        if let Some(source) = mapped_to {
            aka.algo_configuration = AlgoConfiguration::Mapping(MappingParameter {
                mapping_options: 6,
                mapping_source: source.to_vec(),
                unknown: Vec::new(),
            });
            elements.insert(end + 1, ProfileElement::AkaParameter(aka));
        }
    })
}

const USIM_AID: [u8; 12] = [0xA0, 0, 0, 0, 0x87, 0x10, 0x02, 0xFF, 0xFF, 0xFF, 0xFF, 0x89];

#[test]
fn an_application_may_share_the_keys_of_one_that_is_filled() {
    assert!(ProfileTemplate::parse(&with_isim(Some(&USIM_AID))).unwrap().fill(&personalisation()).is_ok());
}

#[test]
fn what_cannot_be_filled_is_refused_at_once_with_the_name_of_the_element() {
    let refusal = |package: &[u8]| ProfileTemplate::parse(package).unwrap_err().to_string();
    let without = |kind: ElementKind| changed(|elements| elements.retain(|element| element.kind() != kind));
    assert_eq!(refusal(&without(ElementKind::Header)), "the profile element header is missing");
    assert_eq!(refusal(&without(ElementKind::Mf)), "the profile element mf is missing");
    assert_eq!(refusal(&without(ElementKind::Usim)), "the profile element usim is missing");
    assert_eq!(refusal(&without(ElementKind::End)), "the profile element end is missing");
    assert_eq!(
        refusal(&without(ElementKind::AkaParameter)),
        "profile element 5 (usim): it has no akaParameter for Ki and OPc"
    );
    assert_eq!(refusal(&with_isim(None)), "profile element 9 (isim): it has no akaParameter for Ki and OPc");
    let mapped = "its akaParameter has a mappingParameter to no application with an algoParameter";
    assert_eq!(refusal(&with_isim(Some(b"other"))), format!("profile element 9 (isim): {mapped}"));
    let usim_mapped_to_itself = changed(|elements| {
        let ProfileElement::AkaParameter(aka) = &mut elements[6] else { panic!() };
        let mapping =
            MappingParameter { mapping_options: 6, mapping_source: USIM_AID.to_vec(), unknown: Vec::new() };
        aka.algo_configuration = AlgoConfiguration::Mapping(mapping);
    });
    assert_eq!(refusal(&usim_mapped_to_itself), format!("profile element 5 (usim): {mapped}"));

    let tuak = changed(|elements| {
        let ProfileElement::AkaParameter(aka) = &mut elements[6] else { panic!() };
        let AlgoConfiguration::Algo(algo) = &mut aka.algo_configuration else { panic!() };
        algo.opc = vec![0x77; 32].into();
    });
    assert_eq!(
        refusal(&tuak),
        "profile element 7 (akaParameter): its opc has 32 bytes, that of a subscriber has 16"
    );
    let two_usims = changed(|elements| elements.insert(5, elements[4].clone()));
    assert_eq!(refusal(&two_usims), "profile element 6 (usim): a second USIM needs an IMSI of its own");
    let keys_of_nobody = changed(|elements| elements.swap(4, 6));
    assert_eq!(
        refusal(&keys_of_nobody),
        "profile element 5 (akaParameter): no network access application stands before it"
    );
    let no_imsi = File(vec![FileItem::DoNotCreate]);
    let no_imsi = changed(|elements| set_file(elements, ElementKind::Usim, USIM_IMSI, Some(no_imsi)));
    assert_eq!(refusal(&no_imsi), "profile element 5 (usim): its member 3 cannot be written");
}

#[test]
fn a_damaged_element_that_is_to_be_filled_is_refused_and_the_keys_in_it_are_not_shown() {
    let package = default_profile(&subscriber(ICCID, IMSI, KI, OPC));
    let mut offset = 0;
    let mut refused = 0;
    while offset < package.len() {
        // A bit of every byte in turn: refused, or the places are still found, but never a panic.
        let mut damaged = package.to_vec();
        damaged[offset] ^= 0x21;
        match ProfileTemplate::parse(&damaged) {
            Ok(template) => assert!(template.fill(&full_codes()).is_ok() || !all_codes(&template)),
            Err(error) => {
                refused += 1;
                let shown = format!("{error} {error:?}").to_lowercase();
                assert!(!shown.contains("a1a1") && !shown.contains("161, 161"), "{shown}");
            }
        }
        assert!(ProfileTemplate::parse(&package[..offset]).is_err());
        offset += 1;
    }
    assert!(refused > 100, "{refused}");
}

fn full_codes() -> Personalisation {
    Personalisation { msisdn: None, ..full_personalisation() }
}

fn all_codes(template: &ProfileTemplate) -> bool {
    CodeName::ALL.into_iter().all(|name| template.holds_code(name))
}

#[test]
fn neither_a_template_nor_what_it_is_filled_with_shows_a_secret() {
    let package = default_profile(&subscriber(ICCID, IMSI, KI, OPC));
    let template = ProfileTemplate::parse(&package).unwrap();
    let shown = format!("{template:?} {:?}", full_personalisation()).to_lowercase();
    for secret in ["a1a1", "161, 161", "b2b2", "178, 178", "1234", "8765", "255, 0, 255"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

/// Not a limit, a number to look at: `cargo test --release … -- --nocapture`.
#[test]
fn filling_is_cheap() {
    let mut templates = vec![("built-in".to_owned(), ProfileTemplate::built_in())];
    for (path, package) in published() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        templates.push((name, ProfileTemplate::parse(&package).unwrap()));
    }
    for (name, template) in templates {
        let start = std::time::Instant::now();
        let size: usize = (0..1000).map(|_| template.fill(&personalisation()).unwrap().len()).sum();
        println!("{name}: {:?} for a profile of {} bytes", start.elapsed() / 1000, size / 1000);
    }
}

/// pySim's `saip` reads and validates filled packages: RSPLAB_PYSIM names its checkout, RSPLAB_PYTHON a Python that has
/// what it needs.
#[test]
fn pysim_finds_the_values_where_we_put_them() {
    const PROGRAM: &str = "
import sys
sys.path.insert(0, sys.argv[1])
from pySim.esim.saip import ProfileElementSequence
from pySim.esim.saip.validation import CheckBasicStructure
elements = ProfileElementSequence.from_der(sys.stdin.buffer.read())
CheckBasicStructure().check(elements)
content = lambda pe, name: [item[1].hex() for item in elements.get_pe_for_type(pe).decoded[name] if item[0] == 'fillFileContent'][0]
print(elements.get_pe_for_type('header').decoded['iccid'].hex(), content('mf', 'ef-iccid'), content('usim', 'ef-imsi'))
for aka in elements.get_pes_for_type('akaParameter'):
    algo = aka.decoded['algoConfiguration'][1]
    print(algo['key'].hex(), algo['opc'].hex())
print([pin['pinValue'].hex() for pin in elements.get_pes_for_type('pinCodes')[0].decoded['pinCodes'][1]][:2])
print([puk['pukValue'].hex() for puk in elements.get_pe_for_type('pukCodes').decoded['pukCodes']])
if elements.get_pe_for_type('opt-usim'):
    print(content('opt-usim', 'ef-msisdn'))
";
    let Ok(checkout) = std::env::var("RSPLAB_PYSIM") else {
        println!("skipped: RSPLAB_PYSIM does not name a pySim checkout");
        return;
    };
    let python = std::env::var("RSPLAB_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let mut packages = vec![(ProfileTemplate::built_in().fill(&full_codes()).unwrap(), 1)];
    for (_, package) in published() {
        packages.push((ProfileTemplate::parse(&package).unwrap().fill(&full_personalisation()).unwrap(), 2));
    }
    for (package, applications) in packages {
        let mut child = Command::new(&python)
            .args(["-c", PROGRAM, &checkout])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), &package).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        let keys = format!("{} {}\n", "a1".repeat(16), "b2".repeat(16)).repeat(applications);
        let number = if applications == 2 {
            "07919471103254 76ffffffffffff\n".replace(' ', "")
        } else {
            String::new()
        };
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            format!(
                "8988211000000000017f 988812010000000010f7 080910100000000071\n{keys}\
                 ['31323334ffffffff', '00ff00ff00ff00ff']\n['3837363534333231', '3133353732343638']\n{number}"
            )
        );
    }
}
