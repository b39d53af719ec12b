//! Counts as text.

use std::fmt;

use super::{Counted, Counts};

/// A line for each subject, its floor beside it.
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<58} {:>16} {:>16} {:>9}", "subject", "instructions", "floor", "floor/it")?;
        for Counted { name, instructions, floor } in &self.counted {
            write!(f, "{name:<58} {:>16}", grouped(*instructions))?;
            if let Some(floor) = floor {
                let ratio = *floor as f64 / (*instructions).max(1) as f64 * 100.0;
                write!(f, " {:>16} {ratio:>7.1} %", grouped(*floor))?;
            }
            writeln!(f)?;
        }
        write!(f, "{}, callgrind; all threads together", self.valgrind)
    }
}

/// A number in groups of three digits.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups_of_three() {
        for (number, text) in [(0, "0"), (999, "999"), (1000, "1 000"), (12_345_678, "12 345 678")] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn a_table_has_the_floor_beside_each_subject_that_has_one() {
        let counted =
            |name: &str, instructions, floor| Counted { name: name.to_owned(), instructions, floor };
        let counted = vec![counted("session", 4000, Some(3000)), counted("derive", 1, None)];
        let counts = Counts { format: super::super::FORMAT, valgrind: "valgrind-3.19.0".to_owned(), counted };
        let text = counts.to_string();
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[1], ["session", "4", "000", "3", "000", "75.0", "%"]);
        assert_eq!(lines[2], ["derive", "1"]);
    }
}
