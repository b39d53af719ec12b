//! How attempts end that do not succeed.

use std::{fmt, io};

use protocol::status::Refusal;
use wire::transport::TransportError;

/// Why an attempt did not succeed. Attempts are counted by what is told of it, so it has no more in it than tells one kind from
/// another.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Ending {
    /// 503.
    Busy {
        /// Whether the answer said when to come back (Retry-After).
        retry_after: bool,
    },
    /// Another HTTP status than 200, or 204 for a notification (SGP.22 §6.3).
    Status(u16),
    /// The server did not execute the function (SGP.22 §6.5.1.4).
    Refused {
        /// What it is about, dotted.
        subject: String,
        /// What is wrong with it, dotted.
        reason: String,
    },
    /// The same without a code.
    RefusedWithoutCode,
    /// The same as the ASN.1 binding says it: with a number of the function's.
    RefusedInAsn1(i64),
    /// A refusal that is not like those before, of which there have been too many kinds already.
    RefusedOtherwise,
    /// An answer that is not one to this function.
    Unreadable,
    /// A certificate of the server in which an eUICC does not find what it has to answer with.
    ServerCertificate,
    /// An answer that is longer than is read.
    TooLong,
    /// Nobody listens, or there is no way there.
    NotConnected,
    /// This process may open no more connections, or this machine has no more ports: no business of the server's.
    NoRoomHere,
    /// The TLS handshake failed.
    NoTls,
    /// The connection broke.
    Broken,
    /// No answer in time.
    TimedOut,
    /// The eUICC could not compute its answer.
    Euicc,
    /// It was due while the run was on, but every connection was taken until its end.
    NotBegun,
    /// The run was stopped before it ended.
    Interrupted,
}

impl Ending {
    /// Whether the server said that it has too much to do.
    pub fn is_busy(&self) -> bool {
        matches!(self, Self::Busy { .. })
    }

    /// With the code that the server gave, as much of it as a code has.
    pub(super) fn refused(subject: &str, reason: &str) -> Self {
        const LENGTH: usize = 32;
        let [subject, reason] = [subject, reason].map(|code| code.chars().take(LENGTH).collect());
        Self::Refused { subject, reason }
    }

    /// Whether there may be any number of its kind, as the server likes.
    pub(super) fn is_of_many(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::RefusedInAsn1(_))
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy { retry_after: true } => f.write_str("busy"),
            Self::Busy { retry_after: false } => f.write_str("busy without Retry-After"),
            Self::Status(status) => write!(f, "HTTP status {status}"),
            Self::Refused { subject, reason } => write!(f, "refused {subject}/{reason}"),
            Self::RefusedWithoutCode => f.write_str("refused without a code"),
            Self::RefusedInAsn1(number) => write!(f, "refused with error {number}"),
            Self::RefusedOtherwise => f.write_str("refused otherwise"),
            Self::Unreadable => f.write_str("unreadable answer"),
            Self::ServerCertificate => f.write_str("server certificate"),
            Self::TooLong => f.write_str("answer too long"),
            Self::NotConnected => f.write_str("not connected"),
            Self::NoRoomHere => f.write_str(NO_ROOM_HERE),
            Self::NoTls => f.write_str("no TLS"),
            Self::Broken => f.write_str("connection broken"),
            Self::TimedOut => f.write_str("no answer in time"),
            Self::Euicc => f.write_str("eUICC failed"),
            Self::NotBegun => f.write_str("not begun"),
            Self::Interrupted => f.write_str("interrupted"),
        }
    }
}

/// What [`Ending::NoRoomHere`] is called in results.
pub(super) const NO_ROOM_HERE: &str = "no room here";

/// An attempt that did not succeed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    /// How it ended.
    pub ending: Ending,
    /// What is known beyond that, of which only the first of a kind is told; may be empty.
    pub why: String,
}

impl Ending {
    /// With what is known beyond it.
    pub(super) fn because(self, why: impl fmt::Display) -> Failure {
        Failure { ending: self, why: why.to_string() }
    }
}

impl From<Ending> for Failure {
    fn from(ending: Ending) -> Self {
        Self { ending, why: String::new() }
    }
}

impl From<TransportError> for Failure {
    fn from(error: TransportError) -> Self {
        let ending = match &error {
            TransportError::Connect { why, .. } if is_no_room(why) => Ending::NoRoomHere,
            TransportError::Connect { .. } | TransportError::Address { .. } => Ending::NotConnected,
            TransportError::Tls { .. } => Ending::NoTls,
            TransportError::Broken { .. } => Ending::Broken,
            TransportError::TimedOut { .. } => Ending::TimedOut,
            TransportError::TooLarge { .. } => Ending::TooLong,
        };
        ending.because(error)
    }
}

/// Of a server that is reached without HTTP.
impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Ending::refused(refusal.code.subject, refusal.code.reason).because(refusal.message)
    }
}

/// No descriptor, or no port of our own.
#[cfg(unix)]
fn is_no_room(why: &io::Error) -> bool {
    use rustix::io::Errno;
    let limits = [Errno::MFILE, Errno::NFILE, Errno::ADDRNOTAVAIL];
    why.raw_os_error().is_some_and(|number| limits.map(Errno::raw_os_error).contains(&number))
}

#[cfg(not(unix))]
fn is_no_room(why: &io::Error) -> bool {
    why.kind() == io::ErrorKind::AddrNotAvailable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn limits_of_this_machine_are_not_those_of_the_server() {
        use rustix::io::Errno;
        let of = |errno: Errno| {
            let why = io::Error::from_raw_os_error(errno.raw_os_error());
            let address = "smdp.example.com".parse().unwrap();
            Failure::from(TransportError::Connect { address, why }).ending
        };
        for errno in [Errno::MFILE, Errno::NFILE, Errno::ADDRNOTAVAIL] {
            assert_eq!(of(errno), Ending::NoRoomHere, "{errno}");
        }
        assert_eq!(of(Errno::CONNREFUSED), Ending::NotConnected);
        assert_eq!(Ending::NoRoomHere.to_string(), NO_ROOM_HERE);
    }

    #[test]
    fn of_a_code_only_as_much_is_kept_as_a_code_has() {
        let long = "8.".repeat(500);
        assert_eq!(Ending::refused("8.2.6", "3.8").to_string(), "refused 8.2.6/3.8");
        assert!(Ending::refused(&long, &long).to_string().len() < 80);
    }
}
