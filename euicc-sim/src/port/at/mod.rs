//! A modem with the card in it: AT commands in (ITU-T V.250, 3GPP TS 27.007), APDUs to the card, lines of text out.
//!
//! The modem does what one with an antenna does with its card, but for the network: it powers the card up, reads it,
//! tells it that it is a terminal with a toolkit, carries out REFRESH, and lends the card to whoever is on the line.

mod apdu;
mod argument;
mod failure;
mod identity;
mod line;
mod pin;
mod power;
mod restricted;
mod settings;
mod syntax;
mod toolkit;
mod uicc;

use super::ApduPort;
use failure::Failure;
use line::{Editor, Line};
use settings::Settings;
use syntax::{Command, Operation};
use uicc::Uicc;

pub use identity::Imei;

/// Lines of information that a command gives before its result.
type Information = Result<Vec<String>, Failure>;

/// How a modem is built.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether it sends TERMINAL PROFILE, and so fetches what the card wants done.
    pub toolkit: bool,
    /// Its number.
    pub imei: Imei,
}

/// A modem, between its serial line and its card.
pub struct Modem {
    options: Options,
    editor: Editor,
    settings: Settings,
    uicc: Uicc,
    functionality: power::Functionality,
}

impl Modem {
    /// A modem that is switched off.
    pub fn new(options: Options) -> Self {
        Self {
            options,
            editor: Editor::default(),
            settings: Settings::default(),
            uicc: Uicc::default(),
            functionality: power::Functionality::Minimum,
        }
    }

    /// Switches it on: the card is reset and read.
    pub fn switch_on(&mut self, card: &mut dyn ApduPort) {
        self.settings = Settings::default();
        self.functionality = power::Functionality::Full;
        self.uicc.start(card, self.options.toolkit);
    }

    /// Takes what came over the line, in pieces of any size, and gives what goes back.
    pub fn input(&mut self, bytes: &[u8], card: &mut dyn ApduPort) -> Vec<u8> {
        let mut output = Vec::new();
        for &byte in bytes {
            let line = self.editor.take(byte, self.settings.echo, &mut output);
            if let Some(line) = line {
                self.run(&line, card, &mut output);
            }
        }
        output
    }

    /// V.250 §5.2.1: the commands of a line in order, up to the first that fails; one result for all.
    fn run(&mut self, line: &Line, card: &mut dyn ApduPort, output: &mut Vec<u8>) {
        let result = match line {
            Line::Commands(body) => self.run_all(body, card, output),
            Line::TooLong => Err(Failure::Unknown),
        };
        self.settings.result(result, output);
    }

    fn run_all(&mut self, body: &str, card: &mut dyn ApduPort, output: &mut Vec<u8>) -> Result<(), Failure> {
        for command in syntax::commands(body) {
            let information = self.execute(&command?, card);
            // Before the result is told, so that whoever reads it finds the card settled.
            self.uicc.serve_toolkit(card, self.options.toolkit);
            for line in information? {
                self.settings.information(&line, output);
            }
        }
        Ok(())
    }

    fn execute(&mut self, command: &Command<'_>, card: &mut dyn ApduPort) -> Information {
        match *command {
            Command::Basic(name, number) => self.basic(name, number),
            Command::Extended(name, operation) => {
                let name = name.to_ascii_uppercase();
                match self.identification(&name, operation) {
                    Some(information) => information,
                    None => self.extended(&name, operation, card),
                }
            }
        }
    }

    fn basic(&mut self, name: &str, number: u32) -> Information {
        match name {
            "I" => Ok(identity::identification()),
            "Z" | "&F" => {
                self.settings = Settings::default();
                Ok(Vec::new())
            }
            _ => self.settings.set(name, number).map(|()| Vec::new()),
        }
    }

    fn extended(&mut self, name: &str, operation: Operation<'_>, card: &mut dyn ApduPort) -> Information {
        match name {
            "+CMEE" => self.settings.error_report(operation),
            "+CFUN" => self.functionality(operation, card),
            "+CPIN" | "+CIMI" | "+CCID" | "+ICCID" | "+CCHO" | "+CGLA" | "+CCHC" | "+CSIM" | "+CRSM" => {
                self.with_card(name, operation, card)
            }
            _ => Err(Failure::Unknown),
        }
    }

    /// A command that needs the card.
    fn with_card(&mut self, name: &str, operation: Operation<'_>, card: &mut dyn ApduPort) -> Information {
        if operation == Operation::Test {
            return Ok(Vec::new());
        }
        if self.functionality == power::Functionality::Minimum {
            return Err(Failure::Sim);
        }
        match name {
            "+CPIN" => self.uicc.pin(operation, card),
            "+CIMI" => self.uicc.subscriber(operation, card),
            "+CCID" | "+ICCID" => self.uicc.card_number(name, operation, card),
            "+CCHO" => self.uicc.open_channel(operation, card),
            "+CGLA" => self.uicc.generic_access(operation, card),
            "+CCHC" => self.uicc.close_channel(operation, card),
            "+CSIM" => self.uicc.raw_access(operation, card),
            _ => self.uicc.restricted_access(operation, card),
        }
    }
}
