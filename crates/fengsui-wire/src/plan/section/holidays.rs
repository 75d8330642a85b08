//! The days off that a pack knows.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::plan::{HolidayYear, Holidays, MAX_DAYS_OFF, is_weekend};
use jiff::civil::Date;

use super::super::finding::{Code, quoted, say};
use super::super::read::{Cx, Fields, MAX_TITLE_CHARS, NameRule};
use super::super::yaml::{Kind, Node};

/// What stands between the first and the last day of a range.
const TO: &str = " to ";

/// `2026: { source: { zh, en }, off: [2026-02-15 to 2026-02-23, …], worked: [2026-02-14, …] }`
pub(crate) fn holidays(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Holidays> {
    let Kind::Map(entries) = &node.kind else {
        // Reports what stands here instead.
        cx.entries(node, place, NameRule::Id);
        return None;
    };
    let mut years = BTreeMap::new();
    for (key, value) in entries {
        let place = format!("{place}/{}", key.text);
        let number = key.text.parse::<i16>().ok().filter(|year| (1900..=9999).contains(year));
        let Some(year) = number else {
            let message = say(
                format!("{} 不是年份", quoted(&key.text)),
                format!("{} is not a year", quoted(&key.text)),
            );
            cx.report(Code::BadName, key.at, &place, message, Some(say("写作 2026", "write it as in 2026")));
            continue;
        };
        cx.spots.insert(place.clone(), key.at);
        if let Some(days) = days_of(cx, value, &place, year) {
            years.insert(year, days);
        }
    }
    (years.len() == entries.len()).then_some(Holidays { years })
}

fn days_of(cx: &mut Cx<'_>, node: &Node, place: &str, year: i16) -> Option<HolidayYear> {
    let fields = Fields::of(cx, node, place, &["source", "off", "worked"])?;
    let source = fields.read(cx, "source", |cx, node, place| cx.text(node, place, MAX_TITLE_CHARS));
    let off = fields.read(cx, "off", |cx, node, place| days(cx, node, place, year));
    let worked = fields.maybe(cx, "worked", |cx, node, place| days(cx, node, place, year));
    let (source, off, worked) = (source?, off?, worked?.unwrap_or_default());
    let weekdays = off.iter().filter(|day| !is_weekend(**day)).count();
    if weekdays > MAX_DAYS_OFF {
        let message = say(
            format!("{year} 年有 {weekdays} 个工作日休假，上限为 {MAX_DAYS_OFF}"),
            format!("{weekdays} weekdays of {year} are off, at most {MAX_DAYS_OFF} can be"),
        );
        cx.report(Code::Limit, fields.at, &fields.place("off"), message, None);
        return None;
    }
    if let Some(day) = worked.iter().find(|day| !is_weekend(**day) || off.contains(day)) {
        let message = say(
            format!("{day} 不是周末，或同时列为休假日"),
            format!("{day} is no Saturday or Sunday, or is listed as a day off too"),
        );
        let fix = say("worked 只列上班的周末", "`worked` lists the weekend days that are worked");
        cx.report(Code::BadValue, fields.at, &fields.place("worked"), message, Some(fix));
        return None;
    }
    Some(HolidayYear { off, worked, source })
}

/// Days and ranges of days of one year.
fn days(cx: &mut Cx<'_>, node: &Node, place: &str, year: i16) -> Option<BTreeSet<Date>> {
    let items = cx.list(node, place)?;
    let read: Vec<_> = items.iter().map(|item| range(cx, item, place, year)).collect();
    let ranges = read.into_iter().collect::<Option<Vec<_>>>()?;
    Some(ranges.into_iter().flatten().collect())
}

/// `2026-01-01`, or `2026-02-15 to 2026-02-23`.
fn range(cx: &mut Cx<'_>, node: &Node, place: &str, year: i16) -> Option<Vec<Date>> {
    let text = &cx.scalar(node, place)?.text;
    let (from, until) = text.split_once(TO).unwrap_or((text, text));
    let day = |text: &str| {
        let day = text.parse::<Date>().ok().filter(|day| day.to_string() == text)?;
        (day.year() == year).then_some(day)
    };
    let ends = day(from).zip(day(until)).filter(|(from, until)| from <= until);
    let Some((from, until)) = ends else {
        let zh = format!("写 {year} 年的一日或一段，如 {year}-01-01 或 {year}-02-15 to {year}-02-23");
        let en =
            format!("write a day or a range of {year}, as in {year}-01-01 or {year}-02-15 to {year}-02-23");
        cx.bad_value(node, place, text, (&zh, &en));
        return None;
    };
    let days = std::iter::successors(Some(from), |day| day.tomorrow().ok());
    Some(days.take_while(|day| *day <= until).collect())
}
