//! The catalogue as one page that needs nothing else, to print or to hold a phone before.

use std::fmt::Write as _;

use anyhow::Result;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use protocol::types::ServerAddress;

use super::Shown;
use crate::io::qr::{self, QUIET_ZONE};

const STYLE: &str = "
body { font: 11pt/1.4 system-ui, sans-serif; margin: 2em auto; max-width: 62em; padding: 0 1em; color: #111; background: #fff }
h1 { font-size: 1.5em } code { font-size: .85em; overflow-wrap: anywhere }
.entry { display: flex; gap: 1.2em; padding: .8em 0; border-top: 1px solid #bbb; break-inside: avoid }
.entry svg { flex: none; width: 34mm; height: 34mm } h2 { font-size: 1.05em; margin: 0 0 .2em } p { margin: .2em 0 }
";

/// The page.
pub fn page(server: &ServerAddress, shown: &[Shown]) -> Result<String> {
    let entries: Vec<Markup> = shown.iter().map(entry).collect::<Result<_>>()?;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Error catalogue of " (server) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { "Error catalogue of " (server) }
                p { "Each activation code is for one behaviour of the SM-DP+, the same each time, for every eUICC." }
                @for entry in entries { (entry) }
            }
        }
    };
    Ok(page.into_string())
}

fn entry(entry: &Shown) -> Result<Markup> {
    let image = svg(&entry.activation_code)?;
    Ok(html! {
        div class="entry" id=(entry.id) {
            (PreEscaped(image))
            div {
                h2 { (entry.id) }
                p { (entry.what) "." }
                p { "A good LPA " (entry.good_lpa) "." }
                @if let Some(code) = entry.confirmation_code { p { "Confirmation code: " (code) } }
                p { code { (entry.activation_code) } }
            }
        }
    })
}

/// One path, a stroke for each run of dark modules.
fn svg(text: &str) -> Result<String> {
    let rows = qr::rows(&qr::code(text)?);
    let side = rows.len() + 2 * QUIET_ZONE;
    let mut path = String::new();
    for (y, row) in rows.iter().enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, next| one == next) {
            if run.first() == Some(&true) {
                write!(path, "M{} {}h{}v1h-{}z", x + QUIET_ZONE, y + QUIET_ZONE, run.len(), run.len())?;
            }
            x += run.len();
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\" role=\"img\" \
         aria-label=\"QR code\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>"
    ))
}
