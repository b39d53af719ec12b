//! What an SM-DS told is processed (SGP.22 §3.6.2 step 4, §3.1.3 option b).

use asn1::{AuthenticateErrorCode, BppCommandId, ErrorReason};
use certs::Role;
use lpa::authentication::{Failure, Mismatch};
use lpa::discovery::{Discovery, EventError, MAX_EVENTS, MAX_SMDS, MalformedEvent, Outcome, RetrievalError};
use lpa::download::{self, CancelOutcome, Decision, Declined, Step};
use lpa::{Blame, IsdR, Options};
use protocol::status::StatusCode;

use crate::common::{self, Answer};
use crate::lab::{Discovered, Lab, ROOT, device};
use crate::network::{Fault, Network};
use crate::server::Lie;

/// A root that tells these events, and an SM-DP+ `smdp.example` with the profiles `one`, `two` and `three`.
fn lab(told: &[(&str, &str)]) -> Lab {
    Lab::new(network(told))
}

fn network(told: &[(&str, &str)]) -> Network {
    let profiles = [("EV-1", "one"), ("EV-2", "two"), ("EV-3", "three")];
    Network::default().smds(ROOT, &[("", told)]).smdp("smdp.example", &profiles)
}

/// The second of three events fails, and does not keep the others from being downloaded.
#[track_caller]
fn fails_alone(mut lab: Lab) -> (EventError<Fault>, Lab) {
    let Discovered { mut processed, stopped, .. } = lab.discover();
    assert!(stopped.is_none());
    assert_eq!(lab.user.offered.first().map(String::as_str), Some("one"));
    assert_eq!(lab.user.offered.last().map(String::as_str), Some("three"));
    assert_eq!(processed.len(), 3);
    for good in [0, 2] {
        assert!(matches!(processed[good].outcome, Outcome::Downloaded(_)), "{processed:?}");
    }
    let second = processed.remove(1).outcome;
    assert!(second.is_failure());
    let Outcome::Failed(error) = second else { panic!("{second:?}") };
    (*error, lab)
}

const GOOD_BAD_GOOD: [(&str, &str); 3] =
    [("EV-1", "smdp.example"), ("EV-BAD", "bad.example"), ("EV-3", "smdp.example")];

#[test]
fn every_event_is_downloaded_in_the_order_of_the_server() {
    let mut lab = lab(&[("EV-3", "smdp.example"), ("EV-1", "smdp.example"), ("EV-2", "smdp.example")]);
    let found = lab.discover();
    let lines = [
        "root.smds.example>smdp.example EV-3: three",
        "root.smds.example>smdp.example EV-1: one",
        "root.smds.example>smdp.example EV-2: two",
    ];
    assert_eq!(found.lines(), lines);
    assert!(found.processed.iter().all(|event| !event.outcome.is_failure()));
    assert_eq!(found.discovery.waiting().len(), 0);
    // SGP.22 §3.1.3 step 2: the EventID is the MatchingID.
    let asked = lab.network.log();
    let asked: Vec<_> = asked.iter().filter(|line| line.contains("authenticateClient")).collect();
    assert_eq!(
        asked[1..],
        [
            "smdp.example authenticateClient EV-3",
            "smdp.example authenticateClient EV-1",
            "smdp.example authenticateClient EV-2",
        ]
    );
    assert_eq!(lab.card.received(0xBF2E).len(), 4, "each session has its own challenge");
}

#[test]
fn without_events_there_is_nothing_to_do() {
    let mut lab = lab(&[]);
    assert!(lab.discover().processed.is_empty());
    assert_eq!(lab.network.contacted(), [ROOT]);
}

#[test]
fn a_hundred_events_are_processed_one_after_the_other() {
    let ids: Vec<String> = (0..100).map(|n| format!("EV-{}", n * 37 % 100)).collect();
    let told: Vec<_> = ids.iter().map(|id| (id.as_str(), "smdp.example")).collect();
    let profiles: Vec<_> = ids.iter().map(|id| (id.as_str(), "profile")).collect();
    let network = Network::default().smds(ROOT, &[("", &told)]).smdp("smdp.example", &profiles);
    let found = Lab::new(network).discover();
    assert!(found.processed.iter().all(|event| matches!(event.outcome, Outcome::Downloaded(_))));
    assert!(found.processed.iter().map(|event| &event.event.event_id).eq(&ids));
}

#[test]
fn an_alternative_is_asked_for_the_event_id_of_the_root_and_its_events_come_before_the_next() {
    let network = network(&[("EV-A2", "alternative.example"), ("EV-3", "smdp.example")])
        .smds("alternative.example", &[("EV-A2", &[("EV-2", "smdp.example"), ("EV-1", "smdp.example")])]);
    let mut lab = Lab::new(network);
    let found = lab.discover();
    let lines = [
        "root.smds.example>alternative.example EV-A2: 2 more",
        "root.smds.example>alternative.example>smdp.example EV-2: two",
        "root.smds.example>alternative.example>smdp.example EV-1: one",
        "root.smds.example>smdp.example EV-3: three",
    ];
    assert_eq!(found.lines(), lines);
    assert!(lab.network.log().contains(&"alternative.example authenticateClient EV-A2".to_owned()));
}

#[test]
fn nobody_is_asked_twice_for_the_same_event() {
    // The alternative leads back to itself, to the root, and to what was there before, in other words.
    let back = [
        ("EV-A", "ALTERNATIVE.example:443"),
        ("EV-R", ROOT),
        ("EV-1", "smdp.example"),
        ("ev-1", "smdp.example"),
    ];
    let network = Network::default()
        .smds(
            ROOT,
            &[
                ("", &[("EV-1", "smdp.example"), ("EV-A", "alternative.example")]),
                ("EV-R", &[("EV-A", "alternative.example")]),
            ],
        )
        .smds("alternative.example", &[("EV-A", &back)])
        .smdp("smdp.example", &[("EV-1", "one"), ("ev-1", "another")]);
    let mut lab = Lab::new(network);
    let lines = [
        "root.smds.example>smdp.example EV-1: one",
        "root.smds.example>alternative.example EV-A: 4 more",
        "root.smds.example>alternative.example>ALTERNATIVE.example:443 EV-A: seen before",
        "root.smds.example>alternative.example>root.smds.example EV-R: 1 more",
        "root.smds.example>alternative.example>root.smds.example>alternative.example EV-A: seen before",
        "root.smds.example>alternative.example>smdp.example EV-1: seen before",
        // An EventID is compared as it is.
        "root.smds.example>alternative.example>smdp.example ev-1: another",
    ];
    assert_eq!(lab.discover().lines(), lines);
    let contacted = [ROOT, "smdp.example", "alternative.example", ROOT, "smdp.example"];
    assert_eq!(lab.network.contacted(), contacted);
}

#[test]
fn a_chain_of_sm_dss_is_cut_off_and_the_other_events_go_on() {
    // Each step has a new EventID, so that no step was there before.
    let mut network = network(&[("EV-CHAIN-1", "sm-ds-1.example"), ("EV-1", "smdp.example")]);
    for n in 1..10 {
        let (asked, told) = (format!("EV-CHAIN-{n}"), format!("EV-CHAIN-{}", n + 1));
        let next = format!("sm-ds-{}.example", n + 1);
        network = network.smds(&format!("sm-ds-{n}.example"), &[(&asked, &[(&told, &next)])]);
    }
    let mut lab = Lab::new(network);
    let found = lab.discover();
    let (deep, last) = (&found.processed[MAX_SMDS - 1], found.processed.last().unwrap());
    assert!(matches!(deep.outcome, Outcome::TooDeep) && deep.outcome.is_failure());
    assert_eq!((deep.event.path.len(), found.processed.len()), (MAX_SMDS, MAX_SMDS + 1));
    assert!(matches!(last.outcome, Outcome::Downloaded(_)));
    // It was seen to be an SM-DS, and not asked for its events.
    let cut_off = format!("sm-ds-{MAX_SMDS}.example authenticateClient EV-CHAIN-{MAX_SMDS}");
    assert!(!lab.network.log().contains(&cut_off));
}

#[test]
fn an_sm_dp_beyond_as_many_sm_dss_as_there_may_be_is_reached() {
    let mut network = network(&[("EV-CHAIN-1", "sm-ds-1.example")]);
    for n in 1..MAX_SMDS {
        let (asked, told) = (format!("EV-CHAIN-{n}"), format!("EV-CHAIN-{}", n + 1));
        let next = format!("sm-ds-{}.example", n + 1);
        let told = if n + 1 == MAX_SMDS { ("EV-1", "smdp.example") } else { (told.as_str(), next.as_str()) };
        network = network.smds(&format!("sm-ds-{n}.example"), &[(&asked, &[told])]);
    }
    let found = Lab::new(network).discover();
    assert!(matches!(found.processed.last().unwrap().outcome, Outcome::Downloaded(_)), "{:?}", found.lines());
}

#[test]
fn more_events_than_one_discovery_takes_are_left_out_and_counted() {
    let ids: Vec<String> = (0..MAX_EVENTS - 1).map(|n| format!("EV-{n}")).collect();
    let mut told = vec![("EV-A", "alternative.example")];
    told.extend(ids.iter().map(|id| (id.as_str(), "nobody.example")));
    let more = [("EV-1", "smdp.example"), ("EV-2", "smdp.example")];
    let network = network(&told[..MAX_EVENTS - 1]).smds("alternative.example", &[("EV-A", &more)]);
    let mut lab = Lab::new(network);
    let found = lab.discover();
    assert_eq!((found.processed.len(), found.discovery.left_out()), (MAX_EVENTS, 1));
    let Outcome::Followed(followed) = &found.processed[0].outcome else { panic!("{:?}", found.processed[0]) };
    assert_eq!(followed.len(), 1, "there was room for one more");
    assert_eq!(lab.user.offered, ["one"]);
}

#[test]
fn a_server_that_is_gone_fails_alone() {
    let (error, _) = fails_alone(lab(&GOOD_BAD_GOOD));
    let EventError::Retrieval(RetrievalError { step, failure }) = error else { panic!("{error}") };
    assert_eq!(step, Step::InitiateAuthentication);
    assert!(matches!(failure, Failure::Server { error: Fault::Gone, .. }));
}

#[test]
fn an_sm_dp_that_knows_of_no_order_fails_alone() {
    // 8.2.6/3.8
    let (error, lab) = fails_alone(Lab::new(network(&GOOD_BAD_GOOD).smdp("bad.example", &[])));
    assert_eq!(error.blame(), Blame::Server);
    let EventError::Download(error) = error else { panic!("{error}") };
    let download::Failure::Server { error: Fault::Refused(refusal), .. } = &error.failure else {
        panic!("{error}")
    };
    assert_eq!(refusal.code, StatusCode::MATCHING_ID_REFUSED);
    // As in any other download, the eUICC is told that the session is over.
    assert!(matches!(error.cancellation.as_ref().unwrap().outcome, CancelOutcome::EuiccOnly));
    assert_eq!(lab.card.received(0xBF41).len(), 1);
}

#[test]
fn an_alternative_that_knows_of_no_event_fails_alone() {
    // 8.9.5/3.9
    let (error, lab) = fails_alone(Lab::new(network(&GOOD_BAD_GOOD).smds("bad.example", &[("", &[])])));
    let EventError::Retrieval(RetrievalError { step, failure }) = error else { panic!("{error}") };
    assert_eq!(step, Step::AuthenticateClientEs11);
    let Failure::Server { error: Fault::Refused(refusal), .. } = failure else { panic!("{failure}") };
    assert_eq!(refusal.code, StatusCode::EVENT_UNKNOWN);
    assert!(lab.card.received(0xBF41).is_empty());
}

#[test]
fn a_malformed_address_or_event_id_fails_alone_and_nobody_is_asked() {
    let long = "x".repeat(256);
    for (event_id, address, is_address) in [
        ("EV-2", "", true),
        ("EV-2", "https://smdp.example/", true),
        ("EV-2", "smdp example", true),
        ("EV-2", "smdp.example:0", true),
        ("EV-2", "smdp.example:99999", true),
        ("EV-2", "smdp.example\r\nHost: other", true),
        ("EV-2", "ü.example", true),
        ("EV-2", long.as_str(), true),
        // An empty one would ask for what nobody registered.
        ("", "smdp.example", false),
        ("EV\n2", "smdp.example", false),
        (long.as_str(), "smdp.example", false),
    ] {
        let told = [("EV-1", "smdp.example"), (event_id, address), ("EV-3", "smdp.example")];
        let (error, lab) = fails_alone(lab(&told));
        let EventError::Malformed(malformed) = error else { panic!("{error}") };
        assert_eq!(matches!(malformed, MalformedEvent::Address(_)), is_address, "{malformed}");
        assert_eq!(lab.network.contacted(), [ROOT, "smdp.example", "smdp.example"]);
    }
}

#[test]
fn a_server_of_a_third_kind_fails_alone() {
    for role in [Role::DpPb, Role::DpTls, Role::DsTls, Role::Euicc] {
        let bad = network(&GOOD_BAD_GOOD).lying_smdp("bad.example", &[("EV-BAD", "bad")], Lie::Role(role));
        let (error, lab) = fails_alone(Lab::new(bad));
        let EventError::Retrieval(RetrievalError { failure, .. }) = error else { panic!("{error}") };
        let Failure::ServerAnswer { mismatch: Mismatch::Role(found), .. } = failure else {
            panic!("{failure}")
        };
        assert_eq!(found, Some(role));
        assert_eq!(lab.card.received(0xBF38).len(), 3, "the eUICC is not bothered with it");
    }
}

#[test]
fn a_forged_server_fails_alone() {
    for (lie, by_euicc) in [
        (Lie::Signature, Some(AuthenticateErrorCode::INVALID_SIGNATURE)),
        (Lie::Challenge, Some(AuthenticateErrorCode::EUICC_CHALLENGE_MISMATCH)),
        (Lie::OtherCi, Some(AuthenticateErrorCode::CI_PK_UNKNOWN)),
        (Lie::Address, None),
        (Lie::TransactionIdSigned, None),
        (Lie::TransactionIdAnswered, None),
        (Lie::CiToBeUsed, None),
    ] {
        let more: &[(&str, &str)] = &[("EV-2", "smdp.example")];
        let smds = network(&GOOD_BAD_GOOD).lying_smds("bad.example", &[("EV-BAD", more)], lie);
        let (error, _) = fails_alone(Lab::new(smds));
        let EventError::Retrieval(RetrievalError { failure, .. }) = error else { panic!("{lie:?}: {error}") };
        match by_euicc {
            Some(code) => assert!(matches!(failure, Failure::AuthenticateServer(found) if found == code)),
            None => assert!(matches!(failure, Failure::ServerAnswer { .. }), "{lie:?}: {failure}"),
        }

        let smdp = network(&GOOD_BAD_GOOD).lying_smdp("bad.example", &[("EV-BAD", "bad")], lie);
        let (_, lab) = fails_alone(Lab::new(smdp));
        assert_eq!(lab.user.offered, ["one", "three"], "{lie:?}");
    }
}

#[test]
fn a_profile_that_is_not_the_one_offered_fails_alone() {
    let smdp = network(&GOOD_BAD_GOOD).lying_smdp("bad.example", &[("EV-BAD", "bad")], Lie::Metadata);
    let (error, lab) = fails_alone(Lab::new(smdp));
    let EventError::Download(error) = error else { panic!("{error}") };
    assert!(matches!(error.failure, download::Failure::MetadataChanged));
    assert!(lab.network.log().contains(&"bad.example cancelSession ".to_owned()));
}

#[test]
fn a_profile_that_the_euicc_does_not_install_fails_alone() {
    let mut lab = lab(&[("EV-1", "smdp.example"), ("EV-2", "smdp.example"), ("EV-3", "smdp.example")]);
    let error = common::error_result(BppCommandId::LOAD_PROFILE_ELEMENTS, ErrorReason::PPR_NOT_ALLOWED);
    let silence = || Answer::Data(Vec::new());
    let result = |result| Answer::Data(common::installation_result(result));
    lab.card.set(
        0x86,
        [silence(), result(common::success()), result(error), silence(), result(common::success())],
    );
    let (error, _) = fails_alone(lab);
    let EventError::Download(error) = error else { panic!("{error}") };
    assert!(matches!(error.failure, download::Failure::Installation { .. }));
}

#[test]
fn what_a_server_sends_and_the_euicc_chokes_on_fails_alone() {
    // By a status word or an answer that is none: it may be the doing of the server.
    for choke in [Answer::Status(0x6A80), Answer::Data(vec![0xBF, 0x38, 0x00])] {
        let told: &[(&str, &str)] = &[("EV-2", "smdp.example")];
        let smdp = network(&GOOD_BAD_GOOD).smdp("bad.example", &[("EV-BAD", "bad")]);
        let smds = network(&GOOD_BAD_GOOD).smds("bad.example", &[("EV-BAD", told)]);
        for network in [smdp, smds] {
            let mut lab = Lab::new(network);
            let mut brain = lab.card.brain.take().unwrap();
            let (mut sessions, choke) = (0, choke.clone());
            lab.card.brain = Some(Box::new(move |object| {
                let answer = brain(object);
                let authenticates = common::tag_of(object) == 0xBF38;
                sessions += usize::from(authenticates);
                // After the root and the first event.
                if authenticates && sessions == 3 { Some(choke.clone()) } else { answer }
            }));
            let (error, _) = fails_alone(lab);
            assert_eq!(error.blame(), Blame::Euicc);
        }
    }
}

#[test]
fn a_user_who_does_not_want_one_profile_is_offered_the_next() {
    for (decision, expected) in [
        (Decision::Reject, Declined::Rejected),
        (Decision::Postpone, Declined::Postponed),
        (Decision::TimedOut, Declined::TimedOut),
    ] {
        let mut lab = lab(&[("EV-1", "smdp.example"), ("EV-2", "smdp.example"), ("EV-3", "smdp.example")]);
        lab.user.declines = vec![("two", decision)];
        let found = lab.discover();
        assert_eq!(lab.user.offered, ["one", "two", "three"]);
        let second = &found.processed[1].outcome;
        assert!(second.is_failure());
        let Outcome::Declined { declined, cancellation: Some(cancellation) } = second else {
            panic!("{second:?}")
        };
        assert_eq!(*declined, expected);
        assert!(matches!(cancellation.outcome, CancelOutcome::Complete));
        assert!(matches!(found.processed[2].outcome, Outcome::Downloaded(_)));
    }
}

#[test]
fn a_card_that_is_pulled_out_ends_the_discovery_wherever_it_happens() {
    // EUICCInfo1 and the challenge are nobody's doing but the card's; later only its silence is.
    for (tag, answer, step) in [
        (0xBF20, Answer::Gone, Step::OpenEuiccSession),
        (0xBF2E, Answer::Status(0x6F00), Step::OpenEuiccSession),
        (0xBF38, Answer::Gone, Step::AuthenticateServer),
        (0xBF21, Answer::Gone, Step::PrepareDownload),
        (0x88, Answer::Gone, Step::LoadBoundProfilePackage),
    ] {
        let mut lab = lab(&[("EV-1", "smdp.example"), ("EV-2", "smdp.example")]);
        let mut brain = lab.card.brain.take().unwrap();
        let (mut opened, mut out) = (0, false);
        lab.card.brain = Some(Box::new(move |object| {
            let found = common::tag_of(object);
            opened += usize::from(found == 0xBF20);
            // The session with the root goes well; once out, a card stays out.
            out |= opened > 1 && found == tag;
            if out { Some(answer.clone()) } else { brain(object) }
        }));
        let found = lab.discover();
        assert!(found.processed.is_empty());
        let stopped = found.stopped.unwrap();
        assert_eq!(stopped.event.event_id, "EV-1");
        let found_step = match &stopped.error {
            EventError::Retrieval(error) => error.step,
            EventError::Download(error) => error.step,
            EventError::Malformed(error) => panic!("{error}"),
        };
        assert_eq!(found_step, step);
        let waiting: Vec<_> = found.discovery.waiting().map(|event| event.event_id.as_str()).collect();
        assert_eq!(waiting, ["EV-2"], "it was not looked at");
    }
}

#[test]
fn a_discovery_can_run_on_any_thread() {
    fn is_send<T: Send>(_: &T) {}
    let mut lab = lab(&[("EV-1", "smdp.example")]);
    let tracer = lab.tracer();
    let mut isd_r = IsdR::open(&mut lab.card, Options::default(), tracer).unwrap();
    let start = Discovery::start(&mut isd_r, &lab.network, ROOT.parse().unwrap(), device(), &mut lab.user);
    is_send(&start);
    let mut discovery = common::run(start).unwrap();
    let next = discovery.next(&mut isd_r, &lab.network, &mut lab.user);
    is_send(&next);
    assert!(common::run(next).unwrap().is_some());
}
