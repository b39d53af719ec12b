use std::collections::BTreeSet;

use super::*;

#[test]
fn no_two_subjects_have_one_name_and_none_has_a_space_in_it() {
    let mut names = BTreeSet::new();
    for subject in all() {
        assert!(names.insert(subject.name.clone()), "{} is there twice", subject.name);
        assert!(!subject.name.contains(char::is_whitespace), "{:?} is hard to filter", subject.name);
    }
}

#[test]
fn every_floor_is_a_sum_of_subjects_that_have_none() {
    let subjects = all();
    for subject in &subjects {
        for term in subject.terms() {
            let found = subjects.iter().find(|other| other.name == term);
            let found = found.unwrap_or_else(|| panic!("{} is not there, for {}", term, subject.name));
            assert!(found.floor.0.is_empty() && found.others.0.is_empty(), "{term} has terms of its own");
        }
    }
}

#[test]
fn a_sum_counts_each_subject_as_often_as_it_says() {
    let sum = Sum::times(3, "sign").and(Sum::fastest_of(["derive", "derive slowly"]));
    let figure = |name: &str| match name {
        "sign" => Some(10.0),
        "derive" => Some(4.5),
        "derive slowly" => Some(5.0),
        _ => None,
    };
    assert_eq!(sum.of(figure), Some(34.5));
    assert_eq!(sum.and(Sum::times(1, "unheard of")).of(figure), None);
    assert_eq!(Sum::fastest_of(["sign", "unheard of"]).of(figure), None);
    assert_eq!(Sum::default().of(figure), None);
}

/// Twice, since some of them must not be done again as they were.
fn work(theme: &str) {
    let subjects = all();
    let mut of_theme = subjects.iter().filter(|subject| subject.name.starts_with(theme)).peekable();
    assert!(of_theme.peek().is_some(), "nothing begins with {theme}");
    for subject in of_theme {
        let mut ready = subject.ready().unwrap();
        ready
            .spent(1)
            .and_then(|_| ready.spent(2))
            .unwrap_or_else(|error| panic!("{}: {error}", subject.name));
    }
}

macro_rules! every_subject_of_a_theme_works {
    ($($test:ident: $theme:literal,)*) => {
        $(
            #[test]
            fn $test() {
                work($theme);
            }
        )*

        #[test]
        fn every_theme_is_tried() {
            for subject in all() {
                assert!([$($theme),*].iter().any(|theme| subject.name.starts_with(theme)), "{}", subject.name);
            }
        }
    };
}

every_subject_of_a_theme_works! {
    every_primitive_works: "primitives/",
    every_structure_can_be_read_and_written: "structures/",
    every_binding_works: "bindings/",
    every_chain_is_good: "chain/",
    every_package_can_be_bound: "binding/",
    every_function_of_es9plus_works: "es9plus/",
    every_function_of_es11_works: "smds/",
    every_card_takes_its_profile: "card/",
}
