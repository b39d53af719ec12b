//! Files that templates describe (TCA profile package, annex A): each can be selected after the package named it by its
//! place only, and looks as 3GPP TS 31.102, 31.103, ETSI TS 102 221 and 3GPP2 C.S0065 have it.
#![cfg(test)]

use asn1::profile::{
    ElementKind, EuiccResponse, Fcp, File, FileItem, PeHeader, ProfileElement, ProfilePackage,
    TemplateElement, TemplateId,
};
use asn1::{Iccid, StoreMetadataRequest};
use data_encoding::HEXUPPER_PERMISSIVE;
use euicc_sim::profile_package::{
    Context, Failure, FilePath, Installed, InstalledFile, Structure, interpret,
};
use protocol::profile::{Subscriber, default_profile};

const ICCID: &str = "8988211000000000017";

fn hex(text: &str) -> Vec<u8> {
    HEXUPPER_PERMISSIVE.decode(text.replace(' ', "").as_bytes()).unwrap()
}

fn path(text: &str) -> FilePath {
    FilePath::from_octets(&hex(text)).unwrap()
}

/// A template element: its kind, its template, and its members.
type Element = (ElementKind, TemplateId, Vec<(u32, File)>);

/// The default profile with more elements, installed.
fn install(more: &[Element]) -> Result<Installed, Failure> {
    let key = || zeroize::Zeroizing::new([0x5C; 16]);
    let iccid: Iccid = ICCID.parse().unwrap();
    let subscriber = Subscriber::new(iccid, "246810123456789".parse().unwrap(), key(), key());
    let mut package = default_profile(&subscriber).to_vec();
    let end = package.split_off(package.len() - 9);
    for (number, (kind, template_id, files)) in (0x60..).zip(more) {
        let header = PeHeader::mandated(number);
        let (kind, template_id, files) = (*kind, template_id.clone(), files.clone());
        package
            .extend(ProfileElement::Template(TemplateElement { kind, header, template_id, files }).to_der());
    }
    package.extend(end);
    let metadata =
        StoreMetadataRequest::new(iccid, "Test".try_into().unwrap(), "Profile".try_into().unwrap());
    interpret(&package, &Context { metadata: &metadata, free_memory: 500_000 })
}

fn directory() -> File {
    File::new(Fcp { pin_status_template_do: Some(vec![0x01]), ..Fcp::default() }, None)
}

fn application(aid: &str) -> File {
    let (file_id, df_name) = (Some([0x7F, 0xC0]), Some(hex(aid)));
    File::new(Fcp { file_id, df_name, pin_status_template_do: Some(vec![0x01]), ..Fcp::default() }, None)
}

/// A linear fixed file of one record.
fn record(length: u8) -> File {
    let file_descriptor = Some(vec![0x42, 0x21, 0, length]);
    File::new(Fcp { file_descriptor, ef_file_size: Some(vec![length]), ..Fcp::default() }, None)
}

/// A file of this size and structure of the template.
fn sized(size: u8) -> File {
    File::new(Fcp { ef_file_size: Some(vec![size]), ..Fcp::default() }, None)
}

fn sizes(installed: &Installed, directory: &str, file_ids: &[&str]) -> Vec<u32> {
    let file = |file_id: &&str| installed.file(&path(&format!("{directory}{file_id}")));
    file_ids
        .iter()
        .map(|file_id| file(file_id).unwrap_or_else(|| panic!("{directory}{file_id}")).size)
        .collect()
}

fn file(installed: &Installed, name: &str) -> InstalledFile {
    installed.file(&path(name)).unwrap_or_else(|| panic!("{name}")).clone()
}

const RECORDS: [u8; 1] = [10];

#[test]
fn df_telecom_has_its_files_and_those_of_its_directories() {
    let files = vec![
        (2, directory()),
        (3, record(20)),
        (5, File::default()),
        (6, File::default()),
        (9, directory()),
        (10, record(10)),
        (11, sized(64)),
        (13, sized(32)),
        (14, sized(16)),
        (15, directory()),
        (16, record(60)),
        (20, File::default()),
        (21, File::default()),
        (22, File::default()),
        (24, record(28)),
        (25, sized(20)),
        (33, directory()),
        (34, sized(100)),
        (36, directory()),
        (37, sized(18)),
        (38, sized(18)),
        (39, File::with_content(vec![1])),
        (40, directory()),
        (41, File::with_content(vec![7])),
        (42, sized(50)),
        (43, directory()),
        (44, File::with_content(hex("0700"))),
        (45, sized(50)),
        (46, sized(100)),
        (47, sized(100)),
    ];
    let installed = install(&[(ElementKind::Telecom, TemplateId::tca_version(3, 2), files)]).unwrap();
    assert_eq!(sizes(&installed, "7F10", &["6F06", "6F54", "6FE0"]), [20, 22, 1200]);
    assert_eq!(sizes(&installed, "7F105F50", &["4F20", "4F40", "4F01", "4F80"]), [10, 64, 32, 16]);
    assert_eq!(
        sizes(&installed, "7F105F3A", &["4F30", "4F22", "4F23", "4F24", "4F58", "4F60"]),
        [60, 4, 2, 2, 28, 20]
    );
    assert_eq!(sizes(&installed, "7F105F3B", &["4F47"]), [100]);
    assert_eq!(sizes(&installed, "7F105F3C", &["4F20", "4F21", "4F22"]), [18, 18, 1]);
    assert_eq!(sizes(&installed, "7F105F3D", &["4F01", "4F02"]), [1, 50]);
    assert_eq!(sizes(&installed, "7F105F3E", &["4F01", "4F02", "4F03", "4F04"]), [2, 50, 100, 100]);
    assert_eq!(file(&installed, "7F105F3C4F21").short_file_id, Some(2));
    assert_eq!(file(&installed, "7F105F3E4F02").structure, Structure::BerTlv);
    // EF_PBC: ten records of two bytes, all zero; EF_IMG: a record is free.
    let pbc = file(&installed, "7F105F3A4F60");
    assert_eq!((pbc.structure, pbc.content), (Structure::LinearFixed { record_length: 2 }, vec![0; 20]));
    assert_eq!(file(&installed, "7F105F504F20").content[..2], [0x00, 0xFF]);
    // The change counter is written often; who may read and write is said in records of EF_ARR.
    let counter = file(&installed, "7F105F3A4F23");
    assert_eq!((counter.special_information, counter.access_rule.unwrap().record), (0x80, 5));
    assert_eq!(counter.access_rule.unwrap().file_id, 0x6F06);
    assert_eq!(
        file(&installed, "7F10").access_rule.map(|rule| (rule.file_id, rule.record)),
        Some((0x2F06, 14))
    );
}

#[test]
fn files_of_a_directory_that_was_not_created_are_refused() {
    let files = vec![(2, directory()), (10, record(10))];
    let failure = install(&[(ElementKind::Telecom, TemplateId::tca(3), files)]).unwrap_err();
    let response = EuiccResponse::from_der(&failure.response.unwrap()).unwrap();
    assert_eq!(response.pe_status[0].status, asn1::profile::Status::INVALID_PARAMETER);
}

#[test]
fn of_a_kind_there_may_be_several_files_each_with_its_own_parameters() {
    let descriptor = |file_id: Option<[u8; 2]>, short: u8| {
        FileItem::FileDescriptor(Box::new(Fcp {
            file_descriptor: Some(hex("4221000A")),
            ef_file_size: Some(RECORDS.to_vec()),
            file_id,
            short_ef_id: Some(vec![short << 3]),
            ..Fcp::default()
        }))
    };
    let content = |byte| FileItem::FillFileContent(vec![byte; 10]);
    let adn = File(vec![
        descriptor(None, 1),
        content(0xA1),
        descriptor(Some([0x4F, 0x3A]), 2),
        content(0xA2),
        descriptor(None, 3),
    ]);
    let element = (ElementKind::Phonebook, TemplateId::tca(6), vec![(2, directory()), (11, adn)]);
    let installed = install(&[element]).unwrap();
    let found = |name: &str| {
        let file = file(&installed, name);
        (file.content[0], file.short_file_id)
    };
    assert_eq!(found("7FD05F3A4F58"), (0xA1, Some(1)));
    assert_eq!(found("7FD05F3A4F3A"), (0xA2, Some(2)));
    assert_eq!(found("7FD05F3A4F59"), (0xFF, Some(3)));
    // Of EF_PSC there is one.
    let twice =
        File(vec![FileItem::FileDescriptor(Box::default()), FileItem::FileDescriptor(Box::default())]);
    assert!(
        install(&[(ElementKind::Phonebook, TemplateId::tca(6), vec![(2, directory()), (7, twice)])]).is_err()
    );
}

#[test]
fn df_cd_has_its_launch_pad_and_icons() {
    let files =
        vec![(2, directory()), (3, File::with_content(vec![1; 5])), (4, File::with_content(vec![2; 7]))];
    let installed = install(&[(ElementKind::Cd, TemplateId::tca(2), files)]).unwrap();
    assert_eq!(sizes(&installed, "7F11", &["6F01", "6F40"]), [5, 7]);
}

#[test]
fn directories_of_a_usim_have_their_files() {
    let installed = install(&[
        (
            ElementKind::GsmAccess,
            TemplateId::tca(7),
            vec![(2, directory()), (3, File::default()), (6, File::default())],
        ),
        (
            ElementKind::Df5gs,
            TemplateId::tca_version(13, 4),
            vec![
                (2, directory()),
                (3, File::default()),
                (5, File::default()),
                (12, File::default()),
                (17, File::default()),
            ],
        ),
        (ElementKind::DfSaip, TemplateId::tca(14), vec![(2, directory()), (3, sized(20))]),
        (ElementKind::DfSnpn, TemplateId::tca(15), vec![(2, directory()), (3, File::default())]),
        (
            ElementKind::Df5gprose,
            TemplateId::tca(16),
            (2..=8).map(|member| (member, if member == 2 { directory() } else { File::default() })).collect(),
        ),
        (
            ElementKind::Eap,
            TemplateId::tca(12),
            vec![
                (
                    2,
                    File::new(
                        Fcp {
                            file_id: Some([0x5F, 0x70]),
                            pin_status_template_do: Some(vec![1]),
                            ..Fcp::default()
                        },
                        None,
                    ),
                ),
                (3, sized(40)),
                (4, File::default()),
            ],
        ),
    ])
    .unwrap();
    assert_eq!(installed.content(&path("7FD05F3B4F20")).unwrap(), hex("FFFFFFFFFFFFFFFF07"));
    assert_eq!(sizes(&installed, "7FD05FC0", &["4F01", "4F03", "4F0A", "4F0F"]), [20, 124, 4, 7]);
    assert_eq!(installed.content(&path("7FD05FC04F0A")).unwrap(), hex("F0FF0000"));
    assert_eq!(sizes(&installed, "7FD05FD0", &["4F01"]), [20]);
    assert_eq!(sizes(&installed, "7FD05FE0", &["4F01"]), [1]);
    assert_eq!(
        sizes(&installed, "7FD05FF0", &["4F01", "4F02", "4F03", "4F04", "4F05", "4F06"]),
        [1, 26, 12, 32, 29, 32]
    );
    assert_eq!(sizes(&installed, "7FD05F70", &["4F01", "4F02"]), [40, 1]);
}

#[test]
fn a_template_has_the_defaults_of_the_version_that_is_named() {
    let df_5gs = |version| {
        let files = vec![(2, directory()), (5, File::default()), (12, File::default())];
        install(&[(ElementKind::Df5gs, TemplateId::tca_version(13, version), files)]).unwrap()
    };
    assert_eq!(sizes(&df_5gs(2), "7FD05FC0", &["4F03"]), [57]);
    assert_eq!(sizes(&df_5gs(3), "7FD05FC0", &["4F03"]), [124]);
    assert_eq!(df_5gs(3).content(&path("7FD05FC04F0A")).unwrap(), hex("F0FFFFFF"));
}

#[test]
fn a_csim_has_all_its_files() {
    let own_size = [3, 11, 12, 18, 20, 27, 33, 34, 35, 36];
    let csim = (2..=36)
        .map(|member| match member {
            2 => (member, application("A0000003431002F310FFFF89020000FF")),
            3 => (member, record(20)),
            11 => (member, sized(100)),
            12 => (member, sized(56)),
            _ if own_size.contains(&member) => (member, sized(12)),
            _ => (member, File::default()),
        })
        .collect();
    let optional =
        vec![(2, File::default()), (8, File::default()), (39, File::default()), (57, File::default())];
    let installed = install(&[
        (ElementKind::Csim, TemplateId::tca(10), csim),
        (ElementKind::OptCsim, TemplateId::tca(11), optional),
    ])
    .unwrap();
    let usual = |name: &str| {
        let file = file(&installed, &format!("7FC0{name}"));
        (file.size, file.short_file_id)
    };
    assert_eq!(file(&installed, "7FC06F21").structure, Structure::Cyclic { record_length: 2 });
    assert_eq!(usual("6F21"), (20, None));
    assert_eq!((usual("6F22"), usual("6F24")), ((10, Some(4)), (16, Some(6))));
    assert_eq!((usual("6F28"), usual("6F2A")), ((100, Some(0x0C)), (7, Some(0x0D))));
    assert_eq!((usual("6F32"), usual("6F43")), ((12, Some(2)), (3, Some(1))));
    assert_eq!((usual("6F41"), usual("6F6B"), usual("6F81")), ((35, Some(8)), (32, Some(0x0B)), (126, None)));
    assert_eq!(installed.network_access[1].kind, "csim");
}

#[test]
fn the_later_version_of_a_usim_has_a_longer_service_table() {
    let usim = |version| {
        let files = vec![
            (2, application("A0000000871002FFFFFFFF8903000000")),
            (3, File::default()),
            (4, record(20)),
            (8, File::default()),
            (13, File::default()),
            (14, File::default()),
            (18, File::default()),
            (22, record(4)),
        ];
        let mut package = package_with_two_usims();
        let end = package.split_off(package.len() - 9);
        let header = PeHeader::mandated(0x60);
        let template_id = TemplateId::tca_version(4, version);
        let element = TemplateElement { kind: ElementKind::Usim, header, template_id, files };
        package.extend(ProfileElement::Template(element).to_der());
        package.extend(end);
        let metadata = StoreMetadataRequest::new(
            ICCID.parse().unwrap(),
            "Test".try_into().unwrap(),
            "Profile".try_into().unwrap(),
        );
        interpret(&package, &Context { metadata: &metadata, free_memory: 500_000 }).unwrap()
    };
    assert_eq!(sizes(&usim(1), "7FC0", &["6F38"]), [14]);
    assert_eq!(sizes(&usim(2), "7FC0", &["6F38"]), [17]);
}

/// The default profile, with leave to have several USIMs.
fn package_with_two_usims() -> Vec<u8> {
    let key = || zeroize::Zeroizing::new([0x5C; 16]);
    let subscriber =
        Subscriber::new(ICCID.parse().unwrap(), "246810123456789".parse().unwrap(), key(), key());
    let package = default_profile(&subscriber);
    let mut elements: Vec<_> =
        ProfilePackage::parse(&package).unwrap().elements().iter().map(|raw| raw.decode().unwrap()).collect();
    let ProfileElement::Header(header) = &mut elements[0] else { panic!("the header") };
    header.mandatory_services.push(asn1::profile::Service::MULTIPLE_USIM);
    elements.iter().flat_map(ProfileElement::to_der).collect()
}

#[test]
fn the_default_profile_has_what_a_phone_reads_at_start_up() {
    let installed = install(&[]).unwrap();
    // 3GPP TS 31.102 §5.1.1.2 and what the service table announces.
    for (name, size) in [
        ("2FE2", 10),
        ("2F05", 2),
        ("7FD06F05", 6),
        ("7FD06F07", 9),
        ("7FD06FAD", 4),
        ("7FD06F38", 16),
        ("7FD06F56", 1),
        ("7FD06F78", 2),
        ("7FD06F46", 17),
        ("7FD06FB7", 7),
        ("7FD06F31", 1),
        ("7FD06F08", 33),
        ("7FD06F09", 33),
        ("7FD06F5B", 6),
        ("7FD06F5C", 3),
        ("7FD06F73", 14),
        ("7FD06F7B", 12),
        ("7FD06F7E", 11),
        ("7FD06FC4", 128),
        ("7FD06FE3", 18),
        ("7FD06FE4", 80),
        ("7FD06F3C", 1760),
        ("7FD06F42", 38),
        ("7FD06F43", 2),
    ] {
        assert_eq!(file(&installed, name).size, size, "{name}");
    }
    assert_eq!(installed.content(&path("7FD06FE3")).unwrap(), hex("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFF000001"));
}
