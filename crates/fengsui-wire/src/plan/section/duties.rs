//! Standing duties: in a rhythm, as a condition, after a change, or as they come.

use std::collections::BTreeSet;

use fengsui_domain::duty::{MAX_DUTIES, MAX_PROOF_FIELDS};
use fengsui_domain::plan::{
    Condition, Cycle, DutyKind, ProofField, Receipts, Recurrence, StandingDuty, Test,
};

use super::super::finding::{Code, quoted, say};
use super::super::read::{Cx, Fields, MAX_TITLE_CHARS, NameRule};
use super::super::values;
use super::super::yaml::Node;

const KEYS: [&str; 16] = [
    "id",
    "title",
    "clause",
    "by",
    "every",
    "times",
    "by_time",
    "settable",
    "holds",
    "on_change",
    "on_parent",
    "as_needed",
    "proof",
    "document",
    "receipts",
    "extendable_by",
];
const OURS: &str = "is_default";
/// How often in a period at most.
const MAX_TIMES: u32 = 50;
/// Months after which a condition is looked at anew, at most: ten years.
const MAX_RENEW_MONTHS: u32 = 120;
/// The largest number of a condition; kilometres round the earth are 40,075.
const MAX_NUMBER: u32 = 1_000_000;
/// Days after a change, at most: a year.
const MAX_WITHIN_DAYS: i64 = 366;

/// `- { id, title, clause, by, … }` with one of `every`, `holds`, `on_change`, `on_parent` and `as_needed`.
pub(crate) fn duties(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Vec<StandingDuty>> {
    let items = cx.list(node, place)?;
    if items.len() > MAX_DUTIES {
        let count = items.len();
        let message = say(
            format!("有 {count} 项常规职责，上限为 {MAX_DUTIES}"),
            format!("there are {count} standing duties, at most {MAX_DUTIES} fit"),
        );
        cx.report(Code::Limit, node.at, place, message, None);
        return None;
    }
    let mut seen = BTreeSet::new();
    let duties: Vec<_> = items.iter().map(|item| duty(cx, item, place, &mut seen)).collect();
    duties.into_iter().collect()
}

fn duty(cx: &mut Cx<'_>, node: &Node, list: &str, seen: &mut BTreeSet<String>) -> Option<StandingDuty> {
    let keys: Vec<&str> = KEYS.into_iter().chain([OURS]).collect();
    let fields = Fields::of(cx, node, list, &keys)?;
    let id = cx.rule_id(&fields, list, seen);
    let title = fields.title(cx, "title");
    let clause = fields.clause(cx, "clause");
    let by = fields.roles(cx, "by");
    let kind = kind(cx, &fields, list);
    let proof = fields.maybe(cx, "proof", proof);
    let document = fields.flag(cx, "document");
    let receipts = fields.maybe(cx, "receipts", receipts);
    let extendable_by = fields.maybe_roles(cx, "extendable_by");
    let is_default = fields.flag(cx, OURS);
    let duty = StandingDuty {
        id: id?,
        title: title?,
        clause: clause?,
        by: by?,
        kind: kind?,
        proof: proof?.unwrap_or_default(),
        document: document?,
        receipts: receipts?,
        extendable_by: extendable_by?,
        is_default: is_default?,
    };
    fits(cx, &fields, list, &duty).then_some(duty)
}

/// When it is owed: exactly one of five keys says so.
fn kind(cx: &mut Cx<'_>, fields: &Fields<'_>, list: &str) -> Option<DutyKind> {
    let said = ["every", "holds", "on_change", "on_parent", "as_needed"].map(|key| fields.get(key).is_some());
    if said.iter().filter(|said| **said).count() != 1 {
        let message =
            say("没有写明何时履行，或写了几种", "it is not said when it is owed, or in several ways");
        let fix = say(
            "在 every、holds、on_change、on_parent、as_needed 中写一个",
            "write one of `every`, `holds`, `on_change`, `on_parent` and `as_needed`",
        );
        cx.report(Code::DutyShape, fields.at, list, message, Some(fix));
        return None;
    }
    let times = fields.maybe(cx, "times", |cx, node, place| whole(cx, node, place, (1, MAX_TIMES)));
    let by_time = fields.maybe(cx, "by_time", values::time);
    let settable = fields.flag(cx, "settable");
    let (times, by_time, settable) = (times?, by_time?, settable?);
    let rhythmic = times.is_some() || by_time.is_some() || settable;
    if rhythmic && fields.get("every").is_none() {
        return shape(
            cx,
            fields,
            list,
            (
                "times、by_time 和 settable 只用于 every",
                "`times`, `by_time` and `settable` go with `every` only",
            ),
        );
    }
    if fields.get("every").is_some() {
        let cycle = fields.read(cx, "every", cycle)?;
        let times = times.and_then(|times| u8::try_from(times).ok()).unwrap_or(1);
        return Some(DutyKind::Every(Recurrence { cycle, times, by_time, settable }));
    }
    if fields.get("holds").is_some() {
        return fields.read(cx, "holds", condition).map(DutyKind::Holds);
    }
    if fields.get("on_change").is_some() {
        let within_days = fields.read(cx, "on_change", within)?;
        return Some(DutyKind::OnChange { within_days });
    }
    if fields.get("on_parent").is_some() {
        let within_days = fields.read(cx, "on_parent", within)?;
        return Some(DutyKind::OnParent { within_days });
    }
    if fields.read(cx, "as_needed", Cx::flag)? {
        return Some(DutyKind::AsNeeded);
    }
    shape(cx, fields, list, ("as_needed 只能写 true", "`as_needed` can only be true"))
}

/// What goes with which kind.
fn fits(cx: &mut Cx<'_>, fields: &Fields<'_>, list: &str, duty: &StandingDuty) -> bool {
    let holds = matches!(duty.kind, DutyKind::Holds(_));
    let every = matches!(duty.kind, DutyKind::Every(_));
    let proves = !duty.proof.is_empty() || duty.document || duty.receipts.is_some();
    if holds && proves {
        let says = (
            "须保持的状况以陈述和依据为证，不写 proof、document、receipts",
            "a condition is proved by what is vouched for; `proof`, `document` and `receipts` do not go with it",
        );
        return shape::<()>(cx, fields, list, says).is_some();
    }
    if duty.kind == DutyKind::AsNeeded && duty.receipts.is_some() {
        let says = ("as_needed 不写 receipts", "`receipts` does not go with `as_needed`");
        return shape::<()>(cx, fields, list, says).is_some();
    }
    if !every && !duty.extendable_by.is_empty() {
        let says = ("extendable_by 只用于 every", "`extendable_by` goes with `every` only");
        return shape::<()>(cx, fields, list, says).is_some();
    }
    if !holds && !proves {
        let id = quoted(duty.id.as_str());
        let message = say(
            format!("常规职责 {id} 没有写明以什么为证"),
            format!("the standing duty {id} does not say what proves it"),
        );
        let fix = say("写上 proof 或 document", "add `proof` or `document`");
        cx.report(Code::DutyNoProof, fields.at, list, message, Some(fix));
        return false;
    }
    true
}

fn shape<T>(cx: &mut Cx<'_>, fields: &Fields<'_>, list: &str, (zh, en): (&str, &str)) -> Option<T> {
    cx.report(Code::DutyShape, fields.at, list, say(zh, en), None);
    None
}

fn cycle(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Cycle> {
    let words: Vec<(&str, Cycle)> = Cycle::ALL.iter().map(|cycle| (cycle.as_str(), *cycle)).collect();
    cx.word(node, place, &words)
}

/// `{ at_least | more_than: NUMBER, unit }`, `{ not_passed: true }` or `{ stated: true }`, with `renew_months`.
fn condition(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Condition> {
    let keys = ["at_least", "more_than", "unit", "not_passed", "stated", "renew_months"];
    let fields = Fields::of(cx, node, place, &keys)?;
    let number = |cx: &mut Cx<'_>, node: &Node, place: &str| whole(cx, node, place, (0, MAX_NUMBER));
    let at_least = fields.maybe(cx, "at_least", number);
    let more_than = fields.maybe(cx, "more_than", number);
    let unit = fields.maybe(cx, "unit", |cx, node, place| cx.text(node, place, MAX_TITLE_CHARS));
    let not_passed = fields.flag(cx, "not_passed");
    let stated = fields.flag(cx, "stated");
    let renew =
        fields.read(cx, "renew_months", |cx, node, place| whole(cx, node, place, (1, MAX_RENEW_MONTHS)));
    let renew_months = u8::try_from(renew?).unwrap_or(u8::MAX);
    let test = match (at_least?, more_than?, unit?, not_passed?, stated?) {
        (Some(number), None, Some(unit), false, false) => Test::AtLeast { number, unit },
        (None, Some(number), Some(unit), false, false) => Test::MoreThan { number, unit },
        (None, None, None, true, false) => Test::NotPassed,
        (None, None, None, false, true) => Test::Stated,
        _ => {
            let says = (
                "写一种：at_least 或 more_than 加 unit，not_passed，或 stated",
                "write one: `at_least` or `more_than` with `unit`, `not_passed`, or `stated`",
            );
            return shape(cx, &fields, place, says);
        }
    };
    Some(Condition { test, renew_months })
}

/// `{ within: 30 d }`, in whole days.
fn within(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<u16> {
    let fields = Fields::of(cx, node, place, &["within"])?;
    let node = fields.need(cx, "within")?;
    let place = fields.place("within");
    let minutes = values::span(cx, node, &place)?.as_mins();
    let days = (minutes % (24 * 60) == 0).then_some(minutes / (24 * 60));
    let days = days.filter(|days| *days <= MAX_WITHIN_DAYS).and_then(|days| u16::try_from(days).ok());
    if days.is_none() {
        let text = cx.scalar(node, &place)?.text.clone();
        cx.bad_value(node, &place, &text, ("写 1 d 到 366 d", "write whole days, 1 d to 366 d"));
    }
    days
}

/// `{ field: { zh, en } }`
fn proof(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Vec<ProofField>> {
    let entries = cx.entries(node, place, NameRule::Id)?;
    let count = entries.len();
    if count > MAX_PROOF_FIELDS {
        let message = say(
            format!("证明有 {count} 项，上限为 {MAX_PROOF_FIELDS}"),
            format!("the proof has {count} texts, at most {MAX_PROOF_FIELDS} fit"),
        );
        cx.report(Code::Limit, node.at, place, message, None);
        return None;
    }
    let field = |(id, value, place): (&str, &Node, String)| {
        let title = cx.text(value, &place, MAX_TITLE_CHARS)?;
        Some(ProofField { id: fengsui_domain::plan::RuleId::new(id), title })
    };
    let fields: Vec<ProofField> = entries.into_iter().filter_map(field).collect();
    (fields.len() == count).then_some(fields)
}

/// `{ from, clause }`
fn receipts(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Receipts> {
    let fields = Fields::of(cx, node, place, &["from", "clause"])?;
    let from = fields.roles(cx, "from");
    let clause = fields.clause(cx, "clause");
    Some(Receipts { from: from?, clause: clause? })
}

/// A whole number in a range.
fn whole(cx: &mut Cx<'_>, node: &Node, place: &str, (min, max): (u32, u32)) -> Option<u32> {
    let text = &cx.scalar(node, place)?.text;
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let number = text.parse().ok().filter(|number| digits && (min..=max).contains(number));
    if number.is_none() {
        let zh = format!("写 {min} 到 {max} 的整数");
        let en = format!("write a whole number, {min} to {max}");
        cx.bad_value(node, place, text, (&zh, &en));
    }
    number
}
