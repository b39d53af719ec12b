//! What every test of discovery stands on: a PKI, a card, a network, a user.

use std::sync::{Arc, OnceLock};

use asn1::DeviceCapabilities;
use certs::tree::{Chain, Pki};
use certs::workshop::{Plan, Workshop};
use certs::{UnixTime, Variant};
use crypto::{Curve, Engine};
use lpa::discovery::{Discovery, Event, Outcome, Processed, Query, RetrievalError, Stopped, retrieve};
use lpa::download::{ConfirmationCode, Decision, Device, Offer, Progress, Step, User};
use lpa::{IsdR, Options};
use protocol::clock::{FixedClock, Timestamp};
use protocol::trace::{Actor, Tracer};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use crate::common::{FakeCard, Memory, run};
use crate::euicc;
use crate::network::{Fault, Network};

pub const ENGINE: Engine = Engine::RustCrypto;
pub const NOW: UnixTime = UnixTime(1_795_318_860);
pub const ROOT: &str = "root.smds.example";
const EID: [u8; 16] =
    [0x89, 0x04, 0x90, 0x32, 0x12, 0x34, 0x51, 0x23, 0x45, 0x12, 0x34, 0x56, 0x78, 0x90, 0x12, 0x35];

fn new_pki(seed: u64) -> Pki {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    let hosts = vec!["server.example".to_owned()];
    let plan = Plan { eid: EID, dp_hosts: hosts.clone(), ds_hosts: hosts };
    Pki::from_tree(&Workshop::new(NOW, &mut rng).tree(&plan).unwrap()).unwrap()
}

/// The PKI of eUICC and servers.
pub fn pki() -> &'static Pki {
    static PKI: OnceLock<Pki> = OnceLock::new();
    PKI.get_or_init(|| new_pki(1))
}

pub fn chain() -> &'static Chain {
    pki().chain(Variant::O, Curve::P256).unwrap()
}

/// That of somebody else.
pub fn other_chain() -> &'static Chain {
    static PKI: OnceLock<Pki> = OnceLock::new();
    PKI.get_or_init(|| new_pki(2)).chain(Variant::O, Curve::P256).unwrap()
}

/// A user who takes every profile but those named.
#[derive(Default)]
pub struct Picky {
    pub declines: Vec<(&'static str, Decision)>,
    pub offered: Vec<String>,
    pub steps: Vec<Step>,
}

impl User for Picky {
    fn confirm(&mut self, offer: &Offer<'_>) -> Decision {
        let name = offer.metadata.profile_name.to_string();
        let declined = self.declines.iter().find(|(declined, _)| *declined == name);
        self.offered.push(name);
        declined.map_or(Decision::Accept, |(_, decision)| *decision)
    }

    fn confirmation_code(&mut self, _: &Offer<'_>) -> Option<ConfirmationCode> {
        None
    }

    fn progress(&mut self, progress: Progress) {
        if let Progress::Step(step) = progress {
            self.steps.push(step);
        }
    }
}

/// A card that asks in a network.
pub struct Lab {
    pub card: FakeCard,
    pub network: Network,
    pub user: Picky,
    pub trace: Arc<Memory>,
}

/// What became of all events, and how it ended where the card failed.
pub struct Discovered {
    pub processed: Vec<Processed<Fault>>,
    pub stopped: Option<Box<Stopped<Fault>>>,
    pub discovery: Discovery,
}

impl Lab {
    pub fn new(network: Network) -> Self {
        Self { card: euicc::new_card(), network, user: Picky::default(), trace: Arc::default() }
    }

    pub fn tracer(&self) -> Tracer {
        let clock = Arc::new(FixedClock(Timestamp::from_unix_seconds(NOW.0)));
        Tracer::new(Actor::Lpa, clock, self.trace.clone())
    }

    /// Asks the root for one event, or for all.
    pub fn retrieve(&mut self, event_id: Option<&str>) -> Result<Vec<Event>, Box<RetrievalError<Fault>>> {
        let query = Query {
            smds_address: ROOT.parse().unwrap(),
            event_id: event_id.map(|id| id.parse().unwrap()),
            device: device(),
        };
        let tracer = self.tracer();
        let mut isd_r = IsdR::open(&mut self.card, Options::default(), tracer).unwrap();
        let server = lpa::discovery::Servers::server(&self.network, &query.smds_address);
        run(retrieve(&mut isd_r, &server, &query, &mut self.user))
    }

    /// Asks the root for all events and processes them.
    pub fn discover(&mut self) -> Discovered {
        let tracer = self.tracer();
        let mut isd_r = IsdR::open(&mut self.card, Options::default(), tracer).unwrap();
        let (network, user) = (&self.network, &mut self.user);
        let root = ROOT.parse().unwrap();
        let mut discovery = run(Discovery::start(&mut isd_r, network, root, device(), user)).unwrap();
        let mut processed = Vec::new();
        let stopped = loop {
            match run(discovery.next(&mut isd_r, network, user)) {
                Ok(Some(event)) => processed.push(event),
                Ok(None) => break None,
                Err(stopped) => break Some(stopped),
            }
        };
        Discovered { processed, stopped, discovery }
    }
}

impl Discovered {
    /// One line an event: its way, its EventID, what became of it.
    pub fn lines(&self) -> Vec<String> {
        self.processed.iter().map(line).collect()
    }
}

fn line(Processed { event, outcome }: &Processed<Fault>) -> String {
    let path = event.path.iter().map(|address| address.as_str()).collect::<Vec<_>>().join(">");
    let outcome = match outcome {
        Outcome::Downloaded(downloaded) => downloaded.metadata.profile_name.to_string(),
        Outcome::Declined { declined, .. } => declined.to_string(),
        Outcome::Followed(events) => format!("{} more", events.len()),
        Outcome::SeenBefore => "seen before".to_owned(),
        Outcome::TooDeep => "too deep".to_owned(),
        Outcome::Failed(_) => "failed".to_owned(),
    };
    format!("{path}>{} {}: {outcome}", event.rsp_server_address, event.event_id)
}

pub fn device() -> Device {
    Device { tac: "35290611".parse().unwrap(), imei: None, capabilities: DeviceCapabilities::default() }
}
