//! The project's clock as rustls asks for it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use protocol::clock::Clock;
use rustls::pki_types::UnixTime;
use rustls::time_provider::TimeProvider;

pub(super) struct InjectedTime(pub(super) Arc<dyn Clock>);

impl TimeProvider for InjectedTime {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.now().unix_seconds()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

impl fmt::Debug for InjectedTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InjectedTime")
    }
}
