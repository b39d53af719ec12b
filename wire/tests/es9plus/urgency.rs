use asn1::der::encode;
use asn1::{RemoteProfileProvisioningRequest as InAsn1, tlv};
use http::request::Parts;
use http::{HeaderValue, Request, header::CONTENT_TYPE};
use protocol::es9plus::{ASN1_PATH, Function};
use wire::server::{BodyError, Service, Urgency};

use crate::support::fake::Fake;
use crate::support::messages;
use crate::support::running::endpoint;

fn head(path: &str, content_type: &'static str) -> Parts {
    let mut head = Request::post(path).body(()).unwrap().into_parts().0;
    head.headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    head
}

fn in_json(path: &str) -> Urgency {
    // Not read: the path says it.
    endpoint(Fake::default()).urgency(&head(path, "application/json"), &Ok("no JSON".into()))
}

fn in_asn1(body: Vec<u8>) -> Urgency {
    endpoint(Fake::default()).urgency(&head(ASN1_PATH, "application/x-gsma-rsp-asn1"), &Ok(body.into()))
}

#[test]
fn in_json_initiate_authentication_begins_and_every_other_function_goes_on() {
    for function in Function::ALL {
        let begins = function == Function::InitiateAuthentication;
        let expected = if begins { Urgency::Begins } else { Urgency::GoesOn };
        assert_eq!(in_json(function.json_path()), expected, "{function:?}");
    }
}

#[test]
fn in_asn1_the_outer_tags_say_the_same() {
    let begins = InAsn1::InitiateAuthenticationRequest(messages::initiate_authentication());
    assert_eq!(in_asn1(encode(&begins)), Urgency::Begins);
    for goes_on in [
        InAsn1::AuthenticateClientRequest(messages::authenticate_client()),
        InAsn1::GetBoundProfilePackageRequest(messages::get_bound_profile_package()),
        InAsn1::HandleNotification(messages::handle_notification()),
        InAsn1::CancelSessionRequestEs9(messages::cancel_session()),
    ] {
        assert_eq!(in_asn1(encode(&goes_on)), Urgency::GoesOn);
    }
    // What is inside is not read.
    assert_eq!(in_asn1(tlv::wrap(0xA2, &tlv::wrap(0xBF3B, &[7]))), Urgency::GoesOn);
}

#[test]
fn what_no_function_takes_begins_something() {
    assert_eq!(in_json("/"), Urgency::Begins);
    assert_eq!(in_asn1(Vec::new()), Urgency::Begins);
    assert_eq!(in_asn1(tlv::wrap(0xA2, &tlv::wrap(0xBF4C, &[]))), Urgency::Begins);
    let head = head(Function::CancelSession.json_path(), "application/json");
    let without_body = endpoint(Fake::default()).urgency(&head, &Err(BodyError::TooSlow));
    assert_eq!(without_body, Urgency::Begins);
}
