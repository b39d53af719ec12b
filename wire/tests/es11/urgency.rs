use http::{HeaderValue, Request, header::CONTENT_TYPE};
use protocol::es9plus::Function;
use wire::server::{Service, Urgency};

use crate::support::endpoint;
use crate::support::fake::Fake;

#[test]
fn initiate_authentication_begins_and_authenticate_client_goes_on() {
    for (function, expected) in [
        (Function::InitiateAuthentication, Urgency::Begins),
        (Function::AuthenticateClient, Urgency::GoesOn),
        // An SM-DS does not have it.
        (Function::GetBoundProfilePackage, Urgency::Begins),
    ] {
        let mut head = Request::post(function.json_path()).body(()).unwrap().into_parts().0;
        head.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let urgency = endpoint(Fake::answering(&[])).urgency(&head, &Ok("{}".into()));
        assert_eq!(urgency, expected, "{function:?}");
    }
}
