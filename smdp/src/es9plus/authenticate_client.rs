//! AuthenticateClient (SGP.22 §5.6.3).

use asn1::{AuthenticateClientOk, AuthenticateClientRequest, Raw, StoreMetadataRequest};
use crypto::PublicKey;
use protocol::mutual_authentication::{Client, Opened, unknown_transaction, verify_client};
use protocol::smdp_session::{Offer, Stage, offer};
use protocol::status::{Refusal, StatusCode};
use protocol::trace::Tracer;
use protocol::types::MatchingId;
use service::failure::Failure;
use service::observe::{of_eid, of_transaction};

use super::tell_state;
use crate::catalogue::{is_of_catalogue, rewind};
use crate::domain::{Event, Order, SessionRecord, check_eligibility};
use crate::faults::{Call, Fault, Involved, enlarged};
use crate::observe::of_order;
use crate::server::{Smdp, Step};
use crate::store::Store;

const SECTION: &str = "SGP.22 §5.6.3";

impl<S: Store> Smdp<S> {
    pub(super) async fn authenticate(
        &self,
        request: &AuthenticateClientRequest,
        call: &Call,
    ) -> Result<AuthenticateClientOk, Failure> {
        let tracer = of_transaction(&self.tracer, &request.transaction_id);
        tracer.object("AuthenticateServerResponse", request.authenticate_server_response.bytes());
        let session = self.session(&request.transaction_id).await?;
        let Stage::Opened(opened) = session.stage.clone() else {
            return Err(unknown_transaction(&request.transaction_id).into());
        };
        let outcome = self.authenticate_in(session.clone(), &opened, request, call, &tracer).await;
        self.ended_by_refusal(session, outcome, &tracer).await
    }

    async fn authenticate_in(
        &self,
        mut session: SessionRecord,
        opened: &Opened,
        request: &AuthenticateClientRequest,
        call: &Call,
        tracer: &Tracer,
    ) -> Result<AuthenticateClientOk, Failure> {
        let now = self.clock.now();
        let client = verify_client(&self.identities, opened, request, now, tracer)?;
        let identity = self.identity_under(&opened.ci)?;

        let tracer = of_eid(tracer, &client.eid);
        let order = self.find_order(&client).await?;
        let found = order.as_ref().ok().and_then(|order| order.matching_id.as_ref());
        let matching_id = client.matching_id.as_deref().or(found.map(MatchingId::as_str));
        let fault = self.disturbed(call, Involved { eid: Some(client.eid), matching_id })?;
        let mut order = tracer.check(SECTION, "there is an order for this eUICC", order)?;
        let tracer = of_order(&tracer, order.id);
        tracer.check(SECTION, "the order has not expired", order.check_not_expired(now))?;
        tracer.check(SECTION, "the profile is released", order.check_released())?;

        let metadata = metadata_of(&order)?;
        if let Err(refusal) = self.admit(&mut order, &metadata, &client, &tracer) {
            self.store.record_refused_attempt(order).await?;
            return Err(refusal.into());
        }
        let metadata = if fault == Some(&Fault::LargeMetadata) {
            self.faults().note_large_metadata(&request.transaction_id);
            enlarged(&metadata)
        } else {
            metadata
        };
        // SGP.22 §3.1.3 step 5: a card that still has this key need not make another.
        let bound_euicc_otpk = order
            .bound_to
            .as_ref()
            .filter(|bound| bound.eid == client.eid)
            .and_then(|bound| PublicKey::from_point(identity.pb.key().curve(), &bound.euicc_otpk).ok());
        let (answer, offered) = offer(
            &client,
            Offer {
                identity,
                transaction_id: request.transaction_id.clone(),
                metadata,
                confirmation_code_required: order.confirmation_code.is_some(),
                bound_euicc_otpk,
            },
        )?;
        self.note(
            &mut order,
            Step::reported("ES9+.AuthenticateClient", |points| points.eligibility_passed).of(client.eid),
        );
        session.order = Some(order.id);
        session.stage = Stage::Offered(offered);
        self.store.offer(order.clone(), session.clone()).await?;
        self.at_hand.offered(session, order, &client.eid);
        tracer.state("session", &"opened", &"offered");
        tracer.object("profileMetadata", answer.profile_metadata.bytes());
        tracer.object("smdpSigned2", answer.smdp_signed2.bytes());
        Ok(answer)
    }

    /// Finds the order of an authenticated eUICC.
    ///
    /// Where an order is linked to the EID and the MatchingID names another one that is linked to nobody, §5.6.3 read
    /// by the letter refuses and §3.1.3 does not. We follow §3.1.3: else a download that was cut off would bar the
    /// eUICC from every other activation code.
    async fn find_order(&self, client: &Client<'_>) -> Result<Result<Order, Refusal>, Failure> {
        let Some(matching_id) = &client.matching_id else {
            let mut orders = self.store.orders_of_eid(client.eid).await?;
            // An entry of the catalogue is asked for by its name.
            orders.retain(|order| !is_of_catalogue(order));
            // One that is not released or has expired comes last, and the one that was meant for the default SM-DP+
            // use case first.
            let now = self.clock.now();
            orders.sort_by_key(|order| {
                let waits = order.is_pending() && order.check_not_expired(now).is_ok();
                (!waits, !order.is_pending(), order.matching_id.is_some())
            });
            let message = "no MatchingID was given and no order waits for this EID";
            let refusal = Refusal::incompatible(StatusCode::EID_REFUSED, message);
            return Ok(orders.into_iter().next().ok_or(refusal));
        };
        let order = self.store.order_of_matching_id(matching_id.clone()).await?;
        let order = match order {
            Some(order) if is_of_catalogue(&order) => self.of_catalogue(order).await?,
            other => other,
        };
        let Some(order) = order else {
            let message = "no order has this MatchingID";
            return Ok(Err(Refusal::incompatible(StatusCode::MATCHING_ID_REFUSED, message)));
        };
        Ok(order.check_eid(&client.eid).map(|()| order))
    }

    /// An order of the catalogue as new, for whoever asks; none while the catalogue is closed.
    async fn of_catalogue(&self, mut order: Order) -> Result<Option<Order>, Failure> {
        if !self.config.catalogue {
            return Ok(None);
        }
        if !rewind(&mut order) {
            return Ok(Some(order));
        }
        let id = order.id;
        self.store.reset_order(order).await?;
        Ok(self.store.order(id).await?)
    }

    /// Counts the attempt and checks whether the profile suits the eUICC; what fails here ends the order.
    fn admit(
        &self,
        order: &mut Order,
        metadata: &StoreMetadataRequest,
        client: &Client<'_>,
        tracer: &Tracer,
    ) -> Result<(), Refusal> {
        let before = order.state;
        let limit = self.config.limits.download_attempts;
        let counted = order.count_download_attempt(limit);
        let outcome = tracer
            .check("SGP.22 §3.1.3", "the order has not been tried too often", counted)
            .and_then(|()| check_eligibility(metadata, order.package_size, client.euicc_info2, tracer));
        if let Err(refusal) = &outcome {
            // SGP.22 §3.1.3 step 5; too many attempts have ended the order already.
            order.enter(Event::EligibilityFailed);
            let step = Step::reported("ES9+.AuthenticateClient", |points| points.eligibility_failed);
            self.note(order, step.of(client.eid).failed(refusal.code));
            tell_state(tracer, before, order.state);
        }
        outcome
    }
}

/// The metadata of an order, as it was checked when the order came in.
pub(super) fn metadata_of(order: &Order) -> Result<Raw<StoreMetadataRequest>, Failure> {
    Raw::from_der(&order.metadata).map_err(|error| {
        tracing::error!(order = %order.id, %error, "the metadata of an order cannot be read");
        Refusal::storage().into()
    })
}
