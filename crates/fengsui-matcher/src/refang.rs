//! Undoing the usual "defanging", by which people keep indicators from being clicked.
//!
//! `hxxp://evil[.]example/x` becomes `http://evil.example/x`. Only the marks in `MARKS` and the
//! scheme are touched, so a value without them comes back as it is, without a copy.

use std::borrow::Cow;

use memchr::memchr3;

/// What stands for what. Words are compared without regard to case.
const MARKS: [(&str, &str); 9] = [
    ("[.]", "."),
    ("(.)", "."),
    ("{.}", "."),
    ("[dot]", "."),
    ("(dot)", "."),
    ("{dot}", "."),
    ("[://]", "://"),
    ("[:]", ":"),
    ("[/]", "/"),
];

/// `text` without blanks around it and without defanging marks.
pub fn refang(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let marked = memchr3(b'[', b'(', b'{', text.as_bytes()).is_some();
    if !marked && !has_hxxp(text) {
        return Cow::Borrowed(text);
    }
    let plain = if marked { without_marks(text) } else { Cow::Borrowed(text) };
    if !has_hxxp(&plain) {
        return plain;
    }
    // `hxxp`, `hXXp` and `hxxps` differ from the real scheme in two letters.
    Cow::Owned(format!("{}tt{}", &plain[..1], &plain[3..]))
}

/// Whether a line of free text holds anything that [`refang_line`] would change.
pub(crate) fn is_defanged(line: &str) -> bool {
    line.as_bytes().windows(3).any(|three| {
        matches!(three, [b'[' | b'(' | b'{', b'.' | b':' | b'/' | b'd' | b'D', _])
            || matches!(three, [b'h' | b'H', b'x' | b'X', b'x' | b'X'])
    })
}

/// A line of free text with every mark undone and every defanged scheme in it restored.
pub(crate) fn refang_line(line: &str) -> Cow<'_, str> {
    let plain = without_marks(line);
    let mut at = 0;
    let mut out: Option<String> = None;
    while let Some(found) = find_scheme(&plain, at) {
        let text = out.get_or_insert_with(|| plain.clone().into_owned());
        text.replace_range(found + 1..found + 3, "tt");
        at = found + 4;
    }
    out.map_or(plain, Cow::Owned)
}

/// The next `hxxp` of a scheme (`hxxp:` or `hxxps:`) at a word's start, from byte `from` on.
fn find_scheme(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    (from..bytes.len().saturating_sub(4))
        .filter(|&at| matches!(bytes[at], b'h' | b'H'))
        .filter(|&at| at == 0 || !bytes[at - 1].is_ascii_alphanumeric())
        .find(|&at| has_hxxp(&text[at..]))
}

/// Whether `text` starts with a defanged http scheme.
fn has_hxxp(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 5 || !bytes[..4].eq_ignore_ascii_case(b"hxxp") {
        return false;
    }
    bytes[4] == b':' || (bytes[4].eq_ignore_ascii_case(&b's') && bytes.get(5) == Some(&b':'))
}

fn without_marks(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut out: Option<String> = None;
    let (mut kept, mut at) = (0, 0);
    while let Some(step) = memchr3(b'[', b'(', b'{', &bytes[at..]) {
        at += step;
        let mark = MARKS.iter().find(|(mark, _)| {
            bytes.get(at..at + mark.len()).is_some_and(|here| here.eq_ignore_ascii_case(mark.as_bytes()))
        });
        let Some((mark, plain)) = mark else {
            at += 1;
            continue;
        };
        let out = out.get_or_insert_with(|| String::with_capacity(text.len()));
        out.push_str(&text[kept..at]);
        out.push_str(plain);
        at += mark.len();
        kept = at;
    }
    match out {
        None => Cow::Borrowed(text),
        Some(mut out) => {
            out.push_str(&text[kept..]);
            Cow::Owned(out)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_schemes() {
        for (written, meant) in [
            ("evil[.]example", "evil.example"),
            ("evil(.)co(.)uk", "evil.co.uk"),
            ("evil{.}example", "evil.example"),
            ("evil[dot]example", "evil.example"),
            ("evil(DOT)example", "evil.example"),
            ("1[.]2[.]3[.]4", "1.2.3.4"),
            ("2001[:]db8[:][:]1", "2001:db8::1"),
            ("hxxp://evil[.]example/a", "http://evil.example/a"),
            ("hXXps://evil.example/a", "https://evil.example/a"),
            ("HXXP://evil.example", "HttP://evil.example"),
            ("hxxp[:]//evil.example", "http://evil.example"),
            ("hxxp[://]evil.example", "http://evil.example"),
            ("  evil.example\t", "evil.example"),
            ("[2001:db8::1]:443", "[2001:db8::1]:443"),
            ("hxxp-evil.example", "hxxp-evil.example"), // not a scheme
            ("a[b]c(d)", "a[b]c(d)"),
            ("", ""),
        ] {
            assert_eq!(refang(written), meant, "{written}");
        }
    }

    #[test]
    fn a_plain_value_is_not_copied() {
        for plain in ["evil.example", "[2001:db8::1]", "http://a.example/(x)"] {
            assert!(matches!(refang(plain), Cow::Borrowed(_)), "{plain}");
        }
    }

    #[test]
    fn lines_may_hold_several() {
        let line = "see hxxp://a[.]example/x and hxxps://b.example, not xhxxp://c";
        assert!(is_defanged(line));
        assert_eq!(refang_line(line), "see http://a.example/x and https://b.example, not xhxxp://c");
        assert!(!is_defanged("Failed password from 192.0.2.1 port 22"));
    }

    #[test]
    fn multi_byte_neighbours_are_safe() {
        assert_eq!(refang("例[.]例[."), "例.例[.");
        assert_eq!(refang_line("拦截hxxp://例[.]cn/"), "拦截http://例.cn/");
    }
}
