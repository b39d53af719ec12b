//! Profiles that GSMA publishes.

use std::sync::Arc;

use euicc_sim::profile_package::{Context, Installed, InstalledFile, Structure, interpret};

use crate::common::{self, OPERATIONAL, Spec, state_with};
use crate::laboratory::{Laboratory, value};

/// A card with a package of ../shared/data/ts48 enabled.
fn published(name: &str) -> Option<Laboratory> {
    let file = format!("{}/../../shared/data/ts48/{name}", env!("CARGO_MANIFEST_DIR"));
    let Ok(package) = std::fs::read(file) else {
        println!("skipped: the reference data in ../shared/data is absent ({name})");
        return None;
    };
    let metadata = common::package::request("89000123456789012341");
    let installed = interpret(&package, &Context { metadata: &metadata, free_memory: 500_000 }).unwrap();
    let mut state = state_with(&[Spec { enabled: true, ..OPERATIONAL }]);
    state.profiles[0].installed = Arc::new(installed);
    Some(Laboratory::of(state))
}

const PUBLISHED: [&str; 2] = ["ts48-v7-saip2.3-bertlv-suci.der", "ts48-v7-saip2.3-nobertlv.der"];

/// The application that a file is in.
fn application_of<'a>(installed: &'a Installed, file: &InstalledFile) -> Option<&'a [u8]> {
    installed.files.iter().find_map(|adf| match &adf.structure {
        Structure::Adf { aid } if file.path.to_string().starts_with(&adf.path.to_string()) => Some(&aid[..]),
        _ => None,
    })
}

/// SELECT by path, from the application where the file is in one.
fn select_by_path(card: &mut Laboratory, installed: &Installed, file: &InstalledFile) -> String {
    let path = file.path.to_string();
    let Some(aid) = application_of(installed, file) else {
        return format!("00A40804{:02X}{path}", path.len() / 2);
    };
    let aid = data_encoding::HEXUPPER.encode(aid);
    card.expect(&format!("00A4040C{:02X}{aid}", aid.len() / 2), "9000");
    // The first identifier in the path is the package's own name of the ADF.
    format!("00A40804{:02X}7FFF{}", path.len() / 2, &path[4..])
}

#[test]
fn every_file_of_the_published_profiles_is_found_and_what_has_a_rule_for_it_is_read() {
    // The rule of the first is one for directories, the rule of the second an erased record.
    let without_read_rule = [vec!["7F106F54", "7FB06FFE"], vec!["7F106F54"]];
    for (name, without_read_rule) in PUBLISHED.into_iter().zip(without_read_rule) {
        let Some(mut card) = published(name) else { return };
        let installed = Arc::clone(&card.card.state().profiles[0].installed);
        // PIN1 is disabled.
        let adm1 = installed.pins[0].pins.iter().find(|pin| pin.reference == 0x0A).unwrap();
        let adm1 = data_encoding::HEXUPPER.encode(adm1.value.expose());
        card.expect(&format!("0020000A08{adm1}"), "9000");
        let mut not_read = Vec::new();
        for file in installed.files.iter().filter(|file| file.path.depth() > 0) {
            let select = select_by_path(&mut card, &installed, file);
            let fcp = card.fcp(&select);
            let body = file.link.as_ref().map_or(file, |link| installed.file(link).unwrap());
            assert_eq!(value(&fcp, 0x8A), Some(vec![0x05]), "{file:?}");
            let (read, expected) = match body.structure {
                Structure::Transparent => ("00B0000000", &body.content[..body.content.len().min(256)]),
                Structure::LinearFixed { record_length } | Structure::Cyclic { record_length } => {
                    ("00B2010400", &body.content[..usize::from(record_length)])
                }
                // The list of tags waits for GET RESPONSE.
                Structure::BerTlv => ("80CB0080015C", &[][..]),
                _ => continue,
            };
            let response = card.send(read);
            match response.as_slice() {
                [0x69, 0x82] => not_read.push(file.path.to_string()),
                [0x61, length] => assert!(*length >= 2, "{file:?}"),
                _ => assert_eq!(response, [expected, &[0x90, 0x00]].concat(), "{file:?}"),
            }
        }
        assert_eq!(not_read, without_read_rule, "{name}");
    }
}

#[test]
fn the_subscription_of_the_published_profiles_is_read_as_a_phone_reads_it() {
    for name in PUBLISHED {
        let Some(mut card) = published(name) else { return };
        card.expect_all(&[
            ("00A4000C022FE2", "9000"),
            ("00B000000A", "980010325476981032149000"),
            ("00A4000C022F00", "9000"),
            // A terminal that knows no more of the USIM than 3GPP and its application code.
            ("00A4040C07A0000000871002", "9000"),
            ("00B0870009", "0809101010325476989000"),
            ("00A4000C026F46", "9000"),
            ("00B0000011", "0147534D411154455354FFFFFFFFFFFFFF9000"),
            ("00A4000C026F78", "9000"),
            ("00B0000002", "00019000"),
        ]);
    }
}
