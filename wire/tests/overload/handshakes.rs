use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use rustls::ServerConfig;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::block_in_place;
use tokio_rustls::TlsConnector;
use wire::server::{Limits, Overload};

use crate::pki::{HOST, Pki};
use crate::support::{Gated, Running};

/// Shows a certificate, and takes its time over the first: so long a handshake has its turn.
#[derive(Debug)]
struct Slow {
    certificate: Arc<dyn ResolvesServerCert>,
    is_first: AtomicBool,
    begun: Arc<Notify>,
    go_on: Mutex<mpsc::Receiver<()>>,
}

impl ResolvesServerCert for Slow {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        if self.is_first.swap(false, Ordering::Relaxed) {
            self.begun.notify_one();
            let _ = block_in_place(|| self.go_on.lock().unwrap().recv());
        }
        self.certificate.resolve(hello)
    }
}

async fn shakes_hands(server: &Running) -> bool {
    let stream = TcpStream::connect(server.address).await.unwrap();
    TlsConnector::from(Pki::get().client()).connect(HOST.try_into().unwrap(), stream).await.is_ok()
}

/// What becomes of a handshake while another has its turn, and what the service is told.
async fn second_of(handshakes: Option<NonZeroUsize>) -> (bool, Vec<Overload>) {
    let (go, go_on) = mpsc::channel();
    let begun = Arc::new(Notify::new());
    let mut config = ServerConfig::clone(&Pki::get().server());
    config.cert_resolver = Arc::new(Slow {
        certificate: config.cert_resolver.clone(),
        is_first: AtomicBool::new(true),
        begun: begun.clone(),
        go_on: Mutex::new(go_on),
    });
    let service = Gated::shut();
    let limits = Limits { handshakes, ..Limits::default() };
    let server = Running::start_with(service.clone(), Some(Arc::new(config).into()), limits).await;
    let server = Arc::new(server);
    let first = tokio::spawn({
        let server = server.clone();
        async move { shakes_hands(&server).await }
    });
    begun.notified().await;
    let second = shakes_hands(&server).await;
    go.send(()).unwrap();
    assert!(first.await.unwrap());
    assert!(shakes_hands(&server).await);
    (second, service.told())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handshake_that_gets_no_turn_is_cut_off() {
    assert_eq!(second_of(NonZeroUsize::new(1)).await, (false, vec![Overload::Handshake]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handshakes_wait_for_no_turn_where_there_are_enough_or_any_number() {
    for enough in [NonZeroUsize::new(2), None] {
        assert_eq!(second_of(enough).await, (true, vec![]));
    }
}
