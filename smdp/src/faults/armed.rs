//! The rules that are armed.

use std::collections::HashSet;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use asn1::TransactionId;
use protocol::es9plus::Function;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

use super::{Fault, Involved, Rule, RuleError};
use crate::metrics::Metrics;

/// The number of an armed rule.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RuleId(pub u64);

/// An armed rule.
#[derive(Clone, Debug)]
pub struct Armed {
    /// Its number.
    pub id: RuleId,
    /// What was asked for.
    pub rule: Rule,
    /// How often it may still act; `None` for any number.
    pub left: Option<NonZeroU32>,
    /// How often it has acted.
    pub acted: u64,
    draws: ChaCha20Rng,
}

/// Sessions that were offered large metadata and still want a package at most; beyond, all are forgotten.
const SESSIONS: usize = 10_000;

/// What is armed in one process.
pub struct Faults {
    armed: Mutex<State>,
    metrics: Arc<Metrics>,
}

#[derive(Default)]
struct State {
    rules: Vec<Armed>,
    last: u64,
    large_metadata: HashSet<TransactionId>,
}

impl Faults {
    pub(crate) fn new(metrics: Arc<Metrics>) -> Self {
        Self { armed: Mutex::default(), metrics }
    }

    /// Arms a rule.
    ///
    /// # Errors
    /// Where it could never act.
    pub fn arm(&self, rule: Rule) -> Result<Armed, RuleError> {
        rule.check()?;
        let mut state = self.state();
        state.last += 1;
        let seed = rule.chance.map_or(0, |chance| chance.seed);
        let armed = Armed {
            id: RuleId(state.last),
            left: rule.calls,
            rule,
            acted: 0,
            draws: ChaCha20Rng::seed_from_u64(seed),
        };
        let Rule { fault, function, eid, matching_id, chance, .. } = &armed.rule;
        tracing::warn!(
            rule = armed.id.0,
            %fault,
            function = function.map(Function::name),
            eid = eid.map(|eid| eid.to_string()),
            matching_id = matching_id.as_ref().map(|id| id.as_str()),
            calls = armed.left,
            percent = chance.map(|chance| chance.percent),
            "a fault is armed: this server will do something wrong",
        );
        state.rules.push(armed.clone());
        self.metrics.set_faults_armed(state.rules.len());
        Ok(armed)
    }

    /// Every armed rule, in the order in which they are asked.
    pub fn armed(&self) -> Vec<Armed> {
        self.state().rules.clone()
    }

    /// Whether any rule is armed.
    pub fn any(&self) -> bool {
        !self.state().rules.is_empty()
    }

    /// Disarms a rule; `false` where there is none with this number.
    pub fn disarm(&self, id: RuleId) -> bool {
        self.disarm_those(|armed| armed.id == id) > 0
    }

    /// Disarms all, and says how many.
    pub fn disarm_all(&self) -> usize {
        self.disarm_those(|_| true)
    }

    fn disarm_those(&self, gone: impl Fn(&Armed) -> bool) -> usize {
        let mut state = self.state();
        let before = state.rules.len();
        for armed in state.rules.extract_if(.., |armed| gone(armed)) {
            tracing::warn!(rule = armed.id.0, fault = %armed.rule.fault, acted = armed.acted, "a fault is disarmed");
        }
        self.metrics.set_faults_armed(state.rules.len());
        before - state.rules.len()
    }

    /// The fault of the first rule that acts on this call.
    pub(super) fn draw(&self, function: Function, involved: Involved<'_>) -> Option<Fault> {
        let mut state = self.state();
        let mut about =
            state.rules.iter_mut().enumerate().filter(|(_, armed)| armed.rule.is_about(function, involved));
        let (place, armed) = about.find_map(|(place, armed)| armed.hits().then_some((place, armed)))?;
        armed.acted += 1;
        let (id, fault) = (armed.id, armed.rule.fault.clone());
        let used_up = armed.left.is_some_and(|left| left == NonZeroU32::MIN);
        armed.left = armed.left.and_then(|left| NonZeroU32::new(left.get() - 1));
        tracing::warn!(rule = id.0, %fault, function = function.name(), "a fault acts");
        if used_up {
            tracing::warn!(rule = id.0, %fault, "a fault is used up");
            state.rules.remove(place);
            self.metrics.set_faults_armed(state.rules.len());
        }
        Some(fault)
    }

    /// Remembers that a session was offered large metadata, so that its package has the same.
    pub(crate) fn note_large_metadata(&self, transaction_id: &TransactionId) {
        let mut state = self.state();
        if state.large_metadata.len() >= SESSIONS {
            state.large_metadata.clear();
        }
        state.large_metadata.insert(transaction_id.clone());
    }

    /// Whether this session was.
    pub(crate) fn has_large_metadata(&self, transaction_id: &TransactionId) -> bool {
        self.state().large_metadata.contains(transaction_id)
    }

    /// A fault has acted, of a rule or of the catalogue.
    pub(super) fn count(&self, fault: &Fault) {
        self.metrics.count_fault(fault);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.armed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Armed {
    /// One draw for each call that the rule is about, whatever came before: so a seed says which calls it acts on.
    fn hits(&mut self) -> bool {
        let Some(chance) = self.rule.chance else { return true };
        // Of 2³² numbers so many lie below the bound; a hundredth is not exact, and far closer than anybody can count.
        let bound = u64::from(chance.percent) * (1 << 32) / 100;
        u64::from(self.draws.next_u32()) < bound
    }
}
