//! The card lent to the line: `+CCHO`, `+CGLA`, `+CCHC`, `+CSIM` (3GPP TS 27.007 §8.17, §8.43 to §8.46).

use data_encoding::HEXUPPER;

use super::super::{ApduPort, terminal};
use super::Information;
use super::argument::Arguments;
use super::failure::Failure;
use super::syntax::Operation;
use super::uicc::Uicc;

impl Uicc {
    /// `+CCHO`: a channel with an application on it. The session has the number of the channel. Read, it lists them.
    pub fn open_channel(&mut self, operation: Operation<'_>, card: &mut dyn ApduPort) -> Information {
        let parameters = match operation {
            Operation::Set(parameters) => parameters,
            Operation::Read => {
                return Ok(self.sessions.iter().map(|number| format!("+CCHO: {number}")).collect());
            }
            Operation::Execute | Operation::Test => return Err(Failure::Unknown),
        };
        let mut arguments = Arguments::of(parameters);
        let aid = arguments.hex()?;
        arguments.end()?;
        if !(1..=16).contains(&aid.len()) {
            return Err(Failure::IncorrectParameters);
        }
        let channel = terminal::open_channel(card).map_err(|response| match response.as_slice() {
            [] => Failure::Sim,
            _ => Failure::MemoryFull,
        })?;
        if let Err(response) = terminal::select_application(card, channel, &aid) {
            terminal::close_channel(card, channel);
            return Err(Failure::of_card(&response));
        }
        self.sessions.retain(|session| *session != channel);
        self.sessions.push(channel);
        Ok(vec![format!("+CCHO: {channel}")])
    }

    /// `+CGLA`: a command on the channel of a session, whatever channel its class names. The modem fetches the response.
    pub fn generic_access(&mut self, operation: Operation<'_>, card: &mut dyn ApduPort) -> Information {
        let Operation::Set(parameters) = operation else { return Err(Failure::Unknown) };
        let mut arguments = Arguments::of(parameters);
        let session = self.session(&mut arguments)?;
        let mut command = arguments.command()?;
        arguments.end()?;
        if let Some(class) = command.first_mut() {
            *class = terminal::class_on(*class, session);
        }
        let response = self.exchange(card, &command)?;
        Ok(vec![answer("+CGLA", &response)])
    }

    /// `+CCHC`: the end of a session.
    pub fn close_channel(&mut self, operation: Operation<'_>, card: &mut dyn ApduPort) -> Information {
        let Operation::Set(parameters) = operation else { return Err(Failure::Unknown) };
        let mut arguments = Arguments::of(parameters);
        let session = self.session(&mut arguments)?;
        arguments.end()?;
        self.sessions.retain(|number| *number != session);
        // Where it is closed already, that was what the line wanted.
        terminal::close_channel(card, session);
        Ok(vec!["+CCHC".to_owned()])
    }

    /// `+CSIM`: a command as it is; what the card announces, the line fetches itself.
    pub fn raw_access(&mut self, operation: Operation<'_>, card: &mut dyn ApduPort) -> Information {
        let Operation::Set(parameters) = operation else { return Err(Failure::Unknown) };
        let mut arguments = Arguments::of(parameters);
        let command = arguments.command()?;
        arguments.end()?;
        let response = self.send(card, &command)?;
        Ok(vec![answer("+CSIM", &response)])
    }

    fn session(&self, arguments: &mut Arguments<'_>) -> Result<u8, Failure> {
        let number = arguments.number()?.ok_or(Failure::IncorrectParameters)?;
        let session = u8::try_from(number).ok().filter(|number| self.sessions.contains(number));
        session.ok_or(Failure::InvalidIndex)
    }
}

/// The number of hexadecimal digits, and the digits.
fn answer(name: &str, response: &[u8]) -> String {
    format!("{name}: {},\"{}\"", response.len() * 2, HEXUPPER.encode(response))
}
