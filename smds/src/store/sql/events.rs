//! Event records.

use certs::{Oid, oid};
use protocol::clock::Timestamp;
use protocol::types::{Eid, EventId};
use service::database::{Conditions, Row, StoreError, Transaction, Value, change_one, damage, one};

use super::operation::SLICE;
use super::root_deletions::add_errand;
use crate::domain::{EventNumber, EventRecord, EventState, NewEvent};
use crate::store::{Ending, EventFilter, Registration};

/// The columns of a record, in the order in which [`record`] reads them.
pub(super) const COLUMNS: &str =
    "id, caller, eid, event_id, rsp_server_address, forwarded_as, state, registered, expires, ended";

pub async fn register_event<T: Transaction>(tx: &T, event: NewEvent) -> Result<Registration, StoreError> {
    if let Some(found) = undone_or_standing(tx, &event).await? {
        return Ok(found);
    }
    let state = if event.forwarded_as.is_some() { EventState::Forwarding } else { EventState::Registered };
    let forward_until = event.forwarded_as.as_ref().map(|_| event.forward_until);
    let added = tx
        .rows(
            "INSERT INTO event (caller, eid, event_id, rsp_server_address, forwarded_as, state, registered,
                                forward_until, expires)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
            &[
                event.caller.to_string().into(),
                event.eid.to_string().into(),
                event.event_id.as_str().into(),
                event.rsp_server_address.as_str().into(),
                event.forwarded_as.as_ref().map(EventId::as_str).into(),
                state.name().into(),
                event.at.into(),
                forward_until.into(),
                event.expires.into(),
            ],
        )
        .await;
    match added {
        Ok(rows) => {
            let mut row = rows.into_iter().next().ok_or_else(|| damage("event"))?;
            Ok(Registration::Stored(EventNumber(row.integer("id")?)))
        }
        // Another node has taken the same EventID since we looked; whoever looks again sees it.
        Err(StoreError::Taken(_)) => Err(StoreError::Conflict),
        Err(other) => Err(other),
    }
}

/// What stands in the way of a registration; what nobody works on any more is out of the way after this.
async fn undone_or_standing<T: Transaction>(
    tx: &T,
    event: &NewEvent,
) -> Result<Option<Registration>, StoreError> {
    let sql = format!(
        "SELECT id, state, forward_until FROM event WHERE caller = $1 AND event_id = $2 {}",
        T::FOR_UPDATE
    );
    let found = one(tx, &sql, &[event.caller.to_string().into(), event.event_id.as_str().into()]).await?;
    let Some(mut row) = found else { return Ok(None) };
    let number = EventNumber(row.integer("id")?);
    let state: EventState = row.parsed("state")?;
    let forward_until = row.maybe_timestamp("forward_until")?;
    match state {
        EventState::Forwarding if forward_until.is_none_or(|until| event.at < until) => {
            Ok(Some(Registration::UnderWay))
        }
        EventState::Forwarding => {
            undo_event(tx, number, event.at, Some(event.at)).await?;
            Ok(None)
        }
        _ => Ok(Some(Registration::InUse)),
    }
}

pub async fn event_forwarded<T: Transaction>(tx: &T, number: EventNumber) -> Result<(), StoreError> {
    change_one(
        tx,
        "UPDATE event SET state = 'Registered', forward_until = NULL WHERE id = $1 AND state = 'Forwarding'",
        &[number.0.into()],
    )
    .await
}

pub async fn undo_event<T: Transaction>(
    tx: &T,
    number: EventNumber,
    now: Timestamp,
    given_up: Option<Timestamp>,
) -> Result<bool, StoreError> {
    let sql = "DELETE FROM event WHERE id = $1 AND state = 'Forwarding' RETURNING eid, forwarded_as";
    let Some(row) = one(tx, sql, &[number.0.into()]).await? else { return Ok(false) };
    if let Some(given_up) = given_up {
        tell_root(tx, row, now, given_up).await?;
    }
    Ok(true)
}

pub async fn end_event<T: Transaction>(
    tx: &T,
    number: EventNumber,
    ending: Ending,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let sql = "UPDATE event SET state = $2, ended = $3 WHERE id = $1 AND state = 'Registered'
               RETURNING eid, forwarded_as";
    let ended = one(tx, sql, &[number.0.into(), ending.state().name().into(), now.into()]).await?;
    let Some(row) = ended else { return Ok(false) };
    if ending == Ending::Removed {
        tell_root(tx, row, now, now).await?;
    }
    Ok(true)
}

pub async fn sweep_events<T: Transaction>(tx: &T, now: Timestamp) -> Result<u64, StoreError> {
    // Materialized: a subquery that PostgreSQL runs again finds the next ones, beyond the limit.
    let abandoned = format!(
        "WITH chosen AS MATERIALIZED
         (SELECT id FROM event WHERE state = 'Forwarding' AND forward_until <= $1 LIMIT $2 {})
         DELETE FROM event WHERE id IN (SELECT id FROM chosen)
         RETURNING eid, forwarded_as",
        T::SKIP_LOCKED
    );
    let expired = format!(
        "WITH chosen AS MATERIALIZED
         (SELECT id FROM event WHERE state = 'Registered' AND expires <= $1 LIMIT $2 {})
         UPDATE event SET state = 'Expired', ended = $1 WHERE id IN (SELECT id FROM chosen)
         RETURNING eid, forwarded_as",
        T::SKIP_LOCKED
    );
    let mut number = 0;
    for sql in [abandoned, expired] {
        for row in tx.rows(&sql, &[now.into(), SLICE.into()]).await? {
            tell_root(tx, row, now, now).await?;
            number += 1;
        }
    }
    Ok(number)
}

/// An event that is gone here goes at the Root SM-DS too, if it may be there. `row`: its EID and EventID2.
async fn tell_root<T: Transaction>(
    tx: &T,
    mut row: Row,
    now: Timestamp,
    given_up: Timestamp,
) -> Result<(), StoreError> {
    let eid: Eid = row.parsed("eid")?;
    match row.maybe_parsed::<EventId>("forwarded_as")? {
        Some(event_id) => add_errand(tx, eid, event_id, now, given_up).await,
        None => Ok(()),
    }
}

pub async fn event_of_caller<T: Transaction>(
    tx: &T,
    caller: Oid,
    event_id: EventId,
) -> Result<Option<EventRecord>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM event WHERE caller = $1 AND event_id = $2");
    let row = one(tx, &sql, &[caller.to_string().into(), event_id.as_str().into()]).await?;
    row.map(record).transpose()
}

pub async fn event<T: Transaction>(tx: &T, number: EventNumber) -> Result<Option<EventRecord>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM event WHERE id = $1");
    one(tx, &sql, &[number.0.into()]).await?.map(record).transpose()
}

pub async fn events<T: Transaction>(tx: &T, filter: EventFilter) -> Result<Vec<EventRecord>, StoreError> {
    let mut conditions = Conditions::default();
    conditions.and("eid = ", filter.eid.map(|eid| eid.to_string().into()));
    conditions.and("caller = ", filter.caller.map(|caller| caller.to_string().into()));
    conditions.and("event_id = ", filter.event_id.map(|id| id.as_str().into()));
    conditions.and("state = ", filter.state.map(|state| state.name().into()));
    if filter.standing {
        conditions.also("ended IS NULL");
    }
    conditions.and("id > ", filter.after.map(|number| Value::from(number.0)));
    let (text, parameters) = conditions.ordered_by("id", filter.limit);
    let rows = tx.rows(&format!("SELECT {COLUMNS} FROM event WHERE {text}"), &parameters).await?;
    rows.into_iter().map(record).collect()
}

/// Reads [`COLUMNS`].
pub(super) fn record(mut row: Row) -> Result<EventRecord, StoreError> {
    Ok(EventRecord {
        number: EventNumber(row.integer("id")?),
        caller: oid::parse(&row.text("caller")?).map_err(|_| damage("caller"))?,
        eid: row.parsed("eid")?,
        event_id: row.parsed("event_id")?,
        rsp_server_address: row.parsed("rsp_server_address")?,
        forwarded_as: row.maybe_parsed("forwarded_as")?,
        state: row.parsed("state")?,
        registered: row.timestamp("registered")?,
        expires: row.maybe_timestamp("expires")?,
        ended: row.maybe_timestamp("ended")?,
    })
}
