//! A case of the judge of LPAs.

use super::expectation::Expectation;
use super::situation::Situation;
use crate::case::{Head, Variants};
use crate::report::list::Listing;

/// A case: data. What an LPA needs for it follows from the situation, see [`Situation::needs`].
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Its name, and what is asked for.
    pub head: Head,
    /// What the LPA is put into.
    pub situation: Situation,
    /// What has to be seen then.
    pub expected: &'static [Expectation],
}

impl Case {
    /// A case of a session in which all goes well.
    pub const fn of_good(head: Head, expected: &'static [Expectation]) -> Self {
        Self { head, situation: Situation::GOOD, expected }
    }

    /// What a list tells of it.
    pub fn listing(&self) -> Listing {
        let expected: Vec<String> = self.expected.iter().map(ToString::to_string).collect();
        Listing {
            head: self.head,
            variants: Variants::ONCE,
            needs: self.situation.needs().into_iter().map(|need| format!("a way to {need}")).collect(),
            steps: self.situation.steps(),
            expected: expected.join("; "),
        }
    }
}
