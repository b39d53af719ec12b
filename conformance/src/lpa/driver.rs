//! How the LPA under test is made to act.

use std::fmt;
use std::time::Duration;

use protocol::types::ServerAddress;

use super::situation::{Act, Code, Situation, User};

/// Something that an LPA has to be brought to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ability {
    /// Download by activation code, with a user who agrees.
    Download,
    /// The same with a user who rejects.
    Reject,
    /// The same with a user who postpones.
    Postpone,
    /// The same with a user who says nothing.
    DoNotAnswer,
    /// Enter a confirmation code.
    ConfirmationCode,
    /// Download from the default SM-DP+ of the card.
    Default,
    /// Ask an SM-DS.
    Discover,
    /// Deliver notifications on demand.
    Deliver,
}

/// Follows "needs a way to".
impl fmt::Display for Ability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Download => "download by activation code",
            Self::Reject => "have the user reject the offer",
            Self::Postpone => "have the user postpone the download",
            Self::DoNotAnswer => "have the user not answer",
            Self::ConfirmationCode => "enter a confirmation code",
            Self::Default => "download from the default SM-DP+ of the card",
            Self::Discover => "ask the SM-DS",
            Self::Deliver => "deliver notifications on demand",
        })
    }
}

impl Act {
    /// What it takes; `None` for what an LPA may do by itself.
    pub fn ability(self) -> Option<Ability> {
        match self {
            Self::Download(_, User::Agrees) => Some(Ability::Download),
            Self::Download(_, User::Rejects) => Some(Ability::Reject),
            Self::Download(_, User::Postpones) => Some(Ability::Postpone),
            Self::Download(_, User::DoesNotAnswer) => Some(Ability::DoNotAnswer),
            Self::DownloadFromDefault => Some(Ability::Default),
            Self::Discover => Some(Ability::Discover),
            Self::Deliver => None,
            Self::DeliverAgain => Some(Ability::Deliver),
        }
    }
}

impl Situation {
    /// All that it takes.
    pub fn needs(&self) -> Vec<Ability> {
        let mut needs: Vec<Ability> = Vec::new();
        let code = self.order.confirmation_code
            || self.acts.iter().any(|act| matches!(act, Act::Download(Code::ConfirmationCode, _)));
        let abilities = self.acts.iter().filter_map(|act| act.ability());
        for ability in abilities.chain(code.then_some(Ability::ConfirmationCode)) {
            if !needs.contains(&ability) {
                needs.push(ability);
            }
        }
        needs
    }
}

/// One act, with what it takes.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The name of the case.
    pub case: String,
    /// What is to be done.
    pub act: Act,
    /// The activation code, with `LPA:` in front, where one is entered.
    pub activation_code: Option<String>,
    /// What the user enters where the LPA asks for a confirmation code; every order has one.
    pub confirmation_code: String,
    /// The default SM-DP+ that the card is expected to name.
    pub default_smdp: ServerAddress,
    /// The SM-DS to ask.
    pub smds: ServerAddress,
    /// How long it may take.
    pub patience: Duration,
}

/// How an act ended, as far as it can be seen from outside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ended {
    /// The LPA did its work, or gave up.
    InOrder,
    /// Nobody can tell: a human was asked.
    Unknown,
    /// The LPA fell over.
    Crashed(String),
    /// The LPA was still at it when the time was over.
    TimedOut,
    /// The LPA could not be started. The fault is that of the set-up.
    NotStarted(String),
    /// There was nothing to be done: the LPA does it by itself.
    ByItself,
}

/// What makes the LPA under test act: a command, a human, a test.
pub trait Driver: Send {
    /// Whether it can bring the LPA to do something.
    ///
    /// # Errors
    /// Why not, in words.
    fn offers(&self, ability: Ability) -> Result<(), String>;

    /// Has the LPA do it, and returns when it is done.
    fn act(&mut self, asked: &Asked) -> impl Future<Output = Ended> + Send;
}
