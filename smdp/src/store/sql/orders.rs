//! Download orders.

use asn1::Iccid;
use protocol::bpp;
use protocol::clock::Timestamp;
use protocol::types::Eid;
use service::database::{Conditions, Row, Transaction, Value, change_one, damage, one};
use tokio::try_join;

use super::calls::{forget, remember};
use super::happenings::keep_happened;
use super::profiles::{iccid, insert_profile, protection};
use super::sessions::update_session;
use super::smds_events::{OF_ORDER, end_events, follow_order};
use crate::domain::{
    Bound, BoundTo, CallKey, Event, ExecutedCall, Happening, Kept, NewOrder, Order, OrderId, ProfileId,
    ProfileState, SessionRecord,
};
use crate::store::seal::SealingTransaction;
use crate::store::{OrderFilter, Reservation, StoreError, Wanted};

/// An order has its profile until it is cancelled. Data bases use an index on this condition only where it stands in
/// the very words of the index.
const OPEN: &str = "o.state NOT IN ('Available', 'Unavailable')";

/// What of an order is read, by [`read`].
pub(super) const COLUMNS: &str =
    "o.id, o.profile, p.iccid, p.operator, p.profile_type, p.protection, p.metadata, p.package_size,
     o.matching_id, o.eid, o.confirmation_code, o.smds_address, o.expires, o.state,
     o.download_attempts, o.confirmation_code_attempts, o.created, o.version, b.eid, b.euicc_otpk, b.ci";

/// What stands beside an order. There is no order without a profile; LEFT lets orders that may not be there be joined alike.
pub(super) const JOINED: &str =
    "LEFT JOIN profile p ON p.id = o.profile LEFT JOIN bound_package b ON b.download_order = o.id";

fn select(condition: &str) -> String {
    format!("SELECT {COLUMNS} FROM download_order o {JOINED} WHERE {condition}")
}

pub(super) fn read<T: SealingTransaction>(tx: &T, mut row: Row) -> Result<Order, StoreError> {
    let id = OrderId(row.integer("id")?);
    let profile = ProfileId(row.integer("profile")?);
    let iccid = iccid(&mut row)?;
    Ok(Order {
        id,
        profile,
        iccid,
        operator: row.maybe_text("operator")?,
        profile_type: row.text("profile_type")?,
        protection: protection(&mut row)?,
        metadata: row.bytes("metadata")?,
        package_size: row.count("package_size")?,
        matching_id: row.maybe_parsed("matching_id")?,
        eid: row.maybe_parsed("eid")?,
        confirmation_code: row
            .maybe_bytes("confirmation_code")?
            .map(|sealed| tx.sealer().open_code(&iccid, &sealed))
            .transpose()?,
        smds_address: row.maybe_parsed("smds_address")?,
        expires: row.maybe_timestamp("expires")?,
        state: row.text("state")?.parse().map_err(|()| damage("state"))?,
        download_attempts: row.count("download_attempts")?,
        confirmation_code_attempts: row.count("confirmation_code_attempts")?,
        created: row.timestamp("created")?,
        version: row.integer("version")?,
        bound_to: bound_to(&mut row)?,
        happened: Vec::new(),
    })
}

fn bound_to(row: &mut Row) -> Result<Option<BoundTo>, StoreError> {
    let Some(eid) = row.maybe_parsed("eid")? else { return Ok(None) };
    Ok(Some(BoundTo { eid, euicc_otpk: row.bytes("euicc_otpk")?, ci: row.bytes("ci")? }))
}

async fn find<T: SealingTransaction>(
    tx: &T,
    condition: &str,
    key: Value,
) -> Result<Option<Order>, StoreError> {
    one(tx, &select(condition), &[key]).await?.map(|row| read(tx, row)).transpose()
}

pub async fn order<T: SealingTransaction>(tx: &T, id: OrderId) -> Result<Option<Order>, StoreError> {
    find(tx, "o.id = $1", id.0.into()).await
}

pub async fn order_of_iccid<T: SealingTransaction>(
    tx: &T,
    iccid: Iccid,
) -> Result<Option<Order>, StoreError> {
    find(tx, "p.iccid = $1 AND o.id = p.download_order", iccid.bytes().into()).await
}

pub async fn order_of_matching_id<T: SealingTransaction>(
    tx: &T,
    matching_id: String,
) -> Result<Option<Order>, StoreError> {
    // PostgreSQL has no such text, so nothing can be found by it.
    if matching_id.contains('\0') {
        return Ok(None);
    }
    find(tx, &format!("o.matching_id = $1 AND {OPEN}"), matching_id.into()).await
}

pub async fn orders_of_eid<T: SealingTransaction>(tx: &T, eid: Eid) -> Result<Vec<Order>, StoreError> {
    let sql = select(
        "o.eid = $1 AND o.state NOT IN ('Available', 'Unavailable', 'Installed', 'Error') ORDER BY o.id",
    );
    let rows = tx.rows(&sql, &[eid.to_string().into()]).await?;
    rows.into_iter().map(|row| read(tx, row)).collect()
}

pub async fn orders<T: SealingTransaction>(tx: &T, filter: OrderFilter) -> Result<Vec<Order>, StoreError> {
    let mut conditions = Conditions::default();
    conditions.and("o.id > ", filter.after.map(|id| id.0.into()));
    conditions.and("p.operator = ", filter.operator.map(Value::from));
    conditions.and("p.iccid = ", filter.iccid.map(|iccid| iccid.bytes().into()));
    conditions.and("o.eid = ", filter.eid.map(|eid| eid.to_string().into()));
    conditions.and("o.state = ", filter.state.map(|state| state.name().into()));
    let (condition, parameters) = conditions.ordered_by("o.id", filter.limit);
    tx.rows(&select(&condition), &parameters).await?.into_iter().map(|row| read(tx, row)).collect()
}

pub async fn add_orders<T: SealingTransaction>(
    tx: &T,
    now: Timestamp,
    orders: Vec<NewOrder>,
) -> Result<Vec<OrderId>, StoreError> {
    let mut ids = Vec::with_capacity(orders.len());
    for order in &orders {
        let profile = insert_profile(tx, &order.profile, now.unix_millis(), None).await?;
        let id = insert_order(tx, profile, ProfileState::Released, order.eid, now).await?;
        let code = order.confirmation_code.as_ref();
        let code = code.map(|hash| tx.sealer().seal_code(&order.profile.iccid, hash)).transpose()?;
        let matching_id = order.matching_id.as_ref().map(|id| id.as_str());
        let sql = format!(
            "UPDATE download_order SET matching_id = $2, confirmation_code = $3, expires = $4 WHERE id = $1
             RETURNING {}",
            of_anothers_event("$2")
        );
        let parameters = [id.0.into(), matching_id.into(), code.into(), order.expires.into()];
        write_with_matching_id(tx, &sql, &parameters, matching_id).await?;
        ids.push(id);
    }
    Ok(ids)
}

/// Makes an order for a profile that has none.
async fn insert_order<T: Transaction>(
    tx: &T,
    profile: ProfileId,
    state: ProfileState,
    eid: Option<Eid>,
    now: Timestamp,
) -> Result<OrderId, StoreError> {
    let row = one(
        tx,
        "INSERT INTO download_order (profile, eid, state, download_attempts, confirmation_code_attempts, created,
                                     version)
         VALUES ($1, $2, $3, 0, 0, $4, 0) RETURNING id",
        &[profile.0.into(), eid.map(|eid| eid.to_string()).into(), state.name().into(), now.into()],
    )
    .await?;
    let mut row = row.ok_or_else(|| StoreError::Storage("no number for an order".to_owned()))?;
    let id = OrderId(row.integer("id")?);
    change_one(
        tx,
        "UPDATE profile SET download_order = $2 WHERE id = $1 AND download_order IS NULL AND retired = 0",
        &[profile.0.into(), id.0.into()],
    )
    .await?;
    Ok(id)
}

pub async fn reserve_profile<T: SealingTransaction>(
    tx: &T,
    reservation: Reservation,
) -> Result<Option<Order>, StoreError> {
    let available =
        "SELECT id FROM profile WHERE import IS NULL AND download_order IS NULL AND retired = 0 AND";
    let (condition, parameters) = match reservation.wanted {
        Wanted::Iccid(iccid) => ("iccid = $1", vec![Value::from(iccid.bytes())]),
        Wanted::OfType { operator, profile_type } => {
            ("operator = $1 AND profile_type = $2", vec![operator.into(), profile_type.into()])
        }
    };
    // Those who reserve at once pass each other by. Where nothing else is left, it is worth waiting for one that may
    // become free again: somebody else's reservation may fail.
    let mut found = None;
    for lock in [T::SKIP_LOCKED, T::FOR_UPDATE] {
        if found.is_none() {
            found =
                one(tx, &format!("{available} {condition} ORDER BY id LIMIT 1 {lock}"), &parameters).await?;
        }
    }
    let Some(mut row) = found else { return Ok(None) };
    let profile = ProfileId(row.integer("id")?);

    let event = if reservation.eid.is_some() { Event::DownloadOrderForEid } else { Event::DownloadOrder };
    let state = ProfileState::Available.after(event).ok_or(StoreError::Conflict)?;
    let id = insert_order(tx, profile, state, reservation.eid, reservation.at).await?;
    let mut placed = order(tx, id).await?.ok_or(StoreError::Conflict)?;
    placed.happened.push(Happening {
        at: reservation.at,
        eid: reservation.eid,
        what: "ES2+.DownloadOrder",
        detail: None,
        report: None,
    });
    keep_happened(tx, &placed).await?;
    if let Some((key, answer)) = reservation.call {
        let call = ExecutedCall { key, answer: answer(&placed), at: reservation.at.unix_millis() };
        remember(tx, &call).await?;
    }
    placed.happened.clear();
    Ok(Some(placed))
}

/// Writes how often an order was tried, and what happened to it. An order that is offered does not change otherwise; to leave all
/// that is indexed alone spares the data base most of the work.
pub(super) async fn count_attempt<T: Transaction>(tx: &T, order: &Order) -> Result<(), StoreError> {
    let parameters = [order.id.0.into(), order.version.into(), order.download_attempts.into()];
    let counted = change_one(
        tx,
        "UPDATE download_order SET download_attempts = $3, version = version + 1 WHERE id = $1 AND version = $2",
        &parameters,
    );
    // Together, here and below: a data base at the other end of a network is asked once and answers once.
    try_join!(biased; counted, keep_happened(tx, order)).map(drop)
}

/// Writes how far a download of an order has come, if it is still as it was read, and what follows from that.
pub(super) async fn update_progress<T: SealingTransaction>(tx: &T, order: &Order) -> Result<(), StoreError> {
    let parameters = [
        order.id.0.into(),
        order.version.into(),
        order.eid.map(|eid| eid.to_string()).into(),
        order.state.name().into(),
        order.download_attempts.into(),
        order.confirmation_code_attempts.into(),
    ];
    let changed = change_one(
        tx,
        "UPDATE download_order SET eid = $3, state = $4, download_attempts = $5, confirmation_code_attempts = $6,
         version = version + 1 WHERE id = $1 AND version = $2",
        &parameters,
    );
    try_join!(biased; changed, follow_order(tx, order, false), keep_happened(tx, order)).map(drop)
}

/// Writes what of an order can change, if it is still as it was read, what happened to it, and what that means for its
/// event at an SM-DS. Every change but those of a download ([`update_progress`],
/// [`count_attempt`]) comes through here; its end in [`delete_order`] and in
/// [`delete_profile`](super::delete_profile) does not.
pub(super) async fn update_order<T: SealingTransaction>(tx: &T, order: &Order) -> Result<(), StoreError> {
    let code = order.confirmation_code.as_ref();
    let matching_id = order.matching_id.as_ref().map(|id| id.as_str());
    let released = is_being_released(tx, order).await?;
    let sql = format!(
        "UPDATE download_order SET matching_id = $3, eid = $4, confirmation_code = $5, smds_address = $6,
         expires = $7, state = $8, download_attempts = $9, confirmation_code_attempts = $10, version = version + 1
         WHERE id = $1 AND version = $2 RETURNING {}",
        of_anothers_event("$3")
    );
    let parameters = [
        order.id.0.into(),
        order.version.into(),
        matching_id.into(),
        order.eid.map(|eid| eid.to_string()).into(),
        code.map(|hash| tx.sealer().seal_code(&order.iccid, hash)).transpose()?.into(),
        order.smds_address.as_ref().map(|address| address.as_str()).into(),
        order.expires.into(),
        order.state.name().into(),
        order.download_attempts.into(),
        order.confirmation_code_attempts.into(),
    ];
    write_with_matching_id(tx, &sql, &parameters, matching_id).await?;
    follow_order(tx, order, released).await?;
    keep_happened(tx, order).await
}

/// Whether an order for an SM-DS waits for a download from now on, and did not before.
async fn is_being_released<T: Transaction>(tx: &T, order: &Order) -> Result<bool, StoreError> {
    if order.smds_address.is_none() || !order.is_pending() {
        return Ok(false);
    }
    let sql = "SELECT state FROM download_order WHERE id = $1 AND version = $2";
    let row = one(tx, sql, &[order.id.0.into(), order.version.into()]).await?;
    let before: ProfileState =
        row.ok_or(StoreError::Conflict)?.text("state")?.parse().map_err(|()| damage("state"))?;
    Ok(!before.is_pending())
}

/// How many events of other orders, removed ones too, have this MatchingID as their EventID: whoever finds such an event at
/// an SM-DS must not be led to this order.
fn of_anothers_event(matching_id: &str) -> String {
    format!("(SELECT count(*) FROM smds_event e WHERE e.event_id = {matching_id} AND e.download_order <> $1)")
}

/// Writes one order, if it is still as it was read; the MatchingID is its own.
async fn write_with_matching_id<T: Transaction>(
    tx: &T,
    sql: &str,
    parameters: &[Value],
    matching_id: Option<&str>,
) -> Result<(), StoreError> {
    let written = one(tx, sql, parameters).await.map_err(|error| matching_id_taken(error, matching_id))?;
    let of_others: u64 = written.ok_or(StoreError::Conflict)?.count("events")?;
    if of_others == 0 { Ok(()) } else { Err(taken(matching_id)) }
}

/// The only thing of an order that may exist once only.
fn matching_id_taken(error: StoreError, matching_id: Option<&str>) -> StoreError {
    match error {
        StoreError::Taken(_) => taken(matching_id),
        other => other,
    }
}

fn taken(matching_id: Option<&str>) -> StoreError {
    StoreError::Taken(format!("MatchingID {}", matching_id.unwrap_or_default()))
}

pub async fn change_order<T: SealingTransaction>(
    tx: &T,
    order: Order,
    call: Option<ExecutedCall>,
) -> Result<(), StoreError> {
    update_order(tx, &order).await?;
    match call {
        Some(call) => remember(tx, &call).await,
        None => Ok(()),
    }
}

pub async fn take_back_release<T: SealingTransaction>(
    tx: &T,
    order: Order,
    call: CallKey,
) -> Result<(), StoreError> {
    update_order(tx, &order).await?;
    // It may have no address of an SM-DS any more to end them by.
    let now = order.happened.last().map(|happening| happening.at);
    end_events(tx, OF_ORDER, order.id.0.into(), now).await?;
    forget(tx, &call).await
}

pub async fn close_order<T: SealingTransaction>(
    tx: &T,
    order: Order,
    call: Option<ExecutedCall>,
) -> Result<(), StoreError> {
    let (id, profile) = (order.id, order.profile);
    let retired = order.state == ProfileState::Unavailable;
    change_order(tx, order, call).await?;
    forget_bound(tx, id).await?;
    change_one(
        tx,
        "UPDATE profile SET download_order = NULL, retired = $3 WHERE id = $1 AND download_order = $2",
        &[profile.0.into(), id.0.into(), retired.into()],
    )
    .await
}

pub async fn delete_order<T: Transaction>(tx: &T, order: Order) -> Result<(), StoreError> {
    // Whoever is about to change the order waits, and then finds it gone.
    change_one(
        tx,
        "UPDATE download_order SET version = version + 1 WHERE id = $1 AND version = $2",
        &[order.id.0.into(), order.version.into()],
    )
    .await?;
    let id = [Value::from(order.id.0)];
    let now = order.happened.last().map(|happening| happening.at);
    end_events(tx, OF_ORDER, order.id.0.into(), now).await?;
    tx.execute(
        "UPDATE profile SET download_order = NULL WHERE id = $1 AND download_order = $2",
        &[order.profile.0.into(), order.id.0.into()],
    )
    .await?;
    for sql in [
        "UPDATE rsp_session SET download_order = NULL, version = version + 1 WHERE download_order = $1",
        "DELETE FROM bound_package WHERE download_order = $1",
        "DELETE FROM happening WHERE download_order = $1",
    ] {
        tx.execute(sql, &id).await?;
    }
    change_one(tx, "DELETE FROM download_order WHERE id = $1", &id).await
}

pub async fn reset_order<T: SealingTransaction>(tx: &T, order: Order) -> Result<(), StoreError> {
    update_order(tx, &order).await?;
    forget_bound(tx, order.id).await
}

async fn forget_bound<T: Transaction>(tx: &T, id: OrderId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM bound_package WHERE download_order = $1", &[id.0.into()]).await.map(drop)
}

pub async fn record_refused_attempt<T: SealingTransaction>(tx: &T, order: Order) -> Result<(), StoreError> {
    update_progress(tx, &order).await
}

pub async fn record_confirmation_code_try<T: SealingTransaction>(
    tx: &T,
    order: Order,
) -> Result<(), StoreError> {
    update_progress(tx, &order).await
}

pub async fn bound<T: SealingTransaction>(tx: &T, id: OrderId) -> Result<Option<Bound>, StoreError> {
    let sql = "SELECT p.iccid, b.eid, b.euicc_otpk, b.ci, b.content, b.session_keys FROM bound_package b
         JOIN download_order o ON o.id = b.download_order JOIN profile p ON p.id = o.profile
         WHERE b.download_order = $1";
    let Some(mut row) = one(tx, sql, &[id.0.into()]).await? else { return Ok(None) };
    let iccid = iccid(&mut row)?;
    let Some(to) = bound_to(&mut row)? else { return Err(damage("eid")) };
    let (content, keys) = (row.bytes("content")?, row.maybe_bytes("session_keys")?);
    let kept = match keys {
        Some(keys) => Kept::Channel(content, tx.sealer().open_session_keys(&iccid, &to.euicc_otpk, &keys)?),
        None if bpp::is_whole(&content) => Kept::Whole(content),
        None => Kept::Head(content),
    };
    Ok(Some(Bound { to, kept }))
}

pub async fn hand_out<T: SealingTransaction>(
    tx: &T,
    order: Order,
    session: SessionRecord,
    bound: Bound,
) -> Result<(), StoreError> {
    let (content, keys) = match bound.kept {
        Kept::Channel(channel, keys) => {
            (channel, Some(tx.sealer().seal_session_keys(&order.iccid, &bound.to.euicc_otpk, &keys)?))
        }
        Kept::Head(content) | Kept::Whole(content) => (content, None),
    };
    let parameters = [
        order.id.0.into(),
        bound.to.eid.to_string().into(),
        bound.to.euicc_otpk.into(),
        bound.to.ci.into(),
        content.into(),
        keys.into(),
    ];
    let kept = async {
        let sql = "INSERT INTO bound_package (download_order, eid, euicc_otpk, ci, content, session_keys)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (download_order) DO UPDATE SET eid = excluded.eid, euicc_otpk = excluded.euicc_otpk,
             ci = excluded.ci, content = excluded.content, session_keys = excluded.session_keys";
        tx.execute(sql, &parameters).await
    };
    try_join!(biased; update_progress(tx, &order), update_session(tx, &session), kept).map(drop)
}
