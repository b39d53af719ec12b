//! What `rsp conform server` is told on its command line.

use crate::common::Bench;

fn list(bench: &Bench, arguments: &[&str]) -> String {
    bench.rsp_ok(&[&["conform", "server", "--list"], arguments].concat())
}

#[test]
fn the_cases_are_listed_without_a_server() {
    let bench = Bench::new();
    let smdp = list(&bench, &[]);
    assert!(
        smdp.contains("ES9+.InitiateAuthentication.5.6.1-01") && smdp.contains("ES2+.DownloadOrder.5.3.1-01")
    );
    assert!(!smdp.contains("ES12.") && !smdp.contains("ES11."));
    let smds = list(&bench, &["--kind", "smds", "--verbose"]);
    assert!(smds.contains("ES11.AuthenticateClient.5.8.2-01") && smds.contains("ES15.DeleteEvent.5.10.2-01"));
    assert!(smds.contains("needs     ES12") && !smds.contains("ES9+."));
}

#[test]
fn what_does_not_go_together_is_a_wrong_argument() {
    let bench = Bench::new();
    let wrong: [&[&str]; 6] = [
        &[],
        &["https://localhost:1"],
        &["localhost:1", "--certs", "pki"],
        &["https://localhost:1", "--certs", "pki", "--es2", "localhost:2"],
        &["https://localhost:1", "--certs", "pki", "--other-operator-cert", "x"],
        &["https://localhost:1", "--certs", "pki", "--case", "ES12"],
    ];
    for arguments in wrong {
        let output = bench.rsp(&[&["conform", "server"], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn a_server_that_is_not_there_fails_every_case() {
    let bench = Bench::new();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("https://localhost:{nobody}");
    let case = ["--case", "ES9+.InitiateAuthentication.5.6.1-01", "--seed", "1"];
    let output = bench.rsp(&[&["conform", "server", &url, "--certs", "pki"], &case[..]].concat());
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stdout).contains("cannot connect"));
}
