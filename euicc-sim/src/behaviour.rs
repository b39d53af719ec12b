//! Quirks at the level of APDUs: what a card refuses before it looks at a command, how long it takes, and how it shapes
//! its answers.

use std::time::Duration;

use asn1::tlv;

use crate::apdu::{Command, Response, StatusWord};
use crate::card::ins;
use crate::quirks::Quirks;
use crate::quirks::es10::Call;
use crate::select::BY_NAME;

/// A transmission that failed somewhere: the status word that some modems make of a wrong check sum.
const CHECKSUM_ERROR: StatusWord = StatusWord(0x6601);

/// What quirks have to remember since the last reset.
#[derive(Clone, Debug, Default)]
pub(crate) struct Behaviour {
    commands: u32,
    selections: u32,
    /// The interfaces of ES10 that TERMINAL CAPABILITY opened.
    interfaces: u8,
    /// Segments of the package that is being loaded.
    pub segments: u32,
    silent: bool,
    delay: Duration,
}

impl Behaviour {
    /// A command has come, whatever it is.
    pub fn begin(&mut self) {
        self.delay = Duration::ZERO;
    }

    /// Looks at a command before it is carried out.
    ///
    /// # Errors
    /// The status word that the command gets instead.
    pub fn before(&mut self, quirks: &Quirks, command: &Command<'_>) -> Result<(), StatusWord> {
        self.take(quirks, quirks.delays.as_ref().map_or(0, |delays| delays.command));
        self.commands = self.commands.saturating_add(1);
        if self.commands <= u32::from(quirks.not_ready) {
            return Err(StatusWord::CONDITIONS_NOT_SATISFIED);
        }
        if quirks.max_command_data.is_some_and(|most| command.data.len() > usize::from(most.get())) {
            return Err(StatusWord::WRONG_LENGTH);
        }
        match (command.class.proprietary, command.instruction) {
            (false, ins::SELECT) if command.p1 == BY_NAME => {
                self.selections = self.selections.saturating_add(1);
                let fails = self.selections <= u32::from(quirks.checksum_errors);
                if fails { Err(CHECKSUM_ERROR) } else { Ok(()) }
            }
            (_, ins::MANAGE_CHANNEL) if quirks.no_logical_channels => Err(StatusWord::CHANNEL_NOT_SUPPORTED),
            (true, ins::TERMINAL_CAPABILITY) => {
                self.interfaces = interfaces(command.data);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Looks at an ES10 command before it is carried out.
    ///
    /// # Errors
    /// 6985 where the terminal has not shown that it has an LPA for it (SGP.22 §3.4.2).
    pub fn before_es10(&self, quirks: &Quirks, call: &Call<'_>) -> Result<(), StatusWord> {
        if quirks.terminal_capability_required && self.interfaces & call.interface() == 0 {
            return Err(StatusWord::CONDITIONS_NOT_SATISFIED);
        }
        Ok(())
    }

    /// Shapes the answer to a command: `response` is what there is for any Le.
    ///
    /// # Errors
    /// 6Cxx where the Le of the command has to be exact and is not.
    pub fn after(
        &self,
        quirks: &Quirks,
        command: &Command<'_>,
        response: Response,
    ) -> Result<Response, StatusWord> {
        let available = response.data.len();
        // A command that brings data is of case 4: on a T=0 line it has no Le.
        if !quirks.exact_length || available == 0 || !command.data.is_empty() {
            return Ok(response);
        }
        match command.expected {
            Some(expected) if expected == available => Ok(response),
            // A part of a transparent file may be had.
            Some(expected) if expected < available && command.instruction == ins::READ_BINARY => {
                Ok(Response { data: command.cut(&response.data).to_vec(), ..response })
            }
            _ => Err(StatusWord::wrong_expected_length(available)),
        }
    }

    /// Adds to the time that the answer takes.
    pub fn take(&mut self, quirks: &Quirks, milliseconds: u32) {
        let percent = quirks.delays.as_ref().map_or(100, |delays| delays.percent);
        self.delay += Duration::from_millis(u64::from(milliseconds) * u64::from(percent) / 100);
    }

    /// From now on the card says nothing.
    pub fn fall_silent(&mut self) {
        self.silent = true;
    }

    /// Whether it says nothing any more.
    pub fn is_silent(&self) -> bool {
        self.silent
    }

    /// How long the card took for its last answer.
    pub fn delay(&self) -> Duration {
        self.delay
    }
}

/// The first byte of tag 83 in TERMINAL CAPABILITY, a template A9 (ETSI TS 102 221 §11.1.19, SGP.22 §3.4.2).
fn interfaces(capabilities: &[u8]) -> u8 {
    let template = tlv::find(capabilities, 0xA9);
    let euicc = template.and_then(|template| tlv::find(template.value, 0x83));
    euicc.and_then(|euicc| euicc.value.first().copied()).unwrap_or(0)
}
