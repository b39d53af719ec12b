use http::Request;
use protocol::es12::Function;
use wire::server::{BodyError, Received, Service, Urgency};

use crate::support::endpoint;
use crate::support::fake::Fake;

fn urgency(path: &str, body: &Received) -> Urgency {
    let head = Request::post(path).body(()).unwrap().into_parts().0;
    endpoint(Fake::default()).urgency(&head, body)
}

#[test]
fn register_event_begins_what_delete_event_ends() {
    let body = Ok("{}".into());
    assert_eq!(urgency(Function::RegisterEvent.json_path(), &body), Urgency::Begins);
    assert_eq!(urgency(Function::DeleteEvent.json_path(), &body), Urgency::GoesOn);
}

#[test]
fn what_no_function_takes_begins_something() {
    assert_eq!(urgency("/", &Ok("{}".into())), Urgency::Begins);
    assert_eq!(urgency(Function::DeleteEvent.json_path(), &Err(BodyError::TooSlow)), Urgency::Begins);
}
