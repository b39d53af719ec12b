//! What cannot be done is said before anything is.

use std::fs;

use crate::common::Bench;
use crate::lab::SMALL;

/// Nobody listens there.
const NOWHERE: &str = "localhost:9";

#[test]
fn without_the_key_of_the_eum_there_are_no_euiccs() {
    let bench = Bench::new();
    fs::remove_file(bench.path("pki/EUM/SK_EUM_ECDSA_NIST.pem")).unwrap();
    let load = ["load", "initiate-authentication", NOWHERE, "--count", "1", "--concurrency", "1"];
    let told = bench.rsp_fails(&[&load[..], &SMALL].concat());
    assert!(told.contains("EUM/SK_EUM_ECDSA_NIST.pem is missing: it holds the private key of"), "{told}");
}

#[test]
fn a_run_in_which_nothing_succeeds_fails_and_says_why() {
    let bench = Bench::new();
    let load = ["load", "initiate-authentication", NOWHERE, "--count", "2", "--concurrency", "1"];
    let output = bench.rsp(&[&load[..], &SMALL].concat());
    assert_eq!(output.status.code(), Some(1));
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.contains("not connected"), "{printed}");
}

#[test]
fn a_run_needs_an_end_a_pace_and_the_orders_of_its_function() {
    let bench = Bench::new();
    let cases: [&[&str]; 12] = [
        &["initiate-authentication", NOWHERE, "--count", "1"],
        &["initiate-authentication", NOWHERE, "--count", "1", "--rate", "1", "--concurrency", "1"],
        &["initiate-authentication", NOWHERE, "--count", "1", "--concurrency", "1", "--poisson"],
        &["initiate-authentication", NOWHERE, "--orders", "ids.txt", "--concurrency", "1"],
        &["download", NOWHERE, "--concurrency", "1"],
        &["download", NOWHERE, "--matching-id-pattern", "LOAD-{}", "--concurrency", "1"],
        &["download", NOWHERE, "--matching-id-pattern", "LOAD", "--count", "1", "--concurrency", "1"],
        &["download", NOWHERE, "--orders", "ids.txt", "--first", "2", "--concurrency", "1"],
        &["initiate-authentication", NOWHERE, "--duration", "1e19", "--concurrency", "1"],
        &["initiate-authentication", NOWHERE, "--count", "1", "--warm-up", "1e19", "--rate", "1"],
        &["initiate-authentication", NOWHERE, "--count", "1", "--concurrency", "1000001"],
        &["initiate-authentication", NOWHERE, "--count", "1", "--rate", "1", "--connections", "0"],
    ];
    for arguments in cases {
        let output = bench.rsp(&[&["load"], arguments, &SMALL[..]].concat());
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let endless = ["load", "initiate-authentication", NOWHERE, "--concurrency", "1"];
    assert!(bench.rsp_fails(&[&endless[..], &SMALL].concat()).contains("no end"));
    let short =
        ["load", "initiate-authentication", NOWHERE, "--count", "10", "--rate", "10", "--warm-up", "1"];
    assert!(bench.rsp_fails(&[&short[..], &SMALL].concat()).contains("are over when the warm-up is"));
}

#[test]
fn a_result_that_cannot_be_written_is_told_before_anything_is_measured() {
    let bench = Bench::new();
    // It would go on for a day.
    let day = ["load", "initiate-authentication", NOWHERE, "--duration", "86400", "--concurrency", "1"];
    for flag in ["--json", "--csv", "--html"] {
        let told = bench.rsp_fails(&[&day[..], &SMALL, &[flag, "nowhere/result"]].concat());
        assert!(told.contains("cannot write nowhere/result"), "{told}");
    }
    let day = ["load", "packaging", "--duration", "86400", "--json", "nowhere/result"];
    assert!(bench.rsp_fails(&day).contains("cannot write nowhere/result"));
    let put = ["load", "orders", "--store", "store", "--count", "1", "--size", "2000"];
    let told = bench.rsp_fails(&[&put[..], &["--out", "nowhere/ids.txt"]].concat());
    assert!(told.contains("cannot write nowhere/ids.txt"), "{told}");
    bench.rsp_ok(&put);
}

#[test]
fn orders_that_cannot_be_used_are_told_with_their_line() {
    let bench = Bench::new();
    bench.write("codes.txt", "LPA:1$localhost:9$A\nLPA:1$other.example.com$B\n");
    let load = ["load", "download", NOWHERE, "--orders", "codes.txt", "--concurrency", "1"];
    let told = bench.rsp_fails(&[&load[..], &SMALL].concat());
    assert!(told.contains("codes.txt: line 2: it is for other.example.com"), "{told}");
}

#[test]
fn orders_are_put_into_a_store_once_and_told_in_a_file() {
    let bench = Bench::new();
    let put = ["load", "orders", "--store", "store", "--count", "3", "--size", "2000", "--first", "7"];
    let printed =
        bench.rsp_ok(&[&put[..], &["--out", "ids.txt", "--protection", "profile-protection-keys"]].concat());
    assert!(printed.contains("3 orders are ready"), "{printed}");
    assert_eq!(fs::read_to_string(bench.path("ids.txt")).unwrap(), "LOAD-7\nLOAD-8\nLOAD-9\n");
    let orders = bench.orders();
    assert!(orders.contains("LOAD-7") && orders.contains("LOAD-9") && !orders.contains("LOAD-6"), "{orders}");
    let told = bench.rsp_fails(&put);
    assert!(told.contains("is in the store already"), "{told}");
}
