//! What a server wrote, where it cannot do harm.

use std::fmt::{self, Display, Write};

/// Shows a text on one line, with every character escaped that is not there to be read: it must not steer a terminal, or turn
/// the direction of the text around it.
pub struct Printable<T>(pub T);

impl<T: Display> Display for Printable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaping(f), "{}", self.0)
    }
}

struct Escaping<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|c| {
            if is_readable(c) { self.0.write_char(c) } else { write!(self.0, "{}", c.escape_default()) }
        })
    }
}

/// Whether a character is there to be read: no control character, none that turns the direction of writing, breaks a line or
/// has no width, and no noncharacter.
pub(super) fn is_readable(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{61C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2060}' | '\u{FEFF}')
        && !matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
        && u32::from(c) & 0xFFFE != 0xFFFE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_there_to_be_read_is_shown_as_it_is() {
        assert_eq!(Printable("Zürich 東京 <&>").to_string(), "Zürich 東京 <&>");
        assert_eq!(Printable("\u{1b}[2J\0\n\u{9b}").to_string(), "\\u{1b}[2J\\u{0}\\n\\u{9b}");
        assert_eq!(Printable("\u{202e}fdp\u{2028}\u{fffe}").to_string(), "\\u{202e}fdp\\u{2028}\\u{fffe}");
    }
}
