//! The rows of a CSV file (RFC 4180), each with the line that it begins in.
//!
//! Lines are read here and handed to the parser one by one, so that the numbers are those of an editor whatever ends a
//! line, a quotation mark that nobody closes does not swallow the file, and rows, which hold keys, are wiped.

use std::io::{self, BufRead, Read};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

/// Longest row in bytes; also the memory that a row takes.
const LONGEST_ROW: usize = 16 * 1024;
/// Most fields that a row may have.
const MOST_FIELDS: usize = 64;

/// The rows, one at a time.
pub(super) struct Records<R> {
    input: R,
    parser: Reader,
    /// Lines read so far.
    lines: u64,
    line: Zeroizing<Vec<u8>>,
    record: Record,
}

/// One row.
pub(super) struct Record {
    /// The line that it begins in, counted from 1.
    pub line: u64,
    content: Zeroizing<Vec<u8>>,
    ends: Vec<usize>,
    /// How many fields there are.
    pub fields: usize,
}

/// Why there is no row.
#[derive(Debug, Error)]
pub(super) enum NoRecord {
    #[error(transparent)]
    Unreadable(#[from] io::Error),
    #[error("a quotation mark in this row is not closed")]
    Unclosed(u64),
    #[error("the row has more than {LONGEST_ROW} bytes or {MOST_FIELDS} fields")]
    TooLong(u64),
}

impl NoRecord {
    /// Where the row begins.
    pub(super) fn line(&self) -> Option<u64> {
        match self {
            Self::Unreadable(_) => None,
            Self::Unclosed(line) | Self::TooLong(line) => Some(*line),
        }
    }
}

impl<R: BufRead> Records<R> {
    /// Fields are separated by `;` or `,`, whichever the first line has more of outside of quotation marks.
    pub(super) fn new(mut input: R) -> io::Result<Self> {
        let start = input.fill_buf()?;
        let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let outside = line.split(|byte| *byte == b'"').step_by(2).flatten();
        let balance = outside.fold(0_i64, |balance, byte| match byte {
            b';' => balance + 1,
            b',' => balance - 1,
            _ => balance,
        });
        let delimiter = if balance > 0 { b';' } else { b',' };
        Ok(Self {
            input,
            parser: ReaderBuilder::new().delimiter(delimiter).terminator(Terminator::Any(b'\n')).build(),
            lines: 0,
            line: Zeroizing::new(Vec::with_capacity(LONGEST_ROW + 1)),
            record: Record {
                line: 0,
                content: Zeroizing::new(vec![0; LONGEST_ROW]),
                ends: vec![0; MOST_FIELDS],
                fields: 0,
            },
        })
    }

    /// The next row; lines with nothing in them are none.
    pub(super) fn next(&mut self) -> Result<Option<&Record>, NoRecord> {
        // What the last row wrote: nothing is left behind it.
        let written = self.record.written();
        self.record.content.get_mut(..written).unwrap_or_default().zeroize();
        let (mut written, mut fields) = (0, 0);
        loop {
            let in_row = written + fields > 0;
            if !self.read_line(in_row)? {
                return if in_row { Err(NoRecord::Unclosed(self.record.line)) } else { Ok(None) };
            }
            if !in_row {
                self.record.line = self.lines;
            }
            let (result, _, more, ends) = self.parser.read_record(
                &self.line,
                self.record.content.get_mut(written..).unwrap_or_default(),
                self.record.ends.get_mut(fields..).unwrap_or_default(),
            );
            written += more;
            fields += ends;
            match result {
                ReadRecordResult::Record => {
                    self.record.fields = fields;
                    return Ok(Some(&self.record));
                }
                // An empty line, or one inside of quotation marks.
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    return Err(NoRecord::TooLong(self.record.line));
                }
                ReadRecordResult::End => return Ok(None),
            }
        }
    }

    /// Reads one line; it always ends with a line feed alone. `false` at the end of the file.
    fn read_line(&mut self, in_row: bool) -> Result<bool, NoRecord> {
        self.line.as_mut_slice().zeroize();
        self.line.clear();
        let limit = LONGEST_ROW as u64;
        let length = self.input.by_ref().take(limit).read_until(b'\n', &mut self.line)?;
        if length == 0 {
            return Ok(false);
        }
        self.lines += 1;
        if self.line.ends_with(b"\n") {
            self.line.pop();
        } else if length == LONGEST_ROW {
            return Err(NoRecord::TooLong(if in_row { self.record.line } else { self.lines }));
        }
        if self.line.ends_with(b"\r") {
            self.line.pop();
        }
        self.line.push(b'\n');
        Ok(true)
    }
}

impl Record {
    /// Bytes of all fields together.
    fn written(&self) -> usize {
        self.fields.checked_sub(1).and_then(|last| self.ends.get(last)).copied().unwrap_or(0)
    }

    /// The bytes of a field, without the spaces around it.
    pub(super) fn field(&self, index: usize) -> Option<&[u8]> {
        let ends = self.ends.get(..self.fields)?;
        let start = match index.checked_sub(1) {
            None => 0,
            Some(before) => *ends.get(before)?,
        };
        self.content.get(start..*ends.get(index)?).map(<[u8]>::trim_ascii)
    }
}
