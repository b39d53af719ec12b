//! One SM-DS is asked (SGP.22 §3.6.2 steps 1 to 3, §5.8).

use asn1::AuthenticateErrorCode;
use certs::Role;
use lpa::Blame;
use lpa::authentication::{Failure, Mismatch, ServerKind};
use lpa::discovery::RetrievalError;
use lpa::download::Step;
use protocol::es9plus::Function;
use protocol::status::StatusCode;
use protocol::trace::{Verdict, What};

use crate::common::Answer;
use crate::lab::{Lab, ROOT};
use crate::network::{Fault, Network};
use crate::server::Lie;

const EVENT: (&str, &str) = ("EV-1", "smdp.example");

/// A root with one event, that lies.
fn liar(lie: Lie) -> Lab {
    Lab::new(Network::default().lying_smds(ROOT, &[("", &[EVENT])], lie))
}

fn refused(mut lab: Lab) -> (RetrievalError<Fault>, Lab) {
    (*lab.retrieve(None).unwrap_err(), lab)
}

#[test]
fn an_sm_ds_is_asked_for_all_events_with_an_empty_matching_id() {
    let mut lab = Lab::new(Network::default().smds(ROOT, &[("", &[EVENT])]));
    let events = lab.retrieve(None).unwrap();
    let [event] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((event.event_id.as_str(), event.rsp_server_address.as_str()), EVENT);
    assert_eq!(event.path, [ROOT.parse().unwrap()]);
    let asked = [format!("{ROOT} initiateAuthentication "), format!("{ROOT} authenticateClient ")];
    assert_eq!(lab.network.log(), asked);
    let steps = [
        Step::OpenEuiccSession,
        Step::InitiateAuthenticationEs11,
        Step::AuthenticateServer,
        Step::AuthenticateClientEs11,
    ];
    assert_eq!(lab.user.steps, steps);
}

#[test]
fn an_sm_ds_is_asked_for_one_event_with_its_event_id() {
    let mut lab = Lab::new(Network::default().smds(ROOT, &[("", &[]), ("EV-2", &[EVENT])]));
    assert_eq!(lab.retrieve(Some("EV-2")).unwrap().len(), 1);
    assert_eq!(lab.network.log().last().unwrap(), &format!("{ROOT} authenticateClient EV-2"));
}

#[test]
fn no_event_is_an_answer_too() {
    let mut lab = Lab::new(Network::default().smds(ROOT, &[("", &[])]));
    assert_eq!(lab.retrieve(None).unwrap(), []);
}

#[test]
fn a_hundred_events_keep_the_order_of_the_server() {
    // An order that no sorting makes.
    let ids: Vec<String> = (0..100).map(|n| format!("EV-{}", n * 37 % 100)).collect();
    let told: Vec<(&str, &str)> = ids.iter().map(|id| (id.as_str(), "smdp.example")).collect();
    let mut lab = Lab::new(Network::default().smds(ROOT, &[("", &told)]));
    let events = lab.retrieve(None).unwrap();
    assert!(events.iter().map(|event| &event.event_id).eq(&ids));
}

#[test]
fn whatever_an_event_says_it_is_shown_as_it_came() {
    let nonsense = [("", ""), ("a\nb", "https://smdp.example/x"), ("EV", "smdp.example:0")];
    let mut lab = Lab::new(Network::default().smds(ROOT, &[("", &nonsense)]));
    let events = lab.retrieve(None).unwrap();
    let told: Vec<_> = events.iter().map(|e| (e.event_id.as_str(), e.rsp_server_address.as_str())).collect();
    assert_eq!(told, nonsense);
}

#[test]
fn an_sm_ds_that_the_euicc_does_not_believe_hears_nothing_more() {
    for (lie, code) in [
        (Lie::Signature, AuthenticateErrorCode::INVALID_SIGNATURE),
        (Lie::Challenge, AuthenticateErrorCode::EUICC_CHALLENGE_MISMATCH),
        (Lie::OtherCi, AuthenticateErrorCode::CI_PK_UNKNOWN),
    ] {
        let (error, lab) = refused(liar(lie));
        let Failure::AuthenticateServer(found) = error.failure else { panic!("{error}") };
        assert_eq!((found, error.step), (code, Step::AuthenticateServer), "{lie:?}");
        assert_eq!(lab.network.log().len(), 1, "{lie:?}");
    }
}

#[test]
fn an_sm_ds_that_the_lpa_does_not_believe_does_not_reach_the_euicc() {
    let expected = ServerKind::Smds;
    for (lie, mismatch) in [
        (Lie::TransactionIdSigned, None),
        (
            Lie::Address,
            Some(Mismatch::ServerAddress {
                expected: ROOT.to_owned(),
                found: "elsewhere.example".to_owned(),
            }),
        ),
        (Lie::CiToBeUsed, Some(Mismatch::CiPkId(crate::common::ci().to_string()))),
        // SGP.22 §3.6.2 step 1: the certificate is CERT.DSauth. The eUICC would take either (SGP.22 §5.7.13).
        (Lie::Role(Role::DpAuth), Some(Mismatch::ServerKind { expected, found: ServerKind::Smdp })),
        (Lie::Role(Role::DpPb), Some(Mismatch::Role(Some(Role::DpPb)))),
        (Lie::Role(Role::DsTls), Some(Mismatch::Role(Some(Role::DsTls)))),
        (Lie::Role(Role::Euicc), Some(Mismatch::Role(Some(Role::Euicc)))),
    ] {
        let (error, lab) = refused(liar(lie));
        assert_eq!((error.step, error.blame()), (Step::InitiateAuthenticationEs11, Blame::Server), "{lie:?}");
        let Failure::ServerAnswer { function: Function::InitiateAuthentication, mismatch: found } =
            error.failure
        else {
            panic!("{lie:?}: {error}")
        };
        match mismatch {
            Some(mismatch) => assert_eq!(found, mismatch),
            None => assert!(matches!(found, Mismatch::TransactionId { .. }), "{found}"),
        }
        assert!(lab.card.received(0xBF38).is_empty(), "{lie:?}");
    }
}

#[test]
fn an_answer_for_another_session_tells_no_events() {
    let (error, _) = refused(liar(Lie::TransactionIdAnswered));
    assert_eq!((error.step, error.blame()), (Step::AuthenticateClientEs11, Blame::Server));
    let Failure::ServerAnswer { function: Function::AuthenticateClient, mismatch } = error.failure else {
        panic!("{error}")
    };
    assert!(matches!(mismatch, Mismatch::TransactionId { .. }), "{mismatch}");
}

#[test]
fn an_sm_ds_that_falls_silent_or_refuses_is_named_with_the_function() {
    for (silent_at, function) in [
        ("initiateAuthentication", Function::InitiateAuthentication),
        ("authenticateClient", Function::AuthenticateClient),
    ] {
        let network = Network::default().smds(ROOT, &[("", &[EVENT])]).silent(ROOT, silent_at);
        let (error, _) = refused(Lab::new(network));
        let Failure::Server { function: found, error: Fault::Gone } = error.failure else {
            panic!("{error}")
        };
        assert_eq!(found, function);
    }
    let mut lab = Lab::new(Network::default().smds(ROOT, &[("", &[EVENT])]));
    let error = lab.retrieve(Some("EV-UNKNOWN")).unwrap_err();
    let Failure::Server { error: Fault::Refused(refusal), .. } = error.failure else { panic!("{error}") };
    assert_eq!(refusal.code, StatusCode::EVENT_UNKNOWN);
}

#[test]
fn the_session_ends_without_a_cancellation_and_the_next_one_has_a_new_challenge() {
    // SGP.22 §5.8 has no CancelSession; §5.7.7 discards what is left.
    let network = Network::default().smds(ROOT, &[("", &[EVENT])]).silent(ROOT, "authenticateClient");
    let mut lab = Lab::new(network);
    lab.retrieve(None).unwrap_err();
    lab.network = Network::default().smds(ROOT, &[("", &[EVENT])]);
    assert_eq!(lab.retrieve(None).unwrap().len(), 1);
    assert!(lab.card.received(0xBF41).is_empty());
    assert_eq!(lab.card.received(0xBF2E).len(), 2);
}

#[test]
fn a_card_that_is_pulled_out_is_blamed_on_the_connection() {
    let mut lab = Lab::new(Network::default().smds(ROOT, &[("", &[EVENT])]));
    lab.card.set(0xBF38, [Answer::Gone]);
    let error = lab.retrieve(None).unwrap_err();
    assert_eq!((error.step, error.blame()), (Step::AuthenticateServer, Blame::CardConnection));
}

#[test]
fn what_is_traced_is_tied_to_the_session_and_to_none_afterwards() {
    let mut lab = liar(Lie::Role(Role::DpAuth));
    lab.retrieve(None).unwrap_err();
    let events = lab.trace.0.lock().unwrap();
    let refused = events.iter().find_map(|event| match &event.what {
        What::Check { section, subject, verdict: Verdict::Refused, .. } => {
            Some((*section, subject.as_str(), event.ids.transaction_id.as_deref()))
        }
        _ => None,
    });
    let transaction_id = Some("0101010101010101");
    assert_eq!(refused, Some(("SGP.22 §3.6.2", "serverCertificate is CERT.DSauth", transaction_id)));
    drop(events);

    lab.trace.0.lock().unwrap().clear();
    lab.retrieve(None).unwrap_err();
    let events = lab.trace.0.lock().unwrap();
    assert_eq!(events.first().unwrap().ids.transaction_id, None);
}
