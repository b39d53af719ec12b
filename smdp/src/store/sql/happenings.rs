//! What happened to orders, and the reports about it: history and outbox in one.
//!
//! `due` is when a report is to be tried next, and nothing where there is none or it is delivered. A report is claimed by moving
//! `due` into the future: if who claimed it dies, it is due again by itself. The reports of one profile that wait behind it
//! move with it, so that what is due can be found without looking at what only waits.

use protocol::clock::Timestamp;
use service::database::{Conditions, Row, Transaction, Value, damage, one};

use super::profiles::iccid;
use crate::domain::{Delivery, HappeningId, HappeningRecord, Order, OrderId, Report};
use crate::store::{HappeningFilter, StoreError};

const COLUMNS: &str =
    "h.id, h.at, h.download_order, h.iccid, h.operator, h.profile_type, h.eid, h.what, h.detail,
    h.state, h.report, h.due, h.attempts, h.delivered";

fn read(mut row: Row) -> Result<HappeningRecord, StoreError> {
    let id = HappeningId(row.integer("id")?);
    let at = row.timestamp("at")?;
    let order = OrderId(row.integer("download_order")?);
    let iccid = iccid(&mut row)?;
    let (operator, profile_type) = (row.maybe_text("operator")?, row.text("profile_type")?);
    let eid = row.maybe_parsed("eid")?;
    let (what, detail) = (row.text("what")?, row.maybe_text("detail")?);
    let state = row.text("state")?.parse().map_err(|()| damage("state"))?;
    let report: Option<Report> = row
        .maybe_text("report")?
        .map(|text| serde_json::from_str(&text))
        .transpose()
        .map_err(|_| damage("report"))?;
    let (due, attempts) = (row.maybe_timestamp("due")?, row.count("attempts")?);
    let delivered = row.integer("delivered")? == 1;
    let delivery = match (&report, due) {
        (None, _) => Delivery::None,
        (Some(_), Some(at)) => Delivery::Due { at, attempts },
        (Some(_), None) if delivered => Delivery::Delivered,
        (Some(_), None) => Delivery::GivenUp,
    };
    Ok(HappeningRecord {
        id,
        at,
        order,
        iccid,
        operator,
        profile_type,
        eid,
        what,
        detail,
        state,
        report,
        delivery,
    })
}

/// Writes what happened to an order; a report is due at once.
pub(super) async fn keep_happened<T: Transaction>(tx: &T, order: &Order) -> Result<(), StoreError> {
    for happening in &order.happened {
        let report = happening.report.as_ref();
        let report = report.map(serde_json::to_string).transpose();
        let report = report.map_err(|error| StoreError::Storage(error.to_string()))?;
        let due = match report {
            Some(_) => Some(behind_earlier(tx, order, happening.at).await?),
            None => None,
        };
        tx.execute(
            "INSERT INTO happening (at, download_order, iccid, operator, profile_type, eid, what, detail, state,
                                    report, due, attempts, delivered)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0)",
            &[
                happening.at.into(),
                order.id.0.into(),
                order.iccid.bytes().into(),
                order.operator.clone().into(),
                order.profile_type.as_str().into(),
                happening.eid.or(order.eid).map(|eid| eid.to_string()).into(),
                happening.what.into(),
                happening.detail.clone().into(),
                order.state.name().into(),
                report.into(),
                due.into(),
            ],
        )
        .await?;
    }
    Ok(())
}

/// When a new report is due: at once, or with those of its profile that wait already.
async fn behind_earlier<T: Transaction>(
    tx: &T,
    order: &Order,
    at: Timestamp,
) -> Result<Timestamp, StoreError> {
    // Locked, so that whoever is just done with the earlier one sees that another waits behind it.
    let sql = format!(
        "SELECT due FROM happening WHERE iccid = $1 AND due IS NOT NULL ORDER BY id DESC LIMIT 1 {}",
        T::FOR_UPDATE
    );
    match one(tx, &sql, &[order.iccid.bytes().into()]).await? {
        Some(mut row) => Ok(at.max(row.timestamp("due")?)),
        None => Ok(at),
    }
}

pub async fn happenings<T: Transaction>(
    tx: &T,
    filter: HappeningFilter,
) -> Result<Vec<HappeningRecord>, StoreError> {
    let mut conditions = Conditions::default();
    conditions.and("h.id > ", filter.after.map(|id| id.0.into()));
    conditions.and("h.download_order = ", filter.order.map(|id| id.0.into()));
    conditions.and("h.iccid = ", filter.iccid.map(|iccid| iccid.bytes().into()));
    conditions.and("h.eid = ", filter.eid.map(|eid| eid.to_string().into()));
    let (condition, parameters) = conditions.ordered_by("h.id", filter.limit);
    let sql = format!("SELECT {COLUMNS} FROM happening h WHERE {condition}");
    tx.rows(&sql, &parameters).await?.into_iter().map(read).collect()
}

pub async fn claim_reports<T: Transaction>(
    tx: &T,
    now: Timestamp,
    until: Timestamp,
    limit: u32,
    except: Vec<String>,
) -> Result<Vec<HappeningRecord>, StoreError> {
    let (mut parameters, mut others) = (vec![now.into(), limit.into()], String::new());
    for operator in except {
        parameters.push(Value::from(operator));
        others += &format!(" AND h.operator <> ${}", parameters.len());
    }
    // The operator hears of one profile in the order in which it happened.
    let sql = format!(
        "SELECT {COLUMNS} FROM happening h WHERE h.due <= $1{others} AND NOT EXISTS (
             SELECT 1 FROM happening earlier
             WHERE earlier.iccid = h.iccid AND earlier.id < h.id AND earlier.due IS NOT NULL)
         ORDER BY h.due, h.id LIMIT $2 {}",
        T::SKIP_LOCKED
    );
    let rows = tx.rows(&sql, &parameters).await?;
    let claimed: Vec<HappeningRecord> = rows.into_iter().map(read).collect::<Result<_, _>>()?;
    for record in &claimed {
        let sql = "UPDATE happening SET due = $2, attempts = attempts + 1 WHERE id = $1";
        tx.execute(sql, &[record.id.0.into(), until.into()]).await?;
        put_off(tx, record.id, until).await?;
    }
    Ok(claimed)
}

/// What waits behind a report of its profile waits as long as that.
async fn put_off<T: Transaction>(tx: &T, id: HappeningId, until: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE happening SET due = $2 WHERE due < $2 AND id > $1
         AND iccid = (SELECT iccid FROM happening WHERE id = $1)";
    tx.execute(sql, &[id.0.into(), until.into()]).await.map(drop)
}

/// The next report of the profile need not wait any more.
async fn next_is_due<T: Transaction>(tx: &T, id: HappeningId) -> Result<(), StoreError> {
    let sql = "UPDATE happening SET due = at WHERE id = (
             SELECT min(later.id) FROM happening later WHERE later.id > $1 AND later.due IS NOT NULL
             AND later.iccid = (SELECT iccid FROM happening WHERE id = $1))";
    tx.execute(sql, &[Value::from(id.0)]).await.map(drop)
}

pub async fn report_delivered<T: Transaction>(tx: &T, id: HappeningId) -> Result<(), StoreError> {
    let sql = "UPDATE happening SET due = NULL, delivered = 1 WHERE id = $1";
    tx.execute(sql, &[Value::from(id.0)]).await?;
    next_is_due(tx, id).await
}

pub async fn report_failed<T: Transaction>(
    tx: &T,
    id: HappeningId,
    next: Option<Timestamp>,
) -> Result<(), StoreError> {
    let sql = "UPDATE happening SET due = $2 WHERE id = $1 AND delivered = 0";
    tx.execute(sql, &[id.0.into(), next.into()]).await?;
    match next {
        Some(next) => put_off(tx, id, next).await,
        None => next_is_due(tx, id).await,
    }
}
