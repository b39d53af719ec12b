//! The case that is being played: what waits, which sessions are open, what was done already.

use std::sync::Arc;
use std::time::Instant;

use asn1::TransactionId;
use protocol::es9plus::Function;
use protocol::mutual_authentication::Opened;
use protocol::smdp_session::{Authenticated, Offered};
use protocol::status::Refusal;
use protocol::trace::Tracer;
use rand_chacha::ChaCha20Rng;
use rand_core::Rng;
use rustls::sign::CertifiedKey;

use super::waiting::{Told, Waiting};
use crate::lpa::log::Log;
use crate::lpa::situation::{Act, Code, Deed, Event, Server, Situation, Times};

/// The case that is being played.
pub struct Scene {
    pub(in crate::lpa) situation: Situation,
    pub(super) began: Instant,
    pub(super) act: usize,
    pub(super) rng: ChaCha20Rng,
    pub(super) tracer: Tracer,
    /// What the SM-DP+ shows in TLS where it is not what it usually shows.
    pub(super) shown: Option<Arc<CertifiedKey>>,
    /// What waits at the SM-DP+; the first for the activation code.
    pub(super) waiting: Vec<Waiting>,
    /// What the SM-DS tells, and what the second server tells as an Alternative.
    pub(in crate::lpa) told: Vec<Told>,
    pub(super) sessions: Vec<Session>,
    /// Which of the situation's twists were used.
    used: Vec<bool>,
    pub(in crate::lpa) log: Log,
}

/// An RSP session.
pub(super) struct Session {
    pub(super) transaction_id: TransactionId,
    pub(super) stage: Stage,
}

/// How far it is.
pub(super) enum Stage {
    Opened(Opened),
    /// What was offered, and which of [`Scene::waiting`] it is.
    Offered(Offered, usize),
    /// There is nothing more to say; the eUICC that may still report.
    Ended(Option<Authenticated>),
}

impl Scene {
    pub(in crate::lpa) fn new(
        situation: Situation,
        waiting: Vec<Waiting>,
        told: Vec<Told>,
        rng: ChaCha20Rng,
        tracer: Tracer,
        shown: Option<Arc<CertifiedKey>>,
    ) -> Self {
        Self {
            situation,
            began: Instant::now(),
            act: 0,
            rng,
            tracer,
            shown,
            waiting,
            told,
            sessions: Vec::new(),
            used: vec![false; situation.twists.len()],
            log: Log::default(),
        }
    }

    /// The deed that falls to this call, which is used up if it is for one call only.
    pub(super) fn deed(&mut self, server: Server, function: Function) -> Option<Deed> {
        for (twist, used) in self.situation.twists.iter().zip(&mut self.used) {
            let here = twist.server == server && twist.function == function;
            if here && !(*used && twist.times == Times::First) {
                *used = true;
                return Some(twist.deed);
            }
        }
        None
    }

    /// Whether a server is an SM-DS in this case.
    pub(super) fn is_smds(&self, server: Server) -> bool {
        match server {
            Server::Smds => true,
            Server::Second => self.situation.events.contains(&Event::Alternative),
            Server::Smdp | Server::WithoutTls => false,
        }
    }

    /// Which profile waits for this MatchingID. An empty one is for the first that waits, where the situation has such.
    pub(super) fn order(&self, matching_id: Option<&str>) -> Option<usize> {
        match matching_id.filter(|id| !id.is_empty()) {
            Some(id) => self.waiting.iter().position(|waiting| waiting.matching_id == id),
            None => self.situation.acts.iter().any(|act| act.is_without_token()).then_some(0),
        }
    }

    pub(super) fn session(&mut self, transaction_id: &TransactionId) -> Option<&mut Session> {
        self.sessions.iter_mut().find(|session| session.transaction_id == *transaction_id)
    }

    /// A TransactionID that nobody has.
    pub(super) fn transaction_id(&mut self) -> Result<TransactionId, Refusal> {
        TransactionId::new(self.random::<16>()).map_err(|error| Refusal::configuration(error.to_string()))
    }

    pub(super) fn random<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.fill_bytes(&mut bytes);
        bytes
    }
}

impl Session {
    /// The eUICC, once it is known.
    pub(super) fn client(&self) -> Option<&Authenticated> {
        match &self.stage {
            Stage::Opened(_) => None,
            Stage::Offered(offered, _) => Some(&offered.client),
            Stage::Ended(client) => client.as_ref(),
        }
    }
}

impl Act {
    /// Whether it leads to an empty MatchingID.
    fn is_without_token(self) -> bool {
        matches!(self, Self::DownloadFromDefault | Self::Download(Code::EmptyToken, _))
    }
}
