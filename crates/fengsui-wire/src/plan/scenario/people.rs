//! Who is there, how fast, and when not.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::plan::RoleId;
use jiff::SignedDuration;
use jiff::civil::Time;

use super::super::finding::{Code, say};
use super::super::read::{Cx, Fields, NameRule};
use super::super::yaml::{Kind, Node};
use super::reading::{not_too_many, range, span};
use super::{Hours, MAX_ABSENCES, MAX_PEOPLE, Range, Staff, Work};

/// `judge: 3-10 min` and so on.
pub(super) fn pace(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<BTreeMap<Work, Range>> {
    let entries = cx.entries(node, place, NameRule::Id)?;
    let count = entries.len();
    let mut found = BTreeMap::new();
    for (name, value, place) in entries {
        let work = Work::ALL.iter().find(|(known, _)| *known == name);
        if work.is_none() {
            let at = cx.spots.get(&place).copied().unwrap_or(value.at);
            let known = Work::ALL.iter().map(|(known, _)| *known);
            cx.unknown((Code::BadValue, "工作", "kind of work"), (at, &place), name, known);
        }
        if let (Some((_, work)), Some(range)) = (work, range(cx, value, &place)) {
            found.insert(*work, range);
        }
    }
    (found.len() == count).then_some(found)
}

/// The bodies with what is said of their people.
pub(super) fn staff(
    cx: &mut Cx<'_>,
    node: &Node,
    place: &str,
    usual: &Hours,
) -> Option<BTreeMap<RoleId, Staff>> {
    let entries = cx.entries(node, place, NameRule::Id)?;
    let count = entries.len();
    let mut found = BTreeMap::new();
    for (name, value, place) in entries {
        let roles = cx.names.roles.clone().unwrap_or_default();
        let known = roles.contains(name);
        if !known {
            let at = cx.spots.get(&place).copied().unwrap_or(value.at);
            let names = roles.iter().map(String::as_str);
            cx.unknown((Code::UnknownRole, "机构", "role"), (at, &place), name, names);
        }
        let of_body = one_body(cx, value, &place, usual);
        if let (true, Some(of_body)) = (known, of_body) {
            found.insert(RoleId::new(name), of_body);
        }
    }
    (found.len() == count).then_some(found)
}

fn one_body(cx: &mut Cx<'_>, node: &Node, place: &str, everybody: &Hours) -> Option<Staff> {
    let fields = Fields::of(cx, node, place, &["count", "reacts", "takes", "absent", "never", "hours"])?;
    let count = fields.maybe(cx, "count", number);
    let reacts = fields.maybe(cx, "reacts", range);
    let takes = fields.maybe(cx, "takes", pace);
    let absent = fields.maybe(cx, "absent", absences);
    let never = fields.maybe(cx, "never", |cx, node, place| {
        let items = match &node.kind {
            Kind::List(items) => items.iter().collect(),
            _ => vec![node],
        };
        let read: Vec<_> = items.iter().map(|item| cx.word(item, place, Work::ALL)).collect();
        read.into_iter().collect::<Option<BTreeSet<Work>>>()
    });
    let hours = fields.maybe(cx, "hours", |cx, node, place| hours(cx, node, place, everybody));
    let usual = Staff::default();
    Some(Staff {
        count: count?.unwrap_or(usual.count),
        reacts: reacts?,
        takes: takes?.unwrap_or_default(),
        absent: absent?.unwrap_or_default(),
        never: never?.unwrap_or_default(),
        hours: hours?,
    })
}

/// `{ day: 08:30-18:00, days: [mon, tue], on_duty: 1, night: 1-4 min, called: 20-50 min }`, or `always`; what
/// is not said is as usual.
pub(super) fn hours(cx: &mut Cx<'_>, node: &Node, place: &str, usual: &Hours) -> Option<Hours> {
    if let Kind::Scalar(_) = &node.kind {
        let always = cx.word(node, place, &[("always", ())]);
        return always.map(|()| Hours { day: None, ..usual.clone() });
    }
    let fields = Fields::of(cx, node, place, &["day", "days", "on_duty", "night", "called"])?;
    let day = fields.maybe(cx, "day", day);
    let days = fields.maybe(cx, "days", days);
    let on_duty = fields.maybe(cx, "on_duty", on_duty);
    let night = fields.maybe(cx, "night", range);
    let called = fields.maybe(cx, "called", range);
    Some(Hours {
        day: day?.or(usual.day),
        days: days?.unwrap_or_else(|| usual.days.clone()),
        on_duty: on_duty?.unwrap_or(usual.on_duty),
        night: night?.unwrap_or(usual.night),
        called: called?.unwrap_or(usual.called),
    })
}

/// `08:30-18:00`.
fn day(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<(Time, Time)> {
    let text = &cx.scalar(node, place)?.text;
    let clock = |text: &str| Time::strptime("%H:%M", text).ok();
    let found = text.split_once('-').and_then(|(from, to)| Some((clock(from)?, clock(to)?)));
    let found = found.filter(|(from, to)| from < to);
    if found.is_none() {
        let zh = "写作 08:30-18:00，由早到晚";
        cx.bad_value(node, place, text, (zh, "write it as in 08:30-18:00, the earlier first"));
    }
    found
}

/// At least one working day.
fn days(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<BTreeSet<i8>> {
    const DAYS: [(&str, i8); 7] =
        [("mon", 1), ("tue", 2), ("wed", 3), ("thu", 4), ("fri", 5), ("sat", 6), ("sun", 7)];
    let items = cx.list(node, place)?;
    if items.is_empty() {
        let message = say("没有写明哪一天", "no day is named");
        cx.report(Code::Empty, node.at, place, message, None);
        return None;
    }
    let read: Vec<_> = items.iter().map(|item| cx.word(item, place, &DAYS)).collect();
    read.into_iter().collect()
}

/// From nobody to all the people a body can have.
fn on_duty(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<u8> {
    let text = &cx.scalar(node, place)?.text;
    let found = text.parse().ok().filter(|count| *count <= MAX_PEOPLE);
    if found.is_none() {
        cx.bad_value(node, place, text, ("写 0 到 20", "write 0 to 20"));
    }
    found
}

fn number(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<u8> {
    let text = &cx.scalar(node, place)?.text;
    let found = text.parse().ok().filter(|count| (1..=MAX_PEOPLE).contains(count));
    if found.is_none() {
        let zh = "写 1 到 20；无人的机构写入 unmanned";
        cx.bad_value(node, place, text, (zh, "write 1 to 20; a body without people stands in `unmanned`"));
    }
    found
}

/// `[{ from: 30 min, to: 2 h }]`, one after another.
fn absences(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Vec<(SignedDuration, SignedDuration)>> {
    let items = cx.list(node, place)?;
    not_too_many(cx, node, place, items.len(), MAX_ABSENCES)?;
    let mut found: Vec<(SignedDuration, SignedDuration)> = Vec::new();
    for item in items {
        let fields = Fields::of(cx, item, place, &["from", "to"])?;
        let (from, to) = (fields.read(cx, "from", span), fields.read(cx, "to", span));
        let (Some(from), Some(to)) = (from, to) else { continue };
        if from >= to || found.last().is_some_and(|last| last.1 > from) {
            let message =
                say("时段应由早到晚，互不重叠", "absences go from early to late and do not overlap");
            cx.report(Code::BadValue, item.at, place, message, None);
        }
        found.push((from, to));
    }
    (found.len() == items.len()).then_some(found)
}
