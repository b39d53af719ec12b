//! ES9+ below HTTP, on an SM-DP+ whose store is SQLite in memory: each function alone, what comes before it done, and the whole
//! session.

use std::hint::black_box;

use anyhow::{Context, Result};
use asn1::{
    AuthenticateClientRequest, CancelSessionReason, CancelSessionRequestEs9, GetBoundProfilePackageRequest,
    HandleNotification,
};
use crypto::Curve;
use protocol::es9plus::Es9Plus;
use smdp::domain::PackageProtection;
use smdp::store::Store;

use super::messages::{Holder, Messages};
use super::primitives::{By, Operation};
use super::work::Waiter;
use super::{Prepared, Repeated, SIZES, Subject, Sum, Work, binding, curve_name};
use crate::laboratory::{ADDRESS, Laboratory};
use crate::profile;

const CALLS: u32 = 8;

/// Each function on P-256, and the session on each curve.
pub fn subjects() -> Vec<Subject> {
    use Operation::{Sign, Verify, VerifyKnown};
    let [smallest, ..] = SIZES;
    let floor = |operations: &[(u32, Operation)]| By::server(Curve::P256).sum(Curve::P256, operations);
    let mut subjects = vec![
        Subject::new("es9plus/initiateAuthentication", CALLS, initiate_authentication)
            .beside(floor(&[(1, Sign)])),
        // CERT.EUICC, the EUM being known, and euiccSignature1; smdpSigned2 is signed.
        Subject::new("es9plus/authenticateClient", CALLS, authenticate_client).beside(floor(&[
            (1, VerifyKnown),
            (1, Verify),
            (1, Sign),
        ])),
        Subject::new("es9plus/handleNotification/result", CALLS, installation_result)
            .beside(floor(&[(1, Verify)])),
        // It brings its certificate.
        Subject::new("es9plus/handleNotification/other", CALLS, other_notification)
            .beside(floor(&[(1, VerifyKnown), (1, Verify)])),
        Subject::new("es9plus/cancelSession", CALLS, cancel_session).beside(floor(&[(1, Verify)])),
    ];
    for protection in [PackageProtection::SessionKeys, PackageProtection::ProfileProtectionKeys] {
        for size in SIZES {
            subjects.push(get_bound_profile_package(size, protection));
            subjects.push(stored_package(size, protection));
        }
        for curve in Curve::ALL {
            subjects.push(session(curve, smallest, protection));
        }
    }
    subjects.extend(Curve::ALL.map(euicc));
    subjects
}

fn get_bound_profile_package((size, name): (usize, &str), protection: PackageProtection) -> Subject {
    let name = (name, protected_now(name, protection));
    Subject::new(
        format!("es9plus/getBoundProfilePackage/{}/{}", protection.name(), name.0),
        if size > 100_000 { 2 } else { CALLS },
        move || deliver(size, protection),
    )
    .beside(binding::floor(Curve::P256, name.1))
}

fn session(curve: Curve, (size, name): (usize, &str), protection: PackageProtection) -> Subject {
    let floor = session_floor(curve, protected_now(name, protection));
    let name = format!("es9plus/session/{}/{name}/{}", protection.name(), curve_name(curve));
    Subject::new(name, CALLS, move || download(curve, size, protection))
        .beside(floor)
        .less(Sum::times(1, euicc_name(curve)))
}

/// What one download takes of an SM-DP+ that has met the EUM before. Besides binding: serverSigned1 and smdpSigned2 are signed;
/// CERT.EUICC, euiccSignature1 and the installation result verified.
pub(crate) fn session_floor(curve: Curve, protected: Option<&str>) -> Sum {
    use Operation::{Sign, Verify, VerifyKnown};
    let others = By::server(curve).sum(curve, &[(2, Sign), (1, VerifyKnown), (2, Verify)]);
    others.and(binding::floor(curve, protected))
}

/// What of GetBoundProfilePackage reads the package out of the store.
fn stored_package((size, name): (usize, &str), protection: PackageProtection) -> Subject {
    let calls = if size > 100_000 { 2 } else { CALLS };
    let name = format!("es9plus/storedPackage/{}/{name}", protection.name());
    Subject::new(name, calls, move || {
        let mut bench = Bench::new(Curve::P256)?;
        let matching_id = bench.orders(1, size, protection)?.pop().context("an order")?;
        let store = bench.laboratory.smdp.store().clone();
        let order = bench.waiter.wait(store.order_of_matching_id(matching_id))?.context("the order")?;
        Ok(Repeated(move || {
            black_box(bench.waiter.wait(store.stored_package(order.profile))?);
            Ok(())
        }))
    })
}

/// What of a package is protected when it is bound.
fn protected_now(size: &str, protection: PackageProtection) -> Option<&str> {
    match protection {
        PackageProtection::SessionKeys => Some(size),
        PackageProtection::ProfileProtectionKeys => None,
    }
}

fn euicc_name(curve: Curve) -> String {
    format!("es9plus/euicc/{}", curve_name(curve))
}

/// What the eUICC computes in a session, so that it can be told from what the server does.
fn euicc(curve: Curve) -> Subject {
    Subject::new(euicc_name(curve), CALLS, move || {
        let Messages { initiated, offered, laboratory, .. } = Messages::exchanged(curve)?;
        Ok(Repeated(move || {
            let euicc = &laboratory.euicc;
            black_box(euicc.initiate(ADDRESS, [7; 16]));
            black_box(euicc.authenticate(&initiated, Some("BENCH-1"))?);
            black_box(euicc.prepare(&offered)?);
            black_box(laboratory.installed(&offered, 1)?);
            Ok(())
        }))
    })
}

/// A laboratory, and somebody who waits for its server.
struct Bench {
    laboratory: Laboratory,
    waiter: Waiter,
    sequence_number: u64,
}

impl Bench {
    /// One whose server has met the eUICC's EUM before.
    fn new(curve: Curve) -> Result<Self> {
        let mut bench =
            Self { laboratory: Laboratory::new(curve)?, waiter: Waiter::new()?, sequence_number: 0 };
        let [(size, _), ..] = SIZES;
        bench.authenticated(1, size, PackageProtection::SessionKeys)?;
        Ok(bench)
    }

    fn sequence_number(&mut self) -> u64 {
        self.sequence_number += 1;
        self.sequence_number
    }

    /// MatchingIDs of new orders.
    fn orders(&mut self, number: usize, size: usize, protection: PackageProtection) -> Result<Vec<String>> {
        self.waiter.wait(self.laboratory.order(number, size, protection))
    }

    /// Requests of AuthenticateClient for new orders.
    fn initiated(
        &mut self,
        number: usize,
        size: usize,
        protection: PackageProtection,
    ) -> Result<Vec<AuthenticateClientRequest>> {
        let orders = self.orders(number, size, protection)?;
        let request = |matching_id: String| {
            let initiated = self.waiter.wait(self.laboratory.initiated())?;
            self.laboratory.euicc.authenticate(&initiated, Some(&matching_id))
        };
        orders.into_iter().map(request).collect()
    }

    /// What AuthenticateClient answers for new orders.
    fn authenticated(
        &mut self,
        number: usize,
        size: usize,
        protection: PackageProtection,
    ) -> Result<Vec<asn1::AuthenticateClientOk>> {
        let orders = self.orders(number, size, protection)?;
        let offer = |matching_id: String| {
            let (_, offer) = self.waiter.wait(self.laboratory.authenticated(&matching_id))?;
            Ok(offer)
        };
        orders.into_iter().map(offer).collect()
    }
}

/// What needs a small package, under whatever keys.
const ANY: (usize, PackageProtection) = (SIZES[0].0, PackageProtection::SessionKeys);

fn initiate_authentication() -> Result<impl Work> {
    let make = |bench: &mut Bench, calls| {
        let request = |_| bench.laboratory.euicc.initiate(ADDRESS, [7; 16]);
        Ok((0..calls).map(request).collect())
    };
    Ok(Prepared::new(Bench::new(Curve::P256)?, make, |bench, request| {
        black_box(bench.waiter.wait(bench.laboratory.smdp.initiate_authentication(request))?);
        Ok(())
    }))
}

fn authenticate_client() -> Result<impl Work> {
    let make = |bench: &mut Bench, calls| bench.initiated(calls, ANY.0, ANY.1);
    Ok(Prepared::new(Bench::new(Curve::P256)?, make, |bench, request| {
        black_box(bench.waiter.wait(bench.laboratory.smdp.authenticate_client(request))?);
        Ok(())
    }))
}

fn deliver(size: usize, protection: PackageProtection) -> Result<impl Work> {
    let make = move |bench: &mut Bench, calls| {
        let offers = bench.authenticated(calls, size, protection)?;
        offers.iter().map(|offer| bench.laboratory.euicc.prepare(offer)).collect()
    };
    let call = |bench: &mut Bench, request: GetBoundProfilePackageRequest| {
        black_box(bench.waiter.wait(bench.laboratory.smdp.get_bound_profile_package(request))?);
        Ok(())
    };
    Ok(Prepared::new(Bench::new(Curve::P256)?, make, call))
}

fn installation_result() -> Result<impl Work> {
    let make = |bench: &mut Bench, calls| {
        let offers = bench.authenticated(calls, ANY.0, ANY.1)?;
        let mut results = Vec::with_capacity(calls);
        for offer in offers {
            let request = bench.laboratory.euicc.prepare(&offer)?;
            bench.waiter.wait(bench.laboratory.smdp.get_bound_profile_package(request))?;
            let sequence_number = bench.sequence_number();
            results.push(bench.laboratory.installed(&offer, sequence_number)?);
        }
        Ok(results)
    };
    Ok(Prepared::new(Bench::new(Curve::P256)?, make, notify))
}

fn other_notification() -> Result<impl Work> {
    let make = |bench: &mut Bench, calls| {
        let holder = Holder::of(bench.laboratory.authority())?;
        let iccid = profile::iccid(1)?;
        (0..calls).map(|_| holder.enabled(iccid, bench.sequence_number())).collect()
    };
    Ok(Prepared::new(Bench::new(Curve::P256)?, make, notify))
}

fn notify(bench: &mut Bench, notification: HandleNotification) -> Result<()> {
    bench.waiter.wait(bench.laboratory.smdp.handle_notification(notification))
}

fn cancel_session() -> Result<impl Work> {
    let make = |bench: &mut Bench, calls| {
        let offers = bench.authenticated(calls, ANY.0, ANY.1)?;
        let laboratory = &bench.laboratory;
        let oid = laboratory.authority().server.oid().context("a CERT.DPauth without an OID")?;
        let reason = CancelSessionReason::POSTPONED;
        offers.iter().map(|offer| laboratory.euicc.cancel(&offer.transaction_id, oid, reason)).collect()
    };
    let call = |bench: &mut Bench, request: CancelSessionRequestEs9| {
        bench.waiter.wait(bench.laboratory.smdp.cancel_session(request))
    };
    Ok(Prepared::new(Bench::new(Curve::P256)?, make, call))
}

fn download(curve: Curve, size: usize, protection: PackageProtection) -> Result<impl Work> {
    let make = move |bench: &mut Bench, calls| bench.orders(calls, size, protection);
    Ok(Prepared::new(Bench::new(curve)?, make, whole_session))
}

fn whole_session(bench: &mut Bench, matching_id: String) -> Result<()> {
    let sequence_number = bench.sequence_number();
    let (laboratory, waiter) = (&bench.laboratory, &bench.waiter);
    let Laboratory { smdp, euicc, .. } = laboratory;
    waiter.wait(async {
        let initiated = smdp.initiate_authentication(euicc.initiate(ADDRESS, [7; 16])).await?;
        let request = euicc.authenticate(&initiated, Some(&matching_id))?;
        let offer = smdp.authenticate_client(request).await?;
        black_box(smdp.get_bound_profile_package(euicc.prepare(&offer)?).await?);
        smdp.handle_notification(laboratory.installed(&offer, sequence_number)?).await?;
        anyhow::Ok(())
    })
}

#[cfg(test)]
mod tests {
    use smdp::domain::ProfileState;

    use super::*;

    /// HandleNotification acknowledges what it does not believe, too.
    #[test]
    fn the_notifications_are_believed() {
        let mut bench = Bench::new(Curve::P256).unwrap();
        let offer = bench.authenticated(1, ANY.0, ANY.1).unwrap().remove(0);
        let request = bench.laboratory.euicc.prepare(&offer).unwrap();
        bench.waiter.wait(bench.laboratory.smdp.get_bound_profile_package(request)).unwrap();
        let result = bench.laboratory.installed(&offer, 5).unwrap();
        notify(&mut bench, result).unwrap();
        let store = bench.laboratory.smdp.store().clone();
        let order = bench.waiter.wait(store.order_of_iccid(offer.profile_metadata.iccid)).unwrap().unwrap();
        assert_eq!(order.state, ProfileState::Installed);

        let holder = Holder::of(bench.laboratory.authority()).unwrap();
        let enabled = holder.enabled(offer.profile_metadata.iccid, 6).unwrap();
        notify(&mut bench, enabled).unwrap();
        let eid = bench.laboratory.authority().factory.eid(2).unwrap();
        let eid = protocol::types::Eid::from_bytes(eid).unwrap();
        assert_eq!(bench.waiter.wait(store.notifications(eid)).unwrap().len(), 1);
    }

    #[test]
    fn a_session_leaves_its_profile_installed() {
        let mut bench = Bench::new(Curve::P256).unwrap();
        let matching_id = bench.orders(1, ANY.0, ANY.1).unwrap().remove(0);
        whole_session(&mut bench, matching_id.clone()).unwrap();
        let store = bench.laboratory.smdp.store().clone();
        let order = bench.waiter.wait(store.order_of_matching_id(matching_id)).unwrap();
        assert_eq!(order.unwrap().state, ProfileState::Installed);
    }
}
