//! A Root SM-DS, an Alternative and an SM-DP+, each a process.

use std::io::{BufRead, BufReader};
use std::process::{Child, Output, Stdio};

use crate::common::{Bench, Server, order};

pub const EID: &str = "89049032123451234512345678901235";

/// A running SM-DS.
pub struct Smds {
    child: Child,
    /// As LPAs know it.
    pub address: String,
    /// As SM-DP+s reach it.
    pub es12: String,
}

impl Drop for Smds {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// All of them, and a folder with certificates.
pub struct Lab {
    pub bench: Bench,
    pub root: Smds,
    smdp: Server,
}

impl Lab {
    /// With two orders `ONE` and `TWO`, and one for the default SM-DP+ where it is asked for.
    pub fn new(for_default_smdp: bool) -> Self {
        let bench = Bench::new();
        let mut orders = order("ONE", "");
        orders += &order("TWO", "").replace("8988211000000000017", "8988211000000000025");
        if for_default_smdp {
            let third = order("THREE", &format!("eid = \"{EID}\""));
            orders += &third
                .replace("matching_id = \"THREE\"\n", "")
                .replace("8988211000000000017", "8988211000000000033");
        }
        bench.write("orders.toml", orders);
        let smdp = bench.serve(&[]);
        let root = smds(&bench, "root.sqlite", &[]);
        Self { bench, root, smdp }
    }

    /// An Alternative of the root.
    pub fn alternative(&self) -> Smds {
        smds(&self.bench, "alternative.sqlite", &["--root", &self.root.es12])
    }

    pub fn smdp(&self) -> String {
        format!("localhost:{}", self.smdp.port())
    }

    /// Registers an event at an SM-DS.
    pub fn register(&self, smds: &Smds, event_id: &str, address: &str) {
        let to = ["es12", "register-event", "--certs", "pki", "--server", &smds.es12, "--eid", EID];
        self.bench.rsp_ok(&[&to[..], &["--event-id", event_id, "--rsp-server-address", address]].concat());
    }

    /// A card that names the root, with more arguments.
    pub fn card(&self, more: &[&str]) {
        let fixed = ["card", "new", "--certs", "pki", "--out", "card", "--root-smds", &self.root.address];
        self.bench.rsp_ok(&[&fixed[..], more].concat());
    }

    pub fn discover(&self, more: &[&str]) -> Output {
        let fixed = ["lpa", "--card", "card", "--ci", "pki", "discover"];
        self.bench.rsp(&[&fixed[..], more].concat())
    }

    /// Exit code 0; what it said but for the steps.
    #[track_caller]
    pub fn discovers(&self, more: &[&str]) -> Vec<String> {
        let output = self.discover(more);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{told}");
        said(&output)
    }

    /// Exit code 1; what it said but for the steps, and what it complained of.
    #[track_caller]
    pub fn fails(&self, more: &[&str]) -> (Vec<String>, String) {
        let output = self.discover(more);
        assert_eq!(output.status.code(), Some(1), "{:?}", said(&output));
        (said(&output), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    pub fn profiles(&self) -> String {
        self.bench.rsp_ok(&["lpa", "--card", "card", "list"])
    }
}

/// The lines that are neither a step nor an offer.
fn said(output: &Output) -> Vec<String> {
    let printed = String::from_utf8_lossy(&output.stdout);
    let is_step = |line: &&str| line.ends_with(" ms") || line.starts_with("  ");
    printed.lines().filter(|line| !is_step(line)).map(str::to_owned).collect()
}

fn smds(bench: &Bench, store: &str, more: &[&str]) -> Smds {
    let fixed = ["smds", "serve", "--certs", "pki", "--store", store];
    let listen = ["--listen", "127.0.0.1:0", "--es12-listen", "127.0.0.1:0"];
    let arguments = [&fixed[..], &listen, more].concat();
    let mut child = bench.command(&arguments).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut port = || {
        let line = lines.next().expect("it says where it listens").unwrap();
        line.rsplit(':').next().unwrap().to_owned()
    };
    let (es11, es12) = (port(), port());
    // Keeps the pipe open and empty, so that the server never waits for its reader.
    std::thread::spawn(move || lines.for_each(drop));
    Smds { child, address: format!("localhost:{es11}"), es12: format!("localhost:{es12}") }
}
