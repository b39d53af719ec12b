//! The SM-DP+ as a whole, and what its interfaces share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::clock::Clock;
use protocol::smdp_session::Identities;
use protocol::status::StatusCode;
use protocol::trace::Tracer;
use protocol::types::Eid;

use crate::catalogue::Catalogue;
use crate::config::{Config, NotificationPoints};
use crate::domain::{Happening, Order, Report, ReportedFailure};
use crate::es9plus::AtHand;
use crate::faults::Faults;
use crate::metrics::Metrics;
use crate::smds::EventNews;
use crate::store::Store;

/// Where the server's randomness comes from.
pub type BoxedRng = Box<dyn rand_core::CryptoRng + Send>;

/// What an SM-DP+ is made of.
pub struct Parts<S> {
    /// What its operator chose.
    pub config: Config,
    /// Its certificates and keys.
    pub identities: Identities,
    /// Its store.
    pub store: Arc<S>,
    /// Randomness: challenges, TransactionIDs, one-time keys.
    pub rng: BoxedRng,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Where it tells what it does.
    pub tracer: Tracer,
    /// Where it counts what it does.
    pub metrics: Arc<Metrics>,
}

/// An SM-DP+.
pub struct Smdp<S> {
    pub(crate) config: Config,
    pub(crate) identities: Identities,
    pub(crate) store: Arc<S>,
    rng: Mutex<BoxedRng>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) tracer: Tracer,
    pub(crate) metrics: Arc<Metrics>,
    faults: Faults,
    pub(crate) catalogue: Catalogue,
    /// Between ES2+ and those who tell the SM-DSs.
    pub(crate) events: Arc<EventNews>,
    pub(crate) at_hand: AtHand,
}

impl<S: Store> Smdp<S> {
    /// Puts an SM-DP+ together.
    pub fn new(parts: Parts<S>) -> Self {
        let Parts { config, identities, store, rng, clock, tracer, metrics } = parts;
        let catalogue = Catalogue::new(config.catalogue);
        metrics.set_catalogue_entries(catalogue.len());
        if config.catalogue {
            tracing::warn!(entries = catalogue.len(), "the error catalogue is open");
        }
        Self {
            config,
            identities,
            store,
            rng: Mutex::new(rng),
            clock,
            tracer,
            faults: Faults::new(metrics.clone()),
            catalogue,
            metrics,
            events: Arc::default(),
            at_hand: AtHand::default(),
        }
    }

    /// The store, for those who look at what happened.
    pub fn store(&self) -> &Arc<S> {
        &self.store
    }

    /// What its operator chose.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What it counts.
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    /// What it does wrong where somebody asks for it.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Its clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    pub(crate) fn rng(&self) -> MutexGuard<'_, BoxedRng> {
        self.rng.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng().fill_bytes(&mut bytes);
        bytes
    }

    /// Notes what happened to an order, and what its operator is to hear of it: written with the order's next change.
    pub(crate) fn note(&self, order: &mut Order, step: Step) {
        let Step { what, eid, point, failure, result_data } = step;
        let operator = order.operator.as_deref().and_then(|name| self.config.operator(name));
        let point = operator
            .filter(|operator| operator.takes_reports)
            .zip(point)
            .and_then(|(operator, point)| point(&operator.points));
        let detail = failure.map(|code| code.to_string());
        let failure = failure.map(ReportedFailure::from);
        let report = point.map(|point| Report { point, failure, result_data });
        order.happened.push(Happening { at: self.clock.now(), eid, what, detail, report });
    }
}

/// A step of an order's life.
pub(crate) struct Step {
    what: &'static str,
    eid: Option<Eid>,
    /// Which of the notification points it is.
    point: Option<fn(&NotificationPoints) -> Option<u32>>,
    failure: Option<StatusCode>,
    result_data: Option<Vec<u8>>,
}

impl Step {
    /// Something that only the history tells.
    pub(crate) fn silent(what: &'static str) -> Self {
        Self { what, eid: None, point: None, failure: None, result_data: None }
    }

    /// Something that the operator hears of, where it is configured.
    pub(crate) fn reported(what: &'static str, point: fn(&NotificationPoints) -> Option<u32>) -> Self {
        Self { point: Some(point), ..Self::silent(what) }
    }

    /// An eUICC has part in it (SGP.22 §5.3.5: the EID is told as soon as it is known).
    pub(crate) fn of(self, eid: Eid) -> Self {
        Self { eid: Some(eid), ..self }
    }

    /// It failed.
    pub(crate) fn failed(self, code: StatusCode) -> Self {
        Self { failure: Some(code), ..self }
    }

    /// The finalResult of a ProfileInstallationResult.
    pub(crate) fn with_result(self, result_data: Option<Vec<u8>>) -> Self {
        Self { result_data, ..self }
    }
}
