//! The table of goals as text and as JSON.

use std::borrow::Cow;

use serde::Serialize;

use super::goal::{Row, Verdict};
use super::surroundings::Surroundings;
use crate::load::result::Machine;

/// What a run has measured.
pub struct Table {
    /// When it began, RFC 3339.
    pub began: String,
    /// Where.
    pub machine: Machine,
    /// On what, and of which program.
    pub surroundings: Surroundings,
    /// Whether only small numbers were measured.
    pub quick: bool,
    /// Line by line.
    pub rows: Vec<Row>,
}

/// What a reader needs to know of the numbers.
const LEGEND: &str = "\
Where a floor is named, a share is the floor by the cost: what the cryptography alone takes that the protocol makes unavoidable,
computed by whoever does it fastest (on the card by its own engine), by the processor time that was spent; the median of rounds in
which both were measured in turn. Under overload it is downloads a second by those at the peak, and answers by attempts.
Where there is more than one processor, the server has one to itself and the clients have the others.";

impl Table {
    /// For people.
    pub fn text(&self) -> String {
        let mut lines = vec![
            format!("{}, {}", self.began, machine(&self.machine)),
            surroundings(&self.surroundings),
            String::new(),
            Line::HEAD.write(&self.widths()),
        ];
        lines.extend(self.lines().map(|line| line.write(&self.widths())));
        lines.push(String::new());
        lines.extend(self.rows.iter().map(|row| format!("{}: {}", row.goal.name, row.goal.what)));
        lines.extend([String::new(), LEGEND.to_owned()]);
        if self.quick {
            lines.push("Measured with small numbers (--quick): this is no result.".to_owned());
        }
        lines.join("\n") + "\n"
    }

    /// For programs.
    ///
    /// # Errors
    /// None that a table would raise.
    pub fn json(&self) -> serde_json::Result<String> {
        let told = TableTold {
            began: &self.began,
            machine: &self.machine,
            surroundings: &self.surroundings,
            quick: self.quick,
            goals: self.rows.iter().map(RowTold::of).collect(),
        };
        serde_json::to_string_pretty(&told).map(|json| json + "\n")
    }

    /// Whether everything was measured that was tried.
    pub fn is_whole(&self) -> bool {
        !self.rows.iter().any(|row| matches!(row.verdict, Verdict::Failed(_)))
    }

    fn lines(&self) -> impl Iterator<Item = Line> {
        self.rows.iter().map(Line::of)
    }

    fn widths(&self) -> [usize; 4] {
        let width = |cell: fn(&Line) -> &str| {
            let cells = self.lines().map(|line| cell(&line).chars().count());
            cells.max().unwrap_or_default().max(cell(&Line::HEAD).chars().count())
        };
        [
            width(|line| &line.name),
            width(|line| &line.bound),
            width(|line| &line.value),
            width(|line| &line.verdict),
        ]
    }
}

fn machine(machine: &Machine) -> String {
    format!("{}, {} processors, {}", machine.processor, machine.processors, machine.system)
}

fn surroundings(told: &Surroundings) -> String {
    let Surroundings { file_system, memory, revision, postgres } = told;
    let postgres = postgres.as_deref().unwrap_or("no PostgreSQL");
    format!(
        "{:.1} GB of memory, stores on {file_system}, {postgres}, revision {revision}",
        *memory as f64 / 1e9
    )
}

/// One line of the text.
struct Line {
    name: Cow<'static, str>,
    bound: Cow<'static, str>,
    value: Cow<'static, str>,
    verdict: Cow<'static, str>,
    more: Cow<'static, str>,
}

impl Line {
    const HEAD: Self = Self {
        name: Cow::Borrowed("goal"),
        bound: Cow::Borrowed("bound"),
        value: Cow::Borrowed("measured"),
        verdict: Cow::Borrowed(""),
        more: Cow::Borrowed("figures"),
    };

    fn of(row: &Row) -> Self {
        let (verdict, why) = match &row.verdict {
            Verdict::Skipped(reason) => ("skipped".to_owned(), reason.clone()),
            Verdict::Failed(why) => ("failed".to_owned(), why.clone()),
            told => (told.to_string(), row.figure.clone()),
        };
        let value = row.value.map_or_else(|| "-".to_owned(), |value| row.goal.bound.unit().show(value));
        Self {
            name: row.goal.name.into(),
            bound: row.goal.bound.to_string().into(),
            value: value.into(),
            verdict: verdict.into(),
            more: why.into(),
        }
    }

    fn write(&self, [name, bound, value, verdict]: &[usize; 4]) -> String {
        let Self { name: n, bound: b, value: v, verdict: w, more } = self;
        format!("{n:<name$}  {b:>bound$}  {v:>value$}  {w:<verdict$}  {more}")
    }
}

#[derive(Serialize)]
struct TableTold<'a> {
    began: &'a str,
    machine: &'a Machine,
    surroundings: &'a Surroundings,
    quick: bool,
    goals: Vec<RowTold<'a>>,
}

#[derive(Serialize)]
struct RowTold<'a> {
    goal: &'a str,
    what: &'a str,
    bound: String,
    /// In the unit of the bound; a share of 1 is 100 %.
    value: Option<f64>,
    ratio: Option<f64>,
    verdict: &'static str,
    figure: &'a str,
    reason: Option<&'a str>,
}

impl<'a> RowTold<'a> {
    fn of(row: &'a Row) -> Self {
        let (verdict, reason) = match &row.verdict {
            Verdict::Held => ("held", None),
            Verdict::Short => ("short", None),
            Verdict::Skipped(reason) => ("skipped", Some(reason.as_str())),
            Verdict::Failed(why) => ("failed", Some(why.as_str())),
        };
        Self {
            goal: row.goal.name,
            what: row.goal.what,
            bound: row.goal.bound.to_string(),
            value: row.value,
            ratio: row.ratio(),
            verdict,
            figure: &row.figure,
            reason,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::goal::{Bound, Goal, Unit};
    use super::*;

    static BIND: Goal = Goal { name: "bind", what: "bind it", bound: Bound::AtLeast(0.9, Unit::Share) };
    static MEMORY: Goal =
        Goal { name: "memory", what: "hold it", bound: Bound::AtMost(60.0, Unit::Megabytes) };

    fn table() -> Table {
        Table {
            began: "2026-11-23T02:00:00Z".to_owned(),
            machine: Machine { processor: "A".to_owned(), processors: 2, system: "linux".to_owned() },
            surroundings: Surroundings {
                file_system: "ext4".to_owned(),
                memory: 8_000_000_000,
                revision: "1234567-dirty".to_owned(),
                postgres: None,
            },
            quick: false,
            rows: vec![
                BIND.measured(0.93, "311 µs over a floor of 290 µs"),
                MEMORY.measured(75.0, "100000 orders"),
                BIND.skipped("no PostgreSQL"),
            ],
        }
    }

    #[test]
    fn the_text_has_a_line_for_each_goal_in_columns() {
        let text = table().text();
        let lines: Vec<&str> = text.lines().skip(3).take(4).collect();
        assert_eq!(
            lines,
            [
                "goal        bound  measured           figures",
                "bind     ≥ 90.0 %    93.0 %  held     311 µs over a floor of 290 µs",
                "memory  ≤ 60.0 MB   75.0 MB  short    100000 orders",
                "bind     ≥ 90.0 %         -  skipped  no PostgreSQL",
            ]
        );
        let head = "2026-11-23T02:00:00Z, A, 2 processors, linux\n\
            8.0 GB of memory, stores on ext4, no PostgreSQL, revision 1234567-dirty\n";
        assert!(text.starts_with(head), "{text}");
    }

    #[test]
    fn the_json_has_the_numbers() {
        let json: serde_json::Value = serde_json::from_str(&table().json().unwrap()).unwrap();
        assert_eq!(json["goals"][0]["ratio"], 0.93);
        assert_eq!(json["goals"][0]["verdict"], "held");
        assert_eq!(json["goals"][1]["value"], 75.0);
        assert_eq!(json["goals"][1]["ratio"], serde_json::Value::Null);
        assert_eq!(json["goals"][2]["reason"], "no PostgreSQL");
        assert_eq!(json["machine"]["processors"], 2);
        assert_eq!(json["surroundings"]["file_system"], "ext4");
    }

    #[test]
    fn what_went_wrong_leaves_a_table_that_is_not_whole() {
        let mut table = table();
        assert!(table.is_whole());
        table.rows.push(BIND.failed("no server"));
        assert!(!table.is_whole());
        assert!(table.text().contains("failed   no server"));
    }

    #[test]
    fn small_numbers_are_no_result() {
        let text = Table { quick: true, ..table() }.text();
        assert!(text.contains("no result"));
        assert!(!table().text().contains("no result"));
    }
}
