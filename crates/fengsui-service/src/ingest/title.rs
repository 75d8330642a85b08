//! What an event that monitoring raised is called, in each language.

use fengsui_domain::limits::MAX_TITLE_CHARS;
use fengsui_matcher::attention::RULES;

/// Where the id of a rule of attention begins; anything else is the name of an indicator list.
pub(super) const ATTENTION: &str = "attention/";

/// Characters of a value, an asset or a list's name on the desk; logs can hold anything.
const MAX_NAME_CHARS: usize = 80;

/// What a log calls something, as far as it is shown.
pub(super) fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_NAME_CHARS).collect()
}

/// A title in both languages; stored as one text, shown in the reader's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Title {
    /// What `rule` found: the value or source `key`, at `asset`.
    pub fn of(rule: &str, key: &str, asset: &str) -> Self {
        let (key, asset) = (short(key), short(asset));
        let id = rule.strip_prefix(ATTENTION);
        let (zh, en) = RULES
            .iter()
            .find(|known| Some(known.id) == id)
            .map_or(("命中威胁指标", "Indicator sighted"), |known| (known.zh, known.en));
        Self { zh: format!("{zh}：{key}（{asset}）"), en: format!("{en}: {key} on {asset}") }
    }

    /// The text that is stored, cut to what a title may have.
    pub fn stored(&self) -> String {
        format!("{} / {}", self.zh, self.en).chars().take(MAX_TITLE_CHARS).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_of_rules_and_lists() {
        for (rule, zh, en) in [
            (
                "attention/login-failures",
                "同一来源多次登录失败：203.0.113.9（web-01）",
                "Repeated failed logins from one source: 203.0.113.9 on web-01",
            ),
            (
                "mass_scanner.txt",
                "命中威胁指标：203.0.113.9（web-01）",
                "Indicator sighted: 203.0.113.9 on web-01",
            ),
        ] {
            let title = Title::of(rule, "203.0.113.9", "web-01");
            assert_eq!((title.zh.as_str(), title.en.as_str()), (zh, en), "{rule}");
            assert_eq!(title.stored(), format!("{zh} / {en}"));
        }
    }

    #[test]
    fn a_title_always_fits() {
        let long = "长\u{7}".repeat(500);
        for rule in RULES.iter().map(|rule| format!("{ATTENTION}{}", rule.id)).chain(["list".to_owned()]) {
            let stored = Title::of(&rule, &long, &long).stored();
            assert!(stored.chars().count() <= MAX_TITLE_CHARS, "{rule}");
            assert!(!stored.contains('\u{7}'), "{rule}");
        }
    }
}
