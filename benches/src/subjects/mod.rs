//! What is measured, each thing once: criterion times it, [`ratios`] hold it beside its floor, and
//! [`instructions`](crate::instructions) are counted of it.
//!
//! * [`primitives`]: cryptography, alone; what every floor is a sum of.
//! * [`structures`] and [`bindings`]: messages read and written, in DER and as HTTP carries them.
//! * [`chain`], [`binding`]: an eUICC's certificates verified, a package bound.
//! * [`es9plus`], [`smds`]: what a server does below HTTP; [`card`]: what an eUICC does.

pub mod binding;
pub mod bindings;
pub mod card;
pub mod chain;
pub mod compared;
pub mod es9plus;
mod messages;
pub mod primitives;
pub mod ratios;
pub mod smds;
pub mod structures;
#[cfg(test)]
mod tests;
mod work;

use anyhow::{Context, Result};
use crypto::Curve;

pub use work::{Prepared, Ready, Repeated, Work};

/// Something to do, and what it is held against.
pub struct Subject {
    /// Its name: the theme, then what it is, separated by `/`.
    pub name: String,
    /// What of it nobody can do without, where that can be said: a sum of other subjects.
    pub floor: Sum,
    /// What others do in it: a sum of other subjects too, which is taken off.
    pub others: Sum,
    /// How many calls make one measurement: more of what takes less.
    pub calls: u32,
    setup: Setup,
}

type Setup = Box<dyn Fn() -> Result<Box<dyn Work>>>;

impl Subject {
    /// A subject without floor, and without others in it.
    pub fn new<W: Work + 'static>(
        name: impl Into<String>,
        calls: u32,
        setup: impl Fn() -> Result<W> + 'static,
    ) -> Self {
        let setup = Box::new(move || Ok(Box::new(setup()?) as Box<dyn Work>));
        Self { name: name.into(), floor: Sum::default(), others: Sum::default(), calls, setup }
    }

    /// With this floor.
    #[must_use]
    pub fn beside(self, floor: Sum) -> Self {
        Self { floor, ..self }
    }

    /// With others in it.
    #[must_use]
    pub fn less(self, others: Sum) -> Self {
        Self { others, ..self }
    }

    /// Puts together what it takes.
    ///
    /// # Errors
    /// Where that fails.
    pub fn ready(&self) -> Result<Ready> {
        let work = (self.setup)().with_context(|| format!("{} cannot be set up", self.name))?;
        Ok(Ready::new(work, self.calls))
    }

    /// Every subject that a measurement of this one takes besides.
    pub fn terms(&self) -> impl Iterator<Item = &str> {
        self.floor.names().chain(self.others.names())
    }
}

/// So many times one subject, and so many times another.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Sum(pub Vec<Term>);

/// So many times one subject; of several that do the same, the one that comes to least.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Term {
    /// How many times.
    pub times: u32,
    /// The names of the subjects.
    pub fastest_of: Vec<String>,
}

impl Sum {
    /// So many times the subject with this name.
    pub fn times(times: u32, name: impl Into<String>) -> Self {
        Self(vec![Term { times, fastest_of: vec![name.into()] }])
    }

    /// Once the subject that comes to least.
    pub fn fastest_of<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        Self(vec![Term { times: 1, fastest_of: names.into_iter().map(Into::into).collect() }])
    }

    /// The names of all subjects in it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flat_map(|term| &term.fastest_of).map(String::as_str)
    }

    /// The sum of what each subject in it comes to; `None` where it has none, or one of them comes to nothing.
    pub fn of(&self, mut figure: impl FnMut(&str) -> Option<f64>) -> Option<f64> {
        let mut least = |names: &[String]| {
            let figures: Option<Vec<f64>> = names.iter().map(|name| figure(name)).collect();
            figures?.into_iter().reduce(f64::min)
        };
        let terms = self.0.iter().map(|term| Some(f64::from(term.times) * least(&term.fastest_of)?));
        if self.0.is_empty() { None } else { terms.sum() }
    }

    /// Both.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

/// Every subject, by theme.
pub fn all() -> Vec<Subject> {
    let themes = [
        primitives::subjects(),
        structures::subjects(),
        bindings::subjects(),
        chain::subjects(),
        binding::subjects(),
        es9plus::subjects(),
        smds::subjects(),
        card::subjects(),
    ];
    themes.into_iter().flatten().collect()
}

/// The sizes of packages that are measured, with their names.
pub const SIZES: [(usize, &str); 3] = [(12 * 1024, "12KB"), (64 * 1024, "64KB"), (512 * 1024, "512KB")];

/// A curve as it stands in a name.
pub const fn curve_name(curve: Curve) -> &'static str {
    match curve {
        Curve::P256 => "P-256",
        Curve::BrainpoolP256r1 => "brainpoolP256r1",
    }
}
