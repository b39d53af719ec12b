//! Finding by the EID alone what waits for an eUICC (SGP.22 §3.6.2): an SM-DS tells events, each names a server, and that
//! server has a profile or is another SM-DS.
//!
//! [`retrieve`] asks one SM-DS. A [`Discovery`] goes through all that it told, one event for each call of
//! [`Discovery::next`], so that the caller can deliver notifications between two downloads (SGP.22 §3.5).

mod error;
mod event;
mod outcome;
mod retrieval;
mod servers;

use std::collections::{HashSet, VecDeque};

use protocol::es9plus::Es9Plus;
use protocol::types::{EventId, ServerAddress};

pub use error::{EventError, RetrievalError, Stopped};
pub use event::{Event, MalformedEvent};
pub use outcome::{Outcome, Processed};
pub use retrieval::{Query, retrieve};
pub use servers::Servers;

use crate::authentication::{Opened, ServerKind, Session};
use crate::card::Card;
use crate::device::Device;
use crate::download::{self, DownloadError, Failure, Request, User};
use crate::isd_r::IsdR;
use crate::progress::Step;
use event::Target;

/// How many SM-DSs may lie on the way to an SM-DP+. SGP.22 §3.6.1.2 has two, Root and Alternative; the others leave room for
/// who tries something else, and end a chain in which each names a next one with a new EventID.
pub const MAX_SMDS: usize = 4;

/// How many events one discovery takes from all SM-DSs together: far more than an eUICC has room for profiles, and an end
/// for SM-DSs of which each multiplies what it was asked.
pub const MAX_EVENTS: usize = 1000;

/// The events that one SM-DS led to, on their way to be processed.
#[derive(Debug)]
pub struct Discovery {
    device: Device,
    waiting: VecDeque<Event>,
    /// Every server that was asked for an event: host in lower case, port, EventID.
    asked: HashSet<(String, u16, EventId)>,
    taken: usize,
    left_out: usize,
}

impl Discovery {
    /// Asks an SM-DS for all events of the eUICC.
    ///
    /// # Errors
    /// [`RetrievalError`], where this SM-DS gave none.
    pub async fn start<C: Card, V: Servers, U: User + ?Sized>(
        isd_r: &mut IsdR<C>,
        servers: &V,
        smds_address: ServerAddress,
        device: Device,
        user: &mut U,
    ) -> Result<Self, Box<RetrievalError<V::Error>>> {
        let server = servers.server(&smds_address);
        let query = Query { smds_address, event_id: None, device };
        let events = retrieve(isd_r, &server, &query, user).await?;
        let mut discovery = Self {
            device: query.device,
            waiting: VecDeque::new(),
            asked: HashSet::new(),
            taken: 0,
            left_out: 0,
        };
        discovery.take_in(events);
        Ok(discovery)
    }

    /// The events that wait, the next one first.
    pub fn waiting(&self) -> impl ExactSizeIterator<Item = &Event> {
        self.waiting.iter()
    }

    /// How many events were told beyond [`MAX_EVENTS`]. They are not processed.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// Processes the next event; `None` where there is none left. One that comes to nothing does not keep the others from
    /// being processed (SGP.22 §3.6.2 step 4: in the order received; what an Alternative tells takes the place of the event
    /// that led there).
    ///
    /// # Errors
    /// [`Stopped`] where the card failed.
    pub async fn next<C: Card, V: Servers, U: User + ?Sized>(
        &mut self,
        isd_r: &mut IsdR<C>,
        servers: &V,
        user: &mut U,
    ) -> Result<Option<Processed<V::Error>>, Box<Stopped<V::Error>>> {
        let Some(event) = self.waiting.pop_front() else { return Ok(None) };
        match self.process(&event, isd_r, servers, user).await {
            Ok(outcome) => Ok(Some(Processed { event, outcome })),
            Err(error) if error.is_of_the_card() => Err(Box::new(Stopped { event, error })),
            Err(error) => Ok(Some(Processed { event, outcome: failed(error) })),
        }
    }

    async fn process<C: Card, V: Servers, U: User + ?Sized>(
        &mut self,
        event: &Event,
        isd_r: &mut IsdR<C>,
        servers: &V,
        user: &mut U,
    ) -> Result<Outcome<V::Error>, EventError<V::Error>> {
        let mut session = Session::new(isd_r, user);
        let target = session.tracer().check("SGP.22 §5.8.2", "rspServerAddress and eventId", event.target());
        let target = target.map_err(EventError::Malformed)?;
        if !self.is_asked_first(&target) {
            let reason = "this server was asked for this EventID before";
            session.tracer().refused("SGP.22 §3.6.2", "the event is a new one", &reason);
            return Ok(Outcome::SeenBefore);
        }
        let server = servers.server(&target.address);
        let initiate = |opening| Es9Plus::initiate_authentication(&server, opening);
        let opened = session.open(&target.address, Step::InitiateAuthentication, initiate).await;
        let opened = opened
            .map_err(|failure| EventError::Retrieval(RetrievalError { step: session.step, failure }))?;
        match opened.kind {
            ServerKind::Smdp => {
                let request = Request::from_event(target.address, &target.event_id, self.device.clone());
                let downloaded = download::download_opened(session, &server, &request, opened).await;
                downloaded.map(|it| Outcome::Downloaded(Box::new(it))).map_err(EventError::Download)
            }
            ServerKind::Smds if event.path.len() >= MAX_SMDS => {
                let reason = format!("{MAX_SMDS} SM-DSs lie on the way already");
                session.tracer().refused("SGP.22 §3.6.2", "the SM-DS is not too far away", &reason);
                Ok(Outcome::TooDeep)
            }
            ServerKind::Smds => self.follow(event, target, session, &server, opened).await,
        }
    }

    /// SGP.22 §3.6.2 case b.
    async fn follow<C: Card, S: protocol::es11::Es11, U: User + ?Sized>(
        &mut self,
        event: &Event,
        target: Target,
        session: Session<'_, C, U>,
        server: &S,
        opened: Opened,
    ) -> Result<Outcome<S::Error>, EventError<S::Error>> {
        let query = Query {
            smds_address: target.address,
            event_id: Some(target.event_id),
            device: self.device.clone(),
        };
        let events = retrieval::retrieve_opened(session, server, &query, &event.path, opened).await;
        Ok(Outcome::Followed(self.take_in(events.map_err(EventError::Retrieval)?)))
    }

    /// Puts events before all others, in their order, and gives those for which there was room.
    fn take_in(&mut self, mut events: Vec<Event>) -> Vec<Event> {
        let room = MAX_EVENTS.saturating_sub(self.taken);
        self.left_out += events.len().saturating_sub(room);
        events.truncate(room);
        self.taken += events.len();
        for event in events.iter().rev() {
            self.waiting.push_front(event.clone());
        }
        events
    }

    /// Remembers who is asked for what.
    fn is_asked_first(&mut self, target: &Target) -> bool {
        let Target { address, event_id } = target;
        self.asked.insert((address.host().to_ascii_lowercase(), address.port(), event_id.clone()))
    }
}

/// A user who declined is no failure of anybody.
fn failed<E>(error: EventError<E>) -> Outcome<E> {
    match error {
        EventError::Download(error) => match *error {
            DownloadError { failure: Failure::Declined(declined), cancellation, .. } => {
                Outcome::Declined { declined, cancellation }
            }
            error => Outcome::Failed(Box::new(EventError::Download(Box::new(error)))),
        },
        error => Outcome::Failed(Box::new(error)),
    }
}
