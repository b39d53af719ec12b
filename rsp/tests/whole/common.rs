//! A scratch folder with certificates, a card and a server process.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// The binary under test.
pub const RSP: &str = env!("CARGO_BIN_EXE_rsp");

/// A folder of its own for one test.
pub struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    /// A folder with certificates for `localhost`.
    pub fn new() -> Self {
        let bench = Self { folder: tempfile::tempdir().unwrap() };
        bench.rsp_ok(&["certs", "make", "--out", "pki"]);
        bench
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).unwrap();
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(RSP);
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    pub fn rsp(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs a command that has to succeed, and gives what it printed.
    pub fn rsp_ok(&self, arguments: &[&str]) -> String {
        let output = self.rsp(arguments);
        let (printed, told) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "rsp {arguments:?}\n{printed}\n{told}");
        printed.into_owned()
    }

    /// Runs a command that has to fail, and gives what it complained of.
    pub fn rsp_fails(&self, arguments: &[&str]) -> String {
        let output = self.rsp(arguments);
        assert_eq!(output.status.code(), Some(1), "rsp {arguments:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    /// Starts the SM-DP+ with the orders of `orders.toml` on any free port, and with more arguments.
    pub fn serve(&self, more: &[&str]) -> Server {
        let fixed = [
            "smdp",
            "serve",
            "--certs",
            "pki",
            "--seed",
            "orders.toml",
            "--listen",
            "127.0.0.1:0",
            "--store",
            "store",
        ];
        let arguments = [&fixed, more].concat();
        let mut child = self.command(&arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().expect("the server says where it listens").unwrap();
        let address = first.rsplit(' ').next().unwrap().to_owned();
        // Keeps the pipe open and empty, so that the server never waits for its reader.
        std::thread::spawn(move || lines.for_each(drop));
        Server { child, address }
    }

    pub fn orders(&self) -> String {
        self.rsp_ok(&["smdp", "orders", "--store", "store"])
    }
}

/// A running SM-DP+.
pub struct Server {
    child: Child,
    /// Where it listens: `127.0.0.1:…`.
    pub address: String,
}

impl Server {
    pub fn port(&self) -> &str {
        self.address.rsplit(':').next().unwrap()
    }

    /// Ends it without a chance to tidy up.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A folder of the reference data, if it is there.
pub fn reference(name: &str) -> Option<PathBuf> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")).join(name);
    if folder.exists() {
        return Some(folder);
    }
    println!("skipped: the reference data is not at {}", folder.display());
    None
}

/// An order of the built-in profile.
pub fn order(matching_id: &str, more: &str) -> String {
    format!(
        "[[order]]\niccid = \"8988211000000000017\"\nmatching_id = \"{matching_id}\"\n{more}\n\
         [order.subscriber]\nimsi = \"001010000000017\"\nki = \"000102030405060708090A0B0C0D0E0F\"\n\
         opc = \"101112131415161718191A1B1C1D1E1F\"\n"
    )
}
