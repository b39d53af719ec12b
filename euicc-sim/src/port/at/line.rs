//! The command line: characters in, whole lines out (V.250 §5.2).

/// The longest line, in characters. The longest APDU in hexadecimal takes 522 of them.
const LONGEST: usize = 8192;

const BACKSPACE: u8 = 0x08;
const LINE_FEED: u8 = b'\n';
const CARRIAGE_RETURN: u8 = b'\r';
const DELETE: u8 = 0x7F;

/// A line that was ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Line {
    /// What stands behind `AT`.
    Commands(String),
    /// It had more characters than a line may have, or others than ASCII has.
    TooLong,
}

/// The line that is being written.
#[derive(Clone, Default, Debug)]
pub(super) struct Editor {
    line: Vec<u8>,
    is_too_long: bool,
    /// What `A/` repeats.
    last: Option<Line>,
}

impl Editor {
    /// Takes one character and gives the line that it ends, if any.
    pub fn take(&mut self, character: u8, echo: bool, output: &mut Vec<u8>) -> Option<Line> {
        match character {
            CARRIAGE_RETURN => {
                if echo {
                    output.push(character);
                }
                self.end()
            }
            BACKSPACE | DELETE => {
                if self.line.pop().is_some() && echo {
                    output.extend([BACKSPACE, b' ', BACKSPACE]);
                }
                None
            }
            // Terminals send it behind the end of a line; it belongs to none.
            LINE_FEED | 0x00..=0x1F => None,
            _ => {
                if echo {
                    output.push(character);
                }
                self.add(character)
            }
        }
    }

    fn add(&mut self, character: u8) -> Option<Line> {
        // V.250 §5.2.4: this needs no end of line.
        if character == b'/' && self.line.eq_ignore_ascii_case(b"A") {
            self.line.clear();
            return self.last.clone();
        }
        if self.line.len() == LONGEST {
            self.is_too_long = true;
        } else {
            self.line.push(character);
        }
        None
    }

    fn end(&mut self) -> Option<Line> {
        let line = std::mem::take(&mut self.line);
        let is_too_long = std::mem::take(&mut self.is_too_long);
        // V.250 §5.2.1: what stands before AT is no part of the command.
        let start = line.windows(2).position(|pair| pair.eq_ignore_ascii_case(b"AT"))?;
        let body = line.get(start + 2..).unwrap_or_default();
        let ended = match std::str::from_utf8(body) {
            Ok(body) if body.is_ascii() && !is_too_long => Line::Commands(body.to_owned()),
            _ => Line::TooLong,
        };
        self.last = Some(ended.clone());
        Some(ended)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: &[u8], echo: bool) -> (Vec<Line>, Vec<u8>) {
        let (mut editor, mut output) = (Editor::default(), Vec::new());
        let lines = input.iter().filter_map(|&byte| editor.take(byte, echo, &mut output)).collect();
        (lines, output)
    }

    fn commands(body: &str) -> Line {
        Line::Commands(body.to_owned())
    }

    #[test]
    fn a_line_is_what_stands_between_at_and_carriage_return() {
        assert_eq!(lines(b"AT\r\nat+cfun?\r", false).0, [commands(""), commands("+cfun?")]);
        assert_eq!(lines(b"\r\r\n\x00~ ATI\r", false).0, [commands("I")]);
        assert_eq!(lines(b"hello\r", false).0, []);
    }

    #[test]
    fn what_is_written_is_echoed_and_can_be_taken_back() {
        assert_eq!(lines(b"ATX\x08I\r\n", true), (vec![commands("I")], b"ATX\x08 \x08I\r".to_vec()));
        assert_eq!(lines(b"\x7F\x08ATI\r", true), (vec![commands("I")], b"ATI\r".to_vec()));
    }

    #[test]
    fn a_slash_repeats_the_last_line_at_once() {
        assert_eq!(lines(b"ATI\rA/a/", false).0, [commands("I"), commands("I"), commands("I")]);
        assert_eq!(lines(b"A/", false).0, []);
    }

    #[test]
    fn a_line_that_is_too_long_is_refused_whole() {
        let long = [b"AT", &[b'1'; 3 * LONGEST][..], b"\rATI\r"].concat();
        assert_eq!(lines(&long, false).0, [Line::TooLong, commands("I")]);
        assert_eq!(lines("AT+\u{fc}\r".as_bytes(), false).0, [Line::TooLong]);
    }
}
