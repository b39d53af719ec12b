//! Server, card and LPA as processes of their own, over TLS.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use crate::common::{Bench, Server, order, reference};
use euicc_sim::state::sealed;
use euicc_sim::{Environment, InMemory};
use lpa::download::{ConfirmationCode, Decision, Device, Offer, Progress, Request, Step, User};
use lpa::{CardError, IsdR, Options};
use protocol::activation_code::ActivationCode;
use protocol::clock::{Clock, Timestamp};
use protocol::trace::{Actor, Tracer};
use wire::es9plus::Client;
use wire::transport::Route;

#[test]
fn a_profile_is_downloaded_enabled_renamed_disabled_and_deleted() {
    let bench = Bench::new();
    bench.write("orders.toml", order("FIRST-1", ""));
    let server = bench.serve(&[]);
    bench.rsp_ok(&["card", "new", "--certs", "pki", "--out", "card"]);
    let code = format!("LPA:1$localhost:{}$FIRST-1", server.port());
    let lpa =
        |arguments: &[&str]| bench.rsp_ok(&[&["lpa", "--card", "card", "--ci", "pki"], arguments].concat());
    let printed = lpa(&["download", "--ac", &code, "--yes"]);
    assert!(
        printed.contains("8988211000000000017 is installed") && printed.contains("acknowledged"),
        "{printed}"
    );
    assert!(bench.orders().contains("Installed"));

    lpa(&["enable", "8988211000000000017"]);
    assert!(lpa(&["list"]).contains("enabled"));
    lpa(&["nickname", "8988211000000000017", "holiday"]);
    assert!(lpa(&["list"]).contains("holiday"));
    let refused = bench.rsp_fails(&["lpa", "--card", "card", "delete", "8988211000000000017"]);
    assert!(refused.contains("profileNotInDisabledState"), "{refused}");
    lpa(&["disable", "8988211000000000017"]);
    lpa(&["delete", "8988211000000000017"]);
    assert_eq!(lpa(&["list"]), "");
    assert!(lpa(&["info"]).contains("89049032123451234512345678901235"));
}

#[test]
fn the_asn1_binding_and_a_card_behind_the_stdio_protocol_do_the_same() {
    let bench = Bench::new();
    bench.write("orders.toml", order("FIRST-1", ""));
    let server = bench.serve(&[]);
    bench.rsp_ok(&["card", "new", "--certs", "pki", "--out", "card", "--curve", "brainpool"]);
    let code = format!("LPA:1$localhost:{}$FIRST-1", server.port());
    let program = format!("{} card --stdio --state card", crate::common::RSP);
    let printed = bench.rsp_ok(&[
        "lpa",
        "--card-program",
        &program,
        "--ci",
        "pki",
        "--binding",
        "asn1",
        "download",
        "--ac",
        &code,
        "--yes",
    ]);
    assert!(printed.contains("acknowledged"), "{printed}");
    assert!(bench.rsp_ok(&["lpa", "--card", "card", "list"]).contains("8988211000000000017"));
}

#[test]
fn a_confirmation_code_is_asked_for_and_counted() {
    let bench = Bench::new();
    bench.write("orders.toml", order("CODE-1", "confirmation_code = \"4321\""));
    let server = bench.serve(&[]);
    bench.rsp_ok(&["card", "new", "--certs", "pki", "--out", "card"]);
    let code = format!("LPA:1$localhost:{}$CODE-1$$1", server.port());
    let download = |confirmation_code: &'static str| {
        let fixed = ["lpa", "--card", "card", "--ci", "pki", "download", "--yes", "--ac", &code];
        bench.rsp(&[&fixed[..], &["--confirmation-code", confirmation_code]].concat())
    };
    let refused = download("1234");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("8.2.7"), "{refused:?}");
    assert!(download("4321").status.success());
}

#[test]
fn a_published_profile_package_is_served_and_installed() {
    let Some(packages) = reference("ts48") else { return };
    for (name, curve) in [("ts48-v7-saip2.3-nobertlv", "nist"), ("ts48-v7-saip2.3-bertlv-suci", "brainpool")]
    {
        let bench = Bench::new();
        bench.write("package.der", std::fs::read(packages.join(format!("{name}.der"))).unwrap());
        bench.write(
            "orders.toml",
            "[[order]]\niccid = \"89000123456789012341\"\nmatching_id = \"TS48\"\npackage = \"package.der\"\n\
             protection = \"profile-protection-keys\"\n",
        );
        let server = bench.serve(&[]);
        bench.rsp_ok(&["card", "new", "--certs", "pki", "--out", "card", "--curve", curve]);
        let code = format!("LPA:1$localhost:{}$TS48", server.port());
        bench.rsp_ok(&["lpa", "--card", "card", "--ci", "pki", "download", "--ac", &code, "--yes"]);
        bench.rsp_ok(&["lpa", "--card", "card", "enable", "89000123456789012341"]);
    }
}

#[test]
fn the_published_certificates_of_sgp26_serve_unchanged_but_for_the_tls_host() {
    let Some(published) = reference("sgp26") else { return };
    let bench = Bench::new();
    let published = published.to_str().unwrap();
    std::fs::remove_dir_all(bench.path("pki")).unwrap();
    bench.rsp_ok(&["certs", "tls", "--from", published, "--out", "pki"]);
    bench.write("orders.toml", order("FIRST-1", ""));
    let server = bench.serve(&[]);
    bench.rsp_ok(&["card", "new", "--certs", published, "--out", "card"]);
    let code = format!("LPA:1$localhost:{}$FIRST-1", server.port());
    bench.rsp_ok(&["lpa", "--card", "card", "--ci", published, "download", "--ac", &code, "--yes"]);
}

/// The clock of the machine: the certificates are made with it.
struct Now;

impl Clock for Now {
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        Timestamp::from_unix_seconds(i64::try_from(since.as_secs()).unwrap())
    }
}

struct Simulated(euicc_sim::Card);

impl lpa::Card for Simulated {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, CardError> {
        Ok(self.0.transmit(command))
    }

    fn reset(&mut self) -> Result<Vec<u8>, CardError> {
        Ok(self.0.reset().to_vec())
    }
}

/// Kills the server when a step begins.
struct Saboteur<'a> {
    server: Option<&'a mut Server>,
    at: Step,
}

impl User for Saboteur<'_> {
    fn confirm(&mut self, _: &Offer<'_>) -> Decision {
        Decision::Accept
    }

    fn confirmation_code(&mut self, _: &Offer<'_>) -> Option<ConfirmationCode> {
        None
    }

    fn progress(&mut self, progress: Progress) {
        if progress == Progress::Step(self.at)
            && let Some(server) = self.server.take()
        {
            server.kill();
        }
    }
}

/// A card, and a way to a server that changes its port with each life.
struct Lab {
    isd_r: IsdR<Simulated>,
    tls: Arc<rustls::ClientConfig>,
}

impl Lab {
    fn new(bench: &Bench) -> Self {
        bench.rsp_ok(&["card", "new", "--certs", "pki", "--out", "card"]);
        let state = sealed::read(&std::fs::read(bench.path("card")).unwrap()).unwrap();
        let environment = Environment {
            rng: Box::new(<rand_chacha::ChaCha20Rng as rand_core::SeedableRng>::seed_from_u64(1)),
            clock: Arc::new(Now),
            tracer: Tracer::off(Actor::Euicc),
            memory: Box::new(InMemory::default()),
        };
        let card = Simulated(euicc_sim::Card::power_on(state, environment).unwrap());
        let isd_r = IsdR::open(card, Options::default(), Tracer::off(Actor::Lpa)).unwrap();
        let ci = std::fs::read(bench.path("pki/CertificateIssuer/CERT_CI_ECDSA_NIST.der")).unwrap();
        Self { isd_r, tls: wire::tls::client_config([ci], Arc::new(Now)).unwrap() }
    }

    fn client(&self, server: &Server) -> Client {
        let route = Route { host: "localhost".to_owned(), to: server.address.parse().unwrap() };
        Client::new("localhost".parse().unwrap(), self.tls.clone(), Tracer::off(Actor::Lpa)).with_route(route)
    }

    async fn download(&mut self, server: &mut Server, code: &ActivationCode, kill_at: Option<Step>) -> bool {
        let client = self.client(server);
        let device =
            Device { tac: "35290611".parse().unwrap(), imei: None, capabilities: Default::default() };
        let request = Request::from_activation_code(code.clone(), device);
        let mut user =
            Saboteur { server: kill_at.map(|_| server), at: kill_at.unwrap_or(Step::OpenEuiccSession) };
        lpa::download(&mut self.isd_r, &client, &request, &mut user).await.is_ok()
    }
}

#[tokio::test]
async fn after_a_kill_between_any_two_steps_a_new_attempt_succeeds() {
    let steps = [
        Step::OpenEuiccSession,
        Step::InitiateAuthentication,
        Step::AuthenticateServer,
        Step::AuthenticateClient,
        Step::Confirm,
        Step::PrepareDownload,
        Step::GetBoundProfilePackage,
    ];
    let code: ActivationCode = "LPA:1$localhost$FIRST-1".parse().unwrap();
    for step in steps {
        let bench = Bench::new();
        bench.write("orders.toml", order("FIRST-1", ""));
        let mut lab = Lab::new(&bench);
        let mut server = bench.serve(&[]);
        assert!(
            !lab.download(&mut server, &code, Some(step)).await,
            "{step}: the server was there to the end"
        );
        let mut server = bench.serve(&[]);
        assert!(lab.download(&mut server, &code, None).await, "{step}: the second attempt failed");
    }

    // Killed while the eUICC installs: the profile is there, and its result waits until a server is back.
    let bench = Bench::new();
    bench.write("orders.toml", order("FIRST-1", ""));
    let mut lab = Lab::new(&bench);
    let mut server = bench.serve(&[]);
    assert!(lab.download(&mut server, &code, Some(Step::LoadBoundProfilePackage)).await);
    let gone = lab.client(&server);
    let report =
        lpa::notifications::process(&mut lab.isd_r, |_| Ok::<_, wire::es9plus::ClientError>(gone.clone()));
    assert_eq!(report.await.unwrap().undelivered.len(), 1);
    let server = bench.serve(&[]);
    let back = lab.client(&server);
    let report =
        lpa::notifications::process(&mut lab.isd_r, |_| Ok::<_, wire::es9plus::ClientError>(back.clone()));
    assert_eq!(report.await.unwrap().delivered.len(), 1);
    assert!(bench.orders().contains("Installed"));
}

#[test]
fn a_mistake_in_a_seed_file_names_line_and_field_and_nothing_is_taken() {
    let bench = Bench::new();
    let good = order("FIRST-1", "");
    let cases = [
        (good.replace("FIRST-1", "FIRST_1"), 3, "matching_id"),
        (good.replace("8988211000000000017", "898821"), 2, "iccid"),
        (good.replace("matching_id", "matchingid"), 3, "matchingid"),
        (good.replace("000102030405060708090A0B0C0D0E0F", "0001"), 7, "ki"),
        (good.replace("imsi = \"001010000000017\"", "imsi = \"00101\""), 6, "imsi"),
        (good.replace("matching_id = \"FIRST-1\"", "eid = \"89049032123451234512345678901236\""), 3, "eid"),
        (order("FIRST-1", "package = \"absent.der\""), 4, "package"),
        (format!("{good}\n[[order]]\n"), 10, "iccid"),
        (good.replace("[[order]]", "[[order]"), 1, "order"),
        (order("FIRST-1", "protection = \"none\""), 4, "order.protection"),
        (order("FIRST-1", "expires = \"soon\""), 4, "order.expires"),
        (order("FIRST-1", "confirmation_code = 987123"), 4, "order.confirmation_code"),
        (good.replace("\"000102030405060708090A0B0C0D0E0F\"", "987123"), 7, "order.ki"),
        (format!("{good}\n{good}"), 11, "order.iccid"),
        (format!("{good}\n{}", good.replace("0017\"", "0025\"")), 12, "order.matching_id"),
    ];
    for (text, line, field) in cases {
        bench.write("orders.toml", &text);
        let told = bench.rsp_fails(&[
            "smdp",
            "serve",
            "--certs",
            "pki",
            "--seed",
            "orders.toml",
            "--store",
            "store",
        ]);
        assert!(told.contains(&format!("orders.toml:{line}:")) && told.contains(field), "{field}: {told}");
        assert!(!told.contains("000102030405") && !told.contains("987123"), "a secret is repeated: {told}");
        assert_eq!(bench.orders(), "", "{field}");
    }
}

#[test]
fn nothing_is_written_over() {
    let bench = Bench::new();
    assert!(bench.rsp_fails(&["certs", "make", "--out", "pki"]).contains("not empty"));
    bench.rsp_ok(&["card", "new", "--certs", "pki", "--out", "card"]);
    assert!(bench.rsp_fails(&["card", "new", "--certs", "pki", "--out", "card"]).contains("exists"));
    assert!(Path::new(&bench.path("card")).exists());
}

#[test]
fn the_example_of_the_readme_runs_as_it_is_written() {
    let bench = Bench::new();
    bench.write("orders.toml", include_str!("../../../examples/orders.toml"));
    let server = bench.serve(&["--address", "localhost:8443"]);
    let route = format!("localhost={}", server.address);
    bench.rsp_ok(&["card", "new", "--certs", "pki", "--out", "card", "--default-smdp", "localhost:8443"]);
    let lpa = |arguments: &[&str]| {
        bench.rsp_ok(&[&["lpa", "--card", "card", "--ci", "pki", "--route", &route], arguments].concat())
    };
    lpa(&["download", "--yes", "--ac", "LPA:1$localhost:8443$FIRST-1"]);
    lpa(&["download", "--yes", "--ac", "LPA:1$localhost:8443$CODE-1$$1", "--confirmation-code", "4321"]);
    // Without an activation code: the default SM-DP+ finds the order by the EID.
    lpa(&["download", "--yes"]);
    lpa(&["enable", "8988211000000000017"]);
    assert!(lpa(&["notifications", "--send"]).contains("notificationEnable"));
    assert_eq!(bench.orders().matches("Installed").count(), 3);
}

#[test]
fn a_card_that_is_made_anew_installs_and_reports_again() {
    let bench = Bench::new();
    let second = order("SECOND-1", "").replace("0017\"", "0025\"");
    bench.write("orders.toml", format!("{}\n{second}", order("FIRST-1", "")));
    let server = bench.serve(&[]);
    for (card, matching_id) in [("first", "FIRST-1"), ("second", "SECOND-1")] {
        bench.rsp_ok(&["card", "new", "--certs", "pki", "--out", card]);
        let code = format!("LPA:1$localhost:{}${matching_id}", server.port());
        bench.rsp_ok(&["lpa", "--card", card, "--ci", "pki", "download", "--yes", "--ac", &code]);
    }
    assert_eq!(bench.orders().matches("Installed").count(), 2, "{}", bench.orders());
}

#[test]
fn a_card_belongs_to_one_process_at_a_time() {
    let bench = Bench::new();
    bench.rsp_ok(&["card", "new", "--certs", "pki", "--out", "card"]);
    let mut command = bench.command(&["card", "--stdio", "--state", "card"]);
    let mut holder = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    // A reply shows that the card is powered up.
    writeln!(
        holder.stdin.as_ref().unwrap(),
        r#"{{"type":"apdu","payload":{{"func":"connect","param":null}}}}"#
    )
    .unwrap();
    BufReader::new(holder.stdout.as_mut().unwrap()).read_line(&mut String::new()).unwrap();
    assert!(bench.rsp_fails(&["lpa", "--card", "card", "info"]).contains("in use"));
    drop(holder.stdin.take());
    holder.wait().unwrap();
    bench.rsp_ok(&["lpa", "--card", "card", "info"]);
}

#[cfg(unix)]
#[test]
fn what_holds_keys_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new();
    bench.write("orders.toml", order("FIRST-1", ""));
    drop(bench.serve(&[]));
    bench.rsp_ok(&["card", "new", "--certs", "pki", "--out", "card"]);
    bench.rsp_ok(&["demo", "--trace", "trace"]);
    for file in ["store", "card", "trace", "pki/CertificateIssuer/SK_CI_ECDSA_NIST.pem"] {
        let mode = std::fs::metadata(bench.path(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{file}: {mode:o}");
    }
}

#[test]
fn arguments_that_cannot_be_read_end_with_2_and_every_command_takes_a_trace() {
    let bench = Bench::new();
    for arguments in
        [&["nonsense"][..], &["lpa", "list", "--block-size", "0"], &["smdp", "serve", "--listen", "nowhere"]]
    {
        assert_eq!(bench.rsp(arguments).status.code(), Some(2), "{arguments:?}");
    }
    bench.rsp_ok(&["code", "LPA:1$localhost$T", "--trace", "trace"]);
    assert!(bench.path("trace").exists());
}
