//! What is asked of an LPA in a situation.

use std::fmt;
use std::time::Duration;

use asn1::CancelSessionReason;
use protocol::es9plus::Function;

use super::situation::Server;

/// What has to be seen in the log of a case. All of a case's expectations have to be met; the first that is not says why the
/// case failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Expectation {
    /// A connection to this server is begun. Not to begin one is no answer to the question, so a case without it is blocked.
    Comes(Server),
    /// The function is called at this server; a case in which it is not called is blocked.
    Reaches(Server, Function),
    /// This server gets no request.
    SendsNothing(Server),
    /// No request comes during this act, counted from 0.
    IdleDuring(usize),
    /// Some request comes during this act, counted from 0; a case without it is blocked.
    BusyDuring(usize),
    /// These functions of the SM-DP+ are called, each once, in this order, and no others.
    Calls(&'static [Function]),
    /// The function is not called at the SM-DP+.
    Never(Function),
    /// The function is called no more often than sessions are opened.
    OncePerSession(Function),
    /// The function is called at the SM-DP+, but not before so much time after the answer to its first call.
    WaitsBefore(Function, Duration),
    /// A profile is installed, and the SM-DP+ is told.
    Installs,
    /// So many profiles are installed, and the SM-DP+ is told.
    InstallsSeveral(usize),
    /// No profile is installed, as far as the SM-DP+ is told.
    InstallsNothing,
    /// The SM-DP+ is told that the installation failed.
    ReportsFailure,
    /// The session is ended at the SM-DP+ with one of these reasons, signed by the eUICC.
    Cancels(&'static [CancelSessionReason]),
    /// The same, or the SM-DP+ is told what the eUICC made of the package.
    CancelsOrReports(&'static [CancelSessionReason]),
    /// Every request keeps this rule.
    Every(Rule),
    /// InitiateAuthentication names the server that it goes to.
    NamesServer,
    /// The MatchingID is this one.
    Sends(MatchingId),
    /// deviceInfo is coded as it should be.
    DeviceInfo,
    /// The hash of the confirmation code is there and right.
    ConfirmationCodeHash,
    /// Each session begins with an euiccChallenge of its own, and there are two at least.
    NewSession,
    /// ClientHello offers a cipher suite and the signature algorithm of SGP.22 §2.6.6.
    OffersTls,
    /// What the eUICC tells comes as the eUICC signed it.
    DeliversAsSigned,
    /// Each notification is delivered once.
    DeliversOnce,
    /// A notification that was not acknowledged is delivered again, unchanged, by an act after that.
    DeliversAgain,
    /// Notifications for one server come in the order of their numbers, and there are two at least.
    DeliversInOrder,
    /// No notification is sent before the one before it was answered, and there are two at least.
    DeliversOneByOne,
    /// A notification comes to this server.
    DeliversTo(Server),
    /// The SM-DP+ is asked for the events in the order in which they were told, by their EventIDs.
    FollowsEvents,
    /// The second server is asked for the event that the SM-DS told, then the SM-DP+ for the one that the second server told.
    FollowsAlternative,
}

/// What a single request has to keep.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    /// SGP.22 §6.2.
    UserAgent,
    /// SGP.22 §6.2.
    AdminProtocol,
    /// SGP.22 §6.2.
    ContentType,
    /// SGP.22 §6.2, §6.5.2, §6.6.1.
    Path,
    /// SGP.22 §6.5.1.1, JSON only.
    NoHeader,
    /// SGP.22 §6.5.2, JSON only.
    Members,
    /// SGP.22 §6.5.2, JSON only.
    Base64,
    /// SGP.22 §6.5.2, JSON only.
    TransactionId,
    /// SGP.22 §6.5, JSON only.
    Escapes,
}

impl Rule {
    /// Whether it says nothing about requests in the ASN.1 binding.
    pub fn is_of_json(self) -> bool {
        match self {
            Self::UserAgent | Self::AdminProtocol | Self::ContentType | Self::Path => false,
            Self::NoHeader | Self::Members | Self::Base64 | Self::TransactionId | Self::Escapes => true,
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::UserAgent => "has User-Agent: gsma-rsp-lpad or gsma-rsp-lpae",
            Self::AdminProtocol => "has X-Admin-Protocol: gsma/rsp/v<x.y.z>",
            Self::ContentType => "has the Content-Type of its binding",
            Self::Path => "is a POST to the path of a function",
            Self::NoHeader => "is without a header member",
            Self::Members => "has the members of its function, as texts",
            Self::Base64 => "has its binary members in base64, padded, in one line",
            Self::TransactionId => "has its transactionId in upper-case hexadecimal digits",
            Self::Escapes => "escapes nothing in its texts that need not be escaped",
        })
    }
}

/// A MatchingID.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MatchingId {
    /// The token of the activation code.
    Token,
    /// None, or an empty one.
    None,
    /// Present and empty.
    Empty,
}

impl fmt::Display for MatchingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Token => "the token of the activation code, unchanged",
            Self::None => "empty or absent",
            Self::Empty => "there, and empty",
        })
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Comes(server) => write!(f, "the LPA connects to {server}"),
            Self::Reaches(server, function) => write!(f, "the LPA calls {} at {server}", function.name()),
            Self::SendsNothing(server) => write!(f, "the LPA sends no request to {server}"),
            Self::IdleDuring(act) => write!(f, "the LPA sends nothing during act {}", act + 1),
            Self::BusyDuring(act) => write!(f, "the LPA sends a request during act {}", act + 1),
            Self::Calls(functions) => {
                let names: Vec<_> = functions.iter().map(|function| function.name()).collect();
                write!(f, "the LPA calls {}, and nothing else", names.join(", "))
            }
            Self::Never(function) => write!(f, "the LPA does not call {}", function.name()),
            Self::OncePerSession(function) => {
                write!(f, "the LPA calls {} once in a session at most", function.name())
            }
            Self::WaitsBefore(function, time) => {
                let seconds = time.as_secs();
                write!(f, "the LPA does not call {} again within {seconds} seconds", function.name())
            }
            Self::Installs => f.write_str("the profile is installed, and the SM-DP+ is told"),
            Self::InstallsSeveral(count) => {
                write!(f, "{count} profiles are installed, and the SM-DP+ is told")
            }
            Self::InstallsNothing => f.write_str("no profile is installed"),
            Self::ReportsFailure => f.write_str("the SM-DP+ is told that the installation failed"),
            Self::Cancels(reasons) => {
                write!(f, "the LPA calls cancelSession with {}", listed(reasons))
            }
            Self::CancelsOrReports(reasons) => {
                let reasons = listed(reasons);
                write!(f, "the LPA calls cancelSession with {reasons}, or reports that the eUICC refused")
            }
            Self::Every(rule) => write!(f, "every request {rule}"),
            Self::NamesServer => f.write_str("smdpAddress is the address of the server that is asked"),
            Self::Sends(matching_id) => write!(f, "matchingId is {matching_id}"),
            Self::DeviceInfo => f.write_str("deviceInfo is coded as SGP.22 §4.2 has it"),
            Self::ConfirmationCodeHash => {
                f.write_str("hashCc is SHA-256(SHA-256(confirmation code) ‖ transactionId)")
            }
            Self::NewSession => f.write_str("the second attempt begins with a new euiccChallenge"),
            Self::OffersTls => f.write_str("ClientHello offers what SGP.22 §2.6.6 asks for"),
            Self::DeliversAsSigned => f.write_str("the notification arrives as the eUICC signed it"),
            Self::DeliversOnce => f.write_str("each notification is sent once"),
            Self::DeliversAgain => {
                f.write_str("the notification that was not acknowledged is sent again, unchanged")
            }
            Self::DeliversInOrder => f.write_str("the notifications come lowest number first"),
            Self::DeliversOneByOne => f.write_str("no notification is sent before the last one was answered"),
            Self::DeliversTo(server) => write!(f, "a notification comes to {server}"),
            Self::FollowsEvents => f.write_str("the SM-DP+ is asked for each event, in the order told"),
            Self::FollowsAlternative => {
                f.write_str("the Alternative SM-DS is asked for its event, then the SM-DP+ for its profile")
            }
        }
    }
}

fn listed(reasons: &[CancelSessionReason]) -> String {
    let names: Vec<_> = reasons.iter().map(ToString::to_string).collect();
    names.join(" or ")
}
