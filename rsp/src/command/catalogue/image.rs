//! A QR code as an image.

use anyhow::Result;
use png::{BitDepth, ColorType, Encoder};

use crate::io::qr::{self, QUIET_ZONE};

/// Pixels of a module on each side: large enough for a phone in front of a screen.
const MODULE: usize = 8;

/// The text as a PNG of black and white.
pub fn png(text: &str) -> Result<Vec<u8>> {
    let rows = qr::rows(&qr::code(text)?);
    let side = (rows.len() + 2 * QUIET_ZONE) * MODULE;
    let is_dark = |x: usize, y: usize| {
        let module = |pixel: usize| (pixel / MODULE).checked_sub(QUIET_ZONE);
        let row = module(y).and_then(|y| rows.get(y));
        row.zip(module(x)).and_then(|(row, x)| row.get(x)).copied().unwrap_or(false)
    };
    // One bit a pixel, 1 is white; a module is as wide as a byte.
    let pixels: Vec<u8> = (0..side)
        .flat_map(|y| (0..side / MODULE).map(move |byte| (byte * MODULE, y)))
        .map(|(x, y)| if is_dark(x, y) { 0x00 } else { 0xFF })
        .collect();
    let mut file = Vec::new();
    let length = u32::try_from(side)?;
    let mut encoder = Encoder::new(&mut file, length, length);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::One);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(file)
}
