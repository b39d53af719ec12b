use protocol::es2plus::Function;
use protocol::status::{Refusal, StatusCode};
use protocol::trace::{Actor, What};
use wire::es2plus::Endpoint;
use wire::server::Limits;

use crate::support::fake::Fake;
use crate::support::log::Log;
use crate::support::messages::{self, CODE, EID, json_of};
use crate::support::pki::{OPERATOR, Pki};
use crate::support::raw::{post_json, request};
use crate::support::running::{Known, Running};
use crate::support::sink::Memory;

const PATH: &str = "/gsma/rsp2/es2plus/confirmOrder";
/// Of the code, whatever is put around it.
const SECRET: &str = "4321";

/// What a trace and a log hold after a body was posted, with all secrets asked for.
async fn told_of(path: &str, content_type: &str, body: &str, limits: Limits) -> (String, String) {
    let (log, _guard) = Log::start();
    let memory = Memory::default();
    let tracer = memory.tracer(Actor::Smdp).showing_secrets();
    let server = Running::start(Known(Endpoint::new(Fake::default(), tracer)), None, limits).await;
    request(server.address, &format!("POST {path}"), &[content_type], body.as_bytes()).await;
    (format!("{:?}", memory.events()), log.text())
}

#[tokio::test]
async fn a_confirmation_code_is_in_no_trace_and_no_log_of_either_end() {
    let (log, _guard) = Log::start();
    let memory = Memory::default();
    let pki = Pki::get();
    for fake in [Fake::default(), Fake::refusing(Refusal::storage())] {
        let endpoint = Endpoint::new(fake, memory.tracer(Actor::Smdp));
        let tls = pki.server([pki.by_oid(OPERATOR)]);
        let server = Running::start(endpoint, Some(tls), Limits::default()).await;
        let client = server.client_traced(pki.client(&pki.operator), memory.tracer(Actor::Lpa));
        let _ = client.confirm_order(&messages::header(), &messages::confirm_order()).await;
    }
    let events = memory.events();
    assert_eq!(events.len(), 8);
    for text in [format!("{events:?}"), log.text()] {
        assert!(!text.contains(CODE) && !text.contains(SECRET), "{text}");
    }
    let What::Http { body, .. } = &events[1].what else { panic!() };
    assert!(body.contains(r#""confirmationCode":"[redacted]""#) && body.contains(EID), "{body}");
    assert_eq!(events[1].ids.eid.as_deref(), Some(EID));
}

#[tokio::test]
async fn a_confirmation_code_is_hidden_whatever_is_wrong_with_the_request() {
    let good = json_of(Function::ConfirmOrder).to_string();
    let json = "Content-Type: application/json";
    let as_text = serde_json::to_string(&good).unwrap();
    let twice = good.replacen('{', &format!(r#"{{"confirmationCode":"{CODE}","#), 1);
    let number = good.replace(&format!("\"{CODE}\""), SECRET);
    let large = Limits { body: 1024 * 1024, ..Limits::default() };
    for (path, content_type, body) in [
        (PATH, json, good.as_str()),
        (PATH, "Content-Type: text/plain", &good),
        ("/elsewhere", json, &good),
        ("/gsma/rsp2/es2plus/releaseProfile", json, &good),
        (PATH, json, &as_text),
        (PATH, json, &twice),
        (PATH, json, &number),
        (PATH, json, &good.replace("confirmationCode", "confirmation\\u0043ode")),
        (PATH, json, &good[..good.len() - 1]),
        (PATH, json, "confirmationCode=4321"),
        (PATH, json, &format!("{good} 4321")),
        (PATH, json, &format!("[{good}]")),
    ] {
        let (trace, log) = told_of(path, content_type, body, large).await;
        assert!(!trace.contains(SECRET), "{trace}");
        assert!(!log.contains(SECRET), "{log}");
        assert!(trace.contains("redacted") || trace.contains("bytes not shown"), "{trace}");
    }
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_shown_by_its_length() {
    let (trace, _) = told_of(PATH, "Content-Type: application/json", "{\"a\":", Limits::default()).await;
    assert!(trace.contains("[5 bytes not shown]"), "{trace}");
}

#[tokio::test]
async fn a_call_is_logged_in_one_line() {
    let (log, _guard) = Log::start();
    let server = Running::plain(Fake::default()).await;
    post_json(server.address, PATH, &json_of(Function::ConfirmOrder).to_string()).await;
    let expected = concat!(
        r#"DEBUG function="confirmOrder" caller="operator" call="call-7" iccid="8949449999999990023" "#,
        r#"eid="89049032123451234512345678901235" outcome="Executed-Success""#
    );
    assert_eq!(log.lines_with("function="), [expected]);
}

#[tokio::test]
async fn a_refusal_is_logged_once_with_its_code_and_whose_fault_it_is() {
    for (refusal, level, code) in [
        (Refusal::incompatible(StatusCode::ICCID_UNKNOWN, "line\nbreak"), "DEBUG ", "outcome=8.2.1/3.9 "),
        (Refusal::storage(), "DEBUG ", "fault=OurStorage"),
    ] {
        let (log, _guard) = Log::start();
        let server = Running::plain(Fake::refusing(refusal)).await;
        post_json(server.address, PATH, &json_of(Function::ConfirmOrder).to_string()).await;
        let lines = log.lines_with("function=");
        assert!(lines.len() == 1 && lines[0].starts_with(level) && lines[0].contains(code), "{lines:?}");
    }
}

#[tokio::test]
async fn a_profile_that_the_server_chose_is_in_the_line() {
    let (log, _guard) = Log::start();
    let server = Running::plain(Fake::default()).await;
    let function = Function::DownloadOrder;
    let body = messages::json_with(function, "iccid", None);
    post_json(server.address, function.json_path(), &body).await;
    assert!(log.lines_with("function=")[0].contains(r#"iccid="8949449999999990023""#));
}
