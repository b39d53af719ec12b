//! The messages of one session, 12 KB of profile in it.

use anyhow::{Context, Result};
use asn1::{
    AuthenticateClientOk, AuthenticateClientRequest, CancelSessionReason, CancelSessionRequestEs9,
    GetBoundProfilePackageOk, GetBoundProfilePackageRequest, HandleNotification, Iccid,
    InitiateAuthenticationOkEs9, InitiateAuthenticationRequest, NotificationEvent, NotificationMetadata,
    OtherSignedNotification, PendingNotification, Raw, SignatureTlv,
};
use certs::Identity;
use certs::workshop::Workshop;
use crypto::Curve;
use protocol::es9plus::Es9Plus;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use smdp::domain::PackageProtection;

use super::SIZES;
use super::work::Waiter;
use crate::laboratory::{ADDRESS, Laboratory};
use crate::pki::{Authority, NOW};

/// What goes to an SM-DP+ and comes from it.
pub(super) struct Messages {
    pub(super) initiate: InitiateAuthenticationRequest,
    pub(super) initiated: InitiateAuthenticationOkEs9,
    pub(super) authenticate: AuthenticateClientRequest,
    pub(super) offered: AuthenticateClientOk,
    pub(super) prepared: GetBoundProfilePackageRequest,
    pub(super) delivered: GetBoundProfilePackageOk,
    pub(super) installed: HandleNotification,
    pub(super) enabled: HandleNotification,
    pub(super) cancel: CancelSessionRequestEs9,
    /// Between whom they passed.
    pub(super) laboratory: Laboratory,
}

impl Messages {
    pub(super) fn exchanged(curve: Curve) -> Result<Self> {
        let waiter = Waiter::new()?;
        let mut laboratory = Laboratory::new(curve)?;
        let [(size, _), ..] = SIZES;
        let orders = waiter.wait(laboratory.order(1, size, PackageProtection::SessionKeys))?;
        let Laboratory { smdp, euicc, .. } = &laboratory;
        let initiate = euicc.initiate(ADDRESS, [7; 16]);
        let initiated = waiter.wait(smdp.initiate_authentication(initiate.clone()))?;
        let authenticate = euicc.authenticate(&initiated, orders.first().map(String::as_str))?;
        let offered = waiter.wait(smdp.authenticate_client(authenticate.clone()))?;
        let prepared = euicc.prepare(&offered)?;
        let delivered = waiter.wait(smdp.get_bound_profile_package(prepared.clone()))?;
        let authority = laboratory.authority();
        let oid = authority.server.oid().context("a CERT.DPauth without an OID")?;
        Ok(Self {
            installed: laboratory.installed(&offered, 1)?,
            enabled: Holder::of(authority)?.enabled(offered.profile_metadata.iccid, 2)?,
            cancel: euicc.cancel(&offered.transaction_id, oid, CancelSessionReason::POSTPONED)?,
            initiate,
            initiated,
            authenticate,
            offered,
            prepared,
            delivered,
            laboratory,
        })
    }
}

/// An eUICC that tells what became of its profiles.
pub(super) struct Holder {
    euicc: Identity,
    eum: Identity,
}

impl Holder {
    pub(super) fn of(authority: &Authority) -> Result<Self> {
        let factory = &authority.factory;
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        let made = factory.euicc(&mut Workshop::new(NOW, &mut rng), &factory.eid(2)?)?;
        let euicc = made.into_iter().next().context("a factory without a key")?;
        let eum = factory.eums().first().context("a factory without a key")?.clone();
        Ok(Self { euicc, eum })
    }

    /// ES9+.HandleNotification: a profile was enabled (SGP.22 §3.5).
    pub(super) fn enabled(&self, iccid: Iccid, sequence_number: u64) -> Result<HandleNotification> {
        let tbs_other_notification = Raw::new(NotificationMetadata {
            seq_number: sequence_number,
            profile_management_operation: NotificationEvent::of([NotificationEvent::ENABLE]),
            notification_address: ADDRESS.to_owned(),
            iccid: Some(iccid),
            unknown: Default::default(),
        });
        let signature = self.euicc.key().sign(tbs_other_notification.bytes())?;
        let notification = OtherSignedNotification {
            tbs_other_notification,
            euicc_notification_signature: SignatureTlv::new(signature.as_bytes().as_slice())?,
            euicc_certificate: self.euicc.certificate().to_asn1(),
            eum_certificate: self.eum.certificate().to_asn1(),
            unknown: Default::default(),
        };
        Ok(HandleNotification {
            pending_notification: Raw::new(PendingNotification::OtherSignedNotification(Raw::new(
                notification,
            ))),
            unknown: Default::default(),
        })
    }
}
