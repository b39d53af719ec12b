//! Columns of text: the first flush left, all others flush right, but for prose.

use std::fmt::Write;

/// Rows of cells.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<Vec<String>>,
    prose: bool,
}

impl Table {
    /// A table with these words over its columns.
    pub(super) fn with_head<const N: usize>(head: [&str; N]) -> Self {
        Self { rows: vec![head.map(str::to_owned).to_vec()], prose: false }
    }

    /// Facts, each with its name: all columns are flush left.
    pub(super) fn of_facts<'a>(facts: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let rows = facts.into_iter().map(|(name, fact)| vec![name.to_owned(), fact]);
        Self { rows: rows.collect(), prose: true }
    }

    /// One more row.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Each row on a line, indented by two.
    pub(super) fn write(&self) -> String {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or_default();
        let width = |column: usize| {
            self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max()
        };
        let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or_default()).collect();
        let mut text = String::new();
        for row in &self.rows {
            let mut line = String::new();
            for (index, (cell, width)) in row.iter().zip(&widths).enumerate() {
                // Writing to a String does not fail.
                _ = match index {
                    0 => write!(line, "  {cell:<width$}"),
                    _ if self.prose => write!(line, "  {cell:<width$}"),
                    _ => write!(line, "  {cell:>width$}"),
                };
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_what_is_in_them() {
        let mut table = Table::with_head(["", "p50"]);
        table.row(["download".to_owned(), "1 µs".to_owned()]);
        table.row(["a".to_owned(), "12 µs".to_owned()]);
        assert_eq!(table.write(), "              p50\n  download   1 µs\n  a         12 µs\n");
    }
}
