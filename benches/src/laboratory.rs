//! An SM-DP+ below HTTP, with orders for one eUICC after the other.

use std::sync::Arc;

use anyhow::{Context, Result};
use asn1::{
    AuthenticateClientOk, AuthenticateClientRequest, GetBoundProfilePackageOk, GetBoundProfilePackageRequest,
    HandleNotification, InitiateAuthenticationOkEs9,
};
use crypto::{Curve, Engine};
use protocol::clock::Timestamp;
use protocol::es9plus::Es9Plus;
use protocol::trace::{Actor, Tracer};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use smdp::domain::{NewOrder, NewProfile, Package, PackageProtection};
use smdp::store::{SqliteStore, Store};
use smdp::{Config, Parts, Smdp};
use zeroize::Zeroizing;

use crate::clock::PassingClock;
use crate::euicc::Euicc;
use crate::pki::{Authority, NOW};
use crate::profile;

/// The server's address.
pub const ADDRESS: &str = "smdp.example.com";

/// An SM-DP+ whose store is in memory, and an eUICC that downloads from it.
pub struct Laboratory<S = SqliteStore> {
    /// The server.
    pub smdp: Smdp<S>,
    /// The eUICC.
    pub euicc: Euicc,
    authority: Authority,
    orders: u64,
}

impl Laboratory {
    /// On this curve, computed by AWS-LC where it can.
    ///
    /// # Errors
    /// None that a seed would raise.
    pub fn new(curve: Curve) -> Result<Self> {
        Self::on(Arc::new(SqliteStore::in_memory()?), curve)
    }
}

impl<S: Store> Laboratory<S> {
    /// On this store.
    ///
    /// # Errors
    /// None that a seed would raise.
    pub fn on(store: Arc<S>, curve: Curve) -> Result<Self> {
        let authority = Authority::new(curve, Engine::AwsLc)?;
        let smdp = Smdp::new(Parts {
            config: Config::new(ADDRESS.parse()?),
            identities: authority.identities(Engine::AwsLc)?,
            store,
            rng: Box::new(ChaCha20Rng::seed_from_u64(1)),
            clock: Arc::<PassingClock>::default(),
            tracer: Tracer::off(Actor::Smdp),
            metrics: Arc::default(),
        });
        let euicc = Euicc::made_by(&authority.factory, 1)?;
        Ok(Self { smdp, euicc, authority, orders: 0 })
    }

    /// The PKI.
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Puts in released orders for profiles of this size; gives their MatchingIDs.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn order(
        &mut self,
        number: usize,
        size: usize,
        protection: PackageProtection,
    ) -> Result<Vec<String>> {
        let mut orders = Vec::with_capacity(number);
        let mut matching_ids = Vec::with_capacity(number);
        for _ in 0..number {
            self.orders += 1;
            matching_ids.push(format!("BENCH-{}", self.orders));
            orders.push(order(self.orders, size, protection)?);
        }
        self.smdp.store().add_orders(Timestamp::from_unix_seconds(NOW.0), orders).await?;
        Ok(matching_ids)
    }

    /// The steps up to AuthenticateClient.
    ///
    /// # Errors
    /// Where the server refuses.
    pub async fn initiated(&self) -> Result<InitiateAuthenticationOkEs9> {
        Ok(self.smdp.initiate_authentication(self.euicc.initiate(ADDRESS, [7; 16])).await?)
    }

    /// The request of AuthenticateClient, and what it answers.
    ///
    /// # Errors
    /// Where the server refuses.
    pub async fn authenticated(
        &self,
        matching_id: &str,
    ) -> Result<(AuthenticateClientRequest, AuthenticateClientOk)> {
        let request = self.euicc.authenticate(&self.initiated().await?, Some(matching_id))?;
        let offer = self.smdp.authenticate_client(request.clone()).await?;
        Ok((request, offer))
    }

    /// The request of GetBoundProfilePackage, and what it answers.
    ///
    /// # Errors
    /// Where the server refuses.
    pub async fn delivered(
        &self,
        matching_id: &str,
    ) -> Result<(GetBoundProfilePackageRequest, GetBoundProfilePackageOk)> {
        let (_, offer) = self.authenticated(matching_id).await?;
        let request = self.euicc.prepare(&offer)?;
        let package = self.smdp.get_bound_profile_package(request.clone()).await?;
        Ok((request, package))
    }

    /// The installation result of a session.
    ///
    /// # Errors
    /// Where the engine fails.
    pub fn installed(
        &self,
        offer: &AuthenticateClientOk,
        sequence_number: u64,
    ) -> Result<HandleNotification> {
        let oid = self.authority.server.oid().context("a CERT.DPauth without an OID")?;
        let iccid = offer.profile_metadata.iccid;
        self.euicc.installed(&offer.transaction_id, iccid, ADDRESS, oid, sequence_number)
    }
}

/// An order for whoever has its MatchingID, `BENCH-` and the number.
///
/// # Errors
/// None that such a number would raise.
pub fn order(number: u64, size: usize, protection: PackageProtection) -> Result<NewOrder> {
    let iccid = profile::iccid(number)?;
    let profile = NewProfile {
        iccid,
        operator: None,
        profile_type: "bench".to_owned(),
        protection,
        metadata: profile::metadata(iccid)?,
        package: Package(Zeroizing::new(profile::package(iccid, size)?)),
    };
    let matching_id = Some(format!("BENCH-{number}").parse()?);
    Ok(NewOrder { profile, matching_id, eid: None, confirmation_code: None, expires: None })
}
