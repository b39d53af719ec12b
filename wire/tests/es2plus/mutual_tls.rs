//! Who gets in, and as whom.

use std::sync::Arc;

use certs::Identity;
use protocol::status::Fault;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, SupportedProtocolVersion};
use wire::es2plus::ClientError;
use wire::tls::{Caller, ServerTls};
use wire::transport::TransportError;

use crate::support::fake::Fake;
use crate::support::log::Log;
use crate::support::messages;
use crate::support::pki::{OPERATOR, Pki, operator, pinned, sha256};
use crate::support::running::Running;

const VERSIONS: [&SupportedProtocolVersion; 2] = [&TLS12, &TLS13];

/// As whom a client gets in; an error if it sees nothing of HTTP.
pub async fn let_in(tls: ServerTls, client: Arc<ClientConfig>) -> Result<String, ClientError> {
    let fake = Fake::default();
    let server = Running::with_tls(fake.clone(), tls).await;
    let client = server.client_with(client);
    let answer = client.release_profile(&messages::header(), &messages::release_profile()).await;
    assert_eq!(fake.callers().len(), usize::from(answer.is_ok()), "the server was asked");
    answer.map(|()| fake.callers().remove(0))
}

/// The same in both versions of TLS; where it is refused, the words of TLS 1.2. In TLS 1.3 they come when the client takes
/// itself for connected, and may be lost with the connection.
pub async fn let_in_by_both(callers: Vec<Caller>, shown: Option<&Identity>) -> Result<String, ClientError> {
    let pki = Pki::get();
    let shown = shown.map(|identity| (identity.certificate(), identity.key()));
    let first = let_in(pki.server(callers.clone()), pki.odd_client(&TLS12, shown)).await;
    let second = let_in(pki.server(callers), pki.odd_client(&TLS13, shown)).await;
    match (&first, &second) {
        (Ok(first), Ok(second)) => assert_eq!(first, second),
        (Err(ClientError::Transport(_)), Err(ClientError::Transport(_))) => {}
        differing => panic!("{differing:?}"),
    }
    first
}

/// The handshake fails in both versions; what TLS says of it.
pub async fn kept_out(callers: Vec<Caller>, shown: Option<&Identity>) -> String {
    let error = let_in_by_both(callers, shown).await.unwrap_err();
    assert!(matches!(error, ClientError::Transport(TransportError::Tls { .. })), "{error}");
    assert_eq!(error.fault(), Some(Fault::PeerIncompatible));
    error.to_string()
}

fn by_oid() -> Vec<Caller> {
    vec![Pki::get().by_oid(OPERATOR)]
}

#[tokio::test]
async fn an_operator_is_known_by_its_object_identifier() {
    assert_eq!(let_in_by_both(by_oid(), Some(&Pki::get().operator)).await.unwrap(), "operator");
}

#[tokio::test]
async fn an_operator_is_known_by_its_pinned_certificate_whoever_issued_it() {
    let stranger = Pki::new(8).operator;
    let callers = vec![pinned("pinned", stranger.certificate())];
    assert_eq!(let_in_by_both(callers, Some(&stranger)).await.unwrap(), "pinned");
}

#[tokio::test]
async fn a_client_without_a_certificate_sees_nothing() {
    let error = kept_out(by_oid(), None).await;
    assert!(error.contains("received fatal alert"), "{error}");
}

#[tokio::test]
async fn a_certificate_that_nobody_knows_sees_nothing() {
    let stranger = Pki::new(8).operator;
    kept_out(by_oid(), Some(&stranger)).await;
    kept_out(vec![pinned("pinned", Pki::get().operator.certificate())], Some(&stranger)).await;
    kept_out(Vec::new(), Some(&Pki::get().operator)).await;
}

#[tokio::test]
async fn each_caller_has_its_own_name() {
    let pki = Pki::get();
    let other = operator(&pki.ci, 21, |description| {
        description.set(crate::support::pki::registered_ids(&[&[2, 999, 21]]));
    });
    let named = |name: &str, oid: &'static [u32]| Caller { name: name.to_owned(), ..pki.by_oid(oid) };
    let callers = vec![named("one", OPERATOR), named("other", &[2, 999, 21])];
    assert_eq!(let_in_by_both(callers.clone(), Some(&pki.operator)).await.unwrap(), "one");
    assert_eq!(let_in_by_both(callers, Some(&other)).await.unwrap(), "other");
}

#[tokio::test]
async fn a_pin_goes_before_an_object_identifier() {
    let pki = Pki::get();
    let callers = vec![pki.by_oid(OPERATOR), pinned("pinned", pki.operator.certificate())];
    assert_eq!(let_in_by_both(callers, Some(&pki.operator)).await.unwrap(), "pinned");
}

/// A certificate is public: only its key makes a caller.
#[tokio::test]
async fn somebody_elses_certificate_without_its_key_sees_nothing() {
    let pki = Pki::get();
    let own = Pki::new(9).operator;
    let critical = operator(&pki.ci, 22, |description| {
        use certs::workshop::DescribedExtension;
        description
            .set(DescribedExtension::certificate_policies(&[certs::Role::DpTls.policy()], true).unwrap());
    });
    for stolen in [pki.operator.certificate(), critical.certificate()] {
        for callers in [by_oid(), vec![pinned("pinned", stolen)]] {
            for version in VERSIONS {
                let client = pki.odd_client(version, Some((stolen, own.key())));
                let error = let_in(pki.server(callers.clone()), client).await.unwrap_err();
                assert!(matches!(error, ClientError::Transport(_)), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn two_connections_at_a_time_keep_their_callers_apart() {
    let pki = Pki::get();
    let other = Pki::new(8).operator;
    let fake = Fake::default();
    let tls = pki.server([pki.by_oid(OPERATOR), pinned("pinned", other.certificate())]);
    let server = Running::with_tls(fake.clone(), tls).await;
    let one = server.client();
    let two = server.client_with(pki.client(&other));
    let (header, order) = (messages::header(), messages::release_profile());
    for client in [&one, &two, &one, &two] {
        client.release_profile(&header, &order).await.unwrap();
    }
    assert_eq!(fake.callers(), ["operator", "pinned", "operator", "pinned"]);
}

#[tokio::test]
async fn a_refused_certificate_is_logged_with_what_to_pin() {
    let (log, _guard) = Log::start();
    let stranger = Pki::new(8).operator;
    kept_out(by_oid(), Some(&stranger)).await;
    let lines = log.lines_with("TLS handshake failed");
    let fingerprint = data_encoding::HEXUPPER.encode(&sha256(stranger.certificate()));
    let told =
        format!("with SHA-256 {fingerprint} makes no caller known: it names the caller \"operator\", but");
    assert!(lines.len() == 2 && lines.iter().all(|line| line.contains(&told)), "{lines:?}");
}

#[tokio::test]
async fn a_session_is_never_resumed() {
    use rustls::pki_types::ServerName;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let pki = Pki::get();
    let server = Running::secure(Fake::default()).await;
    let shown = (pki.operator.certificate(), pki.operator.key());
    for version in VERSIONS {
        let connector = tokio_rustls::TlsConnector::from(pki.odd_client(version, Some(shown)));
        for _ in 0..3 {
            let stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
            let name = ServerName::try_from(crate::support::pki::HOST).unwrap();
            let mut stream = connector.connect(name, stream).await.unwrap();
            stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer).await;
            assert!(answer.starts_with(b"HTTP/1.1 404"));
            let kind = stream.get_ref().1.handshake_kind();
            assert_eq!(kind, Some(rustls::HandshakeKind::Full), "{version:?}");
        }
    }
}
