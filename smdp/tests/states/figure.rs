//! The table of transitions against the figure of the specification, written down here once more.

use smdp::domain::Event::{self, *};
use smdp::domain::{ProfileState, TRANSITIONS};

/// SGP.22 §3.1.6, figure 15 and the text of §5.3.3 and §5.3.4: each arrow, with the events that stand at it.
const ARROWS: [(&str, &[Event], &str); 24] = [
    ("Available", &[DownloadOrder], "Allocated"),
    ("Available", &[DownloadOrderForEid], "Linked"),
    ("Allocated", &[ConfirmOrder], "Confirmed"),
    ("Allocated", &[ConfirmAndRelease], "Released"),
    ("Linked", &[ConfirmOrder], "Confirmed"),
    ("Linked", &[ConfirmAndRelease], "Released"),
    ("Confirmed", &[ReleaseProfile], "Released"),
    ("Released", &[ReleaseProfile], "Released"),
    ("Released", &[PackageDelivered], "Downloaded"),
    ("Downloaded", &[PackageDelivered], "Downloaded"),
    ("Downloaded", &[InstallationSucceeded], "Installed"),
    ("Downloaded", &[InstallationFailed, RebindingRefused], "Error"),
    (
        "Released",
        &[EligibilityFailed, ConfirmationCodeAttemptsExceeded, DownloadAttemptsExceeded, SessionCancelled],
        "Error",
    ),
    (
        "Downloaded",
        &[EligibilityFailed, ConfirmationCodeAttemptsExceeded, DownloadAttemptsExceeded, SessionCancelled],
        "Error",
    ),
    ("Allocated", &[CancelToAvailable], "Available"),
    ("Allocated", &[CancelToUnavailable], "Unavailable"),
    ("Linked", &[CancelToAvailable], "Available"),
    ("Linked", &[CancelToUnavailable], "Unavailable"),
    ("Confirmed", &[CancelToAvailable], "Available"),
    ("Confirmed", &[CancelToUnavailable], "Unavailable"),
    ("Released", &[CancelToAvailable], "Available"),
    ("Released", &[CancelToUnavailable], "Unavailable"),
    ("Error", &[CancelToAvailable], "Available"),
    ("Error", &[CancelToUnavailable], "Unavailable"),
];

#[test]
fn the_table_has_the_arrows_of_the_figure_and_no_other() {
    for from in ProfileState::ALL {
        for event in Event::ALL {
            let arrow =
                ARROWS.iter().find(|(state, events, _)| *state == from.name() && events.contains(&event));
            let expected = arrow.map(|(_, _, to)| *to);
            assert_eq!(from.after(event).map(ProfileState::name), expected, "{event:?} in {from}");
        }
    }
}

#[test]
fn every_row_says_its_guard_and_where_it_comes_from() {
    for row in TRANSITIONS {
        assert!(!row.guard.is_empty() && row.section.starts_with("SGP.22 §"), "{row:?}");
        assert!(!row.from.is_empty());
    }
}
