//! The ports, all open until the process is told to stop.

use std::net::SocketAddr;
#[cfg(unix)]
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};

use super::super::inspect;
use super::Ports;
use super::address::{ListenAddress, ReaderAddress};
use crate::compose::serving::{Serving, interrupted, listen};
use crate::port::{self, Slot};

/// More cards than this are not named one by one.
const NAMED: usize = 20;

/// Serves the cards until the process is told to stop; with no port but standard input and output, until those end. The
/// commands that are being carried out then are finished.
pub async fn serve(ports: Ports, slots: Vec<Arc<Slot>>) -> Result<()> {
    // Standard output may be a port.
    let told = Told { aside: ports.stdio, cards: slots.len() };
    let mut stop: Stop = Box::pin(interrupted());
    // Before anybody is told that there is something to stop.
    if is_ready(&mut stop).await {
        return Ok(());
    }
    let mut serving = Serving::default();
    // First, since a modem that is switched on resets its card.
    #[cfg(unix)]
    if let Some(path) = &ports.at {
        at(&mut serving, path, !ports.at_without_toolkit, &slots, &told).await?;
    }
    if let Some(reader) = &ports.vpcd {
        vpcd(&mut serving, reader, &slots, &told)?;
    }
    if let Some(address) = ports.tcp {
        tcp(&mut serving, address, &slots, &told).await?;
    }
    if let Some(address) = ports.http {
        http(&mut serving, address, &slots, &told).await?;
    }
    let is_alone = ports.vpcd.is_none() && ports.tcp.is_none() && ports.http.is_none();
    #[cfg(unix)]
    let is_alone = is_alone && ports.at.is_none();
    let outcome = match slots.first().filter(|_| ports.stdio) {
        Some(slot) if is_alone => stdio_alone(Arc::clone(slot), stop).await,
        Some(slot) => serving.until(beside_stdio(Arc::clone(slot), stop)).await,
        None => serving.until(stop).await,
    };
    let mut settled = Vec::with_capacity(slots.len());
    for slot in &slots {
        settled.push(slot.settle().await);
    }
    outcome
}

/// Ends when the process is told to stop.
type Stop = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

/// Whether it has ended; from then on, the process hears of signals.
async fn is_ready(stop: &mut Stop) -> bool {
    tokio::select! {
        biased;
        () = stop => true,
        () = std::future::ready(()) => false,
    }
}

/// Until nobody is on standard input any more, or the process is told to stop.
async fn stdio_alone(slot: Arc<Slot>, stop: Stop) -> Result<()> {
    tokio::select! {
        () = stop => Ok(()),
        ended = port::stdio::serve_aside(slot) => ended,
    }
}

/// Until the process is told to stop; whoever leaves standard input leaves the other ports as they are.
async fn beside_stdio(slot: Arc<Slot>, stop: Stop) {
    let stdio = async {
        if let Err(error) = port::stdio::serve_aside(slot).await {
            tracing::error!(error = format!("{error:#}"), "standard input and output fail");
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = stop => {}
        () = stdio => {}
    }
}

fn vpcd(serving: &mut Serving, reader: &ReaderAddress, slots: &[Arc<Slot>], told: &Told) -> Result<()> {
    for (place, slot) in slots.iter().enumerate() {
        let (host, number) = reader.of(place)?;
        told.port(place, || format!("{slot} for the reader at {host}:{number}"));
        let port = port::vpcd::serve(host, number, Arc::clone(slot));
        serving.port("vpcd", until(port, serving.stopped()));
    }
    Ok(())
}

async fn tcp(serving: &mut Serving, address: ListenAddress, slots: &[Arc<Slot>], told: &Told) -> Result<()> {
    told.warn_of_others("--tcp", address);
    for (place, slot) in slots.iter().enumerate() {
        let listener = listen(address.of(place)?).await?;
        let address: SocketAddr = listener.local_addr()?;
        told.port(place, || format!("{slot} on tcp {address}"));
        let port = port::tcp::serve(listener, Arc::clone(slot));
        serving.port("tcp", until(port, serving.stopped()));
    }
    Ok(())
}

async fn http(serving: &mut Serving, address: ListenAddress, slots: &[Arc<Slot>], told: &Told) -> Result<()> {
    told.warn_of_others("--http", address);
    let listener = listen(address.of(0)?).await?;
    told.line(&format!("{} on http://{}/cards", counted(slots.len()), listener.local_addr()?));
    let port = port::http::serve(listener, slots.to_vec(), inspect::without_secrets, serving.stopped());
    serving.port("http", async {
        if let Err(error) = port.await {
            tracing::error!(%error, "the HTTP port failed");
        }
    });
    Ok(())
}

#[cfg(unix)]
async fn at(
    serving: &mut Serving,
    path: &Path,
    toolkit: bool,
    slots: &[Arc<Slot>],
    told: &Told,
) -> Result<()> {
    let is_folder = slots.len() > 1 || path.is_dir();
    if is_folder {
        std::fs::create_dir_all(path).with_context(|| format!("cannot make {}", path.display()))?;
    }
    let mut modems = Vec::with_capacity(slots.len());
    for slot in slots {
        let link = if is_folder { path.join(slot.eid.to_string()) } else { path.to_owned() };
        let port = port::at::Port::start(&link, Arc::clone(slot), toolkit)?;
        modems.push((slot, link, port));
    }
    for (place, (slot, link, mut port)) in modems.into_iter().enumerate() {
        port.is_on().await;
        told.port(place, || {
            format!("{slot} in the modem {}, which is {}", link.display(), port.terminal.display())
        });
        let served = async {
            if let Err(error) = port.end().await {
                tracing::error!(error = format!("{error:#}"), "a modem failed");
            }
        };
        serving.port("at", until(served, serving.stopped()));
    }
    Ok(())
}

async fn until(port: impl Future<Output = ()>, stopped: impl Future<Output = ()>) {
    tokio::select! {
        () = port => {}
        () = stopped => {}
    }
}

/// What the user is told of.
struct Told {
    aside: bool,
    cards: usize,
}

impl Told {
    fn line(&self, line: &str) {
        if self.aside {
            eprintln!("{line}");
        } else {
            println!("{line}");
        }
    }

    /// A port of one of the cards: of many, the first and the last.
    fn port(&self, place: usize, line: impl FnOnce() -> String) {
        if self.cards <= NAMED || place == 0 || place + 1 == self.cards {
            self.line(&line());
        } else if place == 1 {
            self.line(&format!("… {} more …", counted(self.cards - 2)));
        }
    }

    fn warn_of_others(&self, port: &str, address: ListenAddress) {
        if address.is_open_to_others() {
            eprintln!("{port}: whoever reaches this address commands the cards; no password is asked for");
        }
    }
}

fn counted(cards: usize) -> String {
    if cards == 1 { "1 card".to_owned() } else { format!("{cards} cards") }
}
