//! Servers to be judged, and the judge.

use std::fmt::Write;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Output, Stdio};

use serde_json::Value;

use crate::common::Bench;

/// Profiles of the operator: a download uses one up.
const PROFILES: u32 = 300;
/// Orders that ES2+ cannot make; each serves one run of a case.
const SPECIAL: u32 = 8;

/// Certificates, configurations, profiles.
pub struct Lab {
    pub bench: Bench,
    /// Where the judge takes reports.
    pub reports: u16,
}

/// A server at work.
pub struct Server {
    child: Child,
    /// Where LPAs reach it.
    pub lpas: u16,
    /// Where operators reach it (SM-DP+), or SM-DP+s and other SM-DSs.
    pub peers: u16,
}

impl Lab {
    pub fn new() -> Self {
        let bench = Bench::new();
        for (name, oid) in [("alpha", "2.999.20"), ("beta", "2.999.21")] {
            let operator = ["certs", "operator", "--name", name, "--out", "operators", "--oid", oid];
            bench.rsp_ok(&[&operator[..], &["--issue-from", "pki"]].concat());
        }
        bench.write("store.key", "5b".repeat(32));
        Self { bench, reports: free_port() }
    }

    /// An SM-DP+ with two operators, profiles of both, and orders that ES2+ cannot make.
    pub fn smdp(&self) -> Server {
        self.bench.write("smdp.toml", smdp_configuration(self.reports));
        self.bench.write("seed.toml", seed_file());
        self.bench.write("orders.toml", orders_file());
        self.bench.write("alpha.csv", subscribers(1, PROFILES));
        self.bench.write("beta.csv", subscribers(PROFILES + 1, 3));
        for (operator, profile_type) in [("alpha", "travel"), ("beta", "meter")] {
            let import = ["smdp", "import", "--config", "smdp.toml", "--csv", &format!("{operator}.csv")];
            let whose = ["--operator", operator, "--profile-type", profile_type];
            self.bench.rsp_ok(&[&import[..], &whose].concat());
        }
        self.serve(&["smdp", "serve", "--config", "smdp.toml"])
    }

    /// A Root SM-DS, or an Alternative one below it.
    pub fn smds(&self, name: &str, root: Option<&Server>) -> Server {
        let root = root.map(|root| format!("[root]\naddress = \"localhost:{}\"\n", root.peers));
        let configuration = smds_configuration(name) + &root.unwrap_or_default();
        self.bench.write(&format!("{name}.toml"), configuration);
        self.serve(&["smds", "serve", "--config", &format!("{name}.toml")])
    }

    fn serve(&self, arguments: &[&str]) -> Server {
        let mut command = self.bench.command(arguments);
        // Every refusal that is asked for is a warning.
        let mut child = command.env("RSP_LOG", "error").stdout(Stdio::piped()).spawn().unwrap();
        let mut printed = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut server = Server { child, lpas: 0, peers: 0 };
        while [server.lpas, server.peers].contains(&0) {
            let line = printed.next().unwrap_or_else(|| panic!("{arguments:?} does not serve"));
            let Some((_, port)) = line.rsplit_once(':') else { continue };
            let Ok(port) = port.parse() else { continue };
            match line.split(' ').next() {
                Some("ES2+" | "ES12") => server.peers = port,
                _ => server.lpas = port,
            }
        }
        // Keeps the pipe empty, so that the server never waits for its reader.
        std::thread::spawn(move || printed.for_each(drop));
        server
    }

    /// Runs the judge on a server, and reads its report.
    pub fn judge(&self, server: &Server, more: &[&str]) -> Judged {
        let url = format!("https://localhost:{}", server.lpas);
        let fixed = ["conform", "server", &url, "--certs", "pki", "--report", "report.json", "--verbose"];
        let output = self.bench.rsp(&[&fixed[..], more].concat());
        let text = std::fs::read_to_string(self.bench.path("report.json"));
        let report = text.ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Judged { output, report }
    }
}

/// What the judge found.
pub struct Judged {
    pub output: Output,
    pub report: Value,
}

impl Judged {
    /// The names of the runs that ended so, with what was wrong.
    pub fn with_outcome(&self, outcomes: &[&str]) -> Vec<String> {
        let results = self.report["results"].as_array().cloned().unwrap_or_default();
        let those = results.iter().filter(|run| outcomes.contains(&run["outcome"].as_str().unwrap()));
        those
            .map(|run| {
                let text = |name: &str| run[name].as_str().unwrap_or_default().to_owned();
                format!("{} {}: {} {}", text("id"), text("variant"), text("reason"), text("actual"))
            })
            .collect()
    }

    /// Panics with all that is wrong, if anything is.
    pub fn assert_nothing_failed(&self) {
        let wrong = self.with_outcome(&["failed", "blocked", "known_failure"]);
        let printed = String::from_utf8_lossy(&self.output.stdout);
        let told = String::from_utf8_lossy(&self.output.stderr);
        assert!(wrong.is_empty() && self.output.status.success(), "{wrong:#?}\n{told}\n{printed}");
    }

    pub fn runs(&self) -> usize {
        self.report["results"].as_array().map_or(0, Vec::len)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn smdp_configuration(reports: u16) -> String {
    format!(
        r#"
        [server]
        certs = "pki"
        listen = "127.0.0.1:0"
        seed = "seed.toml"

        [store]
        at = "smdp.sqlite"
        key_file = "store.key"

        [es2plus]
        listen = "127.0.0.1:0"

        [reports]
        first_pause_seconds = 1
        longest_pause_seconds = 1

        [[operator]]
        name = "alpha"
        oid = "2.999.20"
        authority = "pki/CertificateIssuer/CERT_CI_ECDSA_NIST.der"
        report_to = "https://localhost:{reports}"
        report_certificate = "operators/alpha.pem"

        [[operator]]
        name = "beta"
        oid = "2.999.21"
        authority = "pki/CertificateIssuer/CERT_CI_ECDSA_NIST.der"
        "#
    )
}

fn smds_configuration(name: &str) -> String {
    format!(
        r#"
        [server]
        certs = "pki"
        listen = "127.0.0.1:0"

        [es12]
        listen = "127.0.0.1:0"

        [store]
        at = "{name}.sqlite"

        "#
    )
}

fn subscribers(first: u32, count: u32) -> String {
    let mut csv = "iccid,imsi,ki,opc\n".to_owned();
    for number in first..first + count {
        let iccid = iccid(number);
        writeln!(
            csv,
            "{iccid},00101{number:010},000102030405060708090A0B0C0D0E0F,101112131415161718191A1B1C1D1E1F"
        )
        .unwrap();
    }
    csv
}

/// 19 digits; the last one is not looked at.
fn iccid(number: u32) -> String {
    format!("8988211{number:012}")
}

/// Orders that have expired, and orders of profiles with PPR1.
fn seed_file() -> String {
    let mut toml = String::new();
    for number in 0..SPECIAL {
        for (kind, at, more, metadata) in [
            ("EXPIRED", 900_000, "expires = 2020-01-31T12:00:00Z\n", ""),
            (
                "PPR1",
                910_000,
                "",
                "[order.metadata]\npolicy_rules = [\"PPR1\"]\nprofile_owner = { mcc_mnc = \"00101\" }\n",
            ),
        ] {
            let iccid = iccid(at + number);
            write!(
                toml,
                "[[order]]\niccid = \"{iccid}\"\nmatching_id = \"{kind}-{number}\"\n{more}[order.subscriber]\n\
                 imsi = \"001010000000017\"\nki = \"000102030405060708090A0B0C0D0E0F\"\n\
                 opc = \"101112131415161718191A1B1C1D1E1F\"\n{metadata}"
            )
            .unwrap();
        }
    }
    toml
}

/// The same orders as the judge is told of them.
fn orders_file() -> String {
    let mut toml = String::new();
    for number in 0..SPECIAL {
        for (kind, name) in [("expired", "EXPIRED"), ("ppr1", "PPR1")] {
            write!(toml, "[[order]]\nmatching-id = \"{name}-{number}\"\nis = \"{kind}\"\nuses = 1\n")
                .unwrap();
        }
    }
    toml
}
