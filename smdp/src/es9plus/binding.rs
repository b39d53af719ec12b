//! The Bound Profile Package that an eUICC gets (SGP.22 §5.6.2), and what is kept of it.

use asn1::TransactionId;
use crypto::scp03t::SessionKeys;
use crypto::{OneTimeKey, PublicKey};
use protocol::bpp::defect::bind_with;
use protocol::bpp::{self, Binding, BppError, ProfileElements, ProtectedPackage};
use protocol::mutual_authentication::ServerIdentity;
use protocol::smdp_session::Identity;
use protocol::status::Refusal;
use protocol::trace::Tracer;
use protocol::types::Eid;
use service::failure::Failure;

use super::authenticate_client::metadata_of;
use crate::domain::{Bound, BoundTo, Kept, Order, PackageProtection, StoredPackage};
use crate::faults::{Fault, enlarged};
use crate::server::Smdp;
use crate::store::Store;

const SECTION: &str = "SGP.22 §5.6.2";

/// Whom a package is bound for.
#[derive(Clone, Copy)]
pub(super) struct Receiver<'a> {
    pub(super) eid: &'a Eid,
    pub(super) identity: &'a Identity,
    pub(super) transaction_id: &'a TransactionId,
    pub(super) euicc_otpk: &'a PublicKey,
}

impl Receiver<'_> {
    fn bound(&self, kept: Kept) -> Bound {
        let to =
            BoundTo { eid: *self.eid, euicc_otpk: self.euicc_otpk.point().to_vec(), ci: self.ci().to_vec() };
        Bound { to, kept }
    }

    fn ci(&self) -> &[u8] {
        self.identity.ci().map(|ci| ci.bytes()).unwrap_or_default()
    }
}

/// What was bound before.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Earlier {
    /// Nothing for this eUICC.
    None,
    /// A package under the key that the eUICC still has.
    SameKey,
    /// A package under another key.
    OtherKey,
}

impl Earlier {
    pub(super) fn of(order: &Order, receiver: Receiver<'_>) -> Self {
        match order.bound_to.as_ref().filter(|bound| bound.eid == *receiver.eid) {
            None => Self::None,
            Some(bound) if bound.ci == receiver.ci() && bound.euicc_otpk == receiver.euicc_otpk.point() => {
                Self::SameKey
            }
            Some(_) => Self::OtherKey,
        }
    }
}

impl<S: Store> Smdp<S> {
    /// The package for this eUICC, and what is kept of it: the one that it could have had before where its one-time key is
    /// the same, else a new one under a one-time key of ours that is forgotten at once.
    pub(super) async fn bind(
        &self,
        order: &Order,
        earlier: Earlier,
        receiver: Receiver<'_>,
        tracer: &Tracer,
    ) -> Result<(Bound, Vec<u8>), Failure> {
        let kept = match earlier {
            Earlier::SameKey => self.store.bound(order.id).await?,
            Earlier::None | Earlier::OtherKey => None,
        };
        // Somebody else may have bound it meanwhile: that package is not this eUICC's.
        let kept = kept.filter(|kept| Some(&kept.to) == order.bound_to.as_ref());
        match kept {
            Some(kept) => self.bind_again(order, kept, receiver, tracer).await,
            None => self.bind_anew(order, receiver, tracer).await,
        }
    }

    async fn bind_again(
        &self,
        order: &Order,
        kept: Bound,
        receiver: Receiver<'_>,
        tracer: &Tracer,
    ) -> Result<(Bound, Vec<u8>), Failure> {
        tracer.passed(SECTION, "the eUICC kept its one-time key: the bound package is used again");
        let Receiver { transaction_id, euicc_otpk, identity, .. } = receiver;
        let again = |kept: &[u8]| {
            bpp::rebind_signature(kept, transaction_id, euicc_otpk, identity.pb.key()).map_err(refused)
        };
        if let Kept::Whole(package) = &kept.kept {
            let whole = again(package)?;
            return Ok((receiver.bound(Kept::Whole(whole.clone())), whole));
        }
        match (kept.kept, self.store.stored_package(order.profile).await?) {
            (Kept::Channel(channel, keys), StoredPackage::Unprotected(package)) => {
                let (channel, metadata) = (again(&channel)?, &order.metadata);
                let whole = bpp::behind_channel(&channel, keys.clone(), metadata, &package.0, tracer);
                Ok((receiver.bound(Kept::Channel(channel, keys)), whole))
            }
            (Kept::Head(head), StoredPackage::Protected(package)) => {
                let head = again(&head)?;
                let whole = package.behind(&head);
                Ok((receiver.bound(Kept::Head(head)), whole))
            }
            _ => Err(refused(BppError::Malformed("what was bound is not of this profile")).into()),
        }
    }

    async fn bind_anew(
        &self,
        order: &Order,
        receiver: Receiver<'_>,
        tracer: &Tracer,
    ) -> Result<(Bound, Vec<u8>), Failure> {
        let one_time_key = self.one_time_key(receiver.identity)?;
        let binding = |profile| self.binding(receiver, &one_time_key, &order.metadata, profile);
        match self.store.stored_package(order.profile).await? {
            StoredPackage::Protected(package) => {
                let head = bpp::bind_head(binding(ProfileElements::Protected(&package)), tracer);
                let head = head.map_err(refused)?;
                let whole = package.behind(&head);
                Ok((receiver.bound(Kept::Head(head)), whole))
            }
            StoredPackage::Unprotected(package) => match self.protected_now(order, &package.0) {
                None => {
                    let binding = binding(ProfileElements::Unprotected(&package.0));
                    let (channel, keys) = bpp::open_channel(&binding, tracer).map_err(refused)?;
                    let whole =
                        bpp::behind_channel(&channel, keys.clone(), binding.metadata, &package.0, tracer);
                    Ok((receiver.bound(Kept::Channel(channel, keys)), whole))
                }
                Some(protected) => {
                    let profile = ProfileElements::Protected(&protected);
                    let whole = bpp::bind(binding(profile), tracer).map_err(refused)?;
                    Ok((receiver.bound(Kept::Whole(whole.clone())), whole))
                }
            },
        }
    }

    /// The package that goes to the eUICC instead of the bound one, which is kept for a better day.
    pub(super) async fn spoiled(
        &self,
        order: &Order,
        fault: Option<&Fault>,
        receiver: Receiver<'_>,
        tracer: &Tracer,
    ) -> Result<Option<Vec<u8>>, Failure> {
        let defect = match fault {
            Some(Fault::Package(defect)) => Some(*defect),
            _ => None,
        };
        let large_metadata = self.faults().has_large_metadata(receiver.transaction_id);
        if defect.is_none() && !large_metadata {
            return Ok(None);
        }
        let metadata = metadata_of(order)?;
        let metadata = if large_metadata { enlarged(&metadata) } else { metadata };
        let package = self.store.package(order.profile).await?;
        let protected = self.protected_now(order, &package.0);
        let one_time_key = self.one_time_key(receiver.identity)?;
        let profile =
            protected.as_ref().map_or(ProfileElements::Unprotected(&package.0), ProfileElements::Protected);
        let binding = self.binding(receiver, &one_time_key, metadata.bytes(), profile);
        let bound = match defect {
            Some(defect) => bind_with(defect, binding, tracer),
            None => bpp::bind(binding, tracer),
        };
        match bound {
            Ok(package) => Ok(Some(package)),
            Err(BppError::Defect(defect)) => {
                tracing::warn!(%defect, "the profile has no place for this fault: the package is good");
                Ok(None)
            }
            Err(error) => Err(refused(error).into()),
        }
    }

    fn binding<'a>(
        &'a self,
        receiver: Receiver<'a>,
        one_time_key: &'a OneTimeKey,
        metadata: &'a [u8],
        profile: ProfileElements<'a>,
    ) -> Binding<'a> {
        let Receiver { eid, identity, transaction_id, euicc_otpk } = receiver;
        Binding {
            transaction_id,
            eid,
            host_id: &self.config.host_id,
            euicc_otpk,
            one_time_key,
            metadata,
            profile,
            signing_key: identity.pb.key(),
        }
    }

    fn one_time_key(&self, identity: &Identity) -> Result<OneTimeKey, Refusal> {
        let (engine, curve) = (self.identities.engine(), identity.pb.key().curve());
        OneTimeKey::generate(engine, curve, &mut **self.rng()).map_err(|error| refused(error.into()))
    }

    /// A package that has to be protected and is not yet: it came in with an earlier version, or is to be spoiled.
    fn protected_now(&self, order: &Order, package: &[u8]) -> Option<ProtectedPackage> {
        match order.protection {
            PackageProtection::SessionKeys => None,
            PackageProtection::ProfileProtectionKeys => {
                let (mac_chaining_value, s_enc, s_mac) = (self.random(), self.random(), self.random());
                let keys = SessionKeys { mac_chaining_value, s_enc, s_mac };
                Some(ProtectedPackage::protect(package, keys))
            }
        }
    }
}

pub(super) fn refused(error: BppError) -> Refusal {
    match error {
        BppError::Crypto(error) => Refusal::configuration(format!("the package could not be bound: {error}")),
        other => {
            tracing::error!(error = %other, "a stored package cannot be used");
            Refusal::storage()
        }
    }
}
