//! What of a subject is searched, and the passage that is shown of it.
//!
//! Left out on purpose: a reporter's name and contact, which are sealed, and lines of logs, which may hold
//! somebody's data and are found by their indicators.

use fengsui_domain::event::Event;
use fengsui_domain::incident::Incident;

use super::words::{Phrase, Word, words};
use crate::fold::State;

/// Words kept of one subject: PostgreSQL numbers 16,383 places in a text.
const MAX_WORDS: usize = 16_000;
/// Characters of a passage.
const MAX_PASSAGE_CHARS: usize = 120;
/// Characters of a passage before the first word that was found.
const CHARS_BEFORE: usize = 24;

/// Which of a subject's texts it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SearchField {
    /// Its number.
    Number,
    /// Its title.
    Title,
    /// The unit where it happened.
    Unit,
    /// The asset concerned.
    Asset,
    /// Who sent it: a body or a system.
    Sender,
    /// What happened.
    Details,
    /// A point of intake of the plan.
    Point,
    /// A point of the analysis.
    Analysis,
    /// A report.
    Report,
    /// A remark.
    Note,
}

impl SearchField {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Number,
        Self::Title,
        Self::Unit,
        Self::Asset,
        Self::Sender,
        Self::Details,
        Self::Point,
        Self::Analysis,
        Self::Report,
        Self::Note,
    ];

    /// Its stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Title => "title",
            Self::Unit => "unit",
            Self::Asset => "asset",
            Self::Sender => "sender",
            Self::Details => "details",
            Self::Point => "point",
            Self::Analysis => "analysis",
            Self::Report => "report",
            Self::Note => "note",
        }
    }
}

/// A piece of a passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The text.
    pub text: String,
    /// It is what was asked for.
    pub found: bool,
}

/// The texts of a subject that are searched, the shortest and newest first.
pub(crate) fn texts(state: &State) -> Vec<(SearchField, &str)> {
    match state {
        State::Event(event) => of_event(event),
        State::Incident(incident) => of_incident(incident),
        _ => Vec::new(),
    }
}

fn of_event(event: &Event) -> Vec<(SearchField, &str)> {
    use SearchField::{Asset, Details, Number, Point, Sender, Title, Unit};
    let known = &event.intake;
    let mut texts: Vec<(SearchField, &str)> = vec![
        (Number, &event.number),
        (Title, &known.title),
        (Unit, &known.unit),
        (Asset, &known.asset),
        (Sender, &known.sender),
        (Details, &known.details),
    ];
    texts.extend(known.points.values().map(|text| (Point, text.as_str())));
    texts
}

fn of_incident(incident: &Incident) -> Vec<(SearchField, &str)> {
    use SearchField::{Analysis, Asset, Note, Number, Report, Title, Unit};
    let mut texts: Vec<(SearchField, &str)> = vec![
        (Number, &incident.number),
        (Title, &incident.title),
        (Unit, &incident.unit),
        (Asset, &incident.asset),
    ];
    texts.extend(incident.analysis.values().map(|text| (Analysis, text.as_str())));
    texts.extend(incident.notes.iter().rev().map(|note| (Note, note.text.as_str())));
    texts.extend(incident.reports.iter().rev().map(|report| (Report, report.text.as_str())));
    texts
}

/// All words of a subject, as far as they are kept. Between two texts nothing stands together.
pub(crate) fn all_words(state: &State) -> Vec<Vec<Word>> {
    let mut left = MAX_WORDS;
    let texts = texts(state).into_iter().map(|(_, text)| {
        let mut found = words(text);
        found.truncate(left);
        left -= found.len();
        found
    });
    texts.collect()
}

/// How much of what was asked for a text says, which one it is, and where.
type Best<'t> = (usize, SearchField, &'t str, Vec<(usize, usize)>);

/// The text that says most of what was asked for, and its passage. The first one, if none does.
pub(crate) fn passage(state: &State, asked: &[Phrase]) -> Option<(SearchField, Vec<Span>)> {
    let texts = texts(state);
    let mut best: Option<Best<'_>> = None;
    for (field, text) in texts {
        let found = words(text);
        let places: Vec<_> = asked.iter().map(|phrase| phrase.places(&found)).collect();
        let says = places.iter().filter(|places| !places.is_empty()).count();
        if best.as_ref().is_none_or(|(most, ..)| says > *most) {
            best = Some((says, field, text, places.concat()));
        }
    }
    best.map(|(_, field, text, places)| (field, spans(text, places)))
}

/// A passage of a text around the first of these places.
fn spans(text: &str, mut places: Vec<(usize, usize)>) -> Vec<Span> {
    places.sort_unstable();
    let chars: Vec<char> = text.chars().collect();
    let first = places.first().map_or(0, |(from, _)| *from);
    // A passage that would end with the text begins so much earlier.
    let begin = first.saturating_sub(CHARS_BEFORE).min(chars.len().saturating_sub(MAX_PASSAGE_CHARS));
    let end = (begin + MAX_PASSAGE_CHARS).min(chars.len());
    let mut found = vec![false; end - begin];
    for (from, to) in places {
        let (from, to) = (from.clamp(begin, end) - begin, to.clamp(begin, end) - begin);
        found[from..to].fill(true);
    }
    let mut spans: Vec<Span> = Vec::new();
    if begin > 0 {
        spans.push(Span { text: "…".into(), found: false });
    }
    for (c, found) in chars[begin..end].iter().zip(found) {
        // A line of a text goes on in its passage.
        let c = if c.is_whitespace() { ' ' } else { *c };
        match spans.last_mut().filter(|last| last.found == found) {
            Some(last) => last.text.push(c),
            None => spans.push(Span { text: c.into(), found }),
        }
    }
    if end < chars.len() {
        match spans.last_mut().filter(|last| !last.found) {
            Some(last) => last.text.push('…'),
            None => spans.push(Span { text: "…".into(), found: false }),
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::words::phrases;

    fn shown(text: &str, question: &str) -> String {
        let found = words(text);
        let places = phrases(question).iter().flat_map(|phrase| phrase.places(&found)).collect();
        let spans = spans(text, places);
        spans
            .iter()
            .map(|span| if span.found { format!("[{}]", span.text) } else { span.text.clone() })
            .collect()
    }

    #[test]
    fn passages_mark_what_was_asked_for() {
        for (text, question, expected) in [
            ("文件服务器遭勒索软件加密", "勒索 加密", "文件服务器遭[勒索]软件[加密]"),
            ("one\ntwo", "two", "one [two]"),
            ("nothing here", "else", "nothing here"),
            ("", "else", ""),
        ] {
            assert_eq!(shown(text, question), expected);
        }
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_place() {
        let long = format!("{}目标{}", "前".repeat(300), "后".repeat(300));
        let expected = format!("…{}[目标]{}…", "前".repeat(24), "后".repeat(94));
        assert_eq!(shown(&long, "目标"), expected);
        let last = format!("{}目标", "前".repeat(300));
        assert_eq!(shown(&last, "目标"), format!("…{}[目标]", "前".repeat(118)));
    }
}
