//! A program run under callgrind.

use std::ffi::{OsStr, OsString};
use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, bail, ensure};

/// What callgrind's files are called, before the number of the part.
const PROFILE: &str = "profile";

/// The version of Valgrind.
///
/// # Errors
/// Where there is none.
pub fn version() -> Result<String> {
    let output = Command::new("valgrind").arg("--version").output().map_err(missing)?;
    ensure!(output.status.success(), "valgrind --version fails: {}", output.status);
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn missing(error: std::io::Error) -> anyhow::Error {
    match error.kind() {
        ErrorKind::NotFound => {
            anyhow!(
                "valgrind is not installed: instructions are counted with it (Debian: apt install valgrind)"
            )
        }
        _ => anyhow!("valgrind cannot be started: {error}"),
    }
}

/// Runs a program to its end; gives the instructions that all its threads have executed between the first two calls of the
/// function that `mark` names, in callgrind's way: `*` stands for anything. What callgrind writes goes into `folder`.
///
/// # Errors
/// Where Valgrind is missing, or the program fails, or does not come to that function twice.
pub fn instructions<A: AsRef<OsStr>>(
    program: &Path,
    arguments: &[A],
    mark: &str,
    folder: &Path,
) -> Result<u64> {
    let mut into = OsString::from("--callgrind-out-file=");
    into.push(folder.join(PROFILE));
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--quiet", &format!("--dump-before={mark}")]);
    command.arg(into).arg(program).args(arguments);
    let output = command.stdin(Stdio::null()).stdout(Stdio::null()).output().map_err(missing)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("under valgrind it ends with {}: {}", output.status, last_lines(&said));
    }
    // Up to the first mark it is one part, up to the second the next, and the rest one that some versions number and others
    // do not: so the second has to say that it was a mark that ended it.
    let second = folder.join(format!("{PROFILE}.2"));
    let profile = match std::fs::read_to_string(second) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(error).context("what callgrind wrote cannot be read");
        }
        read => read.unwrap_or_default(),
    };
    ensure!(
        profile.lines().any(|line| line.starts_with("desc: Trigger: --dump-before=")),
        "callgrind did not come by {mark} twice: has the program its symbols?"
    );
    total(&profile).context("callgrind wrote no total")
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines.get(lines.len().saturating_sub(5)..).unwrap_or_default().join("; ")
}

/// The instructions in a profile of callgrind (its manual, "Callgrind Format Specification"): the first figure of `totals:`,
/// or of `summary:` where there is no such line. The first event is `Ir`, unless `events:` says otherwise.
pub fn total(profile: &str) -> Option<u64> {
    let of = |key: &str| profile.lines().find_map(|line| line.strip_prefix(key));
    let column = of("events:")?.split_whitespace().position(|event| event == "Ir")?;
    of("totals:").or_else(|| of("summary:"))?.split_whitespace().nth(column)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROFILE: &str = "# callgrind format\nversion: 1\ncreator: callgrind-3.19.0\npid: 12\n\
        cmd:  ./instructions call totals: 7\npart: 1\n\ndesc: I1 cache: \n\npositions: line\nevents: Ir\n\
        summary: 4215\n\nfl=(1) main.c\nfn=(1) main\n1 4215\n\ntotals: 4216\n";

    #[test]
    fn the_total_is_read_from_the_last_line_of_a_profile() {
        assert_eq!(total(PROFILE), Some(4216));
        assert_eq!(total(&PROFILE.replace("totals: 4216", "")), Some(4215));
    }

    #[test]
    fn instructions_are_found_among_other_events() {
        let more =
            PROFILE.replace("events: Ir", "events: Ge Ir Dr").replace("totals: 4216", "totals: 1 22 3");
        assert_eq!(total(&more), Some(22));
    }

    #[test]
    fn what_is_no_profile_has_no_total() {
        for text in
            ["", "events: Ir\n", "events: Dr\ntotals: 5\n", "events: Ir\ntotals: many\n", "totals: 5\n"]
        {
            assert_eq!(total(text), None, "{text}");
        }
    }

    #[test]
    fn a_program_that_fails_is_told_with_what_it_said() {
        if let Err(error) = version() {
            println!("skipped: {error}");
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let run = |text| instructions(Path::new("/bin/sh"), &["-c", text], "no_such_function", folder.path());
        let error = run("echo no such thing >&2; exit 3").unwrap_err();
        assert!(error.to_string().contains("no such thing"), "{error}");
        let error = run("exit 0").unwrap_err();
        assert!(error.to_string().contains("did not come by no_such_function"), "{error}");
    }
}
