//! The keys of a mapping: which may stand there, which must, and what their values are.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::plan::{Clause, RoleId, Text};

use super::super::finding::{Code, Spot, quoted, quoted_list, say};
use super::super::yaml::{Key, Kind, Node};
use super::{Cx, MAX_TEXT_CHARS, MAX_TITLE_CHARS, plain_text};

/// The keys of a mapping, known ones only.
pub(crate) struct Fields<'n> {
    place: String,
    pub(crate) at: Spot,
    entries: BTreeMap<&'n str, &'n Node>,
    /// Keys that an unknown key was taken for: that they are missing has been said.
    misspelt: BTreeSet<String>,
}

impl<'n> Fields<'n> {
    /// The fields of a mapping; unknown keys are reported.
    pub(crate) fn of(cx: &mut Cx<'_>, node: &'n Node, place: &str, known: &[&str]) -> Option<Self> {
        if cx.findings.full() {
            return None;
        }
        let Kind::Map(entries) = &node.kind else {
            let keys = quoted_list(known.iter().copied());
            let fix = say(format!("可用的键：{keys}"), format!("its keys are {keys}"));
            cx.wrong_type_with(node, place, ("键值", "keys with values"), Some(fix));
            return None;
        };
        let mut fields = Self {
            place: place.to_owned(),
            at: node.at,
            entries: BTreeMap::new(),
            misspelt: BTreeSet::new(),
        };
        for (key, value) in entries {
            if known.contains(&key.text.as_str()) {
                fields.entries.insert(key.text.as_str(), value);
            } else {
                let place = fields.place(&key.text);
                if value.is_null() && key.text.contains(char::is_whitespace) {
                    unquoted(cx, key, &place);
                    continue;
                }
                let what = (Code::UnknownKey, "键", "key");
                let near = cx.unknown(what, (key.at, &place), &key.text, known.iter().copied());
                fields.misspelt.extend(near.map(str::to_owned));
            }
        }
        Some(fields)
    }

    /// The fields of keys that have been sorted out already.
    pub(crate) fn from_entries(entries: BTreeMap<&'n str, &'n Node>) -> Self {
        Self { place: String::new(), at: Spot::default(), entries, misspelt: BTreeSet::new() }
    }

    /// The same with some values in the place of those that were written; what is null then is not there.
    pub(crate) fn with(mut self, changed: &'n BTreeMap<String, Node>) -> Self {
        self.entries.extend(changed.iter().map(|(key, node)| (key.as_str(), node)));
        self.entries.retain(|key, node| !(changed.contains_key(*key) && node.is_null()));
        self
    }

    /// Whether an unknown key was taken for this one.
    pub(crate) fn is_misspelt(&self, key: &str) -> bool {
        self.misspelt.contains(key)
    }

    /// The place of a key.
    pub(crate) fn place(&self, key: &str) -> String {
        if self.place.is_empty() { key.to_owned() } else { format!("{}/{key}", self.place) }
    }

    /// The value of a key, if it is there.
    pub(crate) fn get(&self, key: &str) -> Option<&'n Node> {
        self.entries.get(key).copied()
    }

    /// The value of a key that must be there.
    pub(crate) fn need(&self, cx: &mut Cx<'_>, key: &str) -> Option<&'n Node> {
        let found = self.get(key);
        if found.is_none() && !self.is_misspelt(key) {
            let message = say(format!("缺少 {}", quoted(key)), format!("{} is missing", quoted(key)));
            cx.report(Code::MissingKey, self.at, &self.place(key), message, None);
        }
        found
    }

    /// Reads a key that must be there.
    pub(crate) fn read<'s, T>(
        &self,
        cx: &mut Cx<'s>,
        key: &str,
        read: impl FnOnce(&mut Cx<'s>, &'n Node, &str) -> Option<T>,
    ) -> Option<T> {
        let node = self.need(cx, key)?;
        read(cx, node, &self.place(key))
    }

    /// Reads a key that may be absent; the outer `None` means "reported".
    #[expect(clippy::option_option, reason = "the outer one is for `?`, as everywhere in the reading")]
    pub(crate) fn maybe<'s, T>(
        &self,
        cx: &mut Cx<'s>,
        key: &str,
        read: impl FnOnce(&mut Cx<'s>, &'n Node, &str) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.get(key) {
            Some(node) => read(cx, node, &self.place(key)).map(Some),
            None => Some(None),
        }
    }

    /// A heading in both languages.
    pub(crate) fn title(&self, cx: &mut Cx<'_>, key: &str) -> Option<Text> {
        self.read(cx, key, |cx, node, place| cx.text(node, place, MAX_TITLE_CHARS))
    }

    /// A longer text in both languages.
    pub(crate) fn long(&self, cx: &mut Cx<'_>, key: &str) -> Option<Text> {
        self.read(cx, key, |cx, node, place| cx.text(node, place, MAX_TEXT_CHARS))
    }

    pub(crate) fn clause(&self, cx: &mut Cx<'_>, key: &str) -> Option<Clause> {
        self.read(cx, key, Cx::clause)
    }

    /// At least one role.
    pub(crate) fn roles(&self, cx: &mut Cx<'_>, key: &str) -> Option<Vec<RoleId>> {
        self.read(cx, key, Cx::some_roles)
    }

    /// Roles that may be absent: none then.
    pub(crate) fn maybe_roles(&self, cx: &mut Cx<'_>, key: &str) -> Option<Vec<RoleId>> {
        self.maybe(cx, key, Cx::roles).map(Option::unwrap_or_default)
    }

    /// Yes or no; no if absent.
    pub(crate) fn flag(&self, cx: &mut Cx<'_>, key: &str) -> Option<bool> {
        self.maybe(cx, key, Cx::flag).map(|flag| flag.unwrap_or(false))
    }

    /// `zh` and `en` of this very mapping.
    pub(crate) fn both(&self, cx: &mut Cx<'_>, max: usize) -> Option<Text> {
        let zh = self.one_language(cx, "zh", max);
        let en = self.one_language(cx, "en", max);
        let text = Text { zh: zh?, en: en? };
        // A word such as `VPN` is the same everywhere; a sentence is not.
        if text.zh == text.en && text.en.contains(' ') {
            let message = say("中文与英文相同", "the Chinese and the English are the same");
            cx.report(Code::Untranslated, self.at, &self.place, message, None);
        }
        Some(text)
    }

    fn one_language(&self, cx: &mut Cx<'_>, key: &str, max: usize) -> Option<String> {
        let place = self.place(key);
        let Some(node) = self.get(key) else {
            if self.is_misspelt(key) {
                return None;
            }
            let (zh, en) = if key == "zh" { ("中文", "Chinese") } else { ("英文", "English") };
            let message = say(format!("缺少{zh}"), format!("the {en} text is missing"));
            let fix = say(format!("写上 {key}"), format!("add `{key}`"));
            cx.report(Code::MissingTranslation, self.at, &place, message, Some(fix));
            return None;
        };
        let text = cx.scalar(node, &place)?.text.trim();
        plain_text(cx, node, &place, text, max)
    }
}

/// Words where a key stands: most likely a text with a comma that is not in quotes.
fn unquoted(cx: &mut Cx<'_>, key: &Key, place: &str) {
    let wrong = quoted(&key.text);
    let message =
        say(format!("此处应为键，却是文字 {wrong}"), format!("a key belongs here, not the text {wrong}"));
    let fix = say("含逗号的文字加引号", "put a text with a comma into quotes");
    cx.report(Code::UnknownKey, key.at, place, message, Some(fix));
}
