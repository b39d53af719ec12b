//! What goes wrong between LPA and eUICC, and whose fault it is.

use asn1::der::DerError;
use thiserror::Error;

use crate::apdu::StatusWord;
use crate::card::CardError;

/// Who has to act so that it goes better next time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Blame {
    /// The eUICC refused or broke the specification.
    Euicc,
    /// The server refused, broke the specification or could not be reached.
    Server,
    /// The user declined.
    User,
    /// What this LPA was asked to do cannot be done: a wrong activation code, a package too long for the transport.
    Request,
    /// The way to the card failed.
    CardConnection,
}

/// Why an eUICC did not do what it was asked.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum EuiccError {
    /// Nothing came back.
    #[error(transparent)]
    Card(#[from] CardError),
    /// There is no ISD-R to talk to.
    #[error("the ISD-R cannot be selected: {sw} ({})", sw.meaning())]
    NoIsdR {
        /// What SELECT was answered with.
        sw: StatusWord,
    },
    /// The eUICC answered with a status word other than 9000 and 91xx (SGP.22 §5.7.2).
    #[error("{function}: the eUICC answered {sw} ({})", sw.meaning())]
    Status {
        /// The ES10 function or the card command.
        function: &'static str,
        /// The status word.
        sw: StatusWord,
    },
    /// A function that lists something answered with an error of its own.
    #[error("{function}: the eUICC answered {result}")]
    Refused {
        /// The ES10 function.
        function: &'static str,
        /// The error's name and number in the specification.
        result: String,
    },
    /// The answer is not the object that the function returns.
    #[error("{function}: the answer of the eUICC cannot be read: {reason}")]
    Malformed {
        /// The ES10 function or the card command.
        function: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The command object is too long for a chain of 256 STORE DATA blocks.
    #[error("{function}: {length} bytes do not fit 256 blocks of {block_size}")]
    TooLong {
        /// The ES10 function.
        function: &'static str,
        /// The length of the command object in bytes.
        length: usize,
        /// The block size in use.
        block_size: u8,
    },
}

impl EuiccError {
    pub(crate) fn malformed(function: &'static str, error: DerError) -> Self {
        Self::Malformed { function, reason: error.to_string() }
    }

    pub(crate) fn refused(function: &'static str, result: impl ToString) -> Self {
        Self::Refused { function, result: result.to_string() }
    }

    /// Who has to act.
    pub fn blame(&self) -> Blame {
        match self {
            Self::Card(_) => Blame::CardConnection,
            Self::NoIsdR { .. } | Self::Status { .. } | Self::Refused { .. } | Self::Malformed { .. } => {
                Blame::Euicc
            }
            Self::TooLong { .. } => Blame::Request,
        }
    }
}
