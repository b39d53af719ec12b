//! What is done, and what becomes of it on the server.

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::lab::{Lab, SMALL};

#[test]
fn a_load_downloads_every_order_once_and_reports_exactly_that() {
    let lab = Lab::new(12);
    let numbered = ["--matching-id-pattern", "LOAD-{}", "--count", "12"];
    let loaded = lab.load("download", &[&numbered[..], &["--concurrency", "3"]].concat());
    loaded.assert_all_succeeded(12);
    assert!(loaded.printed().contains("nothing left to attempt"), "{}", loaded.printed());
    assert_eq!(lab.orders_in("Installed"), 12);
    assert_eq!(
        loaded.steps(),
        ["initiateAuthentication", "authenticateClient", "getBoundProfilePackage", "handleNotification"]
    );

    // A second one finds nothing to download: every order is refused, and that is a failure.
    let again = lab.load("download", &[&numbered[..], &["--concurrency", "3"]].concat());
    assert_eq!(again.output.status.code(), Some(1));
    assert_eq!(again.outcomes().iter().map(|(_, count)| count).sum::<u64>(), 12);
    assert!(again.outcomes()[0].0.starts_with("refused 8."), "{:?}", again.outcomes());
}

#[test]
fn attempts_come_at_a_rate_each_on_a_connection_of_its_own_in_the_other_binding() {
    let lab = Lab::new(10);
    let address = lab.address();
    let codes: Vec<String> = (1..=10).map(|number| format!("LPA:1${address}$LOAD-{number}")).collect();
    lab.bench.write("codes.txt", codes.join("\n"));
    let loaded = lab.load(
        "download",
        &["--orders", "codes.txt", "--rate", "100", "--poisson", "--new-connections", "--binding", "asn1"],
    );
    loaded.assert_all_succeeded(10);
    assert_eq!(lab.orders_in("Installed"), 10);
    assert_eq!(loaded.result["plan"]["binding"], "asn1");
    assert_eq!(loaded.result["plan"]["arrival"]["rate"], 100.0);
}

#[test]
fn a_run_begins_with_the_order_that_it_is_told() {
    let lab = Lab::new(5);
    let numbered = ["--matching-id-pattern", "LOAD-{}", "--first", "3", "--count", "2"];
    let loaded = lab.load("download", &[&numbered[..], &["--concurrency", "1"]].concat());
    loaded.assert_all_succeeded(2);
    assert!(loaded.printed().contains("3 to 4"), "{}", loaded.printed());
    let orders = lab.bench.orders();
    let installed =
        |id: &str| orders.split("\n\n").any(|order| order.contains(id) && order.contains("Installed"));
    let all = ["LOAD-1", "LOAD-2", "LOAD-3", "LOAD-4", "LOAD-5"];
    assert_eq!(all.map(installed), [false, false, true, true, false], "{orders}");
}

#[test]
fn each_function_is_measured_alone() {
    let lab = Lab::new(16);
    for (what, name, first) in [
        ("authenticate-client", "authenticateClient", 1),
        ("get-bound-profile-package", "getBoundProfilePackage", 5),
        ("handle-notification", "handleNotification", 9),
        ("cancel-session", "cancelSession", 13),
    ] {
        let ids: Vec<String> = (first..first + 4).map(|number| format!("LOAD-{number}")).collect();
        lab.bench.write("ids.txt", ids.join("\n"));
        let loaded = lab.load(what, &["--orders", "ids.txt", "--concurrency", "2"]);
        loaded.assert_all_succeeded(4);
        assert_eq!(loaded.steps(), [name]);
    }
    for (state, expected) in [("Installed", 4), ("Downloaded", 4), ("Error", 4), ("Released", 1 + 4)] {
        assert_eq!(lab.orders_in(state), expected, "{state}\n{}", lab.bench.orders());
    }
    let loaded = lab.load("initiate-authentication", &["--count", "5", "--concurrency", "2"]);
    loaded.assert_all_succeeded(5);
    assert_eq!(loaded.steps(), ["initiateAuthentication"]);
}

#[test]
fn an_order_that_a_function_leaves_as_it_was_may_be_used_again() {
    let lab = Lab::new(1);
    lab.bench.write("ids.txt", "LOAD-1\n");
    let flags = ["--orders", "ids.txt", "--concurrency", "1", "--reuse-orders", "--duration", "0.5"];
    let loaded = lab.load("authenticate-client", &flags);
    // The server lets an order be tried ten times.
    assert_eq!(loaded.outcomes().iter().find(|(name, _)| name == "ok"), Some(&("ok".to_owned(), 10)));
    assert!(
        loaded.outcomes().iter().any(|(name, _)| name.starts_with("refused 8.8.5")),
        "{:?}",
        loaded.outcomes()
    );
}

#[test]
fn brainpool_euiccs_download_too() {
    let lab = Lab::new(3);
    let flags =
        ["--matching-id-pattern", "LOAD-{}", "--count", "3", "--concurrency", "1", "--curve", "brainpool"];
    lab.load("download", &flags).assert_all_succeeded(3);
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_reports_what_came_of_it() {
    let lab = Lab::new(100);
    let address = lab.address();
    let fixed = ["load", "download", &address, "--json", "result.json", "--matching-id-pattern", "LOAD-{}"];
    let slow = ["--count", "100", "--rate", "2"];
    let mut command = lab.bench.command(&[&fixed[..], &SMALL, &slow].concat());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // When the second is under way, what came of the first is known.
    while lab.orders_in("Installed") < 2 {
        std::thread::sleep(Duration::from_millis(100));
    }
    let stopped = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    let loaded = lab.loaded(child.wait_with_output().unwrap());
    assert!(loaded.printed().contains("interrupted"), "{}{}", loaded.printed(), loaded.told());
    assert!(loaded.output.status.success(), "{:?}", loaded.outcomes());
    let succeeded = loaded.result["whole"]["succeeded"].as_u64().unwrap();
    assert!((1..100).contains(&succeeded), "{succeeded}");
}
