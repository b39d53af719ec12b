//! Asking one SM-DS (SGP.22 §3.6.2, steps 1 to 3).

use protocol::es9plus::Function;
use protocol::es11::Es11;
use protocol::types::{EventId, ServerAddress};

use super::error::RetrievalError;
use super::event::Event;
use crate::authentication::{Failure, Opened, ServerKind, Session};
use crate::card::Card;
use crate::device::Device;
use crate::download::User;
use crate::isd_r::IsdR;
use crate::progress::Step;

/// Whom to ask, and for what.
#[derive(Clone, Debug)]
pub struct Query {
    /// The SM-DS.
    pub smds_address: ServerAddress,
    /// The event to ask for (SGP.22 §3.6.2 case b); without one, all events of the eUICC (case a).
    pub event_id: Option<EventId>,
    /// The device.
    pub device: Device,
}

/// Asks an SM-DS for events and gives them in its order.
///
/// The RSP session in the eUICC is over then without a word to it: ES11 knows no CancelSession, and the next session
/// discards what is left (SGP.22 §5.7.7). ES10b.CancelSession would not do: with a reason that fits, it has the eUICC drop
/// the one-time key that it may keep for an SM-DP+ (SGP.22 §5.7.14).
///
/// # Errors
/// [`RetrievalError`]: the step, and why it failed.
pub async fn retrieve<C: Card, S: Es11, U: User + ?Sized>(
    isd_r: &mut IsdR<C>,
    server: &S,
    query: &Query,
    user: &mut U,
) -> Result<Vec<Event>, Box<RetrievalError<S::Error>>> {
    let mut session = Session::new(isd_r, user);
    let events = match open(&mut session, server, query).await {
        Ok(opened) => ask(&mut session, server, query, &[], opened).await,
        Err(failure) => Err(failure),
    };
    events.map_err(|failure| Box::new(RetrievalError { step: session.step, failure }))
}

/// The same from the point where the server has shown itself. `path` is that of the event which led here.
pub(super) async fn retrieve_opened<C: Card, S: Es11, U: User + ?Sized>(
    mut session: Session<'_, C, U>,
    server: &S,
    query: &Query,
    path: &[ServerAddress],
    opened: Opened,
) -> Result<Vec<Event>, RetrievalError<S::Error>> {
    let events = ask(&mut session, server, query, path, opened).await;
    events.map_err(|failure| RetrievalError { step: session.step, failure })
}

/// SGP.22 §3.1.2 steps 1 to 10.
async fn open<C: Card, S: Es11, U: User + ?Sized>(
    session: &mut Session<'_, C, U>,
    server: &S,
    query: &Query,
) -> Result<Opened, Failure<S::Error>> {
    let initiate = |opening| server.initiate_authentication(opening);
    session.open(&query.smds_address, Step::InitiateAuthenticationEs11, initiate).await
}

/// SGP.22 §3.1.2 steps 11 to 15, §3.6.2 steps 2 and 3.
async fn ask<C: Card, S: Es11, U: User + ?Sized>(
    session: &mut Session<'_, C, U>,
    server: &S,
    query: &Query,
    path: &[ServerAddress],
    opened: Opened,
) -> Result<Vec<Event>, Failure<S::Error>> {
    session.require_kind(&opened, ServerKind::Smds)?;
    // SGP.22 §3.6.2 step 1: empty in case a.
    let matching_id = query.event_id.as_ref().map_or("", EventId::as_str);
    let authenticated = session.authenticate_server(opened, matching_id, &query.device)?;
    let transaction_id = authenticated.transaction_id.clone();
    let authenticate = |request| server.authenticate_client(request);
    let answer =
        session.authenticate_client(authenticated, Step::AuthenticateClientEs11, authenticate).await?;
    let function = Function::AuthenticateClient;
    let subject = "transactionId of AuthenticateClient";
    session.require_transaction(subject, function, &transaction_id, &answer.transaction_id)?;
    let path = [path, std::slice::from_ref(&query.smds_address)].concat();
    Ok(answer.event_entries.into_iter().map(|entry| Event::told(entry, &path)).collect())
}
