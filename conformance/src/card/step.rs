//! What is done in a case, one step after the other.

use std::fmt;

use super::package::Package;
use super::profile::{Form, Slot};
use super::request::Request;
use super::uicc::{Challenge, Exchange};

/// A step of a case.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// The card is reset and its ISD-R selected again.
    Reset,
    /// A command that has to succeed, or the case is blocked.
    Do(Request),
    /// A command whose answer is judged.
    Ask(Request),
    /// An APDU whose answer is judged: what it is, and its bytes in hexadecimal, on the channel of the ISD-R.
    AskApdu(&'static str, &'static str),
    /// SELECT of an application, the answer of which is judged: what it is, and its AID in hexadecimal.
    AskSelect(&'static str, &'static str),
    /// The channel to the ISD-R is closed, and what comes after goes to it all the same.
    CloseChannel,
    /// From here on STORE DATA blocks have so many bytes.
    Blocks(u8),
    /// From here on STORE DATA comes without Le.
    WithoutLe,
    /// The terminal tells that it fetches proactive commands.
    TerminalProfile,
    /// GetEUICCChallenge and AuthenticateServer.
    Authenticate,
    /// The same and PrepareDownload.
    Prepare,
    /// The package is bound; nothing is sent.
    Bind(Package),
    /// A whole download that has to succeed.
    Install(Slot, Form),
    /// The same; then the profile is enabled and the card reset, as before a phone uses it.
    Use(Slot, Form),
    /// A command of the phone whose answer is judged at once.
    Exchange(Exchange),
    /// A challenge of the network of profile A whose answer is judged at once.
    Challenge(Challenge),
    /// What notifications there are by now is remembered.
    NoteNotifications,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reset => f.write_str("reset the card"),
            Self::Do(request) | Self::Ask(request) => request.fmt(f),
            Self::AskApdu(what, hex) => write!(f, "{what} ({hex})"),
            Self::AskSelect(what, _) => write!(f, "SELECT {what}"),
            Self::CloseChannel => f.write_str("close the logical channel"),
            Self::Blocks(1) => f.write_str("send blocks of one byte from here on"),
            Self::Blocks(size) => write!(f, "send blocks of {size} bytes from here on"),
            Self::WithoutLe => f.write_str("send STORE DATA without Le from here on"),
            Self::TerminalProfile => f.write_str("TERMINAL PROFILE of a terminal that fetches"),
            Self::Authenticate => f.write_str("authenticate a server"),
            Self::Prepare => f.write_str("authenticate a server and prepare a download"),
            Self::Bind(package) => write!(f, "bind {package}"),
            Self::Install(slot, form) => write!(f, "install {slot} ({form})"),
            Self::Use(slot, form) => write!(f, "install {slot} ({form}), enable it and reset the card"),
            Self::Exchange(exchange) => exchange.fmt(f),
            Self::Challenge(challenge) => challenge.fmt(f),
            Self::NoteNotifications => f.write_str("note the pending notifications"),
        }
    }
}
