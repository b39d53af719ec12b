//! Refusals that only say that nothing is there.

use lpa::authentication::Failure;
use lpa::discovery::RetrievalError;
use protocol::status::{StatusCode, asn1_error};
use protocol::{es9plus, es11};
use wire::es9plus::ClientError;

/// An SM-DS without an event says so by an empty list (SGP.22 §5.8.2); §3.6.2 step 2 lets it use a status instead.
pub fn no_event(error: &RetrievalError<ClientError>) -> bool {
    let Failure::Server { error, function: es9plus::Function::AuthenticateClient } = &error.failure else {
        return false;
    };
    let code = StatusCode::EVENT_UNKNOWN;
    is(error, code, es11::Function::AuthenticateClient.asn1_error(code))
}

/// What an SM-DP+ says to an empty MatchingID where no order waits for the eUICC: about the EID, or about the MatchingID
/// (SGP.22 §5.6.3).
pub fn no_order(error: &ClientError) -> bool {
    let codes = [StatusCode::EID_REFUSED, StatusCode::MATCHING_ID_REFUSED];
    codes.iter().any(|code| is(error, *code, asn1_error(es9plus::Function::AuthenticateClient, *code)))
}

/// Either binding has its own way to say a code.
fn is(error: &ClientError, code: StatusCode, in_asn1: i64) -> bool {
    match error {
        ClientError::Refused { status } => status.is(code),
        ClientError::RefusedInAsn1 { number, .. } => *number == in_asn1,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use lpa::download::Step;
    use wire::json::StatusCodeData;

    use super::*;

    fn in_json(code: StatusCode) -> ClientError {
        ClientError::Refused {
            status: StatusCodeData {
                subject_code: code.subject.to_owned(),
                reason_code: code.reason.to_owned(),
                subject_identifier: None,
                message: None,
            },
        }
    }

    fn in_asn1(number: i64) -> ClientError {
        ClientError::RefusedInAsn1 { number, name: None }
    }

    #[test]
    fn an_sm_dp_has_two_ways_to_say_that_no_order_waits() {
        for nothing in [
            in_json(StatusCode::EID_REFUSED),
            in_json(StatusCode::MATCHING_ID_REFUSED),
            in_asn1(6),
            in_asn1(7),
        ] {
            assert!(no_order(&nothing), "{nothing}");
        }
        for other in
            [in_json(StatusCode::PROFILE_NOT_RELEASED), in_asn1(5), in_asn1(127), ClientError::MissingHeader]
        {
            assert!(!no_order(&other), "{other}");
        }
    }

    #[test]
    fn an_sm_ds_may_say_that_it_has_no_event_where_it_was_asked_for_all() {
        let of = |function, error| RetrievalError {
            step: Step::AuthenticateClientEs11,
            failure: Failure::Server { function, error },
        };
        let (first, second) =
            (es9plus::Function::InitiateAuthentication, es9plus::Function::AuthenticateClient);
        assert!(no_event(&of(second, in_json(StatusCode::EVENT_UNKNOWN))));
        assert!(no_event(&of(second, in_asn1(6))));
        assert!(!no_event(&of(second, in_json(StatusCode::CI_UNKNOWN))));
        assert!(!no_event(&of(first, in_json(StatusCode::EVENT_UNKNOWN))));
    }
}
