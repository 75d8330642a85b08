//! What the plan is: name, document, issuer, days in force, table of clauses.

use std::collections::BTreeMap;

use fengsui_domain::plan::{Clause, Evaluation, Interpreted, Notice, Text};
use jiff::civil::Date;

use super::super::finding::{Code, say};
use super::super::read::{Cx, Fields, MAX_TEXT_CHARS, MAX_TITLE_CHARS, NameRule, plain_text};
use super::super::values;
use super::super::yaml::Node;

/// Months of the longest cycle in which a plan is evaluated: ten years.
const MAX_CYCLE_MONTHS: u8 = 120;

/// First and last day in force, and the clause that says so.
pub(crate) type InForce = (Date, Option<Date>, Option<Clause>);

/// Number of the issuing document, as printed.
pub(crate) fn document(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<String> {
    let text = cx.scalar(node, place)?.text.trim();
    plain_text(cx, node, place, text, MAX_TITLE_CHARS)
}

pub(crate) fn in_force(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<InForce> {
    let fields = Fields::of(cx, node, place, &["from", "until", "clause"])?;
    let from = fields.read(cx, "from", values::day);
    let until = fields.maybe(cx, "until", values::day);
    let clause = fields.maybe(cx, "clause", Cx::clause);
    let (from, until, clause) = (from?, until?, clause?);
    if until.is_some_and(|until| until < from) {
        let message = say("终止日在起始日之前", "the last day in force is before the first");
        cx.report(Code::BadValue, node.at, place, message, None);
        return None;
    }
    Some((from, until, clause))
}

/// `{ every_months, last, by, clause }`
pub(crate) fn evaluation(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Evaluation> {
    let fields = Fields::of(cx, node, place, &["every_months", "last", "by", "clause"])?;
    let every_months = fields.read(cx, "every_months", months);
    let last = fields.maybe(cx, "last", values::day);
    let by = fields.roles(cx, "by");
    let clause = fields.clause(cx, "clause");
    Some(Evaluation { every_months: every_months?, last: last?, by: by?, clause: clause? })
}

fn months(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<u8> {
    let text = &cx.scalar(node, place)?.text;
    let months = text.parse().ok().filter(|months| (1..=MAX_CYCLE_MONTHS).contains(months));
    if months.is_none() {
        cx.bad_value(
            node,
            place,
            text,
            ("写 1 到 120 的整数，单位为月", "write a whole number of months, 1 to 120"),
        );
    }
    months
}

/// `{ zh, en, clause }`
pub(crate) fn interpreted_by(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Interpreted> {
    let fields = Fields::of(cx, node, place, &["zh", "en", "clause"])?;
    let by = fields.both(cx, MAX_TITLE_CHARS);
    let clause = fields.clause(cx, "clause");
    Some(Interpreted { by: by?, clause: clause? })
}

/// `{ approved_by, issued, published, addressees, clause }`
pub(crate) fn notice(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Notice> {
    let keys = ["approved_by", "issued", "published", "addressees", "clause"];
    let fields = Fields::of(cx, node, place, &keys)?;
    let title = |cx: &mut Cx<'_>, node: &Node, place: &str| cx.text(node, place, MAX_TITLE_CHARS);
    let long = |cx: &mut Cx<'_>, node: &Node, place: &str| cx.text(node, place, MAX_TEXT_CHARS);
    let approved_by = fields.maybe(cx, "approved_by", title);
    let issued = fields.read(cx, "issued", values::day);
    let published = fields.maybe(cx, "published", values::day);
    let addressees = fields.maybe(cx, "addressees", long);
    let clause = fields.clause(cx, "clause");
    Some(Notice {
        approved_by: approved_by?,
        issued: issued?,
        published: published?,
        addressees: addressees?,
        clause: clause?,
    })
}

/// `jincheng-internet-2008/2.1: { zh, en }`
pub(crate) fn clauses(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<BTreeMap<Clause, Text>> {
    let entries = cx.entries(node, place, NameRule::Clause)?;
    let count = entries.len();
    let mut clauses = BTreeMap::new();
    for (number, value, place) in entries {
        if let Some(title) = cx.text(value, &place, MAX_TITLE_CHARS) {
            clauses.insert(Clause::new(number), title);
        }
    }
    (clauses.len() == count).then_some(clauses)
}
