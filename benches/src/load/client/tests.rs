//! What servers may answer, and what is made of it.

use std::sync::Arc;

use crypto::{Curve, Engine};
use protocol::clock::{FixedClock, Timestamp};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wire::tls::client_config;
use wire::transport::Bounds;

use super::*;
use crate::euicc::Euicc;
use crate::pki::{Authority, NOW};

/// Patience with servers that answer, and with those that do not.
const LONG: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(50);

/// No answer at all.
const SILENCE: &str = "";

/// How a server ends that answers each request with this text: of one that is asked for a session, and of one that is told of an
/// installation.
fn endings(answer: &'static str, within: Duration) -> [Result<(), Failure>; 2] {
    in_runtime(async {
        let bounds = Bounds { time: within, body: 200 };
        let lines = [plain(answer, bounds).await.line(), plain(answer, bounds).await.line()];
        let euicc = euicc();
        [
            lines[0].initiate_authentication(euicc.initiate("localhost", [7; 16])).await.map(drop),
            lines[1].handle_notification(notification(&euicc)).await,
        ]
    })
}

fn in_runtime<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// A server in plain HTTP, and how it is reached.
async fn plain(answer: &'static str, bounds: Bounds) -> Server {
    let server = server(answer).await;
    let transport = Transport::plain(server.address.clone()).with_bounds(bounds);
    let shared = server.routes.iter().cloned().fold(transport, Transport::with_route);
    Server { shared: Some(shared), ..server }
}

/// The same as one that is thought to have TLS.
async fn server(answer: &'static str) -> Server {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let to = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = Vec::new();
                // To the end of a JSON object, or of what is no HTTP.
                while !request.ends_with(b"}") && (request.is_empty() || request.first() == Some(&b'P')) {
                    if stream.read_buf(&mut request).await.unwrap_or_default() == 0 {
                        return;
                    }
                }
                if answer == SILENCE {
                    std::future::pending::<()>().await;
                }
                let _ = stream.write_all(answer.as_bytes()).await;
                // Until the other end has read it.
                let _ = stream.read_buf(&mut request).await;
            });
        }
    });
    let address = format!("localhost:{}", to.port()).parse().unwrap();
    let route = Route { host: "localhost".to_owned(), to };
    Server::new(address, &tls(), &[route], Binding::Json)
}

fn tls() -> Arc<ClientConfig> {
    let authority = Authority::new(Curve::P256, Engine::AwsLc).unwrap();
    let clock = Arc::new(FixedClock(Timestamp::from_unix_seconds(NOW.0)));
    client_config([authority.ci.certificate().raw().to_vec()], clock).unwrap()
}

fn euicc() -> Euicc {
    let authority = Authority::new(Curve::P256, Engine::AwsLc).unwrap();
    Euicc::made_by(&authority.factory, 1).unwrap()
}

fn notification(euicc: &Euicc) -> HandleNotification {
    let transaction_id = asn1::TransactionId::new([7; 16].as_slice()).unwrap();
    let iccid = crate::profile::iccid(1).unwrap();
    let oid = certs::Oid::new(vec![2, 999, 10]).unwrap();
    euicc.installed(&transaction_id, iccid, "localhost", &oid, 1).unwrap()
}

#[test]
fn what_a_server_answers_is_told_apart() {
    let busy = |retry_after| Ending::Busy { retry_after };
    let refused = |subject: &str, reason: &str| Ending::refused(subject, reason);
    for (answer, ending) in [
        ("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n", busy(true)),
        ("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", busy(false)),
        ("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n", Ending::Status(429)),
        ("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n", Ending::Status(500)),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", Ending::Unreadable),
        ("HTTP/1.1 200 OK\r\nContent-Length: 300\r\n\r\n", Ending::TooLong),
        ("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n", Ending::TimedOut),
        (SILENCE, Ending::TimedOut),
        (
            concat!(
                "HTTP/1.1 200 OK\r\nContent-Length: 140\r\n\r\n",
                r#"{"header":{"functionExecutionStatus":{"status":"Failed","statusCodeData":"#,
                r#"{"subjectCode":"8.2.6","reasonCode":"3.8","message":"no"}}}}       "#
            ),
            refused("8.2.6", "3.8"),
        ),
    ] {
        let within = if ending == Ending::TimedOut { SHORT } else { LONG };
        for ended in endings(answer, within) {
            assert_eq!(ended.map_err(|failure| failure.ending), Err(ending.clone()), "{answer}");
        }
    }
}

#[test]
fn only_a_notification_may_have_no_answer_and_some_servers_give_one() {
    let ended = |answer| endings(answer, LONG).map(|ended| ended.map_err(|failure| failure.ending));
    assert_eq!(ended("HTTP/1.1 204 No Content\r\n\r\n"), [Err(Ending::Status(204)), Ok(())]);
    let executed = concat!(
        "HTTP/1.1 200 OK\r\nContent-Length: 71\r\n\r\n",
        r#"{"header":{"functionExecutionStatus":{"status":"Executed-Success"}}}   "#
    );
    assert_eq!(ended(executed), [Err(Ending::Unreadable), Ok(())]);
}

#[test]
fn why_it_failed_is_told_in_the_words_of_who_noticed() {
    let why = |answer| endings(answer, LONG).map(|ended| ended.unwrap_err().why)[0].clone();
    let wordy = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 9\r\n\r\ntoo busy!";
    assert_eq!(why(wordy), "too busy!");
    assert!(why("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").contains("header"));
}

#[test]
fn a_server_without_tls_is_told() {
    let ended = in_runtime(async {
        let server = server("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
        server.line().initiate_authentication(euicc().initiate("localhost", [7; 16])).await
    });
    assert_eq!(ended.map(drop).map_err(|failure| failure.ending), Err(Ending::NoTls));
}

#[test]
fn a_host_is_looked_up_once_and_one_that_has_a_place_not_at_all() {
    in_runtime(async {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let place = listener.local_addr().unwrap();
        let address: ServerAddress = format!("localhost:{}", place.port()).parse().unwrap();
        let server = Server::new(address.clone(), &tls(), &[], Binding::Json).resolved().await;
        assert_eq!(server.routes, [Route { host: "localhost".to_owned(), to: place }]);
        let elsewhere = Route { host: "LOCALHOST".to_owned(), to: ([127, 0, 0, 2], 1).into() };
        let server =
            Server::new(address, &tls(), std::slice::from_ref(&elsewhere), Binding::Json).resolved().await;
        assert_eq!(server.routes, [elsewhere]);
    });
}

#[test]
fn a_line_tells_what_a_call_took_over_the_wire() {
    in_runtime(async {
        let bounds = Bounds { time: SHORT, body: 200 };
        let line = plain(SILENCE, bounds).await.line();
        assert_eq!(target::Line::took(&line), Some(Duration::ZERO));
        let _ = line.initiate_authentication(euicc().initiate("localhost", [7; 16])).await;
        assert!(target::Line::took(&line) >= Some(SHORT));
    });
}
