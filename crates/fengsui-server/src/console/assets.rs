//! The few files a browser asks for, embedded: tokens, style, script, the mark.
//!
//! Addresses carry a version made from the content, so a browser may keep a file for a year and
//! still never shows a new page with old style. There is no build step for pages: the files in
//! `assets/` are what is served, less their comments and indentation.

use std::sync::LazyLock;

#[cfg(test)]
mod tests;

/// How long a browser may keep an asset asked for with its version.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

/// The beacon tower and all icons as symbols: inlined once a page, so that they take the colours of
/// the theme, and used by `#i-NAME`.
pub const ICONS: &str = include_str!("../../assets/icons.svg");

/// One embedded file.
#[derive(Debug)]
pub struct Asset {
    /// Its name below `/assets/`.
    pub name: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// What is served.
    pub text: String,
    /// A version made from the content: also a good strong `ETag`.
    pub version: u64,
}

/// Every file that is served, by name.
pub static ASSETS: LazyLock<[Asset; 6]> = LazyLock::new(|| {
    [
        asset("app.js", "text/javascript; charset=utf-8", squeeze_js(include_str!("../../assets/app.js"))),
        asset("case.css", "text/css; charset=utf-8", squeeze_css(include_str!("../../assets/case.css"))),
        asset(
            "console.css",
            "text/css; charset=utf-8",
            squeeze_css(include_str!("../../assets/console.css")),
        ),
        asset("favicon.svg", "image/svg+xml", include_str!("../../assets/favicon.svg").to_owned()),
        asset(
            "forms.js",
            "text/javascript; charset=utf-8",
            squeeze_js(include_str!("../../assets/forms.js")),
        ),
        asset("tokens.css", "text/css; charset=utf-8", squeeze_css(include_str!("../../assets/tokens.css"))),
    ]
});

fn asset(name: &'static str, media_type: &'static str, text: String) -> Asset {
    let version = fnv1a(text.as_bytes());
    Asset { name, media_type, text, version }
}

/// The asset called `name`.
pub fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

/// The address of an asset with its version; the bare name if there is no such asset.
pub fn href(name: &str) -> String {
    match find(name) {
        Some(asset) => format!("/assets/{name}?v={:016x}", asset.version),
        None => format!("/assets/{name}"),
    }
}

/// Drops comments, line breaks and the spaces that mean nothing in our own style sheets.
///
/// Our sheets hold no comment marks, braces or semicolons inside strings.
fn squeeze_css(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    bare.push_str(rest);
    let one_line = bare.split_whitespace().collect::<Vec<_>>().join(" ");
    [(" {", "{"), ("{ ", "{"), (" }", "}"), ("} ", "}"), ("; ", ";"), (";}", "}"), (": ", ":"), (", ", ",")]
        .iter()
        .fold(one_line, |css, (from, to)| css.replace(from, to))
}

/// Drops indentation, empty lines and lines that are comments. Our scripts hold no string or
/// template over several lines.
fn squeeze_js(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.fold(String::with_capacity(text.len()), |js, line| js + line + "\n")
}

/// FNV-1a, 64 bits: tells two builds apart; it guards nothing.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
