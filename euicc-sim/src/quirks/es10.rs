//! What quirks make of an ES10 command: before it reaches the ISD-R, in its place, and of its answer.

use std::borrow::Cow;

use asn1::tlv::{self, Tlv};
use asn1::{EnableResult, ResetResult};

use super::settings::{ForcedResult, Shape, use_up};
use super::{Quirks, Refresh};
use crate::apdu::StatusWord;
use crate::es10b::load_bound_profile_package as load;
use crate::isdr::{Es10Result, Isdr, tag};
use crate::object::{error, integer, outcome, single_object};
use crate::session::RspSession;
use crate::store_data::Stored;

/// A command object, and what has to be known of it once it is executed.
pub(crate) struct Call<'a> {
    stored: &'a Stored,
    /// Where it is a segment of the package that is being loaded: which, from 1 on.
    segment: Option<u32>,
    /// Whether it asks for a REFRESH.
    refreshes: bool,
}

/// What the card says.
pub(crate) enum Answer {
    /// This response data.
    Data(Vec<u8>),
    /// Nothing any more.
    Silence,
}

impl<'a> Call<'a> {
    /// `segments` counts those of the package so far.
    pub fn new(isdr: &Isdr, stored: &'a Stored, segments: &mut u32) -> Self {
        let belongs = !stored.case_3 && load::concerns(isdr, &stored.data);
        let segment = match &isdr.session {
            Some(RspSession::Prepared(..)) if belongs => Some(1),
            Some(RspSession::Loading(_)) if belongs => Some(segments.saturating_add(1)),
            _ => None,
        };
        *segments = segment.unwrap_or(*segments);
        let refreshes = segment.is_none() && asks_for_refresh(isdr, stored);
        Self { stored, segment, refreshes }
    }

    /// The interface of the function, as a bit of tag 83 of the terminal's capabilities (SGP.22 §3.4.2).
    pub fn interface(&self) -> u8 {
        const LUI: u8 = 0x01;
        const LPD: u8 = 0x02;
        const LDS: u8 = 0x04;
        match self.request().map(|request| request.tag.0) {
            Some(tag::GET_EUICC_CONFIGURED_ADDRESSES | tag::SET_DEFAULT_DP_ADDRESS) => LDS,
            Some(
                tag::GET_PROFILES_INFO
                | tag::ENABLE_PROFILE
                | tag::DISABLE_PROFILE
                | tag::DELETE_PROFILE
                | tag::EUICC_MEMORY_RESET
                | tag::GET_EID
                | tag::SET_NICKNAME,
            ) => LUI,
            _ => LPD,
        }
    }

    /// The time it takes, in milliseconds.
    pub fn milliseconds(&self, quirks: &Quirks, data: &[u8]) -> u32 {
        let Some(delays) = &quirks.delays else { return 0 };
        match (self.segment, self.stored.data.first()) {
            (Some(_), _) if !data.is_empty() => delays.last_segment,
            (Some(1), _) => delays.first_segment,
            (Some(_), Some(0x88)) => delays.metadata_segment,
            (Some(_), _) => delays.segment,
            (None, _) => match self.request().map(|request| request.tag.0) {
                Some(tag::AUTHENTICATE_SERVER) => delays.authenticate_server,
                Some(tag::PREPARE_DOWNLOAD) => delays.prepare_download,
                _ => 0,
            },
        }
    }

    /// The command as the ISD-R gets it.
    pub fn command(&self, quirks: &Quirks) -> Cow<'a, Stored> {
        match self.request() {
            Some(request) if quirks.bare_search_criterion && request.tag.0 == tag::GET_PROFILES_INFO => {
                let data = with_criterion_wrapped(request);
                Cow::Owned(Stored { data, case_3: self.stored.case_3 })
            }
            _ => Cow::Borrowed(self.stored),
        }
    }

    /// The answer that is given without executing the command, if there is one.
    ///
    /// # Errors
    /// The status word that is the answer.
    pub fn instead(&self, isdr: &mut Isdr) -> Result<Option<Vec<u8>>, StatusWord> {
        if isdr.state().quirks.are_none() {
            return Ok(None);
        }
        if self.segment.is_some() {
            return self.failed_installation(isdr);
        }
        let Some(request) = self.request() else { return Ok(None) };
        let Some(forced) = self.forced_result(isdr, request)? else { return Ok(None) };
        let because = format_args!("the card answers {} and does nothing", forced.code);
        isdr.tracer().refused("quirk", "the function is executed", &because);
        self.encode(&forced, request).map(Some)
    }

    /// What is left of the answer to a command that was executed, with these response data.
    ///
    /// # Errors
    /// The status word that stands for it.
    pub fn answer(&self, isdr: &mut Isdr, data: Vec<u8>) -> Result<Answer, StatusWord> {
        if self.power_is_lost(isdr)? {
            return Ok(Answer::Silence);
        }
        let quirks = &isdr.state().quirks;
        let request = self.request();
        let succeeded = data.is_empty() || request.is_some_and(|request| data == outcome(request.tag.0, 0));
        match quirks.refresh {
            Some(Refresh::TechnicalProblem) if self.refreshes && succeeded => {
                Err(StatusWord::TECHNICAL_PROBLEM)
            }
            Some(Refresh::Mute) if self.refreshes && succeeded => Ok(Answer::Silence),
            _ => Ok(Answer::Data(reshape(quirks, request, data))),
        }
    }

    /// The object, where the command is one and no piece of a package.
    fn request(&self) -> Option<Tlv<'a>> {
        match self.segment {
            Some(_) => None,
            None => single_object(&self.stored.data).ok(),
        }
    }

    fn failed_installation(&self, isdr: &mut Isdr) -> Result<Option<Vec<u8>>, StatusWord> {
        let failure = isdr.state().quirks.install_failure.clone();
        let Some(failure) = failure.filter(|failure| Some(failure.segment.get()) == self.segment) else {
            return Ok(None);
        };
        let mut draft = isdr.state().clone();
        if draft.quirks.install_failure.as_mut().is_some_and(|failure| use_up(&mut failure.times)) {
            draft.quirks.install_failure = None;
        }
        isdr.commit(draft)?;
        load::fail(isdr, failure.command, failure.reason).map(Some)
    }

    fn power_is_lost(&self, isdr: &mut Isdr) -> Result<bool, StatusWord> {
        let loss = &isdr.state().quirks.power_loss;
        if self.segment.is_none() || loss.as_ref().map(|loss| loss.segment.get()) != self.segment {
            return Ok(false);
        }
        let mut draft = isdr.state().clone();
        if draft.quirks.power_loss.as_mut().is_some_and(|loss| use_up(&mut loss.times)) {
            draft.quirks.power_loss = None;
        }
        isdr.commit(draft)?;
        Ok(true)
    }

    /// The first result that is prescribed for this function, one use of which is gone now.
    fn forced_result(&self, isdr: &mut Isdr, request: Tlv<'_>) -> Result<Option<ForcedResult>, StatusWord> {
        let quirks = &isdr.state().quirks;
        let function = |forced: &ForcedResult| forced.function.form().0;
        let Some(index) = quirks.results.iter().position(|forced| function(forced) == request.tag.0) else {
            return Ok(self.busy(quirks, request));
        };
        let mut draft = isdr.state().clone();
        let forced = draft.quirks.results.get(index).cloned();
        if draft.quirks.results.get_mut(index).is_some_and(|forced| use_up(&mut forced.times)) {
            draft.quirks.results.remove(index);
        }
        if draft.quirks != isdr.state().quirks {
            isdr.commit(draft)?;
        }
        Ok(forced)
    }

    /// The toolkit never finds the time for a REFRESH.
    fn busy(&self, quirks: &Quirks, request: Tlv<'_>) -> Option<ForcedResult> {
        use super::Function;
        if !self.refreshes || quirks.refresh != Some(Refresh::CatBusy) {
            return None;
        }
        let (function, code) = match request.tag.0 {
            tag::ENABLE_PROFILE => (Function::EnableProfile, EnableResult::CAT_BUSY.value()),
            tag::DISABLE_PROFILE => (Function::DisableProfile, EnableResult::CAT_BUSY.value()),
            _ => (Function::EuiccMemoryReset, ResetResult::CAT_BUSY.value()),
        };
        Some(ForcedResult { function, code: u8::try_from(code).ok()?, times: None })
    }

    fn encode(&self, forced: &ForcedResult, request: Tlv<'_>) -> Es10Result {
        let (tag, shape) = forced.function.form();
        let code = i64::from(forced.code);
        if self.stored.case_3 {
            // SGP.22 §5.7.16 to §5.7.18: there, the status word is the result.
            return match EnableResult(code) {
                EnableResult::OK => Ok(Vec::new()),
                EnableResult::ICCID_OR_AID_NOT_FOUND => Err(StatusWord::NOT_FOUND),
                EnableResult::CAT_BUSY => Err(StatusWord::CAT_BUSY),
                _ => Err(StatusWord::CONDITIONS_NOT_SATISFIED),
            };
        }
        Ok(match shape {
            Shape::Result => outcome(tag, code),
            Shape::Error => error(tag, 0x81, code),
            Shape::ErrorOfTransaction => {
                let signed = tlv::find(request.value, 0x30).ok_or(StatusWord::WRONG_DATA)?;
                let transaction_id = tlv::find(signed.value, 0x80).ok_or(StatusWord::WRONG_DATA)?;
                let mut members = transaction_id.raw.to_vec();
                members.extend(integer(0x02, code));
                tlv::wrap(tag, &tlv::wrap(0xA1, &members))
            }
        })
    }
}

/// Whether a REFRESH goes with the command if it is executed.
fn asks_for_refresh(isdr: &Isdr, stored: &Stored) -> bool {
    let Ok(request) = single_object(&stored.data) else { return false };
    match request.tag.0 {
        tag::ENABLE_PROFILE | tag::DISABLE_PROFILE => {
            let flag = tlv::find(request.value, 0x81).or_else(|| tlv::find(request.value, 0x01));
            flag.is_some_and(|flag| flag.value.iter().any(|byte| *byte != 0))
        }
        tag::EUICC_MEMORY_RESET => isdr.state().enabled_profile().is_some(),
        _ => false,
    }
}

/// A criterion of GetProfilesInfo goes into its choice A0.
fn with_criterion_wrapped(request: Tlv<'_>) -> Vec<u8> {
    let members: Vec<u8> = tlv::children(request.value)
        .map_while(Result::ok)
        .flat_map(|member| match member.tag.0 {
            0x5A | 0x4F | 0x95 => tlv::wrap(0xA0, member.raw),
            _ => member.raw.to_vec(),
        })
        .collect();
    tlv::wrap(request.tag.0, &members)
}

/// The response as this card writes it.
fn reshape(quirks: &Quirks, request: Option<Tlv<'_>>, data: Vec<u8>) -> Vec<u8> {
    let Some(tag) = request.map(|request| request.tag.0) else { return data };
    let response = tlv::read(&data).ok().and_then(|(response, _)| tlv::read(response.value).ok());
    let Some((member, _)) = response else { return data };
    match (tag, member.tag.0) {
        (tag::GET_EID, 0x5A) if quirks.eid_tag_80 => tlv::wrap(tag, &tlv::wrap(0x80, member.value)),
        (tag::GET_EUICC_CHALLENGE, 0x80) if quirks.challenge_tag_04 => {
            tlv::wrap(tag, &tlv::wrap(0x04, member.value))
        }
        (tag::GET_PROFILES_INFO, 0xA0) if quirks.nested_profiles_info => {
            tlv::wrap(tag, &tlv::wrap(0xA0, &tlv::wrap(0x30, member.value)))
        }
        (tag::LIST_NOTIFICATION | tag::RETRIEVE_NOTIFICATIONS_LIST, 0xA0) if member.value.is_empty() => {
            match quirks.empty_notifications_error {
                Some(code) => error(tag, 0x81, i64::from(code)),
                None => data,
            }
        }
        _ => data,
    }
}
