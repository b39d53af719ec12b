//! An SM-DS that does what it is told, and what it shares with the tests of ES9+.

pub mod fake;
#[path = "../../es2plus/support/log.rs"]
pub mod logs;
#[path = "../../es9plus/support/messages.rs"]
#[expect(dead_code, reason = "ES9+ has more functions")]
pub mod messages;
#[path = "../../es9plus/support/pki.rs"]
pub mod pki;
#[path = "../../es9plus/support/raw.rs"]
pub mod raw;
#[path = "../../shared/running.rs"]
pub mod running;
#[path = "../../es9plus/support/sink.rs"]
pub mod sink;

use asn1::{AuthenticateClientOkEs11, EventEntries, Unknown};
use protocol::es9plus::Function;
use protocol::trace::{Actor, Tracer};
use wire::es9plus::{Binding, Client};
use wire::es11::Endpoint;
use wire::server::Limits;

use fake::Fake;
use pki::{HOST, Pki};
use running::Running;

/// The two functions by what they are on ES9+.
pub const FUNCTIONS: [Function; 2] = [Function::InitiateAuthentication, Function::AuthenticateClient];

/// The answer of AuthenticateClient with these events.
pub fn events(events: &[(&str, &str)]) -> AuthenticateClientOkEs11 {
    let entry = |(id, address): &(&str, &str)| EventEntries {
        event_id: (*id).to_owned(),
        rsp_server_address: (*address).to_owned(),
        unknown: Unknown::none(),
    };
    AuthenticateClientOkEs11 {
        transaction_id: messages::transaction_id(),
        event_entries: events.iter().map(entry).collect(),
        unknown: Unknown::none(),
    }
}

pub fn endpoint(fake: Fake) -> Endpoint<Fake> {
    Endpoint::new(fake, Tracer::off(Actor::Smds))
}

/// ES11 in plain HTTP.
pub async fn plain(fake: Fake) -> Running {
    Running::start(endpoint(fake), None, Limits::default()).await
}

/// ES11 in HTTPS.
pub async fn secure(fake: Fake) -> Running {
    Running::start(endpoint(fake), Some(Pki::get().server().into()), Limits::default()).await
}

/// A client of it.
pub fn client(server: &Running, binding: Binding) -> Client {
    let client = Client::new(HOST.parse().unwrap(), Pki::get().client(), Tracer::off(Actor::Lpa));
    client.with_route(server.route(HOST)).with_binding(binding)
}
