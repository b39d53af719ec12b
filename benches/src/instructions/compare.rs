//! Two counts, one beside the other.

use std::cmp::Ordering;
use std::fmt;

use super::table::grouped;
use super::{Counted, Counts};

/// What is less than this many percent is not told, unless somebody asks for another number.
pub const THRESHOLD: f64 = 0.2;

/// What has changed, by the size of the change.
#[derive(Clone, PartialEq, Debug)]
pub struct Comparison {
    changes: Vec<Change>,
    /// How many subjects have changed by less than the threshold.
    alike: usize,
    threshold: f64,
    /// The two versions of Valgrind, if they differ.
    versions: Option<[String; 2]>,
}

/// One subject. It was counted on one side at least.
#[derive(Clone, PartialEq, Debug)]
struct Change {
    name: String,
    before: Option<u64>,
    after: Option<u64>,
}

impl Change {
    /// By how many percent it has grown; `None` where it is not on both sides.
    fn percent(&self) -> Option<f64> {
        let (before, after) = (self.before? as f64, self.after? as f64);
        Some((after - before) / before.max(1.0) * 100.0)
    }

    /// The largest first; what is on one side alone behind all others.
    fn order(&self, other: &Self) -> Ordering {
        let size = |change: &Self| change.percent().map_or(-1.0, f64::abs);
        size(other).total_cmp(&size(self)).then_with(|| self.name.cmp(&other.name))
    }
}

impl Comparison {
    /// What lies between two counts; what has changed by fewer percent than `threshold` is left out.
    #[must_use]
    pub fn new(before: &Counts, after: &Counts, threshold: f64) -> Self {
        let instructions = |counts: &Counts, name: &str| {
            counts.counted.iter().find(|counted| counted.name == name).map(|counted| counted.instructions)
        };
        let change = |Counted { name, .. }: &Counted| Change {
            name: name.clone(),
            before: instructions(before, name),
            after: instructions(after, name),
        };
        let gone = before.counted.iter().filter(|counted| instructions(after, &counted.name).is_none());
        let all: Vec<Change> = after.counted.iter().chain(gone).map(change).collect();
        let number = all.len();
        let is_told = |change: &Change| change.percent().is_none_or(|percent| percent.abs() >= threshold);
        let mut changes: Vec<Change> = all.into_iter().filter(is_told).collect();
        changes.sort_by(Change::order);
        let versions = [before.valgrind.clone(), after.valgrind.clone()];
        let versions = Some(versions).filter(|[before, after]| before != after);
        Self { alike: number - changes.len(), changes, threshold, versions }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some([before, after]) = &self.versions {
            writeln!(f, "counted with {before} before, with {after} after: changes may be its own")?;
        }
        if !self.changes.is_empty() {
            writeln!(f, "{:<58} {:>16} {:>16} {:>9}", "subject", "before", "after", "change")?;
        }
        for change in &self.changes {
            let side = |figure: Option<u64>| figure.map_or_else(|| "-".to_owned(), grouped);
            let (before, after) = (side(change.before), side(change.after));
            let verdict = match (change.percent(), change.before) {
                (Some(percent), _) => format!("{percent:+.2} %"),
                (None, None) => "new".to_owned(),
                (None, Some(_)) => "gone".to_owned(),
            };
            writeln!(f, "{:<58} {before:>16} {after:>16} {verdict:>9}", change.name)?;
        }
        write!(f, "{} subjects have changed by less than {} %", self.alike, self.threshold)
    }
}

#[cfg(test)]
mod tests {
    use super::super::FORMAT;
    use super::*;

    fn counts(counted: &[(&str, u64)]) -> Counts {
        let of = |(name, instructions): &(&str, u64)| Counted {
            name: (*name).to_owned(),
            instructions: *instructions,
            floor: None,
        };
        let counted = counted.iter().map(of).collect();
        Counts { format: FORMAT, valgrind: "valgrind-3.19.0".to_owned(), counted }
    }

    fn names(comparison: &Comparison) -> Vec<&str> {
        comparison.changes.iter().map(|change| change.name.as_str()).collect()
    }

    #[test]
    fn the_largest_change_stands_first_whichever_way_it_goes() {
        let before = counts(&[("a", 1000), ("b", 1000), ("c", 1000), ("gone", 5)]);
        let after = counts(&[("new", 7), ("a", 1010), ("b", 500), ("c", 1200)]);
        let comparison = Comparison::new(&before, &after, 0.2);
        assert_eq!(names(&comparison), ["b", "c", "a", "gone", "new"]);
        let text = comparison.to_string();
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[1], ["b", "1", "000", "500", "-50.00", "%"]);
        assert_eq!(lines[3], ["a", "1", "000", "1", "010", "+1.00", "%"]);
        assert_eq!(lines[4], ["gone", "5", "-", "gone"]);
        assert_eq!(lines[5], ["new", "-", "7", "new"]);
    }

    #[test]
    fn what_is_below_the_threshold_is_counted_and_not_shown() {
        let before = counts(&[("a", 10_000), ("b", 10_000), ("c", 10_000)]);
        let after = counts(&[("a", 10_019), ("b", 10_020), ("c", 9_981)]);
        let comparison = Comparison::new(&before, &after, 0.2);
        assert_eq!((names(&comparison), comparison.alike), (vec!["b"], 2));
        assert_eq!(names(&Comparison::new(&before, &after, 0.1)), ["b", "a", "c"]);
        assert!(Comparison::new(&before, &before, 0.2).to_string().starts_with("3 subjects"));
    }

    #[test]
    fn a_subject_that_took_nothing_can_be_compared() {
        let comparison = Comparison::new(&counts(&[("a", 0)]), &counts(&[("a", 3)]), 0.2);
        assert_eq!(comparison.changes[0].percent(), Some(300.0));
    }

    #[test]
    fn another_valgrind_is_told() {
        let mut after = counts(&[("a", 1)]);
        after.valgrind = "valgrind-3.24.0".to_owned();
        assert!(Comparison::new(&counts(&[("a", 1)]), &after, 0.2).to_string().contains("3.24.0 after"));
    }
}
