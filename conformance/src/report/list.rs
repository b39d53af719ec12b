//! Cases as they are, without running them.

use std::fmt;

use crypto::Curve;
use serde::Serialize;
use wire::es9plus::Binding;

use super::summary::count;
use crate::case::{Head, Variant, Variants};

/// What a judge tells of one of its cases.
#[derive(Clone, Debug)]
pub struct Listing {
    /// Name, requirement, level, tags.
    pub head: Head,
    /// In which ways it is run.
    pub variants: Variants,
    /// What the target has to support, one sentence each.
    pub needs: Vec<String>,
    /// What is done, one sentence a step.
    pub steps: Vec<String>,
    /// What has to come of it.
    pub expected: String,
}

impl Listing {
    /// Whether this is the case of that name and, where a variant is named, is run in it on some curve and in some binding.
    pub fn is(&self, id: &str, variant: Option<&str>) -> bool {
        let all = [Curve::P256, Curve::BrainpoolP256r1];
        let mut variants = self.variants.over(&all, &[Binding::Json, Binding::Asn1]).into_iter();
        self.head.id.to_string() == id
            && variant.is_none_or(|wanted| variants.any(|known| known.to_string() == wanted))
    }
}

/// Cases, and the ways in which they would be run.
pub struct List<'a> {
    cases: Vec<(&'a Listing, Vec<Variant>)>,
    verbose: bool,
}

impl<'a> List<'a> {
    /// These cases as they run on these curves and in these bindings; `verbose` tells their steps.
    pub fn new(
        cases: impl IntoIterator<Item = &'a Listing>,
        curves: &[Curve],
        bindings: &[Binding],
        verbose: bool,
    ) -> Self {
        let with_variants = |case: &'a Listing| (case, case.variants.over(curves, bindings));
        Self { cases: cases.into_iter().map(with_variants).collect(), verbose }
    }

    /// The same as a JSON array.
    pub fn to_json(&self) -> serde_json::Result<String> {
        let rows: Vec<_> = self.cases.iter().map(|(case, variants)| Row::new(case, variants)).collect();
        serde_json::to_string_pretty(&rows)
    }
}

/// One line a case.
impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.cases.iter().map(|(case, _)| case.head.id.to_string().len()).max().unwrap_or(0);
        for (Listing { head, needs, steps, expected, .. }, variants) in &self.cases {
            let runs = if variants.len() > 1 { format!("×{}", variants.len()) } else { String::new() };
            let id = head.id.to_string();
            let sgp23 = head.sgp23.map(|number| format!(" (SGP.23 {number})")).unwrap_or_default();
            writeln!(f, "{id:<width$}  {:<6} {runs:<3} {}{sgp23}", head.level, head.requirement)?;
            if self.verbose {
                needs.iter().try_for_each(|need| writeln!(f, "    needs     {need}"))?;
                steps.iter().zip(1..).try_for_each(|(step, at)| writeln!(f, "    step {at:<4} {step}"))?;
                writeln!(f, "    expected  {expected}")?;
            }
        }
        let runs: usize = self.cases.iter().map(|(_, variants)| variants.len()).sum();
        writeln!(f, "{}, {}", count(self.cases.len(), "case"), count(runs, "run"))
    }
}

/// A case in JSON.
#[derive(Serialize)]
struct Row<'a> {
    id: String,
    interface: &'a str,
    function: &'a str,
    section: &'a str,
    level: String,
    requirement: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sgp23: Option<&'a str>,
    tags: &'a [&'a str],
    /// The ways in which it is run; one that has no name where there is one only.
    variants: Vec<String>,
    needs: &'a [String],
    steps: &'a [String],
    expected: &'a str,
}

impl<'a> Row<'a> {
    fn new(case: &'a Listing, variants: &[Variant]) -> Self {
        let Head { id, requirement, level, sgp23, tags } = case.head;
        Self {
            id: id.to_string(),
            interface: id.function.interface,
            function: id.function.name,
            section: id.function.section,
            level: level.to_string(),
            requirement,
            sgp23,
            tags,
            variants: variants.iter().map(Variant::to_string).collect(),
            needs: &case.needs,
            steps: &case.steps,
            expected: &case.expected,
        }
    }
}
