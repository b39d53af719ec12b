//! The parameters of a command: numbers and texts with commas between them (V.250 §5.4.2).

use data_encoding::HEXUPPER_PERMISSIVE;

use super::failure::Failure;

/// The parameters of a command, one after the other.
pub(super) struct Arguments<'a> {
    rest: Option<&'a str>,
}

impl<'a> Arguments<'a> {
    /// The parameters in a text.
    pub fn of(text: &'a str) -> Self {
        Self { rest: Some(text) }
    }

    /// The next one, without its quotes; none where there is none, or it is left out.
    pub fn text(&mut self) -> Option<&'a str> {
        let rest = self.rest?;
        let mut quoted = false;
        let end = rest.find(|character| {
            quoted ^= character == '"';
            character == ',' && !quoted
        });
        let (argument, rest) = match end.and_then(|end| rest.split_at_checked(end)) {
            Some((argument, rest)) => (argument, rest.strip_prefix(',')),
            None => (rest, None),
        };
        self.rest = rest;
        let argument = argument.trim();
        let unquoted = argument.strip_prefix('"').and_then(|argument| argument.strip_suffix('"'));
        Some(unquoted.unwrap_or(argument)).filter(|argument| !argument.is_empty())
    }

    /// The next one, which has to be there.
    pub fn required(&mut self) -> Result<&'a str, Failure> {
        self.text().ok_or(Failure::IncorrectParameters)
    }

    /// The next one, which is a number where it is there.
    pub fn number(&mut self) -> Result<Option<u32>, Failure> {
        self.text().map(|text| text.parse().map_err(|_| Failure::IncorrectParameters)).transpose()
    }

    /// The next one, which is a number that fits one byte; 0 where it is left out.
    pub fn byte(&mut self) -> Result<u8, Failure> {
        let number = self.number()?.unwrap_or(0);
        u8::try_from(number).map_err(|_| Failure::IncorrectParameters)
    }

    /// The next one, which is hexadecimal; empty where it is left out.
    pub fn hex(&mut self) -> Result<Vec<u8>, Failure> {
        let text = self.text().unwrap_or_default();
        HEXUPPER_PERMISSIVE.decode(text.as_bytes()).map_err(|_| Failure::InvalidCharacters)
    }

    /// A command APDU behind the number of its hexadecimal digits (3GPP TS 27.007 §8.17, §8.43).
    pub fn command(&mut self) -> Result<Vec<u8>, Failure> {
        let digits = self.number()?.ok_or(Failure::IncorrectParameters)?;
        let command = self.hex()?;
        // Less than a header is no APDU.
        if command.len() < 4 || Some(command.len() * 2) != usize::try_from(digits).ok() {
            return Err(Failure::IncorrectParameters);
        }
        Ok(command)
    }

    /// That there are no more.
    pub fn end(self) -> Result<(), Failure> {
        if self.rest.is_none() { Ok(()) } else { Err(Failure::IncorrectParameters) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read_in_order_with_and_without_quotes() {
        let mut arguments = Arguments::of("176,28589,,\"a,b\", 0 ,c");
        assert_eq!(arguments.number(), Ok(Some(176)));
        assert_eq!(arguments.number(), Ok(Some(28589)));
        assert_eq!(arguments.text(), None);
        assert_eq!(arguments.text(), Some("a,b"));
        assert_eq!(arguments.byte(), Ok(0));
        assert_eq!(arguments.number(), Err(Failure::IncorrectParameters));
        assert_eq!(arguments.end(), Ok(()));
    }

    #[test]
    fn one_too_many_is_noticed() {
        let mut arguments = Arguments::of("1,2");
        assert_eq!(arguments.number(), Ok(Some(1)));
        assert_eq!(arguments.end(), Err(Failure::IncorrectParameters));
    }

    #[test]
    fn a_command_has_as_many_digits_as_it_says() {
        let command = |text| Arguments::of(text).command();
        assert_eq!(command("8,\"00a40000\""), Ok(vec![0, 0xA4, 0, 0]));
        assert_eq!(command("8,00A40000"), Ok(vec![0, 0xA4, 0, 0]));
        for text in ["10,\"00A40000\"", "6,\"00A400\"", "\"00A40000\"", "4294967296,\"00A40000\"", "8", "8,"]
        {
            assert_eq!(command(text), Err(Failure::IncorrectParameters), "{text}");
        }
        assert_eq!(command("8,\"00A4000G\""), Err(Failure::InvalidCharacters));
        assert_eq!(command("7,\"00A4000\""), Err(Failure::InvalidCharacters));
    }
}
