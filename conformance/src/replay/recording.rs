//! A kept session as a file: one JSON object a line. The first says what it is, each other one is a run of a case.

use std::io::{self, BufRead, Write};

use crypto::Curve;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;
use wire::es9plus::Binding;

use crate::case::Variant;
use crate::report::Report;
use crate::selection::Selection;

/// The form of the file. Another one cannot be read.
const FORMAT: u32 = 2;

/// A kept session.
#[derive(Clone, PartialEq, Debug)]
pub struct Recording {
    /// `server` or `card`.
    pub kind: String,
    /// Whom it was with.
    pub target: String,
    /// What everything random was made from.
    pub seed: u64,
    /// The curves of the run, the first one for cases that run on one.
    pub curves: Vec<Curve>,
    /// The bindings, likewise.
    pub bindings: Vec<Binding>,
    /// Every run of a case, in order.
    pub runs: Vec<Recorded>,
}

/// One run of a case.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Recorded {
    /// The name of the case.
    pub id: String,
    /// How it was run; empty where there is one way only.
    pub variant: String,
    /// How it went, in the words of [`crate::outcome::Outcome::word`].
    pub outcome: String,
    /// What travelled: events of the trace.
    pub messages: Vec<Value>,
}

/// The first line.
#[derive(Serialize, Deserialize)]
struct Beginning {
    recording: u32,
    kind: String,
    target: String,
    seed: u64,
    /// Each curve and each binding in the words of [`Variant`].
    curves: Vec<String>,
    bindings: Vec<String>,
}

/// Why a file is no kept session.
#[derive(Debug, Error)]
pub enum RecordingError {
    /// It cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A line is not what it should be.
    #[error("line {line}: {why}")]
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        why: serde_json::Error,
    },
    /// It is of another version of this program.
    #[error("the recording has the format {0}, this program reads {FORMAT}")]
    Format(u32),
    /// It names a curve or binding that this program does not know.
    #[error("{0:?} is neither a curve nor a binding")]
    Unknown(String),
    /// There is nothing in it.
    #[error("the recording is empty")]
    Empty,
    /// Nothing travelled, so there is nothing to compare with.
    #[error("in this session nothing travelled: no case could be asked")]
    NothingTravelled,
}

impl Recording {
    /// Writes the runs of a report, with all that travelled.
    ///
    /// # Errors
    /// Where the output takes no more.
    pub fn write(
        report: &Report,
        curves: &[Curve],
        bindings: &[Binding],
        output: &mut impl Write,
    ) -> io::Result<()> {
        let beginning = Beginning {
            curves: curves.iter().map(|curve| curve_name(*curve)).collect(),
            bindings: bindings.iter().map(|binding| binding_name(*binding)).collect(),
            recording: FORMAT,
            kind: report.kind.to_owned(),
            target: report.target.clone(),
            seed: report.seed,
        };
        line(output, &beginning)?;
        for result in &report.results {
            let messages = result.messages.iter().map(serde_json::to_value).collect::<Result<_, _>>()?;
            let (id, variant) = (result.id.clone(), result.variant.clone());
            let outcome = result.outcome.word().to_owned();
            line(output, &Recorded { id, variant, outcome, messages })?;
        }
        Ok(())
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`RecordingError`] names the line, or says that there is nothing to compare with.
    pub fn read(input: impl BufRead) -> Result<Self, RecordingError> {
        let mut lines = (1..).zip(input.lines());
        let Some((number, first)) = lines.next() else { return Err(RecordingError::Empty) };
        let Beginning { recording, kind, target, seed, curves, bindings } = parsed(number, &first?)?;
        if recording != FORMAT {
            return Err(RecordingError::Format(recording));
        }
        let runs: Vec<Recorded> =
            lines.map(|(number, line)| parsed(number, &line?)).collect::<Result<_, _>>()?;
        if runs.iter().all(|run| run.messages.is_empty()) {
            return Err(RecordingError::NothingTravelled);
        }
        let curves = curves.into_iter().map(|name| known(name, &Curve::ALL, curve_name));
        let bindings = bindings.into_iter().map(|name| known(name, &BINDINGS, binding_name));
        let (curves, bindings) = (curves.collect::<Result<_, _>>()?, bindings.collect::<Result<_, _>>()?);
        Ok(Self { kind, target, seed, curves, bindings, runs })
    }

    /// The cases of the session.
    pub fn selection(&self) -> Selection {
        let mut ids: Vec<String> = self.runs.iter().map(|run| run.id.clone()).collect();
        ids.dedup();
        Selection { ids, ..Selection::default() }
    }
}

const BINDINGS: [Binding; 2] = [Binding::Json, Binding::Asn1];

fn curve_name(curve: Curve) -> String {
    Variant { curve: Some(curve), ..Variant::default() }.to_string()
}

fn binding_name(binding: Binding) -> String {
    Variant { binding: Some(binding), ..Variant::default() }.to_string()
}

fn known<T: Copy>(name: String, all: &[T], called: fn(T) -> String) -> Result<T, RecordingError> {
    all.iter().copied().find(|one| called(*one) == name).ok_or(RecordingError::Unknown(name))
}

fn line(output: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *output, value)?;
    output.write_all(b"\n")
}

fn parsed<T: for<'de> Deserialize<'de>>(line: usize, text: &str) -> Result<T, RecordingError> {
    serde_json::from_str(text).map_err(|why| RecordingError::Line { line, why })
}
