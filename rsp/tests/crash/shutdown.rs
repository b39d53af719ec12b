//! SIGTERM: what is in flight is answered, then the process ends with 0.

use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use crypto::Curve;
use data_encoding::BASE64;
use protocol::es9plus::Function;
use protocol::trace::{Actor, Tracer};
use rustls::{ClientConnection, StreamOwned};

use crate::common::Bench;
use crate::lab::cards::{self, Issuers};
use crate::lab::server::{Launch, Ports, Server};
use crate::lab::{Now, http};
use crate::run::{Field, Size};
use crate::{check, killer};

#[test]
fn a_request_that_has_begun_is_answered_before_the_server_ends() {
    let bench = Bench::new();
    let launch = Launch { arguments: vec!["--store=store".to_owned()], ..Launch::default() };
    let mut server = Server::start(&bench, Ports::free(), launch);
    let body = initiate_authentication(&bench, server.ports);
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         X-Admin-Protocol: gsma/rsp/v2.2.0\r\nUser-Agent: gsma-rsp-lpad\r\n\r\n",
        Function::InitiateAuthentication.json_path(),
        body.len()
    );
    let (first, rest) = body.split_at(body.len() / 2);

    let mut stream = connect(&bench, server.ports);
    write!(stream, "{head}{first}").unwrap();
    stream.flush().unwrap();
    // So that the server has seen the beginning.
    std::thread::sleep(Duration::from_millis(300));
    server.ask_to_stop();
    std::thread::sleep(Duration::from_millis(500));
    assert!(server.is_running(), "{}", server.log());
    assert!(TcpStream::connect(server.ports.es9plus).is_err(), "nobody new is let in");

    write!(stream, "{rest}").unwrap();
    stream.flush().unwrap();
    let answer = http::read(&mut stream).unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(
        answer.text.contains("Executed-Success") && answer.text.contains("transactionId"),
        "{}",
        answer.text
    );
    assert_eq!(server.ended().code(), Some(0), "{}", server.log());
}

#[test]
fn a_server_that_is_asked_to_stop_amid_downloads_ends_with_0_each_time() {
    let (bench, size) = (Bench::new(), Size { downloads: 40, points: 3 });
    let mut field = Field::new(&bench, size, killer::seed(), "store", &[]);
    let outcome = field.run(|server, _| {
        assert_eq!(server.stop(), Some(0), "{}", server.log());
        server.restart();
    });
    assert_eq!(field.server.stop(), Some(0), "{}", field.server.log());
    field.tell("SQLite, server stopped", &outcome);
    check::sqlite(&field, &bench.path("store"));
    assert_eq!(outcome.blows, size.points);
}

fn connect(bench: &Bench, ports: Ports) -> StreamOwned<ClientConnection, TcpStream> {
    let config = wire::tls::client_config([Issuers::of(bench).root()], Arc::new(Now)).unwrap();
    let mut config = rustls::ClientConfig::clone(&config);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let connection = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    let stream = TcpStream::connect(ports.es9plus).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    StreamOwned::new(connection, stream)
}

fn initiate_authentication(bench: &Bench, ports: Ports) -> String {
    let card = Issuers::of(bench).card(1, Curve::P256);
    let mut isd_r = cards::power_on(card, 1, Tracer::off(Actor::Euicc));
    serde_json::json!({
        "euiccChallenge": BASE64.encode(&[7; 16]),
        "euiccInfo1": BASE64.encode(isd_r.get_euicc_info1().unwrap().bytes()),
        "smdpAddress": format!("localhost:{}", ports.es9plus.port()),
    })
    .to_string()
}
