//! The SM-DP+: ES9+, ES2+ of two operators, and its reports to one of them.

use std::sync::Arc;

use certs::{Role, oid};
use conformance::server::target::{Kind, Operator, Target};
use crypto::Engine;
use protocol::smdp_session::Identities;
use protocol::trace::{Actor, Tracer};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use smdp::metrics::Metrics;
use smdp::store::SqliteStore;
use smdp::{Config, Parts, Smdp};
use wire::server::Authenticated;
use wire::tls::{Caller, Callers, Recognition};

use super::guarded::guarded;
use super::stock::{PROFILE_TYPE, orders, stock};
use super::{Lab, Port, SMDP, Switch, clock, p256, pki, plain, reports, roots};

/// The operators and their object identifiers.
pub const ALPHA: (&str, &str) = ("alpha", "2.999.20");
pub const BETA: (&str, &str) = ("beta", "2.999.21");

impl Lab {
    pub async fn smdp() -> Self {
        Self::smdp_with(smdp::Limits::default()).await
    }

    /// One with limits of its own.
    pub async fn smdp_with(limits: smdp::Limits) -> Self {
        let (clock, pki, tracer, switch) = (clock(), pki(), Tracer::off(Actor::Smdp), Switch::default());
        let store = Arc::new(SqliteStore::in_memory().unwrap());
        stock(&store, clock.now()).await;
        let mut config = Config::new(SMDP.parse().unwrap());
        config.limits = limits;
        let silent = smdp::Operator { takes_reports: false, ..smdp::Operator::new(BETA.0) };
        config.operators = vec![smdp::Operator::new(ALPHA.0), silent];
        let metrics = Arc::new(Metrics::default());
        let smdp = Arc::new(Smdp::new(Parts {
            config,
            identities: Identities::from_pki(&pki, Engine::RustCrypto, Engine::AwsLc).unwrap(),
            store: store.clone(),
            rng: Box::new(ChaCha20Rng::seed_from_u64(7)),
            clock: clock.clone(),
            tracer: tracer.clone(),
            metrics: metrics.clone(),
        }));
        let es9plus = wire::es9plus::Endpoint::new(smdp.clone(), tracer.clone());
        let lpa = plain(Port { server: es9plus, caller: None, switch: switch.clone() }).await;
        let es2plus = |caller: Option<&str>| Port {
            server: wire::es2plus::Endpoint::new(smdp.clone(), tracer.clone()),
            caller: caller.map(Authenticated::from),
            switch: switch.clone(),
        };
        let operator = Operator {
            transport: plain(es2plus(Some(ALPHA.0))).await,
            requester: ALPHA.1.to_owned(),
            profile_type: PROFILE_TYPE.to_owned(),
        };
        let other_operator = Operator {
            transport: plain(es2plus(Some(BETA.0))).await,
            requester: BETA.1.to_owned(),
            profile_type: String::new(),
        };
        let anchor = p256(&pki).trust_anchor(Engine::AwsLc).unwrap();
        let known = [ALPHA, BETA].map(|(name, oid)| Caller {
            name: name.to_owned(),
            how: Recognition::Oid { oid: oid::parse(oid).unwrap(), anchors: vec![anchor.clone()] },
        });
        let admitted = Arc::new(Callers::new(known));
        let (strict, open) = (es2plus(None), es2plus(Some(ALPHA.0)));
        let callers = guarded(&pki, (Role::DpTls, SMDP), admitted, strict, open).await;
        let reports = reports::delivered(store, metrics, tracer.clone(), switch.clone()).await;
        let target = Target {
            kind: Kind::Smdp,
            is_alternative: false,
            address: SMDP.parse().unwrap(),
            lpa,
            roots: roots(&pki),
            operator: Some(operator),
            other_operator: Some(other_operator),
            callers: Some(callers),
            reports: Some(reports),
            orders: orders(),
            clock,
        };
        Self { target, switch }
    }
}
