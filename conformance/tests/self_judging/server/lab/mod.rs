//! Our own servers in this process, as good as they are, with room for a defect between them and the judge.

mod guarded;
mod reports;
mod smdp;
mod smds;
mod stock;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use certs::tree::{Chain, Pki};
use certs::workshop::{Plan, Workshop};
use certs::{UnixTime, eid};
use conformance::server::target::{Root, Target};
use crypto::Curve;
use http::{Request, Response};
use protocol::clock::{Clock, FixedClock, Timestamp};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use tokio::net::TcpListener;
use wire::server::{Authenticated, Limits, Peer, Received, Service, serve};
use wire::tls::ServerTls;
use wire::transport::Transport;

use super::defects::{Defect, Kind};

/// 2026-11-22T03:41:00Z.
const NOW: i64 = 1_795_318_860;
/// What the servers call themselves; where they are, the transports know.
const SMDP: &str = "smdp.example.com";
const SMDS: &str = "smds.example.com";

/// A server and how the judge reaches it.
pub struct Lab {
    pub target: Target,
    pub switch: Switch,
}

/// What is wrong with the server at this moment.
#[derive(Clone, Default)]
pub struct Switch(Arc<Mutex<Option<Arc<Defect>>>>);

impl Switch {
    pub fn set(&self, defect: Option<Defect>) {
        *self.0.lock().unwrap() = defect.map(Arc::new);
    }

    fn now(&self) -> Option<Arc<Defect>> {
        self.0.lock().unwrap().clone()
    }

    fn lets_everybody_in(&self) -> bool {
        self.now().is_some_and(|defect| matches!(defect.kind, Kind::LetsEverybodyIn))
    }
}

/// A port of the server, and what is wrong.
struct Port<S> {
    server: S,
    /// Who calls, where TLS does not say so.
    caller: Option<Authenticated>,
    switch: Switch,
}

impl<S: Service> Service for Port<S> {
    async fn answer(&self, mut request: Request<Received>) -> Response<Bytes> {
        if let Some(caller) = &self.caller {
            let address = SocketAddr::from(([127, 0, 0, 1], 1));
            request.extensions_mut().insert(Peer { address, caller: Some(caller.clone()) });
        }
        self.mistake_the_caller(&mut request);
        match self.switch.now() {
            None => self.server.answer(request).await,
            Some(defect) => {
                let concerns = defect.concerns(&request);
                let request = match defect.before(request) {
                    Ok(request) => request,
                    Err(answered) => return *answered,
                };
                let path = request.uri().path().to_owned();
                let response = self.server.answer(request).await;
                defect.after(concerns, &path, response)
            }
        }
    }
}

impl<S> Port<S> {
    /// A server that does not tell operators apart takes each for the one whose profiles it has.
    fn mistake_the_caller(&self, request: &mut Request<Received>) {
        let mistakes = |defect: Arc<Defect>| matches!(defect.kind, Kind::TakesForTheOwner);
        if let (Some(peer), true) =
            (request.extensions_mut().get_mut::<Peer>(), self.switch.now().is_some_and(mistakes))
        {
            peer.caller = Some(Authenticated::from(self::smdp::ALPHA.0));
        }
    }
}

/// A port on which a server listens until the test is over.
async fn listening<S: Service>(tls: Option<ServerTls>, service: S) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, tls, service, Limits::default(), std::future::pending()));
    address
}

/// The way to such a port without TLS.
async fn plain<S: Service>(service: S) -> Transport {
    let address = listening(None, service).await;
    Transport::plain(address.to_string().parse().unwrap())
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(FixedClock(Timestamp::from_unix_seconds(NOW)))
}

pub fn pki() -> Pki {
    let plan = Plan {
        eid: eid::from_digits("89049032123451234512345678901235").unwrap(),
        dp_hosts: vec![SMDP.to_owned()],
        ds_hosts: vec![SMDS.to_owned()],
    };
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    Pki::from_tree(&Workshop::new(UnixTime(NOW), &mut rng).tree(&plan).unwrap()).unwrap()
}

/// The chain that TLS takes.
pub fn p256(pki: &Pki) -> &Chain {
    pki.chains().find(|chain| chain.curve() == Curve::P256).unwrap()
}

pub fn roots(pki: &Pki) -> Vec<Root> {
    pki.chains().map(|chain| Root::from_chain(chain).unwrap()).collect()
}
