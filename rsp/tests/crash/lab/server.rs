//! `rsp smdp serve` as a process that ends and comes back, at the same ports and on the same store.

use std::fs::OpenOptions;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use asn1::{EuiccInfo1, InitiateAuthenticationRequest, Raw, Unknown};
use crypto::Curve;
use protocol::es9plus::Es9Plus;
use protocol::trace::{Actor, Tracer};
use rustls::ClientConfig;
use tokio::runtime::Runtime;
use wire::es9plus::{Client, ClientError};
use wire::transport::Route;

use super::Now;
use super::cards::{self, Issuers};
use crate::common::{Bench, RSP};

/// However slow the machine: then something is wrong.
const PATIENCE: Duration = Duration::from_secs(60);

/// The ports of a server.
#[derive(Clone, Copy, Debug)]
pub struct Ports {
    pub es9plus: SocketAddr,
    pub es2plus: SocketAddr,
    pub management: SocketAddr,
}

impl Ports {
    /// Free ones. They are not among those that the system gives to clients: one that connects while the server is away would
    /// take the server's port, or even reach itself.
    pub fn free() -> Self {
        Self { es9plus: free_port(), es2plus: free_port(), management: free_port() }
    }
}

fn free_port() -> SocketAddr {
    let first = 20_000 + (std::process::id() % 10_000) as u16;
    let candidates = (first..30_000).chain(20_000..first).map(|port| (Ipv4Addr::LOCALHOST, port).into());
    let is_free = |address: &SocketAddr| {
        static TAKEN: std::sync::Mutex<Vec<SocketAddr>> = std::sync::Mutex::new(Vec::new());
        let mut taken = TAKEN.lock().unwrap();
        let is_free = !taken.contains(address) && TcpListener::bind(address).is_ok();
        taken.extend(is_free.then_some(*address));
        is_free
    };
    candidates.into_iter().find(is_free).expect("a port that nobody has")
}

/// How the process is started.
#[derive(Clone, Default)]
pub struct Launch {
    /// A program that becomes the server, with its arguments.
    pub through: Vec<String>,
    /// What follows `rsp smdp serve`, besides certificates and ES9+ port.
    pub arguments: Vec<String>,
    pub environment: Vec<(String, String)>,
}

/// A running server.
pub struct Server<'a> {
    bench: &'a Bench,
    launch: Launch,
    child: Child,
    pub ports: Ports,
    /// How long each start took, until a first request over TLS was answered out of the store.
    pub starts: Vec<Duration>,
}

impl<'a> Server<'a> {
    /// Starts it and waits until it is ready. What it says goes into the files `stdout` and `stderr` of the bench.
    pub fn start(bench: &'a Bench, ports: Ports, launch: Launch) -> Self {
        let probe = Probe::new(bench, ports);
        let began = Instant::now();
        let child = spawn(bench, ports, &launch);
        let mut server = Self { bench, launch, child, ports, starts: Vec::new() };
        server.wait_until_ready(began, probe);
        server
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Changes what follows `rsp smdp serve` from the next start on.
    pub fn relaunch_with(&mut self, change: impl FnOnce(&mut Launch)) {
        change(&mut self.launch);
    }

    /// SIGKILL: no chance to tidy up.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// SIGTERM, without waiting.
    pub fn ask_to_stop(&self) {
        let kill = Command::new("kill").args(["-TERM", &self.id().to_string()]).status().unwrap();
        assert!(kill.success(), "{} is gone", self.id());
    }

    /// Waits until the process has ended by itself.
    pub fn ended(&mut self) -> ExitStatus {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < PATIENCE, "the server does not end\n{}", self.log());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// SIGTERM, and the exit code.
    pub fn stop(&mut self) -> Option<i32> {
        self.ask_to_stop();
        self.ended().code()
    }

    /// Starts it again after it has ended.
    pub fn restart(&mut self) {
        let probe = Probe::new(self.bench, self.ports);
        let began = Instant::now();
        self.child = spawn(self.bench, self.ports, &self.launch);
        self.wait_until_ready(began, probe);
    }

    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// The last lines of its log.
    pub fn log(&self) -> String {
        let text = std::fs::read(self.bench.path("stderr")).unwrap_or_default();
        let text = String::from_utf8_lossy(&text).into_owned();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }

    fn wait_until_ready(&mut self, began: Instant, probe: Probe) {
        loop {
            match probe.ask() {
                Ok(()) => break,
                Err(error) if error.is_worth_retrying() => {}
                Err(error) => panic!("{error}\n{}", self.log()),
            }
            assert!(self.is_running(), "the server has ended\n{}", self.log());
            assert!(began.elapsed() < PATIENCE, "the server does not answer\n{}", self.log());
            std::thread::sleep(Duration::from_millis(2));
        }
        self.starts.push(began.elapsed());
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The command of a server.
pub fn command(bench: &Bench, ports: Ports, launch: &Launch) -> Command {
    let mut words = launch.through.clone();
    words.extend([RSP, "smdp", "serve", "--certs", "pki", "--listen"].map(str::to_owned));
    words.push(ports.es9plus.to_string());
    words.extend(launch.arguments.iter().cloned());
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).current_dir(bench.path("")).stdin(Stdio::null());
    command.envs(launch.environment.iter().map(|(name, value)| (name, value)));
    command
}

fn spawn(bench: &Bench, ports: Ports, launch: &Launch) -> Child {
    let file = |name| OpenOptions::new().create(true).append(true).open(bench.path(name)).unwrap();
    let mut command = command(bench, ports, launch);
    command.stdout(file("stdout")).stderr(file("stderr")).spawn().unwrap()
}

/// The way to the ES9+ port at `localhost`.
pub fn client(ports: Ports, tls: Arc<ClientConfig>) -> Client {
    let port = ports.es9plus.port();
    let route = Route { host: "localhost".to_owned(), to: ports.es9plus };
    Client::new(format!("localhost:{port}").parse().unwrap(), tls, Tracer::off(Actor::Lpa)).with_route(route)
}

/// Opens RSP sessions to see whether there is a server that can. Its connection ends with it: a server that is asked to stop
/// waits a while for those who are connected.
struct Probe {
    runtime: Runtime,
    client: Client,
    euicc_info1: Raw<EuiccInfo1>,
}

impl Probe {
    fn new(bench: &Bench, ports: Ports) -> Self {
        let issuers = Issuers::of(bench);
        let tls = wire::tls::client_config([issuers.root()], Arc::new(Now)).unwrap();
        let card = issuers.card(999_999, Curve::P256);
        let mut isd_r = cards::power_on(card, 0, Tracer::off(Actor::Euicc));
        Self {
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
            client: client(ports, tls),
            euicc_info1: isd_r.get_euicc_info1().unwrap(),
        }
    }

    fn ask(&self) -> Result<(), ClientError> {
        let request = InitiateAuthenticationRequest {
            euicc_challenge: [7; 16].into(),
            smdp_address: self.client.address().to_string(),
            euicc_info1: self.euicc_info1.clone(),
            unknown: Unknown::none(),
        };
        self.runtime.block_on(self.client.initiate_authentication(request)).map(drop)
    }
}
