//! The session: profiles come in on four ways, are downloaded after a wrong code, installed, enabled and reported.

use std::sync::Arc;

use asn1::TransactionId;
use crypto::Curve;
use lpa::IsdR;
use lpa::download::{ConfirmationCode, Decision, Device, Offer, Request, User};
use protocol::trace::{Actor, Tracer};
use wire::es9plus::{Client, ClientError};

use crate::common::Bench;
use crate::known::{CardSecrets, Known, Secret};
use crate::lab::Now;
use crate::lab::cards::{self, Issuers, Simulated};
use crate::lab::reports::ReportPort;
use crate::lab::server::{self, Launch, Ports, Server};
use crate::operation;
use crate::search::Search;

/// What a session left behind, each with a name.
pub struct Session {
    pub told: Vec<(String, Vec<u8>)>,
    /// Everything that may be in none of it.
    pub search: Search,
    /// What stands in HTTP messages of ES9+ only (docs/trace.md).
    pub hash_ccs: Search,
    /// Kept in the bench.
    pub trace: String,
}

/// Runs a session on a server with this store; `look` sees the store while the server runs and adds what it finds.
pub fn run(
    bench: &Bench,
    known: &Known,
    store: &str,
    more: &[&str],
    look: impl FnOnce(&mut Vec<(String, Vec<u8>)>),
) -> Session {
    let (issuers, ports, reports) = (Issuers::of(bench), Ports::free(), ReportPort::open());
    let [ordered, protected, seeded, created] = &known.profiles[..] else { panic!() };
    let mut told = Vec::new();
    bench.write("key", &known.store_key);
    bench.write("token", format!("{}\n", known.token));
    operation::configure(bench, &reports.url);
    write_seed(bench, seeded);
    import(bench, store, ordered, "session-keys", &mut told);
    import(bench, store, protected, "profile-protection-keys", &mut told);

    let mut server = Server::start(bench, ports, launch(ports, store, more));
    let of = |secret: &Secret| secret.iccid[10..].to_owned();
    let answers = [
        operation::order(bench, ports, ordered, &of(ordered)),
        operation::order_by_command(bench, ports, protected, &of(protected)),
        operation::create(ports, &known.token, created, &of(created)),
    ];
    told.extend(answers.concat().into_iter().map(|answer| ("an answer".to_owned(), answer.into_bytes())));

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut transactions = Vec::new();
    let mut search = known.search(&issuers);
    let mut eids = Vec::new();
    for (curve, secrets) in [(Curve::P256, [ordered, protected]), (Curve::BrainpoolP256r1, [seeded, created])]
    {
        let (state, collected) = (issuers.card(eids.len(), curve), Arc::new(CardSecrets::default()));
        eids.push(state.eid);
        let tracer = Tracer::new(Actor::Euicc, Arc::new(Now), collected.clone()).showing_secrets();
        let tls = wire::tls::client_config([issuers.root()], Arc::new(Now)).unwrap();
        let mut device =
            Handset { isd_r: cards::power_on(state, 7, tracer), client: server::client(ports, tls) };
        for secret in secrets {
            let tid = runtime.block_on(device.use_up(secret, &of(secret)));
            transactions.push((tid, secret));
        }
        let keys = collected.all();
        for name in ["S-ENC", "S-MAC", "initialMacChainingValue"] {
            assert!(keys.iter().filter(|(of, _)| *of == name).count() >= 2, "{name} of two downloads");
        }
        for (number, (name, key)) in keys.iter().enumerate() {
            search.add(format!("{name} on {curve}, {number}"), key);
        }
    }
    let mut hash_ccs = Search::default();
    for (transaction_id, secret) in &transactions {
        hash_ccs.add(format!("hashCc of {}", secret.iccid), &secret.hash_cc(transaction_id));
    }

    wait_for_reports(&reports);
    told.push(("reports".to_owned(), format!("{:?}", reports.reports.all()).into_bytes()));
    let ids = [
        ("iccid", ordered.iccid.clone()),
        ("id", "1".to_owned()),
        ("order", "1".to_owned()),
        ("eid", eids[0].to_string()),
        ("transaction_id", transactions[0].0.to_string()),
    ];
    let all = operation::all_that_is_told(ports, &known.token, &ids);
    assert!(all.iter().any(|(path, text)| path == "/metrics" && text.contains("rsp_function_calls")));
    told.extend(all.into_iter().map(|(path, text)| (path, text.into_bytes())));
    let commands: [&[&str]; 2] = [&["orders"], &["backup", "--out=backup"]];
    for arguments in commands {
        let fixed = ["smdp", arguments[0], "--store", store, "--store-key=key"];
        let printed = bench.rsp(&[&fixed, &arguments[1..]].concat());
        assert!(printed.status.success(), "{printed:?}");
        told.push((format!("rsp smdp {}", arguments[0]), [printed.stdout, printed.stderr].concat()));
    }
    look(&mut told);
    // With it go the connections, which the server would wait for.
    drop(runtime);
    assert_eq!(server.stop(), Some(0), "{}", server.log());
    let settings: Vec<String> = launch(ports, store, &[]).arguments;
    let fixed = ["smdp", "check-config", "--certs=pki"];
    let settings: Vec<&str> = fixed.into_iter().chain(settings.iter().map(String::as_str)).collect();
    told.push(("rsp smdp check-config".to_owned(), bench.rsp_ok(&settings).into_bytes()));
    for file in ["stdout", "stderr", "backup"] {
        told.push((file.to_owned(), std::fs::read(bench.path(file)).unwrap()));
    }
    let trace = std::fs::read_to_string(bench.path("trace")).unwrap();
    Session { told, search, hash_ccs, trace }
}

fn launch(ports: Ports, store: &str, more: &[&str]) -> Launch {
    let mut arguments = vec![
        format!("--store={store}"),
        "--store-key=key".to_owned(),
        "--config=smdp.toml".to_owned(),
        "--seed=orders.toml".to_owned(),
        format!("--es2plus-listen={}", ports.es2plus),
        format!("--management-listen={}", ports.management),
        "--management-token-file=token".to_owned(),
    ];
    arguments.extend(more.iter().map(ToString::to_string));
    let environment = vec![("RSP_LOG".to_owned(), "trace".to_owned())];
    Launch { arguments, environment, through: Vec::new() }
}

fn write_seed(bench: &Bench, secret: &Secret) {
    bench.write(
        "orders.toml",
        format!(
            "[[order]]\niccid = \"{}\"\nmatching_id = \"{}\"\nconfirmation_code = \"{}\"\n\
             subscriber = {{ imsi = \"{}\", ki = \"{}\", opc = \"{}\" }}\n",
            secret.iccid,
            &secret.iccid[10..],
            secret.confirmation_code,
            secret.imsi,
            secret.ki(),
            secret.opc()
        ),
    );
}

/// Imports a profile out of a CSV, after two files that are wrong.
fn import(bench: &Bench, store: &str, secret: &Secret, protection: &str, told: &mut Vec<(String, Vec<u8>)>) {
    let header = "iccid,imsi,ki,opc";
    let good = format!("{},{},{},{}", secret.iccid, secret.imsi, secret.ki(), secret.opc());
    let swapped = format!("{},{},{},{}", secret.iccid, secret.ki(), secret.imsi, secret.opc());
    for (rows, is_good) in [(format!("{good},{}", secret.ki()), false), (swapped, false), (good, true)] {
        bench.write("profiles.csv", format!("{header}\n{rows}\n"));
        bench.write("metadata.toml", "notifications = [{ event = \"enable\", address = \"localhost\" }]\n");
        let mut command = bench.command(&[
            "smdp",
            "import",
            "--store",
            store,
            "--store-key=key",
            "--csv=profiles.csv",
            "--metadata=metadata.toml",
            &format!("--operator={}", operation::OPERATOR),
            &format!("--protection={protection}"),
        ]);
        let output = command.env("RSP_LOG", "trace").output().unwrap();
        assert_eq!(output.status.success(), is_good, "{output:?}");
        told.push(("rsp smdp import".to_owned(), [output.stdout, output.stderr].concat()));
    }
}

fn wait_for_reports(reports: &ReportPort) {
    let began = std::time::Instant::now();
    // Three profiles of the operator were installed, and two of them tell that they are enabled.
    let points = || reports.reports.all().into_iter().map(|(call, info)| (call, info.notification_point_id));
    let count = |wanted| points().filter(|(_, point)| *point == wanted).count();
    while count(4) < 3 || count(102) < 2 {
        assert!(began.elapsed().as_secs() < 60, "{:?}", points().collect::<Vec<_>>());
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// A card in a device.
struct Handset {
    isd_r: IsdR<Simulated>,
    client: Client,
}

impl Handset {
    /// A wrong code, the right one, installation, and what is to be told of it.
    async fn use_up(&mut self, secret: &Secret, matching_id: &str) -> TransactionId {
        let device =
            Device { tac: "35290611".parse().unwrap(), imei: None, capabilities: Default::default() };
        let mut request = Request::from_default_smdp(self.client.address().clone(), device);
        request.matching_id = matching_id.to_owned();
        let wrong = &mut Knowing("not-the-confirmation-code".to_owned());
        let refused = lpa::download(&mut self.isd_r, &self.client, &request, wrong).await.unwrap_err();
        assert!(refused.to_string().contains("8.2.7 3.8"), "{refused}");
        let right = &mut Knowing(secret.confirmation_code.clone());
        let downloaded = lpa::download(&mut self.isd_r, &self.client, &request, right).await.unwrap();
        let id = downloaded.iccid.into();
        lpa::profiles::enable(&mut self.isd_r, &id, false).unwrap();
        lpa::profiles::disable(&mut self.isd_r, &id, false).unwrap();
        let connect = |_: &str| Ok::<_, ClientError>(self.client.clone());
        let report = lpa::notifications::process(&mut self.isd_r, connect).await.unwrap();
        assert!(report.undelivered.is_empty());
        downloaded.transaction_id
    }
}

/// A user who has this code.
struct Knowing(String);

impl User for Knowing {
    fn confirm(&mut self, _: &Offer<'_>) -> Decision {
        Decision::Accept
    }

    fn confirmation_code(&mut self, _: &Offer<'_>) -> Option<ConfirmationCode> {
        Some(ConfirmationCode::new(self.0.clone()))
    }
}
