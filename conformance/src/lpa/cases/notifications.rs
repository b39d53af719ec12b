//! Notifications (SGP.22 §3.5).

use std::time::Duration;

use protocol::es9plus::Function as Es9Plus;
use wire::fault::AnswerFault;

use super::{must, procedure, should};
use crate::case::Function;
use crate::lpa::case::Case;
use crate::lpa::expectation::Expectation::{
    DeliversAgain, DeliversAsSigned, DeliversInOrder, DeliversOnce, DeliversOneByOne, DeliversTo,
};
use crate::lpa::situation::{Act, DOWNLOAD, Deed, Order, Server, Situation, Twist};

const NOTIFICATIONS: Function = procedure("Notifications", "3.5");
const TAGS: &[&str] = &["notification"];
const RETRY: &[&str] = &["notification", "retry"];

const fn handling(fault: AnswerFault) -> Twist {
    Twist::first(Es9Plus::HandleNotification, Deed::Answers(fault))
}

/// An installation that is to be told to this server besides the one that the profile came from.
const fn announced(server: Server) -> Situation {
    Situation { order: Order { announced_to: Some(server), ..Order::PLAIN }, ..Situation::GOOD }
}

const TWICE: &[Act] = &[DOWNLOAD, Act::Deliver, Act::DeliverAgain];

pub(super) const CASES: &[Case] = &[
    Case::of_good(
        must(NOTIFICATIONS, 1, "What the eUICC has to tell arrives as the eUICC signed it").tagged(TAGS),
        &[DeliversAsSigned],
    ),
    Case {
        head: must(NOTIFICATIONS, 2, "A notification that was acknowledged is removed from the eUICC")
            .tagged(RETRY),
        situation: Situation { acts: TWICE, ..Situation::GOOD },
        expected: &[DeliversOnce],
    },
    // A SHOULD, since SGP.22 §3.5 has it sent "on a best-effort basis" and §6.3 leaves it open when. What §3.5 demands, that it
    // is not removed unacknowledged, shows in nothing else.
    Case {
        head: should(
            NOTIFICATIONS,
            3,
            "A notification that was answered with 500 is kept, and sent again later",
        )
        .tagged(RETRY),
        situation: Situation {
            acts: TWICE,
            twists: &[handling(AnswerFault::InternalErrorHtml)],
            ..Situation::GOOD
        },
        expected: &[DeliversAgain],
    },
    Case {
        head: must(NOTIFICATIONS, 4, "Notifications for one server come in the order of their numbers")
            .tagged(TAGS),
        situation: announced(Server::Smdp),
        expected: &[DeliversInOrder],
    },
    Case {
        head: must(NOTIFICATIONS, 5, "A notification waits until the one before it is answered").tagged(TAGS),
        situation: Situation {
            twists: &[handling(AnswerFault::Slow(Duration::from_secs(1)))],
            ..announced(Server::Smdp)
        },
        expected: &[DeliversOneByOne],
    },
    Case {
        head: must(NOTIFICATIONS, 6, "A notification goes to the address that stands in it").tagged(TAGS),
        situation: announced(Server::Second),
        expected: &[DeliversTo(Server::Smdp), DeliversTo(Server::Second)],
    },
    Case {
        head: should(
            NOTIFICATIONS,
            7,
            "A server that does not take its notifications keeps those of other servers from nothing",
        )
        .tagged(RETRY),
        situation: Situation {
            twists: &[Twist::every(
                Es9Plus::HandleNotification,
                Deed::Answers(AnswerFault::InternalErrorHtml),
            )],
            ..announced(Server::Second)
        },
        expected: &[DeliversTo(Server::Second)],
    },
];
