//! What the header demands.

use super::support::*;

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

#[test]
fn a_template_is_supported_in_the_versions_that_are_known() {
    for (template, versions) in [(1, 1), (3, 2), (4, 2), (5, 3), (9, 2), (10, 2), (13, 4), (16, 1)] {
        let demanding = |version| {
            let id = TemplateId::tca_version(template, version);
            changed(|elements| header_of(elements).mandatory_templates.push(id))
        };
        assert!(install_generated(&demanding(versions)).is_ok(), "{template}.{versions}");
        assert_eq!(refused(&demanding(versions + 1)).1, Status::TEMPLATE_NOT_SUPPORTED, "{template}");
    }
}

#[test]
fn a_minimal_profile_for_things_is_refused_for_its_header() {
    let package = changed(|elements| header_of(elements).unknown = hex("AA09 8007 01020304050607"));
    assert_eq!(refused(&package).1, Status::FEATURE_NOT_SUPPORTED);
    let later = changed(|elements| header_of(elements).unknown = hex("8B0101"));
    assert_eq!(warned(&later).1, [(Status::INVALID_PARAMETER, None)]);
}
