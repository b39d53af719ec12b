//! A PostgreSQL of our own, gone when it is dropped.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::bench::{output_of, run};

/// The superuser of the cluster; it is trusted.
const USER: &str = "rsplab";
/// PostgreSQL refuses to run as root: then it runs as one of these.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

/// A cluster that runs, with the settings that it has by itself.
pub struct Cluster {
    programs: PathBuf,
    /// User and group that it runs as, where that is not who runs this program.
    owner: Option<(u32, u32)>,
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    /// Makes one in this folder; `None` where PostgreSQL is not installed.
    ///
    /// # Errors
    /// Where it cannot be made, or does not start.
    pub fn start(folder: &Path) -> Result<Option<Self>> {
        let Some(programs) = programs() else { return Ok(None) };
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let owner = if fs::metadata(folder)?.uid() == 0 { Some(unprivileged()?) } else { None };
        let folder = folder.join("cluster");
        fs::create_dir(&folder)?;
        if let Some((user, group)) = owner {
            chown(&folder, Some(user), Some(group))?;
            open_the_way_to(&folder)?;
        }
        let cluster = Self { programs, owner, folder, port };
        run(cluster.program("initdb").args([
            "--no-sync",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "-U",
            USER,
            "-D",
            "data",
        ]))?;
        let options = format!("-p {port} -k {} -c listen_addresses=127.0.0.1", cluster.folder.display());
        let mut start = cluster.program("pg_ctl");
        run(start.args(["start", "-w", "-s", "-D", "data", "-l", "log", "-o", &options]))?;
        Ok(Some(cluster))
    }

    /// How to reach its data base.
    pub fn url(&self) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/postgres", self.port)
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
        command.current_dir(&self.folder).env("LC_ALL", "C");
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = run(self.program("pg_ctl").args(["stop", "-w", "-s", "-m", "fast", "-D", "data"]));
    }
}

/// The version that [`Cluster::start`] starts, as it says it; `None` where PostgreSQL is not installed.
pub fn version() -> Option<String> {
    let told = output_of(Command::new(programs()?.join("postgres")).arg("--version")).ok()?;
    Some(told.trim().to_owned())
}

/// The folder with PostgreSQL's programs: that in PATH, else the newest of Debian's.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut installed: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .map(|entry| (entry.file_name().to_string_lossy().parse().unwrap_or(0), entry.path().join("bin")))
        .collect();
    installed.sort();
    let folders = std::env::split_paths(&path).chain(installed.into_iter().rev().map(|(_, folder)| folder));
    let complete =
        |folder: &PathBuf| ["initdb", "pg_ctl", "postgres"].iter().all(|name| folder.join(name).exists());
    folders.into_iter().find(complete)
}

fn unprivileged() -> Result<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd")?;
    UNPRIVILEGED.iter().find_map(|name| ids(&users, name)).context("no user to run PostgreSQL as")
}

/// passwd(5): name, password, user, group …
fn ids(users: &str, name: &str) -> Option<(u32, u32)> {
    let fields = |line: &str| line.split(':').map(str::to_owned).collect::<Vec<_>>();
    let user = users.lines().map(fields).find(|fields| fields.first().is_some_and(|first| first == name))?;
    Some((user.get(2)?.parse().ok()?, user.get(3)?.parse().ok()?))
}

/// Folders for temporary files are for their owner alone; PostgreSQL has to pass through ours.
fn open_the_way_to(folder: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    for above in folder.ancestors().skip(1).take(3) {
        fs::set_permissions(above, fs::Permissions::from_mode(0o711))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_group_stand_in_the_line_of_the_name() {
        let users = "root:x:0:0:root:/root:/bin/sh\npostgresql:x:7:8::/:/bin/sh\npostgres:x:112:120:,,,:/var/lib:/bin/bash\n";
        assert_eq!(ids(users, "postgres"), Some((112, 120)));
        assert_eq!(ids(users, "nobody"), None);
        assert_eq!(ids("postgres:x:many:120\n", "postgres"), None);
    }
}
