//! Very many connections that send next to nothing: who is honest should hardly notice.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Result, ensure};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_rustls::TlsConnector;

use super::bench::Bench;
use super::goal::{Bound, Goal, Row, Unit};
use super::lpas::Lpas;
use super::server::Server;
use super::stock::{Stock, matching_id, orders};
use crate::load::result::LoadResult;

/// With as many connections as a server has by itself.
pub static GOALS: [Goal; 1] = [Goal {
    name: "slow",
    what: "p99 of honest LPAs, each on a connection of its own, among slow connections against without",
    bound: Bound::AtMost(2.0, Unit::Times),
}];

/// With fewer than come.
pub static EVICTING: [Goal; 1] = [Goal {
    name: "slow-evicting",
    what: "the same where the server has fewer connections than slow ones come, so that it has to end some for others",
    bound: Bound::AtMost(2.0, Unit::Times),
}];

/// One byte in so long.
const PAUSE: Duration = Duration::from_secs(10);
/// Honest downloads a second: what a server can do easily.
const PER_SECOND: u64 = 100;
/// In which the slow connections come, so that they are no flood.
const RAMP: Duration = Duration::from_secs(10);
/// For how long honest LPAs come: with [`RAMP`] as long as it takes until the server's patience with all the others, a minute for
/// a header, has ended.
const LOOK: Duration = Duration::from_secs(60);

/// All slow connections have a place.
pub fn measure(bench: &Bench) -> Result<Vec<Row>> {
    let [goal] = &GOALS;
    Ok(vec![among_slow_ones(bench, goal, &[])?])
}

/// Two in five have one.
pub fn evicting(bench: &Bench) -> Result<Vec<Row>> {
    let [goal] = &EVICTING;
    let places = (bench.options.slow_connections * 2 / 5).to_string();
    Ok(vec![among_slow_ones(bench, goal, &["--connections".to_owned(), places])?])
}

/// Without, then with.
fn among_slow_ones(bench: &Bench, goal: &'static Goal, settings: &[String]) -> Result<Row> {
    let look = LOOK.min(Duration::from_secs(bench.options.overload_seconds));
    let times = [Duration::ZERO, look];
    let number = PER_SECOND * look.as_secs() * 6 / 5 + 100;
    let stock = Stock::sqlite(&bench.folder("slow")?, orders(0..2 * number))?;
    let server = Server::start_with(bench, &stock, bench.certs()?, settings)?;
    let (wanted, allowed) = (bench.options.slow_connections, bench.files);
    ensure!(wanted as u64 + 500 < allowed, "{wanted} connections where {allowed} files may be open");
    let generator = bench.generator()?;
    let honest = Lpas::of(bench, &server)?.with_new_connections();
    let orders: Vec<String> = (0..2 * number).map(matching_id).collect();
    let (first, second) = orders.split_at(number as usize);

    let without = generator.block_on(honest.arrive(first, PER_SECOND as f64, times))?;
    bench.say(&format!("{wanted} slow connections"));
    let (with, slow) = generator.block_on(async {
        let slow = Slow::begin(server.place, honest.tls(), wanted);
        sleep(RAMP).await;
        let with = honest.arrive(second, PER_SECOND as f64, times).await?;
        anyhow::Ok((with, slow.tally))
    })?;
    let [before, after] = [&without, &with].map(p99);
    let figure = format!(
        "{} ms with, {} ms without; {:.0} and {:.0} downloads a second; {slow}; of the server: {}",
        told(after),
        told(before),
        with.throughput,
        without.throughput,
        server.overloads()?
    );
    Ok(goal.measured(after / before, figure))
}

/// Milliseconds. Where more than one in a hundred fails, it lasts for ever.
fn p99(result: &LoadResult) -> f64 {
    let (succeeded, failed) = (result.whole.succeeded, result.whole.failed);
    match failed * 99 > succeeded {
        true => f64::INFINITY,
        false => result.whole.latency.p99 as f64 / 1e3,
    }
}

fn told(millis: f64) -> String {
    if millis.is_finite() { format!("{millis:.1}") } else { "∞".to_owned() }
}

/// What became of slow connections.
#[derive(Default)]
struct Tally {
    open: AtomicUsize,
    most: AtomicUsize,
    closed: AtomicUsize,
}

impl Tally {
    fn one_more(&self) -> Counted<'_> {
        let open = self.open.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(open, Ordering::Relaxed);
        Counted(self)
    }
}

/// `9987 slow ones open at most, closed 10211 times`.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [most, closed] = [&self.most, &self.closed].map(|count| count.load(Ordering::Relaxed));
        write!(f, "{most} slow ones open at most, closed by the server {closed} times")
    }
}

/// A connection that is open.
struct Counted<'a>(&'a Tally);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Connections that come back when the server ends them, until this is dropped.
struct Slow {
    tally: Arc<Tally>,
    _all: JoinSet<()>,
}

impl Slow {
    /// Half of them never finish their ClientHello, half never finish the header of their request.
    fn begin(server: SocketAddr, tls: &Arc<ClientConfig>, number: usize) -> Self {
        let tally = Arc::new(Tally::default());
        let mut tls = ClientConfig::clone(tls);
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        let tls = Arc::new(tls);
        let mut all = JoinSet::new();
        for index in 0..number {
            let (tally, tls) = (tally.clone(), (index % 2 == 0).then(|| tls.clone()));
            let wait = RAMP.mul_f64(index as f64 / number as f64);
            all.spawn(async move {
                sleep(wait).await;
                loop {
                    let begun = Instant::now();
                    // With an error or without: the server has had enough.
                    let _ = dawdle(server, tls.clone(), &tally).await;
                    tally.closed.fetch_add(1, Ordering::Relaxed);
                    // To connect is more than to send a byte: more often would be no slow connection but a flood.
                    sleep_until(begun + PAUSE).await;
                }
            });
        }
        Self { tally, _all: all }
    }
}

async fn dawdle(server: SocketAddr, tls: Option<Arc<ClientConfig>>, tally: &Tally) -> Result<()> {
    /// How a ClientHello begins, as far as anybody will see it.
    const HELLO: &[u8] = &[0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3];
    const REQUEST: &[u8] = b"POST /gsma/rsp2/es9plus/initiateAuthentication HTTP/1.1\r\n";
    let stream = TcpStream::connect(server).await?;
    match tls {
        None => drip(stream, HELLO, tally).await,
        Some(tls) => {
            let name = ServerName::try_from("localhost")?;
            drip(TlsConnector::from(tls).connect(name, stream).await?, REQUEST, tally).await
        }
    }
}

/// Byte by byte, until the server has enough.
async fn drip(mut stream: impl AsyncRead + AsyncWrite + Unpin, text: &[u8], tally: &Tally) -> Result<()> {
    let _counted = tally.one_more();
    let mut answer = [0; 256];
    for byte in text.iter().cycle() {
        stream.write_all(&[*byte]).await?;
        stream.flush().await?;
        tokio::select! {
            read = stream.read(&mut answer) => if read? == 0 { return Ok(()) },
            () = sleep(PAUSE) => {}
        }
    }
    Ok(())
}
