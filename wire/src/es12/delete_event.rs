//! `deleteEvent` (SGP.22 §5.9.2, §6.5.2.14).

use protocol::es12::{DeleteEvent, Function};
use protocol::status::Refusal;

use crate::function_call::{About, Exchange};
use crate::json::{FieldError, Members, Object};

impl Exchange for DeleteEvent {
    const NAME: &'static str = Function::DeleteEvent.name();
    const PATH: &'static str = Function::DeleteEvent.json_path();
    const MEMBERS: &'static [&'static str] = &["header", "eid", "eventId"];
    const ANSWER_MEMBERS: &'static [&'static str] = &["header"];
    type Answer = ();

    fn about(&self) -> About {
        About { event_id: Some(self.event_id.clone()), eid: Some(self.eid), ..About::default() }
    }

    fn to_json(&self, members: Members) -> Members {
        members.text("eid", self.eid.to_string()).text("eventId", self.event_id.as_str())
    }

    fn from_json(object: &Object<'_>) -> Result<Self, Refusal> {
        Ok(Self { eid: object.parsed("eid")?, event_id: object.parsed("eventId")? })
    }

    fn answer_to_json((): &(), members: Members) -> Members {
        members
    }

    fn answer_from_json(_: &Object<'_>) -> Result<(), FieldError> {
        Ok(())
    }
}
