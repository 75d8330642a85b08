//! Sizes, the one home of colours, and what eyes can tell apart.

use std::collections::BTreeMap;

use super::*;

const TOKENS: &str = include_str!("../../../assets/tokens.css");

/// Bytes of style and script that the first page may ask for; its HTML gets the rest of 50 KB.
const FIRST_PAGE_ASSETS_MAX: usize = 24 * 1024;

/// Most bytes of script in all.
const SCRIPT_MAX: usize = 12 * 1024;

type Rgb = [f64; 3];
type Tokens = BTreeMap<String, Rgb>;

/// The colours of one `{ … }` block of the token file.
fn block(start: &str) -> Tokens {
    let body = TOKENS.split_once(start).expect("the block exists").1.split_once('}').expect("it ends").0;
    body.split(';')
        .filter_map(|line| line.split_once(": #"))
        .map(|(name, hex)| {
            let part =
                |at: usize| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal")) / 255.0;
            (name.trim().trim_start_matches("--").to_owned(), [part(0), part(2), part(4)])
        })
        .collect()
}

fn light() -> Tokens {
    block(":root {")
}

fn dark() -> Tokens {
    let mut tokens = light();
    tokens.extend(block(":root[data-theme=\"dark\"] {"));
    tokens
}

fn linear(colour: Rgb) -> Rgb {
    colour.map(|c| if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) })
}

fn luminance(colour: Rgb) -> f64 {
    let [r, g, b] = linear(colour);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// WCAG 2.2 contrast ratio.
fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// CIE L*a*b* (D65) of a linear colour.
#[expect(clippy::many_single_char_names, reason = "the letters of colour science")]
fn lab([r, g, b]: Rgb) -> Rgb {
    let f = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
    let x = f((0.412_456 * r + 0.357_576 * g + 0.180_437 * b) / 0.950_47);
    let y = f(0.212_673 * r + 0.715_152 * g + 0.072_175 * b);
    let z = f((0.019_334 * r + 0.119_192 * g + 0.950_304 * b) / 1.088_83);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// CIEDE2000 difference (Sharma, Wu, Dalal 2005).
#[expect(clippy::many_single_char_names, reason = "the letters of colour science")]
fn difference([l1, a1, b1]: Rgb, [l2, a2, b2]: Rgb) -> f64 {
    let chroma = f64::midpoint(a1.hypot(b1), a2.hypot(b2)).powi(7);
    let g = 0.5 * (1.0 - (chroma / (chroma + 25_f64.powi(7))).sqrt());
    let (a1, a2) = (a1 * (1.0 + g), a2 * (1.0 + g));
    let (c1, c2) = (a1.hypot(b1), a2.hypot(b2));
    let hue =
        |a: f64, b: f64| if a == 0.0 && b == 0.0 { 0.0 } else { b.atan2(a).to_degrees().rem_euclid(360.0) };
    let (h1, h2) = (hue(a1, b1), hue(a2, b2));
    let turn = match h2 - h1 {
        _ if c1 * c2 == 0.0 => 0.0,
        d if d > 180.0 => d - 360.0,
        d if d < -180.0 => d + 360.0,
        d => d,
    };
    let dh = 2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin();
    let (l, c) = (f64::midpoint(l1, l2), f64::midpoint(c1, c2));
    let h = if c1 * c2 == 0.0 { h1 + h2 } else { (h1 + turn / 2.0).rem_euclid(360.0) };
    let cos = |degrees: f64| degrees.to_radians().cos();
    let t = 1.0 - 0.17 * cos(h - 30.0) + 0.24 * cos(2.0 * h) + 0.32 * cos(3.0 * h + 6.0)
        - 0.2 * cos(4.0 * h - 63.0);
    let sl = 1.0 + 0.015 * (l - 50.0).powi(2) / (20.0 + (l - 50.0).powi(2)).sqrt();
    let (sc, sh) = (1.0 + 0.045 * c, 1.0 + 0.015 * c * t);
    let rc = 2.0 * (c.powi(7) / (c.powi(7) + 25_f64.powi(7))).sqrt();
    let rt = -(60.0 * (-((h - 275.0) / 25.0).powi(2)).exp()).to_radians().sin() * rc;
    let (dl, dc, dh) = ((l2 - l1) / sl, (c2 - c1) / sc, dh / sh);
    (dl * dl + dc * dc + dh * dh + rt * dc * dh).sqrt()
}

/// How a colour looks to somebody: a matrix on linear RGB.
fn seen(matrix: [Rgb; 3], colour: Rgb) -> Rgb {
    let [r, g, b] = linear(colour);
    lab(matrix.map(|[x, y, z]| (x * r + y * g + z * b).clamp(0.0, 1.0)))
}

/// Full severity, Machado, Oliveira and Fernandes 2009; then greyscale by luminance.
const EYES: [(&str, [Rgb; 3], f64); 5] = [
    ("normal", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], 20.0),
    (
        "protan",
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
        20.0,
    ),
    (
        "deutan",
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
        20.0,
    ),
    (
        "tritan",
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
        20.0,
    ),
    ("grey", [[0.2126, 0.7152, 0.0722]; 3], 12.0),
];

#[test]
fn levels_differ_for_every_eye() {
    let tokens = light();
    let level = |n: usize| tokens[&format!("level-{n}")];
    for (eye, matrix, least) in EYES {
        for (a, b) in [(1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4)] {
            let apart = difference(seen(matrix, level(a)), seen(matrix, level(b)));
            assert!(apart >= least, "{eye}: levels {a} and {b} are only {apart:.1} apart");
        }
    }
}

#[test]
fn the_difference_is_the_published_one() {
    // Pairs 1 and 17 of the test data of Sharma, Wu and Dalal.
    for (a, b, expected) in [
        ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
        ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
    ] {
        assert!((difference(a, b) - expected).abs() < 0.0001, "{a:?} {b:?}");
    }
}

#[test]
fn contrasts() {
    for (theme, tokens) in [("light", light()), ("dark", dark())] {
        for (ink, papers, least) in [
            (
                "text",
                &["bg", "surface", "sunken", "accent-soft", "bad-soft", "warn-soft", "good-soft"][..],
                7.0,
            ),
            ("muted", &["bg", "surface", "sunken"], 7.0),
            ("muted", &["bad-soft", "warn-soft", "accent-soft"], 4.5),
            ("link", &["bg", "surface", "sunken"], 7.0),
            ("bad", &["surface", "bad-soft"], 7.0),
            ("warn", &["surface", "warn-soft"], 7.0),
            ("good", &["surface", "good-soft"], 4.5),
            ("on-accent", &["accent", "accent-hover"], 7.0),
            ("on-bad", &["bad-fill"], 4.5),
            ("side-text", &["side", "side-hover", "side-here"], 7.0),
            ("side-muted", &["side", "side-hover", "side-here"], 4.5),
            ("on-level-1", &["level-1"], 4.5),
            ("on-level-2", &["level-2"], 4.5),
            ("on-level-3", &["level-3"], 4.5),
            ("on-level-4", &["level-4"], 4.5),
            ("outline", &["surface", "bg", "bad-soft"], 3.0),
            ("control-line", &["surface", "bg"], 3.0),
            ("focus", &["surface", "bg"], 3.0),
            ("bad-fill", &["surface"], 3.0),
            ("warn-fill", &["surface"], 3.0),
            ("accent", &["surface", "bg"], 3.0),
        ] {
            for paper in papers {
                let ratio = contrast(tokens[ink], tokens[*paper]);
                assert!(ratio >= least, "{theme}: {ink} on {paper} is {ratio:.2}, not {least}");
            }
        }
    }
}

#[test]
fn dark_is_the_same_by_choice_and_by_device() {
    assert_eq!(block(":root[data-theme=\"dark\"] {"), block(":root[data-theme=\"auto\"] {"));
}

#[test]
fn only_the_token_file_names_colours() {
    for sheet in [include_str!("../../../assets/console.css"), include_str!("../../../assets/case.css")] {
        for line in sheet.lines() {
            let named =
                ["rgb(", "hsl(", ": #", " #", "white", "black"].iter().find(|word| line.contains(*word));
            assert!(named.is_none_or(|word| *word == "white" && line.contains("white-space")), "{line}");
        }
    }
}

#[test]
fn the_first_page_stays_small() {
    let bytes = |name: &str| find(name).expect("it is served").text.len();
    let first = bytes("tokens.css") + bytes("console.css") + bytes("app.js");
    assert!(first <= FIRST_PAGE_ASSETS_MAX, "{first} bytes");
    assert!(bytes("app.js") + bytes("forms.js") <= SCRIPT_MAX);
}

#[test]
fn squeezing_keeps_the_meaning() {
    for (css, expected) in [
        ("/* a */\n.side :focus-visible { color: red; }\n", ".side :focus-visible{color:red}"),
        (
            "@media (max-width: 50rem) {\n  a, b > i { margin: 0 1px; }\n}\n",
            "@media (max-width:50rem){a,b > i{margin:0 1px}}",
        ),
        ("a { content: \"= \"; }", "a{content:\"= \"}"),
    ] {
        assert_eq!(squeeze_css(css), expected);
    }
    assert_eq!(squeeze_js("  // why\n\n  const a = \"//\"; // b\n"), "const a = \"//\"; // b\n");
}

#[test]
fn addresses_change_with_the_content() {
    assert!(href("app.js").starts_with("/assets/app.js?v="));
    assert_eq!(href("none.js"), "/assets/none.js");
    assert_ne!(fnv1a(b"a"), fnv1a(b"b"));
    assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8); // From the authors' test suite.
}
