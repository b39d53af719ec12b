//! A server that does nothing but take its time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use asn1::{
    AuthenticateClientOk, AuthenticateClientRequest, CancelSessionRequestEs9, GetBoundProfilePackageOk,
    GetBoundProfilePackageRequest, HandleNotification, InitiateAuthenticationOkEs9,
    InitiateAuthenticationRequest,
};
use crypto::Curve;
use protocol::es9plus::Es9Plus;
use smdp::Smdp;
use smdp::domain::PackageProtection;
use smdp::store::SqliteStore;

use super::ending::{Ending, Failure};
use super::target::{Line, Target};
use crate::laboratory::{ADDRESS, Laboratory};

/// An SM-DP+ in memory whose every answer takes longer.
#[derive(Clone)]
pub(super) struct Slow {
    smdp: Arc<Smdp<SqliteStore>>,
    by: Duration,
    odd: Option<Odd>,
    calls: Arc<AtomicU64>,
}

/// Every so many calls of InitiateAuthentication something else happens.
#[derive(Clone, Copy)]
pub(super) enum Odd {
    /// 503.
    Busy(u64),
    /// It takes twenty times as long.
    Stall(u64),
}

impl Slow {
    /// With so many orders, `BENCH-1` and so on.
    pub(super) async fn new(orders: usize, by: Duration) -> Self {
        let mut laboratory = Laboratory::new(Curve::P256).unwrap();
        laboratory.order(orders, 2_000, PackageProtection::SessionKeys).await.unwrap();
        Self { smdp: Arc::new(laboratory.smdp), by, odd: None, calls: Arc::default() }
    }

    pub(super) fn with(self, odd: Option<Odd>) -> Self {
        Self { odd, ..self }
    }
}

impl Target for Slow {
    type Line = Self;

    fn address(&self) -> &str {
        ADDRESS
    }

    fn binding(&self) -> &'static str {
        "none"
    }

    fn new_connections(&self) -> bool {
        false
    }

    fn line(&self) -> Self {
        self.clone()
    }
}

impl Line for Slow {
    fn took(&self) -> Option<Duration> {
        None
    }
}

impl Es9Plus for Slow {
    type Error = Failure;

    async fn initiate_authentication(
        &self,
        request: InitiateAuthenticationRequest,
    ) -> Result<InitiateAuthenticationOkEs9, Failure> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
        match self.odd {
            Some(Odd::Busy(every)) if call.is_multiple_of(every) => {
                return Err(Ending::Busy { retry_after: true }.into());
            }
            Some(Odd::Stall(every)) if call.is_multiple_of(every) => tokio::time::sleep(20 * self.by).await,
            _ => tokio::time::sleep(self.by).await,
        }
        Ok(self.smdp.initiate_authentication(request).await?)
    }

    async fn authenticate_client(
        &self,
        request: AuthenticateClientRequest,
    ) -> Result<AuthenticateClientOk, Failure> {
        tokio::time::sleep(self.by).await;
        Ok(self.smdp.authenticate_client(request).await?)
    }

    async fn get_bound_profile_package(
        &self,
        request: GetBoundProfilePackageRequest,
    ) -> Result<GetBoundProfilePackageOk, Failure> {
        tokio::time::sleep(self.by).await;
        Ok(self.smdp.get_bound_profile_package(request).await?)
    }

    async fn handle_notification(&self, request: HandleNotification) -> Result<(), Failure> {
        tokio::time::sleep(self.by).await;
        Ok(self.smdp.handle_notification(request).await?)
    }

    async fn cancel_session(&self, request: CancelSessionRequestEs9) -> Result<(), Failure> {
        tokio::time::sleep(self.by).await;
        Ok(self.smdp.cancel_session(request).await?)
    }
}
