//! Time, as certificates need it.

use std::fmt;

use rasn::types::UtcTime;

/// Seconds since 1970-01-01T00:00:00Z. Displayed as RFC 3339, for example `2026-07-21T13:39:07Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(pub i64);

impl UnixTime {
    /// 9999-12-31T23:59:59Z: RFC 5280 §4.1.2.5 writes this for a certificate without a good end of its life.
    pub const NO_EXPIRATION: UnixTime = UnixTime(253_402_300_799);

    /// The moment so many days later, or earlier if negative.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> UnixTime {
        UnixTime(self.0.saturating_add(days.saturating_mul(86_400)))
    }

    /// The calendar form; `None` outside the years that it covers.
    pub(crate) fn calendar(self) -> Option<UtcTime> {
        UtcTime::from_timestamp(self.0, 0)
    }
}

impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.calendar() {
            Some(time) => write!(f, "{}", time.format("%Y-%m-%dT%H:%M:%SZ")),
            None => write!(f, "{} s after 1970", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_shown_as_rfc_3339() {
        assert_eq!(UnixTime(0).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(UnixTime(1_784_641_147).to_string(), "2026-07-21T13:39:07Z");
        assert_eq!(UnixTime::NO_EXPIRATION.to_string(), "9999-12-31T23:59:59Z");
    }

    #[test]
    fn a_time_beyond_every_calendar_is_shown_too() {
        assert_eq!(UnixTime(i64::MAX).to_string(), format!("{} s after 1970", i64::MAX));
    }
}
