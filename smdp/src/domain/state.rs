//! The states of a profile and the one table of transitions between them (SGP.22 §3.1.6, table 6b and figure 15).

use std::fmt;
use std::str::FromStr;

/// The state of a profile at the SM-DP+ (SGP.22 §3.1.6, table 6b).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ProfileState {
    /// In the inventory.
    Available,
    /// Reserved by an order, not linked to an EID.
    Allocated,
    /// Reserved by an order, linked to an EID.
    Linked,
    /// Its MatchingID and confirmation code are set.
    Confirmed,
    /// May be downloaded.
    Released,
    /// Was handed to an LPA.
    Downloaded,
    /// The eUICC reported the installation.
    Installed,
    /// Given up: limits exceeded, rejected by the user, or not installed.
    Error,
    /// Never to be used again.
    Unavailable,
}

impl ProfileState {
    /// Every state.
    pub const ALL: [Self; 9] = [
        Self::Available,
        Self::Allocated,
        Self::Linked,
        Self::Confirmed,
        Self::Released,
        Self::Downloaded,
        Self::Installed,
        Self::Error,
        Self::Unavailable,
    ];

    /// The name in the specification.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Available => "Available",
            Self::Allocated => "Allocated",
            Self::Linked => "Linked",
            Self::Confirmed => "Confirmed",
            Self::Released => "Released",
            Self::Downloaded => "Downloaded",
            Self::Installed => "Installed",
            Self::Error => "Error",
            Self::Unavailable => "Unavailable",
        }
    }

    /// Where an event leads from here; `None` where the table has no such transition.
    pub fn after(self, event: Event) -> Option<Self> {
        let fits = |transition: &&Transition| transition.event == event && transition.from.contains(&self);
        TRANSITIONS.iter().find(fits).map(|transition| transition.to)
    }

    /// Whether the profile belongs to an order.
    pub fn is_ordered(self) -> bool {
        !matches!(self, Self::Available | Self::Unavailable)
    }

    /// Whether the profile waits for a download.
    pub fn is_pending(self) -> bool {
        matches!(self, Self::Released | Self::Downloaded)
    }
}

impl fmt::Display for ProfileState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ProfileState {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.name() == text).ok_or(())
    }
}

/// What changes the state of a profile.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Event {
    /// ES2+.DownloadOrder without an EID.
    DownloadOrder,
    /// ES2+.DownloadOrder with an EID.
    DownloadOrderForEid,
    /// ES2+.ConfirmOrder with releaseFlag false.
    ConfirmOrder,
    /// ES2+.ConfirmOrder with releaseFlag true.
    ConfirmAndRelease,
    /// ES2+.ReleaseProfile.
    ReleaseProfile,
    /// ES9+.GetBoundProfilePackage answered with a package.
    PackageDelivered,
    /// The eUICC reported that the profile is installed.
    InstallationSucceeded,
    /// The eUICC reported that it is not.
    InstallationFailed,
    /// The profile does not suit the eUICC.
    EligibilityFailed,
    /// One download attempt too many.
    DownloadAttemptsExceeded,
    /// One wrong confirmation code too many.
    ConfirmationCodeAttemptsExceeded,
    /// ES9+.CancelSession with a reason that ends the order.
    SessionCancelled,
    /// The eUICC came back with another one-time key, and this server does not bind a profile twice.
    RebindingRefused,
    /// ES2+.CancelOrder, back to the inventory.
    CancelToAvailable,
    /// ES2+.CancelOrder, never to be used again.
    CancelToUnavailable,
}

impl Event {
    /// Every event.
    pub const ALL: [Self; 15] = [
        Self::DownloadOrder,
        Self::DownloadOrderForEid,
        Self::ConfirmOrder,
        Self::ConfirmAndRelease,
        Self::ReleaseProfile,
        Self::PackageDelivered,
        Self::InstallationSucceeded,
        Self::InstallationFailed,
        Self::EligibilityFailed,
        Self::DownloadAttemptsExceeded,
        Self::ConfirmationCodeAttemptsExceeded,
        Self::SessionCancelled,
        Self::RebindingRefused,
        Self::CancelToAvailable,
        Self::CancelToUnavailable,
    ];
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Transition {
    /// What happens.
    pub event: Event,
    /// In which states it may.
    pub from: &'static [ProfileState],
    /// Where it leads.
    pub to: ProfileState,
    /// What has to hold besides the state.
    pub guard: &'static str,
    /// Where the specification asks for it.
    pub section: &'static str,
}

/// Every transition there is. Whatever is not here leaves a profile as it is.
pub const TRANSITIONS: &[Transition] = {
    use Event as E;
    use ProfileState::{
        Allocated, Available, Confirmed, Downloaded, Error, Installed, Linked, Released, Unavailable,
    };
    const fn row(
        event: Event,
        from: &'static [ProfileState],
        to: ProfileState,
        guard: &'static str,
        section: &'static str,
    ) -> Transition {
        Transition { event, from, to, guard, section }
    }
    const PENDING: &[ProfileState] = &[Released, Downloaded];
    const CANCELLABLE: &[ProfileState] = &[Allocated, Linked, Confirmed, Released, Error];
    &[
        row(E::DownloadOrder, &[Available], Allocated, "the caller owns the profile", "SGP.22 §5.3.1"),
        row(E::DownloadOrderForEid, &[Available], Linked, "the caller owns the profile", "SGP.22 §5.3.1"),
        row(E::ConfirmOrder, &[Allocated, Linked], Confirmed, "EID and MatchingID fit", "SGP.22 §5.3.2"),
        row(E::ConfirmAndRelease, &[Allocated, Linked], Released, "EID and MatchingID fit", "SGP.22 §5.3.2"),
        row(E::ReleaseProfile, &[Confirmed, Released], Released, "the caller owns it", "SGP.22 §5.3.4"),
        row(E::PackageDelivered, PENDING, Downloaded, "the order is for this EID or none", "SGP.22 §5.6.2"),
        row(E::InstallationSucceeded, &[Downloaded], Installed, "delivered in this session", "SGP.22 §5.6.4"),
        row(E::InstallationFailed, &[Downloaded], Error, "delivered in this session", "SGP.22 §5.6.4"),
        row(E::EligibilityFailed, PENDING, Error, "PPR or memory do not suit", "SGP.22 §3.1.3 step 4"),
        row(E::DownloadAttemptsExceeded, PENDING, Error, "attempts above the limit", "SGP.22 §3.1.3 step 3"),
        row(E::ConfirmationCodeAttemptsExceeded, PENDING, Error, "tries above the limit", "SGP.22 §3.1.3.2"),
        row(E::SessionCancelled, PENDING, Error, "terminal reason, signed by the eUICC", "SGP.22 §5.6.5"),
        row(E::RebindingRefused, &[Downloaded], Error, "another otPK, no second binding", "SGP.22 §5.6.2"),
        row(E::CancelToAvailable, CANCELLABLE, Available, "EID and MatchingID fit", "SGP.22 §5.3.3"),
        row(E::CancelToUnavailable, CANCELLABLE, Unavailable, "EID and MatchingID fit", "SGP.22 §5.3.3"),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_read_back_from_its_name_and_no_other() {
        for state in ProfileState::ALL {
            assert_eq!(state.to_string().parse(), Ok(state));
        }
        for other in ["", "released", "Bound", "Released "] {
            assert_eq!(other.parse::<ProfileState>(), Err(()));
        }
    }

    #[test]
    fn no_event_leads_from_one_state_to_two() {
        for state in ProfileState::ALL {
            for event in Event::ALL {
                let rows = TRANSITIONS.iter().filter(|row| row.event == event && row.from.contains(&state));
                assert!(rows.count() <= 1, "{event:?} in {state}");
            }
        }
    }
}
