//! The card: command APDU in, response APDU out.

use crate::apdu::{Command, Response, StatusWord};
use crate::atr::ATR;
use crate::channel::{Channels, Selected};
use crate::environment::Environment;
use crate::isdr::{Effect, Isdr};
use crate::state::{CardState, StateError};
use crate::{file_system, select};

/// Instruction bytes.
mod ins {
    pub const TERMINAL_PROFILE: u8 = 0x10;
    pub const FETCH: u8 = 0x12;
    pub const TERMINAL_RESPONSE: u8 = 0x14;
    pub const MANAGE_CHANNEL: u8 = 0x70;
    pub const SELECT: u8 = 0xA4;
    pub const TERMINAL_CAPABILITY: u8 = 0xAA;
    pub const READ_BINARY: u8 = 0xB0;
    pub const READ_RECORD: u8 = 0xB2;
    pub const GET_RESPONSE: u8 = 0xC0;
    pub const ENVELOPE: u8 = 0xC2;
    pub const STORE_DATA: u8 = 0xE2;
    pub const STATUS: u8 = 0xF2;
}

/// An eUICC with power on.
///
/// The interface is that of a T=0 reader: the data of a case 4 command is announced by 61xx and fetched with GET
/// RESPONSE.
pub struct Card {
    isdr: Isdr,
    channels: Channels,
}

impl Card {
    /// Powers a card up with the state it had when it lost power.
    ///
    /// # Errors
    /// [`StateError`] where the state cannot be that of a card: a key that does not belong to its certificate, say.
    pub fn power_on(state: CardState, environment: Environment) -> Result<Self, StateError> {
        let mut isdr = Isdr::new(state, environment)?;
        isdr.after_reset();
        Ok(Self { isdr, channels: Channels::default() })
    }

    /// What the card answers to a reset.
    pub fn atr() -> &'static [u8] {
        &ATR
    }

    /// Resets the card: channels, RSP session and toolkit are gone, what waited for a REFRESH is done.
    pub fn reset(&mut self) -> &'static [u8] {
        self.channels = Channels::default();
        self.isdr.after_reset();
        &ATR
    }

    /// The state as it was last committed.
    pub fn state(&self) -> &CardState {
        self.isdr.state()
    }

    /// Takes one command APDU and gives the response APDU: data and status word. Any bytes get an answer.
    pub fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        let response = self.answer(command).unwrap_or_else(Response::from).into_bytes();
        self.isdr.tracer().apdu(command, &response);
        response
    }

    fn answer(&mut self, bytes: &[u8]) -> Result<Response, StatusWord> {
        let command = Command::parse(bytes)?;
        let channel = self.channels.get(command.class.channel)?;
        if command.instruction == ins::GET_RESPONSE {
            return self.get_response(&command);
        }
        // ISO/IEC 7816-4 §7.4.2: response data waits for the very next command of its channel only.
        channel.pending.clear();

        let mut response = self.execute(&command)?;
        if response.status == StatusWord::OK {
            response.status = self.isdr.toolkit().success();
        }
        Ok(response)
    }

    fn execute(&mut self, command: &Command<'_>) -> Result<Response, StatusWord> {
        let selected = self.channels.get(command.class.channel)?.selected;
        match (command.class.proprietary, command.instruction) {
            (false, ins::SELECT) => self.select(command),
            // Clients close a channel under the class of either kind (GlobalPlatform §11.7.2).
            (_, ins::MANAGE_CHANNEL) => self.manage_channel(command),
            (false, ins::READ_BINARY) => file_system::read_binary(self.isdr.state(), selected, command),
            (false, ins::READ_RECORD) => file_system::read_record(selected, command),
            (true, ins::STORE_DATA) => self.store_data(command),
            (true, ins::STATUS) => select::status(self.isdr.state(), selected, command),
            // SGP.22 §3.4.2: what the device supports; all of ES10 is open to it anyway.
            (true, ins::TERMINAL_CAPABILITY | ins::ENVELOPE) => Ok(StatusWord::OK.into()),
            (true, ins::TERMINAL_PROFILE) => {
                self.isdr.toolkit_mut().terminal_profile();
                Ok(StatusWord::OK.into())
            }
            (true, ins::FETCH) => {
                self.isdr.toolkit_mut().fetch().map(|refresh| Response::data(command.cut(refresh)))
            }
            (true, ins::TERMINAL_RESPONSE) => self.terminal_response(command),
            _ => Err(StatusWord::INSTRUCTION_NOT_SUPPORTED),
        }
    }

    fn select(&mut self, command: &Command<'_>) -> Result<Response, StatusWord> {
        let (selected, data) = select::select(self.isdr.state(), command)?;
        let channel = self.channels.get(command.class.channel)?;
        // A new selection forgets half a STORE DATA command.
        channel.chain = Default::default();
        channel.selected = selected;
        self.hold(command, data)
    }

    /// MANAGE CHANNEL: 00 00 opens the next free one, 00 n opens n, 80 n closes n, 80 00 the one it comes on.
    fn manage_channel(&mut self, command: &Command<'_>) -> Result<Response, StatusWord> {
        let origin = command.class.channel;
        match (command.p1, command.p2) {
            (0x00, 0x00) => self.channels.open_any(origin).map(|number| Response::data([number])),
            (0x00, number) => self.channels.open_this(origin, number).map(|()| StatusWord::OK.into()),
            (0x80, 0x00) => self.channels.close(origin).map(|()| StatusWord::OK.into()),
            (0x80, number) => self.channels.close(number).map(|()| StatusWord::OK.into()),
            _ => Err(StatusWord::WRONG_P1_P2),
        }
    }

    fn store_data(&mut self, command: &Command<'_>) -> Result<Response, StatusWord> {
        let channel = self.channels.get(command.class.channel)?;
        match channel.selected {
            Selected::IsdR => {}
            Selected::Ecasd => return Err(StatusWord::SECURITY_STATUS_NOT_SATISFIED),
            Selected::MasterFile | Selected::File(_) => return Err(StatusWord::INSTRUCTION_NOT_SUPPORTED),
        }
        // SGP.22 §5.7.6: blocks before the last one are answered without data.
        let Some(stored) = channel.chain.add(command)? else { return Ok(StatusWord::OK.into()) };
        let (data, effect) = self.isdr.execute(&stored)?;
        if effect == Effect::ProfileChanged {
            self.channels.after_profile_change();
        }
        self.hold(command, data)
    }

    fn terminal_response(&mut self, command: &Command<'_>) -> Result<Response, StatusWord> {
        let result = self.isdr.toolkit_mut().terminal_response(command.data)?;
        self.isdr.after_refresh(result)?;
        Ok(StatusWord::OK.into())
    }

    /// Keeps response data of a case 4 command for GET RESPONSE.
    fn hold(&mut self, command: &Command<'_>, data: Vec<u8>) -> Result<Response, StatusWord> {
        if data.is_empty() {
            return Ok(StatusWord::OK.into());
        }
        let status = StatusWord::more_data(data.len());
        self.channels.get(command.class.channel)?.pending = data;
        Ok(status.into())
    }

    fn get_response(&mut self, command: &Command<'_>) -> Result<Response, StatusWord> {
        let done = self.isdr.toolkit().success();
        let channel = self.channels.get(command.class.channel)?;
        if (command.p1, command.p2) != (0, 0) {
            return Err(StatusWord::WRONG_P1_P2);
        }
        if channel.pending.is_empty() {
            return Err(StatusWord::CONDITIONS_NOT_SATISFIED);
        }
        let data = command.cut(&channel.pending).to_vec();
        channel.pending.drain(..data.len());
        let left = channel.pending.len();
        let status = if left == 0 { done } else { StatusWord::more_data(left) };
        Ok(Response { data, status })
    }
}
