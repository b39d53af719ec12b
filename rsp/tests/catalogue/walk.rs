//! Every entry, one after the other.

use crypto::Curve;
use lpa::download::{CancelOutcome, Decision, Failure};
use protocol::es9plus::Function;
use smdp::catalogue::{Entry, Promise, entries};
use smdp::domain::ProfileState;
use smdp::faults::Fault;
use wire::es9plus::ClientError;

use crate::lab::{Lab, Outcome, Simulated};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_entry_shows_what_it_promises() {
    let lab = Lab::open().await;
    for entry in entries() {
        walk(&lab, &entry, Curve::P256).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_package_shows_what_it_promises_on_the_other_curve_too() {
    let lab = Lab::open().await;
    for entry in entries() {
        if entry.act.as_ref().is_none_or(|act| matches!(act.fault, Fault::Package(_))) {
            walk(&lab, &entry, Curve::BrainpoolP256r1).await;
        }
    }
}

async fn walk(lab: &Lab, entry: &Entry, curve: Curve) {
    let promise = entry.promise();
    let mut card = lab.card(curve);
    let decision = match promise {
        Promise::CancellationFails => Decision::Reject,
        _ => Decision::Accept,
    };
    let outcome = lab.download(entry, &mut card, decision).await;
    check(entry, promise, &outcome);
    let installed = lpa::profiles::list(&mut card).unwrap().len();
    assert_eq!(installed, usize::from(outcome.is_ok()), "{}", entry.id);
    check_notifications(lab, entry, promise, &mut card, outcome.is_ok()).await;
    // Nothing of a session is left in the eUICC: a good profile can be had at once.
    let good = entries().swap_remove(1);
    let outcome = lab.download(&good, &mut card, Decision::Accept).await;
    assert_eq!(outcome.is_ok(), entry.id != good.id || installed == 0, "{}: {outcome:?}", entry.id);
}

fn check(entry: &Entry, promise: Promise, outcome: &Outcome) {
    let id = &entry.id;
    let error = match (promise, outcome) {
        (Promise::Installed | Promise::NotifiedLate, outcome) => {
            assert!(outcome.is_ok(), "{id}: {:?}", outcome.as_ref().err());
            return;
        }
        (Promise::Open, _) => return,
        (_, Ok(_)) => panic!("{id}: installed, and not {promise:?}"),
        (_, Err(error)) => error,
    };
    let cancelled = error.cancellation.as_ref();
    let at_server = cancelled
        .is_some_and(|it| !matches!(it.outcome, CancelOutcome::EuiccOnly | CancelOutcome::EuiccRefused(_)));
    match (promise, &error.failure) {
        (Promise::Refused { function, code }, Failure::Server { function: at, error: refusal }) => {
            let ClientError::Refused { status } = refusal else { panic!("{id}: {refusal}") };
            assert!(status.is(code) && *at == function, "{id}: {refusal}");
            let Some(Fault::Refuse { message, .. }) = entry.act.as_ref().map(|act| &act.fault) else {
                panic!()
            };
            assert_eq!(&status.message, message, "{id}");
            assert!(!at_server, "{id}");
        }
        (Promise::NoAnswer { function }, Failure::Server { function: at, error: failure }) => {
            assert_eq!(*at, function, "{id}");
            assert!(!matches!(failure, ClientError::Refused { .. }), "{id}: {failure}");
            assert!(!at_server, "{id}");
        }
        (Promise::NoAnswer { function }, Failure::ServerAnswer { function: at, .. }) => {
            assert_eq!(*at, function, "{id}");
        }
        (Promise::Cancelled(reason), _) => {
            let cancelled = cancelled.unwrap();
            assert_eq!(cancelled.reason, reason, "{id}");
            assert!(matches!(cancelled.outcome, CancelOutcome::Complete), "{id}");
        }
        (Promise::InstallationFails { command, reasons }, Failure::Installation { error, .. }) => {
            assert_eq!(error.bpp_command_id, command, "{id}: {}", error.error_reason);
            assert!(reasons.contains(&error.error_reason), "{id}: {}", error.error_reason);
        }
        (Promise::NotInstalled, Failure::Installation { .. } | Failure::Load(_)) => {}
        (Promise::CancellationFails, Failure::Declined(_)) => {
            let failed = matches!(cancelled.unwrap().outcome, CancelOutcome::ServerFailed(_));
            assert!(failed, "{id}: {cancelled:?}");
        }
        (_, failure) => panic!("{id}: {failure}, and not {promise:?}"),
    }
}

async fn check_notifications(
    lab: &Lab,
    entry: &Entry,
    promise: Promise,
    card: &mut lpa::IsdR<Simulated>,
    installed: bool,
) {
    let id = &entry.id;
    let of_notification = entry.act.as_ref().is_some_and(|act| act.function == Function::HandleNotification);
    match promise {
        Promise::NotifiedLate => {
            for _ in 0..2 {
                assert_eq!(lab.notify(card).await, (Vec::new(), 1), "{id}");
            }
            assert_eq!(lab.notify(card).await.0.len(), 1, "{id}");
        }
        Promise::Open if of_notification => while lab.notify(card).await.1 > 0 {},
        Promise::Installed | Promise::InstallationFails { .. } => {
            assert_eq!(lab.notify(card).await.0.len(), 1, "{id}");
        }
        _ => assert_eq!(lab.notify(card).await.1, 0, "{id}"),
    }
    let state = match promise {
        Promise::InstallationFails { .. } => Some(ProfileState::Error),
        _ if installed => Some(ProfileState::Installed),
        _ => None,
    };
    if let Some(state) = state {
        assert_eq!(lab.state(entry).await, state, "{id}");
    }
}
