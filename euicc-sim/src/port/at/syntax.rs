//! What a command line consists of (V.250 §5.3, §5.4).

use super::failure::Failure;

/// One command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Command<'a> {
    /// A letter, perhaps behind `&`, and its number; without one, 0.
    Basic(&'a str, u32),
    /// A name with what begins it (`+`), and what to do.
    Extended(&'a str, Operation<'a>),
}

/// What an extended command is to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Operation<'a> {
    /// Nothing behind the name.
    Execute,
    /// `?`
    Read,
    /// `=?`
    Test,
    /// `=` and these parameters.
    Set(&'a str),
}

/// The commands of a line, in order; ends with the first that is no command.
pub(super) fn commands(body: &str) -> Commands<'_> {
    Commands { rest: body }
}

/// Iterator of [`commands`].
pub(super) struct Commands<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Commands<'a> {
    type Item = Result<Command<'a>, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rest = self.rest.trim_start_matches([' ', ';']);
        let first = self.rest.chars().next()?;
        let (command, rest) = match first {
            '+' | '^' | '#' | '$' | '%' | '*' | '!' => extended(self.rest),
            _ => basic(self.rest),
        };
        self.rest = if command.is_ok() { rest } else { "" };
        Some(command)
    }
}

/// Up to the next semicolon that is not in quotes.
fn extended(text: &str) -> (Result<Command<'_>, Failure>, &str) {
    let mut quoted = false;
    let end = text.find(|character| {
        quoted ^= character == '"';
        character == ';' && !quoted
    });
    let (text, rest) = text.split_at(end.unwrap_or(text.len()));
    if quoted && end.is_none() {
        return (Err(Failure::Unknown), rest);
    }
    let (name, behind) = text.split_at(text.find(['=', '?']).unwrap_or(text.len()));
    let operation = match behind.trim_end() {
        "" => Operation::Execute,
        "?" => Operation::Read,
        "=?" => Operation::Test,
        _ => match behind.strip_prefix('=') {
            Some(parameters) => Operation::Set(parameters),
            None => return (Err(Failure::Unknown), rest),
        },
    };
    (Ok(Command::Extended(name.trim_end(), operation)), rest)
}

fn basic(text: &str) -> (Result<Command<'_>, Failure>, &str) {
    let letter = usize::from(text.starts_with('&'));
    let Some((name, behind)) = text.split_at_checked(letter + 1) else {
        return (Err(Failure::Unknown), "");
    };
    if !name.ends_with(|last: char| last.is_ascii_alphabetic()) {
        return (Err(Failure::Unknown), "");
    }
    let digits = behind.find(|character: char| !character.is_ascii_digit()).unwrap_or(behind.len());
    let (number, rest) = behind.split_at(digits);
    let number = if number.is_empty() { Ok(0) } else { number.parse() };
    (number.map(|number| Command::Basic(name, number)).map_err(|_| Failure::Unknown), rest)
}

#[cfg(test)]
mod tests {
    use super::Command::{Basic, Extended};
    use super::*;

    fn read(body: &str) -> Result<Vec<Command<'_>>, Failure> {
        commands(body).collect()
    }

    #[test]
    fn basic_commands_follow_each_other_and_extended_ones_a_semicolon() {
        assert_eq!(read("E0V1&F"), Ok(vec![Basic("E", 0), Basic("V", 1), Basic("&F", 0)]));
        assert_eq!(
            read("E0+CMEE=2;+CFUN?;I"),
            Ok(vec![
                Basic("E", 0),
                Extended("+CMEE", Operation::Set("2")),
                Extended("+CFUN", Operation::Read),
                Basic("I", 0)
            ])
        );
        assert_eq!(read(""), Ok(vec![]));
    }

    #[test]
    fn the_forms_of_an_extended_command_are_told_apart() {
        assert_eq!(read("+CIMI"), Ok(vec![Extended("+CIMI", Operation::Execute)]));
        assert_eq!(read("+CSIM=?"), Ok(vec![Extended("+CSIM", Operation::Test)]));
        assert_eq!(read("+CPIN=\"1;2?\""), Ok(vec![Extended("+CPIN", Operation::Set("\"1;2?\""))]));
    }

    #[test]
    fn what_is_no_command_ends_the_line() {
        for body in ["1", "E99999999999", "&", "&1", "+CPIN=\"12", "+CFUN?1", "~"] {
            assert_eq!(read(body), Err(Failure::Unknown), "{body}");
        }
    }
}
