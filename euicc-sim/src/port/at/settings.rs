//! How the modem talks: echo, words or numbers, and how much it says of errors.

use super::Information;
use super::argument::Arguments;
use super::failure::Failure;
use super::syntax::Operation;

/// What `+CMEE` sets (3GPP TS 27.007 §9.1).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum ErrorReport {
    /// `ERROR` and no more.
    Disabled,
    /// Its number.
    Numeric,
    /// Its text.
    Verbose,
}

/// How the modem talks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Settings {
    /// `E`: it repeats what is written.
    pub echo: bool,
    /// `V`: words with lines around them, rather than digits.
    verbose: bool,
    /// `Q`: no results at all.
    quiet: bool,
    error_report: ErrorReport,
}

impl Default for Settings {
    fn default() -> Self {
        Self { echo: true, verbose: true, quiet: false, error_report: ErrorReport::Disabled }
    }
}

impl Settings {
    /// A basic command that changes them.
    ///
    /// # Errors
    /// Where it is another, or the number is not 0 or 1.
    pub fn set(&mut self, name: &str, number: u32) -> Result<(), Failure> {
        let on = match number {
            0 => false,
            1 => true,
            _ => return Err(Failure::Unknown),
        };
        match name.to_ascii_uppercase().as_str() {
            "E" => self.echo = on,
            "V" => self.verbose = on,
            "Q" => self.quiet = on,
            _ => return Err(Failure::Unknown),
        }
        Ok(())
    }

    /// `+CMEE`.
    ///
    /// # Errors
    /// Where the value is none of 0, 1 and 2.
    pub fn error_report(&mut self, operation: Operation<'_>) -> Information {
        match operation {
            Operation::Test => Ok(vec!["+CMEE: (0-2)".to_owned()]),
            Operation::Read => Ok(vec![format!("+CMEE: {}", self.error_report as u8)]),
            Operation::Execute => Err(Failure::Unknown),
            Operation::Set(text) => {
                let mut arguments = Arguments::of(text);
                self.error_report = match arguments.number()? {
                    None | Some(0) => ErrorReport::Disabled,
                    Some(1) => ErrorReport::Numeric,
                    Some(2) => ErrorReport::Verbose,
                    Some(_) => return Err(Failure::IncorrectParameters),
                };
                arguments.end().map(|()| Vec::new())
            }
        }
    }

    /// Writes a line of information (V.250 §5.7.1).
    pub fn information(&self, text: &str, output: &mut Vec<u8>) {
        if self.verbose {
            output.extend(b"\r\n");
        }
        output.extend(text.bytes());
        output.extend(b"\r\n");
    }

    /// Writes the result of a line.
    pub fn result(&self, result: Result<(), Failure>, output: &mut Vec<u8>) {
        if self.quiet {
            return;
        }
        let (digit, words) = match result.map_err(Failure::of_equipment) {
            Ok(()) => ("0", "OK".to_owned()),
            Err(Some((number, text))) => match self.error_report {
                ErrorReport::Disabled => ("4", "ERROR".to_owned()),
                // 3GPP TS 27.007 §9.2: it stands in the place of the result, whatever V says.
                ErrorReport::Numeric => return self.word(&format!("+CME ERROR: {number}"), output),
                ErrorReport::Verbose => return self.word(&format!("+CME ERROR: {text}"), output),
            },
            Err(None) => ("4", "ERROR".to_owned()),
        };
        if self.verbose {
            self.word(&words, output);
        } else {
            output.extend(digit.bytes());
            output.push(b'\r');
        }
    }

    fn word(&self, text: &str, output: &mut Vec<u8>) {
        self.information(text, output);
    }
}
