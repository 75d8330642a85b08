//! A QR code as an SVG image without style or script: one path of dark squares.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// Light squares around a code (ISO/IEC 18004: four).
const QUIET: i32 = 4;

/// The code of a text; empty if the text is too long for one.
pub(super) fn svg(text: &str) -> String {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return String::new() };
    let side = code.size() + 2 * QUIET;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            // Writing to a string cannot fail.
            let _ = write!(path, "M{},{}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\" aria-hidden=\"true\">\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners_and_nothing_that_runs() {
        let image =
            svg("otpauth://totp/Fengsui:wang.min?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Fengsui");
        for corner in ["M4,4h1", "M10,4h1", "M4,10h1"] {
            assert!(image.contains(corner), "{corner}");
        }
        for bad in ["<script", "style=", " on"] {
            assert!(!image.contains(bad), "{bad}");
        }
        assert_eq!(svg(&"x".repeat(5_000)), "");
    }
}
