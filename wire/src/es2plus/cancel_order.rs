//! `cancelOrder` (SGP.22 §5.3.3, §6.5.2.3).

use protocol::es2plus::{CancelOrder, FinalProfileStatus, Function};
use protocol::status::Refusal;

use crate::function_call::{About, Exchange};
use crate::json::{FieldError, Members, Object, optional};

const FINAL_STATUS: &str = "finalProfileStatusIndicator";

impl Exchange for CancelOrder {
    const NAME: &'static str = Function::CancelOrder.name();
    const PATH: &'static str = Function::CancelOrder.json_path();
    const MEMBERS: &'static [&'static str] = &["header", "iccid", "eid", "matchingId", FINAL_STATUS];
    const ANSWER_MEMBERS: &'static [&'static str] = &["header"];
    type Answer = ();

    fn about(&self) -> About {
        About { iccid: Some(self.iccid), eid: self.eid, ..About::default() }
    }

    fn to_json(&self, members: Members) -> Members {
        members
            .text("iccid", self.iccid.to_string())
            .text_if_any("eid", self.eid)
            .text_if_any("matchingId", self.matching_id.as_ref())
            .text(FINAL_STATUS, self.final_profile_status.as_str())
    }

    fn from_json(object: &Object<'_>) -> Result<Self, Refusal> {
        Ok(Self {
            iccid: object.parsed("iccid")?,
            eid: optional(object.parsed("eid"))?,
            matching_id: optional(object.text("matchingId"))?.map(Into::into),
            // Mandatory in SGP.22 §5.3.3, table 28; the schema of §6.5.2.3 does not require it.
            final_profile_status: final_status(object)?,
        })
    }

    fn answer_to_json((): &(), members: Members) -> Members {
        members
    }

    fn answer_from_json(_: &Object<'_>) -> Result<(), FieldError> {
        Ok(())
    }
}

fn final_status(object: &Object<'_>) -> Result<FinalProfileStatus, FieldError> {
    let text = object.text(FINAL_STATUS)?;
    let status = FinalProfileStatus::ALL.into_iter().find(|status| status.as_str() == text);
    status.ok_or_else(|| FieldError::malformed(FINAL_STATUS, "Available or Unavailable is expected"))
}
