//! What a case puts an LPA into: what its user does, what waits for it, and what the servers do that it meets.

use std::fmt;

use protocol::bpp::defect::PackageDefect;
use protocol::es9plus::Function;
use protocol::status::StatusCode;
use wire::fault::AnswerFault;

use crate::pki::TlsDefect;

/// A server that the judge plays.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Server {
    /// The one that activation codes name.
    Smdp,
    /// The root SM-DS.
    Smds,
    /// Another one: an Alternative SM-DS, or an SM-DP+ that is to be told of an installation.
    Second,
    /// One that speaks HTTP without TLS, so none that an LPA may talk to.
    WithoutTls,
}

impl Server {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Smdp, Self::Smds, Self::Second, Self::WithoutTls];
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Smdp => "the SM-DP+",
            Self::Smds => "the SM-DS",
            Self::Second => "the second server",
            Self::WithoutTls => "the server without TLS",
        })
    }
}

/// What the user says to an offer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum User {
    /// Yes.
    Agrees,
    /// No.
    Rejects,
    /// Not now.
    Postpones,
    /// Nothing, until the LPA loses patience.
    DoesNotAnswer,
}

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Agrees => "agrees to what is offered",
            Self::Rejects => "rejects what is offered",
            Self::Postpones => "postpones the download",
            Self::DoesNotAnswer => "does not answer",
        })
    }
}

/// How an activation code is written (SGP.22 §4.1).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Code {
    /// Format, address and token.
    Plain,
    /// With the OID of the SM-DP+.
    Oid,
    /// With the OID of another SM-DP+.
    OtherOid,
    /// With the flag that a confirmation code is required.
    ConfirmationCode,
    /// Of the unknown format 2.
    Format2,
    /// With an element that this version does not know behind the others.
    MoreElements,
    /// With the address in upper case, as QR codes like it.
    UpperCase,
    /// With an empty token.
    EmptyToken,
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Plain => "an activation code",
            Self::Oid => "an activation code with the OID of the SM-DP+",
            Self::OtherOid => "an activation code with the OID of another SM-DP+",
            Self::ConfirmationCode => "an activation code with the confirmation code flag",
            Self::Format2 => "an activation code of format 2",
            Self::MoreElements => "an activation code with an element too many",
            Self::UpperCase => "an activation code with the address in upper case",
            Self::EmptyToken => "an activation code with an empty token",
        })
    }
}

/// What the LPA is made to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Act {
    /// The user enters an activation code, and decides.
    Download(Code, User),
    /// The user wants what waits at the default SM-DP+ of the card, and agrees.
    DownloadFromDefault,
    /// The user wants what waits at the SM-DS, and agrees.
    Discover,
    /// The LPA delivers what the card has to tell. Nothing is done where it does so by itself after an installation.
    Deliver,
    /// The same once more, on demand.
    DeliverAgain,
}

/// An activation code, and a user who agrees.
pub const DOWNLOAD: Act = Act::Download(Code::Plain, User::Agrees);

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Download(code, user) => write!(f, "the user enters {code} and {user}"),
            Self::DownloadFromDefault => {
                f.write_str("the user asks the default SM-DP+ of the card and agrees")
            }
            Self::Discover => f.write_str("the user asks the SM-DS and agrees"),
            Self::Deliver => f.write_str("the LPA delivers the notifications of the card"),
            Self::DeliverAgain => f.write_str("the LPA delivers the notifications of the card once more"),
        }
    }
}

/// The profile that waits at the SM-DP+.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Order {
    /// Whether the SM-DP+ asks for a confirmation code.
    pub confirmation_code: bool,
    /// Whether the offered metadata has a Profile Policy Rule (PPR2).
    pub policy_rule: bool,
    /// Who besides the SM-DP+ is to be told of the installation, by the metadata.
    pub announced_to: Option<Server>,
    /// Whether it is protected with keys of its own (SGP.22 §2.5.3).
    pub protection_keys: bool,
    /// Whether its metadata has an icon of 1024 bytes, so that it needs several '88'.
    pub icon: bool,
}

impl Order {
    /// A profile that asks for nothing.
    pub const PLAIN: Self = Self {
        confirmation_code: false,
        policy_rule: false,
        announced_to: None,
        protection_keys: false,
        icon: false,
    };
}

/// What is particular about an order, in words that follow "waits a profile".
impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a profile waits at the SM-DP+")?;
        if self.confirmation_code {
            f.write_str(", which asks for a confirmation code")?;
        }
        if self.policy_rule {
            f.write_str(", with a Profile Policy Rule that the card does not allow")?;
        }
        if let Some(server) = self.announced_to {
            write!(f, ", whose installation is to be announced to {server}")?;
        }
        if self.protection_keys {
            f.write_str(", protected with keys of its own")?;
        }
        if self.icon {
            f.write_str(", with a large icon")?;
        }
        Ok(())
    }
}

/// What the SM-DS tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    /// A profile at the SM-DP+.
    Profile,
    /// A profile that the SM-DP+ knows nothing of.
    UnknownProfile,
    /// The second server is an Alternative SM-DS, and tells of a profile at the SM-DP+.
    Alternative,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Profile => "a profile at the SM-DP+",
            Self::UnknownProfile => "a profile that the SM-DP+ does not know",
            Self::Alternative => "an event at an Alternative SM-DS, which tells of a profile at the SM-DP+",
        })
    }
}

/// Which calls of a function are answered otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Times {
    /// The first of the case.
    First,
    /// Every one.
    Every,
}

/// What a server does otherwise than it should.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deed {
    /// The answer is wrong, or awkward, as HTTP or JSON.
    Answers(AnswerFault),
    /// The answer is a redirection to [`Server::WithoutTls`].
    RedirectsWithoutTls,
    /// The function is not executed.
    Refuses(StatusCode),
    /// serverSigned1 names another server.
    NamesAnotherAddress,
    /// serverSignature1 is wrong.
    SignsWrongly,
    /// The Bound Profile Package is wrong, or legal and awkward.
    Binds(PackageDefect),
    /// The metadata in the package has a Profile Policy Rule that was not offered.
    AddsPolicyRule,
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answers(fault) => {
                write!(f, "gives an answer that is not as usual: {}", fault.description())
            }
            Self::RedirectsWithoutTls => f.write_str("redirects to a server without TLS"),
            Self::Refuses(code) => write!(f, "refuses with {code}: {}", code.meaning),
            Self::NamesAnotherAddress => f.write_str("signs another serverAddress than it was asked for"),
            Self::SignsWrongly => f.write_str("sends a serverSignature1 that does not verify"),
            Self::Binds(defect) => write!(f, "binds a package in which {}", defect.description()),
            Self::AddsPolicyRule => {
                f.write_str("binds a package whose metadata has a Profile Policy Rule that was not offered")
            }
        }
    }
}

/// A deed at its place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Twist {
    /// Who does it.
    pub server: Server,
    /// In answer to which function.
    pub function: Function,
    /// How often.
    pub times: Times,
    /// What.
    pub deed: Deed,
}

impl Twist {
    /// The SM-DP+ does it whenever the function is called.
    pub const fn every(function: Function, deed: Deed) -> Self {
        Self { server: Server::Smdp, function, times: Times::Every, deed }
    }

    /// The SM-DP+ does it once.
    pub const fn first(function: Function, deed: Deed) -> Self {
        Self { times: Times::First, ..Self::every(function, deed) }
    }

    /// The same at another server.
    #[must_use]
    pub const fn at(self, server: Server) -> Self {
        Self { server, ..self }
    }
}

impl fmt::Display for Twist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { server, function, times, deed } = self;
        let times = match times {
            Times::First => "the first",
            Times::Every => "every",
        };
        write!(f, "{server}, at {times} {}, {deed}", function.name())
    }
}

/// What a case puts an LPA into.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Situation {
    /// What the LPA is made to do, in order.
    pub acts: &'static [Act],
    /// What waits at the SM-DP+.
    pub order: Order,
    /// What the SM-DS tells, in order.
    pub events: &'static [Event],
    /// What is wrong with the TLS certificate of the SM-DP+.
    pub tls: Option<TlsDefect>,
    /// What the servers do otherwise than they should.
    pub twists: &'static [Twist],
}

impl Situation {
    /// A profile waits, the user wants it, and all goes well.
    pub const GOOD: Self =
        Self { acts: &[DOWNLOAD, Act::Deliver], order: Order::PLAIN, events: &[], tls: None, twists: &[] };

    /// The same, one download without what may follow, with servers that do otherwise.
    pub const fn twisted(twists: &'static [Twist]) -> Self {
        Self { acts: &[DOWNLOAD], twists, ..Self::GOOD }
    }

    /// One sentence for each thing.
    pub fn steps(&self) -> Vec<String> {
        let mut steps = Vec::new();
        if self.order != Order::PLAIN {
            steps.push(self.order.to_string());
        }
        match self.events {
            [] if self.acts.contains(&Act::Discover) => steps.push("the SM-DS has no event".to_owned()),
            events => steps.extend(events.iter().map(|event| format!("the SM-DS tells of {event}"))),
        }
        steps.extend(
            self.tls.map(|defect| {
                format!("TLS certificate of the SM-DP+: {}", defect.what().trim_end_matches('.'))
            }),
        );
        steps.extend(self.twists.iter().map(ToString::to_string));
        steps.extend(self.acts.iter().map(ToString::to_string));
        steps
    }
}
