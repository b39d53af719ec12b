//! What Linux tells of a process, and on which processors it may run.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Processor time that all threads of a process have spent, those that have ended too; to a hundredth of a second.
///
/// # Errors
/// Where there is no such process, or no `/proc`.
pub fn cpu_of(pid: u32) -> Result<Duration> {
    let text = read(pid, "stat")?;
    processor_time(&text, rustix::param::clock_ticks_per_second())
        .with_context(|| format!("/proc/{pid}/stat is not as expected"))
}

/// Bytes of a process that are in memory.
///
/// # Errors
/// Where there is no such process, or no `/proc`.
pub fn resident(pid: u32) -> Result<u64> {
    let text = read(pid, "status")?;
    resident_bytes(&text).with_context(|| format!("/proc/{pid}/status is not as expected"))
}

fn read(pid: u32, file: &str) -> Result<String> {
    fs::read_to_string(format!("/proc/{pid}/{file}"))
        .with_context(|| format!("cannot read /proc/{pid}/{file}"))
}

/// proc(5): `utime` and `stime` are the fields 14 and 15. The name of the program, field 2, stands in parentheses and may hold
/// any characters, parentheses too.
fn processor_time(stat: &str, ticks_per_second: u64) -> Option<Duration> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut times = after_name.split_whitespace().skip(11).map(str::parse);
    let user: u64 = times.next()?.ok()?;
    let system: u64 = times.next()?.ok()?;
    let micros = user.checked_add(system)?.checked_mul(1_000_000)?.checked_div(ticks_per_second)?;
    Some(Duration::from_micros(micros))
}

/// proc(5): `VmRSS`, which is told in units of 1024 bytes.
fn resident_bytes(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let number: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    number.checked_mul(1024)
}

/// The processors that this thread may run on.
pub fn processors() -> Vec<usize> {
    let Ok(set) = sched_getaffinity(None) else { return Vec::new() };
    (0..CpuSet::MAX_CPU).filter(|processor| set.is_set(*processor)).collect()
}

/// Keeps this thread, and whatever it starts from now on, on some processors. Where there are none, or the system refuses, it
/// goes on where it is.
pub fn stay_on(processors: &[usize]) {
    let mut set = CpuSet::new();
    processors.iter().for_each(|processor| set.set(*processor));
    if !processors.is_empty() {
        let _ = sched_setaffinity(None, &set);
    }
}

/// Lets this process have as many files and sockets open as it may; gives their number.
pub fn open_many_files() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_the_sum_of_user_and_system_time() {
        let stat = "4711 (rsp) S 1 4711 4711 0 -1 4194304 2671 0 0 0 150 50 7 9 20 0 5 0 88 123 456";
        assert_eq!(processor_time(stat, 100), Some(Duration::from_secs(2)));
    }

    #[test]
    fn a_program_may_have_any_name() {
        let stat = "4711 (a) b) (9 9) S 1 4711 4711 0 -1 4194304 2671 0 0 0 1 2 7 9 20 0 5 0 88 123 456";
        assert_eq!(processor_time(stat, 100), Some(Duration::from_millis(30)));
    }

    #[test]
    fn what_is_no_stat_has_no_processor_time() {
        for text in
            ["", "4711 (rsp) S 1", "4711 (rsp) S 1 4711 4711 0 -1 4194304 2671 0 0 0 x y 7", "no name"]
        {
            assert_eq!(processor_time(text, 100), None, "{text:?}");
        }
        let good = "4711 (rsp) S 1 4711 4711 0 -1 4194304 2671 0 0 0 150 50 7";
        assert_eq!(processor_time(good, 0), None);
    }

    #[test]
    fn resident_memory_is_told_in_bytes() {
        let status = "Name:\trsp\nVmPeak:\t  999999 kB\nVmRSS:\t   51200 kB\nRssAnon:\t   1 kB\n";
        assert_eq!(resident_bytes(status), Some(51_200 * 1024));
        assert_eq!(resident_bytes("Name:\tkthreadd\n"), None);
        assert_eq!(resident_bytes("VmRSS:\t 12 pages\n"), None);
    }

    #[test]
    fn this_process_has_spent_time_and_has_memory() {
        let pid = std::process::id();
        assert!(resident(pid).unwrap() > 0);
        assert!(cpu_of(pid).is_ok());
        assert!(cpu_of(u32::MAX).is_err());
        assert!(!processors().is_empty());
    }
}
