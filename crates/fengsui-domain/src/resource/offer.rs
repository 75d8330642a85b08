//! What the emergency database offers for an incident: resources and past cases that fit, and why.
//!
//! A score is a plain sum, so that it can be said in a sentence: points for the best relation of a class,
//! for the field that was asked for, for each keyword that stands in the incident, and for each word both
//! share. Words of Chinese are pairs of neighbouring characters, since nothing parts them. Nothing here
//! learns, and nothing is hidden: each offer names its reasons.
//! Source: `jincheng-internet-2008/5.2.3.1.1` (experts by field), `5.2.3.1.3` (by category and similarity).

use std::collections::BTreeSet;

use jiff::Timestamp;
use uuid::Uuid;

use super::{ClassId, Expertise, Resource, Standing, fold};
use crate::id::{IncidentId, ResourceId};
use crate::plan::{CategoryId, Plan, PlanId};

/// Offers of one answer at most.
pub const MAX_OFFERS: usize = 50;
/// Points for the incident's own class.
pub const SAME_CLASS: u32 = 40;
/// Points for a class of another taxonomy that the plan says matches.
pub const MATCHING_CLASS: u32 = 30;
/// Points for a wider or a narrower class.
pub const NEAR_CLASS: u32 = 20;
/// Points for the field of expertise that was asked for.
pub const ASKED_FIELD: u32 = 30;
/// Points for a keyword that stands in the incident.
pub const KEYWORD: u32 = 10;
/// Keywords that count: 3 × 10 = 30.
pub const MAX_COUNTED_KEYWORDS: usize = 3;
/// Points for a word that both share.
pub const SHARED_WORD: u32 = 2;
/// Shared words from which on they count: one alone says nothing.
pub const MIN_SHARED_WORDS: usize = 2;
/// Shared words that count, and are named: 15 × 2 = 30.
pub const MAX_COUNTED_WORDS: usize = 15;
/// Characters of a word that is compared: what is longer is no word.
const MAX_WORD_CHARS: usize = 64;
/// Letters that a word needs at least; of Chinese it is two characters.
const MIN_LETTERS: usize = 3;

/// Pairs of characters and words that stand in nearly every incident, so that sharing them says nothing.
/// Pairs across two of them (络安 in 网络安全) are as frequent.
const FREQUENT: &[&str] = &[
    "网络",
    "络安",
    "安全",
    "全事",
    "事件",
    "络信",
    "信息",
    "息系",
    "系统",
    "息安",
    "络事",
    "统安",
    "发生",
    "发现",
    "情况",
    "进行",
    "可能",
    "单位",
    "部门",
    "有关",
    "相关",
    "造成",
    "导致",
    "出现",
    "应急",
    "处置",
    "the",
    "and",
    "for",
    "with",
    "from",
    "that",
    "this",
    "was",
    "are",
    "has",
    "not",
    "network",
    "security",
    "incident",
    "event",
    "information",
    "system",
    "systems",
];

/// How a class is related to the incident's, the nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// It is the incident's own.
    Same,
    /// It is one of another taxonomy that the plan says matches.
    Matching,
    /// It is a wider one.
    Wider,
    /// It is a narrower one.
    Narrower,
}

impl Relation {
    fn points(self) -> u32 {
        match self {
            Self::Same => SAME_CLASS,
            Self::Matching => MATCHING_CLASS,
            Self::Wider | Self::Narrower => NEAR_CLASS,
        }
    }
}

/// Why something is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its class fits; of several the nearest is named.
    Class {
        /// The class.
        class: ClassId,
        /// How it is related to the incident's.
        relation: Relation,
    },
    /// It has the field of expertise that was asked for.
    Field {
        /// The field.
        field: Expertise,
    },
    /// Keywords of it stand in the incident.
    Keywords {
        /// Those that count.
        words: Vec<String>,
    },
    /// It and the incident share words.
    Words {
        /// Those that count.
        words: Vec<String>,
    },
}

/// What an incident needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    classes: BTreeSet<(Relation, ClassId)>,
    field: Option<Expertise>,
    text: String,
    words: BTreeSet<String>,
}

impl Need {
    /// What an incident of this category needs; `texts` is what is known of it, `field` the expertise that
    /// is asked for.
    ///
    /// `pack` is the plan that `plan` names. Its version may not be at hand; then only the incident's own
    /// class is known.
    pub fn new<'a>(
        (plan, category): (&PlanId, &CategoryId),
        pack: Option<&Plan>,
        texts: impl IntoIterator<Item = &'a String>,
        field: Option<Expertise>,
    ) -> Self {
        let text = fold(&joined(texts));
        let mut words = BTreeSet::new();
        each_word(&text, &mut |word| {
            words.insert(word.to_owned());
        });
        words.retain(|word| !FREQUENT.contains(&word.as_str()));
        Self { classes: classes(plan, pack, category), field, text, words }
    }
}

/// The classes that are related to a category: itself, matching ones, and those above and below it.
fn classes(id: &PlanId, plan: Option<&Plan>, category: &CategoryId) -> BTreeSet<(Relation, ClassId)> {
    let mut found = BTreeSet::from([(Relation::Same, ClassId::of(id, category))]);
    let Some(plan) = plan else { return found };
    let matching = plan.categories.get(category).into_iter().flat_map(|known| &known.maps_to);
    let matching = matching.filter_map(|id| ClassId::parse("maps_to", id).ok());
    found.extend(matching.map(|class| (Relation::Matching, class)));
    found.extend(above(plan, category).map(|wider| (Relation::Wider, ClassId::of(id, wider))));
    let below = plan.categories.keys().filter(|other| above(plan, other).any(|wider| wider == category));
    found.extend(below.map(|narrower| (Relation::Narrower, ClassId::of(id, narrower))));
    found
}

/// The wider categories of one, nearest first; at most as many as there are, should they go in a circle.
fn above<'a>(plan: &'a Plan, category: &CategoryId) -> impl Iterator<Item = &'a CategoryId> + use<'a> {
    let parent = |of: &CategoryId| plan.categories.get(of).and_then(|known| known.parent.as_ref());
    std::iter::successors(parent(category), move |wider| parent(wider)).take(plan.categories.len())
}

/// What is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Offered {
    /// A resource of the register.
    Resource(ResourceId),
    /// An archived incident of this node.
    Case(IncidentId),
}

/// Something that may fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    what: Offered,
    classes: BTreeSet<ClassId>,
    fields: BTreeSet<Expertise>,
    keywords: BTreeSet<String>,
    text: String,
    ready: bool,
    at: Timestamp,
}

impl From<&Resource> for Candidate {
    fn from(resource: &Resource) -> Self {
        let known = &resource.particulars;
        let texts = [&known.title, &known.description, &known.model].into_iter().chain(&known.keywords);
        Self {
            what: Offered::Resource(resource.id),
            classes: known.categories.clone(),
            fields: known.fields.clone(),
            keywords: known.keywords.clone(),
            text: fold(&joined(texts)),
            ready: resource.stood.standing == Standing::Available,
            at: resource.added_at,
        }
    }
}

impl Candidate {
    /// A past case: an archived incident with its class, the words of its texts, and when it was opened.
    pub fn case<'a>(
        id: IncidentId,
        class: ClassId,
        texts: impl IntoIterator<Item = &'a String>,
        at: Timestamp,
    ) -> Self {
        Self {
            what: Offered::Case(id),
            classes: BTreeSet::from([class]),
            fields: BTreeSet::new(),
            keywords: BTreeSet::new(),
            text: fold(&joined(texts)),
            ready: true,
            at,
        }
    }
}

/// An offer: what, how well it fits, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What is offered.
    pub what: Offered,
    /// The sum of the points of its reasons.
    pub score: u32,
    /// Why, never empty: class, field, keywords, words.
    pub reasons: Vec<Reason>,
}

/// The offers for a need, best first, at most `limit`.
///
/// Equal scores: what is available before what is at work, then the latest, then by id.
pub fn offers(need: &Need, candidates: impl IntoIterator<Item = Candidate>, limit: usize) -> Vec<Offer> {
    let mut found: Vec<_> = candidates
        .into_iter()
        .filter_map(|candidate| {
            let offer = score(need, &candidate)?;
            let (at, id) = (candidate.at, uuid(candidate.what));
            Some(((std::cmp::Reverse(offer.score), !candidate.ready, std::cmp::Reverse(at), id), offer))
        })
        .collect();
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, offer)| offer).take(limit.min(MAX_OFFERS)).collect()
}

/// How well a candidate fits; `None` if there is no reason to offer it.
pub fn score(need: &Need, candidate: &Candidate) -> Option<Offer> {
    let mut score = 0;
    let mut reasons = Vec::new();
    let nearest = need.classes.iter().find(|(_, class)| candidate.classes.contains(class));
    if let Some((relation, class)) = nearest {
        score += relation.points();
        reasons.push(Reason::Class { class: class.clone(), relation: *relation });
    }
    if let Some(field) = need.field.filter(|field| candidate.fields.contains(field)) {
        score += ASKED_FIELD;
        reasons.push(Reason::Field { field });
    }
    let stands = |word: &&String| need.text.contains(&fold(word));
    let keywords: Vec<String> =
        candidate.keywords.iter().filter(stands).take(MAX_COUNTED_KEYWORDS).cloned().collect();
    if !keywords.is_empty() {
        score += KEYWORD * points(keywords.len());
        reasons.push(Reason::Keywords { words: keywords });
    }
    let mut shared = BTreeSet::new();
    each_word(&candidate.text, &mut |word| {
        if let Some(known) = need.words.get(word) {
            shared.insert(known.clone());
        }
    });
    let shared: Vec<String> = shared.into_iter().take(MAX_COUNTED_WORDS).collect();
    if shared.len() >= MIN_SHARED_WORDS {
        score += SHARED_WORD * points(shared.len());
        reasons.push(Reason::Words { words: shared });
    }
    (score > 0).then_some(Offer { what: candidate.what, score, reasons })
}

fn points(count: usize) -> u32 {
    u32::try_from(count).expect("a few words are counted at most")
}

/// Tells each word of a folded text: pairs of neighbouring Chinese characters, and runs of other letters and
/// digits with what holds them together (`cve-2024-3094`, `www.example.cn`).
fn each_word(text: &str, tell: &mut impl FnMut(&str)) {
    // Where the Chinese character before this one begins, and where the run of other letters does.
    let (mut han, mut run): (Option<usize>, Option<usize>) = (None, None);
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        if !is_han(c) && (c.is_alphanumeric() || "-._".contains(c)) {
            (han, run) = (None, run.or(Some(at)));
            continue;
        }
        if let Some(begin) = run.take() {
            let word = text[begin..at].trim_matches(['-', '.', '_']);
            if (MIN_LETTERS..=MAX_WORD_CHARS).contains(&word.chars().count()) {
                tell(word);
            }
        }
        if is_han(c) {
            if let Some(before) = han {
                tell(&text[before..at + c.len_utf8()]);
            }
            han = Some(at);
        } else {
            han = None;
        }
    }
}

/// A Chinese character (Unicode's unified ideographs with extensions A to H).
fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

fn joined<'a>(texts: impl IntoIterator<Item = &'a String>) -> String {
    texts.into_iter().map(String::as_str).collect::<Vec<_>>().join("\n")
}

fn uuid(what: Offered) -> Uuid {
    match what {
        Offered::Resource(id) => id.0,
        Offered::Case(id) => id.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_chinese_are_pairs() {
        for (written, found) in [
            ("勒索病毒", vec!["勒索", "索病", "病毒"]),
            ("病", vec![]),
            ("病 毒", vec![]),
            ("Bank of web-01", vec!["bank", "web-01"]),
            ("见CVE-2024-3094。", vec!["cve-2024-3094"]),
            ("服务器web被入侵", vec!["服务", "务器", "web", "被入", "入侵"]),
            ("www.example.cn/…/a", vec!["www.example.cn"]),
            ("--- a b", vec![]),
            ("\u{20000}\u{20001}", vec!["\u{20000}\u{20001}"]),
            (&"x".repeat(64), vec![&"x".repeat(64)]),
            (&"x".repeat(65), vec![]),
        ] {
            let mut told = Vec::new();
            each_word(&fold(written), &mut |word| told.push(word.to_owned()));
            assert_eq!(told, found, "{written}");
        }
    }

    #[test]
    fn frequent_words_are_no_need() {
        let (plan, category) = (PlanId::new("p"), CategoryId::new("c"));
        let need = Need::new(
            (&plan, &category),
            None,
            &["The network security incident: 网络安全事件".into()],
            None,
        );
        assert_eq!(need.words, BTreeSet::new());
    }
}
