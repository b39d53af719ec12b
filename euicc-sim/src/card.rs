//! The card: command APDU in, response APDU out.

use std::time::Duration;

use protocol::trace::SecretData;
use zeroize::Zeroizing;

use crate::apdu::{Command, Response, StatusWord};
use crate::behaviour::Behaviour;
use crate::channel::{Channels, Selected};
use crate::environment::Environment;
use crate::isdr::{Effect, Es10Result, Isdr};
use crate::quirks::Refresh;
use crate::quirks::es10::{Answer, Call};
use crate::select;
use crate::state::{CardState, StateError};
use crate::store_data::Stored;
use crate::uicc::{self, VerifiedCodes};

/// Instruction bytes.
pub(crate) mod ins {
    pub const TERMINAL_PROFILE: u8 = 0x10;
    pub const FETCH: u8 = 0x12;
    pub const TERMINAL_RESPONSE: u8 = 0x14;
    pub const MANAGE_CHANNEL: u8 = 0x70;
    pub const SELECT: u8 = 0xA4;
    pub const TERMINAL_CAPABILITY: u8 = 0xAA;
    pub const READ_BINARY: u8 = 0xB0;
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
    /// Codes that were presented; the whole card knows them, whatever channel they came on.
    codes: VerifiedCodes,
    behaviour: Behaviour,
    has_power: bool,
}

impl Card {
    /// Powers a card up with the state it had when it lost power.
    ///
    /// # Errors
    /// [`StateError`] where the state cannot be that of a card: a key that does not belong to its certificate, say.
    pub fn power_on(state: CardState, environment: Environment) -> Result<Self, StateError> {
        let mut card = Self {
            isdr: Isdr::new(state, environment)?,
            channels: Channels::default(),
            codes: VerifiedCodes::default(),
            behaviour: Behaviour::default(),
            has_power: false,
        };
        card.reset();
        Ok(card)
    }

    /// What the card answers to a reset.
    pub fn atr(&self) -> &[u8] {
        &self.state().platform.atr
    }

    /// Resets the card: channels, RSP session, presented codes and toolkit are gone, what waited for a REFRESH is done.
    /// A card without power gets it.
    pub fn reset(&mut self) -> &[u8] {
        self.power_off();
        self.has_power = true;
        self.isdr.after_reset();
        if self.state().quirks.refresh == Some(Refresh::Always) {
            self.isdr.toolkit_mut().assume_terminal();
        }
        self.atr()
    }

    /// Takes the power away. The card says nothing more until it is reset.
    pub fn power_off(&mut self) {
        self.has_power = false;
        self.channels = Channels::default();
        self.codes = VerifiedCodes::default();
        self.behaviour = Behaviour::default();
        self.isdr.session = None;
    }

    /// How long a card of this kind would have taken for its last answer. Nobody waits here; a port may.
    pub fn delay(&self) -> Duration {
        self.behaviour.delay()
    }

    /// The state as it was last committed.
    pub fn state(&self) -> &CardState {
        self.isdr.state()
    }

    /// Takes one command APDU and gives the response APDU: data and status word. Any bytes get an answer, unless the
    /// card is without power: then there is none, not even a status word.
    pub fn transmit(&mut self, command: &[u8]) -> Vec<u8> {
        if !self.has_power {
            return Vec::new();
        }
        self.behaviour.begin();
        let secret = self.isdr.is_traced().then(|| self.secret_data(command));
        let mut response = self.answer(command).unwrap_or_else(Response::from).into_bytes();
        if self.behaviour.is_silent() {
            response.clear();
        }
        if let Some(secret) = secret {
            self.isdr.tracer().apdu(command, &response, secret);
        }
        if self.behaviour.is_silent() {
            self.power_off();
        }
        response
    }

    /// What a trace is not to show: of GET RESPONSE what the command before it would not have shown.
    fn secret_data(&mut self, command: &[u8]) -> SecretData {
        let &[cla, instruction, ..] = command else { return SecretData::default() };
        let by_header = uicc::secrecy::of_header(cla, instruction);
        let Ok(command) = Command::parse(command) else { return by_header };
        let Ok(channel) = self.channels.get(command.class.channel) else { return by_header };
        if instruction == ins::GET_RESPONSE {
            return SecretData { response: channel.pending_is_secret, ..by_header };
        }
        let by_file = match &channel.selected {
            Selected::Files(position) => uicc::secrecy::of_file(self.isdr.state(), position, &command),
            Selected::IsdR(_) | Selected::Ecasd => SecretData::default(),
        };
        let secret = SecretData {
            command: by_header.command || by_file.command,
            response: by_header.response || by_file.response,
        };
        channel.pending_is_secret = secret.response;
        secret
    }

    fn answer(&mut self, bytes: &[u8]) -> Result<Response, StatusWord> {
        let command = Command::parse(bytes)?;
        self.behaviour.before(&self.isdr.state().quirks, &command)?;
        let channel = self.channels.get(command.class.channel)?;
        if command.instruction == ins::GET_RESPONSE {
            return self.get_response(&command);
        }
        // ISO/IEC 7816-4 §7.4.2: response data waits for the very next command of its channel only.
        channel.pending.clear();

        // What a wrong Le is repeated with has to find the file and the record that it was for.
        let selected = self.isdr.state().quirks.exact_length.then(|| channel.selected.clone());
        let mut response = self.execute(&self.with_any_length(command)?)?;
        if response.status == StatusWord::OK {
            response.status = self.isdr.toolkit().success();
        }
        match (self.behaviour.after(&self.isdr.state().quirks, &command, response), selected) {
            (Ok(response), _) => self.split(&command, response),
            (Err(status), selected) => {
                if let Some(selected) = selected {
                    self.channels.get(command.class.channel)?.selected = selected;
                }
                Err(status)
            }
        }
    }

    /// Where Le has to be exact, a command is carried out as if it asked for all there is: how much that is shows in
    /// its answer.
    ///
    /// # Errors
    /// 6Cxx for a wrong Le of those that could not be carried out a second time.
    fn with_any_length<'c>(&self, command: Command<'c>) -> Result<Command<'c>, StatusWord> {
        if !self.isdr.state().quirks.exact_length {
            return Ok(command);
        }
        let available = match command.instruction {
            ins::MANAGE_CHANNEL if (command.p1, command.p2) == (0, 0) => Some(1),
            ins::FETCH => self.isdr.toolkit().waiting(),
            _ => None,
        };
        match available {
            Some(available) if command.expected != Some(available) => {
                Err(StatusWord::wrong_expected_length(available))
            }
            _ => Ok(Command { expected: Some(256), ..command }),
        }
    }

    fn execute(&mut self, command: &Command<'_>) -> Result<Response, StatusWord> {
        match (command.class.proprietary, command.instruction) {
            (false, ins::SELECT) => self.select(command),
            // Clients close a channel under the class of either kind (GlobalPlatform §11.7.2).
            (_, ins::MANAGE_CHANNEL) => self.manage_channel(command),
            (true, ins::STORE_DATA) => self.store_data(command),
            (true, ins::STATUS) => {
                let selected = &self.channels.get(command.class.channel)?.selected;
                select::status(self.isdr.state(), selected, command)
            }
            // SGP.22 §3.4.2: what the device supports. Only a card with that quirk insists on it (`behaviour`).
            (true, ins::TERMINAL_CAPABILITY | ins::ENVELOPE) => Ok(StatusWord::OK.into()),
            (true, ins::TERMINAL_PROFILE) => {
                self.isdr.toolkit_mut().terminal_profile(command.data);
                Ok(StatusWord::OK.into())
            }
            (true, ins::FETCH) => {
                self.isdr.toolkit_mut().fetch().map(|refresh| Response::data(command.cut(refresh)))
            }
            (true, ins::TERMINAL_RESPONSE) => self.terminal_response(command),
            _ => self.uicc(command),
        }
    }

    /// A command for the file system of the enabled profile.
    fn uicc(&mut self, command: &Command<'_>) -> Result<Response, StatusWord> {
        let channel = self.channels.get(command.class.channel)?;
        let response = match &mut channel.selected {
            Selected::Files(position) => uicc::execute(&mut self.isdr, &mut self.codes, position, command)?,
            Selected::IsdR(_) | Selected::Ecasd => return Err(StatusWord::INSTRUCTION_NOT_SUPPORTED),
        };
        // A command that brings data and gets some is of case 4.
        if command.data.is_empty() { Ok(response) } else { self.hold(command, response) }
    }

    fn select(&mut self, command: &Command<'_>) -> Result<Response, StatusWord> {
        let channel = self.channels.get(command.class.channel)?;
        let (selected, response) = select::select(self.isdr.state(), &channel.selected, command)?;
        let channel = self.channels.get(command.class.channel)?;
        // A new selection forgets half a STORE DATA command.
        channel.chain = Default::default();
        channel.selected = selected;
        self.hold(command, response)
    }

    /// MANAGE CHANNEL: 00 00 opens the next free one, 00 n opens n, 80 n closes n, 80 00 the one it comes on.
    fn manage_channel(&mut self, command: &Command<'_>) -> Result<Response, StatusWord> {
        let origin = command.class.channel;
        let channels = self.isdr.state().quirks.logical_channels;
        if command.p1 == 0x00 && channels.is_some_and(|most| self.channels.opened() >= usize::from(most)) {
            return Err(StatusWord::FUNCTION_NOT_SUPPORTED);
        }
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
            Selected::IsdR(_) => {}
            Selected::Ecasd => return Err(StatusWord::SECURITY_STATUS_NOT_SATISFIED),
            Selected::Files(_) => return Err(StatusWord::INSTRUCTION_NOT_SUPPORTED),
        }
        // SGP.22 §5.7.6: blocks before the last one are answered without data.
        let Some(stored) = channel.chain.add(command)? else { return Ok(StatusWord::OK.into()) };
        let data = self.es10(&stored)?;
        self.hold(command, Response::data(data))
    }

    /// An ES10 command on its way through the quirks of the card to the ISD-R and back.
    fn es10(&mut self, stored: &Stored) -> Es10Result {
        let call = Call::new(&self.isdr, stored, &mut self.behaviour.segments);
        self.behaviour.before_es10(&self.isdr.state().quirks, &call)?;
        let data = match call.instead(&mut self.isdr)? {
            Some(data) => data,
            None => {
                let command = call.command(&self.isdr.state().quirks);
                let (data, effect) = self.isdr.execute(&command)?;
                if effect == Effect::ProfileChanged {
                    self.forget_profile();
                }
                data
            }
        };
        let quirks = &self.isdr.state().quirks;
        self.behaviour.take(quirks, call.milliseconds(quirks, &data));
        match call.answer(&mut self.isdr, data)? {
            Answer::Data(data) => Ok(data),
            Answer::Silence => {
                self.behaviour.fall_silent();
                Ok(Vec::new())
            }
        }
    }

    fn terminal_response(&mut self, command: &Command<'_>) -> Result<Response, StatusWord> {
        let result = self.isdr.toolkit_mut().terminal_response(command.data)?;
        if self.isdr.after_refresh(result)? == Effect::ProfileChanged {
            self.forget_profile();
        }
        Ok(StatusWord::OK.into())
    }

    /// SGP.22 §5.7.16, §5.7.17: what belonged to the profile that was enabled is reset, PINs included.
    fn forget_profile(&mut self) {
        self.channels.after_profile_change();
        self.codes = VerifiedCodes::default();
    }

    /// Keeps response data of a case 4 command for GET RESPONSE. A warning is told before the data comes (ETSI TS 102 221
    /// §7.3.1.1.4).
    fn hold(&mut self, command: &Command<'_>, response: Response) -> Result<Response, StatusWord> {
        if response.data.is_empty() || self.isdr.state().quirks.direct_answers {
            return Ok(response);
        }
        let Response { data, status } = response;
        let waiting = StatusWord::more_data(data.len().min(self.most_at_once()));
        self.channels.get(command.class.channel)?.pending = Zeroizing::new(data);
        Ok(if status == StatusWord::OK { waiting } else { status }.into())
    }

    /// The most response data given at once.
    fn most_at_once(&self) -> usize {
        let most = self.isdr.state().quirks.max_response_data;
        most.map_or(256, |most| usize::from(most.get()))
    }

    /// What does not fit an answer of this card waits for GET RESPONSE.
    fn split(&mut self, command: &Command<'_>, mut response: Response) -> Result<Response, StatusWord> {
        let most = self.most_at_once();
        if self.isdr.state().quirks.max_response_data.is_none() || response.data.len() <= most {
            return Ok(response);
        }
        let rest = response.data.split_off(most);
        response.status = StatusWord::more_data(rest.len().min(most));
        self.channels.get(command.class.channel)?.pending = Zeroizing::new(rest);
        Ok(response)
    }

    fn get_response(&mut self, command: &Command<'_>) -> Result<Response, StatusWord> {
        let done = self.isdr.toolkit().success();
        let most = self.most_at_once();
        let exact = self.isdr.state().quirks.exact_length;
        let channel = self.channels.get(command.class.channel)?;
        if (command.p1, command.p2) != (0, 0) {
            return Err(StatusWord::WRONG_P1_P2);
        }
        if channel.pending.is_empty() {
            return Err(StatusWord::CONDITIONS_NOT_SATISFIED);
        }
        let offered = channel.pending.len().min(most);
        if exact && command.expected != Some(offered) {
            return Err(StatusWord::wrong_expected_length(offered));
        }
        let mut data = command.cut(&channel.pending).to_vec();
        data.truncate(most);
        channel.pending.drain(..data.len());
        let left = channel.pending.len();
        let status = if left == 0 { done } else { StatusWord::more_data(left.min(most)) };
        Ok(Response { data, status })
    }
}
