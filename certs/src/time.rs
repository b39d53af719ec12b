//! Time, as certificates need it.

use std::fmt;

use rasn::types::UtcTime;
use rasn_pkix::Time;

/// Years 2050 and later, which RFC 5280 §4.1.2.5.1 reads as 1950 and later in a UTCTime.
const YEAR_2050: UnixTime = UnixTime(2_524_608_000);
/// The seconds of one hundred years that contain 25 leap days, as those from 1950 to 2050 do.
const CENTURY: i64 = 36_525 * 86_400;
/// 1950-01-01T00:00:00Z, before which RFC 5280 §4.1.2.5 wants GeneralizedTime, as it does from 2050 on.
const YEAR_1950: UnixTime = UnixTime(-631_152_000);

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

/// Reads a Time. The error says what is wrong with it.
pub(crate) fn from_rasn(time: &Time) -> Result<UnixTime, &'static str> {
    match time {
        Time::Utc(time) => {
            // RFC 5280 §4.1.2.5.1: two digits from 50 to 99 are of the twentieth century.
            let seconds = time.timestamp();
            Ok(UnixTime(if seconds >= YEAR_2050.0 { seconds - CENTURY } else { seconds }))
        }
        // RFC 5280 §4.1.2.5.2: no fractions of a second.
        Time::General(time) if time.timestamp_subsec_nanos() == 0 => Ok(UnixTime(time.timestamp())),
        Time::General(_) => Err("it has a fraction of a second"),
    }
}

/// Writes a Time as RFC 5280 §4.1.2.5 wants it; `None` outside the years of the calendar.
pub(crate) fn to_rasn(moment: UnixTime) -> Option<Time> {
    let calendar = moment.calendar()?;
    Some(if (YEAR_1950..YEAR_2050).contains(&moment) {
        Time::Utc(calendar)
    } else {
        Time::General(calendar.fixed_offset())
    })
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
