//! The ISD-R with its LPA Services: takes ES10 command objects (SGP.22 §5.7).

use asn1::tlv::{self, Tlv};
use protocol::clock::Clock;
use protocol::trace::{Actor, Tracer};
use rand_core::CryptoRng;

use crate::apdu::StatusWord;
use crate::environment::Environment;
use crate::keyring::Keyring;
use crate::object::single_object;
use crate::session::RspSession;
use crate::state::{Aid, CardState, StateError};
use crate::store_data::Stored;
use crate::toolkit::{RefreshResult, Toolkit};
use crate::{engine, es8plus, es10a, es10b, es10c};

/// Response data of a command; empty where it has none.
pub(crate) type Es10Result = Result<Vec<u8>, StatusWord>;

/// What a command did beside its response.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Effect {
    /// Nothing that the channels have to know.
    None,
    /// Another profile is enabled now, or none.
    ProfileChanged,
}

/// The ISD-R, the state it guards and the session it is in.
pub(crate) struct Isdr {
    state: CardState,
    keys: Keyring,
    environment: Environment,
    toolkit: Toolkit,
    /// The RSP session, if one is open.
    pub session: Option<RspSession>,
}

impl Isdr {
    /// Takes over a state.
    ///
    /// # Errors
    /// [`StateError`] where it cannot be that of a card.
    pub fn new(state: CardState, mut environment: Environment) -> Result<Self, StateError> {
        let keys = Keyring::new(&state)?;
        engine::examine(&state)?;
        environment.tracer = environment.tracer.for_actor(Actor::Euicc).with_eid(&state.eid);
        Ok(Self { state, keys, environment, toolkit: Toolkit::default(), session: None })
    }

    /// The state as committed.
    pub fn state(&self) -> &CardState {
        &self.state
    }

    /// Keys and certificates.
    pub fn keys(&self) -> &Keyring {
        &self.keys
    }

    /// Entropy.
    pub fn rng(&mut self) -> &mut dyn CryptoRng {
        &mut *self.environment.rng
    }

    /// Time.
    pub fn clock(&self) -> &dyn Clock {
        &*self.environment.clock
    }

    /// The toolkit.
    pub fn toolkit(&self) -> &Toolkit {
        &self.toolkit
    }

    /// The toolkit.
    pub fn toolkit_mut(&mut self) -> &mut Toolkit {
        &mut self.toolkit
    }

    /// Whether anybody listens to the trace.
    pub fn is_traced(&self) -> bool {
        self.environment.tracer.is_on()
    }

    /// The trace, tied to the session where there is one.
    pub fn tracer(&self) -> Tracer {
        match self.session.as_ref().and_then(RspSession::server) {
            Some(server) => self.environment.tracer.with_transaction(&server.transaction_id),
            None => self.environment.tracer.clone(),
        }
    }

    /// Makes `draft` the state: the memory takes it first, then it counts. A command either commits whole or not at
    /// all.
    ///
    /// # Errors
    /// 6581 where the memory fails; the state is as it was.
    pub fn commit(&mut self, draft: CardState) -> Result<(), StatusWord> {
        let tracer = self.tracer();
        self.commit_within(draft, &tracer)
    }

    /// The same, told as part of what `tracer` is tied to.
    ///
    /// # Errors
    /// 6581 where the memory fails; the state is as it was.
    pub fn commit_within(&mut self, draft: CardState, tracer: &Tracer) -> Result<(), StatusWord> {
        if let Err(failure) = self.environment.memory.commit(&draft) {
            tracer.refused("SGP.22 §3.1.3.3", "the card's memory takes the new state", &failure);
            return Err(StatusWord::MEMORY_FAILURE);
        }
        engine::trace_profiles(tracer, &self.state, &draft);
        self.state = draft;
        Ok(())
    }

    /// Power came back or the terminal reset the card: sessions are gone, what waited for it is done now.
    ///
    /// Memory that fails here leaves it to the next reset.
    pub fn after_reset(&mut self) {
        self.session = None;
        self.toolkit = Toolkit::default();
        // SGP.22 §5.7.16: a reset stands for the REFRESH that was asked for.
        let _ = engine::complete_pending_change(self);
        // SGP.22 §2.5.6.1: installFailedDueToInterruption.
        let _ = es8plus::report_interruption(self);
    }

    /// The terminal has answered the REFRESH.
    ///
    /// # Errors
    /// 6581 where the memory fails.
    pub fn after_refresh(&mut self, result: RefreshResult) -> Result<Effect, StatusWord> {
        let before = self.enabled();
        match result {
            RefreshResult::Performed => {
                engine::complete_pending_change(self)?;
                self.toolkit.profile_changed();
            }
            RefreshResult::Problem => engine::abandon_pending_change(self)?,
        }
        Ok(self.effect_since(before))
    }

    fn enabled(&self) -> Option<Aid> {
        self.state.enabled_profile().map(|profile| profile.isdp_aid)
    }

    fn effect_since(&self, before: Option<Aid>) -> Effect {
        if self.enabled() == before { Effect::None } else { Effect::ProfileChanged }
    }

    /// Takes a command object as STORE DATA delivered it.
    ///
    /// # Errors
    /// The status word where the outcome is not told in response data.
    pub fn execute(&mut self, stored: &Stored) -> Result<(Vec<u8>, Effect), StatusWord> {
        let before = self.enabled();
        let data = if stored.case_3 { self.case_3(&stored.data)? } else { self.case_4(&stored.data)? };
        Ok((data, self.effect_since(before)))
    }

    /// SGP.22 §5.7.16, §5.7.17, §5.7.18: three functions can be had without response data.
    fn case_3(&mut self, command: &[u8]) -> Es10Result {
        let request = single_object(command)?;
        self.refuse_while_busy(request.tag.0)?;
        match request.tag.0 {
            tag::ENABLE_PROFILE => es10c::enable_profile::case_3(self, request),
            tag::DISABLE_PROFILE => es10c::disable_profile::case_3(self, request),
            tag::DELETE_PROFILE => es10c::delete_profile::case_3(self, request),
            tag if is_function(tag) => Err(StatusWord::WRONG_P1_P2),
            _ => Err(StatusWord::REFERENCED_DATA_NOT_FOUND),
        }
    }

    fn case_4(&mut self, command: &[u8]) -> Es10Result {
        if es10b::load_bound_profile_package::concerns(self, command) {
            return es10b::load_bound_profile_package::execute(self, command);
        }
        // SGP.22 §5.7.2: an object that is unknown is told from one that is no DER.
        let header = tlv::header(command).ok().flatten().ok_or(StatusWord::WRONG_DATA)?;
        let function = function(header.tag.0).filter(|_| self.supports(header.tag.0));
        let function = function.ok_or(StatusWord::REFERENCED_DATA_NOT_FOUND)?;
        let request = single_object(command)?;
        self.tracer().object(function.request, command);
        self.refuse_while_busy(request.tag.0)?;
        let tracer = self.tracer();
        let response = (function.execute)(self, request)?;
        // A session that has just begun to have a name, or has just ended.
        let tracer = if self.session.is_some() { self.tracer() } else { tracer };
        tracer.object(function.response, &response);
        Ok(response)
    }

    /// SGP.22 §4.6.3, §5.7.12: revocation lists are the one thing that an eUICC need not take.
    fn supports(&self, tag: u32) -> bool {
        tag != tag::LOAD_CRL || self.state.information.crl
    }

    /// While a package is received or a REFRESH is awaited, functions that would interfere are refused.
    fn refuse_while_busy(&self, tag: u32) -> Result<(), StatusWord> {
        // SGP.22 §3.1.5: other commands may be refused during a download.
        let loading = self.session.as_ref().is_some_and(RspSession::is_loading);
        let disturbs_loading = matches!(
            tag,
            tag::AUTHENTICATE_SERVER
                | tag::PREPARE_DOWNLOAD
                | tag::ENABLE_PROFILE
                | tag::DISABLE_PROFILE
                | tag::DELETE_PROFILE
                | tag::EUICC_MEMORY_RESET
        );
        // SGP.22 §5.7.2: so may other commands while a profile state change is ongoing. With an enabled profile
        // eUICCMemoryReset has a result of its own for that.
        let deletes = match tag {
            tag::DELETE_PROFILE => true,
            tag::EUICC_MEMORY_RESET => self.state.enabled_profile().is_none(),
            _ => false,
        };
        let deletes_what_changes = deletes && self.state.pending_change.is_some();
        if loading && disturbs_loading || deletes_what_changes {
            self.tracer().refused("SGP.22 §5.7.2", "no other procedure is under way", &"one is");
            return Err(StatusWord::CONDITIONS_NOT_SATISFIED);
        }
        Ok(())
    }

    /// Whether a REFRESH runs, or a change is decided and not yet done: then changes of profile have to wait (SGP.22
    /// §5.7.16), and the states of profiles are not told (§5.7.15).
    pub fn cat_is_busy(&self) -> bool {
        self.toolkit.is_busy() || self.state.pending_change.is_some()
    }
}

/// Tags of the command objects (SGP.22 §5.7).
pub(crate) mod tag {
    pub const GET_EUICC_INFO_1: u32 = 0xBF20;
    pub const PREPARE_DOWNLOAD: u32 = 0xBF21;
    pub const GET_EUICC_INFO_2: u32 = 0xBF22;
    pub const LIST_NOTIFICATION: u32 = 0xBF28;
    pub const SET_NICKNAME: u32 = 0xBF29;
    pub const RETRIEVE_NOTIFICATIONS_LIST: u32 = 0xBF2B;
    pub const GET_PROFILES_INFO: u32 = 0xBF2D;
    pub const GET_EUICC_CHALLENGE: u32 = 0xBF2E;
    pub const REMOVE_NOTIFICATION_FROM_LIST: u32 = 0xBF30;
    pub const ENABLE_PROFILE: u32 = 0xBF31;
    pub const DISABLE_PROFILE: u32 = 0xBF32;
    pub const DELETE_PROFILE: u32 = 0xBF33;
    pub const EUICC_MEMORY_RESET: u32 = 0xBF34;
    pub const LOAD_CRL: u32 = 0xBF35;
    pub const AUTHENTICATE_SERVER: u32 = 0xBF38;
    pub const GET_EUICC_CONFIGURED_ADDRESSES: u32 = 0xBF3C;
    pub const GET_EID: u32 = 0xBF3E;
    pub const SET_DEFAULT_DP_ADDRESS: u32 = 0xBF3F;
    pub const CANCEL_SESSION: u32 = 0xBF41;
    pub const LPAE_ACTIVATION: u32 = 0xBF42;
    pub const GET_RAT: u32 = 0xBF43;
}

/// Whether a command object with this tag is one of ES10.
pub(crate) fn is_function(tag: u32) -> bool {
    function(tag).is_some()
}

/// A function of ES10.
struct Function {
    /// The name of its request.
    request: &'static str,
    /// The name of its response.
    response: &'static str,
    execute: fn(&mut Isdr, Tlv<'_>) -> Es10Result,
}

/// Finds a function by the tag of its request.
macro_rules! functions {
    ($($tag:path => $request:literal, $response:literal, $execute:path;)+) => {
        fn function(tag: u32) -> Option<Function> {
            match tag {
                $($tag => Some(Function { request: $request, response: $response, execute: $execute }),)+
                _ => None,
            }
        }
    };
}

functions! {
    tag::GET_EUICC_CONFIGURED_ADDRESSES => "EuiccConfiguredAddressesRequest", "EuiccConfiguredAddressesResponse",
        es10a::get_euicc_configured_addresses::execute;
    tag::SET_DEFAULT_DP_ADDRESS => "SetDefaultDpAddressRequest", "SetDefaultDpAddressResponse",
        es10a::set_default_dp_address::execute;
    tag::GET_EUICC_INFO_1 => "GetEuiccInfo1Request", "EUICCInfo1", es10b::get_euicc_info::info1;
    tag::GET_EUICC_INFO_2 => "GetEuiccInfo2Request", "EUICCInfo2", es10b::get_euicc_info::info2;
    tag::GET_EUICC_CHALLENGE => "GetEuiccChallengeRequest", "GetEuiccChallengeResponse",
        es10b::get_euicc_challenge::execute;
    tag::AUTHENTICATE_SERVER => "AuthenticateServerRequest", "AuthenticateServerResponse",
        es10b::authenticate_server::execute;
    tag::PREPARE_DOWNLOAD => "PrepareDownloadRequest", "PrepareDownloadResponse", es10b::prepare_download::execute;
    tag::CANCEL_SESSION => "CancelSessionRequest", "CancelSessionResponse", es10b::cancel_session::execute;
    tag::LIST_NOTIFICATION => "ListNotificationRequest", "ListNotificationResponse",
        es10b::list_notification::execute;
    tag::RETRIEVE_NOTIFICATIONS_LIST => "RetrieveNotificationsListRequest", "RetrieveNotificationsListResponse",
        es10b::retrieve_notifications_list::execute;
    tag::REMOVE_NOTIFICATION_FROM_LIST => "NotificationSentRequest", "NotificationSentResponse",
        es10b::remove_notification_from_list::execute;
    tag::LOAD_CRL => "LoadCRLRequest", "LoadCRLResponse", es10b::load_crl::execute;
    tag::LPAE_ACTIVATION => "LpaeActivationRequest", "LpaeActivationResponse", es10b::lpae_activation::execute;
    tag::GET_RAT => "GetRatRequest", "GetRatResponse", es10b::get_rat::execute;
    tag::GET_PROFILES_INFO => "ProfileInfoListRequest", "ProfileInfoListResponse",
        es10c::get_profiles_info::execute;
    tag::ENABLE_PROFILE => "EnableProfileRequest", "EnableProfileResponse", es10c::enable_profile::execute;
    tag::DISABLE_PROFILE => "DisableProfileRequest", "DisableProfileResponse", es10c::disable_profile::execute;
    tag::DELETE_PROFILE => "DeleteProfileRequest", "DeleteProfileResponse", es10c::delete_profile::execute;
    tag::EUICC_MEMORY_RESET => "EuiccMemoryResetRequest", "EuiccMemoryResetResponse",
        es10c::euicc_memory_reset::execute;
    tag::GET_EID => "GetEuiccDataRequest", "GetEuiccDataResponse", es10c::get_eid::execute;
    tag::SET_NICKNAME => "SetNicknameRequest", "SetNicknameResponse", es10c::set_nickname::execute;
}
