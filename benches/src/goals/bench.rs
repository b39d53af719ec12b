//! Where everything is measured: processors, folders, the program that is measured.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, ensure};
use crypto::{Curve, Engine, SigningKey};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::options::Options;
use super::process;
use super::surroundings::{Surroundings, file_system};

/// What all measurements share.
pub struct Bench {
    /// How much is measured.
    pub options: Options,
    /// How many files and sockets may be open at once.
    pub files: u64,
    processors: Vec<usize>,
    folder: TempDir,
    rsp: OnceLock<PathBuf>,
    certs: OnceLock<PathBuf>,
}

impl Bench {
    /// On this machine.
    ///
    /// # Errors
    /// Where no folder can be made; where it would be in memory, unless small numbers are measured.
    pub fn new(options: Options) -> Result<Self> {
        let mut builder = tempfile::Builder::new();
        builder.prefix("rsp-goals-");
        let folder = match &options.folder {
            Some(folder) => builder.tempdir_in(folder),
            None => builder.tempdir(),
        };
        let folder = folder.context("cannot make a folder")?;
        let file_system = file_system(folder.path())?;
        ensure!(
            options.quick || !matches!(file_system.as_str(), "tmpfs" | "ramfs"),
            "stores in memory ({file_system}) show nothing of durable ones: give --folder on a disk"
        );
        Ok(Self {
            options,
            files: process::open_many_files(),
            processors: process::processors(),
            folder,
            rsp: OnceLock::new(),
            certs: OnceLock::new(),
        })
    }

    /// What stands above the table.
    ///
    /// # Errors
    /// Where the system does not tell.
    pub fn surroundings(&self) -> Result<Surroundings> {
        Surroundings::of(self.folder.path())
    }

    /// Tells whoever waits what is being done.
    pub fn say(&self, what: &str) {
        eprintln!("    {what}");
    }

    /// A folder for what is being measured, gone when that is over.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.path().join("now").join(name);
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(folder)
    }

    /// Removes all these folders: a store with many orders takes much of a disk.
    pub fn tidy_up(&self) {
        let _ = std::fs::remove_dir_all(self.folder.path().join("now"));
    }

    /// The processor that a server has to itself; none where there is only one.
    pub fn servers_processor(&self) -> &[usize] {
        match self.processors.as_slice() {
            [first, _, ..] => std::slice::from_ref(first),
            _ => &[],
        }
    }

    /// Those of whoever calls it.
    pub fn generators_processors(&self) -> &[usize] {
        match self.processors.as_slice() {
            [_, others @ ..] => others,
            [] => &[],
        }
    }

    /// Whatever this thread does from now on happens where servers run.
    pub fn stay_on_the_servers_processor(&self) {
        process::stay_on(self.servers_processor());
    }

    /// Does something where servers run, on a thread of its own.
    ///
    /// # Errors
    /// Those of the work.
    pub fn on_the_servers_processor<T: Send>(&self, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
        let there = || {
            self.stay_on_the_servers_processor();
            work()
        };
        std::thread::scope(|scope| scope.spawn(there).join())
            .unwrap_or_else(|_| anyhow::bail!("it fell over"))
    }

    /// Does something while the generators' processors are as busy as when they call a server: with signatures.
    ///
    /// # Errors
    /// Those of the work, and where the engine fails.
    pub fn beside_busy_generators<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let key = SigningKey::generate(Engine::AwsLc, Curve::P256, &mut ChaCha20Rng::seed_from_u64(1))?;
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for processor in self.generators_processors() {
                let (key, is_over) = (&key, &is_over);
                scope.spawn(move || {
                    process::stay_on(&[*processor]);
                    while !is_over.load(Ordering::Relaxed) {
                        _ = black_box(key.sign(black_box(&[0x5A; 300])));
                    }
                });
            }
            let done = work();
            is_over.store(true, Ordering::Relaxed);
            done
        })
    }

    /// Threads that call a server, away from its processor; and the thread that asks stays there, too.
    ///
    /// # Errors
    /// Where no thread can be started.
    pub fn generator(&self) -> Result<Runtime> {
        process::stay_on(self.generators_processors());
        let threads = self.generators_processors().len().max(1);
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        Ok(builder.worker_threads(threads).enable_all().build()?)
    }

    /// The program `rsp`, as its sources are now: cargo builds it where that has not been done.
    ///
    /// # Errors
    /// Where it cannot be built.
    pub fn rsp(&self) -> Result<&Path> {
        if let Some(rsp) = &self.options.rsp {
            return Ok(rsp);
        }
        if let Some(rsp) = self.rsp.get() {
            return Ok(rsp);
        }
        self.say("building rsp");
        let rsp = build_rsp()?;
        Ok(self.rsp.get_or_init(|| rsp))
    }

    /// A test PKI for servers on this host, with the keys of everybody.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub fn certs(&self) -> Result<&Path> {
        if let Some(certs) = self.certs.get() {
            return Ok(certs);
        }
        let folder = self.folder.path().join("certs");
        run(Command::new(self.rsp()?).args(["certs", "make", "--out"]).arg(&folder))?;
        Ok(self.certs.get_or_init(|| folder))
    }
}

/// The folder of the workspace. Commands have to be run there for cargo to find its settings.
pub fn workspace() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn build_rsp() -> Result<PathBuf> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(workspace()).args(["build", "--quiet", "--message-format", "json-render-diagnostics"]);
    cargo.args(["-p", "rsp", "--bin", "rsp"]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    executable(&output_of(&mut cargo)?).context("cargo does not say where it has put rsp")
}

/// Where cargo has put the program.
fn executable(told: &str) -> Option<PathBuf> {
    let messages = told.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let of_rsp = |message: &Value| message.pointer("/target/name").is_some_and(|name| name == "rsp");
    let executable = |message: Value| Some(PathBuf::from(message.get("executable")?.as_str()?));
    messages.filter(of_rsp).find_map(executable)
}

/// Runs a program to its end.
///
/// # Errors
/// With what it wrote, where it failed.
pub fn run(command: &mut Command) -> Result<()> {
    output_of(command).map(drop)
}

/// The same; gives what it wrote to its standard output.
///
/// # Errors
/// The same.
pub fn output_of(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot run {:?}", command.get_program()))?;
    let told = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{:?}: {}: {}", command.get_program(), output.status, told.trim());
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_says_where_it_has_put_the_program() {
        let told = r#"{"reason":"compiler-artifact","target":{"name":"crypto"},"executable":null}
{"reason":"compiler-artifact","target":{"name":"rsp"},"executable":null}
{"reason":"compiler-artifact","target":{"name":"rsp"},"executable":"/target/release/rsp"}
{"reason":"build-finished","success":true}"#;
        assert_eq!(executable(told), Some("/target/release/rsp".into()));
        assert_eq!(executable("{}\nno JSON"), None);
    }
}
