//! Intake, triage, and the actions a unit may take at once.

use fengsui_domain::plan::{Intake, Triage};

use super::super::read::{Cx, Fields};
use super::super::yaml::Node;

pub(crate) fn intake(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Intake> {
    let fields = Fields::of(cx, node, place, &["sources", "points"])?;
    let sources = fields.maybe(cx, "sources", Cx::named_list);
    let points = fields.maybe(cx, "points", Cx::named_list);
    Some(Intake { sources: sources?.unwrap_or_default(), points: points?.unwrap_or_default() })
}

pub(crate) fn triage(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Triage> {
    let keys = ["clause", "scope", "incident", "false_positive", "not_ours", "analysis"];
    let fields = Fields::of(cx, node, place, &keys)?;
    let clause = fields.maybe(cx, "clause", Cx::clause);
    let incident = fields.maybe(cx, "incident", Cx::clause);
    let false_positive = fields.maybe(cx, "false_positive", Cx::clause);
    let not_ours = fields.maybe(cx, "not_ours", Cx::clause);
    let scope = fields.maybe(cx, "scope", Cx::clause);
    let analysis = fields.maybe(cx, "analysis", Cx::named_list);
    Some(Triage {
        clause: clause?,
        incident: incident?,
        false_positive: false_positive?,
        not_ours: not_ours?,
        scope: scope?,
        analysis: analysis?.unwrap_or_default(),
    })
}
