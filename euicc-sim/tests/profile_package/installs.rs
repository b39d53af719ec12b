//! What installs.

use super::support::*;

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
    assert_eq!(keys.special_information, 0x80);
    // EF_SMS belongs to service 10, which the service table has; EF_FDN to 2 and 89, which it does not have.
    assert_eq!(installed.file(&path("7FD06F3C")).unwrap().size, 1760);
    assert!(installed.file(&path("7FD06F3B")).is_none());
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
