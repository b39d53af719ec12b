//! `releaseProfile` (SGP.22 §5.3.4, §6.5.2.4).

use asn1::Iccid;
use protocol::es2plus::{Call, Es2Plus, Function, ReleaseProfile};
use protocol::status::Refusal;

use super::exchange::Exchange;
use crate::json::{FieldError, Members, Object};

impl Exchange for ReleaseProfile {
    const FUNCTION: Function = Function::ReleaseProfile;
    const MEMBERS: &'static [&'static str] = &["header", "iccid"];
    const ANSWER_MEMBERS: &'static [&'static str] = &["header"];
    type Answer = ();

    async fn execute<S: Es2Plus>(server: &S, caller: &str, call: Call<Self>) -> Result<(), Refusal> {
        server.release_profile(caller, call).await
    }

    fn iccid(&self) -> Option<Iccid> {
        Some(self.iccid)
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
