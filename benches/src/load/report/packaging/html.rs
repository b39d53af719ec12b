//! For people: one page that needs nothing beside itself.

use maud::{Markup, html};

use super::super::html::{facts as list, page};
use super::{ABOUT_THE_FLOOR, COLUMNS, cells, facts, units};
use crate::load::packaging::{PackagingResult, Row, Step};

/// Writes a result.
pub fn write(result: &PackagingResult) -> String {
    let title = "Profile packaging";
    let content = html! {
        header {
            h1 { (title) }
            (list(facts(result)))
        }
        @for step in Step::ALL { (section(step, &result.rows)) }
        p.about { (ABOUT_THE_FLOOR) }
    };
    page(title, &content)
}

/// One step with all sizes, and how the sizes compare.
fn section(step: Step, rows: &[Row]) -> Markup {
    let rows: Vec<_> = rows.iter().filter(|row| row.step == step).collect();
    let most = rows.iter().map(|row| row.packages_per_second).fold(0.0, f64::max);
    html! {
        section {
            h2 { (step.name()) }
            div.wide {
                table {
                    tr {
                        th { "size" } th {}
                        @for column in COLUMNS { th { (column) } }
                    }
                    @for row in rows {
                        tr {
                            th scope="row" { (units::size(row.size)) }
                            td { (bar(row.packages_per_second / most)) }
                            @for cell in cells(row) { td { (cell) } }
                        }
                    }
                }
            }
        }
    }
}

/// So much of the width.
fn bar(share: f64) -> Markup {
    let width = format!("{:.1}", 100.0 * share.clamp(0.0, 1.0));
    html! {
        svg.bar viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" {
            rect width=(width) height="8" {}
        }
    }
}
