//! How a run gets on, while it does.

use conformance::outcome::Outcome;
use conformance::report::CaseReport;
use indicatif::{ProgressBar, ProgressStyle};

use crate::io::printable::Printable;

/// A line on standard error; nothing where that is no terminal.
pub struct Progress {
    bar: ProgressBar,
    unmet: u64,
}

impl Progress {
    pub(super) fn new(runs: usize) -> Self {
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}");
        let bar = ProgressBar::new(runs as u64);
        Self { bar: bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())), unmet: 0 }
    }

    /// One more run is done.
    pub fn done(&mut self, case: &CaseReport) {
        if matches!(case.outcome, Outcome::Failed(_) | Outcome::Blocked { .. }) {
            self.unmet += 1;
        }
        self.bar.set_message(format!("{} not passed  {}", self.unmet, Printable(case.name())));
        self.bar.inc(1);
    }
}

/// The line is gone before the report comes.
impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
