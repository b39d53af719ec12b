//! GetBoundProfilePackage (SGP.22 §5.6.2).

use asn1::{
    BoundProfilePackageTlv, GetBoundProfilePackageOk, GetBoundProfilePackageRequest, PrepareDownloadResponse,
    Raw, TransactionId,
};
use crypto::scp03t::SessionKeys;
use crypto::{OneTimeKey, PublicKey};
use protocol::bpp::defect::bind_with;
use protocol::bpp::{self, Binding, BppError, Protection};
use protocol::mutual_authentication::{ServerIdentity, unknown_transaction};
use protocol::smdp_session::{Identity, Offered, Stage, verify_prepare_download};
use protocol::status::{Refusal, StatusCode};
use protocol::trace::Tracer;
use protocol::types::{Eid, MatchingId};
use service::failure::Failure;
use service::observe::{of_eid, of_transaction};

use super::authenticate_client::metadata_of;
use super::tell_state;
use crate::catalogue::{is_of_catalogue, rewind};
use crate::config::Rebinding;
use crate::domain::{Bound, Event, Order, OrderId, PackageProtection, ProfileState, SessionRecord};
use crate::faults::{Call, Fault, Involved, enlarged};
use crate::observe::of_order;
use crate::server::{Smdp, Step};
use crate::store::Store;

const SECTION: &str = "SGP.22 §5.6.2";

impl<S: Store> Smdp<S> {
    pub(super) async fn deliver(
        &self,
        request: &GetBoundProfilePackageRequest,
        call: &Call,
    ) -> Result<GetBoundProfilePackageOk, Failure> {
        let tracer = of_transaction(&self.tracer, &request.transaction_id);
        trace_answer(&tracer, &request.prepare_download_response);
        let session = self.session(&request.transaction_id).await?;
        let (Stage::Offered(offered), Some(order)) = (session.stage.clone(), session.order) else {
            return Err(unknown_transaction(&request.transaction_id).into());
        };
        let tracer = of_order(&of_eid(&tracer, &offered.client.eid), order);
        let outcome = self.deliver_in(session.clone(), offered, order, request, call, &tracer).await;
        self.ended_by_refusal(session, outcome, &tracer).await
    }

    async fn deliver_in(
        &self,
        mut session: SessionRecord,
        offered: Offered,
        order: OrderId,
        request: &GetBoundProfilePackageRequest,
        call: &Call,
        tracer: &Tracer,
    ) -> Result<GetBoundProfilePackageOk, Failure> {
        let eid = offered.client.eid;
        let prepared = verify_prepare_download(&offered, request, self.identities.engine(), tracer)?;
        let order = self.store.order(order).await?;
        let mut order = order.ok_or_else(|| unknown_transaction(&request.transaction_id))?;
        let matching_id = order.matching_id.clone();
        let involved = Involved { eid: Some(eid), matching_id: matching_id.as_ref().map(MatchingId::as_str) };
        let fault = self.disturbed(call, involved)?;
        if is_of_catalogue(&order) {
            // Others may have come meanwhile: it is for all of them.
            rewind(&mut order);
        }
        tracer.check(SECTION, "the order has not expired", order.check_not_expired(self.clock.now()))?;
        // Before the code: whom the order is not for any more has no tries to spend on it.
        let available = order.check_available_to(&eid);
        tracer.check(SECTION, "the profile is to be had for this eUICC", available)?;

        if let Some(code) = order.confirmation_code.clone() {
            let before = order.state;
            let limit = self.config.limits.confirmation_code_attempts;
            let checked = order
                .check_confirmation_code_attempts(limit)
                .and_then(|()| prepared.check_confirmation_code(&code, &request.transaction_id));
            if let Err(refusal) = tracer.check("SGP.22 §3.1.3.2", "the confirmation code", checked) {
                return Err(self.refuse_confirmation_code(order, before, eid, refusal, tracer).await);
            }
        }
        let identity = self.identity_under(&offered.client.ci)?;
        let earlier = self.reusable(&order, eid, identity, &prepared.euicc_otpk).await?;
        if earlier == Earlier::OtherKey && self.config.rebinding == Rebinding::Refuse {
            return Err(self.refuse_rebinding(order, tracer).await);
        }
        let before = order.state;
        order.deliver_to(eid)?;
        self.note(&mut order, Step::reported("ES9+.GetBoundProfilePackage", |points| points.download));
        let receiver = Receiver {
            eid,
            identity,
            transaction_id: &request.transaction_id,
            euicc_otpk: &prepared.euicc_otpk,
        };
        let bound = self.bind(&order, earlier, receiver, tracer).await?;
        let spoiled = self.spoiled(&order, fault, receiver, tracer).await?;
        let package = spoiled.unwrap_or_else(|| bound.package.clone());

        session.stage = Stage::Delivered(offered);
        let after = order.state;
        self.store.hand_out(order, session, bound).await?;
        tell_state(tracer, before, after);
        tracer.state("session", &"offered", &"delivered");
        Ok(GetBoundProfilePackageOk {
            transaction_id: request.transaction_id.clone(),
            bound_profile_package: BoundProfilePackageTlv::from_der(&package)
                .map_err(|_| binding_refusal(BppError::Malformed("a package of ours is no BF36")))?,
            unknown: Default::default(),
        })
    }

    /// SGP.22 §3.1.3.2 step 7: a wrong code is counted, one too many has ended the order; a missing one is no try.
    async fn refuse_confirmation_code(
        &self,
        mut order: Order,
        before: ProfileState,
        eid: Eid,
        refusal: Refusal,
        tracer: &Tracer,
    ) -> Failure {
        const WHAT: &str = "ES9+.GetBoundProfilePackage";
        let step = match refusal.code {
            StatusCode::CONFIRMATION_CODE_REFUSED => {
                order.count_wrong_confirmation_code();
                Step::silent(WHAT)
            }
            StatusCode::CONFIRMATION_CODE_ATTEMPTS_EXCEEDED => {
                Step::reported(WHAT, |points| points.confirmation_failed)
            }
            _ => return refusal.into(),
        };
        self.note(&mut order, step.of(eid).failed(refusal.code));
        let after = order.state;
        if let Err(error) = self.store.record_confirmation_code_try(order).await {
            return error.into();
        }
        tell_state(tracer, before, after);
        refusal.into()
    }

    /// SGP.22 §5.6.2: a profile that was bound to one key need not be bound to another; then its order ends (§3.1.6).
    async fn refuse_rebinding(&self, mut order: Order, tracer: &Tracer) -> Failure {
        let refusal = Refusal::incompatible(
            StatusCode::PROFILE_UNAVAILABLE,
            "the profile is bound to another one-time key of this eUICC, and is not bound again",
        );
        let before = order.state;
        if order.enter(Event::RebindingRefused) {
            let after = order.state;
            let step = Step::reported("ES9+.GetBoundProfilePackage", |points| points.download);
            self.note(&mut order, step.failed(refusal.code));
            if let Err(error) = self.store.record_refused_attempt(order).await {
                return error.into();
            }
            tell_state(tracer, before, after);
        }
        tracer.refused(SECTION, "the profile can be bound for this key", &refusal.message);
        refusal.into()
    }

    /// What was bound before for this eUICC under this identity.
    async fn reusable(
        &self,
        order: &Order,
        eid: Eid,
        identity: &Identity,
        euicc_otpk: &PublicKey,
    ) -> Result<Earlier, Failure> {
        let earlier = self.store.bound(order.id).await?.filter(|bound| bound.eid == eid);
        Ok(match earlier {
            None => Earlier::None,
            Some(bound) if bound.ci == ci_of(identity) && bound.euicc_otpk == euicc_otpk.point() => {
                Earlier::SameKey(bound)
            }
            Some(_) => Earlier::OtherKey,
        })
    }

    /// The package for this eUICC: the one it could have had before where its one-time key is the same, else a new
    /// one under a key of ours that is forgotten at once.
    async fn bind(
        &self,
        order: &Order,
        earlier: Earlier,
        receiver: Receiver<'_>,
        tracer: &Tracer,
    ) -> Result<Bound, Failure> {
        let Receiver { eid, identity, transaction_id, euicc_otpk } = receiver;
        let package = if let Earlier::SameKey(bound) = earlier {
            tracer.passed(SECTION, "the eUICC kept its one-time key: the bound package is used again");
            bpp::rebind_signature(&bound.package, transaction_id, euicc_otpk, identity.pb.key())
        } else {
            let one_time_key = self.one_time_key(identity)?;
            let package = self.store.package(order.profile).await?;
            bpp::bind(
                Binding {
                    transaction_id,
                    eid: &eid,
                    host_id: &self.config.host_id,
                    euicc_otpk,
                    one_time_key: &one_time_key,
                    metadata: &order.metadata,
                    package: &package.0,
                    protection: self.protection(order),
                    signing_key: identity.pb.key(),
                },
                tracer,
            )
        };
        let package = package.map_err(binding_refusal)?;
        Ok(Bound { eid, euicc_otpk: euicc_otpk.point().to_vec(), ci: ci_of(identity), package })
    }

    /// The package that goes to the eUICC instead of the bound one, which is kept for a better day.
    async fn spoiled(
        &self,
        order: &Order,
        fault: Option<&Fault>,
        receiver: Receiver<'_>,
        tracer: &Tracer,
    ) -> Result<Option<Vec<u8>>, Failure> {
        let Receiver { eid, identity, transaction_id, euicc_otpk } = receiver;
        let defect = match fault {
            Some(Fault::Package(defect)) => Some(*defect),
            _ => None,
        };
        let large_metadata = self.faults().has_large_metadata(transaction_id);
        if defect.is_none() && !large_metadata {
            return Ok(None);
        }
        let metadata = metadata_of(order)?;
        let metadata = if large_metadata { enlarged(&metadata) } else { metadata };
        let package = self.store.package(order.profile).await?;
        let one_time_key = self.one_time_key(identity)?;
        let binding = Binding {
            transaction_id,
            eid: &eid,
            host_id: &self.config.host_id,
            euicc_otpk,
            one_time_key: &one_time_key,
            metadata: metadata.bytes(),
            package: &package.0,
            protection: self.protection(order),
            signing_key: identity.pb.key(),
        };
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
            Err(error) => Err(binding_refusal(error).into()),
        }
    }

    fn one_time_key(&self, identity: &Identity) -> Result<OneTimeKey, Refusal> {
        let (engine, curve) = (self.identities.engine(), identity.pb.key().curve());
        OneTimeKey::generate(engine, curve, &mut **self.rng()).map_err(|error| binding_refusal(error.into()))
    }

    fn protection(&self, order: &Order) -> Protection {
        match order.protection {
            PackageProtection::SessionKeys => Protection::SessionKeys,
            PackageProtection::ProfileProtectionKeys => Protection::ProfileProtectionKeys(SessionKeys {
                mac_chaining_value: self.random(),
                s_enc: self.random(),
                s_mac: self.random(),
            }),
        }
    }
}

/// Whom a package is bound for.
#[derive(Clone, Copy)]
struct Receiver<'a> {
    eid: Eid,
    identity: &'a Identity,
    transaction_id: &'a TransactionId,
    euicc_otpk: &'a PublicKey,
}

/// What was bound before.
#[derive(PartialEq, Eq)]
enum Earlier {
    /// Nothing for this eUICC.
    None,
    /// A package under the key that the eUICC still has.
    SameKey(Bound),
    /// A package under another key.
    OtherKey,
}

fn ci_of(identity: &Identity) -> Vec<u8> {
    identity.ci().map(|ci| ci.bytes().to_vec()).unwrap_or_default()
}

/// A short confirmation code is soon guessed from hashCc, so an answer that carries one is told as a secret.
fn trace_answer(tracer: &Tracer, response: &Raw<PrepareDownloadResponse>) {
    match response.value() {
        PrepareDownloadResponse::DownloadResponseOk(ok) if ok.euicc_signed2.hash_cc.is_some() => {
            tracer.secret("PrepareDownloadResponse", response.bytes());
        }
        _ => tracer.object("PrepareDownloadResponse", response.bytes()),
    }
}

fn binding_refusal(error: BppError) -> Refusal {
    match error {
        BppError::Crypto(error) => Refusal::configuration(format!("the package could not be bound: {error}")),
        other => {
            tracing::error!(error = %other, "a stored package cannot be used");
            Refusal::storage()
        }
    }
}
