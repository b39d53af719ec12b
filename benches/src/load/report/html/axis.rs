//! Where values stand along one side of a chart, and which of them are written beside it.

/// One side of a chart.
pub(super) struct Axis {
    pub(super) label: String,
    /// Each with its place, 0 to 1, and what is written there.
    pub(super) ticks: Vec<(f64, String)>,
    scale: Scale,
}

enum Scale {
    Linear { to: f64 },
    Logarithmic { from: f64, to: f64 },
}

impl Axis {
    /// From zero to at least `max`, with round numbers.
    pub(super) fn from_zero(label: &str, max: f64, written: fn(f64) -> String) -> Self {
        let step = round_step(max.max(1.0) / 5.0);
        let steps = (max.max(1.0) / step).ceil().max(1.0);
        let at = |number: u32| (f64::from(number) / steps, written(f64::from(number) * step));
        let ticks = (0..=steps as u32).map(at).collect();
        Self { label: label.to_owned(), ticks, scale: Scale::Linear { to: steps * step } }
    }

    /// From zero to exactly `max`, with round numbers as far as they go.
    pub(super) fn until(label: &str, max: f64, written: fn(f64) -> String) -> Self {
        let (max, step) = (max.max(1.0), round_step(max.max(1.0) / 8.0).max(1.0));
        let at = |number: u32| {
            let value = f64::from(number) * step;
            (value / max, written(value))
        };
        let ticks = (0..=(max / step) as u32).map(at).collect();
        Self { label: label.to_owned(), ticks, scale: Scale::Linear { to: max } }
    }

    /// From at most `min` to at least `max`, each decade as long as the next.
    pub(super) fn logarithmic(label: &str, min: f64, max: f64, written: fn(f64) -> String) -> Self {
        let (first, last) = (min.max(1.0).log10().floor(), max.max(1.0).log10().ceil());
        let (from, to) = (first, last.max(first + 1.0));
        let place = |value: f64| (value.log10() - from) / (to - from);
        // Between few decades there is room for more.
        let within: &[f64] = if to - from > 3.0 { &[1.0] } else { &[1.0, 2.0, 5.0] };
        let decades = (from as i32..=to as i32).map(|decade| 10_f64.powi(decade));
        let values = decades.flat_map(|decade| within.iter().map(move |part| decade * part));
        let ticks = values.map(|value| (place(value), written(value)));
        Self {
            label: label.to_owned(),
            ticks: ticks.filter(|(place, _)| *place <= 1.0 + 1e-9).collect(),
            scale: Scale::Logarithmic { from, to },
        }
    }

    /// Percentiles up to so many nines, each nine as long as the next; values are numbers of nines.
    pub(super) fn percentiles(label: &str, nines: f64) -> Self {
        let nines = nines.max(1.0);
        let named = |number: u32| match number {
            0 => "0 %".to_owned(),
            1 => "90 %".to_owned(),
            2 => "99 %".to_owned(),
            more => format!("99.{} %", "9".repeat(more as usize - 2)),
        };
        let whole = (0..=nines as u32).map(|number| (f64::from(number) / nines, named(number)));
        let middle = (2_f64.log10() / nines, "50 %".to_owned());
        Self {
            label: label.to_owned(),
            ticks: whole.chain([middle]).collect(),
            scale: Scale::Linear { to: nines },
        }
    }

    /// The place of a value, 0 to 1.
    pub(super) fn place(&self, value: f64) -> f64 {
        let place = match self.scale {
            Scale::Linear { to } => value / to,
            Scale::Logarithmic { from, to } => (value.max(1.0).log10() - from) / (to - from),
        };
        place.clamp(0.0, 1.0)
    }
}

/// 1, 2 or 5 with as many zeros as it takes to be at least so much.
fn round_step(least: f64) -> f64 {
    let decade = 10_f64.powf(least.log10().floor());
    let part = [1.0, 2.0, 5.0].into_iter().find(|part| part * decade >= least * (1.0 - 1e-9));
    part.unwrap_or(10.0) * decade
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: f64) -> String {
        format!("{value}")
    }

    fn ticks(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|(_, text)| text.as_str()).collect()
    }

    #[test]
    fn an_axis_has_round_numbers_and_room_for_the_largest_value() {
        let axis = Axis::from_zero("", 198.0, written);
        assert_eq!(ticks(&axis), ["0", "50", "100", "150", "200"]);
        assert_eq!(axis.place(100.0), 0.5);
        assert_eq!(ticks(&Axis::from_zero("", 0.0, written)).first(), Some(&"0"));
        assert_eq!(ticks(&Axis::until("", 30.0, written)), ["0", "5", "10", "15", "20", "25", "30"]);
    }

    #[test]
    fn each_decade_is_as_long_as_the_next() {
        let axis = Axis::logarithmic("", 130.0, 450_000.0, written);
        assert_eq!(ticks(&axis), ["100", "1000", "10000", "100000", "1000000"]);
        assert_eq!(axis.place(10_000.0), 0.5);
        assert_eq!(axis.place(0.0), 0.0);
        assert_eq!(ticks(&Axis::logarithmic("", 3.0, 7.0, written)), ["1", "2", "5", "10"]);
    }

    #[test]
    fn each_nine_is_as_long_as_the_next() {
        let axis = Axis::percentiles("", 4.0);
        assert_eq!(ticks(&axis), ["0 %", "90 %", "99 %", "99.9 %", "99.99 %", "50 %"]);
        assert_eq!(axis.place(2.0), 0.5);
    }
}
