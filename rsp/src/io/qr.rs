//! QR codes.

use anyhow::{Context, Result};
use qrcode::render::unicode::Dense1x2;
use qrcode::{Color, EcLevel, QrCode};

/// The light border that readers need, in modules.
pub const QUIET_ZONE: usize = 4;

/// The text as a QR code.
pub fn code(text: &str) -> Result<QrCode> {
    QrCode::with_error_correction_level(text, EcLevel::L).context("the text is too long for a QR code")
}

/// The rows of a QR code, without a border: whether each module is dark.
pub fn rows(code: &QrCode) -> Vec<Vec<bool>> {
    let dark: Vec<bool> = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
    dark.chunks(code.width().max(1)).map(<[bool]>::to_vec).collect()
}

/// The text as a QR code of half blocks, dark on light as a phone expects it on a dark terminal.
pub fn for_terminal(text: &str) -> Result<String> {
    Ok(code(text)?.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build())
}
