//! A goal, what was measured of it, and whether it is held.

use std::fmt;

/// Something this project wants to be true of itself.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Goal {
    /// By which it is asked for.
    pub name: &'static str,
    /// What is measured.
    pub what: &'static str,
    /// Where it has to end.
    pub bound: Bound,
}

/// Where a goal ends: the bound itself is still held.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Bound {
    /// More is better.
    AtLeast(f64, Unit),
    /// Less is better.
    AtMost(f64, Unit),
}

/// In what a goal is measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// A part of the floor, or of a whole: 0.9 is 90 %.
    Share,
    /// A multiple of something else.
    Times,
    /// 10⁶ bytes.
    Megabytes,
    /// 10³ bytes.
    Kilobytes,
    /// Seconds.
    Seconds,
}

/// One line of the table.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// The goal.
    pub goal: &'static Goal,
    /// What was measured, in the units in which it was; empty where nothing was.
    pub figure: String,
    /// What is compared with the bound, in its unit.
    pub value: Option<f64>,
    /// What came of it.
    pub verdict: Verdict,
}

/// What came of a goal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It is reached.
    Held,
    /// It is not.
    Short,
    /// It could not be measured here.
    Skipped(String),
    /// Measuring it went wrong.
    Failed(String),
}

impl Goal {
    /// The line of what was measured: `value` is in the unit of the bound, `figure` says more.
    pub fn measured(&'static self, value: f64, figure: impl Into<String>) -> Row {
        let verdict = if self.bound.holds(value) { Verdict::Held } else { Verdict::Short };
        Row { goal: self, figure: figure.into(), value: Some(value), verdict }
    }

    /// The line of a goal that this machine, or this command line, has nothing for.
    pub fn skipped(&'static self, reason: impl Into<String>) -> Row {
        let verdict = Verdict::Skipped(reason.into());
        Row { goal: self, figure: String::new(), value: None, verdict }
    }

    /// The line of a goal whose measurement went wrong.
    pub fn failed(&'static self, why: impl fmt::Display) -> Row {
        let verdict = Verdict::Failed(why.to_string());
        Row { goal: self, figure: String::new(), value: None, verdict }
    }
}

impl Row {
    /// The value where it compares two things that were measured in the same run.
    pub fn ratio(&self) -> Option<f64> {
        let (Bound::AtLeast(_, unit) | Bound::AtMost(_, unit)) = self.goal.bound;
        self.value.filter(|_| matches!(unit, Unit::Share | Unit::Times))
    }
}

impl Bound {
    /// Whether a value is within. What is no number is not.
    pub fn holds(self, value: f64) -> bool {
        match self {
            Self::AtLeast(bound, _) => value >= bound,
            Self::AtMost(bound, _) => value <= bound,
        }
    }

    /// The unit.
    pub fn unit(self) -> Unit {
        let (Self::AtLeast(_, unit) | Self::AtMost(_, unit)) = self;
        unit
    }
}

impl Unit {
    /// A value in this unit, as people read it.
    pub fn show(self, value: f64) -> String {
        match self {
            Self::Share => format!("{:.1} %", value * 100.0),
            Self::Times if value >= 10.0 => format!("{value:.0} ×"),
            Self::Times => format!("{value:.2} ×"),
            Self::Megabytes => format!("{value:.1} MB"),
            Self::Kilobytes => format!("{value:.2} KB"),
            Self::Seconds => format!("{value:.2} s"),
        }
    }
}

/// `≥ 90.0 %`.
impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(bound, unit) => write!(f, "≥ {}", unit.show(*bound)),
            Self::AtMost(bound, unit) => write!(f, "≤ {}", unit.show(*bound)),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Held => f.write_str("held"),
            Self::Short => f.write_str("short"),
            Self::Skipped(reason) => write!(f, "skipped: {reason}"),
            Self::Failed(why) => write!(f, "failed: {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static SHARE: Goal = Goal { name: "a", what: "b", bound: Bound::AtLeast(0.9, Unit::Share) };
    static SIZE: Goal = Goal { name: "c", what: "d", bound: Bound::AtMost(60.0, Unit::Megabytes) };

    #[test]
    fn a_goal_is_held_up_to_its_bound_and_short_beyond() {
        for (goal, value, verdict) in [
            (&SHARE, 0.9, Verdict::Held),
            (&SHARE, 1.2, Verdict::Held),
            (&SHARE, 0.899, Verdict::Short),
            (&SIZE, 60.0, Verdict::Held),
            (&SIZE, 60.1, Verdict::Short),
            (&SHARE, f64::NAN, Verdict::Short),
            (&SIZE, f64::NAN, Verdict::Short),
        ] {
            assert_eq!(goal.measured(value, "").verdict, verdict, "{} {value}", goal.name);
        }
    }

    #[test]
    fn only_what_compares_two_measurements_is_a_ratio() {
        assert_eq!(SHARE.measured(0.5, "").ratio(), Some(0.5));
        assert_eq!(SIZE.measured(50.0, "").ratio(), None);
        assert_eq!(SHARE.skipped("nothing to measure with").ratio(), None);
    }

    #[test]
    fn bounds_and_values_are_told_in_their_unit() {
        assert_eq!(SHARE.bound.to_string(), "≥ 90.0 %");
        assert_eq!(SIZE.bound.to_string(), "≤ 60.0 MB");
        assert_eq!(Unit::Times.show(1.146), "1.15 ×");
        assert_eq!(Unit::Times.show(123.4), "123 ×");
        assert_eq!(Verdict::Skipped("no PostgreSQL".to_owned()).to_string(), "skipped: no PostgreSQL");
    }
}
