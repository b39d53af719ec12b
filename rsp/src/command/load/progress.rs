//! How a run gets on, while it does.

use std::time::Duration;

use benches::load::progress::Progress;
use benches::load::report::units::{count, micros, rate};
use indicatif::{ProgressBar, ProgressStyle};

/// Two lines on standard error; nothing where that is no terminal.
pub struct View(ProgressBar);

/// The bar knows whole steps.
const STEPS: f64 = 1000.0;

impl View {
    pub fn new() -> Self {
        let style = ProgressStyle::with_template("{bar:12} {percent:>3} % {prefix}\n{wide_msg}");
        let bar = ProgressBar::new(STEPS as u64);
        Self(bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
    }

    pub fn show(&mut self, progress: &Progress) {
        self.0.set_position((progress.done * STEPS) as u64);
        self.0.set_prefix(attempts(progress));
        self.0.set_message(times(progress));
    }
}

/// The first line, behind the bar.
fn attempts(progress: &Progress) -> String {
    if progress.warming_up {
        return "warm-up".to_owned();
    }
    let (per_second, counts) = (rate(progress.per_second), &progress.counts);
    let [succeeded, busy, failed] = [counts.succeeded, counts.busy, counts.failed].map(count);
    format!("{per_second}, {succeeded} succeeded, {busy} busy, {failed} failed")
}

/// The second line.
fn times(progress: &Progress) -> String {
    let counts = &progress.counts;
    let latency = match counts.succeeded {
        0 => String::new(),
        _ => format!("p50 {}, p99 {}, ", micros(counts.p50), micros(counts.p99)),
    };
    let to_go = to_go(progress).map(|to_go| format!(", {} to go", clock(to_go))).unwrap_or_default();
    let (going_on, elapsed) = (count(counts.in_flight), clock(progress.elapsed));
    format!("{latency}{going_on} going on; {elapsed} gone{to_go}")
}

/// Where it goes on as it did.
fn to_go(progress: &Progress) -> Option<Duration> {
    let left = progress.elapsed.as_secs_f64() * (1.0 / progress.done - 1.0);
    Duration::try_from_secs_f64(left).ok()
}

/// `1:05`, `2:00:00`.
fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// The lines are gone before the report comes.
impl Drop for View {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use benches::load::progress::Counts;

    use super::*;

    fn progress() -> Progress {
        Progress {
            elapsed: Duration::from_millis(15_600),
            warming_up: false,
            done: 0.2,
            per_second: 198.2,
            counts: Counts {
                in_flight: 12,
                succeeded: 5_940,
                busy: 40,
                failed: 1_500,
                p50: 2_500,
                p99: 12_340,
            },
        }
    }

    #[test]
    fn how_a_run_gets_on_is_told_on_two_lines_of_an_ordinary_terminal() {
        assert_eq!(attempts(&progress()), "198 /s, 5 940 succeeded, 40 busy, 1 500 failed");
        assert_eq!(times(&progress()), "p50 2.50 ms, p99 12.3 ms, 12 going on; 0:15 gone, 1:02 to go");
        assert!("[bar of 12]   99 % ".len() + attempts(&progress()).len() < 80);
    }

    #[test]
    fn what_is_not_known_yet_is_not_told() {
        let counts = Counts { in_flight: 3, ..Counts::default() };
        let begun = Progress { warming_up: true, done: 0.0, counts, ..progress() };
        assert_eq!(attempts(&begun), "warm-up");
        assert_eq!(times(&begun), "3 going on; 0:15 gone");
    }

    #[test]
    fn a_long_time_is_told_in_hours() {
        assert_eq!(clock(Duration::from_secs(7_265)), "2:01:05");
    }
}
