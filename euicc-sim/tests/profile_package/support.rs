//! Packages to change, and what becomes of them.

pub use asn1::profile::{
    AkaParameter, AlgoConfiguration, AlgoParameter, AlgorithmId, ElementKind, End, EuiccResponse, Fcp, File,
    FileItem, FileManagementCommand, GenericFileManagement, MandatoryAid, PeHeader, PinCodes, PinList,
    ProfileElement, ProfileHeader, ProfilePackage, Service, Status, TemplateElement, TemplateId,
};
pub use asn1::{ErrorReason, SecretOctets, StoreMetadataRequest};
use data_encoding::HEXUPPER_PERMISSIVE;
pub use euicc_sim::profile_package::{
    Algorithm, Authentication, Context, Failure, FilePath, Installed, Structure, interpret, uicc_capability,
};
use protocol::profile::{Subscriber, default_profile};
use zeroize::Zeroizing;

pub const ICCID: &str = "8988211000000000017";
/// Of every package in the reference data.
pub const REFERENCE_ICCID: &str = "89000123456789012341";
pub const FREE: u32 = 500_000;
pub const KI: [u8; 16] = [0x5C; 16];

pub fn hex(text: &str) -> Vec<u8> {
    HEXUPPER_PERMISSIVE.decode(text.replace(' ', "").as_bytes()).unwrap()
}

pub fn path(text: &str) -> FilePath {
    FilePath::from_octets(&hex(text)).unwrap()
}

pub fn metadata(iccid: &str) -> StoreMetadataRequest {
    StoreMetadataRequest::new(
        iccid.parse().unwrap(),
        "Test".try_into().unwrap(),
        "Profile".try_into().unwrap(),
    )
}

pub fn generated_for(imsi: &str, ki: [u8; 16]) -> Vec<u8> {
    let (ki, opc) = (Zeroizing::new(ki), Zeroizing::new([0xC0; 16]));
    default_profile(&Subscriber::new(ICCID.parse().unwrap(), imsi.parse().unwrap(), ki, opc)).to_vec()
}

/// An operational subscriber of network 246 81.
pub fn generated() -> Vec<u8> {
    generated_for("246810123456789", KI)
}

pub fn install(package: &[u8], metadata: &StoreMetadataRequest) -> Result<Installed, Failure> {
    interpret(package, &Context { metadata, free_memory: FREE })
}

pub fn install_generated(package: &[u8]) -> Result<Installed, Failure> {
    install(package, &metadata(ICCID))
}

pub fn reference(name: &str) -> Option<Vec<u8>> {
    let read = std::fs::read(format!("{}/../../shared/data/{name}", env!("CARGO_MANIFEST_DIR"))).ok();
    if read.is_none() {
        println!("skipped: the reference data in ../shared/data is absent ({name})");
    }
    read
}

pub const TS48: [&str; 2] = ["ts48/ts48-v7-saip2.3-bertlv-suci.der", "ts48/ts48-v7-saip2.3-nobertlv.der"];

/// The generated package as elements, changed by `change`, and encoded again.
pub fn changed(change: impl FnOnce(&mut Vec<ProfileElement>)) -> Vec<u8> {
    let package = generated();
    let mut elements: Vec<_> =
        ProfilePackage::parse(&package).unwrap().elements().iter().map(|raw| raw.decode().unwrap()).collect();
    change(&mut elements);
    elements.iter().flat_map(ProfileElement::to_der).collect()
}

/// Positions in the generated package.
pub const HEADER: usize = 0;
pub const MF: usize = 1;
pub const PUKS: usize = 2;
pub const PINS: usize = 3;
pub const USIM: usize = 4;
pub const LOCAL_PINS: usize = 5;
pub const AKA: usize = 6;
pub const OPT_USIM: usize = 7;
pub const END: usize = 8;

pub fn header_of(elements: &mut [ProfileElement]) -> &mut ProfileHeader {
    let ProfileElement::Header(header) = &mut elements[HEADER] else { panic!("the header") };
    header
}

pub fn template_at(elements: &mut [ProfileElement], position: usize) -> &mut TemplateElement {
    let ProfileElement::Template(element) = &mut elements[position] else { panic!("a template element") };
    element
}

pub fn algorithm_of(elements: &mut [ProfileElement]) -> &mut AlgoParameter {
    let ProfileElement::AkaParameter(AkaParameter {
        algo_configuration: AlgoConfiguration::Algo(algo), ..
    }) = &mut elements[AKA]
    else {
        panic!("akaParameter")
    };
    algo
}

/// Reason, status and element of a failure; every failure says that the installation was given up.
pub fn told(failure: &Failure) -> (ErrorReason, Status, Option<u16>) {
    let response = EuiccResponse::from_der(failure.response.as_ref().unwrap()).unwrap();
    assert!(response.profile_installation_aborted);
    let status = response.pe_status.last().unwrap();
    (failure.reason, status.status, status.identification)
}

pub fn refused(package: &[u8]) -> (ErrorReason, Status, Option<u16>) {
    told(&install_generated(package).unwrap_err())
}

pub const PE: ErrorReason = ErrorReason::INSTALL_FAILED_DUE_TO_PE_PROCESSING_ERROR;
pub const MEMORY: ErrorReason = ErrorReason::INSTALL_FAILED_DUE_TO_INSUFFICIENT_MEMORY_FOR_PROFILE;
pub const MISMATCH: ErrorReason = ErrorReason::INSTALL_FAILED_DUE_TO_DATA_MISMATCH;
pub const TEST_KEY: ErrorReason = ErrorReason::TEST_PROFILE_INSTALL_FAILED_DUE_TO_INVALID_NAA_KEY;

/// The changed package installs with these warnings: status and element of each.
pub fn warned(package: &[u8]) -> (Installed, Vec<(Status, Option<u16>)>) {
    let installed = install_generated(package).unwrap_or_else(|failure| panic!("{failure}"));
    let response = EuiccResponse::from_der(&installed.euicc_response).unwrap();
    assert!(!response.profile_installation_aborted);
    let warnings = response.pe_status.iter().map(|status| (status.status, status.identification)).collect();
    (installed, warnings)
}

/// The package with elements put before its end, as they are.
pub fn with(elements: &[Vec<u8>]) -> Vec<u8> {
    let mut package = generated();
    let end = package.len() - 9;
    package.splice(end..end, elements.concat());
    package
}

/// A template element of the first version of its template.
pub fn template_element(kind: ElementKind, template: u8, files: Vec<(u32, File)>) -> ProfileElement {
    let header = PeHeader::mandated(0x50 + u16::from(template));
    ProfileElement::Template(TemplateElement { kind, header, template_id: TemplateId::tca(template), files })
}

/// An ADF with a temporary identifier and an AID.
pub fn application(file_id: [u8; 2], aid: &str) -> File {
    let fcp = Fcp {
        file_id: Some(file_id),
        df_name: Some(hex(aid)),
        pin_status_template_do: Some(vec![0x01, 0x0A]),
        ..Fcp::default()
    };
    File::new(fcp, None)
}

pub fn file_management(commands: Vec<FileManagementCommand>) -> ProfileElement {
    let header = PeHeader::mandated(40);
    ProfileElement::GenericFileManagement(GenericFileManagement {
        header,
        commands: vec![commands],
        unknown: Vec::new(),
    })
}

pub fn created(fcp: Fcp) -> FileManagementCommand {
    FileManagementCommand::CreateFcp(Box::new(fcp))
}

/// File control parameters of an EF that anybody with ADM 1 may use.
pub fn transparent_fcp(file_id: [u8; 2], size: u8) -> Fcp {
    Fcp {
        file_descriptor: Some(hex("4121")),
        file_id: Some(file_id),
        security_attributes_referenced: Some(vec![3]),
        ef_file_size: Some(vec![size]),
        ..Fcp::default()
    }
}

pub fn transparent(file_id: [u8; 2], size: u8) -> FileManagementCommand {
    created(transparent_fcp(file_id, size))
}
