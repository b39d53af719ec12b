use protocol::es12::Function;
use protocol::status::{Refusal, StatusCode};
use protocol::trace::{Actor, Tracer, What};
use wire::es12::{Client, Endpoint};
use wire::server::Limits;

use crate::support::fake::Fake;
use crate::support::logs::Log;
use crate::support::messages::{self, EID, json_of, json_with};
use crate::support::pki::{HOST, Pki};
use crate::support::plain;
use crate::support::raw::post_json;
use crate::support::running::Running;
use crate::support::sink::Memory;

async fn logged(fake: Fake, function: Function, body: &str) -> Vec<String> {
    let (log, _guard) = Log::start();
    let server = plain(fake).await;
    post_json(server.address, function.json_path(), body).await;
    log.lines_with("function=")
}

#[tokio::test]
async fn a_call_is_logged_in_one_line_with_caller_event_and_eid() {
    for function in Function::ALL {
        let expected = format!(
            "DEBUG function=\"{}\" caller=\"SM-DP+ 2.999.10\" call=\"call-7\" event_id=\"AB-12\" eid=\"{EID}\" outcome=",
            function.name()
        );
        let body = json_of(function).to_string();
        let lines = logged(Fake::default(), function, &body).await;
        assert_eq!(lines, [format!("{expected}\"Executed-Success\"")]);
        let refusal = Refusal::incompatible(StatusCode::EVENT_IN_USE, "line\nbreak");
        let lines = logged(Fake::refusing(refusal), function, &body).await;
        assert_eq!(lines, [format!("{expected}8.9.5/3.3 fault=PeerIncompatible \"line\\nbreak\"")]);
    }
}

/// The server never sees it, so nobody else would tell.
#[tokio::test]
async fn a_request_that_lacks_a_member_is_logged_for_all_to_see() {
    let body = json_with(Function::RegisterEvent, "eventId", None);
    let lines = logged(Fake::default(), Function::RegisterEvent, &body).await;
    assert!(lines.len() == 1 && lines[0].starts_with(" INFO "), "{lines:?}");
    assert!(lines[0].contains("outcome=1.6/2.2") && lines[0].contains("eventId"), "{lines:?}");
}

#[tokio::test]
async fn both_ends_tell_of_every_message_under_its_eid() {
    let memory = Memory::default();
    let pki = Pki::get();
    let endpoint = Endpoint::new(Fake::default(), memory.tracer(Actor::Smds));
    let server = Running::start(endpoint, Some(pki.server(pki.all())), Limits::default()).await;
    let tracer: Tracer = memory.tracer(Actor::Smdp);
    let client = Client::new(HOST.parse().unwrap(), pki.client(&pki.smdp), tracer);
    let client = client.with_route(server.route(HOST));
    client.register_event(&messages::header(), &messages::register_event()).await.unwrap();
    let events = memory.events();
    let actors: Vec<Actor> = events.iter().map(|event| event.actor).collect();
    assert_eq!(actors, [Actor::Smdp, Actor::Smds, Actor::Smds, Actor::Smdp]);
    for event in &events {
        assert_eq!(event.ids.eid.as_deref(), Some(EID));
    }
    let What::Http { body, path, .. } = &events[1].what else { panic!() };
    assert_eq!(path, Function::RegisterEvent.json_path());
    assert!(
        body.contains(r#""eventId":"AB-12""#) && body.contains(r#""forwardingIndicator":true"#),
        "{body}"
    );
}
