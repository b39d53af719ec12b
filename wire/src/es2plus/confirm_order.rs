//! `confirmOrder` (SGP.22 §5.3.2, §6.5.2.2).

use protocol::es2plus::{ConfirmOrder, ConfirmOrderOk, Function, MatchingIdChoice};
use protocol::status::{Refusal, StatusCode};
use protocol::types::{MatchingId, ServerAddress};

use crate::function_call::{About, Exchange};
use crate::json::{FieldError, Members, Object, optional};

impl Exchange for ConfirmOrder {
    const NAME: &'static str = Function::ConfirmOrder.name();
    const PATH: &'static str = Function::ConfirmOrder.json_path();
    const MEMBERS: &'static [&'static str] =
        &["header", "iccid", "eid", "matchingId", "confirmationCode", "smdsAddress", "releaseFlag"];
    const ANSWER_MEMBERS: &'static [&'static str] = &["header", "eid", "matchingId", "smdpAddress"];
    type Answer = ConfirmOrderOk;

    fn about(&self) -> About {
        About { iccid: Some(self.iccid), eid: self.eid, ..About::default() }
    }

    fn to_json(&self, members: Members) -> Members {
        let matching_id = match &self.matching_id {
            MatchingIdChoice::Generate => None,
            MatchingIdChoice::Empty => Some(""),
            MatchingIdChoice::Given(id) => Some(id.as_str()),
        };
        members
            .text("iccid", self.iccid.to_string())
            .text_if_any("eid", self.eid)
            .text_if_any("matchingId", matching_id)
            .text_if_any("confirmationCode", self.confirmation_code.as_ref().map(|code| code.expose()))
            .text_if_any("smdsAddress", self.smds_address.as_ref())
            .boolean("releaseFlag", self.release_flag)
    }

    fn from_json(object: &Object<'_>) -> Result<Self, Refusal> {
        Ok(Self {
            iccid: object.parsed("iccid")?,
            eid: optional(object.parsed("eid"))?,
            matching_id: matching_id(object)?,
            confirmation_code: optional(object.parsed("confirmationCode"))?,
            smds_address: smds_address(object)?,
            release_flag: object.boolean("releaseFlag")?,
        })
    }

    fn answer_to_json(answer: &ConfirmOrderOk, members: Members) -> Members {
        // SGP.22 §5.3.2 makes matchingId mandatory where the schema of §6.5.2.2 does not, so it is always there.
        members
            .text_if_any("eid", answer.eid)
            .text("matchingId", answer.matching_id.as_ref().map_or("", MatchingId::as_str))
            .text_if_any("smdpAddress", answer.smdp_address.as_ref())
    }

    fn answer_from_json(object: &Object<'_>) -> Result<ConfirmOrderOk, FieldError> {
        let matching_id = match optional(object.text("matchingId"))?.as_deref() {
            None | Some("") => None,
            Some(_) => Some(object.parsed("matchingId")?),
        };
        Ok(ConfirmOrderOk {
            eid: optional(object.parsed("eid"))?,
            matching_id,
            smdp_address: optional(object.parsed("smdpAddress"))?,
        })
    }
}

fn matching_id(object: &Object<'_>) -> Result<MatchingIdChoice, Refusal> {
    match optional(object.text("matchingId"))?.as_deref() {
        None => Ok(MatchingIdChoice::Generate),
        Some("") => Ok(MatchingIdChoice::Empty),
        Some(text) => text.parse().map(MatchingIdChoice::Given).map_err(|why| {
            Refusal::misbehaved(StatusCode::MATCHING_ID_INVALID, format!("matchingId: {why}"))
        }),
    }
}

/// SGP.22 table 27 has a code of its own for an address that is none.
fn smds_address(object: &Object<'_>) -> Result<Option<ServerAddress>, Refusal> {
    let Some(text) = optional(object.text("smdsAddress"))? else { return Ok(None) };
    let address = text
        .parse()
        .map_err(|why| Refusal::misbehaved(StatusCode::SMDS_INACCESSIBLE, format!("smdsAddress: {why}")))?;
    Ok(Some(address))
}
