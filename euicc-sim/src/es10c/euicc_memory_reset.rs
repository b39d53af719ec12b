//! eUICCMemoryReset (SGP.22 §5.7.19).

use asn1::ResetResult;
use asn1::tlv::Tlv;

use crate::apdu::StatusWord;
use crate::engine;
use crate::isdr::{Es10Result, Isdr, tag};
use crate::object::{first_bits, member, members, outcome};
use crate::state::{Aid, Profile, ProfileClass, ProfileState};

pub(crate) fn execute(isdr: &mut Isdr, request: Tlv<'_>) -> Es10Result {
    let options = member(&members(request.value)?, 0x82)?.value;
    let options = Options(first_bits(options).ok_or(StatusWord::WRONG_DATA)?);
    reset(isdr, options).map(|result| outcome(tag::EUICC_MEMORY_RESET, result.value()))
}

/// resetOptions.
#[derive(Clone, Copy)]
struct Options(u8);

impl Options {
    fn operational_profiles(self) -> bool {
        self.0 & 0x80 != 0
    }

    fn field_loaded_test_profiles(self) -> bool {
        self.0 & 0x40 != 0
    }

    fn default_smdp_address(self) -> bool {
        self.0 & 0x20 != 0
    }

    /// Neither state nor Profile Policy Rules protect a profile here; provisioning profiles stay (SGP.22 §2.4.5.2).
    fn selects(self, profile: &Profile) -> bool {
        match profile.class {
            ProfileClass::Operational => self.operational_profiles(),
            ProfileClass::Test => self.field_loaded_test_profiles() && profile.field_loaded,
            ProfileClass::Provisioning => false,
        }
    }
}

fn reset(isdr: &mut Isdr, options: Options) -> Result<ResetResult, StatusWord> {
    let state = isdr.state();
    let addresses = &state.addresses;
    let resets_address =
        options.default_smdp_address() && addresses.default_smdp != addresses.initial_default_smdp;
    let selected: Vec<(Aid, ProfileState)> = state
        .profiles
        .iter()
        .filter(|profile| options.selects(profile))
        .map(|profile| (profile.isdp_aid, profile.state))
        .collect();
    // SGP.22 §5.7.19: an enabled profile is not taken away while a proactive session runs.
    let possible = if state.enabled_profile().is_some() && isdr.cat_is_busy() {
        Err(ResetResult::CAT_BUSY)
    } else if selected.is_empty() && !resets_address {
        Err(ResetResult::NOTHING_TO_DELETE)
    } else {
        Ok(())
    };
    if let Err(result) = isdr.tracer().check("SGP.22 §5.7.19", "there is something to reset now", possible) {
        return Ok(result);
    }
    let mut draft = isdr.state().clone();
    for (aid, _) in &selected {
        engine::delete(&mut draft, isdr.keys(), aid)?;
    }
    if options.default_smdp_address() {
        draft.addresses.default_smdp = draft.addresses.initial_default_smdp.clone();
    }
    // SGP.22 §3.1.5: a download under way is given up.
    draft.open_installation = None;
    draft.retained_one_time_key = None;
    isdr.commit(draft)?;
    isdr.session = None;
    let enabled_is_gone = selected.iter().any(|(_, state)| *state == ProfileState::Enabled);
    if enabled_is_gone && isdr.toolkit().terminal_fetches() {
        isdr.toolkit_mut().request_refresh();
    }
    Ok(ResetResult::OK)
}
