//! The entries.

use std::num::NonZeroU32;

use protocol::bpp::defect::PackageDefect;
use protocol::es9plus::Function;
use protocol::status::StatusCode as C;
use protocol::types::MatchingId;
use wire::fault::AnswerFault as A;

use super::{Act, Entry, Way};
use crate::faults::{Fault, status_code};

/// The confirmation code of each entry that asks for one.
pub const CONFIRMATION_CODE: &str = "1234";

/// What the doors refuse InitiateAuthentication with, in the order of their ports (SGP.22 §5.6.1).
pub const DOORS: [C; 4] = [
    C::SMDP_ADDRESS_REFUSED,
    C::SECURITY_CONFIGURATION_UNSUPPORTED,
    C::SVN_UNSUPPORTED,
    C::SMDP_CERTIFICATE_UNAVAILABLE,
];

/// SGP.22 §5.6.3, and what any function may be refused with.
const AUTHENTICATE_CLIENT: [C; 18] = [
    C::EUM_CERTIFICATE_INVALID,
    C::EUM_CERTIFICATE_EXPIRED,
    C::EUICC_CERTIFICATE_INVALID,
    C::EUICC_CERTIFICATE_EXPIRED,
    C::EUICC_SIGNATURE_INVALID,
    C::EUICC_MEMORY_INSUFFICIENT,
    C::CI_UNKNOWN,
    C::TRANSACTION_UNKNOWN,
    C::MATCHING_ID_REFUSED,
    C::EID_REFUSED,
    C::PROFILE_NOT_RELEASED,
    C::PROFILE_TYPE_STOPPED,
    C::ORDER_EXPIRED,
    C::DOWNLOAD_ATTEMPTS_EXCEEDED,
    C::EXECUTION_ERROR,
    C::BUSY,
    C::INVALID_PARAMETER,
    C::MANDATORY_PARAMETER_MISSING,
];

/// SGP.22 §5.6.2.
const GET_BOUND_PROFILE_PACKAGE: [C; 8] = [
    C::EUICC_SIGNATURE_INVALID,
    C::TRANSACTION_UNKNOWN,
    C::CONFIRMATION_CODE_MISSING,
    C::CONFIRMATION_CODE_REFUSED,
    C::CONFIRMATION_CODE_ATTEMPTS_EXCEEDED,
    C::PROFILE_UNAVAILABLE,
    C::ORDER_EXPIRED,
    C::EXECUTION_ERROR,
];

/// SGP.22 §5.6.5.
const CANCEL_SESSION: [C; 3] = [C::TRANSACTION_UNKNOWN, C::EUICC_SIGNATURE_INVALID, C::SMDP_OID_MISMATCH];

/// What there is of the answer to GetBoundProfilePackage, when the eUICC has already made its keys.
const ANSWERS_OF_GET_BOUND_PROFILE_PACKAGE: [A; 11] = [
    A::Unavailable,
    A::InternalErrorHtml,
    A::EmptyOk,
    A::CutBeforeAnswer,
    A::CutInBody,
    A::Chunked,
    A::HugeBody,
    A::TruncatedJson,
    A::WrappedBase64,
    A::CutObject,
    A::OtherTransactionId,
];

const ANSWERS_OF_HANDLE_NOTIFICATION: [A; 5] =
    [A::Unavailable, A::InternalErrorHtml, A::TooManyRequests, A::CutBeforeAnswer, A::ObjectForNoContent];

const ANSWERS_OF_CANCEL_SESSION: [A; 2] = [A::Unavailable, A::CutBeforeAnswer];

/// How often a notification is turned down.
const NOTIFICATION_TRIES: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);

/// Every entry, in the order in which they are listed.
pub fn entries() -> Vec<Entry> {
    let mut entries = good();
    entries.extend(refused());
    let packages = PackageDefect::ALL.iter().map(|defect| {
        let name = format!("BPP-{defect}");
        entry(&name, Fault::Package(*defect), Function::GetBoundProfilePackage)
    });
    entries.extend(packages);
    entries.extend(answered());
    entries
}

fn good() -> Vec<Entry> {
    let good = |name: &str| Entry {
        id: id(name),
        way: Way::Main,
        act: None,
        confirmation_code: None,
        profile_protection_keys: false,
        large_metadata: false,
    };
    vec![
        good("GOOD-1"),
        good("GOOD-2"),
        Entry { profile_protection_keys: true, ..good("GOOD-3") },
        Entry { confirmation_code: Some(CONFIRMATION_CODE), ..good("GOOD-CODE") },
        Entry { large_metadata: true, ..good("GOOD-LARGE-METADATA") },
    ]
}

fn refused() -> Vec<Entry> {
    let mut entries = Vec::new();
    for (number, code) in (0..).zip(DOORS) {
        let refused = refusing("", code, Function::InitiateAuthentication);
        entries.push(Entry { way: Way::Door(number), ..refused });
    }
    let with_message = |prefix, codes: &[C], function| {
        codes.iter().map(|code| refusing(prefix, *code, function)).collect::<Vec<_>>()
    };
    entries.extend(with_message("", &AUTHENTICATE_CLIENT, Function::AuthenticateClient));
    entries.extend(unknown_code());
    let silent = Fault::Refuse { code: C::MATCHING_ID_REFUSED, message: None };
    entries.push(entry("NO-MESSAGE", silent, Function::AuthenticateClient));
    entries.extend(with_message("GBPP-", &GET_BOUND_PROFILE_PACKAGE, Function::GetBoundProfilePackage));
    entries.extend(with_message("CANCEL-", &CANCEL_SESSION, Function::CancelSession));
    entries.extend(with_message("NOTIFY-", &[C::EXECUTION_ERROR], Function::HandleNotification));
    entries
}

/// A code that no version has: an LPA still has to tell the user something.
fn unknown_code() -> Option<Entry> {
    let code = status_code("8.99", "9.9").ok()?;
    Some(refusing("", code, Function::AuthenticateClient))
}

fn answered() -> Vec<Entry> {
    let of = |prefix: &str, faults: &[A], function| {
        let entry = |fault: &A| entry(&format!("{prefix}{fault}"), Fault::Answer(*fault), function);
        faults.iter().map(entry).collect::<Vec<_>>()
    };
    let has_place = |fault: &A| *fault != A::ObjectForNoContent;
    let anywhere: Vec<A> = A::ALL.iter().copied().filter(has_place).collect();
    [
        of("", &anywhere, Function::AuthenticateClient),
        of("GBPP-", &ANSWERS_OF_GET_BOUND_PROFILE_PACKAGE, Function::GetBoundProfilePackage),
        of("CANCEL-", &ANSWERS_OF_CANCEL_SESSION, Function::CancelSession),
        of("NOTIFY-", &ANSWERS_OF_HANDLE_NOTIFICATION, Function::HandleNotification),
    ]
    .concat()
}

fn refusing(prefix: &str, code: C, function: Function) -> Entry {
    let digits = |text: &str| text.replace('.', "-");
    let name = format!("{prefix}{}-{}", digits(code.subject), digits(code.reason));
    let message = Some(format!("error catalogue: {}", code.meaning));
    // SGP.22 §3.1.3.2: a code is asked for before it is refused.
    let of_confirmation_code = function == Function::GetBoundProfilePackage && code.subject == "8.2.7";
    let confirmation_code = of_confirmation_code.then_some(CONFIRMATION_CODE);
    Entry { confirmation_code, ..entry(&name, Fault::Refuse { code, message }, function) }
}

fn entry(name: &str, fault: Fault, function: Function) -> Entry {
    let times = (function == Function::HandleNotification).then_some(NOTIFICATION_TRIES);
    Entry {
        id: id(name),
        way: Way::Main,
        act: Some(Act { fault, function, times }),
        confirmation_code: None,
        profile_protection_keys: false,
        large_metadata: false,
    }
}

/// `CAT-` and the name, in the letters that a MatchingID may have.
fn id(name: &str) -> MatchingId {
    let id = format!("CAT-{}", name.to_ascii_uppercase());
    #[expect(clippy::expect_used, reason = "every name is a constant, and a test reads them all")]
    id.parse().expect("names of the catalogue are MatchingIDs")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn acts() -> Vec<(Fault, Function)> {
        entries().into_iter().filter_map(|entry| entry.act).map(|act| (act.fault, act.function)).collect()
    }

    #[test]
    fn there_are_more_than_sixty_and_no_two_have_the_same_name() {
        let names: BTreeSet<String> = entries().iter().map(|entry| entry.id.to_string()).collect();
        assert!(names.len() >= 60, "{}", names.len());
        assert_eq!(names.len(), entries().len());
        assert!(names.iter().all(|name| name.starts_with("CAT-")));
        for name in ["CAT-GOOD-1", "CAT-8-2-6-3-8", "CAT-8-8-1-3-8", "CAT-BPP-MAC-86-2", "CAT-HTTP-503"] {
            assert!(names.contains(name), "{name}");
        }
    }

    /// SGP.22 §5.6 gives each function its codes; the table of codes says which.
    #[test]
    fn every_status_code_of_es9plus_is_refused_with_in_its_function() {
        let sections = [
            ("§5.6.1", Function::InitiateAuthentication),
            ("§5.6.2", Function::GetBoundProfilePackage),
            ("§5.6.3", Function::AuthenticateClient),
            ("§5.6.5", Function::CancelSession),
        ];
        let refused: Vec<(C, Function)> = acts()
            .into_iter()
            .filter_map(|(fault, function)| match fault {
                Fault::Refuse { code, .. } => Some((code, function)),
                _ => None,
            })
            .collect();
        let mut of_es9plus = 0;
        for code in C::ALL {
            for (section, function) in sections {
                if code.section.split(", ").any(|one| one.ends_with(section)) {
                    of_es9plus += 1;
                    assert!(refused.contains(&(*code, function)), "{code} {}", function.name());
                }
            }
        }
        assert!(of_es9plus > 25, "{of_es9plus}");
    }

    #[test]
    fn every_defect_of_a_package_and_every_fault_of_an_answer_is_there() {
        let acts = acts();
        for defect in PackageDefect::ALL {
            let act = (Fault::Package(*defect), Function::GetBoundProfilePackage);
            assert!(acts.contains(&act), "{defect}");
        }
        for fault in A::ALL {
            assert!(acts.iter().any(|(act, _)| *act == Fault::Answer(*fault)), "{fault}");
        }
    }

    #[test]
    fn every_fault_has_a_place_in_its_function_and_every_entry_says_what_to_do() {
        for entry in entries() {
            if let Some(Act { fault, function, .. }) = &entry.act {
                assert!(fault.functions().contains(function), "{}", entry.id);
            }
            assert!(!entry.what().is_empty() && !entry.promise().good_lpa().is_empty());
            let code = entry.activation_code(&"smdp.example.com:8443".parse().unwrap(), 8543).to_string();
            assert!(code.parse::<protocol::activation_code::ActivationCode>().is_ok(), "{code}");
        }
    }

    #[test]
    fn a_door_is_named_by_its_port() {
        let entries = entries();
        let door = entries.iter().find(|entry| entry.id.as_str() == "CAT-8-8-3-3-1").unwrap();
        let code = door.activation_code(&"smdp.example.com".parse().unwrap(), 8543).to_string();
        assert_eq!(code, "LPA:1$smdp.example.com:8545$CAT-8-8-3-3-1");
    }
}
