//! The SM-DS as a whole, and what its interfaces share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use asn1::TransactionId;
use protocol::clock::Clock;
use protocol::smds_session::Identities;
use protocol::trace::Tracer;
use service::recent::Recent;

use crate::config::Config;
use crate::domain::SessionRecord;
use crate::metrics::Metrics;
use crate::root::RootSmds;
use crate::store::Store;

/// Where the server's randomness comes from.
pub type BoxedRng = Box<dyn rand_core::CryptoRng + Send>;

/// What an SM-DS is made of.
pub struct Parts<S, R> {
    /// What those who run it chose.
    pub config: Config,
    /// Its certificates and keys.
    pub identities: Identities,
    /// Its store.
    pub store: Arc<S>,
    /// The Root SM-DS of an Alternative one; a Root SM-DS has none.
    pub root: Option<Arc<R>>,
    /// Randomness: challenges, TransactionIDs, EventIDs.
    pub rng: BoxedRng,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Where it tells what it does.
    pub tracer: Tracer,
    /// Where it counts what it does.
    pub metrics: Arc<Metrics>,
}

/// An SM-DS, Root or Alternative.
pub struct Smds<S, R> {
    pub(crate) config: Config,
    pub(crate) identities: Identities,
    pub(crate) store: Arc<S>,
    pub(crate) root: Option<Arc<R>>,
    rng: Mutex<BoxedRng>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) tracer: Tracer,
    pub(crate) metrics: Arc<Metrics>,
    /// The sessions that this node has opened and nobody has come back to.
    pub(crate) sessions: Recent<TransactionId, SessionRecord>,
}

impl<S: Store, R: RootSmds> Smds<S, R> {
    /// Puts an SM-DS together.
    pub fn new(parts: Parts<S, R>) -> Self {
        let Parts { config, identities, store, root, rng, clock, tracer, metrics } = parts;
        let (rng, sessions) = (Mutex::new(rng), Recent::default());
        Self { config, identities, store, root, rng, clock, tracer, metrics, sessions }
    }

    /// The store, for those who look at what happened.
    pub fn store(&self) -> &Arc<S> {
        &self.store
    }

    /// What those who run it chose.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What it counts.
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    /// Its clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    fn rng(&self) -> MutexGuard<'_, BoxedRng> {
        self.rng.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng().fill_bytes(&mut bytes);
        bytes
    }
}
