//! The End User at a terminal: sees the offer, answers, watches the progress.

use std::io::{BufRead, IsTerminal, Write};
use std::time::{Duration, Instant};

use super::printable::Printable;
use indicatif::{ProgressBar, ProgressStyle};
use lpa::download::{ConfirmationCode, Decision, Offer, Progress, User};

/// How the user answers.
#[derive(Default)]
pub struct Answers {
    /// Agree to everything that is offered.
    pub yes: bool,
    /// The confirmation code, where it was given beforehand.
    pub confirmation_code: Option<ConfirmationCode>,
}

/// A user at a terminal, or one whose answers were given beforehand.
pub struct TerminalUser {
    answers: Answers,
    step: Option<(String, Instant)>,
    bar: Option<ProgressBar>,
}

impl TerminalUser {
    /// A user with these answers; what they leave open is asked for.
    pub fn new(answers: Answers) -> Self {
        Self { answers, step: None, bar: None }
    }

    /// Says that a step has begun, and how long the one before took.
    pub fn begin(&mut self, name: &str) {
        self.finish();
        self.step = Some((name.to_owned(), Instant::now()));
    }

    /// Says how long the last step took.
    pub fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        if let Some((name, since)) = self.step.take() {
            say(&name, since.elapsed());
        }
    }
}

fn say(name: &str, took: Duration) {
    println!("{name:<36} {:>9.1} ms", took.as_secs_f64() * 1000.0);
}

impl User for TerminalUser {
    fn confirm(&mut self, offer: &Offer<'_>) -> Decision {
        let metadata = offer.metadata;
        let (profile, provider) = (&metadata.profile_name, &metadata.service_provider_name);
        println!("  profile   {} from {}", Printable(profile), Printable(provider));
        println!("  ICCID     {}, {}", metadata.iccid, metadata.class());
        for rule in offer.policy_rules {
            println!("  rule      {}", rule.rule);
        }
        if self.answers.yes {
            return Decision::Accept;
        }
        match ask("Install this profile? [y]es, [n]o, [l]ater: ").as_deref() {
            Some("y" | "yes") => Decision::Accept,
            Some("n" | "no") => Decision::Reject,
            Some(_) => Decision::Postpone,
            None => Decision::TimedOut,
        }
    }

    fn confirmation_code(&mut self, _: &Offer<'_>) -> Option<ConfirmationCode> {
        self.answers
            .confirmation_code
            .take()
            .or_else(|| ask("Confirmation code: ").filter(|code| !code.is_empty()).map(ConfirmationCode::new))
    }

    fn progress(&mut self, progress: Progress) {
        match progress {
            Progress::Step(step) => self.begin(step.name()),
            Progress::Segments { loaded, of } => {
                let bar = self.bar.get_or_insert_with(|| segment_bar(of));
                bar.set_position(loaded as u64);
            }
        }
    }
}

/// A bar that hides itself where there is no terminal.
fn segment_bar(segments: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("  {bar:40} {pos}/{len} segments");
    ProgressBar::new(segments as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Asks at the terminal; `None` where there is nobody to ask.
fn ask(question: &str) -> Option<String> {
    let input = std::io::stdin();
    if !input.is_terminal() {
        return None;
    }
    print!("{question}");
    std::io::stdout().flush().ok()?;
    let mut line = String::new();
    input.lock().read_line(&mut line).ok().filter(|read| *read > 0)?;
    Some(line.trim().to_owned())
}
