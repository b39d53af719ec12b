//! Orders in great number, written straight into the store of an SM-DP+.

use std::ops::Range;

use anyhow::{Result, bail, ensure};
use protocol::clock::Timestamp;
use smdp::domain::{NewOrder, NewProfile, Package, PackageProtection};
use smdp::store::{Store, StoreError};
use zeroize::Zeroizing;

use super::orders::Pattern;
use crate::profile;

/// What the orders are like.
#[derive(Clone, Debug)]
pub struct OrderKind {
    /// Their MatchingIDs.
    pub pattern: Pattern,
    /// Bytes of a profile package, as [`profile::package`] makes them.
    pub size: usize,
    /// Which keys protect the bound packages.
    pub protection: PackageProtection,
}

impl OrderKind {
    /// The order with this number: any eUICC that presents its MatchingID gets its profile, which no other order has.
    ///
    /// # Errors
    /// Where the pattern makes no MatchingID, or the number has more than 14 digits.
    pub fn order(&self, number: u64) -> Result<NewOrder> {
        let iccid = profile::iccid(number)?;
        let profile = NewProfile {
            iccid,
            operator: None,
            profile_type: "load".to_owned(),
            protection: self.protection,
            metadata: profile::metadata(iccid)?,
            package: Package(Zeroizing::new(profile::package(iccid, self.size)?)),
        };
        let matching_id = Some(self.pattern.at(number).parse()?);
        Ok(NewOrder { profile, matching_id, eid: None, confirmation_code: None, expires: None })
    }
}

/// How many orders are made and written at a time: all of them, or none.
const BATCH: u64 = 1000;

/// Takes in the orders with these numbers; tells how many each time that some are.
///
/// # Errors
/// Where an ICCID or MatchingID is in the store already, and where the store fails. What was told is in the store nevertheless.
pub async fn fill<S: Store>(
    store: &S,
    now: Timestamp,
    kind: &OrderKind,
    numbers: Range<u64>,
    mut added: impl FnMut(u64),
) -> Result<()> {
    ensure!(!numbers.is_empty(), "no orders");
    // The last one first: it has the longest number.
    kind.order(numbers.end - 1)?;
    let batches = numbers.clone().step_by(BATCH as usize);
    let mut batches = batches.map(|first| first..numbers.end.min(first.saturating_add(BATCH)));
    let make = |batch: Range<u64>| {
        let kind = kind.clone();
        tokio::task::spawn_blocking(move || {
            batch.map(|number| kind.order(number)).collect::<Result<Vec<_>>>()
        })
    };
    // While one batch is written, the next is made.
    let mut next = batches.next().map(&make);
    while let Some(made) = next {
        let batch = made.await??;
        next = batches.next().map(&make);
        let count = batch.len() as u64;
        match store.add_orders(now, batch).await {
            Ok(_) => added(count),
            Err(StoreError::Taken(what)) => {
                bail!("{what} is in the store already: begin with another number")
            }
            Err(other) => return Err(other.into()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use smdp::store::{OrderFilter, SqliteStore};

    use super::*;

    fn kind() -> OrderKind {
        let protection = PackageProtection::ProfileProtectionKeys;
        OrderKind { pattern: "LOAD-{}-X".parse().unwrap(), size: 2_000, protection }
    }

    fn filled(store: &SqliteStore, numbers: Range<u64>) -> Result<u64> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut told = 0;
        let now = Timestamp::from_unix_seconds(1);
        runtime.block_on(fill(store, now, &kind(), numbers, |added| told += added)).map(|()| told)
    }

    #[test]
    fn each_order_has_a_matching_id_and_a_profile_of_its_own() {
        let store = SqliteStore::in_memory().unwrap();
        let last = BATCH + 2;
        assert_eq!(filled(&store, 3..last + 1).unwrap(), last - 2);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let all = OrderFilter { limit: u32::MAX, ..OrderFilter::default() };
        let orders = runtime.block_on(store.orders(all)).unwrap();
        assert_eq!(orders.len() as u64, last - 2);
        for (order, number) in orders.iter().zip(3..) {
            assert_eq!(order.matching_id.as_ref().unwrap().as_str(), format!("LOAD-{number}-X"));
            assert_eq!(order.iccid, profile::iccid(number).unwrap());
            assert_eq!(order.protection, PackageProtection::ProfileProtectionKeys);
            assert!(order.is_pending() && order.package_size.abs_diff(2_000) < 100);
        }
    }

    #[test]
    fn what_is_there_already_is_told() {
        let store = SqliteStore::in_memory().unwrap();
        filled(&store, 1..3).unwrap();
        let error = filled(&store, 2..4).unwrap_err().to_string();
        assert!(error.contains("is in the store already"), "{error}");
        assert_eq!(filled(&store, 3..5).unwrap(), 2);
    }

    #[test]
    fn a_pattern_that_makes_no_matching_id_is_refused_before_anything_is_written() {
        let store = SqliteStore::in_memory().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let kind = OrderKind { pattern: "load_{}".parse().unwrap(), ..kind() };
        let filled = fill(&store, Timestamp::from_unix_seconds(1), &kind, 1..2, |_| {});
        assert!(runtime.block_on(filled).is_err());
    }
}
