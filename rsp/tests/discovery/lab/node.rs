//! Processes of servers.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};

use serde_json::Value;

use super::{Lab, PATIENCE, Site, json, until};

/// One process of a server, behind the gates of its site.
pub struct Node<'a> {
    site: &'a Site,
    child: Child,
    /// What it logs.
    told: Receiver<String>,
    /// The port for LPAs.
    pub lpas: u16,
    /// The port for operators (SM-DP+), or for SM-DP+s and other SM-DSs.
    pub peers: u16,
    /// Where it is managed, if it is an SM-DS.
    pub management: Option<u16>,
}

impl<'a> Node<'a> {
    /// Starts a process and waits until it serves.
    pub fn start(lab: &Lab, site: &'a Site, arguments: &[&str]) -> Self {
        let mut command = lab.bench.command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let printed = lines(child.stdout.take().unwrap());
        let told = lines(child.stderr.take().unwrap());
        let mut node = Self { site, child, told, lpas: 0, peers: 0, management: None };
        while node.is_incomplete() {
            let line =
                printed.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{arguments:?} does not serve"));
            node.read(&line);
        }
        // Keeps the pipe empty, so that the server never waits for its reader.
        std::thread::spawn(move || printed.iter().for_each(drop));
        site.lpas.add(node.lpas);
        site.peers.add(node.peers);
        node
    }

    fn is_incomplete(&self) -> bool {
        [self.lpas, self.peers].contains(&0) || (self.site.is_smds() && self.management.is_none())
    }

    fn read(&mut self, line: &str) {
        let Some((_, port)) = line.rsplit_once(" on 127.0.0.1:") else { return };
        let port = port.parse().unwrap();
        match line.split(' ').next().unwrap() {
            "ES12" | "ES2+" => self.peers = port,
            "management" => self.management = Some(port),
            _ => self.lpas = port,
        }
    }

    /// Ends it without a chance to tidy up.
    pub fn kill(mut self) {
        self.leave();
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Has it stand still, and its peers wait.
    pub fn pause(&self) {
        self.signal("STOP");
    }

    pub fn resume(&self) {
        self.signal("CONT");
    }

    /// Asks it to end. Nobody new is sent there.
    pub fn ask_to_stop(&self) {
        self.leave();
        self.signal("TERM");
    }

    /// Waits until it takes no new connection.
    pub fn until_it_refuses(&self) {
        until("it lets nobody new in", || TcpStream::connect((Ipv4Addr::LOCALHOST, self.peers)).err());
    }

    /// Waits for its end.
    pub fn ended(mut self) -> ExitStatus {
        until("the process has ended", || self.child.try_wait().unwrap())
    }

    /// Asks it to end, and lets it finish what is in flight.
    pub fn stop(self) {
        self.ask_to_stop();
        assert_eq!(self.ended().code(), Some(0));
    }

    /// Asks for a path on the management port, and gives the whole answer.
    pub fn ask(&self, path: &str) -> String {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.management.unwrap())).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// The same, and gives what a success has to say.
    pub fn manage(&self, path: &str) -> Value {
        let answer = self.ask(path);
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        json(answer.split_once("\r\n\r\n").unwrap().1)
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    fn leave(&self) {
        self.site.lpas.remove(self.lpas);
        self.site.peers.remove(self.peers);
    }
}

impl Drop for Node<'_> {
    fn drop(&mut self) {
        self.leave();
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            self.told.iter().for_each(|line| println!("{}: {line}", self.site.name));
        }
    }
}

/// The lines that a process writes, read as they come, so that it never waits for its reader.
fn lines(from: impl Read + Send + 'static) -> Receiver<String> {
    let (to, lines) = mpsc::channel();
    std::thread::spawn(move || {
        BufReader::new(from).lines().map_while(Result::ok).for_each(|line| drop(to.send(line)))
    });
    lines
}
