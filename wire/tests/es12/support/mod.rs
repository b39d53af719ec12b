//! An SM-DS that does what it is told, its callers, and what is shared with the tests of ES2+.

#[path = "../../es2plus/support/pki.rs"]
#[expect(dead_code, reason = "ES2+ knows its callers otherwise")]
pub mod certificates;
pub mod fake;
#[path = "../../es2plus/support/log.rs"]
pub mod logs;
pub mod messages;
pub mod pki;
#[path = "../../es9plus/support/raw.rs"]
#[expect(dead_code, reason = "ES9+ has a second binding")]
pub mod raw;
#[path = "../../shared/running.rs"]
pub mod running;
#[path = "../../es9plus/support/sink.rs"]
#[expect(dead_code, reason = "the lines of ES9+ are of no use here")]
pub mod sink;

use std::sync::Arc;

use http::{Request, Response};
use hyper::body::Bytes;
use protocol::es12::{Caller, CallerKind};
use protocol::trace::{Actor, Tracer};
use rustls::ClientConfig;
use wire::es12::{Client, Endpoint};
use wire::server::{Authenticated, Limits, Peer, Received, Service};
use wire::tls::ServerTls;

use fake::Fake;
use pki::{HOST, Pki, SMDP};
use running::Running;

pub fn endpoint(fake: Fake) -> Endpoint<Fake> {
    Endpoint::new(fake, Tracer::off(Actor::Smds))
}

/// The caller that the tests without TLS have.
pub fn smdp() -> Caller {
    Caller { oid: certs::oid::owned(SMDP), kind: CallerKind::Smdp }
}

/// ES12 in plain HTTP, as if TLS had said who calls.
pub async fn plain(fake: Fake) -> Running {
    let caller = Authenticated::RspServer(Arc::new(smdp()));
    Running::start(Known(endpoint(fake), Some(caller)), None, Limits::default()).await
}

/// ES12 over TLS, for everybody below the CI.
pub async fn secure(fake: Fake) -> Running {
    with_tls(fake, Pki::get().server(Pki::get().all())).await
}

pub async fn with_tls(fake: Fake, tls: ServerTls) -> Running {
    Running::start(endpoint(fake), Some(tls), Limits::default()).await
}

/// The SM-DP+ of the PKI as a client.
pub fn client(server: &Running) -> Client {
    client_with(server, Pki::get().client(&Pki::get().smdp))
}

pub fn client_with(server: &Running, tls: Arc<ClientConfig>) -> Client {
    Client::new(HOST.parse().unwrap(), tls, Tracer::off(Actor::Smdp)).with_route(server.route(HOST))
}

/// Says who every request comes from.
pub struct Known<S>(pub S, pub Option<Authenticated>);

impl<S: Service> Service for Known<S> {
    async fn answer(&self, mut request: Request<Received>) -> Response<Bytes> {
        let address = request.extensions().get::<Peer>().unwrap().address;
        request.extensions_mut().insert(Peer { address, caller: self.1.clone() });
        self.0.answer(request).await
    }
}
