//! Generic file management.

use super::support::*;

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

fn link(file_id: [u8; 2], target: &str) -> FileManagementCommand {
    created(Fcp {
        file_descriptor: Some(hex("4121")),
        file_id: Some(file_id),
        security_attributes_referenced: Some(vec![3]),
        link_path: Some(hex(target)),
        ..Fcp::default()
    })
}

fn df(file_id: [u8; 2]) -> Fcp {
    Fcp {
        file_descriptor: Some(hex("7821")),
        file_id: Some(file_id),
        security_attributes_referenced: Some(vec![14]),
        pin_status_template_do: Some(vec![0x0A]),
        ..Fcp::default()
    }
}

fn managed(commands: Vec<FileManagementCommand>) -> Vec<u8> {
    changed(|elements| elements.insert(END, file_management(commands)))
}

#[test]
fn a_link_has_the_structure_and_the_content_of_the_file_that_it_leads_to() {
    let commands = vec![
        created(df([0x7F, 0x10])),
        // EF_SMS has records, whatever the descriptor of the link says; and a link to a link leads to the file.
        link([0x6F, 0x3C], "7FD06F3C"),
        link([0x6F, 0x3D], "7F106F3C"),
    ];
    let installed = install_generated(&managed(commands)).unwrap();
    for name in ["7F106F3C", "7F106F3D"] {
        let link = installed.file(&path(name)).unwrap();
        assert_eq!(link.link, Some(path("7FD06F3C")));
        assert_eq!(link.structure, Structure::LinearFixed { record_length: 176 });
        assert_eq!(installed.content(&path(name)), installed.content(&path("7FD06F3C")));
    }
}

#[test]
fn a_directory_may_be_a_link_and_what_is_created_through_it_lies_where_it_leads() {
    let commands = vec![
        created(df([0x7F, 0x66])),
        FileManagementCommand::FilePath(Vec::new()),
        created(Fcp { pin_status_template_do: None, link_path: Some(hex("7F66")), ..df([0x7F, 0x67]) }),
        transparent([0x6F, 0x01], 4),
        FileManagementCommand::FilePath(hex("7F676F01")),
        FileManagementCommand::FillFileContent(hex("CAFE")),
    ];
    let installed = install_generated(&managed(commands)).unwrap();
    assert_eq!(installed.file(&path("7F67")).unwrap().link, Some(path("7F66")));
    assert_eq!(installed.content(&path("7F666F01")).unwrap(), hex("CAFEFFFF"));
}

#[test]
fn links_that_lead_nowhere_or_say_too_much_are_refused() {
    for (fcp, status) in [
        (
            Fcp { link_path: Some(hex("7FD06F99")), ef_file_size: None, ..transparent_fcp([0x2F, 0x77], 0) },
            Status(0x6A82),
        ),
        (
            Fcp { link_path: Some(hex("7FD0")), ef_file_size: None, ..transparent_fcp([0x2F, 0x77], 0) },
            Status::BAD_VALUES,
        ),
        (
            Fcp { link_path: Some(hex("7FD06F")), ef_file_size: None, ..transparent_fcp([0x2F, 0x77], 0) },
            Status::BAD_VALUES,
        ),
        (Fcp { link_path: Some(hex("7FD06F07")), ..transparent_fcp([0x2F, 0x77], 9) }, Status::BAD_VALUES),
    ] {
        assert_eq!(refused(&managed(vec![created(fcp)])), (PE, status, Some(40)));
    }
}

#[test]
fn parameters_that_do_not_belong_to_a_file_are_refused() {
    let ef = || transparent_fcp([0x2F, 0x77], 4);
    for fcp in [
        Fcp { df_name: Some(hex("A000000001")), ..ef() },
        Fcp { pin_status_template_do: Some(vec![1]), ..ef() },
        Fcp { security_attributes_referenced: None, ..ef() },
        Fcp { file_descriptor: None, ..ef() },
        Fcp { short_ef_id: Some(vec![0x01]), ..ef() },
        Fcp { ef_file_size: Some(vec![4]), ..df([0x7F, 0x10]) },
        Fcp { short_ef_id: Some(vec![0x08]), ..df([0x7F, 0x10]) },
        Fcp { proprietary_ef_info: Some(asn1::profile::ProprietaryInfo::default()), ..df([0x7F, 0x10]) },
        Fcp { pin_status_template_do: None, ..df([0x7F, 0x10]) },
    ] {
        assert_eq!(
            refused(&managed(vec![created(fcp.clone())])),
            (PE, Status::BAD_VALUES, Some(40)),
            "{fcp:?}"
        );
    }
}

#[test]
fn a_ber_tlv_file_is_filled_without_offsets_and_may_grow_to_its_maximum() {
    let fcp = || Fcp {
        file_descriptor: Some(hex("7921")),
        proprietary_ef_info: Some(asn1::profile::ProprietaryInfo {
            maximum_file_size: Some(vec![64]),
            ..Default::default()
        }),
        ..transparent_fcp([0x2F, 0x77], 8)
    };
    let fill = || FileManagementCommand::FillFileContent(hex("800101"));
    let installed = install_generated(&managed(vec![created(fcp()), fill(), fill()])).unwrap();
    let file = installed.file(&path("2F77")).unwrap();
    assert_eq!((&file.content, file.size), (&hex("800101800101"), 64));
    let skipping = vec![created(fcp()), FileManagementCommand::FillFileOffset(1), fill()];
    assert_eq!(refused(&managed(skipping)).1, Status::BAD_VALUES);
}

#[test]
fn pins_after_file_management_belong_to_the_directory_that_it_created_first() {
    let package = changed(|elements| {
        let commands = vec![
            created(Fcp { pin_status_template_do: Some(vec![0x82]), ..df([0x7F, 0x10]) }),
            created(df([0x5F, 0x50])),
        ];
        let mut pins = elements[LOCAL_PINS].clone();
        let ProfileElement::PinCodes(codes) = &mut pins else { panic!("pinCodes") };
        codes.header.identification = 41;
        let PinList::Configured(list) = &mut codes.pins else { panic!("a list of PINs") };
        list[0].key_reference = 0x82;
        elements.splice(END..END, [file_management(commands), pins]);
    });
    let installed = install_generated(&package).unwrap();
    assert_eq!(installed.pins.last().unwrap().directory, path("7F10"));
}
