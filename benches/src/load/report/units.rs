//! How quantities are written: three figures, and the unit in which they are short.

/// A time of so many microseconds: `850 µs`, `12.3 ms`, `1.20 s`.
pub fn duration(micros: f64) -> String {
    match micros {
        ..999.5 => format!("{} µs", figures(micros)),
        ..999_500.0 => format!("{} ms", figures(micros / 1e3)),
        _ => format!("{} s", figures(micros / 1e6)),
    }
}

/// A time of whole microseconds: `85 µs`, `12.3 ms`, `1.20 s`.
pub fn micros(micros: u64) -> String {
    match micros {
        0..1000 => format!("{micros} µs"),
        _ => duration(micros as f64),
    }
}

/// A time of so many seconds: `30 s`, `0.25 s`.
pub fn seconds(seconds: f64) -> String {
    if seconds.fract() == 0.0 { format!("{seconds:.0} s") } else { format!("{} s", figures(seconds)) }
}

/// A number in groups of three digits: `1 234 567`.
pub fn count(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

/// So many in a second: `198 /s`, `12 345 /s`, `0.50 /s`.
pub fn rate(per_second: f64) -> String {
    format!("{} /s", figures(per_second))
}

/// So many mebibytes in a second, as [`size`] counts: `45.0 MB/s`.
pub fn megabytes(per_second: f64) -> String {
    format!("{} MB/s", figures(per_second))
}

/// A share of one: `12.3 %`.
pub fn percent(share: f64) -> String {
    format!("{} %", figures(share * 100.0))
}

/// So many bytes, 1024 of which are a KB: `800 B`, `12 KB`, `1.5 KB`.
pub fn size(bytes: usize) -> String {
    /// Of one decimal.
    const SMALL: f64 = 9.95;
    let kilobytes = bytes as f64 / 1024.0;
    match bytes {
        0..1024 => format!("{bytes} B"),
        _ if kilobytes < SMALL => format!("{kilobytes:.1} KB"),
        _ => format!("{} KB", count(kilobytes.round() as u64)),
    }
}

/// How many times `old` is in `new`: `1.04`. Nothing where one of them was not measured.
pub fn ratio(new: f64, old: f64) -> Option<String> {
    let ratio = new / old;
    (ratio.is_finite() && old != 0.0).then(|| figures(ratio))
}

/// A number in three figures; all of them where it has more before the point.
pub fn figures(value: f64) -> String {
    match value.abs() {
        ..9.995 => format!("{value:.2}"),
        ..99.95 => format!("{value:.1}"),
        ..999.5 => format!("{value:.0}"),
        large if large < 1e15 => {
            let sign = if value < 0.0 { "-" } else { "" };
            format!("{sign}{}", count(large.round() as u64))
        }
        _ => format!("{value:e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_in_the_unit_in_which_it_is_short() {
        assert_eq!(micros(0), "0 µs");
        assert_eq!(micros(850), "850 µs");
        assert_eq!(micros(1000), "1.00 ms");
        assert_eq!(micros(12_345), "12.3 ms");
        assert_eq!(micros(999_499), "999 ms");
        assert_eq!(micros(999_500), "1.00 s");
        assert_eq!(micros(1_204_000), "1.20 s");
        assert_eq!(duration(12.34), "12.3 µs");
        assert_eq!(seconds(30.0), "30 s");
        assert_eq!(seconds(0.25), "0.25 s");
    }

    #[test]
    fn numbers_have_three_figures_and_large_ones_are_grouped() {
        assert_eq!(count(999), "999");
        assert_eq!(count(1_234_567), "1 234 567");
        assert_eq!(rate(0.5), "0.50 /s");
        assert_eq!(rate(99.96), "100 /s");
        assert_eq!(rate(12_345.4), "12 345 /s");
        assert_eq!(percent(0.123), "12.3 %");
        assert_eq!(size(12 * 1024 - 40), "12 KB");
        assert_eq!(size(1336), "1.3 KB");
        assert_eq!(size(800), "800 B");
    }

    #[test]
    fn there_is_no_ratio_to_what_was_not_measured() {
        assert_eq!(ratio(104.0, 100.0).as_deref(), Some("1.04"));
        assert_eq!(ratio(1.0, 0.0), None);
        assert_eq!(ratio(0.0, 0.0), None);
        assert_eq!(ratio(f64::NAN, 1.0), None);
    }
}
