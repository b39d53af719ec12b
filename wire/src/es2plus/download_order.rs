//! `downloadOrder` (SGP.22 §5.3.1, §6.5.2.1).

use asn1::Iccid;
use protocol::es2plus::{DownloadOrder, DownloadOrderOk, Function};
use protocol::status::Refusal;

use crate::function_call::header::short;
use crate::function_call::{About, Exchange};
use crate::json::{FieldError, Members, Object, optional};

/// As short as an identifier: the type is compared and printed.
fn profile_type(object: &Object<'_>) -> Result<String, FieldError> {
    short("profileType", object.text("profileType")?.into_owned())
}

impl Exchange for DownloadOrder {
    const NAME: &'static str = Function::DownloadOrder.name();
    const PATH: &'static str = Function::DownloadOrder.json_path();
    const MEMBERS: &'static [&'static str] = &["header", "eid", "iccid", "profileType"];
    const ANSWER_MEMBERS: &'static [&'static str] = &["header", "iccid"];
    type Answer = DownloadOrderOk;

    fn about(&self) -> About {
        About { iccid: self.iccid, eid: self.eid, ..About::default() }
    }

    fn answered_iccid(answer: &DownloadOrderOk) -> Option<Iccid> {
        Some(answer.iccid)
    }

    fn to_json(&self, members: Members) -> Members {
        members
            .text_if_any("eid", self.eid)
            .text_if_any("iccid", self.iccid)
            .text_if_any("profileType", self.profile_type.as_ref())
    }

    fn from_json(object: &Object<'_>) -> Result<Self, Refusal> {
        Ok(Self {
            eid: optional(object.parsed("eid"))?,
            iccid: optional(object.parsed("iccid"))?,
            profile_type: optional(profile_type(object))?,
        })
    }

    fn answer_to_json(answer: &DownloadOrderOk, members: Members) -> Members {
        members.text("iccid", answer.iccid.to_string())
    }

    fn answer_from_json(object: &Object<'_>) -> Result<DownloadOrderOk, FieldError> {
        Ok(DownloadOrderOk { iccid: object.parsed("iccid")? })
    }
}
