//! `releaseProfile` (SGP.22 §5.3.4, §6.5.2.4).

use protocol::es2plus::{Function, ReleaseProfile};
use protocol::status::Refusal;

use crate::function_call::{About, Exchange};
use crate::json::{FieldError, Members, Object};

impl Exchange for ReleaseProfile {
    const NAME: &'static str = Function::ReleaseProfile.name();
    const PATH: &'static str = Function::ReleaseProfile.json_path();
    const MEMBERS: &'static [&'static str] = &["header", "iccid"];
    const ANSWER_MEMBERS: &'static [&'static str] = &["header"];
    type Answer = ();

    fn about(&self) -> About {
        About { iccid: Some(self.iccid), ..About::default() }
    }

    fn to_json(&self, members: Members) -> Members {
        members.text("iccid", self.iccid.to_string())
    }

    fn from_json(object: &Object<'_>) -> Result<Self, Refusal> {
        Ok(Self { iccid: object.parsed("iccid")? })
    }

    fn answer_to_json((): &(), members: Members) -> Members {
        members
    }

    fn answer_from_json(_: &Object<'_>) -> Result<(), FieldError> {
        Ok(())
    }
}
