//! `registerEvent` (SGP.22 §5.9.1, §6.5.2.13).

use protocol::es12::{Function, RegisterEvent};
use protocol::status::Refusal;

use crate::function_call::{About, Exchange};
use crate::json::{FieldError, Members, Object};

const ADDRESS: &str = "rspServerAddress";
const FORWARDING: &str = "forwardingIndicator";

impl Exchange for RegisterEvent {
    const NAME: &'static str = Function::RegisterEvent.name();
    const PATH: &'static str = Function::RegisterEvent.json_path();
    const MEMBERS: &'static [&'static str] = &["header", "eid", ADDRESS, "eventId", FORWARDING];
    const ANSWER_MEMBERS: &'static [&'static str] = &["header"];
    type Answer = ();

    fn about(&self) -> About {
        About { event_id: Some(self.event_id.clone()), eid: Some(self.eid), ..About::default() }
    }

    fn to_json(&self, members: Members) -> Members {
        members
            .text("eid", self.eid.to_string())
            .text(ADDRESS, self.rsp_server_address.as_str())
            .text("eventId", self.event_id.as_str())
            .boolean(FORWARDING, self.forwarding_indicator)
    }

    fn from_json(object: &Object<'_>) -> Result<Self, Refusal> {
        Ok(Self {
            eid: object.parsed("eid")?,
            rsp_server_address: object.parsed(ADDRESS)?,
            event_id: object.parsed("eventId")?,
            forwarding_indicator: object.boolean(FORWARDING)?,
        })
    }

    fn answer_to_json((): &(), members: Members) -> Members {
        members
    }

    fn answer_from_json(_: &Object<'_>) -> Result<(), FieldError> {
        Ok(())
    }
}
