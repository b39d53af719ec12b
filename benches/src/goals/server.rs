//! A real `rsp smdp serve` in a process of its own.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use super::bench::Bench;
use super::process;
use super::stock::Stock;

/// How long a server may take until it is ready, and until it has ended.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often is looked whether it is ready.
const LOOK: Duration = Duration::from_millis(2);

/// A server that runs. It ends with this value.
pub struct Server {
    child: Child,
    /// Where it listens for LPAs.
    pub place: SocketAddr,
    management: SocketAddr,
    /// How long it took from its start until it was ready.
    pub start: Duration,
    log: PathBuf,
}

impl Server {
    /// Starts one on the servers' processor, with the settings that an operator gets who says nothing, and waits until it is
    /// ready.
    ///
    /// # Errors
    /// Where it ends, or is not ready in time; with what it wrote.
    pub fn start(bench: &Bench, stock: &Stock) -> Result<Self> {
        Self::start_with(bench, stock, bench.certs()?, &[])
    }

    /// The same with other certificates, and with settings.
    ///
    /// # Errors
    /// The same.
    pub fn start_with(bench: &Bench, stock: &Stock, certs: &Path, settings: &[String]) -> Result<Self> {
        let log = stock.key.with_extension("log");
        let mut command = Command::new(bench.rsp()?);
        command.args(["smdp", "serve", "--listen", "127.0.0.1:0", "--management-listen", "127.0.0.1:0"]);
        command.arg("--certs").arg(certs).arg("--store").arg(&stock.store);
        command.arg("--store-key").arg(&stock.key).args(settings);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(&log)?);
        let begun = Instant::now();
        let mut child = bench.on_the_servers_processor(|| command.spawn().context("cannot start rsp"))?;
        let told = told_by(&mut child);
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let mut server = Self { child, place: nowhere, management: nowhere, start: Duration::ZERO, log };
        server.place = server.port(&told, "SM-DP+ ")?;
        server.management = server.port(&told, "management ")?;
        while !server.is_ready() {
            server.must_go_on(begun)?;
            std::thread::sleep(LOOK);
        }
        server.start = begun.elapsed();
        Ok(server)
    }

    /// The address by which LPAs know it.
    pub fn address(&self) -> String {
        format!("localhost:{}", self.place.port())
    }

    /// Processor time that it has spent.
    ///
    /// # Errors
    /// Where it has ended.
    pub fn cpu(&self) -> Result<Duration> {
        process::cpu_of(self.child.id())
    }

    /// Bytes of it that are in memory.
    ///
    /// # Errors
    /// Where it has ended.
    pub fn resident(&self) -> Result<u64> {
        process::resident(self.child.id())
    }

    /// What a counter or gauge of `/metrics` comes to by one of its labels; those with other labels that are the same are added up.
    ///
    /// # Errors
    /// Where it does not answer.
    pub fn metric(&self, name: &str, label: &str) -> Result<BTreeMap<String, u64>> {
        Ok(by_label(&asked(self.management, "/metrics")?, name, label))
    }

    /// What it did not do because too much was asked of it: `17 new request, 4 handshake`.
    ///
    /// # Errors
    /// Where it does not answer.
    pub fn overloads(&self) -> Result<String> {
        let told = self.metric("rsp_overload_total", "what")?;
        let told: Vec<String> = told.iter().map(|(what, count)| format!("{count} {what}")).collect();
        Ok(if told.is_empty() { "none".to_owned() } else { told.join(", ") })
    }

    /// Ends it without a chance to clear up: SIGKILL.
    ///
    /// # Errors
    /// Where the system refuses.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// A line `NAME… on ADDRESS` on its standard output.
    fn port(&mut self, told: &Receiver<String>, name: &str) -> Result<SocketAddr> {
        loop {
            let Ok(line) = told.recv_timeout(PATIENCE) else { bail!("rsp has not started: {}", self.said()) };
            if let Some((_, address)) = line.strip_prefix(name).and_then(|line| line.rsplit_once("on ")) {
                return address.trim().parse().with_context(|| line.clone());
            }
        }
    }

    fn is_ready(&self) -> bool {
        asked(self.management, "/ready").is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
    }

    fn must_go_on(&mut self, since: Instant) -> Result<()> {
        if self.child.try_wait()?.is_some() || since.elapsed() > PATIENCE {
            bail!("rsp is not ready: {}", self.said());
        }
        Ok(())
    }

    /// The end of its log.
    fn said(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        log.lines().rev().take(3).collect::<Vec<_>>().join(" | ")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        let asked = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        let _ = asked.map(|pid| kill_process(pid, Signal::TERM));
        let since = Instant::now();
        while since.elapsed() < Duration::from_secs(15) {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Its lines, read to the end, so that it never waits for us.
fn told_by(child: &mut Child) -> Receiver<String> {
    let (sender, told) = channel();
    if let Some(output) = child.stdout.take() {
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
    }
    told
}

/// What it answers to GET, header and all.
fn asked(management: SocketAddr, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(management)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// In the text format of Prometheus a sample is `NAME{LABEL="VALUE",…} NUMBER`.
fn by_label(metrics: &str, name: &str, label: &str) -> BTreeMap<String, u64> {
    let mut told = BTreeMap::new();
    let key = format!("{label}=\"");
    for line in metrics.lines() {
        let sample = line.strip_prefix(name).and_then(|rest| rest.strip_prefix('{')?.split_once("} "));
        let Some((labels, number)) = sample else { continue };
        let value = labels.split_once(&key).and_then(|(_, rest)| rest.split_once('"'));
        if let (Some((value, _)), Ok(number)) = (value, number.trim().parse::<u64>()) {
            *told.entry(value.to_owned()).or_default() += number;
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_told_by_a_label() {
        let metrics = "HTTP/1.1 200 OK\r\n\r\n\
            # HELP rsp_overload What was not done.\n\
            rsp_overload_total{interface=\"ES9+\",what=\"new request\"} 5\n\
            rsp_overload_total{interface=\"ES2+\",what=\"new request\"} 2\n\
            rsp_overload_total{interface=\"ES9+\",what=\"handshake\"} 3\n\
            rsp_overload_total_of_another{what=\"handshake\"} 9\n\
            rsp_sessions 4\n";
        let told = by_label(metrics, "rsp_overload_total", "what");
        assert_eq!(told, BTreeMap::from([("handshake".to_owned(), 3), ("new request".to_owned(), 7)]));
        assert!(by_label(metrics, "rsp_sessions", "what").is_empty());
    }
}
