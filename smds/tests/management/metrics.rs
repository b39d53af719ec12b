//! `/metrics` after some calls.

use std::time::Duration;

use crypto::Curve;
use service::management::Access;

use crate::api::Api;
use crate::common::calls::{cascaded, deletion, event, event_id, smdp};
use crate::common::euicc::Euicc;
use crate::common::line::Fate;
use crate::common::server::{Server, refused};

impl Api {
    async fn metrics(&self) -> String {
        let answer = self.get("/metrics").await;
        let kind = answer.headers["content-type"].to_str().unwrap();
        assert!(kind.starts_with("application/openmetrics-text; version=1.0.0"), "{kind}");
        assert_eq!(answer.status, 200);
        answer.text
    }
}

#[track_caller]
fn assert_has(text: &str, line: &str) {
    assert!(text.lines().any(|one| one == line), "{line}\n{text}");
}

fn euicc() -> Euicc {
    Euicc::new(Curve::P256, 1)
}

#[tokio::test]
async fn calls_are_counted_by_function_and_outcome_and_timed() {
    let api = Api::new();
    let server = &api.server;
    for number in [1, 2] {
        server.register(&smdp(1), event(number)).await.unwrap();
    }
    assert_eq!(refused(server.register(&smdp(1), event(1)).await), "8.9.5/3.3");
    server.delete(&smdp(1), deletion(1)).await.unwrap();
    for number in [1, 9] {
        assert_eq!(refused(server.delete(&smdp(1), deletion(number)).await), "8.9.5/3.9");
    }
    assert_eq!(server.told(&euicc()).await, ["EVENT-2"]);
    assert_eq!(refused(server.ask(&euicc(), Some("EVENT-1")).await), "8.9.5/3.9");
    let text = api.metrics().await;
    for (interface, function, outcome, number) in [
        ("ES11", "initiateAuthentication", "ok", 2),
        ("ES11", "authenticateClient", "ok", 1),
        ("ES11", "authenticateClient", "8.9.5/3.9", 1),
        ("ES12", "registerEvent", "ok", 2),
        ("ES12", "registerEvent", "8.9.5/3.3", 1),
        ("ES12", "deleteEvent", "ok", 1),
        ("ES12", "deleteEvent", "8.9.5/3.9", 2),
    ] {
        let labels = format!("interface=\"{interface}\",function=\"{function}\",outcome=\"{outcome}\"");
        assert_has(&text, &format!("rsp_function_calls_total{{{labels}}} {number}"));
    }
    for (interface, function, number) in
        [("ES11", "authenticateClient", 2), ("ES12", "registerEvent", 3), ("ES12", "deleteEvent", 3)]
    {
        let labels = format!("{{interface=\"{interface}\",function=\"{function}\"}}");
        assert_has(&text, &format!("rsp_function_duration_seconds_count{labels} {number}"));
    }
    assert_has(&text, &format!("rsp_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION")));
    assert!(text.ends_with("# EOF\n"));
}

#[tokio::test]
async fn calls_to_the_root_are_counted_by_what_became_of_them() {
    let api = Api::over(Server::impatient(), Access::open());
    let server = &api.server;
    server.line.next([
        Fate::Answered,
        Fate::Refused("1.6", "2.1"),
        Fate::NotReached,
        Fate::AnswerLost,
        Fate::Late,
        // Two errands are left over.
        Fate::Refused("1.2", "4.2"),
        Fate::NotReached,
    ]);
    server.register(&smdp(1), cascaded(1)).await.unwrap();
    for number in 2..=5 {
        server.register(&smdp(1), cascaded(number)).await.unwrap_err();
    }
    server.run_errands().await;
    server.delete(&smdp(1), deletion(1)).await.unwrap();
    // What stays here is nothing to the Root.
    server.register(&smdp(1), event(6)).await.unwrap();
    let text = api.metrics().await;
    for (function, outcome, number) in [
        ("registerEvent", "ok", 1),
        ("registerEvent", "refused", 1),
        ("registerEvent", "not_reached", 1),
        ("registerEvent", "no_answer", 2),
        ("deleteEvent", "refused", 1),
        ("deleteEvent", "not_reached", 1),
        ("deleteEvent", "ok", 1),
    ] {
        let labels = format!("{{function=\"{function}\",outcome=\"{outcome}\"}}");
        assert_has(&text, &format!("rsp_root_calls_total{labels} {number}"));
    }
    assert_has(&text, "rsp_root_deletions 2");
    let lines = text.lines().filter(|line| line.starts_with("rsp_root_calls_total"));
    assert_eq!(lines.count(), 7, "{text}");
}

#[tokio::test]
async fn what_the_store_holds_is_shown_as_it_is_now() {
    let api = Api::with_lifetime();
    let server = &api.server;
    let text = api.metrics().await;
    assert_has(&text, "rsp_store_up 1");
    assert_has(&text, "rsp_store_errors_total 0");
    for state in ["Forwarding", "Registered", "Deleted", "Expired", "Removed"] {
        assert_has(&text, &format!("rsp_events{{state=\"{state}\"}} 0"));
    }
    assert_has(&text, "rsp_sessions 0");
    assert_has(&text, "rsp_root_deletions 0");

    server.register(&smdp(1), cascaded(1)).await.unwrap();
    server.clock.advance(Duration::from_secs(24 * 60 * 60));
    server.sweep().await;
    for number in 2..=6 {
        server.register(&smdp(1), event(number)).await.unwrap();
    }
    server.delete(&smdp(1), deletion(2)).await.unwrap();
    for number in [3, 4] {
        api.delete(&api.path_of(number).await).await.ok(204);
    }
    api.forwarding(7).await;
    server.opened(&euicc()).await;
    // AuthenticateClient ends its session.
    server.told(&euicc()).await;
    let text = api.metrics().await;
    for line in [
        "rsp_events{state=\"Forwarding\"} 1",
        "rsp_events{state=\"Registered\"} 2",
        "rsp_events{state=\"Deleted\"} 1",
        "rsp_events{state=\"Expired\"} 1",
        "rsp_events{state=\"Removed\"} 2",
        "rsp_sessions 1",
        "rsp_root_deletions 1",
    ] {
        assert_has(&text, line);
    }
}

/// Else a peer could fill the memory of those who collect them.
#[tokio::test]
async fn no_label_has_a_value_that_a_peer_chose() {
    let api = Api::new();
    let server = &api.server;
    server.line.next([Fate::Answered, Fate::Refused("9.9.9", "7.7")]);
    server.register(&smdp(1), cascaded(1)).await.unwrap();
    server.register(&smdp(1), cascaded(2)).await.unwrap_err();
    assert_eq!(refused(server.ask(&euicc(), Some("NOBODYS")).await), "8.9.5/3.9");
    let text = api.metrics().await;
    let event_id2 = server.book.records()[0].event_id.to_string();
    for value in [
        euicc().eid.to_string(),
        event_id(1).to_string(),
        event_id2,
        smdp(1).oid.to_string(),
        "NOBODYS".to_owned(),
        "9.9.9".to_owned(),
    ] {
        assert!(!text.contains(&value), "{value}");
    }
}
