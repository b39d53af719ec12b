//! Servers that believe what they should not, or hold it against somebody: for the cases in which something bad is sent and
//! all that is asked is what becomes of the next call.
//!
//! Each takes the bad message for the good one that it pretends to be, by leaving one check out and no other. So such a case
//! fails only if the bad message has the flaw that it names, and would have had its effect without it.

use asn1::tlv::{self, wrap};
use certs::{Certificate, Identity, Role};
use crypto::{Engine, Signature};
use data_encoding::HEXUPPER;
use serde_json::Value;

use super::rows::Row;
use super::spoil::{Members, inside, octets, set};
use super::{Kind, Known};
use crate::server::lab::{p256, pki};

const NOTIFICATION: &str = "es9plus/handleNotification";
const CANCEL: &str = "cancelSession";

/// What is wrong with the servers that such a case finds, by the name of the case.
pub fn of(case: &str) -> Vec<Row> {
    let row = match case {
        "ES9+.HandleNotification.5.6.4-11" => (
            "believes a result, whoever has signed it",
            NOTIFICATION,
            Kind::Believes(|call, _| octets(call, "pendingNotification", |result| signed(result, &same))),
        ),
        "ES9+.HandleNotification.5.6.4-13" => (
            "takes the result of any session for that of the one that is open",
            NOTIFICATION,
            Kind::Believes(|call, known| {
                let open = open_session(known);
                let of_it = move |data: &[u8]| inside(data, &[0x80], &|_| open.clone());
                octets(call, "pendingNotification", |result| signed(result, &of_it));
            }),
        ),
        "ES9+.HandleNotification.5.6.4-22" => (
            "ends an order where the profile was deleted, whoever has signed that",
            NOTIFICATION,
            Kind::Believes(|call, known| believes_deletion(call, known, has_good_certificates)),
        ),
        "ES9+.HandleNotification.5.6.4-23" => (
            "ends an order where the profile was deleted, whoever has certified the eUICC",
            NOTIFICATION,
            Kind::Believes(|call, known| believes_deletion(call, known, is_signed_with_what_is_shown)),
        ),
        "ES9+.CancelSession.5.6.5-22" => (
            "cancels a session, whoever has signed that",
            CANCEL,
            Kind::Believes(|call, _| {
                octets(call, "cancelSessionResponse", |signed| cancelled(&signed, &same))
            }),
        ),
        "ES9+.CancelSession.5.6.5-09" | "ES9+.CancelSession.5.6.5-10" | "ES9+.CancelSession.5.6.5-15" => (
            "ends the order for whatever reason",
            CANCEL,
            Kind::Believes(|call, _| {
                let rejected = |data: &[u8]| inside(data, &[0x82], &|_| vec![0]);
                octets(call, "cancelSessionResponse", |signed| cancelled(&signed, &rejected));
            }),
        ),
        "ES9+.AuthenticateClient.5.6.3-18" | "ES11.AuthenticateClient.5.8.2-21" => (
            "refuses everybody as soon as it has refused one",
            "authenticateClient",
            Kind::RefusesAfterARefusal,
        ),
        "ES9+.GetBoundProfilePackage.5.6.2-15" => {
            ("takes no code after a wrong one", "getBoundProfilePackage", Kind::RefusesAfterARefusal)
        }
        "ES2+.DownloadOrder.5.3.1-10"
        | "ES2+.DownloadOrder.5.3.1-11"
        | "ES2+.ConfirmOrder.5.3.2-20"
        | "ES2+.ReleaseProfile.5.3.4-09"
        | "ES2+.ReleaseProfile.5.3.4-10"
        | "ES2+.CancelOrder.5.3.3-19"
        | "ES2+.CancelOrder.5.3.3-20" => ("takes each operator for the owner", "", Kind::TakesForTheOwner),
        "ES2+.CancelOrder.5.3.3-17" => (
            "cancels an order, whatever MatchingID is named",
            "es2plus/cancelOrder",
            Kind::Believes(|call, known| {
                let own = known.answered("matchingId").cloned().unwrap_or_default();
                set(call, "matchingId", own);
            }),
        ),
        "ES2+.ConfirmOrder.5.3.2-36" => (
            "links an order to an eUICC where it refuses to",
            "es2plus/confirmOrder",
            Kind::JsonKnowing(|answer, known| {
                let refused = known.requested("eid").cloned().unwrap_or_default();
                set(answer, "eid", refused);
            }),
        ),
        "ES12.DeleteEvent.5.9.2-07"
        | "ES12.DeleteEvent.5.9.2-08"
        | "ES12.RegisterEvent.5.9.1-11"
        | "ES15.RegisterEvent.5.10.1-05"
        | "ES15.DeleteEvent.5.10.2-03" => ("takes each caller for the same one", "", Kind::LetsEverybodyIn),
        _ => return Vec::new(),
    };
    vec![row]
}

fn same(data: &[u8]) -> Vec<u8> {
    data.to_vec()
}

/// The eUICC of the judge, of which the directory has the key.
fn euicc() -> Identity {
    p256(&pki()).identity(Role::Euicc, Engine::RustCrypto).unwrap()
}

fn signature(data: &[u8]) -> Vec<u8> {
    wrap(0x5F37, euicc().key().sign(data).unwrap().as_bytes())
}

fn parts(value: &[u8]) -> Vec<Vec<u8>> {
    tlv::children(value).map(|part| part.unwrap().raw.to_vec()).collect()
}

/// What is signed, changed, and a good signature of it; both stand in an object.
fn signed_anew(object: &[u8], change: &dyn Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let (object, _) = tlv::read(object).unwrap();
    let data = change(&parts(object.value)[0]);
    wrap(object.tag.0, &[data.clone(), signature(&data)].concat())
}

/// A ProfileInstallationResult; another notification as it is.
fn signed(notification: Vec<u8>, change: &dyn Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    if notification.starts_with(&[0xBF, 0x37]) { signed_anew(&notification, change) } else { notification }
}

/// A CancelSessionResponse.
fn cancelled(response: &[u8], change: &dyn Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let (outer, _) = tlv::read(response).unwrap();
    wrap(outer.tag.0, &signed_anew(outer.value, change))
}

fn open_session(known: &Known) -> Vec<u8> {
    let open = known.requested("transactionId").and_then(Value::as_str).unwrap_or_default();
    HEXUPPER.decode(open.as_bytes()).unwrap()
}

/// An OtherSignedNotification of a deletion that looks good becomes a result that ends the order.
fn believes_deletion(call: &mut Members, known: &Known, looks_good: fn(&[Vec<u8>]) -> bool) {
    octets(call, "pendingNotification", |notification| {
        let (object, _) = tlv::read(&notification).unwrap();
        let members = parts(object.value);
        if object.tag.0 == 0x30 && is_deletion(&members[0]) && looks_good(&members) {
            failed_installation(&members[0], open_session(known))
        } else {
            notification
        }
    });
}

/// notificationDelete(3) in NotificationMetadata.
fn is_deletion(metadata: &[u8]) -> bool {
    let (metadata, _) = tlv::read(metadata).unwrap();
    tlv::find(metadata.value, 0x81).is_some_and(|event| event.value == [4, 0x10])
}

fn has_good_certificates(members: &[Vec<u8>]) -> bool {
    let pki = pki();
    let good = |role| p256(&pki).certificate(role).unwrap().raw().to_vec();
    members[2] == good(Role::Euicc) && members[3] == good(Role::Eum)
}

fn is_signed_with_what_is_shown(members: &[Vec<u8>]) -> bool {
    let shown = Certificate::from_der(&members[2]).unwrap();
    let signature = Signature::from_bytes(tlv::read(&members[1]).unwrap().0.value).unwrap();
    shown.public_key().verify(Engine::RustCrypto, &members[0], &signature).is_ok()
}

/// A good ProfileInstallationResult of a profile that was not installed (SGP.22 §2.5.6).
fn failed_installation(deletion: &[u8], session: Vec<u8>) -> Vec<u8> {
    const SMDP: [u8; 3] = [0x88, 0x37, 0x0A];
    let metadata = inside(deletion, &[0x81], &|_| vec![7, 0x80]);
    let result = wrap(0xA2, &wrap(0xA1, &[0x80, 1, 5, 0x81, 1, 12]));
    let data = wrap(0xBF27, &[wrap(0x80, &session), metadata, wrap(0x06, &SMDP), result].concat());
    wrap(0xBF37, &[data.clone(), signature(&data)].concat())
}
