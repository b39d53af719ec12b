//! What is reported of single elements (EUICCResponse): warnings of what was left out, and all that goes with an error.

use super::support::*;

const UNKNOWN: &str = "BF2F05 A003 81014D";
const NON_STANDARD: &str = "A90B A003 81014E 81022A03 8200";

fn isim(mandated: bool) -> ProfileElement {
    let arr = Fcp { file_descriptor: Some(hex("42210004")), ef_file_size: Some(vec![4]), ..Fcp::default() };
    let impu = Fcp { file_descriptor: Some(hex("42210010")), ..Fcp::default() };
    let mut element = template_element(
        ElementKind::Isim,
        8,
        vec![
            (2, application([0x7F, 0xB0], "A0000000871004FFFFFFFF8900000000")),
            (3, File::with_content(hex("8000"))),
            (4, File::new(impu, Some(hex("8000")))),
            (5, File::with_content(hex("8000"))),
            (6, File::with_content(hex("00"))),
            (8, File::new(arr, None)),
        ],
    );
    let ProfileElement::Template(template) = &mut element else { panic!("a template element") };
    template.header.mandated = mandated;
    element
}

#[test]
fn each_element_that_is_left_out_leaves_its_own_warning() {
    let package = with(&[hex(UNKNOWN), hex(NON_STANDARD)]);
    let (installed, warnings) = warned(&package);
    assert_eq!(warnings, [(Status::PE_NOT_SUPPORTED, Some(0x4D)), (Status::PE_NOT_SUPPORTED, Some(0x4E))]);
    // Nothing else is different.
    let plain = install_generated(&generated()).unwrap();
    assert_eq!((installed.files, installed.memory_used), (plain.files, plain.memory_used));
}

#[test]
fn warnings_stand_before_the_error_that_ends_the_installation() {
    let mut package = with(&[hex(UNKNOWN)]);
    package.truncate(package.len() - 9);
    let failure = install_generated(&package).unwrap_err();
    let response = EuiccResponse::from_der(&failure.response.unwrap()).unwrap();
    let statuses: Vec<_> = response.pe_status.iter().map(|status| status.status).collect();
    assert_eq!(statuses, [Status::PE_NOT_SUPPORTED, Status::INVALID_REQUEST_FORMAT]);
    assert!(response.profile_installation_aborted);
    assert_eq!(response.status_message.unwrap(), "the package has no end element");
}

/// SGP.22 §5.5.5, §2.5.6.1: being optional is about what a card knows, not about what it has room for.
#[test]
fn an_optional_element_that_does_not_fit_ends_the_installation() {
    let big = |mandated| {
        let mut element = file_management(vec![
            transparent([0x2F, 0x70], 8),
            created(Fcp { ef_file_size: Some(vec![0x08, 0, 0]), ..transparent_fcp([0x2F, 0x77], 0) }),
        ]);
        let ProfileElement::GenericFileManagement(management) = &mut element else { panic!() };
        management.header.mandated = mandated;
        element
    };
    for mandated in [false, true] {
        let package = changed(|elements| elements.insert(END, big(mandated)));
        assert_eq!(refused(&package), (MEMORY, Status::NOT_ENOUGH_MEMORY, Some(40)));
    }
}

#[test]
fn a_package_of_endless_elements_is_refused_before_any_of_them() {
    let element = |number: u16| {
        let [high, low] = number.to_be_bytes();
        hex(&format!("BF2F06 A004 8102{high:02X}{low:02X}"))
    };
    let elements: Vec<_> = (0x1000..0x1000 + 1_001).map(element).collect();
    let (_, status, _) = refused(&with(&elements));
    assert_eq!(status, Status::INVALID_REQUEST_FORMAT);
}

#[test]
fn what_belongs_to_an_application_that_was_left_out_goes_to_no_other() {
    let package = |mandated: bool| {
        changed(|elements| {
            let mut left_out = isim(false);
            let ProfileElement::Template(template) = &mut left_out else { panic!() };
            template.template_id = TemplateId::tca(77);
            let mut aka = elements[AKA].clone();
            let ProfileElement::AkaParameter(parameters) = &mut aka else { panic!() };
            parameters.header = PeHeader { mandated, identification: 60 };
            parameters.sqn_options = Some(0x0A);
            elements.splice(END..END, [left_out, aka]);
        })
    };
    let (installed, warnings) = warned(&package(false));
    assert_eq!(
        warnings,
        [(Status::TEMPLATE_NOT_SUPPORTED, Some(0x58)), (Status::FEATURE_NOT_SUPPORTED, Some(60))]
    );
    let Some(Authentication::Own(usim)) = &installed.network_access[0].authentication else { panic!() };
    assert_eq!((installed.network_access.len(), usim.sqn_options), (1, 0x02));
    // Mandated, it cannot be done without.
    assert_eq!(refused(&package(true)), (PE, Status::FEATURE_NOT_SUPPORTED, Some(60)));
}

#[test]
fn optional_files_of_an_application_that_was_left_out_are_left_out_too() {
    let package = changed(|elements| {
        let mut left_out = isim(false);
        let ProfileElement::Template(template) = &mut left_out else { panic!() };
        template.template_id = TemplateId::tca(77);
        let mut optional = template_element(ElementKind::OptIsim, 9, vec![(5, File::default())]);
        let ProfileElement::Template(template) = &mut optional else { panic!() };
        template.header.mandated = false;
        elements.splice(END..END, [left_out, optional]);
    });
    let statuses: Vec<_> = warned(&package).1.into_iter().map(|(status, _)| status).collect();
    assert_eq!(statuses, [Status::TEMPLATE_NOT_SUPPORTED, Status::FEATURE_NOT_SUPPORTED]);
}

#[test]
fn an_isim_installs_beside_the_usim() {
    let installed = install_generated(&changed(|elements| elements.insert(END, isim(true)))).unwrap();
    let kinds: Vec<_> =
        installed.network_access.iter().map(|application| application.kind.as_str()).collect();
    assert_eq!(kinds, ["usim", "isim"]);
    // One record of EF_IMPU is what the template says; EF_AD comes by default.
    assert_eq!(installed.file(&path("7FB06F04")).unwrap().size, 16);
    assert_eq!(installed.content(&path("7FB06FAD")).unwrap(), [0, 0, 0]);
}

#[test]
fn members_of_a_later_version_are_a_warning_or_in_a_mandated_element_an_error() {
    // PE-End with a member that no version of the format has.
    let end = |header: &str| {
        let mut package = generated();
        package.truncate(package.len() - 9);
        package.extend(asn1::tlv::wrap(0xAA, &hex(&format!("{header} 8501AA"))));
        package
    };
    let (_, warnings) = warned(&end("A003 810109"));
    assert_eq!(warnings, [(Status::INVALID_PARAMETER, Some(9))]);
    assert_eq!(refused(&end("A005 8000 810109")), (PE, Status::INVALID_PARAMETER, Some(9)));
    // A file that no version of the template has.
    let file = |mandated| {
        changed(|elements| {
            let usim = template_at(elements, USIM);
            usim.header.mandated = mandated;
            usim.files.push((99, File::with_content(vec![1])));
        })
    };
    assert_eq!(warned(&file(false)).1, [(Status::INVALID_PARAMETER, Some(5))]);
    assert_eq!(refused(&file(true)), (PE, Status::INVALID_PARAMETER, Some(5)));
}

fn status_of(package: &[u8]) -> asn1::profile::PeStatus {
    let failure = install_generated(package).unwrap_err();
    EuiccResponse::from_der(&failure.response.unwrap()).unwrap().pe_status.pop().unwrap()
}

#[test]
fn an_error_says_where_in_the_element_it_is() {
    let package = changed(|elements| {
        template_at(elements, USIM).files[1] = (3, File::with_content(vec![0; 10]));
    });
    let raw = ProfilePackage::parse(&package).unwrap().elements()[USIM].bytes();
    let offset = usize::try_from(status_of(&package).offset.unwrap()).unwrap();
    // EF_IMSI is member 3.
    assert_eq!(raw[offset], 0xA3);
    let package = changed(|elements| {
        let commands = vec![
            FileManagementCommand::FilePath(Vec::new()),
            transparent([0x2F, 0x70], 8),
            FileManagementCommand::FillFileContent(vec![0; 9]),
        ];
        elements.insert(END, file_management(commands));
    });
    let raw = ProfilePackage::parse(&package).unwrap().elements()[END].bytes();
    let offset = usize::try_from(status_of(&package).offset.unwrap()).unwrap();
    assert_eq!(raw[offset..offset + 2], [0x81, 9]);
}

#[test]
fn an_error_says_which_service_template_or_pin_is_missed() {
    let service = changed(|elements| header_of(elements).mandatory_services = vec![Service::MULTOS]);
    assert_eq!(status_of(&service).additional_information, Some(Service::MULTOS.0));
    let template = changed(|elements| header_of(elements).mandatory_templates.push(TemplateId::tca(17)));
    assert_eq!(status_of(&template).additional_information, Some(17));
    // The local PIN that the ADF of element 5 needs.
    let pin = status_of(&changed(|elements| drop(elements.remove(LOCAL_PINS))));
    assert_eq!(
        (pin.status, pin.identification, pin.additional_information),
        (Status::PIN_CODE_MISSING, Some(5), Some(0x81))
    );
}

#[test]
fn a_long_explanation_is_cut_to_what_a_status_message_may_have() {
    let package = changed(|elements| {
        template_at(elements, USIM).template_id = TemplateId::tca_version(4, 99);
    });
    let failure = install_generated(&package).unwrap_err();
    assert!(failure.explanation.len() > 20);
    let message = EuiccResponse::from_der(&failure.response.unwrap()).unwrap().status_message.unwrap();
    assert!((2..=64).contains(&message.chars().count()) && failure.explanation.starts_with(&message));
}
