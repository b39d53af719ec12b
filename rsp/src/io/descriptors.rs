//! How much this process may have open at once.

use anyhow::{Result, bail};

/// What is kept for everything but the connections of peers: the store, reports, other servers, the management port.
const RESERVE: usize = 256;

/// How many connections each of so many ports may have, where `wanted` would be good: no more than there are descriptors for,
/// after the limit of this process was raised to what is needed, or as far as the system lets us.
pub fn connections(wanted: usize, ports: usize) -> usize {
    let need = wanted.saturating_mul(ports).saturating_add(RESERVE);
    let Some(most) = raised_to(need) else { return wanted };
    let connections = shared(most, wanted, ports);
    if connections < wanted {
        tracing::warn!(descriptors = most, ports, wanted, connections, "fewer connections than configured");
    }
    connections
}

fn shared(most: usize, wanted: usize, ports: usize) -> usize {
    let reserve = RESERVE.min(most / 2);
    wanted.min((most - reserve) / ports.max(1)).max(1)
}

/// Lets this process have so many connections of its own open at once.
///
/// # Errors
/// Where the system does not let us.
pub fn room_for(connections: usize) -> Result<()> {
    /// For files, and what a connection has open while it is made.
    const BESIDE: usize = 64;
    let need = connections.saturating_add(BESIDE);
    enough(need, raised_to(need))
}

fn enough(need: usize, most: Option<usize>) -> Result<()> {
    match most.filter(|most| need > *most) {
        None => Ok(()),
        Some(most) => bail!(
            "so many connections, and what else is open, take {need} descriptors, and this process may have {most} only: ask \
             for fewer, or raise the limit (ulimit -Hn)"
        ),
    }
}

/// The limit, which is raised where it is less than is needed; `None` without one.
#[cfg(unix)]
fn raised_to(need: usize) -> Option<usize> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let soft = current?;
    let need = u64::try_from(need).unwrap_or(u64::MAX);
    let aim = maximum.map_or(need, |hard| need.min(hard)).max(soft);
    // Where the system does not let us, what there is has to do.
    let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(aim), maximum }).is_ok();
    Some(usize::try_from(if raised { aim } else { soft }).unwrap_or(usize::MAX))
}

#[cfg(not(unix))]
fn raised_to(_need: usize) -> Option<usize> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_share_what_the_reserve_leaves() {
        assert_eq!(shared(100_000, 16_384, 2), 16_384);
        assert_eq!(shared(20_256, 16_384, 2), 10_000);
        assert_eq!(shared(1024, 16_384, 1), 768);
        assert_eq!(shared(20_256, 100, 2), 100);
        // However little there is, somebody is served.
        assert_eq!(shared(64, 16_384, 2), 16);
        assert_eq!(shared(2, 16_384, 6), 1);
    }

    #[test]
    fn more_connections_than_the_system_allows_are_refused() {
        enough(576, Some(576)).unwrap();
        enough(usize::MAX, None).unwrap();
        let error = enough(577, Some(576)).unwrap_err().to_string();
        assert!(error.contains("577") && error.contains("576 only: ask for fewer"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn the_limit_is_raised_to_what_is_needed_and_no_further() {
        use rustix::process::{Resource, getrlimit};

        let limit = || getrlimit(Resource::Nofile).current.map(|soft| usize::try_from(soft).unwrap());
        let before = limit();
        assert_eq!(raised_to(0), before);
        assert_eq!(limit(), before);
        let (Some(before), maximum) = (before, getrlimit(Resource::Nofile).maximum) else { return };
        if maximum.is_none_or(|hard| hard > before as u64) {
            assert_eq!(raised_to(before + 1), Some(before + 1));
            assert_eq!(limit(), Some(before + 1));
        }
    }
}
