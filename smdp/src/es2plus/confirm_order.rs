//! ConfirmOrder (SGP.22 §5.3.2).

use data_encoding::BASE32_NOPAD;
use protocol::es2plus::{ConfirmOrder, ConfirmOrderOk, MatchingIdChoice};
use protocol::status::{Refusal, StatusCode};
use protocol::types::MatchingId;
use service::failure::Failure;

use super::matching_id_in_use;
use crate::domain::{CallKey, Event, Order};
use crate::server::{Smdp, Step};
use crate::store::Store;

impl<S: Store> Smdp<S> {
    pub(super) async fn confirm(
        &self,
        caller: &str,
        key: &CallKey,
        request: &ConfirmOrder,
    ) -> Result<ConfirmOrderOk, Failure> {
        if let Some(answer) = self.earlier(key).await? {
            return Ok(answer);
        }
        let profile = self.own_profile(caller, request.iccid).await?;
        let event = if request.release_flag { Event::ConfirmAndRelease } else { Event::ConfirmOrder };
        let order = self.order_of(&profile).await?.filter(|order| order.state.after(event).is_some());
        let Some(mut order) = order else {
            // No code of its own (table 27); it is the transition that is wrong.
            let message = format!("the profile is in state {}, not Allocated or Linked", profile.state);
            return Err(Refusal::incompatible(StatusCode::ICCID_INVALID_TRANSITION, message).into());
        };
        let tracer = self.of_order(&order, request.eid);
        let placed = order.clone();
        link_eid(&mut order, request)?;
        check_use_case(&order, request)?;
        let smds_address =
            request.smds_address.as_ref().map(|address| self.known_smds(address)).transpose()?;

        let before = order.state;
        order.matching_id = match &request.matching_id {
            MatchingIdChoice::Given(matching_id) => Some(matching_id.clone()),
            MatchingIdChoice::Empty => None,
            MatchingIdChoice::Generate => Some(self.new_matching_id()?),
        };
        order.confirmation_code = request.confirmation_code.as_ref().map(|code| code.hash());
        order.smds_address = smds_address;
        order.expires = self.config.limits.order_end(self.clock.now());
        order.enter(event);
        self.note(&mut order, Step::silent("ES2+.ConfirmOrder"));
        let after = order.state;
        let answer = ConfirmOrderOk {
            eid: order.eid,
            matching_id: order.matching_id.clone(),
            smdp_address: Some(self.config.address.clone()),
        };
        let call = self.executed(key.clone(), &answer);
        self.change_order_with_event(placed, order, call, matching_id_in_use).await?;
        tracer.state("profile", &before, &after);
        Ok(answer)
    }

    /// 100 random bits: nobody comes upon one by trying.
    pub(crate) fn new_matching_id(&self) -> Result<MatchingId, Failure> {
        let text = BASE32_NOPAD.encode(&self.random::<13>());
        let text: String = text.chars().take(20).collect();
        let groups: Vec<&str> =
            [0..5, 5..10, 10..15, 15..20].into_iter().filter_map(|r| text.get(r)).collect();
        groups.join("-").parse().map_err(|_| Failure::Conflict)
    }
}

/// SGP.22 §5.3.2: what DownloadOrder linked, ConfirmOrder has to name again or leave out.
fn link_eid(order: &mut Order, request: &ConfirmOrder) -> Result<(), Refusal> {
    match (order.eid, request.eid) {
        (Some(linked), Some(eid)) if linked != eid => Err(Refusal::incompatible(
            StatusCode::EID_INVALID_ASSOCIATION,
            format!("the profile is linked to another EID than {eid}"),
        )),
        (linked, eid) => {
            order.eid = linked.or(eid);
            Ok(())
        }
    }
}

/// SGP.22 §5.3.2, §3.1.1.2: the SM-DS and the default SM-DP+ lead to an order by the EID alone.
fn check_use_case(order: &Order, request: &ConfirmOrder) -> Result<(), Refusal> {
    let default_smdp = request.matching_id == MatchingIdChoice::Empty;
    let smds = request.smds_address.as_ref();
    if order.eid.is_none() && (default_smdp || smds.is_some()) {
        let message = "eid: an SM-DS address or an empty matchingId needs one, here or in DownloadOrder";
        return Err(Refusal::misbehaved(StatusCode::EID_MISSING, message));
    }
    if default_smdp && smds.is_some() {
        let message = "matchingId: with an SM-DS address it becomes the EventID and is not empty";
        return Err(Refusal::misbehaved(StatusCode::MATCHING_ID_INVALID, message));
    }
    Ok(())
}
