//! Who calls on the interfaces between servers, where it is not who usually does.

use std::fmt;

use crate::pki::ClientDefect;

/// Who calls ES2+, ES12 or ES15.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Caller {
    /// The operator of the run on ES2+, the SM-DP+ of the run on ES12.
    Usual,
    /// Another operator, or an SM-DP+ with another object identifier.
    Other,
    /// An Alternative SM-DS, on ES15.
    Smds,
    /// Somebody without a certificate.
    Nobody,
    /// An operator that the server does not know, with a good certificate below the same CI.
    Stranger,
    /// The usual caller with a certificate that is wrong in one thing.
    Wrong(ClientDefect),
}

impl Caller {
    /// Whether the server has to turn it away before it hears what it wants.
    pub fn is_to_be_turned_away(self) -> bool {
        matches!(self, Self::Nobody | Self::Stranger | Self::Wrong(_))
    }
}

/// As what follows "by".
impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usual => f.write_str("the usual caller"),
            Self::Other => f.write_str("another caller"),
            Self::Smds => f.write_str("an Alternative SM-DS"),
            Self::Nobody => f.write_str("somebody who shows no certificate"),
            Self::Stranger => f.write_str("an operator that the server does not know"),
            Self::Wrong(defect) => write!(f, "a caller whose certificate is wrong: {}", defect.what()),
        }
    }
}
