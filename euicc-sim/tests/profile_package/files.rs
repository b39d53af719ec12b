//! Files of template elements.

use super::support::*;

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
    let twice = changed(|elements| elements.insert(END, optional.clone()));
    assert_eq!(refused(&twice), (PE, Status::INVALID_REQUEST_FORMAT, Some(20)));
    let after = changed(|elements| elements[OPT_USIM] = optional.clone());
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
        fcp.pin_status_template_do = Some(vec![0x01, 0x0A]);
        elements.insert(END, ProfileElement::Template(usim));
    };
    assert_eq!(refused(&changed(second)), (PE, Status::INVALID_REQUEST_FORMAT, Some(30)));
    let package = changed(|elements| {
        second(elements);
        header_of(elements).mandatory_services.push(Service::MULTIPLE_USIM);
    });
    assert_eq!(install_generated(&package).unwrap().network_access.len(), 2);
}

#[test]
fn the_card_takes_back_a_service_that_it_does_not_have() {
    // Service 69, MBMS security, is bit 5 of the ninth byte; 66 stays.
    let package = changed(|elements| {
        let files = &mut template_at(elements, USIM).files;
        let table = files.iter_mut().find(|(member, _)| *member == 8).unwrap();
        let mut content = vec![0; 16];
        content[8] = 0b0001_0010;
        let fcp = Fcp { ef_file_size: Some(vec![16]), ..Fcp::default() };
        table.1 = File::new(fcp, Some(content));
    });
    let installed = install_generated(&package).unwrap();
    assert_eq!(installed.content(&path("7FD06F38")).unwrap()[8], 0b0000_0010);
}
