//! Which words a text has, and which words a question asks for.
//!
//! A word is a run of letters and digits, in small letters and narrow forms. Where words are not parted by blanks
//! (Chinese, Japanese, Korean) each two characters that stand together are a word, and the last character of a run
//! is one too, so that a question of one, two or more characters is found wherever it stands. The same rule reads
//! texts and questions; [`RULE`] counts its changes.

use fengsui_domain::resource::fold;

/// The number of this rule. What was indexed by another one is indexed anew.
pub(crate) const RULE: i64 = 1;
/// Characters of a word that count.
const MAX_WORD_CHARS: usize = 64;
/// Words of a question that count: more are more than a person types into one line.
const MAX_PARTS: usize = 16;
/// Letters from which on `*` may stand for the rest of a word: fewer would fit too much of the index.
const MIN_STEM_CHARS: usize = 3;

/// A word with the characters of the text it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// As it is compared.
    pub(crate) form: String,
    /// The first character.
    pub(crate) from: usize,
    /// The character after the last.
    pub(crate) to: usize,
}

/// Words that must stand one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Phrase {
    /// In order; never empty.
    pub(crate) words: Vec<String>,
    /// The last one may go on.
    pub(crate) open: bool,
}

/// Whether words of this script are not parted by blanks.
fn is_unparted(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The words of a text, in order.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let chars: Vec<(char, String)> = text.chars().map(|c| (c, folded(c))).collect();
    let counts = |c: &(char, String)| c.1.chars().all(char::is_alphanumeric) && !c.1.is_empty();
    let (mut words, mut at) = (Vec::new(), 0);
    while at < chars.len() {
        if !counts(&chars[at]) {
            at += 1;
            continue;
        }
        let unparted = is_unparted(chars[at].0);
        let alike = |c: &(char, String)| counts(c) && is_unparted(c.0) == unparted;
        let end = at + chars[at..].iter().take_while(|c| alike(c)).count();
        if unparted {
            for from in at..end {
                let to = (from + 2).min(end);
                words.push(Word { form: join(&chars[from..to]), from, to });
            }
        } else {
            let kept = (at + MAX_WORD_CHARS).min(end);
            words.push(Word { form: join(&chars[at..kept]), from: at, to: end });
        }
        at = end;
    }
    words
}

fn folded(c: char) -> String {
    fold(c.encode_utf8(&mut [0; 4]))
}

fn join(chars: &[(char, String)]) -> String {
    chars.iter().map(|(_, folded)| folded.as_str()).collect()
}

/// What a question asks for: each part between blanks is a phrase, and all of them must be found.
pub(crate) fn phrases(question: &str) -> Vec<Phrase> {
    question.split_whitespace().filter_map(phrase).take(MAX_PARTS).collect()
}

fn phrase(part: &str) -> Option<Phrase> {
    let mut found = words(part);
    let unparted = |word: &Word| word.form.chars().all(is_unparted);
    // The last character of a run is a word of its own only where the text ends too.
    if let [.., before, last] = found.as_slice()
        && unparted(last)
        && before.to == last.to
    {
        found.pop();
    }
    let last = found.last()?;
    let count = last.form.chars().count();
    let open = if unparted(last) { count == 1 } else { part.ends_with('*') && count >= MIN_STEM_CHARS };
    Some(Phrase { words: found.into_iter().map(|word| word.form).collect(), open })
}

impl Phrase {
    /// Where in these words it stands, as characters from and to.
    pub(crate) fn places(&self, text: &[Word]) -> Vec<(usize, usize)> {
        let last = self.words.len() - 1;
        let fits = |window: &&[Word]| {
            window.iter().zip(&self.words).enumerate().all(|(place, (found, wanted))| {
                found.form == *wanted
                    || (self.open && place == last && found.form.starts_with(wanted.as_str()))
            })
        };
        let end = |window: &[Word]| {
            let found = &window[last];
            // Of two characters that begin with the one asked for, that one is meant.
            let asked = self.words[last].chars().count();
            if found.form.chars().all(is_unparted) { found.from + asked } else { found.to }
        };
        let windows = text.windows(self.words.len()).filter(fits);
        windows.map(|window| (window[0].from, end(window))).collect()
    }
}

/// A question for SQLite's FTS5.
pub(crate) fn for_sqlite(phrases: &[Phrase]) -> String {
    let part =
        |phrase: &Phrase| format!("\"{}\"{}", phrase.words.join(" "), if phrase.open { " *" } else { "" });
    phrases.iter().map(part).collect::<Vec<_>>().join(" AND ")
}

/// A question for PostgreSQL, as a `tsquery` is written.
pub(crate) fn for_postgres(phrases: &[Phrase]) -> String {
    let part = |phrase: &Phrase| {
        let words: Vec<String> = phrase.words.iter().map(|word| format!("'{word}'")).collect();
        format!("{}{}", words.join(" <-> "), if phrase.open { ":*" } else { "" })
    };
    phrases.iter().map(part).collect::<Vec<_>>().join(" & ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fall_into_words() {
        for (text, expected) in [
            ("", ""),
            ("Web-01 ＤＯＷＮ！", "web 01 down"),
            ("勒索软件", "勒索 索软 软件 件"),
            ("杀", "杀"),
            ("用webshell入侵，已断网", "用 webshell 入侵 侵 已断 断网 网"),
            ("I-2026-000042", "i 2026 000042"),
            ("'\"*:&|!()", ""),
            ("Straße CAFÉ", "straße café"),
        ] {
            let found: Vec<String> = words(text).into_iter().map(|word| word.form).collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
        assert_eq!(words(&"a".repeat(100))[0].form.len(), MAX_WORD_CHARS);
    }

    #[test]
    fn questions_are_phrases() {
        for (question, sqlite, postgres) in [
            ("勒索 软件", "\"勒索\" AND \"软件\"", "'勒索' & '软件'"),
            ("勒索软件", "\"勒索 索软 软件\"", "'勒索' <-> '索软' <-> '软件'"),
            ("杀", "\"杀\" *", "'杀':*"),
            ("web shell*", "\"web\" AND \"shell\" *", "'web' & 'shell':*"),
            ("a*", "\"a\"", "'a'"),
            ("evil.example", "\"evil example\"", "'evil' <-> 'example'"),
            ("x杀", "\"x 杀\" *", "'x' <-> '杀':*"),
            ("' OR \"", "\"or\"", "'or'"),
            ("**", "", ""),
        ] {
            let asked = phrases(question);
            assert_eq!(
                (for_sqlite(&asked).as_str(), for_postgres(&asked).as_str()),
                (sqlite, postgres),
                "{question}"
            );
        }
        assert_eq!(phrases(&"a ".repeat(100)).len(), MAX_PARTS);
    }

    #[test]
    fn what_is_asked_for_is_found_where_it_stands() {
        for (question, text, expected) in [
            ("索软", "勒索软件", vec![(1, 3)]),
            ("软", "勒索软件", vec![(2, 3)]),
            ("件", "勒索软件", vec![(3, 4)]),
            ("勒软", "勒索软件", vec![]),
            ("索软", "勒索，软件", vec![]),
            ("evil.example", "see EVIL.example now, evil example", vec![(4, 16), (22, 34)]),
            ("ran", "ransom", vec![]),
            ("ran*", "a ransom", vec![(2, 8)]),
            ("件x", "软件X机", vec![(1, 3)]),
        ] {
            let text = words(text);
            let found: Vec<_> = phrases(question).iter().flat_map(|phrase| phrase.places(&text)).collect();
            assert_eq!(found, expected, "{question}");
        }
    }
}
