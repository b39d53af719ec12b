//! An operator, an SM-DP+, an Alternative SM-DS, a Root SM-DS and a card.

mod events;
mod gate;
mod interrupted;
mod node;
mod operator;

use std::net::{Ipv4Addr, TcpListener};
use std::process::Output;
use std::time::{Duration, Instant};

use serde_json::Value;

pub use events::Event;
pub use gate::Gate;
pub use node::Node;
pub use operator::{Operator, Order};

use crate::common::Bench;

/// The EID of every card.
pub const EID: &str = "89049032123451234512345678901235";
/// Whom certificates of `rsp certs make` name: the SM-DP+ and the SM-DSs.
pub const SMDP_OID: &str = "2.999.10";
pub const SMDS_OID: &str = "2.999.15";

/// So long is waited for what has to come, before a test that would hang fails instead.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Certificates, configurations, profiles, and an address for each server: whoever is started serves there.
pub struct Lab {
    pub bench: Bench,
    pub root: Site,
    pub alternative: Site,
    pub smdp: Site,
}

/// A server, of as many processes as are started.
pub struct Site {
    name: &'static str,
    /// Where LPAs reach it.
    pub lpas: Gate,
    /// Where operators reach it (SM-DP+), or SM-DP+s and other SM-DSs.
    pub peers: Gate,
}

/// What is not the same in all laboratories.
pub struct Plan {
    /// The stores of Root, Alternative and SM-DP+.
    pub stores: [String; 3],
    /// How long the Alternative waits for its Root, in seconds.
    pub patience: u32,
}

impl Default for Plan {
    fn default() -> Self {
        Self { stores: ["root", "alternative", "smdp"].map(|name| format!("{name}.sqlite")), patience: 10 }
    }
}

impl Lab {
    pub fn new() -> Self {
        Self::with(Plan::default())
    }

    pub fn with(plan: Plan) -> Self {
        let bench = Bench::new();
        bench.rsp_ok(&["certs", "operator", "--name", "alpha", "--out", "operators"]);
        let [root, alternative, smdp] = ["root", "alternative", "smdp"].map(Site::new);
        let [root_store, alternative_store, smdp_store] = plan.stores;
        bench.write("root.toml", smds_configuration(&root, &root_store));
        let cascade =
            format!("[root]\naddress = \"{}\"\npatience_seconds = {}\n", root.peers.address(), plan.patience);
        bench.write("alternative.toml", smds_configuration(&alternative, &alternative_store) + &cascade);
        bench.write("smdp.toml", smdp_configuration(&smdp, &smdp_store));
        bench.write("store.key", "5b".repeat(32));
        bench.write("alpha.csv", include_str!("../../../../examples/subscribers.csv"));
        let import = ["smdp", "import", "--config", "smdp.toml", "--csv", "alpha.csv"];
        bench.rsp_ok(&[&import[..], &["--operator", "alpha", "--profile-type", "travel"]].concat());
        Self { bench, root, alternative, smdp }
    }

    /// Starts one process of a server.
    pub fn start<'a>(&self, site: &'a Site) -> Node<'a> {
        let configuration = format!("{}.toml", site.name);
        let kind = if site.is_smds() { "smds" } else { "smdp" };
        let serve = [kind, "serve", "--config", &configuration];
        if site.is_smds() {
            return Node::start(self, site, &serve);
        }
        let smds = format!("{}={}", self.alternative.lpas.address(), self.alternative.peers.address());
        Node::start(self, site, &[&serve[..], &["--smds", &smds]].concat())
    }

    /// Starts one process of each.
    pub fn start_all(&self) -> [Node<'_>; 3] {
        [&self.root, &self.alternative, &self.smdp].map(|site| self.start(site))
    }

    pub fn alpha(&self) -> Operator<'_> {
        Operator { lab: self }
    }

    /// Makes a card that knows the Root.
    pub fn card(&self, more: &[&str]) {
        let root = self.root.lpas.address();
        let card = ["card", "new", "--certs", "pki", "--out", "card", "--root-smds", &root];
        self.bench.rsp_ok(&[&card[..], more].concat());
    }

    pub fn lpa(&self, arguments: &[&str]) -> Output {
        self.bench.rsp(&[&["lpa", "--card", "card", "--ci", "pki"], arguments].concat())
    }

    /// Does something on the card that has to succeed, and gives what it printed.
    pub fn lpa_ok(&self, arguments: &[&str]) -> String {
        let output = self.lpa(arguments);
        assert!(output.status.success(), "lpa {arguments:?}: {}", told(&output));
        printed(&output)
    }

    /// Calls ES12 of a server by `rsp es12`.
    pub fn es12(&self, site: &Site, arguments: &[&str]) -> Output {
        let server = site.peers.address();
        let connection = ["--server", &server, "--certs", "pki", "--json"];
        self.bench.rsp(&[&["es12"], arguments, &connection].concat())
    }

    pub fn es12_ok(&self, site: &Site, arguments: &[&str]) {
        let output = self.es12(site, arguments);
        assert!(output.status.success(), "es12 {arguments:?}: {}", told(&output));
    }

    /// A call that is refused, and the status code that says why.
    pub fn es12_refused(&self, site: &Site, arguments: &[&str]) -> String {
        let output = self.es12(site, arguments);
        assert_eq!(output.status.code(), Some(1), "es12 {arguments:?} was not refused");
        status_code(&output)
    }

    /// The state of a profile that has been ordered.
    pub fn state(&self, iccid: &str) -> Option<String> {
        let orders = self.bench.rsp_ok(&["smdp", "orders", "--config", "smdp.toml"]);
        let beginning = format!("ICCID {iccid}: ");
        let found = orders.lines().filter_map(|line| line.strip_prefix(&beginning)).next_back()?;
        Some(found.split(',').next().unwrap().to_owned())
    }
}

impl Site {
    fn new(name: &'static str) -> Self {
        Self { name, lpas: Gate::new(), peers: Gate::new() }
    }

    pub fn is_smds(&self) -> bool {
        self.name != "smdp"
    }
}

fn smds_configuration(site: &Site, store: &str) -> String {
    format!(
        r#"
        [server]
        certs = "pki"
        listen = "127.0.0.1:0"
        address = "{}"

        [es12]
        listen = "127.0.0.1:0"

        [store]
        at = "{store}"

        [management]
        listen = "127.0.0.1:0"

        "#,
        site.lpas.address()
    )
}

fn smdp_configuration(site: &Site, store: &str) -> String {
    format!(
        r#"
        [server]
        certs = "pki"
        listen = "127.0.0.1:0"
        address = "{}"

        [store]
        at = "{store}"
        key_file = "store.key"

        [es2plus]
        listen = "127.0.0.1:0"

        [[operator]]
        name = "alpha"
        certificate = "operators/alpha.pem"
        "#,
        site.lpas.address()
    )
}

/// Waits until there is something.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "{what}: not so far");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A port at which nobody answers.
pub fn dead_address() -> String {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    format!("localhost:{port}")
}

pub fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub fn told(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// The code of a refusal that was printed as JSON, and told.
fn status_code(output: &Output) -> String {
    let answer = json(&printed(output));
    assert_eq!(answer["status"], "Failed", "{answer}");
    let status = &answer["statusCodeData"];
    let code = format!("{}/{}", text(&status["subjectCode"]), text(&status["reasonCode"]));
    assert!(told(output).contains(&code), "{}", told(output));
    code
}
