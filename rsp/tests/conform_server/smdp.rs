//! An SM-DP+ under the judge.

use crate::lab::{Lab, Server};

/// What an operator is told on the command line.
fn as_operator(server: &Server) -> Vec<String> {
    let es2 = format!("localhost:{}", server.peers);
    let flags = [
        ["--es2", es2.as_str()],
        ["--operator-cert", "operators/alpha.pem"],
        ["--operator-key", "operators/alpha.key"],
        ["--profile-type", "travel"],
        ["--other-operator-cert", "operators/beta.pem"],
        ["--other-operator-key", "operators/beta.key"],
        ["--orders", "orders.toml"],
    ];
    flags.as_flattened().iter().map(|flag| (*flag).to_owned()).collect()
}

#[test]
fn an_smdp_passes_every_case_on_both_curves_and_in_both_bindings() {
    let lab = Lab::new();
    let smdp = lab.smdp();
    let mut flags = as_operator(&smdp);
    flags.extend(["--es2-listen".to_owned(), format!("127.0.0.1:{}", lab.reports)]);
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    let judged = lab.judge(&smdp, &[&flags[..], &["--seed", "1"]].concat());
    judged.assert_nothing_failed();
    assert_eq!(judged.with_outcome(&["skipped"]), [""; 0]);
    assert!(judged.runs() > 400, "{}", judged.runs());
}

#[test]
fn without_es2plus_everything_that_needs_an_order_is_skipped_and_nothing_fails() {
    let lab = Lab::new();
    let smdp = lab.smdp();
    let judged = lab.judge(&smdp, &["--seed", "1"]);
    judged.assert_nothing_failed();
    let skipped = judged.with_outcome(&["skipped"]);
    let needs_no_order = ["ES9+.InitiateAuthentication"];
    for run in &skipped {
        assert!(!needs_no_order.iter().any(|function| run.starts_with(function)), "{run}");
    }
    for interface in ["ES2+", "ES9+.AuthenticateClient", "ES9+.GetBoundProfilePackage"] {
        assert!(skipped.iter().any(|run| run.starts_with(interface)), "{interface}");
    }
}

#[test]
fn without_a_port_for_reports_and_a_second_operator_their_cases_alone_are_skipped() {
    let lab = Lab::new();
    let smdp = lab.smdp();
    let flags = as_operator(&smdp);
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    let without_other: Vec<&str> =
        flags.chunks(2).filter(|pair| !pair[0].contains("other")).flatten().copied().collect();
    let judged = lab.judge(&smdp, &[&without_other[..], &["--seed", "1", "--case", "ES2+"]].concat());
    judged.assert_nothing_failed();
    for run in judged.with_outcome(&["skipped"]) {
        assert!(
            run.contains("no second operator was given")
                || run.starts_with("ES2+.HandleDownloadProgressInfo"),
            "{run}"
        );
    }
}
