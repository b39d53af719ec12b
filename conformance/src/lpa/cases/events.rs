//! Event retrieval (SGP.22 §3.6.2) over ES11.

use protocol::es9plus::Function as Es9Plus;

use super::{must, procedure};
use crate::case::Function;
use crate::lpa::case::Case;
use crate::lpa::expectation::Expectation::{
    FollowsAlternative, FollowsEvents, InstallsSeveral, Reaches, Sends, SendsNothing,
};
use crate::lpa::expectation::MatchingId;
use crate::lpa::situation::{Act, Event, Server, Situation};

const RETRIEVAL: Function = procedure("EventRetrieval", "3.6.2");
const TAGS: &[&str] = &["smds"];

const fn told(events: &'static [Event]) -> Situation {
    Situation { acts: &[Act::Discover, Act::Deliver], events, ..Situation::GOOD }
}

pub(super) const CASES: &[Case] = &[
    Case {
        head: must(RETRIEVAL, 1, "Whoever asks for all events sends an empty MatchingID").tagged(TAGS),
        situation: told(&[]),
        expected: &[Sends(MatchingId::None)],
    },
    Case {
        head: must(RETRIEVAL, 2, "Without an event no SM-DP+ is asked").tagged(TAGS),
        situation: told(&[]),
        expected: &[
            Reaches(Server::Smds, Es9Plus::AuthenticateClient),
            SendsNothing(Server::Smdp),
            SendsNothing(Server::Second),
        ],
    },
    Case {
        head: must(
            RETRIEVAL,
            3,
            "Events are processed in the order told, each with its EventID as MatchingID",
        )
        .tagged(TAGS),
        situation: told(&[Event::Profile, Event::Profile]),
        expected: &[FollowsEvents, InstallsSeveral(2)],
    },
    Case {
        head: must(
            RETRIEVAL,
            4,
            "An event that comes to nothing does not keep the next from being processed",
        )
        .tagged(TAGS),
        situation: told(&[Event::UnknownProfile, Event::Profile]),
        expected: &[FollowsEvents, InstallsSeveral(1)],
    },
    Case {
        head: must(RETRIEVAL, 5, "An event at an Alternative SM-DS is followed to the SM-DP+").tagged(TAGS),
        situation: told(&[Event::Alternative]),
        expected: &[FollowsAlternative, InstallsSeveral(1)],
    },
];
