//! ES2+ as this SM-DP+ offers it (SGP.22 §5.3): one file per function.
//!
//! A call is known by its caller, its functionCallIdentifier, its function and its body. What a call did is written with
//! the fact that it was made, so the same call again does nothing and gets the same answer; another call under the same
//! name is refused. A call that was refused has done nothing, and is looked at afresh when it comes again.

mod cancel_order;
mod confirm_order;
mod download_order;
mod event_registration;
mod release_profile;

use asn1::Iccid;
use protocol::es2plus::{
    Call, CallHeader, CancelOrder, ConfirmOrder, ConfirmOrderOk, DownloadOrder, DownloadOrderOk, Es2Plus,
    Function, ReleaseProfile,
};
use protocol::status::{Refusal, StatusCode};
use protocol::trace::Tracer;
use protocol::types::Eid;
use serde::Serialize;
use serde::de::DeserializeOwned;
use service::failure::{Failure, until_undisturbed};
use service::observe::{observed, of_eid};
use tracing::field::Empty;
use tracing::{Instrument, Span};

use crate::domain::{CallKey, EarlierCall, ExecutedCall, Order, Profile};
use crate::observe::of_order;
use crate::server::Smdp;
use crate::store::{Store, StoreError};

impl<S: Store> Smdp<S> {
    /// The answer to a call that was executed before. While it is not decided whether one stays executed, the same call
    /// waits for that.
    async fn earlier<A: DeserializeOwned>(&self, key: &CallKey) -> Result<Option<A>, Failure> {
        self.events.decided(key).await;
        match self.store.earlier_call(key.clone()).await? {
            None => Ok(None),
            Some(EarlierCall::Same(answer)) => serde_json::from_str(&answer).map(Some).map_err(|error| {
                tracing::error!(%error, "the answer to an earlier call cannot be read");
                Refusal::storage().into()
            }),
            Some(EarlierCall::Other) => Err(Refusal::misbehaved(
                StatusCode::INVALID_PARAMETER,
                "functionCallIdentifier: another call of this requester had it already",
            )
            .into()),
        }
    }

    /// A call with its answer, to be written with what it did.
    fn executed<A: Serialize>(&self, key: CallKey, answer: &A) -> ExecutedCall {
        ExecutedCall { key, answer: as_json(answer), at: self.clock.now().unix_millis() }
    }

    /// The profile of an ICCID, where it is the caller's. The operator of a profile is the only one who learns more of
    /// it than that it is not theirs.
    async fn own_profile(&self, caller: &str, iccid: Iccid) -> Result<Profile, Failure> {
        let profile = self.store.profile(iccid).await?.ok_or_else(|| {
            Refusal::incompatible(StatusCode::ICCID_UNKNOWN, format!("no profile here has the ICCID {iccid}"))
        })?;
        if profile.operator.as_deref() == Some(caller) {
            return Ok(profile);
        }
        let message = format!("the profile {iccid} is not one of this caller's");
        Err(Refusal::incompatible(StatusCode::ICCID_NOT_ALLOWED, message).into())
    }

    /// Ties what follows of a call to its order, and to the eUICC of the order where the call has not named one.
    fn of_order(&self, order: &Order, named: Option<Eid>) -> Tracer {
        if let (None, Some(eid)) = (named, order.eid) {
            of_eid(&self.tracer, &eid);
        }
        of_order(&self.tracer, order.id)
    }

    /// The order that has a profile now, if any.
    async fn order_of(&self, profile: &Profile) -> Result<Option<Order>, Failure> {
        let order = self.store.order_of_iccid(profile.iccid).await?;
        // Somebody placed or cancelled an order since the profile was read.
        if order.as_ref().map(|order| order.id) != profile.order {
            return Err(Failure::Conflict);
        }
        Ok(order)
    }
}

/// The function's answers are texts, numbers and truth values: nothing in them can fail to be written.
fn as_json<A: Serialize>(answer: &A) -> String {
    serde_json::to_string(answer).unwrap_or_default()
}

fn key<T>(caller: &str, function: Function, call: &Call<T>) -> CallKey {
    let digest = crypto::digest::sha256(&[function.name().as_bytes(), &call.body_digest].concat());
    CallKey {
        // The length keeps one operator from looking like another with another identifier.
        requester: format!("{} {caller} {}", caller.len(), call.header.function_requester_identifier),
        identifier: call.header.function_call_identifier.clone(),
        digest,
    }
}

/// What stands on every line of the log that a call leads to.
fn span(
    function: Function,
    caller: &str,
    header: &CallHeader,
    iccid: Option<Iccid>,
    eid: Option<Eid>,
) -> Span {
    tracing::error_span!(
        "ES2+",
        function = function.name(),
        operator = caller,
        // The caller's own text.
        call = ?header.function_call_identifier,
        iccid = iccid.map(display),
        eid = eid.map(display),
        order = Empty,
    )
}

impl<S: Store> Es2Plus for Smdp<S> {
    async fn download_order(
        &self,
        caller: &str,
        call: Call<DownloadOrder>,
    ) -> Result<DownloadOrderOk, Refusal> {
        let key = key(caller, Function::DownloadOrder, &call);
        let work = until_undisturbed(|| self.place_order(caller, &key, &call.content));
        let span = span(Function::DownloadOrder, caller, &call.header, call.content.iccid, call.content.eid);
        observed(&*self.metrics, Function::DownloadOrder, work).instrument(span).await
    }

    async fn confirm_order(&self, caller: &str, call: Call<ConfirmOrder>) -> Result<ConfirmOrderOk, Refusal> {
        let key = key(caller, Function::ConfirmOrder, &call);
        let work = until_undisturbed(|| self.confirm(caller, &key, &call.content));
        let span =
            span(Function::ConfirmOrder, caller, &call.header, Some(call.content.iccid), call.content.eid);
        observed(&*self.metrics, Function::ConfirmOrder, work).instrument(span).await
    }

    async fn cancel_order(&self, caller: &str, call: Call<CancelOrder>) -> Result<(), Refusal> {
        let key = key(caller, Function::CancelOrder, &call);
        let work = until_undisturbed(|| self.cancel_order_of(caller, &key, &call.content));
        let span =
            span(Function::CancelOrder, caller, &call.header, Some(call.content.iccid), call.content.eid);
        observed(&*self.metrics, Function::CancelOrder, work).instrument(span).await
    }

    async fn release_profile(&self, caller: &str, call: Call<ReleaseProfile>) -> Result<(), Refusal> {
        let key = key(caller, Function::ReleaseProfile, &call);
        let work = until_undisturbed(|| self.release(caller, &key, &call.content));
        let span = span(Function::ReleaseProfile, caller, &call.header, Some(call.content.iccid), None);
        observed(&*self.metrics, Function::ReleaseProfile, work).instrument(span).await
    }
}

/// A MatchingID or ICCID that may exist once only, told as the function's own status.
fn matching_id_in_use(error: StoreError) -> Failure {
    match error {
        StoreError::Taken(what) => {
            let message = format!("{what} belongs to another order, or to an event that was deleted");
            Refusal::incompatible(StatusCode::MATCHING_ID_IN_USE, message).into()
        }
        other => other.into(),
    }
}
