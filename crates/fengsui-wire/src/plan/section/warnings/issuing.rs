//! Who issues and changes warnings, what they state and whom they reach.

use std::collections::BTreeSet;

use fengsui_domain::plan::{
    Approval, Change, ChangedBy, Changes, Edition, FactId, FieldOfWarning, IssuingRight, RuleId, WarningForm,
};
use fengsui_domain::warning::{Act, Reach, WarningColour};

use super::super::super::finding::{Code, quoted, say};
use super::super::super::read::{Cx, Fields, MAX_TITLE_CHARS, NameRule};
use super::super::super::yaml::Node;
use super::super::clocks;
use super::{Known, colour, part, shape, some, some_colours};

/// `- { id, title, by, highest, lowest, reach, named_by, clause, is_default }`; down to blue without `lowest`.
pub(super) fn right(
    cx: &mut Cx<'_>,
    node: &Node,
    list: &str,
    seen: &mut BTreeSet<String>,
    known: &Known,
) -> Option<IssuingRight> {
    let keys = ["id", "title", "by", "highest", "lowest", "reach", "named_by", "clause", "is_default"];
    let fields = Fields::of(cx, node, list, &keys)?;
    let id = cx.rule_id(&fields, list, seen);
    let title = fields.long(cx, "title");
    let by = fields.roles(cx, "by");
    let one = |cx: &mut Cx<'_>, node: &Node, place: &str| colour(cx, node, place, known);
    let highest = fields.read(cx, "highest", one);
    let lowest = fields.maybe(cx, "lowest", one);
    let reach = fields.read(cx, "reach", |cx, node, place| {
        let words: Vec<(&str, Reach)> = Reach::ALL.iter().map(|reach| (reach.as_str(), *reach)).collect();
        some(cx, node, place, |cx, item, place| cx.word(item, place, &words))
    });
    let named_by = fields.maybe(cx, "named_by", |cx, node, place| {
        part(cx, node, place, (&known.approvals, "批准", "approval"))
    });
    let clause = fields.clause(cx, "clause");
    let is_default = fields.flag(cx, "is_default");
    let (highest, lowest) = (highest?, lowest?.unwrap_or(WarningColour::Blue));
    if lowest < highest {
        let says = ("lowest 比 highest 更重", "`lowest` is a worse colour than `highest`");
        shape(cx, fields.at, list, says);
        return None;
    }
    Some(IssuingRight {
        id: id?,
        title: title?,
        by: by?,
        highest,
        lowest,
        reach: reach?,
        named_by: named_by?,
        clause: clause?,
        is_default: is_default?,
    })
}

/// `- { id, title, by, colours, marks, clause }` with colours, marks or both.
pub(super) fn approval(
    cx: &mut Cx<'_>,
    node: &Node,
    list: &str,
    seen: &mut BTreeSet<String>,
    known: &Known,
) -> Option<Approval> {
    let fields = Fields::of(cx, node, list, &["id", "title", "by", "colours", "marks", "clause"])?;
    let id = cx.rule_id(&fields, list, seen);
    let title = fields.long(cx, "title");
    let by = fields.roles(cx, "by");
    let colours = fields.maybe(cx, "colours", |cx, node, place| some_colours(cx, node, place, known));
    let marks = fields.maybe(cx, "marks", |cx, node, place| some(cx, node, place, mark));
    let clause = fields.clause(cx, "clause");
    let (colours, marks) = (colours?.unwrap_or_default(), marks?.unwrap_or_default());
    if colours.is_empty() && marks.is_empty() {
        let says = (
            "没有写明何时需要批准：写上 colours 或 marks",
            "it is not said when the approval is needed; add `colours` or `marks`",
        );
        shape(cx, fields.at, list, says);
        return None;
    }
    Some(Approval { id: id?, title: title?, by: by?, colours, marks, clause: clause? })
}

/// A mark on a threat: it stands at no until a person sets it with a reason.
fn mark(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<FactId> {
    let name = &cx.scalar(node, place)?.text;
    let id = FactId::new(name.as_str());
    match cx.names.facts.get(&id) {
        Some((_, true)) => Some(id),
        Some((_, false)) => {
            let name = quoted(name);
            let message = say(format!("{name} 不是标记"), format!("{name} is a question and not a mark"));
            let fix = say("在 facts 中写 answer: mark", "write `answer: mark` in `facts`");
            cx.report(Code::ExprType, node.at, place, message, Some(fix));
            None
        }
        None if cx.names.broken_facts.contains(name) => None,
        None => {
            let known: Vec<String> = cx.names.facts.keys().map(ToString::to_string).collect();
            let what = (Code::UnknownFact, "事实", "fact");
            cx.unknown(what, (node.at, place), name, known.iter().map(String::as_str));
            None
        }
    }
}

/// `{ update, adjust, lift }`
pub(super) fn changes(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Changes> {
    let fields = Fields::of(cx, node, place, &["update", "adjust", "lift"])?;
    let update = fields.read(cx, "update", change);
    let adjust = fields.read(cx, "adjust", change);
    let lift = fields.read(cx, "lift", change);
    Some(Changes { update: update?, adjust: adjust?, lift: lift? })
}

/// `{ by_issuer: true | by, within, tolerance, clause, is_default }`
fn change(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Change> {
    let keys = ["by_issuer", "by", "within", "tolerance", "clause", "is_default"];
    let fields = Fields::of(cx, node, place, &keys)?;
    cx.spots.insert(place.to_owned(), fields.at);
    let by_issuer = fields.flag(cx, "by_issuer");
    let by = fields.maybe(cx, "by", Cx::some_roles);
    let within = match fields.get("within") {
        Some(_) => clocks::within(cx, &fields).map(Some),
        None => Some(None),
    };
    let clause = fields.clause(cx, "clause");
    let is_default = fields.flag(cx, "is_default");
    let by = match (by_issuer?, by?) {
        (true, None) => ChangedBy::Issuer,
        (false, Some(bodies)) => ChangedBy::Bodies(bodies),
        _ => {
            let says = ("写 by_issuer: true 或 by，只写一种", "write one of `by_issuer: true` and `by`");
            shape(cx, fields.at, place, says);
            return None;
        }
    };
    Some(Change { by, within: within?, clause: clause?, is_default: is_default? })
}

/// `{ clause, fields, open, measures_have_limits }`
pub(super) fn form(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<WarningForm> {
    let fields = Fields::of(cx, node, place, &["clause", "fields", "open", "measures_have_limits"])?;
    let clause = fields.clause(cx, "clause");
    let stated = fields.read(cx, "fields", |cx, node, place| {
        let entries = cx.entries(node, place, NameRule::Id)?;
        let count = entries.len();
        let read = entries.into_iter().filter_map(|(id, value, place)| field(cx, id, value, &place));
        let read: Vec<FieldOfWarning> = read.collect();
        (read.len() == count).then_some(read)
    });
    let open = fields.flag(cx, "open");
    let measures_have_limits = fields.flag(cx, "measures_have_limits");
    Some(WarningForm {
        clause: clause?,
        fields: stated?,
        open: open?,
        measures_have_limits: measures_have_limits?,
    })
}

fn field(cx: &mut Cx<'_>, id: &str, node: &Node, place: &str) -> Option<FieldOfWarning> {
    let fields = Fields::of(cx, node, place, &["zh", "en", "clause", "optional"])?;
    let title = fields.both(cx, MAX_TITLE_CHARS);
    let clause = fields.clause(cx, "clause");
    let optional = fields.flag(cx, "optional");
    Some(FieldOfWarning { id: RuleId::new(id), title: title?, clause: clause?, optional: optional? })
}

/// `- { id, audience, clause, channels, acts }`
pub(super) fn edition(
    cx: &mut Cx<'_>,
    node: &Node,
    list: &str,
    seen: &mut BTreeSet<String>,
) -> Option<Edition> {
    let fields = Fields::of(cx, node, list, &["id", "audience", "clause", "channels", "acts"])?;
    let id = cx.rule_id(&fields, list, seen);
    let audience = fields.title(cx, "audience");
    let clause = fields.clause(cx, "clause");
    let channels = fields.maybe(cx, "channels", Cx::named_list);
    let acts = fields.read(cx, "acts", acts);
    Some(Edition {
        id: id?,
        audience: audience?,
        clause: clause?,
        channels: channels?.unwrap_or_default(),
        acts: acts?,
    })
}

/// `[issue, update, adjust, lift]`
pub(super) fn acts(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Vec<Act>> {
    let words: Vec<(&str, Act)> = Act::ALL.iter().map(|act| (act.as_str(), *act)).collect();
    some(cx, node, place, |cx, item, place| cx.word(item, place, &words))
}
