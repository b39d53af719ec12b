//! Security domains, applications and remote file management.

use super::support::*;

const SECURITY_DOMAIN: &str = "A000000151000000";
const LOAD_PACKAGE: &str = "A0000001515350";
const CLASS: &str = "A000000151535041";
const APPLET: &str = "A00000055910100000000000B0AABB01";
const RFM: &str = "A0000005591010FFFFFFFF89B0001001";

fn aid(aid: &str) -> Vec<u8> {
    asn1::tlv::wrap(0x4F, &hex(aid))
}

fn header(identification: u8) -> Vec<u8> {
    [0xA0, 0x05, 0x80, 0x00, 0x81, 0x01, identification].to_vec()
}

/// ApplicationInstance with privileges 82DC00, state 0F and toolkit parameters that name two TARs.
fn instance(own: &str, security_domain: Option<&str>) -> Vec<u8> {
    let toolkit = asn1::tlv::wrap(0xEA, &asn1::tlv::wrap(0x80, &hex("0100000000 020102 06B20100000000 00")));
    let members = [
        aid(LOAD_PACKAGE),
        aid(CLASS),
        aid(own),
        security_domain.map(aid).unwrap_or_default(),
        hex("820382DC00 83010F C900"),
        toolkit,
    ];
    members.concat()
}

fn security_domain(identification: u8, own: &str) -> Vec<u8> {
    let members = [header(identification), asn1::tlv::wrap(0xA1, &instance(own, None))];
    asn1::tlv::wrap(0xA6, &members.concat())
}

fn application_element(identification: u8, own: &str, domain: Option<&str>) -> Vec<u8> {
    let load_block = asn1::tlv::wrap(0xA1, &[aid(LOAD_PACKAGE), hex("C402CAFE")].concat());
    let list = asn1::tlv::wrap(0xA2, &asn1::tlv::wrap(0x30, &instance(own, domain)));
    asn1::tlv::wrap(0xA8, &[header(identification), load_block, list].concat())
}

fn rfm(identification: u8, tars: &str, adf: Option<&str>) -> Vec<u8> {
    let access = adf
        .map(|aid| asn1::tlv::wrap(0x30, &[asn1::tlv::wrap(0x80, &hex(aid)), hex("810100 820100")].concat()));
    let tars =
        if tars.is_empty() { Vec::new() } else { asn1::tlv::wrap(0xA0, &asn1::tlv::wrap(0x04, &hex(tars))) };
    let members =
        [header(identification), aid(RFM), tars, hex("810102 040100 040100"), access.unwrap_or_default()];
    asn1::tlv::wrap(0xA7, &members.concat())
}

#[test]
fn instances_are_recorded_with_names_privileges_state_and_targets() {
    let package = with(&[
        security_domain(70, SECURITY_DOMAIN),
        application_element(71, APPLET, None),
        rfm(72, "B00120", Some("A0000000871002FFFFFFFF89")),
    ]);
    let installed = install_generated(&package).unwrap();
    let [domain, applet, files] = &installed.applications[..] else { panic!("three elements") };
    assert_eq!(
        (domain.element.as_str(), applet.element.as_str(), files.element.as_str()),
        ("securityDomain", "application", "rfm")
    );
    let domain = &domain.instances[0];
    assert_eq!((&domain.aid, &domain.security_domain), (&hex(SECURITY_DOMAIN), &hex(SECURITY_DOMAIN)));
    assert_eq!((&domain.privileges, domain.life_cycle_state), (&hex("82DC00"), 0x0F));
    assert_eq!((&domain.class, &domain.load_package), (&hex(CLASS), &hex(LOAD_PACKAGE)));
    assert_eq!(domain.tars, hex("B20100 000000"));
    assert_eq!(applet.load_package, hex(LOAD_PACKAGE));
    assert_eq!(applet.instances[0].security_domain, hex(SECURITY_DOMAIN));
    let files = &files.instances[0];
    assert_eq!((&files.aid, &files.tars, files.life_cycle_state), (&hex(RFM), &hex("B00120"), 7));
    assert_eq!(files.security_domain, hex(SECURITY_DOMAIN));
    let text = serde_json::to_string(&installed).unwrap();
    assert_eq!(serde_json::from_str::<Installed>(&text).unwrap(), installed);
}

#[test]
fn without_a_list_the_target_is_in_the_aid() {
    let installed =
        install_generated(&with(&[security_domain(70, SECURITY_DOMAIN), rfm(72, "", None)])).unwrap();
    assert_eq!(installed.applications[1].instances[0].tars, hex("B00010"));
}

#[test]
fn what_belongs_to_a_security_domain_comes_after_it() {
    for element in [application_element(71, APPLET, None), rfm(71, "B00120", None)] {
        let early = with(&[element.clone(), security_domain(70, SECURITY_DOMAIN)]);
        assert_eq!(refused(&early), (PE, Status::INVALID_REQUEST_FORMAT, Some(71)));
    }
    let unknown = with(&[security_domain(70, SECURITY_DOMAIN), application_element(71, APPLET, Some(RFM))]);
    assert_eq!(refused(&unknown), (PE, Status::INVALID_PARAMETER, Some(71)));
}

#[test]
fn two_instances_need_two_names_and_file_management_an_application_that_is_there() {
    let twice = with(&[security_domain(70, SECURITY_DOMAIN), application_element(71, SECURITY_DOMAIN, None)]);
    assert_eq!(refused(&twice), (PE, Status::INVALID_PARAMETER, Some(71)));
    let nowhere = with(&[security_domain(70, SECURITY_DOMAIN), rfm(71, "B00120", Some(APPLET))]);
    assert_eq!(refused(&nowhere), (PE, Status::INVALID_PARAMETER, Some(71)));
}

#[test]
fn a_broken_instance_is_refused_with_its_place() {
    let mut domain = security_domain(70, SECURITY_DOMAIN);
    // The tag of classAID: behind the element's header, PEHeader, the instance's header and the first AID.
    let class = 2 + 7 + 2 + 2 + 7;
    assert_eq!(domain[class], 0x4F);
    domain[class] = 0x4E;
    let package = with(&[domain]);
    let failure = install_generated(&package).unwrap_err();
    assert_eq!(told(&failure), (PE, Status::BAD_VALUES, Some(70)));
    let response = EuiccResponse::from_der(&failure.response.unwrap()).unwrap();
    assert_eq!(response.pe_status[0].offset, u32::try_from(class).ok());
}

#[test]
fn the_published_test_profile_has_its_domain_and_file_managers() {
    let Some(package) = reference(TS48[0]) else { return };
    let installed = install(&package, &metadata(REFERENCE_ICCID)).unwrap();
    let found: Vec<_> = installed
        .applications
        .iter()
        .flat_map(|application| {
            application.instances.iter().map(|i| (application.element.as_str(), &i.tars[..]))
        })
        .collect();
    let domain_tars = hex("B20100 000000");
    let tars: Vec<_> = ["B00120", "B00140", "B00141", "B00142"].iter().map(|tar| hex(tar)).collect();
    let mut expected = vec![("securityDomain", &domain_tars[..])];
    expected.extend(tars.iter().map(|tar| ("rfm", &tar[..])));
    assert_eq!(found, expected);
}

#[test]
fn applications_of_an_earlier_state_are_still_read() {
    let text = format!(r#"{{"element":"rfm","instances":["{RFM}"]}}"#);
    let application: euicc_sim::profile_package::Application = serde_json::from_str(&text).unwrap();
    assert_eq!((&application.instances[0].aid, application.instances[0].life_cycle_state), (&hex(RFM), 7));
    let mut installed = serde_json::to_value(install_generated(&generated()).unwrap()).unwrap();
    installed["unplaced_files"] = serde_json::json!([{"element": "csim", "member": 12, "directory": "7FD0"}]);
    assert_eq!(
        serde_json::from_value::<Installed>(installed).unwrap(),
        install_generated(&generated()).unwrap()
    );
}
