//! An SM-DS under the judge.

use crate::lab::{Judged, Lab, Server};

fn judge(lab: &Lab, kind: &str, smds: &Server, more: &[&str]) -> Judged {
    let es12 = format!("localhost:{}", smds.peers);
    lab.judge(smds, &[&["--kind", kind, "--es12", &es12, "--seed", "1"], more].concat())
}

#[test]
fn a_root_smds_passes_every_case_on_both_curves_and_in_both_bindings() {
    let lab = Lab::new();
    let root = lab.smds("root", None);
    let judged = judge(&lab, "smds", &root, &[]);
    judged.assert_nothing_failed();
    assert_eq!(judged.with_outcome(&["skipped"]), [""; 0]);
    assert!(judged.runs() > 100, "{}", judged.runs());
}

#[test]
fn an_alternative_smds_passes_every_case_but_those_of_es15_with_its_root_behind_it() {
    let lab = Lab::new();
    let root = lab.smds("root", None);
    let alternative = lab.smds("alternative", Some(&root));
    let judged = judge(&lab, "smds-alternative", &alternative, &["--curve", "nist", "--binding", "json"]);
    judged.assert_nothing_failed();
    let skipped = judged.with_outcome(&["skipped"]);
    assert!(!skipped.is_empty());
    for run in skipped {
        assert!(
            run.starts_with("ES15.") && run.contains("an Alternative SM-DS does not offer ES15"),
            "{run}"
        );
    }
}

#[test]
fn without_es12_everything_that_needs_an_event_is_skipped_and_nothing_fails() {
    let lab = Lab::new();
    let root = lab.smds("root", None);
    let judged = lab.judge(&root, &["--kind", "smds", "--seed", "1"]);
    judged.assert_nothing_failed();
    for run in judged.with_outcome(&["skipped"]) {
        assert!(run.contains("no access to ES12 was given"), "{run}");
    }
}
