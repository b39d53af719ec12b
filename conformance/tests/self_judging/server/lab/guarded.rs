//! A port at which callers show a certificate. Who stands before it is let in by TLS, or, as long as the server is broken so,
//! by a second port that asks nobody for anything.

use std::net::SocketAddr;

use certs::Role;
use certs::tree::Pki;
use conformance::server::target::Callers;
use crypto::Engine;
use tokio::net::{TcpListener, TcpStream};
use wire::server::Service;
use wire::tls::{Admitted, PrivateKey, ServerTls, server_config, server_config_with_client_authentication};
use wire::transport::Route;

use super::{Port, Switch, clock, listening, p256};

/// Where callers go that show a certificate: to `strict` if they are `admitted`, to `open` whoever they are.
pub async fn guarded<S: Service>(
    pki: &Pki,
    (role, host): (Role, &str),
    admitted: impl Into<Admitted>,
    strict: Port<S>,
    open: Port<S>,
) -> Callers {
    let switch = open.switch.clone();
    let (chain, key) = identity(pki, role);
    let mutual = server_config_with_client_authentication(chain, key, admitted, clock()).unwrap();
    let (chain, key) = identity(pki, role);
    let careless = ServerTls::from(server_config(chain, key).unwrap());
    let (strict, open) = (listening(Some(mutual), strict).await, listening(Some(careless), open).await);
    let routes = vec![Route { host: host.to_owned(), to: door(strict, open, switch).await }];
    let root = p256(pki).certificate(Role::Ci).unwrap().raw().to_vec();
    Callers::new(host.parse().unwrap(), routes, vec![root], clock(), p256(pki)).unwrap()
}

fn identity(pki: &Pki, role: Role) -> ([Vec<u8>; 1], PrivateKey) {
    let identity = p256(pki).identity(role, Engine::RustCrypto).unwrap();
    let key = PrivateKey::read("TLS", identity.key().to_pem().unwrap().as_bytes()).unwrap();
    ([identity.certificate().raw().to_vec()], key)
}

/// Leads each connection to one of two ports.
async fn door(strict: SocketAddr, open: SocketAddr, switch: Switch) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut outside, _)) = listener.accept().await {
            let port = if switch.lets_everybody_in() { open } else { strict };
            tokio::spawn(async move {
                let mut inside = TcpStream::connect(port).await.unwrap();
                tokio::io::copy_bidirectional(&mut outside, &mut inside).await.ok();
            });
        }
    });
    address
}
