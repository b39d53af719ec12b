//! The counts of a revision: checked out beside the working tree, built, and asked.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use super::Counts;

/// What counts, in a revision that can.
const COUNTER: &str = "benches/src/bin/instructions.rs";

/// A repository, with what is checked out in it.
pub struct Repository {
    folder: PathBuf,
}

impl Repository {
    /// The repository that this folder is in.
    ///
    /// # Errors
    /// Where it is in none, or there is no Git.
    pub fn around(folder: &Path) -> Result<Self> {
        let top = git(folder, ["rev-parse", "--show-toplevel"])?;
        Ok(Self { folder: top.into() })
    }

    /// Counts in the working tree as it is, built where it is always built.
    ///
    /// # Errors
    /// Where it cannot be built, or a subject fails.
    pub fn count_working_tree(&self, filter: &str) -> Result<Counts> {
        let place = temporary()?;
        counted(&build(&self.folder, None)?, filter, place.path())
    }

    /// Counts in a revision. It is checked out in a temporary folder and built there, with a target directory of its own: in a
    /// shared one cargo would mix it up with others. Nothing of it stays.
    ///
    /// # Errors
    /// Where there is no such revision, it cannot count, it cannot be built, or a subject fails.
    pub fn count_revision(&self, revision: &str, filter: &str) -> Result<Counts> {
        let commit = self.commit(revision)?;
        let place = temporary()?;
        let tree = Worktree::add(self, &commit, place.path().join("tree"))?;
        let program = build(&tree.folder, Some(&place.path().join("target")))
            .with_context(|| format!("{revision} cannot be built"))?;
        counted(&program, filter, place.path()).with_context(|| format!("{revision} cannot be counted"))
    }

    /// The commit of a revision that can count.
    fn commit(&self, revision: &str) -> Result<String> {
        let wanted = format!("{revision}^{{commit}}");
        let commit = git(&self.folder, ["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted]);
        let commit = commit.with_context(|| format!("there is no revision {revision}"))?;
        let file = format!("{commit}:{COUNTER}");
        if git(&self.folder, ["cat-file", "-e", &file]).is_err() {
            bail!("{revision} has no {COUNTER}: it is older than what counts instructions");
        }
        Ok(commit)
    }
}

fn temporary() -> Result<tempfile::TempDir> {
    tempfile::Builder::new().prefix("instructions-").tempdir().context("no temporary folder")
}

/// A revision that is checked out, as long as this exists.
struct Worktree<'a> {
    repository: &'a Repository,
    folder: PathBuf,
}

impl<'a> Worktree<'a> {
    fn add(repository: &'a Repository, commit: &str, folder: PathBuf) -> Result<Self> {
        // What is checked out by halves is removed, too.
        let tree = Self { repository, folder };
        let [add, quiet, detach] = ["add", "--quiet", "--detach"].map(OsStr::new);
        let arguments =
            [OsStr::new("worktree"), add, quiet, detach, tree.folder.as_os_str(), commit.as_ref()];
        git(&repository.folder, arguments)?;
        Ok(tree)
    }
}

impl Drop for Worktree<'_> {
    fn drop(&mut self) {
        let [worktree, remove, force] = ["worktree", "remove", "--force"].map(OsStr::new);
        let repository = &self.repository.folder;
        if git(repository, [worktree, remove, force, self.folder.as_os_str()]).is_err() {
            // Its folder goes with the temporary one that it is in.
            std::fs::remove_dir_all(&self.folder).ok();
            git(repository, ["worktree", "prune"]).ok();
        }
    }
}

/// Asks Git; gives what it says.
fn git<A: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = A>) -> Result<String> {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).stdin(Stdio::null()).output();
    let output = output.context("git cannot be started")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "git ends with {}: {}", output.status, said.trim());
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Builds what counts; gives where it is.
fn build(folder: &Path, target: Option<&Path>) -> Result<PathBuf> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--release", "--locked", "-p", "benches", "--bin", "instructions"]);
    cargo.arg("--message-format=json-render-diagnostics").current_dir(folder);
    if let Some(target) = target {
        cargo.env("CARGO_TARGET_DIR", target);
    }
    let output = cargo.stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let output = output.context("cargo cannot be started")?;
    ensure!(output.status.success(), "cargo build ends with {}", output.status);
    let messages = String::from_utf8_lossy(&output.stdout);
    messages.lines().find_map(executable).context("cargo built no program")
}

/// The program that a message of cargo tells of.
fn executable(message: &str) -> Option<PathBuf> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    (message.pointer("/target/name")? == "instructions").then_some(())?;
    Some(message.get("executable")?.as_str()?.into())
}

/// Has a program count, and reads what it wrote.
fn counted(program: &Path, filter: &str, folder: &Path) -> Result<Counts> {
    let file = folder.join("counts.json");
    let mut counter = Command::new(program);
    if !filter.is_empty() {
        counter.arg(filter);
    }
    counter.arg("--json").arg(&file).stdin(Stdio::null()).stdout(Stdio::null());
    let status = counter.status().with_context(|| format!("{} cannot be started", program.display()))?;
    ensure!(status.success(), "counting ends with {status}");
    Counts::read(&file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instructions::compare::Comparison;

    /// A program that says what it is told to.
    const PROGRAM: &str = r##"
        fn main() {
            let arguments: Vec<String> = std::env::args().collect();
            let at = arguments.iter().position(|argument| argument == "--json").unwrap();
            let filter = if at == 2 { arguments[1].as_str() } else { "" };
            let counts = format!(
                r#"{{"format": 1, "valgrind": "v", "counted": [{{"name": "a {filter}", "instructions": FIGURE, "floor": null}}]}}"#
            );
            std::fs::write(&arguments[at + 1], counts).unwrap();
        }
    "##;
    const MANIFEST: &str =
        "[package]\nname = \"benches\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n";
    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"benches\"\nversion = \"0.1.0\"\n";

    struct Sandbox(tempfile::TempDir);

    impl Sandbox {
        /// An empty repository; `None` where there is no Git.
        fn new() -> Option<Self> {
            let sandbox = Self(tempfile::tempdir().unwrap());
            if let Err(error) = sandbox.git(&["init", "--quiet"]) {
                println!("skipped: {error}");
                return None;
            }
            Some(sandbox)
        }

        fn git(&self, arguments: &[&str]) -> Result<String> {
            let who = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
            git(self.0.path(), who.iter().chain(arguments))
        }

        fn write(&self, path: &str, text: &str) {
            let path = self.0.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }

        fn program(&self, text: &str) {
            // A workspace of one, at the place where the counter is looked for.
            self.write("Cargo.toml", "[workspace]\nmembers = [\"benches\"]\nresolver = \"3\"\n");
            self.write("Cargo.lock", LOCK);
            self.write("benches/Cargo.toml", MANIFEST.trim_end_matches("[workspace]\n"));
            self.write(COUNTER, text);
        }

        fn commit(&self) -> String {
            self.git(&["add", "--all"]).unwrap();
            self.git(&["commit", "--quiet", "--message", "x"]).unwrap();
            self.git(&["rev-parse", "HEAD"]).unwrap()
        }

        fn repository(&self) -> Repository {
            Repository::around(&self.0.path().join("benches")).unwrap()
        }

        fn worktrees(&self) -> usize {
            self.git(&["worktree", "list"]).unwrap().lines().count()
        }
    }

    #[test]
    fn two_revisions_and_the_working_tree_are_counted_apart_and_nothing_stays() {
        let Some(sandbox) = Sandbox::new() else { return };
        sandbox.program(&PROGRAM.replace("FIGURE", "1000"));
        let before = sandbox.commit();
        sandbox.program(&PROGRAM.replace("FIGURE", "1200"));
        sandbox.commit();
        sandbox.program(&PROGRAM.replace("FIGURE", "1500"));
        let repository = sandbox.repository();
        let before = repository.count_revision(&before, "b").unwrap();
        let after = repository.count_revision("HEAD", "b").unwrap();
        let now = repository.count_working_tree("").unwrap();
        let figure = |counts: &Counts| (counts.counted[0].name.clone(), counts.counted[0].instructions);
        assert_eq!(figure(&before), ("a b".to_owned(), 1000));
        assert_eq!(figure(&after), ("a b".to_owned(), 1200));
        assert_eq!(figure(&now), ("a ".to_owned(), 1500));
        assert!(Comparison::new(&before, &after, 0.2).to_string().contains("+20.00 %"));
        assert_eq!(sandbox.worktrees(), 1);
    }

    #[test]
    fn a_revision_that_cannot_be_built_or_asked_leaves_nothing_behind() {
        let Some(sandbox) = Sandbox::new() else { return };
        sandbox.program("fn main() { this is no Rust }");
        sandbox.commit();
        let error = sandbox.repository().count_revision("HEAD", "").unwrap_err();
        assert!(error.to_string().contains("HEAD cannot be built"), "{error}");
        assert_eq!(sandbox.worktrees(), 1);
        sandbox.program("fn main() { std::process::exit(3) }");
        sandbox.commit();
        let error = sandbox.repository().count_revision("HEAD", "").unwrap_err();
        assert!(error.to_string().contains("HEAD cannot be counted"), "{error}");
        assert_eq!(sandbox.worktrees(), 1);
    }

    #[test]
    fn a_revision_that_cannot_count_is_told_by_name() {
        let Some(sandbox) = Sandbox::new() else { return };
        sandbox.write("benches/README.md", "before there was a counter");
        sandbox.commit();
        let repository = sandbox.repository();
        let error = repository.count_revision("HEAD", "").unwrap_err();
        assert!(error.to_string().contains("HEAD has no benches/src/bin/instructions.rs"), "{error}");
        let error = repository.count_revision("no-such-branch", "").unwrap_err();
        assert!(error.to_string().contains("there is no revision no-such-branch"), "{error}");
        let error = repository.count_revision("--help", "").unwrap_err();
        assert!(error.to_string().contains("there is no revision --help"), "{error}");
    }
}
