//! The tables of defects.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::str::FromStr;

use conformance::pki::{ClientDefect, EuiccDefect, ServerDefect, SigningDefect, TlsDefect};

fn are_distinct_and_come_back<T>(all: &[T])
where
    T: Display + FromStr + PartialEq + Copy,
{
    let names: BTreeSet<String> = all.iter().map(ToString::to_string).collect();
    assert_eq!(names.len(), all.len());
    for defect in all {
        let name = defect.to_string();
        assert!(name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-'), "{name}");
        assert!(name.parse::<T>().is_ok_and(|parsed| parsed == *defect), "{name}");
    }
    assert!("no-such-defect".parse::<T>().is_err());
}

#[test]
fn every_defect_has_a_name_of_its_own_that_it_is_found_by() {
    are_distinct_and_come_back(&EuiccDefect::ALL);
    are_distinct_and_come_back(&SigningDefect::ALL);
    are_distinct_and_come_back(&ServerDefect::ALL);
    are_distinct_and_come_back(&TlsDefect::ALL);
    are_distinct_and_come_back(&ClientDefect::ALL);
}

#[test]
fn there_are_at_least_sixty_kinds_of_bad_chain() {
    let kinds =
        EuiccDefect::ALL.len() + SigningDefect::ALL.len() + TlsDefect::ALL.len() + ClientDefect::ALL.len();
    assert!(kinds >= 60, "{kinds}");
}

#[test]
fn every_defect_says_what_is_wrong_and_which_section_asks() {
    let euicc = EuiccDefect::ALL.map(|defect| (defect.what(), defect.section()));
    let server = ServerDefect::ALL.map(|defect| (defect.what(), defect.section()));
    let tls = TlsDefect::ALL.map(|defect| (defect.what(), defect.section()));
    let client = ClientDefect::ALL.map(|defect| (defect.what(), defect.section()));
    for (what, section) in euicc.into_iter().chain(server).chain(tls).chain(client) {
        assert!(what.ends_with('.') && !what.contains(". "), "one sentence: {what}");
        let (document, section) = section.split_once(" §").unwrap();
        assert!(document == "SGP.22" || document.starts_with("RFC "), "{document}");
        assert!(section.split('.').all(|number| number.parse::<u8>().is_ok()), "{section}");
    }
}

#[test]
fn what_an_euicc_is_refused_with_is_a_pair_of_codes() {
    for defect in EuiccDefect::ALL {
        let [first, ..] = defect.refused_as() else { panic!("{defect}") };
        let (subject, reason) = first.codes();
        assert_eq!(first.to_string(), format!("{subject}/{reason}"));
    }
}
