//! The status codes against the tables of SGP.22: of ES9+ (37, 40, 43 and 46) with the error numbers of its Annex H, and
//! of ES2+ (24 to 32c).

#![cfg(test)]

use protocol::es9plus::Function::{
    self, AuthenticateClient, CancelSession, GetBoundProfilePackage, InitiateAuthentication,
};
use protocol::status::{StatusCode, asn1_error};

/// Function, subject, reason, error number; 127 where Annex H of v2.2 has none.
const TABLES: [(Function, &str, &str, i64); 29] = [
    // Table 37.
    (InitiateAuthentication, "8.8.1", "3.8", 1),
    (InitiateAuthentication, "8.8.2", "3.1", 3),
    (InitiateAuthentication, "8.8.3", "3.1", 2),
    (InitiateAuthentication, "8.8.4", "3.7", 3),
    // Table 40.
    (GetBoundProfilePackage, "8.1", "6.1", 1),
    (GetBoundProfilePackage, "8.2", "3.7", 5),
    (GetBoundProfilePackage, "8.10.1", "3.9", 95),
    (GetBoundProfilePackage, "8.2.7", "2.2", 2),
    (GetBoundProfilePackage, "8.2.7", "3.8", 3),
    (GetBoundProfilePackage, "8.2.7", "6.4", 4),
    (GetBoundProfilePackage, "8.8.5", "4.10", 6),
    // Table 43.
    (AuthenticateClient, "8.1.2", "6.1", 1),
    (AuthenticateClient, "8.1.2", "6.3", 2),
    (AuthenticateClient, "8.1.3", "6.1", 3),
    (AuthenticateClient, "8.1.3", "6.3", 4),
    (AuthenticateClient, "8.1", "6.1", 5),
    (AuthenticateClient, "8.1", "4.8", 11),
    (AuthenticateClient, "8.11.1", "3.9", 9),
    (AuthenticateClient, "8.2", "1.2", 127),
    (AuthenticateClient, "8.10.1", "3.9", 10),
    (AuthenticateClient, "8.2.6", "3.8", 6),
    (AuthenticateClient, "8.1.1", "3.8", 7),
    (AuthenticateClient, "8.2.5", "4.3", 8),
    // Without a number in v2.2; v2.6 gave it 18.
    (AuthenticateClient, "8.8.5", "4.10", 18),
    (AuthenticateClient, "8.8.5", "6.4", 127),
    // Table 46.
    (CancelSession, "8.10.1", "3.9", 1),
    (CancelSession, "8.1", "6.1", 2),
    (CancelSession, "8.8", "3.10", 127),
    // SGP.02: a fault of the server.
    (GetBoundProfilePackage, "1.2", "4.2", 127),
];

/// Subject and reason of the tables of ES2+: 24, 27, 30, 32, 32b and 32c.
const ES2PLUS_TABLES: [&[(&str, &str)]; 6] = [
    &[
        ("8.2.1", "3.9"),
        ("8.2.1", "1.2"),
        ("8.2.1", "3.3"),
        ("8.2.5", "3.9"),
        ("8.2.5", "1.2"),
        ("8.2.5", "3.7"),
        ("8.2.5", "3.8"),
    ],
    &[
        ("8.2.1", "3.9"),
        ("8.2.1", "1.2"),
        ("8.2.6", "3.3"),
        ("8.9", "5.1"),
        ("8.9", "4.2"),
        ("8.1.1", "2.2"),
        ("8.1.1", "3.10"),
    ],
    &[("8.2.1", "3.9"), ("8.2.1", "1.2"), ("8.2.1", "3.3"), ("8.2.1", "3.10"), ("8.2.6", "3.10")],
    &[("8.2.1", "3.9"), ("8.2.1", "1.2"), ("8.2.1", "3.5")],
    &[("8.8.5", "3.8"), ("8.2.8", "1.2"), ("8.2.9", "3.11"), ("8.2.10", "4.2"), ("8", "4.2")],
    &[("8.8.5", "6.4"), ("8.2.7", "6.4")],
];

fn code(subject: &str, reason: &str) -> StatusCode {
    let found = StatusCode::ALL.iter().find(|code| (code.subject, code.reason) == (subject, reason));
    *found.unwrap_or_else(|| panic!("{subject}/{reason} is not in the table"))
}

#[test]
fn every_code_of_the_tables_is_there_with_its_number() {
    for (function, subject, reason, number) in TABLES {
        assert_eq!(asn1_error(function, code(subject, reason)), number, "{function:?} {subject}/{reason}");
    }
}

#[test]
fn every_code_of_the_es2plus_tables_is_there() {
    for (subject, reason) in ES2PLUS_TABLES.into_iter().flatten() {
        assert_eq!(code(subject, reason).to_string(), format!("{subject}/{reason}"));
    }
}

#[test]
fn a_code_that_a_function_does_not_have_is_its_undefined_error() {
    for function in Function::ALL {
        for code in StatusCode::ALL {
            let listed = TABLES.iter().any(|(of, subject, reason, _)| {
                (*of, *subject, *reason) == (function, code.subject, code.reason)
            });
            if !listed {
                assert_eq!(asn1_error(function, *code), 127, "{function:?} {code}");
            }
        }
    }
}

#[test]
fn codes_are_dotted_numbers_without_leading_zeros() {
    for code in StatusCode::ALL {
        for part in code.subject.split('.').chain(code.reason.split('.')) {
            assert!(part.parse::<u8>().is_ok() && !part.starts_with('0'), "{code}");
        }
        assert_eq!(code.to_string(), format!("{}/{}", code.subject, code.reason));
    }
}
