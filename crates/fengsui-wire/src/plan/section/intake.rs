//! Intake, triage, and the actions a unit may take at once.

use fengsui_domain::plan::{Intake, Triage};

use super::super::read::{Cx, Fields};
use super::super::yaml::Node;

pub(crate) fn intake(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Intake> {
    let fields = Fields::of(cx, node, place, &["sources", "points"])?;
    let sources = fields.read(cx, "sources", Cx::named_list);
    let points = fields.read(cx, "points", Cx::named_list);
    Some(Intake { sources: sources?, points: points? })
}

pub(crate) fn triage(cx: &mut Cx<'_>, node: &Node, place: &str) -> Option<Triage> {
    let fields =
        Fields::of(cx, node, place, &["clause", "incident", "false_positive", "not_ours", "analysis"])?;
    let clause = fields.clause(cx, "clause");
    let incident = fields.clause(cx, "incident");
    let false_positive = fields.clause(cx, "false_positive");
    let not_ours = fields.clause(cx, "not_ours");
    let analysis = fields.read(cx, "analysis", Cx::named_list);
    Some(Triage {
        clause: clause?,
        incident: incident?,
        false_positive: false_positive?,
        not_ours: not_ours?,
        analysis: analysis?,
    })
}
