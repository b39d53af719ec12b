//! Two operators, an SM-DP+ with profiles of both, a card, and who takes reports.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use serde_json::Value;

use crate::common::Bench;

/// The EID of every card.
pub const EID: &str = "89049032123451234512345678901235";
/// What alpha has: the profiles of `examples/subscribers.csv`, of the type `travel`.
pub const ALPHA: [&str; 3] = ["8988211000000000102", "8988211000000000110", "8988211000000000128"];
/// What beta has, of the type `meter`.
pub const BETA: &str = "8988211000000000219";

/// So long is waited for what has to come, before a test that would hang fails instead.
const PATIENCE: Duration = Duration::from_secs(120);
const SQLITE: &str = "at = \"store\"";
const BETA_CSV: &str = "iccid,imsi,ki,opc\n\
    8988211000000000219,001010000000201,000102030405060708090A0B0C0D0E0F,101112131415161718191A1B1C1D1E1F\n";
/// Beta's reports are numbered by agreement, and tell of what is done with the profile later.
const BETA_METADATA: &str = "notifications = [{ event = \"enable\", address = \"localhost\" }]\n";

/// Certificates, configuration and profiles; alpha is known by its very certificate, beta by its OID under the CI.
pub struct Lab {
    pub bench: Bench,
    /// Where alpha takes reports, over TLS, and beta, without.
    pub ports: [u16; 2],
}

impl Lab {
    /// With a store in SQLite.
    pub fn new() -> Self {
        Self::with_store(SQLITE)
    }

    /// With a store as the configuration names it.
    pub fn with_store(store: &str) -> Self {
        let bench = Bench::new();
        bench.rsp_ok(&["certs", "operator", "--name", "alpha", "--out", "operators"]);
        let beta = ["certs", "operator", "--name", "beta", "--out", "operators", "--oid", "2.999.21"];
        bench.rsp_ok(&[&beta[..], &["--issue-from", "pki"]].concat());
        let ports = [free_port(), free_port()];
        bench.write("smdp.toml", configuration(store, ports));
        bench.write("store.key", "5b".repeat(32));
        bench.write("alpha.csv", include_str!("../../../examples/subscribers.csv"));
        bench.write("beta.csv", BETA_CSV);
        bench.write("beta.toml", BETA_METADATA);
        let lab = Self { bench, ports };
        lab.import(&["--csv", "alpha.csv", "--operator", "alpha", "--profile-type", "travel"]);
        lab.import(&[
            "--csv",
            "beta.csv",
            "--operator",
            "beta",
            "--profile-type",
            "meter",
            "--metadata",
            "beta.toml",
        ]);
        lab
    }

    fn import(&self, arguments: &[&str]) {
        self.bench.rsp_ok(&[&["smdp", "import", "--config", "smdp.toml"], arguments].concat());
    }

    /// Starts the SM-DP+.
    pub fn serve(&self) -> Smdp<'_> {
        let mut command = self.bench.command(&["smdp", "serve", "--config", "smdp.toml"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let printed = lines(child.stdout.take().unwrap());
        let told = lines(child.stderr.take().unwrap());
        let port_after = |beginning: &str| match printed.recv_timeout(PATIENCE) {
            Ok(line) if line.starts_with(beginning) => line.rsplit(':').next().unwrap().to_owned(),
            other => panic!("{other:?} {:?}", told.try_iter().collect::<Vec<_>>()),
        };
        let (es9plus, es2plus) = (port_after("SM-DP+ "), port_after("ES2+ on "));
        Smdp { lab: self, child, es9plus, es2plus, told }
    }

    pub fn lpa(&self, arguments: &[&str]) -> Output {
        self.bench.rsp(&[&["lpa", "--card", "card", "--ci", "pki"], arguments].concat())
    }

    /// Does something on the card that has to succeed.
    pub fn lpa_ok(&self, arguments: &[&str]) {
        let output = self.lpa(arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Tries a download that the SM-DP+ refuses, and gives what the LPA tells.
    pub fn lpa_refused(&self, arguments: &[&str]) -> String {
        let output = self.lpa(arguments);
        assert_eq!(output.status.code(), Some(1), "lpa {arguments:?} was not refused");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    /// The state of a profile that has been ordered.
    pub fn state(&self, iccid: &str) -> Option<String> {
        let orders = self.bench.rsp_ok(&["smdp", "orders", "--config", "smdp.toml"]);
        let found =
            orders.lines().filter_map(|line| line.strip_prefix(&format!("ICCID {iccid}: "))).next_back()?;
        Some(found.split(',').next().unwrap().to_owned())
    }

    /// Takes reports for alpha, over TLS with certificates on both sides, until there were so many.
    pub fn listen_for_alpha(&self, count: usize) -> Listener {
        let smdp = "pki/DPtls/CERT_S_SM_DP_VARO_TLS_NIST.der";
        let tls =
            ["--cert", "operators/alpha.pem", "--key", "operators/alpha.key", "--smdp-certificate", smdp];
        self.listen(self.ports[0], count, &tls)
    }

    /// Takes reports for beta, over plain HTTP.
    pub fn listen_for_beta(&self, count: usize) -> Listener {
        self.listen(self.ports[1], count, &[])
    }

    fn listen(&self, port: u16, count: usize, more: &[&str]) -> Listener {
        let (address, count) = (format!("127.0.0.1:{port}"), count.to_string());
        let arguments = ["es2", "listen", "--listen", &address, "--count", &count, "--json"];
        let mut command = self.bench.command(&[&arguments, more].concat());
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut listener = Listener { printed: lines(child.stdout.take().unwrap()), child };
        assert_eq!(listener.next()["listening"], address.as_str());
        listener
    }
}

fn configuration(store: &str, [alpha, beta]: [u16; 2]) -> String {
    format!(
        r#"
        [server]
        certs = "pki"
        listen = "127.0.0.1:0"

        [store]
        {store}
        key_file = "store.key"

        [limits]
        confirmation_code_attempts = 1

        [es2plus]
        listen = "127.0.0.1:0"

        [reports]
        first_pause_seconds = 1
        longest_pause_seconds = 1

        [[operator]]
        name = "alpha"
        certificate = "operators/alpha.pem"
        report_to = "https://localhost:{alpha}"
        report_certificate = "operators/alpha.pem"

        [[operator]]
        name = "beta"
        oid = "2.999.21"
        authority = "pki/CertificateIssuer/CERT_CI_ECDSA_NIST.der"
        report_to = "http://localhost:{beta}"
        points = {{ eligibility_passed = 101, download = 0, installation = 104, enabled = 105 }}
        "#
    )
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The lines that a process writes, read as they come, so that it never waits for its reader.
fn lines(from: impl Read + Send + 'static) -> Receiver<String> {
    let (to, lines) = mpsc::channel();
    std::thread::spawn(move || {
        BufReader::new(from).lines().map_while(Result::ok).for_each(|line| drop(to.send(line)))
    });
    lines
}

/// A running SM-DP+.
pub struct Smdp<'a> {
    pub lab: &'a Lab,
    child: Child,
    /// The ports.
    pub es9plus: String,
    pub es2plus: String,
    /// What it logs.
    told: Receiver<String>,
}

impl Smdp<'_> {
    pub fn alpha(&self) -> Operator<'_> {
        Operator { smdp: self, certificate: "operators/alpha" }
    }

    pub fn beta(&self) -> Operator<'_> {
        Operator { smdp: self, certificate: "operators/beta" }
    }

    /// Who calls with `NAME.pem` and `NAME.key`.
    pub fn whoever_has(&self, certificate: &'static str) -> Operator<'_> {
        Operator { smdp: self, certificate }
    }

    /// Makes a card whose default SM-DP+ it is.
    pub fn card(&self, curve: &str) {
        let card = ["card", "new", "--certs", "pki", "--out", "card", "--curve", curve];
        self.lab.bench.rsp_ok(&[&card[..], &["--default-smdp", &self.address()]].concat());
    }

    /// Waits until it logs something.
    pub fn until_it_says(&self, what: &str) {
        while !self.told.recv_timeout(PATIENCE).expect(what).contains(what) {}
    }

    /// Asks it to end, and lets it finish what is in flight.
    pub fn stop(mut self) {
        let asked = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(asked.success() && self.child.wait().unwrap().success());
    }

    /// How LPAs reach it.
    pub fn address(&self) -> String {
        format!("localhost:{}", self.es9plus)
    }
}

impl Drop for Smdp<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Calls ES2+ by `rsp es2`.
#[derive(Clone, Copy)]
pub struct Operator<'a> {
    smdp: &'a Smdp<'a>,
    certificate: &'static str,
}

impl Operator<'_> {
    /// The command, with what the environment adds to it.
    pub fn call(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        let server = format!("localhost:{}", self.smdp.es2plus);
        let (certificate, key) = (format!("{}.pem", self.certificate), format!("{}.key", self.certificate));
        let connection =
            ["--server", &server, "--cert", &certificate, "--key", &key, "--ci", "pki", "--json"];
        let mut command = self.smdp.lab.bench.command(&[&["es2"], arguments, &connection].concat());
        command.envs(environment.iter().copied()).output().unwrap()
    }

    /// A call that is executed, and its answer.
    pub fn ok(&self, arguments: &[&str]) -> Value {
        self.ok_with(arguments, &[])
    }

    pub fn ok_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Value {
        let output = self.call(arguments, environment);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "es2 {arguments:?}: {told}");
        json(&String::from_utf8(output.stdout).unwrap())
    }

    /// A call that is refused, and the status code that says why.
    pub fn refused(&self, arguments: &[&str]) -> String {
        let output = self.call(arguments, &[]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "es2 {arguments:?} was not refused: {told}");
        let answer = json(&String::from_utf8(output.stdout).unwrap());
        assert_eq!(answer["status"], "Failed", "{answer}");
        let status = &answer["statusCodeData"];
        let code = format!("{}/{}", text(&status["subjectCode"]), text(&status["reasonCode"]));
        assert!(told.contains(&code), "{told}");
        code
    }

    /// Orders any profile of a type, and gives its ICCID.
    pub fn order(&self, profile_type: &str) -> String {
        text(&self.ok(&["download-order", "--profile-type", profile_type])["iccid"])
    }

    /// Orders any profile of a type, confirms and releases it, and gives ICCID and activation code.
    pub fn release(&self, profile_type: &str) -> (String, String) {
        let iccid = self.order(profile_type);
        let confirmed = self.ok(&["confirm-order", "--iccid", &iccid, "--release"]);
        (iccid, text(&confirmed["activationCode"]))
    }
}

/// Who takes reports.
pub struct Listener {
    child: Child,
    printed: Receiver<String>,
}

impl Listener {
    /// The next report.
    pub fn next(&mut self) -> Value {
        json(&self.printed.recv_timeout(PATIENCE).expect("a report"))
    }

    /// Waits for its end; it must not have taken anything more.
    pub fn end(mut self) {
        assert!(self.child.wait().unwrap().success());
        assert_eq!(self.printed.iter().collect::<Vec<_>>(), [""; 0]);
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}
