//! What every case has, whoever is judged by it.

use std::fmt;

use crypto::Curve;
use wire::es9plus::Binding;

/// A function of an interface and the section that describes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Function {
    /// `ES9+`, `ES10b` …
    pub interface: &'static str,
    /// Its name in the specification, `AuthenticateClient`.
    pub name: &'static str,
    /// The section of SGP.22 v2.2, `5.6.3`.
    pub section: &'static str,
}

/// The name of a case: it never changes its meaning, and a number is never used again.
///
/// Shown, and selected, as `ES9+.AuthenticateClient.5.6.3-07`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Id {
    /// What is judged.
    pub function: Function,
    /// Counts from 1 within the function.
    pub number: u16,
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Function { interface, name, section } = self.function;
        write!(f, "{interface}.{name}.{section}-{:02}", self.number)
    }
}

/// How much the specification asks for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// SHALL: who does otherwise does not conform.
    Must,
    /// SHOULD, or what every peer in the field relies on without a SHALL.
    Should,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Must => "MUST",
            Self::Should => "SHOULD",
        })
    }
}

/// What a case is about, for lists and reports.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head {
    /// Its name.
    pub id: Id,
    /// What is asked for, in one sentence.
    pub requirement: &'static str,
    /// How much.
    pub level: Level,
    /// The case of SGP.23 that asks for the same, where there is one.
    pub sgp23: Option<&'static str>,
    /// Words to select by, besides those of the name: `certificate`, `retry` …
    pub tags: &'static [&'static str],
}

impl Head {
    /// A case that the specification asks for.
    pub const fn must(function: Function, number: u16, requirement: &'static str) -> Self {
        Self { id: Id { function, number }, requirement, level: Level::Must, sgp23: None, tags: &[] }
    }

    /// A case of what should be so.
    pub const fn should(function: Function, number: u16, requirement: &'static str) -> Self {
        Self { level: Level::Should, ..Self::must(function, number, requirement) }
    }

    /// With the number that SGP.23 gives it.
    #[must_use]
    pub const fn sgp23(self, number: &'static str) -> Self {
        Self { sgp23: Some(number), ..self }
    }

    /// With words to select by.
    #[must_use]
    pub const fn tagged(self, tags: &'static [&'static str]) -> Self {
        Self { tags, ..self }
    }
}

/// In which ways a case is run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Variants {
    /// Once on each curve, or once.
    pub curves: bool,
    /// Once in each binding, or once.
    pub bindings: bool,
}

impl Variants {
    /// One run.
    pub const ONCE: Self = Self { curves: false, bindings: false };
    /// A run on each curve.
    pub const CURVES: Self = Self { curves: true, bindings: false };
    /// A run in each binding.
    pub const BINDINGS: Self = Self { curves: false, bindings: true };
    /// A run on each curve in each binding.
    pub const ALL: Self = Self { curves: true, bindings: true };
}

/// One way to run a case. Where it says nothing, the case runs on the curve and in the binding that come first.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Variant {
    /// The curve of all certificates inside messages.
    pub curve: Option<Curve>,
    /// The binding of ES9+ or ES11.
    pub binding: Option<Binding>,
}

/// `nist/json`, `brainpool`, or nothing.
impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let curve = self.curve.map(|curve| match curve {
            Curve::P256 => "nist",
            Curve::BrainpoolP256r1 => "brainpool",
        });
        let binding = self.binding.map(|binding| match binding {
            Binding::Json => "json",
            Binding::Asn1 => "asn1",
        });
        let words: Vec<_> = [curve, binding].into_iter().flatten().collect();
        f.pad(&words.join("/"))
    }
}

impl Variants {
    /// Every run, on these curves and in these bindings.
    pub fn over(self, curves: &[Curve], bindings: &[Binding]) -> Vec<Variant> {
        let curves = each(self.curves, curves);
        let bindings = each(self.bindings, bindings);
        let pairs = curves.iter().flat_map(|curve| bindings.iter().map(|binding| (*curve, *binding)));
        pairs.map(|(curve, binding)| Variant { curve, binding }).collect()
    }
}

fn each<T: Copy>(wanted: bool, all: &[T]) -> Vec<Option<T>> {
    if wanted { all.iter().copied().map(Some).collect() } else { vec![None] }
}
