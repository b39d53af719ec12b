//! The goals: what is wanted of the speed and the size of this project, measured and held against its bounds.
//!
//! * [`goal`]: a goal, what was measured of it, whether it is held; [`table`]: all of them, as text and JSON.
//! * [`options`], [`mod@bench`]: how much is measured, and where; [`surroundings`]: what else is told of that.
//! * In this process: [`below_http`], [`smds`].
//! * A real server in a process of its own ([`server`]), on a store that was filled before ([`stock`], [`postgres`]), called by
//!   [`lpas`]: [`https`], [`osmo`], [`start`], [`memory`], [`growth`], [`overload`], [`slow`]. What it costs, [`process`] tells.

pub mod below_http;
pub mod bench;
pub mod goal;
pub mod growth;
pub mod https;
pub mod lpas;
pub mod memory;
pub mod options;
pub mod osmo;
pub mod overload;
pub mod postgres;
pub mod process;
pub mod server;
pub mod slow;
pub mod smds;
pub mod start;
pub mod stock;
pub mod surroundings;
pub mod table;

use anyhow::Result;

use bench::Bench;
use goal::{Goal, Row};

/// The profile package of a usual download, bytes.
pub const SIZE: usize = 12 * 1024;

/// Some goals that are measured together.
pub struct Subject {
    /// By which they are asked for.
    pub name: &'static str,
    /// The goals.
    pub goals: &'static [Goal],
    measure: fn(&Bench) -> Result<Vec<Row>>,
}

/// All of them, in the order of the table.
pub static SUBJECTS: [Subject; 17] = [
    Subject { name: "bind", goals: &below_http::BIND, measure: below_http::bind },
    Subject { name: "ahead", goals: &below_http::AHEAD, measure: below_http::ahead },
    Subject { name: "session", goals: &below_http::SESSION, measure: below_http::session },
    Subject { name: "https-sqlite", goals: &https::SQLITE, measure: https::sqlite },
    Subject { name: "https-postgres", goals: &https::POSTGRES, measure: https::postgres },
    Subject { name: "osmo", goals: &osmo::GOALS, measure: osmo::measure },
    Subject { name: "card", goals: &below_http::CARD, measure: below_http::card },
    Subject { name: "start", goals: &start::GOALS, measure: start::measure },
    Subject { name: "sessions", goals: &memory::SESSIONS, measure: memory::sessions },
    Subject { name: "flat", goals: &memory::FLAT, measure: memory::flat },
    Subject { name: "growth", goals: &growth::GOALS, measure: growth::measure },
    Subject { name: "overload", goals: &overload::GOALS, measure: overload::kept },
    Subject { name: "overload-connecting", goals: &overload::CONNECTING, measure: overload::connecting },
    Subject { name: "slow", goals: &slow::GOALS, measure: slow::measure },
    Subject { name: "slow-evicting", goals: &slow::EVICTING, measure: slow::evicting },
    Subject { name: "smds-session", goals: &smds::SESSION, measure: smds::session },
    Subject { name: "smds-lookup", goals: &smds::LOOKUP, measure: smds::lookup },
];

impl Subject {
    /// Whether somebody asks for it by its name, or by that of one of its goals.
    pub fn answers_to(&self, name: &str) -> bool {
        self.name == name || self.goals.iter().any(|goal| goal.name == name)
    }

    /// A line for each of its goals, whatever happens.
    pub fn measure(&self, bench: &Bench) -> Vec<Row> {
        let failed = |why: String| self.goals.iter().map(|goal| goal.failed(&why)).collect();
        // On a thread of its own: what it is confined to, and what it falls over, is no other's business.
        let measured = std::thread::scope(|scope| scope.spawn(|| (self.measure)(bench)).join());
        bench.tidy_up();
        match measured {
            Ok(Ok(rows)) => rows,
            Ok(Err(error)) => failed(format!("{error:#}")),
            Err(_) => failed("it fell over".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_goal_has_a_name_of_its_own() {
        let mut names: Vec<&str> =
            SUBJECTS.iter().flat_map(|subject| subject.goals).map(|goal| goal.name).collect();
        let number = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), number);
    }

    #[test]
    fn a_subject_is_asked_for_by_its_name_or_by_a_goals() {
        let asked = |name: &str| SUBJECTS.iter().filter(|subject| subject.answers_to(name)).count();
        assert_eq!(asked("smds-lookup"), 1);
        assert_eq!(asked("start"), 1);
        assert_eq!(asked("memory-idle"), 1);
        assert_eq!(asked("speed"), 0);
    }

    static WANTED: [Goal; 2] = [below_http::BIND[0], below_http::AHEAD[0]];

    #[test]
    fn a_measurement_that_fails_or_falls_over_is_a_line_for_each_of_its_goals() {
        let bench = Bench::new(options::Options::quick()).unwrap();
        for measure in [fails as fn(&Bench) -> Result<Vec<Row>>, falls_over] {
            let rows = Subject { name: "wanted", goals: &WANTED, measure }.measure(&bench);
            assert_eq!(rows.len(), 2);
            assert!(rows.iter().all(|row| matches!(row.verdict, goal::Verdict::Failed(_))), "{rows:?}");
        }
    }

    fn fails(_: &Bench) -> Result<Vec<Row>> {
        anyhow::bail!("no server")
    }

    fn falls_over(_: &Bench) -> Result<Vec<Row>> {
        panic!("of all things")
    }
}
