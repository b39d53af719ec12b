//! What every judge is told on the command line, and what is made of its report.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::error::ErrorKind;
use clap::{Args, ValueEnum};
use conformance::case::{Head, Level};
use conformance::expectations::Expectations;
use conformance::random::Seed;
use conformance::replay::Recording;
use conformance::report::list::{List, Listing};
use conformance::report::summary::Verdict;
use conformance::report::tree::Tree;
use conformance::report::{Report, html, json, junit};
use conformance::selection::Selection;
use crypto::Curve;
use rand_core::Rng;
use wire::es9plus::Binding;

use super::output;
use crate::command::CurveName;
use crate::io::machine;
use crate::io::printable::Printable;

/// Which cases run, how, and what is written of them.
///
/// A command asks [`Self::begin`] first, runs the cases that [`Self::selection`] takes, and ends with [`Self::finish`].
#[derive(Args)]
pub struct RunArguments {
    /// Only cases whose name begins with these words: ES9+, ES9+.AuthenticateClient, or a whole name. May be given several
    /// times
    #[arg(long = "case", value_name = "PREFIX")]
    cases: Vec<String>,
    /// Only what the specification asks for on this level
    #[arg(long, value_enum)]
    level: Option<LevelName>,
    /// Only cases that have this tag. May be given several times: one of them is enough
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// Only on this curve, where a case is run on each
    #[arg(long, value_enum)]
    curve: Option<CurveName>,
    /// Only in this binding, where a case is run in each
    #[arg(long, value_enum)]
    binding: Option<BindingName>,
    /// List the cases instead of running them; --verbose tells their steps
    #[arg(long)]
    list: bool,
    /// List them as JSON
    #[arg(long, requires = "list")]
    json: bool,
    /// A SHOULD that is not met counts as a failure
    #[arg(long)]
    strict: bool,
    /// Failures that are known, with their reasons: see docs/conformance.md
    #[arg(long, value_name = "FILE")]
    expectations: Option<PathBuf>,
    /// The same run again: everything random follows from this number. Without it one is drawn, and told
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Write a report for build servers, JUnit XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write a report for programs, JSON
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Write a report for people, one HTML file, with what travelled in each case that failed
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Keep all that travels in this file, for `rsp replay`
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Name the cases that passed and those that were skipped
    #[arg(long)]
    verbose: bool,
}

/// What a run is made of, besides its target.
pub struct Wanted {
    /// Which cases.
    pub selection: Selection,
    /// The curves on which a case is run that is run on each; the first one for the others.
    pub curves: Vec<Curve>,
    /// The bindings, likewise.
    pub bindings: Vec<Binding>,
    /// What everything random is made from.
    pub seed: Seed,
    /// Whether a SHOULD counts as much as a MUST.
    pub strict: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum LevelName {
    Must,
    Should,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BindingName {
    Json,
    Asn1,
}

impl RunArguments {
    /// Looks at what was asked for in the light of all cases of the judge, before anybody is asked anything. `false` where
    /// only a list was wanted: it is printed, and there is nothing left to do.
    ///
    /// # Errors
    /// For a wish that no case meets, and for a file of expectations that cannot be read.
    pub fn begin(&self, all: &[Listing]) -> Result<bool> {
        let selection = self.selection();
        let heads: Vec<Head> = all.iter().map(|case| case.head).collect();
        selection.check(&heads).map_err(usage)?;
        if self.curve.is_some() && !all.iter().any(|case| case.variants.curves) {
            return Err(usage("--curve: none of these cases is run on more than one"));
        }
        if self.binding.is_some() && !all.iter().any(|case| case.variants.bindings) {
            return Err(usage("--binding: none of these cases is run in more than one"));
        }
        self.expectations()?;
        if self.list {
            let selected = all.iter().filter(|case| selection.takes(&case.head));
            let list = List::new(selected, &self.curves(), &self.bindings(), self.verbose);
            output::print(if self.json { list.to_json()? + "\n" } else { list.to_string() })?;
        }
        Ok(!self.list)
    }

    /// What the run is made of.
    ///
    /// # Errors
    /// Where no seed is given and none can be drawn.
    pub fn wanted(&self) -> Result<Wanted> {
        Ok(Wanted {
            selection: self.selection(),
            curves: self.curves(),
            bindings: self.bindings(),
            seed: self.seed()?,
            strict: self.strict,
        })
    }

    /// Which cases run.
    pub fn selection(&self) -> Selection {
        let level = self.level.map(|level| match level {
            LevelName::Must => Level::Must,
            LevelName::Should => Level::Should,
        });
        Selection { ids: self.cases.clone(), level, tags: self.tags.clone() }
    }

    /// What everything random is made from. Drawn anew at each call where none was given: ask once.
    pub fn seed(&self) -> Result<Seed> {
        match self.seed {
            Some(seed) => Ok(Seed(seed)),
            None => Ok(Seed(machine::system_rng()?.next_u64())),
        }
    }

    /// The curves on which a case is run that is run on each.
    pub fn curves(&self) -> Vec<Curve> {
        match self.curve {
            Some(curve) => vec![curve.into()],
            None => vec![Curve::P256, Curve::BrainpoolP256r1],
        }
    }

    /// The bindings in which a case is run that is run in each.
    pub fn bindings(&self) -> Vec<Binding> {
        match self.binding {
            Some(BindingName::Json) => vec![Binding::Json],
            Some(BindingName::Asn1) => vec![Binding::Asn1],
            None => vec![Binding::Json, Binding::Asn1],
        }
    }

    /// Whether a SHOULD counts as much as a MUST.
    pub fn strict(&self) -> bool {
        self.strict
    }

    /// Where the session is kept.
    pub fn record(&self) -> Option<&Path> {
        self.record.as_deref()
    }

    /// Compares a report with what is known, prints it and writes it down. `all` are all cases of the judge, selected or not.
    ///
    /// # Errors
    /// Where a file cannot be written; the others are written nevertheless.
    pub fn finish(&self, mut report: Report, all: &[Listing]) -> Result<ExitCode> {
        output::write_private(self.record.as_deref(), |file| {
            Recording::write(&report, &self.curves(), &self.bindings(), file)
        })?;
        report.forget_passed();
        self.expectations()?.apply(&mut report, all);
        let colours = console::colors_enabled();
        output::print(Tree { report: &report, verbose: self.verbose, colours }.to_string())?;
        let written = [
            output::write(self.junit.as_deref(), |file| junit::write(&report, file)),
            output::write(self.report.as_deref(), |file| json::write(&report, file)),
            output::write(self.html.as_deref(), |file| html::write(&report, file)),
        ];
        written.into_iter().collect::<Result<()>>()?;
        Ok(exit_code(report.verdict()))
    }

    fn expectations(&self) -> Result<Expectations> {
        let Some(path) = &self.expectations else { return Ok(Expectations::default()) };
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| usage(format_args!("cannot read {name}: {error}")))?;
        Expectations::parse(&name, &text).map_err(usage)
    }
}

/// The codes that `--help` and docs/conformance.md tell.
fn exit_code(verdict: Verdict) -> ExitCode {
    match verdict {
        Verdict::NothingFailed => ExitCode::SUCCESS,
        Verdict::Failed | Verdict::NothingAsked => ExitCode::from(3),
        Verdict::StaleExpectations => ExitCode::from(4),
    }
}

/// An argument that cannot be right: told, and ended with the exit code, as one that cannot be read.
pub(super) fn usage(why: impl Display) -> anyhow::Error {
    clap::Error::raw(ErrorKind::ValueValidation, format!("{}\n", Printable(why))).into()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use clap::Parser;
    use conformance::case::{Function, Variant, Variants};
    use conformance::outcome::Outcome;
    use conformance::report::CaseReport;

    use super::*;

    #[derive(Parser)]
    struct Arguments {
        #[command(flatten)]
        run: RunArguments,
    }

    const FUNCTION: Function = Function { interface: "ES9+", name: "CancelSession", section: "5.6.5" };
    const MUST: Head = Head::must(FUNCTION, 1, "refuses what is wrong").tagged(&["session"]);
    const SHOULD: Head = Head::should(FUNCTION, 2, "says why");

    fn arguments(words: &[&str]) -> RunArguments {
        Arguments::parse_from([&["conform"], words].concat()).run
    }

    fn all() -> Vec<Listing> {
        [(MUST, Variants::CURVES), (SHOULD, Variants::ONCE)]
            .map(|(head, variants)| Listing {
                head,
                variants,
                needs: vec![],
                steps: vec![],
                expected: String::new(),
            })
            .to_vec()
    }

    fn finished(words: &[&str], outcomes: [Outcome; 2]) -> Result<ExitCode> {
        let run = arguments(words);
        let results = [MUST, SHOULD].into_iter().zip(outcomes);
        let results =
            results.map(|(head, outcome)| CaseReport::new(&head, Variant::default(), vec![], outcome));
        let report = Report {
            version: env!("CARGO_PKG_VERSION"),
            kind: "server",
            target: "smdp.example".to_owned(),
            seed: 7,
            strict: run.strict(),
            started: "2026-11-22T17:23:01.500Z".to_owned(),
            seconds: 1.0,
            results: results.collect(),
            stale_expectations: vec![],
        };
        run.finish(report, &all())
    }

    fn failed() -> Outcome {
        Outcome::failed("8.1/6.1", "Executed-Success")
    }

    /// The exit code that an error leads to, and what is said.
    fn refused(error: anyhow::Error) -> (i32, String) {
        match error.downcast::<clap::Error>() {
            Ok(usage) => (usage.exit_code(), usage.to_string()),
            Err(error) => (1, format!("{error:#}")),
        }
    }

    #[test]
    fn the_exit_code_tells_what_the_run_comes_to() {
        let passed = || Outcome::Passed;
        let code = |words: &[&str], outcomes| finished(words, outcomes).unwrap();
        assert_eq!(code(&[], [passed(), Outcome::skipped("no key")]), ExitCode::SUCCESS);
        assert_eq!(code(&[], [failed(), passed()]), ExitCode::from(3));
        assert_eq!(code(&[], [Outcome::blocked("power on", "no card"), passed()]), ExitCode::from(3));
        assert_eq!(code(&[], [passed(), failed()]), ExitCode::SUCCESS);
        assert_eq!(code(&["--strict"], [passed(), failed()]), ExitCode::from(3));
        let skipped = || Outcome::skipped("no ES12");
        assert_eq!(code(&[], [skipped(), skipped()]), ExitCode::from(3), "nothing was asked");
    }

    #[test]
    fn known_failures_do_not_count_and_stale_ones_have_a_code_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("known.toml");
        fs::write(&file, "[[known]]\nid = \"ES9+.CancelSession.5.6.5-01\"\nbecause = \"they know\"\n")
            .unwrap();
        let words = ["--expectations", file.to_str().unwrap()];
        let code = |outcomes| finished(&words, outcomes).unwrap();
        assert_eq!(code([failed(), Outcome::Passed]), ExitCode::SUCCESS);
        assert_eq!(code([Outcome::Passed, Outcome::Passed]), ExitCode::from(4));
        // What failed weighs more.
        let blocked = Outcome::blocked("power on", "no card");
        assert_eq!(code([Outcome::Passed, blocked]), ExitCode::from(3));
    }

    #[test]
    fn a_file_of_expectations_that_cannot_be_read_is_told_before_the_run() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("known.toml");
        let begun =
            || refused(arguments(&["--expectations", file.to_str().unwrap()]).begin(&all()).unwrap_err());
        assert_eq!(begun().0, 2);
        fs::write(&file, "[[known]]\nid = \"a\"\nbecause = \"b\"\nvariety = \"c\"\n").unwrap();
        let (code, told) = begun();
        assert_eq!(code, 2);
        assert!(told.contains("known.toml:4: unknown field `variety`"), "{told}");
    }

    #[test]
    fn a_wish_that_no_case_meets_is_a_wrong_argument() {
        let wrong: [&[&str]; 5] = [
            &["--case", "ES9"],
            &["--tag", "sesion"],
            &["--tag", "session", "--level", "should"],
            &["--binding", "asn1"],
            &["--list", "--case", "ES2+"],
        ];
        for words in wrong {
            assert_eq!(refused(arguments(words).begin(&all()).unwrap_err()).0, 2, "{words:?}");
        }
        assert!(arguments(&["--case", "es9+", "--curve", "nist", "--tag", "session"]).begin(&all()).unwrap());
        assert!(!arguments(&["--list"]).begin(&all()).unwrap());
    }

    #[test]
    fn each_flag_says_which_cases_run_and_how() {
        let run = arguments(&[
            "--case", "ES9+", "--case", "ES2+", "--level", "must", "--tag", "retry", "--seed", "9",
        ]);
        let selection = run.selection();
        assert_eq!(selection.ids, ["ES9+", "ES2+"]);
        assert_eq!((selection.level, selection.tags), (Some(Level::Must), vec!["retry".to_owned()]));
        assert_eq!(run.seed().unwrap(), Seed(9));
        assert_eq!(run.curves(), [Curve::P256, Curve::BrainpoolP256r1]);
        assert_eq!(run.bindings(), [Binding::Json, Binding::Asn1]);
        let run = arguments(&["--curve", "brainpool", "--binding", "asn1", "--record", "session.rec"]);
        assert_eq!((run.curves(), run.bindings()), (vec![Curve::BrainpoolP256r1], vec![Binding::Asn1]));
        assert_eq!(run.record(), Some(Path::new("session.rec")));
        assert_ne!(run.seed().unwrap(), run.seed().unwrap());
    }

    #[test]
    fn reports_are_written_whole_with_ordinary_rights() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name).display().to_string();
        let (junit, report, html) = (file("junit.xml"), file("report.json"), file("report.html"));
        fs::write(&report, "an older and much longer report".repeat(1000)).unwrap();
        let words = ["--junit", &junit, "--report", &report, "--html", &html];
        assert_eq!(finished(&words, [failed(), Outcome::Passed]).unwrap(), ExitCode::from(3));
        assert!(fs::read_to_string(&junit).unwrap().ends_with("</testsuites>\n"));
        assert!(serde_json::from_slice::<serde_json::Value>(&fs::read(&report).unwrap()).is_ok());
        assert!(fs::read_to_string(&html).unwrap().ends_with("</html>"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let ordinary = fs::File::create(folder.path().join("ordinary")).unwrap().metadata().unwrap();
            assert_eq!(fs::metadata(&html).unwrap().permissions().mode(), ordinary.permissions().mode());
        }
    }

    #[test]
    fn a_report_that_cannot_be_written_does_not_keep_the_others_from_being() {
        let folder = tempfile::tempdir().unwrap();
        let (missing, html) = (folder.path().join("none/junit.xml"), folder.path().join("report.html"));
        let words = ["--junit", missing.to_str().unwrap(), "--html", html.to_str().unwrap()];
        let (code, told) = refused(finished(&words, [Outcome::Passed, Outcome::Passed]).unwrap_err());
        assert_eq!(code, 1);
        assert!(told.contains("cannot write") && told.contains("none/junit.xml"), "{told}");
        assert!(html.exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_a_device_a_device() {
        let folder = tempfile::tempdir().unwrap();
        let (link, file) = (folder.path().join("latest.xml"), folder.path().join("junit.xml"));
        fs::write(&file, "").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let words = ["--junit", link.to_str().unwrap(), "--report", "/dev/null"];
        finished(&words, [Outcome::Passed, Outcome::Passed]).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(fs::read_to_string(&file).unwrap().contains("<testsuites>"));
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }

    #[cfg(unix)]
    #[test]
    fn a_recording_is_private_and_a_report_is_not() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let (record, report) = (path("s.rec"), path("s.json"));
        finished(&["--record", &record, "--report", &report], [Outcome::Passed, Outcome::Passed]).unwrap();
        let mode = |path: &str| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&record), 0o600);
        assert_ne!(mode(&report), 0o600);
    }
}
