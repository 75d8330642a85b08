//! What was probably meant where a file is not YAML: the mistakes that people who write packs make.
//!
//! The parser says what it waited for, which helps nobody who does not know the grammar. Looked at are the line it
//! stopped at and the one before; a guess that is wrong costs nothing, since the place and the parser's words are
//! told as well.

use fengsui_domain::plan::Text;

use super::super::finding::say;

/// Full-width signs that look like those of YAML, which do not stand for them.
const FULL_WIDTH: [(char, char); 6] =
    [('：', ':'), ('，', ','), ('｛', '{'), ('｝', '}'), ('［', '['), ('］', ']')];

/// What to do about a file that is not YAML; `line` counts from 1, `kind` is what the parser says.
pub(super) fn hint(text: &str, line: usize, kind: &str) -> Option<Text> {
    let lines: Vec<&str> = text.lines().skip(line.saturating_sub(2)).take(3).collect();
    let at = lines.get(usize::from(line > 1)).copied().unwrap_or_default();
    if kind.contains("tab") {
        return Some(say("用空格缩进，不用制表符", "indent with blanks, not with tabs"));
    }
    let upto = lines.iter().take(2).copied();
    if let Some((wide, plain)) = upto.into_iter().find_map(full_width) {
        return Some(say(
            format!("此处有全角“{wide}”，写半角“{plain}”并空一格"),
            format!("a full-width `{wide}` stands here; write `{plain}` and a blank"),
        ));
    }
    let quotes =
        ["flow", "indicator", "quoted"].iter().any(|word| kind.contains(word)) && !kind.contains("'-'");
    if quotes || at.matches(": ").count() > 1 {
        return Some(say(
            "含冒号、逗号、井号或括号的文字加引号；引号、括号都要闭合",
            "put a text with a colon, comma, # or bracket into quotes, and close every quote and bracket",
        ));
    }
    let indentation = ["block", "mapping values", "indent"].iter().any(|word| kind.contains(word));
    indentation.then(|| {
        say("同一层的键缩进须相同", "indent this line by as many blanks as the lines that belong with it")
    })
}

/// A full-width sign where one of YAML is meant: after a key, before one, or a bracket at an end of a value.
fn full_width(line: &str) -> Option<(char, char)> {
    line.char_indices().find_map(|(at, sign)| {
        let (wide, plain) = FULL_WIDTH.into_iter().find(|(wide, _)| *wide == sign)?;
        let (before, after) = (&line[..at], &line[at + wide.len_utf8()..]);
        let meant = match plain {
            ':' => ends_with_key(before),
            ',' => starts_with_key(after),
            _ => before.trim_end().ends_with(':') || after.trim().is_empty(),
        };
        meant.then_some((wide, plain))
    })
}

/// `- id`, `{ zh` and the like: a key, and nothing but what stands before one.
fn ends_with_key(before: &str) -> bool {
    let rest = before.trim_end_matches(is_key);
    rest.len() < before.len() && rest.trim_end().chars().next_back().is_none_or(|sign| "-{,，".contains(sign))
}

/// ` en: …`: a key with its colon.
fn starts_with_key(after: &str) -> bool {
    let after = after.trim_start();
    let rest = after.trim_start_matches(is_key);
    rest.len() < after.len() && rest.starts_with([':', '：'])
}

fn is_key(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || sign == '_' || sign == '-' || sign == '/'
}

#[cfg(test)]
mod tests {
    use super::super::super::finding::Findings;
    use super::super::read;

    /// What is found in a text.
    fn said(text: &str) -> String {
        let mut findings = Findings::new(vec!["f.yaml".to_owned()]);
        drop(read(text, 0, &mut findings));
        let said: Vec<String> = findings.sorted().0.iter().map(ToString::to_string).collect();
        said.join("\n")
    }

    #[test]
    fn a_common_mistake_is_told_with_what_to_do() {
        const INDENT: &str = "indent this line by as many blanks as the lines that belong with it";
        const QUOTES: &str =
            "put a text with a colon, comma, # or bracket into quotes, and close every quote and bracket";
        for (text, fix) in [
            ("a:\n  - id: x\n    b: 1\n   c: 2\n", INDENT),
            ("a:\n  - id: x\n    b: 1\n     c: 2\n", INDENT),
            ("a:\n\t- x\n", "indent with blanks, not with tabs"),
            ("a:\n  b: 1\n\tc: 2\n", "indent with blanks, not with tabs"),
            ("a: { zh: 断网, en: Take it off: now }\n", QUOTES),
            ("a: { zh: 断网, en: Off\nb: 1\n", QUOTES),
            ("en: Take it off: now\n", QUOTES),
            ("a:\n  - id：x\n    b: 1\n", "a full-width `：` stands here; write `:` and a blank"),
            ("a: { zh: 断网，en: Off }\n", "a full-width `，` stands here; write `,` and a blank"),
            ("a: { zh：断网, en: Off: x }\n", "a full-width `：` stands here; write `:` and a blank"),
        ] {
            let said = said(text);
            assert!(said.ends_with(fix), "{text}: {said}");
        }
    }

    #[test]
    fn a_full_width_sign_inside_a_text_is_no_mistake() {
        for line in ["zh: 报告：一小时内", "zh: 使用 API：说明", "zh: 断网，保存日志", "zh: 断网，API 关闭"]
        {
            assert_eq!(super::full_width(line), None, "{line}");
        }
        assert_eq!(said("zh: 报告：一小时内，由 IT：负责\n"), "");
    }
}
