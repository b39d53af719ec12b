//! What a peer wrote, on a terminal.

use std::fmt::{self, Display, Write};

/// Shows a text with its control characters escaped: a name that a server chose must not steer a terminal.
pub struct Printable<T>(pub T);

impl<T: Display> Display for Printable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaping(f), "{}", self.0)
    }
}

struct Escaping<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|c| match c {
            c if c.is_control() => write!(self.0, "{}", c.escape_default()),
            c => self.0.write_char(c),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown_and_not_obeyed() {
        assert_eq!(Printable("Zürich \u{1b}[2J\n").to_string(), "Zürich \\u{1b}[2J\\n");
    }
}
