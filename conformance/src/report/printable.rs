//! What a peer wrote, where it cannot do harm.

use std::fmt::{self, Display, Write};

/// Shows a text on one line, with every character escaped that is not there to be read: it must not steer a terminal,
/// turn the direction of the text around it, or break an XML document.
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

/// Whether a character is there to be read.
pub(super) fn is_readable(c: char) -> bool {
    !c.is_control() && !turns_direction(c) && !is_break_or_nothing(c)
}

/// Marks, embeddings, overrides and isolates of Unicode's bidirectional algorithm.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Line and paragraph separators; what has no width; noncharacters, which XML 1.0 forbids beside the control characters.
fn is_break_or_nothing(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}')
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// The beginning of a text, and how much more there is.
pub fn clipped(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((end, _)) => {
            let (shown, rest) = text.split_at_checked(end).unwrap_or((text, ""));
            format!("{shown}… ({} more characters)", rest.chars().count())
        }
        None => text.to_owned(),
    }
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

    #[test]
    fn a_long_text_is_cut_between_characters_and_says_how_much_is_missing() {
        assert_eq!(clipped("éééé", 4), "éééé");
        assert_eq!(clipped("ééééé", 3), "ééé… (2 more characters)");
    }
}
