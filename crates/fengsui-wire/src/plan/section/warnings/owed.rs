//! What a warning obliges to: receipts and measures, and the periods in which measures apply without one.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::plan::{Measure, MeasureKind, Period, PeriodOrder, ReceiptFrom, ReceiptRule};
use fengsui_domain::warning::{Stage, WarningColour};
use jiff::SignedDuration;

use super::super::super::finding::Code;
use super::super::super::read::{Cx, Fields, NameRule};
use super::super::super::values;
use super::super::super::yaml::Node;
use super::super::clocks;
use super::issuing::acts;
use super::{Known, colour, part, shape, some, some_colours};

const FROM: [(&str, ReceiptFrom); 2] = [("units", ReceiptFrom::Units), ("people", ReceiptFrom::People)];

/// `- { id, title, edition, from: [units, people], acts, within: { red: 30 min, … }, clause, is_default }`
pub(super) fn receipt(
    cx: &mut Cx<'_>,
    node: &Node,
    list: &str,
    seen: &mut BTreeSet<String>,
    known: &Known,
) -> Option<ReceiptRule> {
    let keys = ["id", "title", "edition", "from", "acts", "within", "clause", "is_default"];
    let fields = Fields::of(cx, node, list, &keys)?;
    let id = cx.rule_id(&fields, list, seen);
    let title = fields.long(cx, "title");
    let edition = fields
        .read(cx, "edition", |cx, node, place| part(cx, node, place, (&known.editions, "版本", "edition")));
    let from = fields.read(cx, "from", |cx, node, place| {
        some(cx, node, place, |cx, item, place| cx.word(item, place, &FROM))
    });
    let acts = fields.read(cx, "acts", acts);
    let within = fields.read(cx, "within", |cx, node, place| by_colour(cx, node, place, known));
    let clause = fields.clause(cx, "clause");
    let is_default = fields.flag(cx, "is_default");
    Some(ReceiptRule {
        id: id?,
        title: title?,
        edition: edition?,
        from: from?,
        acts: acts?,
        within: within?,
        clause: clause?,
        is_default: is_default?,
    })
}

/// A span for every colour of the plan.
fn by_colour(
    cx: &mut Cx<'_>,
    node: &Node,
    place: &str,
    known: &Known,
) -> Option<BTreeMap<WarningColour, SignedDuration>> {
    let entries = cx.entries(node, place, NameRule::Any)?;
    let mut within = BTreeMap::new();
    let mut right = true;
    for (name, value, place) in entries {
        let at = cx.spots.get(&place).copied().unwrap_or(value.at);
        let what = (Code::UnknownPart, "颜色", "colour");
        right &= cx.among(Some(&known.colours), what, (at, &place), name);
        match (WarningColour::parse(name), values::span(cx, value, &place)) {
            (Some(colour), Some(span)) => drop(within.insert(colour, span)),
            _ => right = false,
        }
    }
    let missing = known.colours.iter().find(|colour| {
        right && WarningColour::parse(colour).is_some_and(|colour| !within.contains_key(&colour))
    });
    if let Some(missing) = missing {
        let says = (format!("没有写明 {missing} 的时限"), format!("the limit for {missing} is missing"));
        shape(cx, node.at, place, (&says.0, &says.1));
        return None;
    }
    right.then_some(within)
}

/// `- { id, title, clause, stage, colours, periods, of, to, within | every, standing | as_it_comes, after }`
pub(super) fn measure(
    cx: &mut Cx<'_>,
    node: &Node,
    list: &str,
    seen: &mut BTreeSet<String>,
    known: &Known,
) -> Option<Measure> {
    let keys = [
        "id",
        "title",
        "clause",
        "stage",
        "colours",
        "periods",
        "of",
        "to",
        "within",
        "tolerance",
        "every",
        "standing",
        "as_it_comes",
        "after",
        "is_default",
    ];
    let fields = Fields::of(cx, node, list, &keys)?;
    let id = cx.rule_id(&fields, list, seen);
    let title = fields.long(cx, "title");
    let clause = fields.clause(cx, "clause");
    let stages: Vec<(&str, Stage)> = Stage::ALL.iter().map(|stage| (stage.as_str(), *stage)).collect();
    let stage = fields.maybe(cx, "stage", |cx, node, place| cx.word(node, place, &stages));
    let colours = fields.maybe(cx, "colours", |cx, node, place| some_colours(cx, node, place, known));
    let periods = fields.maybe(cx, "periods", |cx, node, place| {
        some(cx, node, place, |cx, item, place| part(cx, item, place, (&known.periods, "时期", "period")))
    });
    let of = fields.roles(cx, "of");
    let to = fields.maybe_roles(cx, "to");
    let kind = kind(cx, &fields, list);
    let after = fields.maybe(cx, "after", |cx, node, place| {
        some(cx, node, place, |cx, item, place| {
            part(cx, item, place, (&known.owed, "措施或回执", "measure or receipt"))
        })
    });
    let is_default = fields.flag(cx, "is_default");
    let measure = Measure {
        id: id?,
        title: title?,
        clause: clause?,
        stage: stage?.unwrap_or(Stage::Issued),
        colours: colours?.unwrap_or_default(),
        periods: periods?.unwrap_or_default(),
        of: of?,
        to: to?,
        kind: kind?,
        after: after?.unwrap_or_default(),
        is_default: is_default?,
    };
    fits(cx, &fields, list, &measure).then_some(measure)
}

/// `every: 4 h`, or `within` with `standing: true` or `as_it_comes: true`; once if neither is said.
fn kind(cx: &mut Cx<'_>, fields: &Fields<'_>, list: &str) -> Option<MeasureKind> {
    let every = fields.maybe(cx, "every", values::span);
    let standing = fields.flag(cx, "standing");
    let as_it_comes = fields.flag(cx, "as_it_comes");
    let within = match fields.get("within") {
        Some(_) => clocks::within(cx, fields).map(Some),
        None => Some(None),
    };
    match (every?, standing?, as_it_comes?, within?) {
        (Some(span), false, false, None) => Some(MeasureKind::Every(span)),
        (None, false, false, within) => Some(MeasureKind::Once(within)),
        (None, true, false, within) => Some(MeasureKind::Standing(within)),
        (None, false, true, within) => Some(MeasureKind::AsItComes(within)),
        _ => {
            let says = (
                "every、standing、as_it_comes 只写一种，every 不写 within",
                "write one of `every`, `standing` and `as_it_comes`; `within` does not go with `every`",
            );
            shape(cx, fields.at, list, says);
            None
        }
    }
}

/// A measure under a warning says which one, or which period it belongs to.
fn fits(cx: &mut Cx<'_>, fields: &Fields<'_>, list: &str, measure: &Measure) -> bool {
    let says = match measure.stage {
        Stage::Issued if measure.colours.is_empty() && measure.periods.is_empty() => (
            "没有写明属于哪种颜色或哪个时期",
            "it belongs to no colour and to no period; add `colours` or `periods`",
        ),
        Stage::Always | Stage::Information | Stage::Judged if !measure.periods.is_empty() => {
            ("periods 只用于 stage: issued", "`periods` goes with `stage: issued` only")
        }
        Stage::Always if !matches!(measure.kind, MeasureKind::Standing(None)) => (
            "stage: always 只与 standing: true 同用，不写期限",
            "`stage: always` goes with `standing: true` and no limit",
        ),
        _ => return true,
    };
    shape(cx, fields.at, list, says);
    false
}

/// `- { id, title, clause, order }`
pub(super) fn period(
    cx: &mut Cx<'_>,
    node: &Node,
    list: &str,
    seen: &mut BTreeSet<String>,
    known: &Known,
) -> Option<Period> {
    let fields = Fields::of(cx, node, list, &["id", "title", "clause", "order"])?;
    let id = cx.rule_id(&fields, list, seen);
    let title = fields.title(cx, "title");
    let clause = fields.clause(cx, "clause");
    let order = fields.maybe(cx, "order", |cx, node, place| order(cx, node, place, known));
    Some(Period { id: id?, title: title?, clause: clause?, order: order? })
}

/// `{ by, to, colour, clause, lifted_by_orderer, is_default }`
fn order(cx: &mut Cx<'_>, node: &Node, place: &str, known: &Known) -> Option<PeriodOrder> {
    let keys = ["by", "to", "colour", "clause", "lifted_by_orderer", "is_default"];
    let fields = Fields::of(cx, node, place, &keys)?;
    let by = fields.roles(cx, "by");
    let to = fields.roles(cx, "to");
    let colour = fields.read(cx, "colour", |cx, node, place| colour(cx, node, place, known));
    let clause = fields.clause(cx, "clause");
    let lifted_by_orderer = fields.flag(cx, "lifted_by_orderer");
    let is_default = fields.flag(cx, "is_default");
    Some(PeriodOrder {
        by: by?,
        to: to?,
        colour: colour?,
        clause: clause?,
        lifted_by_orderer: lifted_by_orderer?,
        is_default: is_default?,
    })
}
