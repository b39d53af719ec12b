//! A Root SM-DS: ES11, and ES12 with ES15.

use std::convert::Infallible;
use std::sync::Arc;

use certs::{Role, oid};
use conformance::server::orders::OrdersFile;
use conformance::server::target::{Kind, Target};
use crypto::Engine;
use protocol::es12::{Caller, CallerKind};
use protocol::smds_session::Identities;
use protocol::trace::{Actor, Tracer};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use smds::store::SqliteStore;
use smds::{Config, Limits, Parts, Smds};
use wire::server::Authenticated;
use wire::tls::RspServers;

use super::guarded::guarded;
use super::{Lab, Port, SMDS, Switch, clock, pki, plain, roots};

impl Lab {
    pub async fn smds() -> Self {
        let (clock, pki, tracer, switch) = (clock(), pki(), Tracer::off(Actor::Smds), Switch::default());
        let address = || SMDS.parse().unwrap();
        let smds = Arc::new(Smds::new(Parts {
            config: Config {
                address: address(),
                limits: Limits::default(),
                requester: "2.999.15".to_owned(),
            },
            identities: Identities::from_pki(&pki, Engine::RustCrypto, Engine::AwsLc).unwrap(),
            store: Arc::new(SqliteStore::in_memory().unwrap()),
            root: None::<Arc<Infallible>>,
            rng: Box::new(ChaCha20Rng::seed_from_u64(7)),
            clock: clock.clone(),
            tracer: tracer.clone(),
            metrics: Arc::default(),
        }));
        let es11 = wire::es11::Endpoint::new(smds.clone(), tracer.clone());
        let lpa = plain(Port { server: es11, caller: None, switch: switch.clone() }).await;
        let es12 = |caller: Option<Authenticated>| Port {
            server: wire::es12::Endpoint::new(smds.clone(), tracer.clone()),
            caller,
            switch: switch.clone(),
        };
        let smdp = Caller { oid: oid::parse("2.999.10").unwrap(), kind: CallerKind::Smdp };
        let open = es12(Some(Authenticated::RspServer(Arc::new(smdp))));
        let admitted = RspServers::below(pki.trust_anchors(Engine::AwsLc).unwrap());
        let callers = guarded(&pki, (Role::DsTls, SMDS), admitted, es12(None), open).await;
        let target = Target {
            kind: Kind::Smds,
            is_alternative: false,
            address: address(),
            lpa,
            roots: roots(&pki),
            operator: None,
            other_operator: None,
            callers: Some(callers),
            reports: None,
            orders: OrdersFile::default(),
            clock,
        };
        Self { target, switch }
    }
}
