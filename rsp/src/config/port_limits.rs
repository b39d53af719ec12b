//! What a port bears, as far as somebody has said so.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use anyhow::{Result, ensure};
use wire::server::Limits;

/// The settings of `[limits]` that both servers have.
#[derive(Default)]
pub(super) struct PortLimits {
    pub connections: Option<usize>,
    pub handshakes: Option<usize>,
    pub wait_milliseconds: Option<u64>,
    pub requests_in_work: Option<usize>,
    pub requests_per_second: Option<NonZeroU32>,
    pub body_bytes: Option<usize>,
}

/// Those of a file, or of flags.
macro_rules! port_limits {
    ($said:expr) => {
        $crate::config::port_limits::PortLimits {
            connections: $said.connections,
            handshakes: $said.handshakes,
            wait_milliseconds: $said.wait_milliseconds,
            requests_in_work: $said.requests_in_work,
            requests_per_second: $said.requests_per_second,
            body_bytes: $said.body_bytes,
        }
    };
}
pub(super) use port_limits;

impl PortLimits {
    /// The others' where nothing is said here, and the usual where nothing is said at all. 0 is no limit.
    pub(super) fn or(self, others: Self) -> Result<Limits> {
        let usual = Limits::default();
        let connections = self.connections.or(others.connections).unwrap_or(usual.connections);
        ensure!(connections != 0, "limits.connections: a server without connections serves nobody");
        let number = |said: Option<usize>, usual: Option<NonZeroUsize>| said.map_or(usual, NonZeroUsize::new);
        let wait = self.wait_milliseconds.or(others.wait_milliseconds);
        Ok(Limits {
            connections,
            handshakes: number(self.handshakes.or(others.handshakes), usual.handshakes),
            wait: wait.map_or(usual.wait, |ms| (ms != 0).then(|| Duration::from_millis(ms))),
            requests_in_work: number(
                self.requests_in_work.or(others.requests_in_work),
                usual.requests_in_work,
            ),
            requests_per_second: self.requests_per_second.or(others.requests_per_second),
            body: self.body_bytes.or(others.body_bytes).unwrap_or(usual.body),
            ..usual
        })
    }
}

/// How a port treats those who ask too much, as `check-config` shows it.
pub fn shown(limits: &Limits) -> [(&'static str, String); 4] {
    let or_any = |limit: Option<String>| limit.unwrap_or_else(|| "any".to_owned());
    let number = |limit: Option<NonZeroUsize>| or_any(limit.map(|number| number.to_string()));
    [
        ("connections", format!("at most {}", limits.connections)),
        ("handshakes", number(limits.handshakes)),
        ("wait", or_any(limits.wait.map(|wait| format!("{} ms", wait.as_millis())))),
        ("in work", number(limits.requests_in_work)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_first_counts_and_what_is_not_said_is_as_usual() {
        let flags = PortLimits { connections: Some(7), handshakes: Some(1), ..PortLimits::default() };
        let file = PortLimits { connections: Some(8), wait_milliseconds: Some(5), ..PortLimits::default() };
        let (limits, usual) = (flags.or(file).unwrap(), Limits::default());
        assert_eq!((limits.connections, limits.handshakes), (7, NonZeroUsize::new(1)));
        assert_eq!(limits.wait, Some(Duration::from_millis(5)));
        assert_eq!((limits.requests_in_work, limits.body), (usual.requests_in_work, usual.body));
        assert!(usual.requests_in_work.is_some() && usual.wait.is_some() && usual.handshakes.is_some());
    }

    #[test]
    fn nought_is_no_limit_but_for_connections() {
        let file = PortLimits {
            handshakes: Some(0),
            wait_milliseconds: Some(0),
            requests_in_work: Some(0),
            ..PortLimits::default()
        };
        let limits = PortLimits::default().or(file).unwrap();
        assert_eq!((limits.handshakes, limits.wait, limits.requests_in_work), (None, None, None));
        let none = PortLimits { connections: Some(0), ..PortLimits::default() };
        assert!(none.or(PortLimits::default()).is_err());
    }
}
