//! The public address of a server whose processes come and go: each connection goes to the next process in turn, as before a load
//! balancer. Where there is none, a connection ends as soon as it is made.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

/// A public address.
pub struct Gate {
    at: SocketAddr,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    /// The ports of the processes, the next one first.
    behind: Vec<u16>,
    /// Where each connection so far has gone.
    taken: Vec<u16>,
    open: Vec<TcpStream>,
    deaf: bool,
    closed: bool,
}

impl Gate {
    /// On any free port, with nobody behind it.
    pub fn new() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let at = listener.local_addr().unwrap();
        let gate = Self { at, shared: Arc::default() };
        let shared = gate.shared.clone();
        std::thread::spawn(move || {
            for client in listener.incoming() {
                if locked(&shared).closed {
                    return;
                }
                if let Ok(client) = client {
                    // Whoever does not get through is told by the end of its connection.
                    let _ = pass(client, &shared);
                }
            }
        });
        gate
    }

    /// `localhost:…`.
    pub fn address(&self) -> String {
        format!("localhost:{}", self.at.port())
    }

    pub fn add(&self, port: u16) {
        self.shared().behind.push(port);
    }

    pub fn remove(&self, port: u16) {
        self.shared().behind.retain(|one| *one != port);
    }

    /// Where each connection so far has gone.
    pub fn taken(&self) -> Vec<u16> {
        self.shared().taken.clone()
    }

    /// Ends all connections.
    pub fn cut(&self) {
        for stream in self.shared().open.drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// From now on, what a server says after the TLS handshake is lost: its clients ask, and get no answer.
    pub fn lose_answers(&self, deaf: bool) {
        self.shared().deaf = deaf;
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        locked(&self.shared)
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.shared().closed = true;
        self.cut();
        // Wakes the thread that listens.
        let _ = TcpStream::connect(self.at);
    }
}

fn locked(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap()
}

fn pass(client: TcpStream, shared: &Mutex<Shared>) -> std::io::Result<()> {
    let mut locked = locked(shared);
    let Some(&port) = locked.behind.first() else { return Ok(()) };
    locked.behind.rotate_left(1);
    let server = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    for stream in [&client, &server] {
        stream.set_nodelay(true)?;
        locked.open.push(stream.try_clone()?);
    }
    locked.taken.push(port);
    let hearing = Arc::new(Hearing { deaf: locked.deaf, ..Hearing::default() });
    let (questions, answers) = ((client.try_clone()?, server.try_clone()?), (server, client));
    let heard = hearing.clone();
    std::thread::spawn(move || copy(questions, |bytes| heard.question(bytes)));
    std::thread::spawn(move || copy(answers, |_| hearing.answer()));
    Ok(())
}

fn copy((mut from, mut to): (TcpStream, TcpStream), is_delivered: impl Fn(&[u8]) -> bool) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        if is_delivered(&buffer[..length]) && to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}

/// Whether a client hears its server.
#[derive(Default)]
struct Hearing {
    deaf: bool,
    answered: AtomicBool,
    lost: AtomicBool,
}

impl Hearing {
    fn question(&self, bytes: &[u8]) -> bool {
        // A ChangeCipherSpec of its own may come while the server still introduces itself (RFC 8446 appendix D.4).
        const CHANGE_CIPHER_SPEC: usize = 6;
        if self.deaf && self.answered.load(Ordering::SeqCst) && bytes.len() > CHANGE_CIPHER_SPEC {
            self.lost.store(true, Ordering::SeqCst);
        }
        true
    }

    fn answer(&self) -> bool {
        self.answered.store(true, Ordering::SeqCst);
        !self.lost.load(Ordering::SeqCst)
    }
}
