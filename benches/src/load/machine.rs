//! Where the generator runs.

use std::fs;
use std::thread;

use super::result::Machine;

/// This machine, as far as the system tells of it.
pub fn here() -> Machine {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let system = [std::env::consts::OS, release.trim(), std::env::consts::ARCH];
    Machine {
        processor: processor().unwrap_or_default(),
        processors: thread::available_parallelism().map_or(1, usize::from),
        system: system.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "),
    }
}

fn processor() -> Option<String> {
    let information = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = information.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_is_told() {
        let machine = here();
        assert!(machine.processors > 0);
        assert!(machine.system.contains(std::env::consts::ARCH), "{machine:?}");
    }
}
