//! Events at SM-DSs: what is to be registered and deleted there.
//!
//! `due` is when something is to be done next, and nothing where nothing is; for a registered event, it is the end of its
//! order. An event is claimed by moving `due` to the end of the lease: if who claimed it dies, it is due again by itself,
//! and until then nobody tells the SM-DS something else about it. Before a call is made, its possible effect is written
//! (`known`, `forgotten`), and taken back only by who knows that the call had none.

use protocol::clock::Timestamp;
use protocol::types::{Eid, EventId, MatchingId, ServerAddress};
use service::database::{Conditions, Row, Transaction, Value, damage, one};

use super::happenings::keep_happened;
use crate::domain::{
    EventFailure, EventTry, FailureKind, Happening, Order, OrderId, SmdsEvent, SmdsEventId, SmdsEventStage,
};
use crate::store::seal::SealingTransaction;
use crate::store::{SmdsEventFilter, StoreError};

const COLUMNS: &str = "e.id, e.download_order, e.eid, e.event_id, e.smds_address, e.stage, e.due, e.lease,
    e.attempts, e.failures, e.known, e.forgotten, e.failure, e.message, e.expires, e.created, e.changed";

fn read(mut row: Row) -> Result<SmdsEvent, StoreError> {
    Ok(SmdsEvent {
        id: SmdsEventId(row.integer("id")?),
        order: OrderId(row.integer("download_order")?),
        eid: row.parsed("eid")?,
        event_id: row.parsed("event_id")?,
        smds: row.parsed("smds_address")?,
        stage: row.text("stage")?.parse().map_err(|()| damage("stage"))?,
        due: row.maybe_timestamp("due")?,
        lease: row.maybe_timestamp("lease")?,
        attempts: row.count("attempts")?,
        failures: row.count("failures")?,
        known: row.integer("known")? == 1,
        forgotten: row.integer("forgotten")? == 1,
        failure: failure(row.maybe_text("failure")?, row.maybe_text("message")?),
        expires: row.maybe_timestamp("expires")?,
        created: row.timestamp("created")?,
        changed: row.timestamp("changed")?,
    })
}

fn failure(kind: Option<String>, message: Option<String>) -> Option<EventFailure> {
    let kind = FailureKind::of_text(kind?);
    Some(EventFailure { kind, message: message.unwrap_or_default() })
}

// ---- with every change to an order -----------------------------------------------------------------------------------

/// What a change to an order means for its event. `released` says that it is this change that makes it wait for a
/// download.
///
/// An order that waits for an eUICC has its event as long as it waits; whatever ends that ends the event with it.
pub(super) async fn follow_order<T: Transaction>(
    tx: &T,
    order: &Order,
    released: bool,
) -> Result<(), StoreError> {
    match (&order.smds_address, order.eid, &order.matching_id) {
        (None, _, _) => Ok(()),
        (Some(smds), Some(eid), Some(matching_id)) if order.is_pending() => match released {
            true => register(tx, order, smds, eid, matching_id).await,
            false => Ok(()),
        },
        _ => end_events(tx, OF_ORDER, order.id.0.into(), moment(order)).await,
    }
}

/// When the change happened.
fn moment(order: &Order) -> Option<Timestamp> {
    order.happened.last().map(|happening| happening.at)
}

/// A new event; or that of this order once more, if no SM-DS can have forgotten it yet. An EventID that can have been
/// deleted at an SM-DS, or is another order's, is taken (SGP.22 §3.6.1: EventIDs are not reused).
async fn register<T: Transaction>(
    tx: &T,
    order: &Order,
    smds: &ServerAddress,
    eid: Eid,
    matching_id: &MatchingId,
) -> Result<(), StoreError> {
    let now = moment(order).unwrap_or(order.created);
    let event_id = EventId::from(matching_id.clone());
    let event: [Value; 6] = [
        order.id.0.into(),
        eid.to_string().into(),
        event_id.as_str().into(),
        smds.as_str().into(),
        now.into(),
        order.expires.into(),
    ];
    let added = tx
        .execute(
            "INSERT INTO smds_event (download_order, eid, event_id, smds_address, stage, due, attempts, failures, known,
                                     forgotten, created, changed, expires)
             VALUES ($1, $2, $3, $4, 'Registering', $5, 0, 0, 0, 0, $5, $5, $6) ON CONFLICT (event_id) DO NOTHING",
            &event,
        )
        .await?;
    if added == 1 {
        return Ok(());
    }
    let again = tx
        .execute(
            "UPDATE smds_event SET stage = 'Registering', due = COALESCE(lease, $5), failures = 0, failure = NULL,
                                   message = NULL, changed = $5, expires = $6
             WHERE download_order = $1 AND eid = $2 AND event_id = $3 AND smds_address = $4 AND stage = 'Deleting'
             AND forgotten = 0",
            &event,
        )
        .await?;
    if again == 1 { Ok(()) } else { Err(StoreError::Taken(format!("EventID {event_id}"))) }
}

/// The events of an order.
pub(super) const OF_ORDER: &str = "download_order = $1";
/// Those of all orders of a profile.
pub(super) const OF_PROFILE: &str = "download_order IN (SELECT id FROM download_order WHERE profile = $1)";

/// The orders of these events have ended, or are about to be removed. What no SM-DS can know is dropped; the rest is deleted
/// there, as soon as no registration of it can be under way any more.
pub(super) async fn end_events<T: Transaction>(
    tx: &T,
    which: &str,
    key: Value,
    now: Option<Timestamp>,
) -> Result<(), StoreError> {
    let unknown = format!("DELETE FROM smds_event WHERE {which} AND stage = 'Registering' AND known = 0");
    tx.execute(&unknown, std::slice::from_ref(&key)).await?;
    let sql = format!(
        "UPDATE smds_event SET stage = 'Deleting', due = COALESCE(lease, $2, changed), failures = 0, failure = NULL,
                               message = NULL, changed = COALESCE($2, changed)
         WHERE {which} AND stage IN ('Registering', 'Registered')"
    );
    tx.execute(&sql, &[key, now.into()]).await.map(drop)
}

// ---- for those who tell the SM-DSs -----------------------------------------------------------------------------------

pub async fn claim_smds_events<T: Transaction>(
    tx: &T,
    now: Timestamp,
    until: Timestamp,
    limit: u32,
    except: Vec<String>,
) -> Result<Vec<SmdsEvent>, StoreError> {
    let (mut parameters, mut others) = (vec![now.into(), limit.into()], String::new());
    for smds in except {
        parameters.push(smds.into());
        others += &format!(" AND e.smds_address <> ${}", parameters.len());
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM smds_event e WHERE e.due <= $1{others} ORDER BY e.due, e.id LIMIT $2 {}",
        T::SKIP_LOCKED
    );
    let due: Vec<SmdsEvent> =
        tx.rows(&sql, &parameters).await?.into_iter().map(read).collect::<Result<_, _>>()?;
    let mut claimed = Vec::with_capacity(due.len());
    for event in due {
        claimed.extend(claim(tx, event, now, until).await?);
    }
    Ok(claimed)
}

/// Gives the event with what may be known at its SM-DS before the call that it is claimed for.
async fn claim<T: Transaction>(
    tx: &T,
    mut event: SmdsEvent,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<SmdsEvent>, StoreError> {
    use SmdsEventStage::{Deleting, Registered, Registering};

    // SGP.22 §5.6.3: nothing can be downloaded any more.
    let expired = event.expires.is_some_and(|expires| now >= expires);
    if event.stage == Registered || (event.stage == Registering && expired) {
        if !event.known {
            return remove(tx, event.id).await.map(|()| None);
        }
        enter(&mut event, Deleting, now);
    }
    if event.stage == Deleting && event.failures == 0 {
        // From the first try on it is counted how long it takes.
        event.changed = now;
    }
    event.attempts = event.attempts.saturating_add(1);
    (event.due, event.lease) = (Some(until), Some(until));
    let mut written = event.clone();
    written.known |= event.stage == Registering;
    written.forgotten |= event.stage == Deleting;
    write(tx, &written).await?;
    Ok(Some(event))
}

pub async fn note_smds_event_try<T: SealingTransaction>(
    tx: &T,
    claimed: SmdsEvent,
    outcome: EventTry,
    now: Timestamp,
) -> Result<(), StoreError> {
    // The order first, here as everywhere: whoever locks both locks them in one order.
    let lock = format!("SELECT id FROM download_order WHERE id = $1 {}", T::FOR_UPDATE);
    one(tx, &lock, &[claimed.order.0.into()]).await?;
    let sql = format!("SELECT {COLUMNS} FROM smds_event e WHERE e.id = $1 {}", T::FOR_UPDATE);
    let Some(row) = one(tx, &sql, &[claimed.id.0.into()]).await? else { return Ok(()) };
    let mut event = read(row)?;
    let is_deletion = claimed.stage == SmdsEventStage::Deleting;
    let executed = match &outcome {
        EventTry::Done => true,
        EventTry::Failed { failure, .. } if is_deletion => failure.kind.may_be_deleted(),
        EventTry::Failed { failure, .. } => failure.kind.may_be_registered(),
    };
    if event.attempts != claimed.attempts {
        return if executed && !is_deletion { came_late(tx, event, now).await } else { Ok(()) };
    }
    event.lease = None;
    event.known = claimed.known || (executed && !is_deletion);
    event.forgotten = claimed.forgotten || (executed && is_deletion);
    if event.stage != claimed.stage {
        // The order ended while its event was being registered.
        if !event.known {
            return remove(tx, event.id).await;
        }
        event.due = Some(now);
        return write(tx, &event).await;
    }
    let told = advance(&mut event, outcome, now);
    write(tx, &event).await?;
    if let Some(detail) = told {
        let what = if is_deletion { "ES12.DeleteEvent" } else { "ES12.RegisterEvent" };
        let happening = Happening { at: now, eid: Some(event.eid), what, detail, report: None };
        keep_in_history(tx, event.order, happening).await?;
    }
    Ok(())
}

/// Where a try leads that changed nothing unexpected. Gives the detail of what the history of the order is to tell, if
/// it is to tell anything: not the same failure again and again.
fn advance(event: &mut SmdsEvent, outcome: EventTry, now: Timestamp) -> Option<Option<String>> {
    use SmdsEventStage::{Deleted, Deleting, GivenUp, Registered};

    match outcome {
        EventTry::Done => {
            let next = if event.stage == Deleting { Deleted } else { Registered };
            enter(event, next, now);
            event.due = event.expires.filter(|_| next == Registered);
            Some(None)
        }
        EventTry::Failed { failure, next } => {
            let known = event.failure.as_ref().is_some_and(|earlier| earlier.kind.is_like(&failure.kind));
            let detail = failure.kind.to_string();
            event.due = next;
            if next.is_none() {
                enter(event, GivenUp, now);
            }
            event.failures = event.failures.saturating_add(1);
            event.failure = Some(failure);
            (!known || next.is_none()).then_some(Some(detail))
        }
    }
}

/// A registration that was taken for lost was executed after all, perhaps after the deletion: the SM-DS is told to delete
/// it again. Who is telling it just now has told it too early.
async fn came_late<T: Transaction>(tx: &T, mut event: SmdsEvent, now: Timestamp) -> Result<(), StoreError> {
    use SmdsEventStage::{Deleted, Deleting, GivenUp};

    if !matches!(event.stage, Deleting | Deleted | GivenUp) {
        return Ok(());
    }
    enter(&mut event, Deleting, now);
    event.attempts = event.attempts.saturating_add(1);
    event.known = true;
    event.due = Some(event.lease.unwrap_or(now));
    write(tx, &event).await
}

fn enter(event: &mut SmdsEvent, stage: SmdsEventStage, now: Timestamp) {
    event.stage = stage;
    event.changed = now;
    event.failures = 0;
    event.failure = None;
}

async fn write<T: Transaction>(tx: &T, event: &SmdsEvent) -> Result<(), StoreError> {
    let (kind, message) = match &event.failure {
        Some(failure) => (Some(failure.kind.to_string()), Some(failure.message.clone())),
        None => (None, None),
    };
    tx.execute(
        "UPDATE smds_event SET stage = $2, due = $3, lease = $4, attempts = $5, failures = $6, known = $7,
                               forgotten = $8, failure = $9, message = $10, changed = $11 WHERE id = $1",
        &[
            event.id.0.into(),
            event.stage.name().into(),
            event.due.into(),
            event.lease.into(),
            event.attempts.into(),
            event.failures.into(),
            event.known.into(),
            event.forgotten.into(),
            kind.into(),
            message.into(),
            event.changed.into(),
        ],
    )
    .await
    .map(drop)
}

async fn remove<T: Transaction>(tx: &T, id: SmdsEventId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM smds_event WHERE id = $1", &[Value::from(id.0)]).await.map(drop)
}

async fn keep_in_history<T: SealingTransaction>(
    tx: &T,
    id: OrderId,
    happening: Happening,
) -> Result<(), StoreError> {
    let Some(mut order) = super::order(tx, id).await? else { return Ok(()) };
    order.happened.push(happening);
    keep_happened(tx, &order).await
}

// ---- for those who look ----------------------------------------------------------------------------------------------

pub async fn smds_events<T: Transaction>(
    tx: &T,
    filter: SmdsEventFilter,
) -> Result<Vec<SmdsEvent>, StoreError> {
    let mut conditions = Conditions::default();
    conditions.and("e.id > ", filter.after.map(|id| id.0.into()));
    conditions.and("e.download_order = ", filter.order.map(|id| id.0.into()));
    conditions.and("e.event_id = ", filter.event_id.map(|id| id.as_str().into()));
    conditions.and("e.stage = ", filter.stage.map(|stage| stage.name().into()));
    let (condition, parameters) = conditions.ordered_by("e.id", filter.limit);
    let sql = format!("SELECT {COLUMNS} FROM smds_event e WHERE {condition}");
    tx.rows(&sql, &parameters).await?.into_iter().map(read).collect()
}

/// How many events there are in each stage; nothing is said of a stage without any.
pub(super) async fn stages<T: Transaction>(tx: &T) -> Result<Vec<(SmdsEventStage, u64)>, StoreError> {
    let rows = tx.rows("SELECT stage, count(*) FROM smds_event GROUP BY stage", &[]).await?;
    let count = |mut row: Row| {
        let stage = row.text("stage")?.parse().map_err(|()| damage("stage"))?;
        Ok((stage, row.count("count")?))
    };
    rows.into_iter().map(count).collect()
}
