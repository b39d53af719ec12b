//! Why a command failed (3GPP TS 27.007 §9.2).

/// Why a command failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Failure {
    /// No such command, or it is written wrongly: `ERROR`, whatever `+CMEE` says (V.250 §5.7.1).
    Unknown,
    /// Not possible now.
    NotAllowed,
    /// The card does not do that.
    NotSupported,
    /// The PIN has to be presented first.
    SimPin,
    /// The PIN is blocked.
    SimPuk,
    /// The card says nothing, or nothing that makes sense.
    Sim,
    /// A wrong PIN or PUK.
    IncorrectPassword,
    /// The card has no free channel.
    MemoryFull,
    /// No such session.
    InvalidIndex,
    /// No such application or file.
    NotFound,
    /// Text that is no hexadecimal number.
    InvalidCharacters,
    /// A parameter is missing, too much, or has a value that is not allowed.
    IncorrectParameters,
}

impl Failure {
    /// Its number and its text; none for what is no error of the equipment.
    pub fn of_equipment(self) -> Option<(u16, &'static str)> {
        Some(match self {
            Self::Unknown => return None,
            Self::NotAllowed => (3, "operation not allowed"),
            Self::NotSupported => (4, "operation not supported"),
            Self::SimPin => (11, "SIM PIN required"),
            Self::SimPuk => (12, "SIM PUK required"),
            Self::Sim => (13, "SIM failure"),
            Self::IncorrectPassword => (16, "incorrect password"),
            Self::MemoryFull => (20, "memory full"),
            Self::InvalidIndex => (21, "invalid index"),
            Self::NotFound => (22, "not found"),
            Self::InvalidCharacters => (25, "invalid characters in text string"),
            Self::IncorrectParameters => (50, "Incorrect parameters"),
        })
    }

    /// What a response of the card that is no success means for whoever asked the modem.
    pub fn of_card(response: &[u8]) -> Self {
        match response.last_chunk::<2>() {
            None => Self::Sim,
            Some([0x69, 0x82]) => Self::SimPin,
            Some([0x69, 0x83]) => Self::SimPuk,
            Some([0x6A, 0x82]) => Self::NotFound,
            Some([0x69, _]) => Self::NotAllowed,
            Some([0x68 | 0x6A | 0x6D | 0x6E, _]) => Self::NotSupported,
            Some(_) => Self::Sim,
        }
    }
}
