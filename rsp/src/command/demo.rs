//! `rsp demo`: the whole of a first download in one process.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use certs::UnixTime;
use certs::tree::Pki;
use certs::workshop::{Plan, Workshop};
use clap::Args;
use crypto::Engine;
use euicc_sim::{Environment, InMemory};
use lpa::download::{Device, Request};
use lpa::profiles::{self, ProfileId};
use lpa::{IsdR, Options};
use protocol::clock::Clock;
use protocol::trace::{Actor, Tracer};
use protocol::types::{Eid, ServerAddress};
use rand_chacha::ChaCha20Rng;
use smdp::Config;
use smdp::store::{OrderFilter, SqliteStore, Store};
use tokio::sync::oneshot;
use wire::transport::Route;

use super::card::new_card;
use super::certs::TEST_EID;
use super::lpa::{Servers, download, send_notifications, tls_roots};
use super::smdp::activation_code;
use super::{CurveName, TraceArguments};
use crate::compose::card::Simulated;
use crate::compose::server::{self, Setup};
use crate::compose::serving::listen;
use crate::io::terminal_user::Answers;
use crate::io::{machine, qr};

/// The name that the demo's SM-DP+ has; nobody asks DNS for it.
const HOST: &str = "smdp.rsplab.example";

/// The order that the demo downloads.
const ORDER: &str = r#"
[[order]]
iccid = "8988211000000000017"
matching_id = "FIRST-DOWNLOAD"

[order.subscriber]
imsi = "001010000000017"
ki = "000102030405060708090A0B0C0D0E0F"
opc = "101112131415161718191A1B1C1D1E1F"

[order.metadata]
service_provider_name = "rsplab"
profile_name = "First download"
notifications = [{ event = "enable", address = "smdp.rsplab.example" }]
"#;

#[derive(Args)]
pub struct Demo {
    /// The same run each time: keys, challenges and signatures follow from this number, and the clock stands still
    #[arg(long)]
    seed: Option<u64>,
    /// The curve of the card
    #[arg(long, value_enum, default_value = "nist")]
    curve: CurveName,
}

/// Where randomness and time come from.
struct World {
    seed: Option<u64>,
    clock: Arc<dyn Clock>,
}

impl World {
    fn rng(&self, stream: u64) -> Result<ChaCha20Rng> {
        match self.seed {
            Some(seed) => Ok(machine::seeded_rng(seed, stream)),
            None => machine::system_rng(),
        }
    }

    /// aws-lc signs with randomness of its own; a run that is to repeat itself signs by RFC 6979.
    fn signing(&self) -> Engine {
        if self.seed.is_some() { Engine::RustCrypto } else { Engine::AwsLc }
    }
}

impl Demo {
    pub async fn run(self, trace: &TraceArguments) -> Result<()> {
        let clock = if self.seed.is_some() { machine::fixed_clock() } else { machine::system_clock() };
        let tracer = trace.tracer(Actor::Lpa, clock.clone())?;
        let world = World { seed: self.seed, clock };

        let pki = timed("PKI made", || make_pki(&world))?;
        let started = Instant::now();
        let address: ServerAddress = HOST.parse()?;
        let store = Arc::new(SqliteStore::in_memory()?);
        let orders = smdp::seed::parse("demo".as_ref(), ORDER, &|_| Err("there are no files".to_owned()))?;
        store.add_orders(world.clock.now(), orders).await?;
        let listener = listen("127.0.0.1:0".parse()?).await?;
        let to = listener.local_addr()?;
        let setup = Setup {
            config: Config::new(address.clone()),
            pki: pki.clone(),
            signing: world.signing(),
            store: store.clone(),
            rng: Box::new(world.rng(2)?),
            clock: world.clock.clone(),
            tracer: tracer.for_actor(Actor::Smdp),
            limits: wire::server::Limits::default(),
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(server::serve(setup, listener, async move {
            let _ = stopped.await;
        }));
        say(&format!("SM-DP+ {HOST} on {to}"), started);

        let order = store
            .orders(OrderFilter::default())
            .await?
            .into_iter()
            .next()
            .context("the demo's order is gone")?;
        let code = activation_code(&order, &address).context("the demo's order has no MatchingID")?;
        println!("\n{code}\n\n{}\n", qr::for_terminal(&code.to_string())?);

        let mut isd_r = timed("card made, ISD-R selected", || make_card(&world, &pki, self.curve, &tracer))?;
        let route = Route { host: HOST.to_owned(), to };
        let servers = Servers::new(tls_roots(&pki)?, world.clock.clone(), tracer.clone())?.with_route(route);
        let device = Device { tac: "35290611".parse()?, imei: None, capabilities: Default::default() };
        let request = Request::from_activation_code(code, device);
        let answers = Answers { yes: true, confirmation_code: None };
        let downloaded = download(&mut isd_r, &servers, &request, answers).await?;

        let profile = ProfileId::from(downloaded.iccid);
        timed("ES10c.EnableProfile", || Ok(profiles::enable(&mut isd_r, &profile, false)?))?;
        let started = Instant::now();
        send_notifications(&mut isd_r, &servers).await?;
        say("notifications delivered", started);
        isd_r.close()?;

        let _ = stop.send(());
        server.await.context("the SM-DP+ fell over")??;
        let order = store.order(order.id).await?.context("the demo's order is gone")?;
        println!("\nprofile {}: enabled on the card, {} at the SM-DP+", downloaded.iccid, order.state);
        ensure!(
            order.state == smdp::domain::ProfileState::Installed,
            "the SM-DP+ has not heard of the installation"
        );
        Ok(())
    }
}

fn make_pki(world: &World) -> Result<Pki> {
    let mut rng = world.rng(1)?;
    let mut workshop = Workshop::new(UnixTime(world.clock.now().unix_seconds()), &mut rng);
    let eid: Eid = TEST_EID.parse()?;
    let hosts = vec![HOST.to_owned()];
    let tree = workshop.tree(&Plan { eid: *eid.as_bytes(), dp_hosts: hosts.clone(), ds_hosts: hosts })?;
    Ok(Pki::from_tree(&tree)?)
}

fn make_card(world: &World, pki: &Pki, curve: CurveName, tracer: &Tracer) -> Result<IsdR<Simulated>> {
    let environment = Environment {
        rng: Box::new(world.rng(3)?),
        clock: world.clock.clone(),
        tracer: tracer.for_actor(Actor::Euicc),
        memory: Box::new(InMemory::default()),
    };
    let card = euicc_sim::Card::power_on(new_card(pki, &[curve.into()], None)?, environment)?;
    Ok(IsdR::open(Simulated(card), Options::default(), tracer.clone())?)
}

fn timed<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let started = Instant::now();
    let outcome = work()?;
    say(name, started);
    Ok(outcome)
}

fn say(name: &str, since: Instant) {
    println!("{name:<36} {:>9.1} ms", since.elapsed().as_secs_f64() * 1000.0);
}
