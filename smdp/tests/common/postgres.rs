//! A PostgreSQL server for the tests of one process, on a free port of this host and gone with the process, however
//! that ends. Where PostgreSQL is not installed, tests that need it say so and are skipped.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// The superuser of the server; it is trusted.
const USER: &str = "rsplab";
/// PostgreSQL refuses to run as root: then it runs as one of these.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

/// A fresh, empty data base on the server of this process; `None`, and a word about it, where there is no PostgreSQL.
pub fn database() -> Option<Database> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let server = SERVER.get_or_init(|| {
        let mut server = Server::made_with(programs()?);
        server.start();
        Some(server)
    });
    if server.is_none() {
        say_skipped();
    }
    server.as_ref().map(Server::database)
}

/// An empty data base, removed when this is dropped.
pub struct Database {
    /// How to reach it.
    pub url: String,
    name: String,
    psql: PathBuf,
    port: u16,
}

impl Database {
    /// Ends every connection to this data base, in whatever it is doing. Gives their number.
    pub fn terminate_backends(&self) -> u32 {
        let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        self.sql(sql).trim().parse().unwrap()
    }

    /// Runs SQL and gives what it answers, unaligned, without headings.
    pub fn sql(&self, sql: &str) -> String {
        run_sql(&self.psql, self.port, &self.name, sql).unwrap()
    }

    /// The same on a thread of its own.
    pub fn sql_beside(&self, sql: &str) -> std::thread::JoinHandle<()> {
        let (psql, port, name, sql) = (self.psql.clone(), self.port, self.name.clone(), sql.to_owned());
        std::thread::spawn(move || drop(run_sql(&psql, port, &name, &sql).unwrap()))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // Where the server is stopped, it goes with it.
        let _ =
            run_sql(&self.psql, self.port, "postgres", &format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}

/// A server with a folder of its own. What a test does to it, no other test notices.
pub struct Server {
    programs: PathBuf,
    /// Whom it runs as, where that is not who runs the tests.
    owner: Option<(u32, u32)>,
    folder: PathBuf,
    port: u16,
    settings: Vec<String>,
    /// Waits for the end of this process, then ends the server and removes its folder.
    reaper: Child,
}

impl Server {
    /// A server that is not started yet; `None` where there is no PostgreSQL.
    pub fn new() -> Option<Self> {
        let programs = programs();
        if programs.is_none() {
            say_skipped();
        }
        programs.map(Self::made_with)
    }

    fn made_with(programs: PathBuf) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("rsplab-pg-{}-{number}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        let reaper = reaper(&folder);
        let owner = (fs::metadata(&folder).unwrap().uid() == 0).then(unprivileged);
        if let Some((user, group)) = owner {
            chown(&folder, Some(user), Some(group)).unwrap();
        }
        let server = Self { programs, owner, folder, port: 0, settings: Vec::new(), reaper };
        let mut make = server.program("initdb");
        make.args(["--no-sync", "-A", "trust", "-E", "UTF8", "-U", USER, "-D"]).arg(server.data());
        finish(&mut make).unwrap();
        server
    }

    /// A setting that counts from the next start on, `name=value`.
    pub fn set(&mut self, setting: impl Into<String>) {
        self.settings.push(setting.into());
    }

    /// A file that only the server can read; gives its path.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let file = self.folder.join(name);
        fs::write(&file, content).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        if let Some((user, group)) = self.owner {
            chown(&file, Some(user), Some(group)).unwrap();
        }
        file
    }

    /// Starts it; after a stop, at the same port and with what it had.
    pub fn start(&mut self) {
        for last in [false, false, false, true] {
            let port = if self.port == 0 { free_port() } else { self.port };
            let mut options = format!("-p {port} -k {} -c listen_addresses=127.0.0.1", self.folder.display());
            // What a crash of the host would do is not what these tests are about.
            for setting in ["fsync=off", "full_page_writes=off", "max_connections=300"] {
                options += &format!(" -c {setting}");
            }
            for setting in &self.settings {
                options += &format!(" -c {setting}");
            }
            let log = self.folder.join("log");
            let mut start = self.program("pg_ctl");
            start
                .args(["start", "-w", "-s", "-D"])
                .arg(self.data())
                .arg("-l")
                .arg(&log)
                .arg("-o")
                .arg(options);
            match finish(&mut start) {
                Ok(_) => {
                    self.port = port;
                    return;
                }
                // Somebody else took the port meanwhile.
                Err(_) if !last && self.port == 0 => {}
                Err(why) => panic!("{why}\n{}", fs::read_to_string(log).unwrap_or_default()),
            }
        }
    }

    /// Stops it at once, as a crash would.
    pub fn stop(&self) {
        let mut stop = self.program("pg_ctl");
        finish(stop.args(["stop", "-w", "-s", "-m", "immediate", "-D"]).arg(self.data())).unwrap();
    }

    /// A fresh, empty data base.
    pub fn database(&self) -> Database {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("smdp_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let psql = self.programs.join("psql");
        run_sql(&psql, self.port, "postgres", &format!("CREATE DATABASE {name}")).unwrap();
        let url = format!("postgres://{USER}@127.0.0.1:{}/{name}", self.port);
        Database { url, name, psql, port: self.port }
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn program(&self, name: &str) -> Command {
        let program = self.programs.join(name);
        let mut command = match self.owner {
            None => Command::new(program),
            Some((user, group)) => {
                let mut command = Command::new("setpriv");
                command.args([format!("--reuid={user}"), format!("--regid={group}")]);
                command.arg("--clear-groups").arg(program);
                command
            }
        };
        // The folder of the tests may be one that it cannot enter.
        command.current_dir(&self.folder).env("LC_ALL", "C");
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.reaper.stdin.take());
        let _ = self.reaper.wait();
    }
}

/// The folder with PostgreSQL's programs: that in PATH, else the newest of Debian's.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut installed: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok())
        .map(|entry| (entry.file_name().to_string_lossy().parse().unwrap_or(0), entry.path().join("bin")))
        .collect();
    installed.sort();
    folders.extend(installed.into_iter().rev().map(|(_, folder)| folder));
    let complete =
        |folder: &PathBuf| ["initdb", "pg_ctl", "psql"].iter().all(|name| folder.join(name).exists());
    folders.into_iter().find(complete)
}

fn say_skipped() {
    println!("skipped: PostgreSQL is not installed (no initdb in PATH or /usr/lib/postgresql/*/bin)");
}

fn unprivileged() -> (u32, u32) {
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let of = |name: &str| {
        let fields: Vec<&str> =
            users.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|f| f[0] == name)?;
        Some((fields[2].parse().ok()?, fields[3].parse().ok()?))
    };
    UNPRIVILEGED.into_iter().find_map(of).expect("a user to run PostgreSQL as")
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A shell whose input ends with this process; it has a process group of its own, so it outlives an interrupt.
fn reaper(folder: &Path) -> Child {
    const SCRIPT: &str = r#"
        trap '' INT TERM HUP
        cat > /dev/null
        pid=$(head -n 1 "$0/data/postmaster.pid" 2> /dev/null)
        if [ -n "$pid" ]; then
            kill -QUIT "$pid" 2> /dev/null
            for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
                kill -0 "$pid" 2> /dev/null || break
                sleep 0.1
            done
        fi
        rm -rf "$0"
    "#;
    Command::new("sh")
        .args(["-c", SCRIPT])
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap()
}

fn run_sql(program: &Path, port: u16, database: &str, sql: &str) -> Result<String, String> {
    let mut command = Command::new(program);
    command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", USER]);
    finish(command.args(["-p", &port.to_string(), "-d", database, "-c", sql]))
}

/// Runs a program to its end and gives what it wrote.
fn finish(command: &mut Command) -> Result<String, String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    Err(format!("{command:?}: {}: {}{}", output.status, text(&output.stdout), text(&output.stderr)))
}
