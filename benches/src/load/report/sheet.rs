//! A table for spreadsheets (RFC 4180), by the names of its columns.

use super::printable::Printable;

/// One cell: the column, and what stands there.
pub(super) type Cell = (&'static str, String);

/// The table so far.
pub(super) struct Sheet {
    columns: &'static [&'static str],
    text: String,
}

impl Sheet {
    pub(super) fn new(columns: &'static [&'static str]) -> Self {
        Self { columns, text: columns.join(",") + "\r\n" }
    }

    /// One more row; a column that no cell names is empty.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let cells: Vec<Cell> = cells.into_iter().collect();
        let in_order = self.columns.iter().map(|column| {
            let cell = cells.iter().find(|(name, _)| name == column);
            cell.map(|(_, text)| quoted(text)).unwrap_or_default()
        });
        self.text.push_str(&in_order.collect::<Vec<_>>().join(","));
        self.text.push_str("\r\n");
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// A field as it is written: a spreadsheet computes what begins like a formula, so that an apostrophe comes before it.
fn quoted(text: &str) -> String {
    let text = Printable(text).to_string();
    let text = match text.chars().next() {
        Some('=' | '+' | '-' | '@') => format!("'{text}"),
        _ => text,
    };
    if text.contains(['"', ',', ';']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}
