//! Lines over two axes, as SVG inside the page.

use std::fmt::Write;

use maud::{Markup, html};

use super::super::printable::Printable;
use super::axis::Axis;

/// A chart.
pub(super) struct Chart<'a> {
    /// What it shows, for those who cannot see it.
    pub(super) description: &'a str,
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) lines: Vec<Line<'a>>,
}

/// One line of a chart.
pub(super) struct Line<'a> {
    pub(super) name: &'a str,
    /// The class that gives it a colour.
    pub(super) class: String,
    /// From left to right; where there is no value the line has a gap.
    pub(super) points: Vec<(f64, Option<f64>)>,
}

/// The drawing and the part of it that the lines are in, in units of SVG.
const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 740.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 250.0;

impl Chart<'_> {
    /// The names of the lines, and the drawing.
    pub(super) fn markup(&self) -> Markup {
        html! {
            ul.legend {
                @for line in &self.lines {
                    li { span.swatch.(line.class) {} (Printable(line.name).to_string()) }
                }
            }
            svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(self.description) {
                (self.grid())
                @for line in &self.lines { path.line.(line.class) d=(self.path(line)) {} }
            }
        }
    }

    fn grid(&self) -> Markup {
        let middle = (LEFT + RIGHT) / 2.0;
        let (text_y, label_y, label_x) = (BOTTOM + 18.0, BOTTOM + 40.0, 14.0);
        html! {
            g.grid {
                @for (place, text) in &self.y.ticks {
                    @let y = at(vertical(*place));
                    line x1=(LEFT) x2=(RIGHT) y1=(y) y2=(y) {}
                    text x=(LEFT - 8.0) y=(y) text-anchor="end" dominant-baseline="middle" { (text) }
                }
                @for (place, text) in &self.x.ticks {
                    @let x = at(horizontal(*place));
                    line x1=(x) x2=(x) y1=(BOTTOM) y2=(BOTTOM + 5.0) {}
                    text x=(x) y=(text_y) text-anchor="middle" { (text) }
                }
                text x=(middle) y=(label_y) text-anchor="middle" { (self.x.label) }
                @let turned = format!("rotate(-90 {label_x} {})", (TOP + BOTTOM) / 2.0);
                text x=(label_x) y=((TOP + BOTTOM) / 2.0) text-anchor="middle" transform=(turned) { (self.y.label) }
            }
        }
    }

    fn path(&self, line: &Line<'_>) -> String {
        let mut path = String::new();
        let mut pen_is_down = false;
        for (x, y) in &line.points {
            let Some(y) = y else {
                pen_is_down = false;
                continue;
            };
            let (x, y) = (at(horizontal(self.x.place(*x))), at(vertical(self.y.place(*y))));
            // A line of no length has round ends and is seen as a point. Writing to a String does not fail.
            _ = if pen_is_down { write!(path, "L{x} {y}") } else { write!(path, "M{x} {y}h0") };
            pen_is_down = true;
        }
        path
    }
}

fn horizontal(place: f64) -> f64 {
    LEFT + place * (RIGHT - LEFT)
}

fn vertical(place: f64) -> f64 {
    BOTTOM - place * (BOTTOM - TOP)
}

/// A coordinate.
fn at(coordinate: f64) -> String {
    format!("{coordinate:.1}")
}
