//! An operator that orders profiles over ES2+ until it is told that they are ordered.

use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use protocol::es2plus::{CallHeader, ConfirmOrder, DownloadOrder, MatchingIdChoice};
use protocol::trace::{Actor, Tracer};
use tokio::runtime::Runtime;
use wire::es2plus::{Client, ClientError};
use wire::tls::{PrivateKey, Trust, client_config_with_certificate};
use wire::transport::Route;

use crate::common::Bench;
use crate::euicc::is_storage_failure;
use crate::journal::{Heard, Journal};
use crate::lab::Now;
use crate::lab::cards::Issuers;
use crate::lab::server::Ports;

/// The operator's name in the configuration.
pub const NAME: &str = "first-operator";
/// The type of the profiles that are ordered over ES2+.
pub const PROFILE_TYPE: &str = "ordered";

/// The operator with its certificate.
pub struct Operator {
    runtime: Runtime,
    client: Client,
    journal: Arc<Journal>,
    steps: Sender<()>,
    storage_may_fail: bool,
    deadline: Instant,
}

/// Writes the operator's certificate and a configuration that knows it: `operator.der`, `smdp.toml`.
pub fn configure(bench: &Bench, report_to: &str) {
    let identity = Issuers::of(bench).tls("operator.example");
    bench.write("operator.der", identity.certificate().raw());
    bench.write("operator.pem", identity.key().to_pem().unwrap().as_bytes());
    bench.write(
        "smdp.toml",
        format!(
            "[[operator]]\nname = \"{NAME}\"\ncertificate = \"operator.der\"\nreport_to = \"{report_to}\"\n"
        ),
    );
}

/// A client with that certificate.
pub fn client(bench: &Bench, ports: Ports) -> Client {
    let key = PrivateKey::read("operator.pem", &std::fs::read(bench.path("operator.pem")).unwrap()).unwrap();
    let trust = Trust { roots: vec![Issuers::of(bench).root()], ..Trust::default() };
    let chain = [std::fs::read(bench.path("operator.der")).unwrap()];
    let tls = client_config_with_certificate(trust, chain, key, Arc::new(Now)).unwrap();
    let address = format!("localhost:{}", ports.es2plus.port()).parse().unwrap();
    Client::new(address, tls, Tracer::off(Actor::Lpa))
        .with_route(Route { host: "localhost".to_owned(), to: ports.es2plus })
}

impl Operator {
    pub fn new(
        bench: &Bench,
        ports: Ports,
        journal: Arc<Journal>,
        steps: Sender<()>,
        storage_may_fail: bool,
        deadline: Instant,
    ) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { runtime, client: client(bench, ports), journal, steps, storage_may_fail, deadline }
    }

    /// DownloadOrder and ConfirmOrder; gives the MatchingID. A call without an answer is made again under the same
    /// identifier, so it has to have had its effect once.
    pub fn order(&self, number: usize) -> Option<String> {
        let identifier = format!("download-{number}");
        let header = header(&identifier);
        let order = DownloadOrder { eid: None, iccid: None, profile_type: Some(PROFILE_TYPE.to_owned()) };
        let reserved = self.insist(
            || self.client.download_order(&header, &order),
            |heard, reserved| _ = heard.reserved.insert(identifier.clone(), reserved.iccid),
        )?;
        let header = self::header(&format!("confirm-{number}"));
        let order = ConfirmOrder {
            iccid: reserved.iccid,
            eid: None,
            matching_id: MatchingIdChoice::Generate,
            confirmation_code: None,
            smds_address: None,
            release_flag: true,
        };
        let confirmed = self.insist(
            || self.client.confirm_order(&header, &order),
            |heard, confirmed| {
                let matching_id = confirmed.matching_id.as_ref().map(ToString::to_string);
                heard.confirmed.push((reserved.iccid, matching_id.unwrap_or_default()));
            },
        )?;
        confirmed.matching_id.map(|matching_id| matching_id.to_string())
    }

    fn insist<T, F>(&self, call: impl Fn() -> F, write: impl FnOnce(&mut Heard, &T)) -> Option<T>
    where
        F: Future<Output = Result<T, ClientError>>,
    {
        loop {
            let error = match self.runtime.block_on(call()) {
                Ok(answer) => {
                    write(&mut self.journal.heard(), &answer);
                    let _ = self.steps.send(());
                    return Some(answer);
                }
                Err(error) => error,
            };
            let storage_failure = is_storage_failure(&error);
            let passes = match storage_failure {
                true => self.storage_may_fail,
                false => error.is_worth_retrying(),
            };
            if !passes || Instant::now() > self.deadline {
                self.journal.complain(format!("the operator: {error}"));
                return None;
            }
            let mut heard = self.journal.heard();
            *(if storage_failure { &mut heard.storage_failures } else { &mut heard.unanswered }) += 1;
            drop(heard);
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn header(identifier: &str) -> CallHeader {
    CallHeader {
        function_requester_identifier: "2.999.20".to_owned(),
        function_call_identifier: identifier.to_owned(),
    }
}
