//! A call that is wrong differs from a good one of the same seed in what its name says, and in nothing else. That a
//! certificate does is shown by the tests of `pki`.

mod difference;
mod expected;
mod good;

use std::collections::BTreeMap;

use conformance::server::cases;
use conformance::server::message::Form;
use conformance::server::step::Step;
use serde_json::{Map, Value};

use difference::{different, is_the_same_in_asn1};
use expected::{Difference, expected, expected_of_form};
use good::Bench;

/// Every step that some case makes, in every form.
fn steps() -> impl Iterator<Item = (Form, Step)> {
    let mut all = BTreeMap::new();
    let mut add = |step: &Step| {
        let form = if let Step::As(form, _) = step { *form } else { Form::Right };
        all.insert(step.to_string(), (form, *bare(step)));
    };
    for case in cases::all() {
        case.steps.iter().for_each(|step| each(step, &mut add));
    }
    all.into_values()
}

fn each(step: &Step, add: &mut impl FnMut(&Step)) {
    match step {
        Step::By(_, inner) | Step::Whatever(inner) => each(inner, add),
        Step::AsOftenAsItGoes(steps) => steps.iter().for_each(|step| each(step, add)),
        step => add(step),
    }
}

fn bare(step: &Step) -> &Step {
    if let Step::As(_, step) = step { bare(step) } else { step }
}

#[test]
fn a_call_that_is_wrong_differs_from_a_good_one_in_what_it_says() {
    let bench = Bench::new();
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (_, step) in steps() {
        let Some(good) = bench.good(&step) else { continue };
        let (bad, good) = (bench.parts(&step), bench.parts(&good));
        let different = different(&bad, &good);
        count += 1;
        let is_expected = match expected(&step) {
            Difference::In(names) => different == names,
            // The key of another certificate signs otherwise, or not at all.
            Difference::Within(names) => {
                different.iter().any(|name| !name.ends_with("5F37"))
                    && different.iter().all(|name| names.contains(&name.as_str()))
            }
        };
        if !is_expected {
            wrong.push(format!("{step}: {different:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 120, "{count}");
}

#[test]
fn both_bindings_say_the_same() {
    let bench = Bench::new();
    let steps = steps().filter(|(_, step)| bench.good(step).is_some());
    let messages = steps.filter_map(|(_, step)| Some((step, bench.message(&step)?)));
    let wrong = messages.filter(|(_, message)| !is_the_same_in_asn1(message));
    let wrong: Vec<String> = wrong.map(|(step, _)| step.to_string()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_form_that_is_wrong_differs_from_the_right_one_in_what_it_says() {
    let bench = Bench::new();
    let mut wrong = Vec::new();
    for (form, step) in steps().filter(|(form, _)| *form != Form::Right) {
        let Some(message) = bench.message(&step) else { continue };
        let object = |form: &Form| -> Option<Map<String, Value>> {
            serde_json::from_slice(&message.json_body(form)).ok()
        };
        let right = object(&Form::Right).unwrap();
        let different = object(&form).map(|bad| {
            let names = right.keys().chain(bad.keys().filter(|name| !right.contains_key(*name)));
            names.filter(|name| right.get(*name) != bad.get(*name)).cloned().collect::<Vec<_>>()
        });
        if different.as_deref() != expected_of_form(&form).as_deref() {
            wrong.push(format!("{step} {form}: {different:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
