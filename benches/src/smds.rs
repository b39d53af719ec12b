//! An SM-DS below HTTP, with events for one eUICC.

use std::convert::Infallible;
use std::sync::Arc;

use anyhow::{Result, ensure};
use certs::chain::TrustAnchor;
use certs::workshop::{Holder, Workshop};
use certs::{Role, Variant, oid};
use crypto::{Curve, Engine, SigningKey};
use protocol::clock::Timestamp;
use protocol::smds_session::{Identities, Identity};
use protocol::trace::{Actor, Tracer};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use smds::domain::NewEvent;
use smds::store::{Registration, SqliteStore, Store};
use smds::{Config, Limits, Parts, Smds};

use crate::clock::PassingClock;
use crate::euicc::Euicc;
use crate::laboratory;
use crate::pki::{Authority, NOW};

/// The server's address.
pub const ADDRESS: &str = "smds.example.com";

/// A Root SM-DS whose store is in memory, and an eUICC that asks it for events.
pub struct SmdsLaboratory<S = SqliteStore> {
    /// The server.
    pub smds: Smds<S, Infallible>,
    /// The eUICC.
    pub euicc: Euicc,
}

impl SmdsLaboratory {
    /// On this curve, computed by AWS-LC where it can.
    ///
    /// # Errors
    /// None that a seed would raise.
    pub fn new(curve: Curve) -> Result<Self> {
        Self::on(Arc::new(SqliteStore::in_memory()?), curve)
    }
}

impl<S: Store> SmdsLaboratory<S> {
    /// On this store.
    ///
    /// # Errors
    /// None that a seed would raise.
    pub fn on(store: Arc<S>, curve: Curve) -> Result<Self> {
        let authority = Authority::new(curve, Engine::AwsLc)?;
        let smds = Smds::new(Parts {
            config: Config {
                address: ADDRESS.parse()?,
                limits: Limits::default(),
                requester: "2.999.15.1".to_owned(),
            },
            identities: identities(&authority)?,
            store,
            root: None,
            rng: Box::new(ChaCha20Rng::seed_from_u64(1)),
            clock: Arc::<PassingClock>::default(),
            tracer: Tracer::off(Actor::Smds),
            metrics: Arc::default(),
        });
        Ok(Self { smds, euicc: Euicc::made_by(&authority.factory, 1)? })
    }

    /// Registers an event for the eUICC, `EVENT-` and the number. It waits until it is deleted, however often it is told.
    ///
    /// # Errors
    /// Where the store fails, or has this event already.
    pub async fn register(&self, number: u64) -> Result<()> {
        let event = NewEvent {
            caller: oid::parse("2.999.10.1")?,
            eid: *self.euicc.eid(),
            event_id: format!("EVENT-{number}").parse()?,
            rsp_server_address: laboratory::ADDRESS.parse()?,
            forwarded_as: None,
            at: now(),
            forward_until: now(),
            expires: None,
        };
        let registration = self.smds.store().register_event(event).await?;
        ensure!(matches!(registration, Registration::Stored(_)), "{registration:?}");
        Ok(())
    }
}

fn now() -> Timestamp {
    Timestamp::from_unix_seconds(NOW.0)
}

fn identities(authority: &Authority) -> Result<Identities> {
    let engine = Engine::AwsLc;
    let mut rng = ChaCha20Rng::seed_from_u64(27);
    let made = Workshop::new(NOW, &mut rng).issue(&authority.ci, &Holder::Server(Role::DsAuth))?;
    let key = SigningKey::from_scalar(engine, made.key().curve(), &*made.key().to_scalar()?)?;
    let auth = certs::Identity::new(made.certificate().clone(), key)?;
    let anchor = TrustAnchor::new(authority.ci.certificate().clone(), engine)?;
    Ok(Identities::new(vec![Identity { variant: Variant::O, auth }], vec![anchor], engine)?)
}
