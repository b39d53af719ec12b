//! The orders behind the entries.

use asn1::{Iccid, ProfileName, Raw, ServiceProviderName, StoreMetadataRequest};
use protocol::clock::Timestamp;
use protocol::confirmation_code::ConfirmationCodeHash;
use protocol::profile::{Imsi, Subscriber, default_profile};
use zeroize::Zeroizing;

use super::{Entry, Way, entries};
use crate::domain::{NewOrder, NewProfile, Order, Package, PackageProtection, ProfileState};
use crate::faults::enlarged;
use crate::store::{Store, StoreError};

/// The profile type of everything that belongs to the catalogue.
pub const PROFILE_TYPE: &str = "error-catalogue";

/// Puts the orders of the catalogue into the store that are not in it yet, and says how many. A MatchingID that somebody else has
/// used is left to him; the log says so.
///
/// # Errors
/// Where the store fails, or another node has put some of them there meanwhile ([`StoreError::Taken`]): then again.
pub async fn take_orders(store: &impl Store, now: Timestamp) -> Result<usize, StoreError> {
    let mut missing = Vec::new();
    for entry in entries().into_iter().filter(|entry| entry.way == Way::Main) {
        if let Some(order) = store.order_of_matching_id(entry.id.to_string()).await? {
            if !is_of_catalogue(&order) {
                tracing::warn!(matching_id = %entry.id, "an order has the MatchingID of an entry of the error catalogue");
            }
            continue;
        }
        let order = new_order(&entry);
        if let Some(profile) = store.profile(order.profile.iccid).await? {
            if profile.profile_type != PROFILE_TYPE {
                tracing::warn!(iccid = %order.profile.iccid, "a profile has the ICCID of an entry of the error catalogue");
                continue;
            }
            // Its order was removed.
            store.delete_profile(profile.id).await?;
        }
        missing.push(order);
    }
    store.add_orders(now, missing).await.map(|added| added.len())
}

/// Whether an order belongs to the catalogue.
pub(crate) fn is_of_catalogue(order: &Order) -> bool {
    order.operator.is_none() && order.profile_type == PROFILE_TYPE
}

/// An order of the catalogue is for whoever asks next; `false` where it was new already.
pub(crate) fn rewind(order: &mut Order) -> bool {
    let is_new = order.state == ProfileState::Released
        && order.eid.is_none()
        && (order.download_attempts, order.confirmation_code_attempts) == (0, 0);
    order.state = ProfileState::Released;
    order.eid = None;
    order.download_attempts = 0;
    order.confirmation_code_attempts = 0;
    !is_new
}

fn new_order(entry: &Entry) -> NewOrder {
    let number = Number::of(entry);
    let iccid = number.iccid();
    // Test data that everybody may know.
    let (ki, opc) = (Zeroizing::new([0x97; 16]), Zeroizing::new([0x79; 16]));
    let package = default_profile(&Subscriber::new(iccid, number.imsi(), ki, opc));
    let metadata = metadata(entry, iccid);
    let profile = NewProfile {
        iccid,
        operator: None,
        profile_type: PROFILE_TYPE.to_owned(),
        protection: match entry.profile_protection_keys {
            true => PackageProtection::ProfileProtectionKeys,
            false => PackageProtection::SessionKeys,
        },
        metadata: metadata.bytes().to_vec(),
        package: Package(package),
    };
    NewOrder {
        profile,
        matching_id: Some(entry.id.clone()),
        eid: None,
        confirmation_code: entry.confirmation_code.map(ConfirmationCodeHash::of),
        expires: None,
    }
}

fn metadata(entry: &Entry, iccid: Iccid) -> Raw<StoreMetadataRequest> {
    let name = ProfileName::new(entry.id.as_str()).unwrap_or_default();
    let provider = ServiceProviderName::new("rsplab catalogue").unwrap_or_default();
    let metadata = Raw::new(StoreMetadataRequest::new(iccid, provider, name));
    if entry.large_metadata { enlarged(&metadata) } else { metadata }
}

/// Nine digits that are an entry's own, whatever entries come and go beside it.
struct Number(u32);

impl Number {
    fn of(entry: &Entry) -> Self {
        let digest = crypto::digest::sha256(entry.id.as_str().as_bytes());
        let first = digest.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes));
        Self(first % 1_000_000_000)
    }

    /// `8988211 97` and the number, with its check digit (ITU-T E.118).
    fn iccid(&self) -> Iccid {
        let digits = format!("898821197{:09}", self.0);
        let doubled = digits.bytes().rev().enumerate().map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            let value = if place % 2 == 0 { 2 * digit } else { digit };
            value / 10 + value % 10
        });
        let check = (10 - doubled.sum::<u32>() % 10) % 10;
        #[expect(clippy::expect_used, reason = "nineteen digits, whatever the number")]
        format!("{digits}{check}").parse().expect("nineteen digits are an ICCID")
    }

    fn imsi(&self) -> Imsi {
        #[expect(clippy::expect_used, reason = "fifteen digits, whatever the number")]
        format!("001019{:09}", self.0).parse().expect("fifteen digits are an IMSI")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_entry_has_a_profile_of_its_own_with_a_check_digit() {
        let orders: Vec<NewOrder> = entries().iter().map(new_order).collect();
        let iccids: BTreeSet<String> = orders.iter().map(|order| order.profile.iccid.to_string()).collect();
        assert_eq!(iccids.len(), orders.len());
        for order in &orders {
            assert_eq!(protocol::profile::iccid_of(&order.profile.package.0), Ok(order.profile.iccid));
        }
        for iccid in iccids {
            let sum = iccid.bytes().rev().enumerate().fold(0, |sum, (place, digit)| {
                let value = u32::from(digit - b'0') << (place % 2);
                sum + value / 10 + value % 10
            });
            assert_eq!((iccid.len(), sum % 10), (19, 0), "{iccid}");
        }
    }
}
