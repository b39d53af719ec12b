//! Answers of a server that are no success, or an unusual one (SGP.22 §6.1, §6.3, §6.5.1).

use std::time::Duration;

use protocol::es9plus::Function as Es9Plus;
use wire::fault::AnswerFault;

use super::{must, procedure, should};
use crate::case::Function;
use crate::lpa::case::Case;
use crate::lpa::expectation::Expectation::{Installs, Never, Reaches, SendsNothing, WaitsBefore};
use crate::lpa::situation::{Deed, Server, Situation, Twist};

const TLS: Function = procedure("Answer", "6.1");
const STATUS: Function = procedure("Answer", "6.3");
const JSON: Function = procedure("Answer", "6.5.1.2");
const EXECUTION: Function = procedure("Answer", "6.5.1.4");
const RETRY_AFTER: Duration = Duration::from_secs(wire::fault::RETRY_AFTER as u64);

const fn every(function: Es9Plus, fault: AnswerFault) -> Twist {
    Twist::every(function, Deed::Answers(fault))
}

const fn all_the_same(twists: &'static [Twist]) -> Situation {
    Situation { twists, ..Situation::GOOD }
}

const OPENING: Es9Plus = Es9Plus::InitiateAuthentication;
const CLIENT: Es9Plus = Es9Plus::AuthenticateClient;
const PACKAGE: Es9Plus = Es9Plus::GetBoundProfilePackage;

pub(super) const CASES: &[Case] = &[
    Case {
        head: must(TLS, 1, "A redirection to a server without TLS is not followed").tagged(&["http", "tls"]),
        situation: Situation::twisted(&[Twist::every(OPENING, Deed::RedirectsWithoutTls)]),
        expected: &[Reaches(Server::Smdp, OPENING), SendsNothing(Server::WithoutTls), Never(CLIENT)],
    },
    Case {
        head: must(STATUS, 1, "500 with a page of HTML is no success").tagged(&["http", "error"]),
        situation: Situation::twisted(&[every(CLIENT, AnswerFault::InternalErrorHtml)]),
        expected: &[Never(PACKAGE)],
    },
    Case {
        head: should(STATUS, 2, "After 503 the LPA waits as long as Retry-After says")
            .tagged(&["http", "retry"]),
        situation: Situation::twisted(&[every(OPENING, AnswerFault::Unavailable)]),
        expected: &[WaitsBefore(OPENING, RETRY_AFTER), Never(CLIENT)],
    },
    Case {
        head: must(STATUS, 3, "204 where a body is due is no success").tagged(&["http", "error"]),
        situation: Situation::twisted(&[every(CLIENT, AnswerFault::NoContent)]),
        expected: &[Never(PACKAGE)],
    },
    Case {
        head: should(STATUS, 4, "An answer that takes three seconds is waited for").tagged(&["http", "slow"]),
        situation: all_the_same(&[every(PACKAGE, AnswerFault::Slow(Duration::from_secs(3)))]),
        expected: &[Installs],
    },
    Case {
        head: must(STATUS, 5, "An answer in many small pieces is put together").tagged(&["http"]),
        situation: all_the_same(&[every(PACKAGE, AnswerFault::Chunked)]),
        expected: &[Installs],
    },
    Case {
        head: must(JSON, 1, "200 with an empty body is no success").tagged(&["json", "error"]),
        situation: Situation::twisted(&[every(CLIENT, AnswerFault::EmptyOk)]),
        expected: &[Never(PACKAGE)],
    },
    Case {
        head: must(JSON, 2, "An answer without its header is no success").tagged(&["json", "error"]),
        situation: Situation::twisted(&[every(CLIENT, AnswerFault::NoHeader)]),
        expected: &[Never(PACKAGE)],
    },
    Case {
        head: should(JSON, 3, "Members that the LPA does not know are ignored").tagged(&["json"]),
        situation: all_the_same(&[
            every(OPENING, AnswerFault::UnknownMembers),
            every(CLIENT, AnswerFault::UnknownMembers),
            every(PACKAGE, AnswerFault::UnknownMembers),
        ]),
        expected: &[Installs],
    },
    Case {
        head: should(JSON, 4, "Base64 that is wrapped in lines is read").tagged(&["json"]),
        situation: all_the_same(&[
            every(OPENING, AnswerFault::WrappedBase64),
            every(CLIENT, AnswerFault::WrappedBase64),
            every(PACKAGE, AnswerFault::WrappedBase64),
        ]),
        expected: &[Installs],
    },
    Case {
        head: must(JSON, 5, "Base64 that is none stops the procedure").tagged(&["json", "error"]),
        situation: Situation::twisted(&[every(OPENING, AnswerFault::BadBase64)]),
        expected: &[Never(CLIENT)],
    },
    Case {
        head: must(EXECUTION, 1, "Failed without statusCodeData is a failure, and survived")
            .tagged(&["json", "error"]),
        situation: Situation::twisted(&[every(CLIENT, AnswerFault::NoStatusCodeData)]),
        expected: &[Never(PACKAGE)],
    },
    Case {
        head: must(EXECUTION, 2, "Expired is a failure").tagged(&["json", "error"]),
        situation: Situation::twisted(&[every(CLIENT, AnswerFault::Expired)]),
        expected: &[Never(PACKAGE)],
    },
    Case {
        head: must(EXECUTION, 3, "Executed-WithWarning is a success").tagged(&["json"]),
        situation: all_the_same(&[every(CLIENT, AnswerFault::ExecutedWithWarning)]),
        expected: &[Installs],
    },
];
