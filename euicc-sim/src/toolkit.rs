//! The card application toolkit as far as profile management needs it: one proactive command, REFRESH
//! (ETSI TS 102 223 §6.4.7), and only for a terminal that has shown by TERMINAL PROFILE that it fetches.

use crate::apdu::StatusWord;

/// REFRESH in mode "UICC Reset", card to terminal: D0{ command details 01 01 04, device identities 81 82 }.
const UICC_RESET: [u8; 11] = [0xD0, 0x09, 0x81, 0x03, 0x01, 0x01, 0x04, 0x82, 0x02, 0x81, 0x82];

/// REFRESH in mode "eUICC Profile State Change", command qualifier 09 (ETSI TS 102 223 §8.6).
const PROFILE_STATE_CHANGE: [u8; 11] = [0xD0, 0x09, 0x81, 0x03, 0x01, 0x01, 0x09, 0x82, 0x02, 0x81, 0x82];

/// What a terminal has shown that it does (ETSI TS 102 223 §5.2).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Terminal {
    /// REFRESH: byte 3, b8.
    refresh: bool,
    /// REFRESH in mode "eUICC Profile State Change": byte 34, b6.
    profile_state_change: bool,
}

impl Terminal {
    fn read(profile: &[u8]) -> Self {
        let has = |byte: usize, mask: u8| profile.get(byte).is_some_and(|byte| byte & mask != 0);
        Self { refresh: has(2, 0x80), profile_state_change: has(33, 0x20) }
    }
}

/// Where the proactive session stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Session {
    /// None.
    #[default]
    Idle,
    /// A command waits to be fetched.
    Waiting,
    /// The terminal has fetched it and owes a TERMINAL RESPONSE.
    Fetched,
}

/// What a TERMINAL RESPONSE says about the REFRESH (ETSI TS 102 223 §8.12).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum RefreshResult {
    /// General results 0x: performed.
    Performed,
    /// Anything else: a temporary or permanent problem.
    Problem,
}

/// Toolkit state since the last reset.
#[derive(Clone, Debug, Default)]
pub(crate) struct Toolkit {
    terminal: Option<Terminal>,
    /// Whether a terminal is taken to fetch that has not shown it.
    assumed: bool,
    session: Session,
}

impl Toolkit {
    /// TERMINAL PROFILE came.
    pub fn terminal_profile(&mut self, profile: &[u8]) {
        self.terminal = Some(Terminal::read(profile));
    }

    /// From now on the terminal is taken to fetch, whatever it shows.
    pub fn assume_terminal(&mut self) {
        self.assumed = true;
    }

    /// Another profile is enabled now. SGP.22 §5.7.16: no proactive session begins before the next TERMINAL PROFILE.
    pub fn profile_changed(&mut self) {
        self.terminal = None;
    }

    /// Whether a REFRESH would be fetched at all. A terminal without toolkit cannot be told to refresh.
    pub fn terminal_fetches(&self) -> bool {
        self.assumed || self.terminal.is_some_and(|terminal| terminal.refresh)
    }

    /// SGP.22 §5.7.16: while a proactive session runs, profile changes are refused with catBusy.
    pub fn is_busy(&self) -> bool {
        self.session != Session::Idle
    }

    /// Asks the terminal to refresh.
    pub fn request_refresh(&mut self) {
        self.session = Session::Waiting;
    }

    /// 9000, or 91xx where a command waits to be fetched (SGP.22 §5.7.2).
    pub fn success(&self) -> StatusWord {
        match self.waiting().map(u8::try_from) {
            Some(Ok(length)) => StatusWord::proactive_command_waits(length),
            _ => StatusWord::OK,
        }
    }

    /// The bytes that FETCH would give, if a command waits.
    pub fn waiting(&self) -> Option<usize> {
        (self.session == Session::Waiting).then_some(self.refresh().len())
    }

    /// FETCH.
    ///
    /// # Errors
    /// 6985 where no command waits.
    pub fn fetch(&mut self) -> Result<&'static [u8], StatusWord> {
        if self.session != Session::Waiting {
            return Err(StatusWord::CONDITIONS_NOT_SATISFIED);
        }
        self.session = Session::Fetched;
        Ok(self.refresh())
    }

    /// SGP.22 §5.7.16: in mode "eUICC Profile State Change" where the device supports it.
    fn refresh(&self) -> &'static [u8] {
        match self.terminal {
            Some(Terminal { profile_state_change: true, .. }) => &PROFILE_STATE_CHANGE,
            _ => &UICC_RESET,
        }
    }

    /// TERMINAL RESPONSE with the data field `response`.
    ///
    /// # Errors
    /// 6985 where no command was fetched, 6A80 where there is no result in it.
    pub fn terminal_response(&mut self, response: &[u8]) -> Result<RefreshResult, StatusWord> {
        if self.session != Session::Fetched {
            return Err(StatusWord::CONDITIONS_NOT_SATISFIED);
        }
        let result = general_result(response).ok_or(StatusWord::WRONG_DATA)?;
        self.session = Session::Idle;
        Ok(if result & 0xF0 == 0 { RefreshResult::Performed } else { RefreshResult::Problem })
    }
}

/// The first byte of the Result TLV, tag 83 or 03 (bit 8 is the comprehension flag).
fn general_result(mut tlvs: &[u8]) -> Option<u8> {
    while let [tag, length, rest @ ..] = tlvs {
        let (value, next) = rest.split_at_checked(usize::from(*length))?;
        if tag & 0x7F == 0x03 {
            return value.first().copied();
        }
        tlvs = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_is_fetched_once_and_answered_once() {
        let mut toolkit = Toolkit::default();
        assert_eq!(toolkit.fetch(), Err(StatusWord::CONDITIONS_NOT_SATISFIED));
        toolkit.request_refresh();
        assert_eq!(toolkit.success(), StatusWord(0x910B));
        assert!(toolkit.is_busy());
        assert_eq!(toolkit.fetch().unwrap().len(), 11);
        assert_eq!(toolkit.success(), StatusWord::OK);
        assert!(toolkit.is_busy());
        let performed = [0x81, 3, 1, 1, 4, 0x82, 2, 0x82, 0x81, 0x83, 1, 0];
        assert_eq!(toolkit.terminal_response(&performed), Ok(RefreshResult::Performed));
        assert_eq!(toolkit.terminal_response(&performed), Err(StatusWord::CONDITIONS_NOT_SATISFIED));
        assert!(!toolkit.is_busy());
    }

    #[test]
    fn the_refresh_is_in_the_mode_that_the_terminal_supports() {
        let mut profile = [0; 34];
        let qualifier = |profile: &[u8]| {
            let mut toolkit = Toolkit::default();
            toolkit.terminal_profile(profile);
            toolkit.request_refresh();
            (toolkit.terminal_fetches(), toolkit.fetch().unwrap()[6])
        };
        assert_eq!(qualifier(&[]), (false, 0x04));
        profile[33] = 0xDF;
        assert_eq!(qualifier(&profile), (false, 0x04));
        profile[2] = 0x80;
        assert_eq!(qualifier(&profile), (true, 0x04));
        profile[33] = 0x20;
        assert_eq!(qualifier(&profile), (true, 0x09));
    }

    #[test]
    fn after_a_change_of_profile_the_terminal_has_to_show_itself_again() {
        let mut toolkit = Toolkit::default();
        toolkit.terminal_profile(&[0xFF; 4]);
        toolkit.profile_changed();
        assert!(!toolkit.terminal_fetches());
        toolkit.assume_terminal();
        toolkit.profile_changed();
        assert!(toolkit.terminal_fetches());
    }

    #[test]
    fn a_problem_is_told_from_success() {
        for (result, expected) in
            [(0x00, RefreshResult::Performed), (0x20, RefreshResult::Problem), (0x30, RefreshResult::Problem)]
        {
            let mut toolkit = Toolkit { session: Session::Fetched, ..Toolkit::default() };
            assert_eq!(toolkit.terminal_response(&[0x83, 1, result]), Ok(expected));
        }
    }
}
