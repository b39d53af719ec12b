//! Delivering notifications (SGP.22 §3.5).

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test reports by panicking")]

mod common;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use asn1::{
    Certificate, DeleteNotificationStatus, HandleNotification, NotificationEvent, NotificationMetadata,
    NotificationSentRequest, OtherSignedNotification, PendingNotification, Raw, SignatureTlv, Unknown, der,
    tlv,
};
use common::{Asked, FakeCard, FakeServer, Gone};
use lpa::Blame;
use lpa::isd_r::{IsdR, Options};
use lpa::notifications::{self, Interrupted, Report};
use protocol::trace::{Actor, Tracer};

fn installed(seq_number: u64, address: &str) -> PendingNotification {
    let result = common::profile_installation_result(seq_number, address, common::success());
    PendingNotification::ProfileInstallationResult(Raw::new(result))
}

fn enabled(seq_number: u64, address: &str) -> PendingNotification {
    let metadata = NotificationMetadata {
        seq_number,
        profile_management_operation: NotificationEvent::of([NotificationEvent::ENABLE]),
        notification_address: address.to_owned(),
        iccid: Some(common::metadata().iccid),
        unknown: Unknown::none(),
    };
    let certificate = Certificate::from_der(&[0x30, 0x03, 0x02, 0x01, 0x01]).unwrap();
    PendingNotification::OtherSignedNotification(Raw::new(OtherSignedNotification {
        tbs_other_notification: Raw::new(metadata),
        euicc_notification_signature: SignatureTlv::new([0x51; 64]).unwrap(),
        euicc_certificate: certificate.clone(),
        eum_certificate: certificate,
        unknown: Unknown::none(),
    }))
}

fn removal(status: DeleteNotificationStatus) -> Vec<u8> {
    tlv::wrap(0xBF30, &tlv::wrap(0x80, &[u8::try_from(status.value()).unwrap()]))
}

/// An eUICC with these notifications, in this order.
fn card(pending: &[PendingNotification]) -> FakeCard {
    let list: Vec<u8> = pending.iter().flat_map(|notification| notification.bytes().to_vec()).collect();
    let mut card = FakeCard::default();
    card.data(0xBF2B, tlv::wrap(0xBF2B, &tlv::wrap(0xA0, &list)));
    card.data(0xBF30, removal(DeleteNotificationStatus::OK));
    card
}

/// Servers by address; an address that is not here cannot be connected to.
type Servers = HashMap<&'static str, FakeServer>;

fn process(card: &mut FakeCard, servers: &Servers) -> Result<Report<Gone>, Box<Interrupted<Gone>>> {
    let mut isd_r = IsdR::open(card, Options::default(), Tracer::off(Actor::Lpa)).unwrap();
    let connect = |address: &str| servers.get(address).cloned().ok_or(Gone);
    common::run(notifications::process(&mut isd_r, connect))
}

fn heard(server: &FakeServer) -> Vec<u64> {
    let asked = server.asked.lock().unwrap();
    asked
        .iter()
        .map(|asked| match asked {
            Asked::HandleNotification(HandleNotification { pending_notification, .. }) => {
                pending_notification.metadata().seq_number
            }
            other => panic!("{other:?}"),
        })
        .collect()
}

fn removed(card: &FakeCard) -> Vec<u64> {
    let decode = |object: &[u8]| der::decode::<NotificationSentRequest>(object).unwrap().seq_number;
    card.received(0xBF30).into_iter().map(decode).collect()
}

fn delivered(report: &Report<Gone>) -> Vec<u64> {
    report.delivered.iter().map(|metadata| metadata.seq_number).collect()
}

#[test]
fn each_server_hears_its_notifications_in_the_order_of_their_numbers() {
    let mut card = card(&[
        enabled(300, "a.example.com"),
        installed(2, "b.example.com"),
        installed(0, "a.example.com"),
        enabled(128, "A.example.COM"),
    ]);
    let servers = Servers::from([("a.example.com", common::server()), ("b.example.com", common::server())]);
    let report = process(&mut card, &servers).unwrap();
    assert_eq!(heard(&servers["a.example.com"]), [0, 128, 300]);
    assert_eq!(heard(&servers["b.example.com"]), [2]);
    assert_eq!(removed(&card), [0, 128, 300, 2]);
    assert_eq!(delivered(&report), [0, 128, 300, 2]);
    assert!(report.undelivered.is_empty());
}

#[test]
fn a_notification_goes_out_as_the_euicc_signed_it() {
    for notification in [installed(1, "a.example.com"), enabled(1, "a.example.com")] {
        let mut card = card(std::slice::from_ref(&notification));
        let servers = Servers::from([("a.example.com", common::server())]);
        process(&mut card, &servers).unwrap();
        let asked = servers["a.example.com"].asked.lock().unwrap();
        let [Asked::HandleNotification(request)] = asked.as_slice() else { panic!("{asked:?}") };
        assert_eq!(request.pending_notification.bytes(), notification.bytes());
    }
}

#[test]
fn nothing_is_removed_before_it_is_acknowledged() {
    /// A server that looks whether the eUICC has removed anything yet when it is asked.
    struct Watching(Arc<Mutex<Vec<&'static str>>>);

    impl protocol::es9plus::Es9Plus for Watching {
        type Error = Gone;
        async fn initiate_authentication(
            &self,
            _: asn1::InitiateAuthenticationRequest,
        ) -> Result<asn1::InitiateAuthenticationOkEs9, Gone> {
            Err(Gone)
        }
        async fn authenticate_client(
            &self,
            _: asn1::AuthenticateClientRequest,
        ) -> Result<asn1::AuthenticateClientOk, Gone> {
            Err(Gone)
        }
        async fn get_bound_profile_package(
            &self,
            _: asn1::GetBoundProfilePackageRequest,
        ) -> Result<asn1::GetBoundProfilePackageOk, Gone> {
            Err(Gone)
        }
        async fn handle_notification(&self, _: HandleNotification) -> Result<(), Gone> {
            self.0.lock().unwrap().push("acknowledged");
            Ok(())
        }
        async fn cancel_session(&self, _: asn1::CancelSessionRequestEs9) -> Result<(), Gone> {
            Err(Gone)
        }
    }

    /// A card that tells when it removes something.
    struct Telling(FakeCard, Arc<Mutex<Vec<&'static str>>>);

    impl lpa::Card for Telling {
        fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, lpa::CardError> {
            if command.get(5..7) == Some(&[0xBF, 0x30]) {
                self.1.lock().unwrap().push("removed");
            }
            self.0.transmit(command)
        }
        fn reset(&mut self) -> Result<Vec<u8>, lpa::CardError> {
            self.0.reset()
        }
    }

    let order = Arc::new(Mutex::new(Vec::new()));
    let card = Telling(card(&[installed(1, "a"), installed(2, "a")]), order.clone());
    let mut isd_r = IsdR::open(card, Options::default(), Tracer::off(Actor::Lpa)).unwrap();
    let connect = |_: &str| Ok::<_, Gone>(Watching(order.clone()));
    common::run(notifications::process(&mut isd_r, connect)).unwrap();
    assert_eq!(*order.lock().unwrap(), ["acknowledged", "removed", "acknowledged", "removed"]);
}

#[test]
fn a_server_that_fails_keeps_the_rest_of_its_notifications_and_the_others_get_theirs() {
    let mut card = card(&[
        installed(1, "a.example.com"),
        installed(2, "a.example.com"),
        installed(3, "a.example.com"),
        installed(4, "b.example.com"),
        installed(5, "gone.example.com"),
    ]);
    let failing = FakeServer { refuses: vec![2], ..common::server() };
    let servers = Servers::from([("a.example.com", failing), ("b.example.com", common::server())]);
    let report = process(&mut card, &servers).unwrap();
    assert_eq!(heard(&servers["a.example.com"]), [1, 2], "3 waits until 2 is through");
    assert_eq!(removed(&card), [1, 4]);
    assert_eq!(delivered(&report), [1, 4]);
    let undelivered: Vec<_> = report
        .undelivered
        .iter()
        .map(|server| (server.notification_address.as_str(), server.seq_numbers.as_slice()))
        .collect();
    assert_eq!(undelivered, [("a.example.com", &[2, 3][..]), ("gone.example.com", &[5][..])]);
}

#[test]
fn an_euicc_without_notifications_has_nothing_to_deliver() {
    // The empty list, and how v2.1 says the same.
    for answer in ["A000", "810101"] {
        let mut card = FakeCard::default();
        let answer = data_encoding::HEXUPPER.decode(answer.as_bytes()).unwrap();
        card.data(0xBF2B, tlv::wrap(0xBF2B, &answer));
        let report = process(&mut card, &Servers::new()).unwrap();
        assert!(report.delivered.is_empty() && report.undelivered.is_empty());
    }
}

#[test]
fn a_notification_that_is_gone_already_is_as_good_as_removed() {
    let mut card = card(&[installed(1, "a")]);
    card.data(0xBF30, removal(DeleteNotificationStatus::NOTHING_TO_DELETE));
    let report = process(&mut card, &Servers::from([("a", common::server())])).unwrap();
    assert_eq!(delivered(&report), [1]);
}

#[test]
fn an_euicc_that_does_not_remove_is_to_blame() {
    let mut card = card(&[installed(1, "a")]);
    card.data(0xBF30, removal(DeleteNotificationStatus::UNDEFINED_ERROR));
    let interrupted = process(&mut card, &Servers::from([("a", common::server())])).unwrap_err();
    assert_eq!(interrupted.error.blame(), Blame::Euicc);
    assert!(interrupted.to_string().contains("undefinedError(127)"), "{interrupted}");
    assert_eq!(interrupted.not_removed.map(|metadata| metadata.seq_number), Some(1));
}

#[test]
fn what_was_delivered_before_the_euicc_failed_is_told() {
    /// A card that is pulled out before it removes its second notification.
    struct PulledOut(FakeCard, u32);

    impl lpa::Card for PulledOut {
        fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, lpa::CardError> {
            if command.get(5..7) == Some(&[0xBF, 0x30]) {
                self.1 += 1;
            }
            if self.1 == 2 {
                return Err(lpa::CardError("it was pulled out".to_owned()));
            }
            self.0.transmit(command)
        }
        fn reset(&mut self) -> Result<Vec<u8>, lpa::CardError> {
            self.0.reset()
        }
    }

    let pending = [installed(1, "gone"), installed(2, "a"), installed(3, "a"), installed(4, "b")];
    let mut isd_r =
        IsdR::open(PulledOut(card(&pending), 0), Options::default(), Tracer::off(Actor::Lpa)).unwrap();
    let servers = Servers::from([("a", common::server()), ("b", common::server())]);
    let connect = |address: &str| servers.get(address).cloned().ok_or(Gone);
    let interrupted = common::run(notifications::process(&mut isd_r, connect)).unwrap_err();
    assert_eq!(delivered(&interrupted.report), [2]);
    assert_eq!(interrupted.report.undelivered[0].seq_numbers, [1]);
    assert_eq!(interrupted.not_removed.as_ref().map(|metadata| metadata.seq_number), Some(3));
    assert_eq!(interrupted.error.blame(), Blame::CardConnection);
    assert_eq!(heard(&servers["a"]), [2, 3]);
    assert!(heard(&servers["b"]).is_empty());
}

#[test]
fn an_euicc_that_does_not_tell_what_waits_has_delivered_nothing() {
    let mut card = FakeCard::default();
    let interrupted = process(&mut card, &Servers::new()).unwrap_err();
    assert!(interrupted.report.delivered.is_empty() && interrupted.not_removed.is_none());
}

#[test]
fn the_list_tells_what_waits() {
    let PendingNotification::OtherSignedNotification(notification) = enabled(9, "a b.example.com") else {
        panic!()
    };
    let metadata = notification.tbs_other_notification.bytes().to_vec();
    let mut card = FakeCard::default();
    card.data(0xBF28, tlv::wrap(0xBF28, &tlv::wrap(0xA0, &metadata)));
    let mut isd_r = IsdR::open(&mut card, Options::default(), Tracer::off(Actor::Lpa)).unwrap();
    let list = notifications::list(&mut isd_r).unwrap();
    assert_eq!((list[0].seq_number, list[0].notification_address.as_str()), (9, "a b.example.com"));
}
