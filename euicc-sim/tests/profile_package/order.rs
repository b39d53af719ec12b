//! Order and structure of the package.

use super::support::*;

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
