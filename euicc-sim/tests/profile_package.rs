//! The profile package interpreter: what installs, what is on the card afterwards, and what is refused with which reason
//! and status.
#![cfg(test)]

use asn1::profile::{
    AkaParameter, AlgoConfiguration, AlgoParameter, AlgorithmId, ElementKind, End, EuiccResponse, Fcp, File,
    FileItem, FileManagementCommand, GenericFileManagement, MandatoryAid, PeHeader, PinCodes, PinList,
    ProfileElement, ProfileHeader, ProfilePackage, Service, Status, TemplateElement, TemplateId,
};
use asn1::{
    ErrorReason, MccMnc, OctetString, OperatorId, ProfileClass, SecretOctets, StoreMetadataRequest, Unknown,
};
use data_encoding::HEXUPPER_PERMISSIVE;
use euicc_sim::profile_package::{
    Algorithm, Authentication, Context, Failure, FilePath, Installed, Structure, interpret, uicc_capability,
};
use protocol::profile::{Subscriber, default_profile};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use zeroize::Zeroizing;

const ICCID: &str = "8988211000000000017";
/// Of every package in the reference data.
const REFERENCE_ICCID: &str = "89000123456789012341";
const FREE: u32 = 500_000;
const KI: [u8; 16] = [0x5C; 16];

fn hex(text: &str) -> Vec<u8> {
    HEXUPPER_PERMISSIVE.decode(text.replace(' ', "").as_bytes()).unwrap()
}

fn path(text: &str) -> FilePath {
    FilePath::from_octets(&hex(text)).unwrap()
}

fn metadata(iccid: &str) -> StoreMetadataRequest {
    StoreMetadataRequest::new(
        iccid.parse().unwrap(),
        "Test".try_into().unwrap(),
        "Profile".try_into().unwrap(),
    )
}

fn generated_for(imsi: &str, ki: [u8; 16]) -> Vec<u8> {
    let (ki, opc) = (Zeroizing::new(ki), Zeroizing::new([0xC0; 16]));
    default_profile(&Subscriber::new(ICCID.parse().unwrap(), imsi.parse().unwrap(), ki, opc)).to_vec()
}

/// An operational subscriber of network 246 81.
fn generated() -> Vec<u8> {
    generated_for("246810123456789", KI)
}

fn install(package: &[u8], metadata: &StoreMetadataRequest) -> Result<Installed, Failure> {
    interpret(package, &Context { metadata, free_memory: FREE })
}

fn install_generated(package: &[u8]) -> Result<Installed, Failure> {
    install(package, &metadata(ICCID))
}

fn reference(name: &str) -> Option<Vec<u8>> {
    let read = std::fs::read(format!("{}/../../shared/data/{name}", env!("CARGO_MANIFEST_DIR"))).ok();
    if read.is_none() {
        println!("skipped: the reference data in ../shared/data is absent ({name})");
    }
    read
}

const TS48: [&str; 2] = ["ts48/ts48-v7-saip2.3-bertlv-suci.der", "ts48/ts48-v7-saip2.3-nobertlv.der"];

/// The generated package as elements, changed by `change`, and encoded again.
fn changed(change: impl FnOnce(&mut Vec<ProfileElement>)) -> Vec<u8> {
    let package = generated();
    let mut elements: Vec<_> =
        ProfilePackage::parse(&package).unwrap().elements().iter().map(|raw| raw.decode().unwrap()).collect();
    change(&mut elements);
    elements.iter().flat_map(ProfileElement::to_der).collect()
}

/// Positions in the generated package.
const HEADER: usize = 0;
const MF: usize = 1;
const PUKS: usize = 2;
const PINS: usize = 3;
const USIM: usize = 4;
const LOCAL_PINS: usize = 5;
const AKA: usize = 6;
const END: usize = 7;

fn header_of(elements: &mut [ProfileElement]) -> &mut ProfileHeader {
    let ProfileElement::Header(header) = &mut elements[HEADER] else { panic!("the header") };
    header
}

fn template_at(elements: &mut [ProfileElement], position: usize) -> &mut TemplateElement {
    let ProfileElement::Template(element) = &mut elements[position] else { panic!("a template element") };
    element
}

fn algorithm_of(elements: &mut [ProfileElement]) -> &mut AlgoParameter {
    let ProfileElement::AkaParameter(AkaParameter {
        algo_configuration: AlgoConfiguration::Algo(algo), ..
    }) = &mut elements[AKA]
    else {
        panic!("akaParameter")
    };
    algo
}

/// Reason, status and element of a failure; every failure says that the installation was given up.
fn told(failure: &Failure) -> (ErrorReason, Status, Option<u16>) {
    let response = EuiccResponse::from_der(failure.response.as_ref().unwrap()).unwrap();
    assert!(response.profile_installation_aborted);
    let status = response.pe_status.last().unwrap();
    (failure.reason, status.status, status.identification)
}

fn refused(package: &[u8]) -> (ErrorReason, Status, Option<u16>) {
    told(&install_generated(package).unwrap_err())
}

const PE: ErrorReason = ErrorReason::INSTALL_FAILED_DUE_TO_PE_PROCESSING_ERROR;
const MEMORY: ErrorReason = ErrorReason::INSTALL_FAILED_DUE_TO_INSUFFICIENT_MEMORY_FOR_PROFILE;
const MISMATCH: ErrorReason = ErrorReason::INSTALL_FAILED_DUE_TO_DATA_MISMATCH;
const TEST_KEY: ErrorReason = ErrorReason::TEST_PROFILE_INSTALL_FAILED_DUE_TO_INVALID_NAA_KEY;

// What installs.

#[test]
fn the_generated_profile_installs_with_its_files_codes_and_keys() {
    let installed = install_generated(&generated()).unwrap();
    assert_eq!(installed.euicc_response, hex("3007A0053003800100"));
    assert_eq!(installed.content(&path("2FE2")).unwrap(), hex("988812010000000010F7"));
    assert_eq!(installed.content(&path("7FD06F07")).unwrap(), hex("082964181032547698"));
    let usim = &installed.network_access[0];
    assert_eq!((usim.kind.as_str(), &usim.directory), ("usim", &path("7FD0")));
    assert!(installed.adf(&usim.aid).is_some());
    let Some(Authentication::Own(aka)) = &usim.authentication else { panic!("parameters of its own") };
    assert_eq!(
        (aka.algorithm, aka.key.expose(), aka.opc.expose()),
        (Algorithm::Milenage, &KI[..], &[0xC0; 16][..])
    );
    assert_eq!((aka.sqn_options, aka.sqn_delta, aka.sqn.len()), (2, [0, 0, 0x10, 0, 0, 0], 32));
    assert_eq!(aka.rotation_constants, hex("4000204060"));
    let pins: Vec<_> =
        installed.pins.iter().flat_map(|set| &set.pins).map(|pin| (pin.reference, pin.tries)).collect();
    assert_eq!(pins, [(1, 3), (0x0A, 10), (0x81, 3)]);
    assert_eq!(installed.pins[1].directory, path("7FD0"));
}

#[test]
fn files_that_the_package_does_not_mention_come_from_the_template() {
    let installed = install_generated(&generated()).unwrap();
    // EF_LOCI, EF_Keys and EF_PL exist by default with their defaults (TCA profile package, annex A).
    assert_eq!(installed.content(&path("7FD06F7E")).unwrap(), hex("FFFFFFFFFFFFFF0000FF01"));
    let keys = installed.file(&path("7FD06F08")).unwrap();
    assert_eq!((keys.content[0], &keys.content[1..], keys.short_file_id), (7, &[0xFF; 32][..], Some(8)));
    assert_eq!(installed.content(&path("2F05")).unwrap(), [0xFF, 0xFF]);
    // EF_SMS belongs to service 10, which the service table does not have.
    assert!(installed.file(&path("7FD06F3C")).is_none());
}

#[test]
fn every_access_rule_of_the_generated_profile_leads_to_a_written_record() {
    let installed = install_generated(&generated()).unwrap();
    for file in &installed.files {
        let rule = file.access_rule.unwrap_or_else(|| panic!("{file:?} has no access rule"));
        let mut directory = file.path.clone();
        let arr = loop {
            if let Some(arr) = installed.file(&directory.child(rule.file_id)) {
                break arr;
            }
            directory = directory.parent().unwrap_or_else(|| panic!("{file:?} has no EF_ARR"));
        };
        let length = usize::from(arr.structure.record_length().unwrap());
        let record = arr.content.chunks(length).nth(usize::from(rule.record) - 1);
        assert!(record.is_some_and(|record| record[0] != 0xFF), "{file:?}");
    }
}

#[test]
fn the_published_test_profiles_install() {
    for name in TS48 {
        let Some(package) = reference(name) else { return };
        let installed = install(&package, &metadata(REFERENCE_ICCID))
            .unwrap_or_else(|failure| panic!("{name}: {failure}"));
        assert_eq!(installed.euicc_response, hex("3007A0053003800100"));
        let kinds: Vec<_> =
            installed.network_access.iter().map(|application| application.kind.as_str()).collect();
        assert_eq!(kinds, ["usim", "csim", "isim"]);
        assert_eq!(installed.content(&path("7FD06F07")).unwrap(), hex("080910101032547698"));
        // A fill pattern: its last byte goes on to the end.
        assert_eq!(installed.content(&path("7FD06F46")).unwrap(), hex("0147534D411154455354FFFFFFFFFFFFFF"));
        // A pattern fills each record of its own.
        let sms = installed.file(&path("7FD06F3C")).unwrap();
        assert_eq!(sms.content.len(), 10 * 176);
        assert!(
            sms.content
                .chunks(176)
                .all(|record| record[0] == 0 && record[1..].iter().all(|byte| *byte == 0xFF))
        );
        // An offset skips over what the template fills in.
        assert_eq!(
            installed.content(&path("7FD06FE3")).unwrap(),
            hex("FFFFFFFFFFFFFFFFFFFFFFFF000000000001")
        );
        // DF.PHONEBOOK lies in DF.TELECOM, and generic file management put EF_ADN there; a link leads to it.
        let adn = installed.content(&path("7F105F3A4F3A")).unwrap();
        assert_eq!(&adn[..9], b"Testnr.1\xFF".as_slice());
        assert_eq!(installed.file(&path("7F106F3A")).unwrap().link, Some(path("7F105F3A4F3A")));
        assert_eq!(installed.content(&path("7F106F3A")).unwrap(), adn);
        assert_eq!(installed.file(&path("7FD05F3B4F20")).unwrap().size, 9);
        assert!(installed.unplaced_files.is_empty());
        assert_eq!(installed.applications.len(), 5);
        assert!(
            installed.memory_used > 15_000 && installed.memory_used < 60_000,
            "{}",
            installed.memory_used
        );
    }
}

#[test]
fn the_package_of_the_recorded_session_installs() {
    let Some(package) = reference("session/profile.der") else { return };
    let installed = install(&package, &metadata(REFERENCE_ICCID)).unwrap();
    assert_eq!(installed.content(&path("7FD06F78")).unwrap(), [0, 1]);
    assert_eq!(installed.file(&FilePath::master_file()).unwrap().structure, Structure::MasterFile);
}

#[test]
fn an_installed_profile_survives_serialisation() {
    let installed = install_generated(&generated()).unwrap();
    let text = serde_json::to_string(&installed).unwrap();
    assert_eq!(serde_json::from_str::<Installed>(&text).unwrap(), installed);
}

#[test]
fn secrets_of_an_installed_profile_are_not_in_its_debug_output() {
    let shown = format!("{:?}", install_generated(&generated()).unwrap()).to_lowercase();
    for secret in ["5c5c", "92, 92", "c0c0", "192, 192", "57, 57, 57", "3939", "5555"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}

#[test]
fn the_card_announces_the_services_that_it_accepts() {
    let capability = uicc_capability();
    for bit in [1, 2, 3, 4, 8, 19, 22, 23, 24] {
        assert!(capability.has(bit), "bit {bit}");
    }
    assert!(!capability.has(0) && !capability.has(15));
}

// Order and structure of the package.

#[test]
fn a_package_without_its_end_is_refused() {
    let package = changed(|elements| drop(elements.pop()));
    assert_eq!(refused(&package), (PE, Status::INVALID_REQUEST_FORMAT, None));
    assert_eq!(refused(&[]), (PE, Status::INVALID_REQUEST_FORMAT, None));
}

#[test]
fn nothing_may_follow_the_end() {
    let package = changed(|elements| {
        elements.push(ProfileElement::End(End { header: PeHeader::mandated(99), unknown: Vec::new() }));
    });
    assert_eq!(refused(&package), (PE, Status::INVALID_REQUEST_FORMAT, Some(99)));
}

#[test]
fn the_header_comes_first_and_once() {
    let missing = changed(|elements| drop(elements.remove(HEADER)));
    assert_eq!(refused(&missing), (PE, Status::INVALID_REQUEST_FORMAT, Some(2)));
    let twice = changed(|elements| elements.insert(MF, elements[HEADER].clone()));
    assert_eq!(refused(&twice), (PE, Status::INVALID_REQUEST_FORMAT, None));
}

#[test]
fn no_element_comes_before_the_mf() {
    let package = changed(|elements| elements.swap(MF, PUKS));
    assert_eq!(refused(&package), (PE, Status::INVALID_REQUEST_FORMAT, Some(3)));
}

#[test]
fn a_major_version_that_is_not_supported_is_refused_whatever_else_the_header_says() {
    for major in [0, 1, 4, 200] {
        let package = changed(|elements| header_of(elements).major_version = major);
        assert_eq!(refused(&package), (PE, Status::UNSUPPORTED_PROFILE_VERSION, None), "{major}");
    }
    // A header of a later version may look different after its version.
    assert_eq!(refused(&hex("A006 800109 9F0100")), (PE, Status::UNSUPPORTED_PROFILE_VERSION, None));
    assert!(install_generated(&changed(|elements| header_of(elements).minor_version = 99)).is_ok());
}

#[test]
fn two_elements_with_one_identification_are_refused() {
    let package = changed(|elements| template_at(elements, USIM).header = PeHeader::mandated(4));
    assert_eq!(refused(&package), (PE, Status::INVALID_PARAMETER, Some(4)));
}

#[test]
fn an_unknown_mandated_element_is_refused_and_an_optional_one_is_left_out_with_a_warning() {
    let with = |element: &str| {
        let mut package = generated();
        let end = package.len() - 9;
        package.splice(end..end, hex(element));
        package
    };
    assert_eq!(refused(&with("BF2F07 A005 8000 81014D")), (PE, Status::PE_NOT_SUPPORTED, Some(77)));
    let installed = install_generated(&with("BF2F05 A003 81014D")).unwrap();
    let response = EuiccResponse::from_der(&installed.euicc_response).unwrap();
    assert!(!response.profile_installation_aborted);
    assert_eq!(response.pe_status.len(), 1);
    assert_eq!(
        (response.pe_status[0].status, response.pe_status[0].identification),
        (Status::PE_NOT_SUPPORTED, Some(77))
    );
}

#[test]
fn a_wrong_element_is_refused_even_if_it_is_not_mandated() {
    // SGP.22 §5.5.5: any error stops the installation.
    let package = changed(|elements| {
        template_at(elements, USIM).header.mandated = false;
        template_at(elements, USIM).files[1] = (3, File::with_content(vec![0; 10]));
    });
    assert_eq!(refused(&package), (PE, Status::BAD_VALUES, Some(5)));
}

#[test]
fn broken_der_is_refused_with_the_element_and_the_place() {
    let package = generated();
    let parsed = ProfilePackage::parse(&package).unwrap();
    let usim = parsed.elements()[USIM];
    let mut broken = package.clone();
    // The tag of templateID, behind tag, length and PEHeader of the element.
    broken[usim.offset() + 11] ^= 0x01;
    let failure = install_generated(&broken).unwrap_err();
    assert_eq!(told(&failure), (PE, Status::BAD_VALUES, Some(5)));
    let response = EuiccResponse::from_der(&failure.response.unwrap()).unwrap();
    assert_eq!(response.pe_status[0].offset, Some(11));
    assert_eq!(refused(&package[..package.len() - 1]).1, Status::BAD_VALUES);
}

// What the header demands.

#[test]
fn mandatory_services_that_the_card_lacks_are_refused() {
    for (service, status) in [
        (Service::MULTOS, Status::RUNTIME_NOT_SUPPORTED),
        (Service::CONTACTLESS, Status::FEATURE_NOT_SUPPORTED),
        (Service(70), Status::FEATURE_NOT_SUPPORTED),
    ] {
        let package = changed(|elements| header_of(elements).mandatory_services = vec![service]);
        assert_eq!(refused(&package), (PE, status, None));
    }
}

#[test]
fn mandatory_templates_that_the_card_lacks_are_refused() {
    let package = changed(|elements| header_of(elements).mandatory_templates.push(TemplateId::tca(99)));
    assert_eq!(refused(&package), (PE, Status::TEMPLATE_NOT_SUPPORTED, None));
    let package = changed(|elements| template_at(elements, USIM).template_id = TemplateId::tca(5));
    assert_eq!(refused(&package), (PE, Status::TEMPLATE_NOT_SUPPORTED, Some(5)));
}

#[test]
fn mandatory_load_files_are_taken_on_trust_since_applications_only_get_recorded() {
    let aid = MandatoryAid { aid: hex("A0000000090005FFFFFFFF8912000000"), version: [1, 0] };
    assert!(
        install_generated(&changed(|elements| header_of(elements).mandatory_aids = Some(vec![aid]))).is_ok()
    );
}

// Files.

#[test]
fn a_usim_without_its_mandatory_files_is_refused() {
    let package = changed(|elements| template_at(elements, USIM).files.retain(|(member, _)| *member != 3));
    assert_eq!(refused(&package), (PE, Status::BAD_VALUES, Some(5)));
}

#[test]
fn an_adf_needs_its_aid_and_its_temporary_identifier() {
    for change in [(|fcp: &mut Fcp| fcp.df_name = None) as fn(&mut Fcp), |fcp| fcp.file_id = None] {
        let package = changed(|elements| {
            let FileItem::FileDescriptor(fcp) = &mut template_at(elements, USIM).files[0].1.0[0] else {
                panic!("FCP")
            };
            change(fcp);
        });
        assert_eq!(refused(&package), (PE, Status::BAD_VALUES, Some(5)));
    }
}

#[test]
fn do_not_create_leaves_a_default_file_out_but_not_in_the_mf() {
    let unwanted = || File(vec![FileItem::DoNotCreate]);
    let package = changed(|elements| {
        let files = &mut template_at(elements, USIM).files;
        files.push((20, unwanted()));
        files.sort_by_key(|(member, _)| *member);
        template_at(elements, MF).files.insert(1, (3, unwanted()));
    });
    let installed = install_generated(&package).unwrap();
    assert!(installed.file(&path("7FD06F7E")).is_none());
    assert!(installed.file(&path("2F05")).is_some());
}

#[test]
fn optional_files_need_their_application_before_them() {
    let optional = ProfileElement::Template(TemplateElement {
        kind: ElementKind::OptUsim,
        header: PeHeader::mandated(20),
        template_id: TemplateId::tca(5),
        files: vec![(5, File::with_content(hex("4142")))],
    });
    let before = changed(|elements| elements.insert(USIM, optional.clone()));
    assert_eq!(refused(&before), (PE, Status::INVALID_REQUEST_FORMAT, Some(20)));
    let after = changed(|elements| elements.insert(LOCAL_PINS, optional.clone()));
    let installed = install_generated(&after).unwrap();
    assert_eq!(installed.content(&path("7FD06F3E")).unwrap(), hex("4142FFFFFFFFFFFF"));
}

#[test]
fn a_second_usim_needs_the_service_for_several() {
    let second = |elements: &mut Vec<ProfileElement>| {
        let mut usim = template_at(elements, USIM).clone();
        usim.header.identification = 30;
        let FileItem::FileDescriptor(fcp) = &mut usim.files[0].1.0[0] else { panic!("FCP") };
        fcp.file_id = Some([0x7F, 0xD1]);
        fcp.df_name = Some(hex("A0000000871002FFFFFFFF8902"));
        fcp.pin_status_template_do = None;
        elements.insert(END, ProfileElement::Template(usim));
    };
    assert_eq!(refused(&changed(second)), (PE, Status::INVALID_REQUEST_FORMAT, Some(30)));
    let package = changed(|elements| {
        second(elements);
        header_of(elements).mandatory_services.push(Service::MULTIPLE_USIM);
    });
    assert_eq!(install_generated(&package).unwrap().network_access.len(), 2);
}

fn file_management(commands: Vec<FileManagementCommand>) -> ProfileElement {
    let header = PeHeader::mandated(40);
    ProfileElement::GenericFileManagement(GenericFileManagement {
        header,
        commands: vec![commands],
        unknown: Vec::new(),
    })
}

fn transparent(file_id: [u8; 2], size: u8) -> FileManagementCommand {
    FileManagementCommand::CreateFcp(Box::new(Fcp {
        file_descriptor: Some(hex("4121")),
        file_id: Some(file_id),
        ef_file_size: Some(vec![size]),
        ..Fcp::default()
    }))
}

#[test]
fn generic_file_management_creates_and_fills_files() {
    let package = changed(|elements| {
        elements.insert(
            END,
            file_management(vec![
                FileManagementCommand::FilePath(hex("7FD0")),
                transparent([0x6F, 0x3E], 6),
                FileManagementCommand::FillFileOffset(1),
                FileManagementCommand::FillFileContent(hex("AA")),
                FileManagementCommand::FillFileOffset(2),
                FileManagementCommand::FillFileContent(hex("BB")),
            ]),
        );
    });
    let installed = install_generated(&package).unwrap();
    let file = installed.file(&path("7FD06F3E")).unwrap();
    assert_eq!(file.content, hex("FFAAFFFFBBFF"));
    // Without a template the short identifier is made of the file identifier.
    assert_eq!(file.short_file_id, Some(0x1E));
}

#[test]
fn generic_file_management_refuses_what_cannot_be_done() {
    let fill = || FileManagementCommand::FillFileContent(hex("AABBCC"));
    for (commands, status) in [
        (vec![FileManagementCommand::FilePath(hex("7F77"))], Status(0x6A82)),
        (vec![FileManagementCommand::FilePath(hex("7F7710"))], Status::BAD_VALUES),
        (vec![fill()], Status::INVALID_REQUEST_FORMAT),
        (vec![transparent([0x2F, 0xE2], 1)], Status(0x6A89)),
        (vec![transparent([0x2F, 0x77], 2), fill()], Status::BAD_VALUES),
        (vec![transparent([0x3F, 0x00], 2)], Status::INVALID_REQUEST_FORMAT),
        (vec![FileManagementCommand::CreateFcp(Box::default())], Status::BAD_VALUES),
    ] {
        let package = changed(|elements| elements.insert(END, file_management(commands)));
        assert_eq!(refused(&package), (PE, status, Some(40)));
    }
}

#[test]
fn a_file_that_the_template_would_describe_is_recorded_without_a_place() {
    let cd = ProfileElement::Template(TemplateElement {
        kind: ElementKind::Cd,
        header: PeHeader::mandated(50),
        template_id: TemplateId::tca(2),
        files: vec![(2, File::default()), (3, File::with_content(hex("00")))],
    });
    let installed = install_generated(&changed(|elements| elements.insert(END, cd))).unwrap();
    assert_eq!(installed.file(&path("7F11")).unwrap().structure, Structure::Directory);
    assert_eq!(installed.unplaced_files.len(), 1);
    assert_eq!(
        (installed.unplaced_files[0].member, &installed.unplaced_files[0].directory),
        (3, &path("7F11"))
    );
}

// Memory.

#[test]
fn a_profile_that_does_not_fit_is_refused_for_want_of_memory() {
    let package = generated();
    let metadata = metadata(ICCID);
    let used = install(&package, &metadata).unwrap().memory_used;
    assert!(interpret(&package, &Context { metadata: &metadata, free_memory: used }).is_ok());
    let failure = interpret(&package, &Context { metadata: &metadata, free_memory: used - 1 }).unwrap_err();
    let (reason, status, _) = told(&failure);
    assert_eq!((reason, status), (MEMORY, Status::NOT_ENOUGH_MEMORY));
}

#[test]
fn a_file_that_claims_gigabytes_is_refused_before_anything_is_allocated() {
    let huge = FileManagementCommand::CreateFcp(Box::new(Fcp {
        file_descriptor: Some(hex("4121")),
        file_id: Some([0x2F, 0x77]),
        ef_file_size: Some(vec![0xFF; 4]),
        ..Fcp::default()
    }));
    let package = changed(|elements| elements.insert(END, file_management(vec![huge])));
    assert_eq!(refused(&package), (MEMORY, Status::NOT_ENOUGH_MEMORY, Some(40)));
}

// PINs, PUKs and keys.

#[test]
fn a_pin_that_protects_a_directory_but_is_not_defined_is_missed() {
    let package = changed(|elements| drop(elements.remove(LOCAL_PINS)));
    assert_eq!(refused(&package).1, Status::PIN_CODE_MISSING);
    let package = changed(|elements| drop(elements.remove(PINS)));
    assert_eq!(refused(&package).1, Status::PIN_CODE_MISSING);
}

fn pins_at(elements: &mut [ProfileElement], position: usize) -> &mut PinCodes {
    let ProfileElement::PinCodes(pins) = &mut elements[position] else { panic!("pinCodes") };
    pins
}

#[test]
fn pins_have_to_fit_their_directory_and_their_puks() {
    for (change, status) in [
        // A local PIN in the MF.
        (
            (|e: &mut [ProfileElement]| set_pin(e, PINS, |p| p.key_reference = 0x81))
                as fn(&mut [ProfileElement]),
            Status::INVALID_PARAMETER,
        ),
        // A global PIN in the ADF.
        (|e| set_pin(e, LOCAL_PINS, |p| p.key_reference = 1), Status::INVALID_PARAMETER),
        // A PUK that is not there.
        (|e| set_pin(e, PINS, |p| p.unblocking_pin_reference = Some(7)), Status::INVALID_PARAMETER),
        // More tries left than tries.
        (|e| set_pin(e, PINS, |p| p.attempts = Some(0x34)), Status::BAD_VALUES),
        // Shared with a directory that has none.
        (|e| pins_at(e, LOCAL_PINS).pins = PinList::SharedWith(vec![0x7F, 0x10]), Status::INVALID_PARAMETER),
    ] {
        assert_eq!(refused(&changed(|elements| change(elements))).1, status);
    }
}

fn set_pin(
    elements: &mut [ProfileElement],
    position: usize,
    change: fn(&mut asn1::profile::PinConfiguration),
) {
    let PinList::Configured(pins) = &mut pins_at(elements, position).pins else { panic!("a list of PINs") };
    change(&mut pins[0]);
}

#[test]
fn authentication_needs_an_application_a_known_algorithm_and_keys_of_its_length() {
    let early = changed(|elements| {
        let aka = elements.remove(AKA);
        elements.insert(USIM, aka);
    });
    assert_eq!(refused(&early), (PE, Status::INVALID_REQUEST_FORMAT, Some(7)));
    let unknown = changed(|elements| algorithm_of(elements).algorithm_id = AlgorithmId(9));
    assert_eq!(refused(&unknown), (PE, Status::FEATURE_NOT_SUPPORTED, Some(7)));
    let short = changed(|elements| algorithm_of(elements).key = SecretOctets::from(vec![1; 15]));
    assert_eq!(refused(&short), (PE, Status::BAD_VALUES, Some(7)));
    let no_opc = changed(|elements| algorithm_of(elements).opc = SecretOctets::from(Vec::new()));
    assert_eq!(refused(&no_opc), (PE, Status::BAD_VALUES, Some(7)));
}

// The checks that end an installation (SGP.22 §5.5.5).

#[test]
fn ef_iccid_has_to_be_the_iccid_of_the_metadata() {
    let other = install(&generated(), &metadata("8988211000000000025")).unwrap_err();
    assert_eq!(told(&other).0, MISMATCH);
}

#[test]
fn the_iccid_in_the_header_is_ignored() {
    assert!(install_generated(&changed(|elements| header_of(elements).iccid = [0x11; 10])).is_ok());
}

fn owned(mcc_mnc: &str, gid1: Option<&str>, gid2: Option<&str>, iccid: &str) -> StoreMetadataRequest {
    let gid = |text: &str| OctetString::from(hex(text));
    let owner = OperatorId {
        mcc_mnc: MccMnc::new(hex(mcc_mnc)).unwrap(),
        gid1: gid1.map(gid),
        gid2: gid2.map(gid),
        unknown: Unknown::none(),
    };
    StoreMetadataRequest { profile_owner: Some(owner), ..metadata(iccid) }
}

#[test]
fn ef_imsi_has_to_be_of_the_owners_network() {
    assert!(install(&generated(), &owned("42F618", None, None, ICCID)).is_ok());
    for other in ["42F619", "42F818", "62F418", "42E618"] {
        let failure = install(&generated(), &owned(other, None, None, ICCID)).unwrap_err();
        assert_eq!(failure.reason, MISMATCH, "{other}");
    }
    // Three digits of MNC: 246 810.
    assert!(install(&generated(), &owned("420618", None, None, ICCID)).is_ok());
    assert_eq!(install(&generated(), &owned("421618", None, None, ICCID)).unwrap_err().reason, MISMATCH);
}

#[test]
fn group_identifiers_of_the_owner_have_to_be_in_the_profile() {
    // No service for them, no identifier in the metadata: fine. An identifier that the profile lacks: not.
    assert_eq!(
        install(&generated(), &owned("42F618", Some("41"), None, ICCID)).unwrap_err().reason,
        MISMATCH
    );
    assert_eq!(
        install(&generated(), &owned("42F618", None, Some("41"), ICCID)).unwrap_err().reason,
        MISMATCH
    );
}

#[test]
fn group_identifiers_of_a_profile_have_to_be_in_the_metadata() {
    // The published test profiles have EF_GID1 and EF_GID2 of FFFF with their services available.
    let Some(package) = reference(TS48[0]) else { return };
    let result = |gid1, gid2| install(&package, &owned("00F110", gid1, gid2, REFERENCE_ICCID));
    assert!(result(Some("FFFF"), Some("FFFF")).is_ok());
    for (gid1, gid2) in [(None, None), (Some("FFFF"), None), (None, Some("FFFF")), (Some("41"), Some("FFFF"))]
    {
        assert_eq!(result(gid1, gid2).unwrap_err().reason, MISMATCH, "{gid1:?} {gid2:?}");
    }
}

#[test]
fn a_test_profile_has_a_worthless_key_or_a_test_subscriber() {
    let test = StoreMetadataRequest { profile_class: Some(ProfileClass::TEST), ..metadata(ICCID) };
    let result = |imsi: &str, ki: [u8; 16]| install(&generated_for(imsi, ki), &test);
    let live = "246810123456789";
    let low_32_bits = std::array::from_fn(|byte| if byte >= 12 { 0xFF } else { 0 });
    let one_more_bit = std::array::from_fn(|byte| if byte >= 12 { 0xFF } else { u8::from(byte == 11) });
    assert!(result(live, low_32_bits).is_ok());
    assert!(result(live, std::array::from_fn(|byte| byte as u8)).is_ok());
    assert!(result("001010000000017", KI).is_ok());
    assert_eq!(result(live, one_more_bit).unwrap_err().reason, TEST_KEY);
    let failure = result(live, KI).unwrap_err();
    assert_eq!(told(&failure).0, TEST_KEY);
    // The same key is none of our business in an operational profile.
    assert!(install_generated(&generated()).is_ok());
}

#[test]
fn the_published_test_profiles_may_be_test_profiles() {
    for name in TS48 {
        let Some(package) = reference(name) else { return };
        let test =
            StoreMetadataRequest { profile_class: Some(ProfileClass::TEST), ..metadata(REFERENCE_ICCID) };
        assert!(install(&package, &test).is_ok());
    }
}

// Anything at all.

#[test]
fn installing_twice_gives_the_same_profile() {
    assert_eq!(install_generated(&generated()), install_generated(&generated()));
}

/// Flips, overwrites, removes, repeats or swaps some bytes.
fn mutate(bytes: &mut Vec<u8>, rng: &mut ChaCha20Rng) {
    let at = |rng: &mut ChaCha20Rng, length: usize| rng.next_u32() as usize % length.max(1);
    for _ in 0..=at(rng, 3) {
        if bytes.is_empty() {
            return;
        }
        let position = at(rng, bytes.len());
        let end = (position + 1 + at(rng, 8)).min(bytes.len());
        match rng.next_u32() % 6 {
            0 => bytes[position] ^= 1 << (rng.next_u32() % 8),
            1 => bytes[position] = rng.next_u32() as u8,
            2 => bytes[position] = [0x00, 0x7F, 0x80, 0x81, 0x84, 0xFF][at(rng, 6)],
            3 => drop(bytes.drain(position..end)),
            4 => {
                let copy = bytes[position..end].to_vec();
                bytes.splice(position..position, copy);
            }
            _ => bytes.truncate(position.max(1)),
        }
    }
}

/// Every failure has a response that decodes; every success is the profile that its own metadata describe.
fn survives(original: &[u8], metadata: &StoreMetadataRequest, mutations: u32, seed: u64) {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    let (mut installed, mut failed) = (0, 0);
    for _ in 0..mutations {
        let mut bytes = original.to_vec();
        mutate(&mut bytes, &mut rng);
        match install(&bytes, metadata) {
            Ok(profile) => {
                installed += 1;
                assert!(profile.memory_used <= FREE);
                assert_eq!(profile.content(&path("2FE2")).unwrap(), metadata.iccid.bytes());
            }
            Err(failure) => {
                failed += 1;
                EuiccResponse::from_der(&failure.response.unwrap()).unwrap();
            }
        }
    }
    assert!(installed > 0 && failed > 0, "{installed} installed, {failed} failed");
}

#[test]
fn no_mutation_of_the_generated_package_makes_the_card_panic() {
    survives(&generated(), &metadata(ICCID), 6_000, 1);
}

#[test]
fn no_mutation_of_a_published_package_makes_the_card_panic() {
    let Some(package) = reference(TS48[0]) else { return };
    survives(&package, &metadata(REFERENCE_ICCID), 3_000, 2);
}

/// Mutations that keep the framing: inside one element, whose length is written anew.
#[test]
fn no_mutation_inside_an_element_makes_the_card_panic() {
    let Some(package) = reference(TS48[0]) else { return };
    let parsed = ProfilePackage::parse(&package).unwrap();
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    for _ in 0..3_000 {
        let victim = rng.next_u32() as usize % parsed.elements().len();
        let pieces = parsed.elements().iter().enumerate().map(|(position, raw)| {
            if position != victim {
                return raw.bytes().to_vec();
            }
            let (tlv, _) = asn1::tlv::read(raw.bytes()).unwrap();
            let mut value = tlv.value.to_vec();
            mutate(&mut value, &mut rng);
            asn1::tlv::wrap(tlv.tag.0, &value)
        });
        let bytes: Vec<u8> = pieces.flatten().collect();
        if let Err(failure) = install(&bytes, &metadata(REFERENCE_ICCID)) {
            EuiccResponse::from_der(&failure.response.unwrap()).unwrap();
        }
    }
}
