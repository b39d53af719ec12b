//! What is said of each event, and in the end.

use std::fmt::{self, Display};

use anyhow::{Result, bail};
use lpa::discovery::{Event, MAX_EVENTS, MAX_SMDS, Outcome};
use wire::es9plus::ClientError;

use crate::io::printable::Printable;

/// How much was got of what was there.
#[derive(Default)]
pub struct Tally {
    installed: usize,
    declined: usize,
    failed: usize,
}

impl Tally {
    /// One line for an event.
    pub fn event(&mut self, event: &Event, outcome: &Outcome<ClientError>) {
        let way = Way(event);
        match outcome {
            Outcome::Downloaded(downloaded) => {
                let (iccid, name) = (downloaded.iccid, &downloaded.metadata.profile_name);
                self.installed(format_args!("{way}: profile {iccid} ({name}) is installed, disabled"));
            }
            Outcome::Declined { declined, .. } => self.declined(format_args!("{way}: {declined}")),
            Outcome::Followed(events) => {
                say(format_args!("{way}: an SM-DS with {}", count(events.len(), "event")));
            }
            Outcome::SeenBefore => say(format_args!("{way}: seen before, not asked again")),
            Outcome::TooDeep => self
                .failed(format_args!("{way}: an SM-DS behind {MAX_SMDS} others, too far away to be asked")),
            Outcome::Failed(error) => self.failed(format_args!("{way}: {error}")),
        }
    }

    pub fn installed(&mut self, line: impl Display) {
        self.installed += 1;
        say(line);
    }

    pub fn declined(&mut self, line: impl Display) {
        self.declined += 1;
        say(line);
    }

    pub fn failed(&mut self, line: impl Display) {
        self.failed += 1;
        say(line);
    }

    /// How it went to tell the servers of an installation.
    pub fn notified(&mut self, outcome: Result<()>) {
        if let Err(error) = outcome {
            self.failed(format_args!("{error:#}"));
        }
    }

    /// Events that were too many.
    pub fn left_out(&mut self, events: usize) {
        if events > 0 {
            let events = count(events, "event");
            self.failed(format_args!("{events} left out: one discovery takes {MAX_EVENTS}"));
        }
    }

    /// # Errors
    /// Where something was not got.
    pub fn conclude(self) -> Result<()> {
        let Self { installed, declined, failed } = self;
        if installed + declined + failed > 0 {
            println!("{} installed", count(installed, "profile"));
        }
        if declined + failed > 0 {
            bail!("{failed} failed, {declined} declined");
        }
        Ok(())
    }
}

/// What servers told may hold anything.
fn say(line: impl Display) {
    println!("{}", Printable(line));
}

/// `1 event`, `2 events`.
pub fn count(number: usize, of: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {of}{plural}")
}

/// An event, and the way to it: `EV-1 root.example > alternative.example > smdp.example`.
pub struct Way<'a>(pub &'a Event);

impl Display for Way<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Event { event_id, rsp_server_address, path } = self.0;
        write!(f, "event {event_id}  ")?;
        path.iter().try_for_each(|smds| write!(f, "{smds} > "))?;
        f.write_str(rsp_server_address)
    }
}
