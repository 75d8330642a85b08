//! Plans above: duties that wait for them name one, and the one that is named is at hand.

use fengsui_domain::plan::{DutyKind, Plan, PlanId};

use super::super::finding::{Code, Finding, quoted, say};
use super::super::read::Cx;
use super::spot;

/// A duty that waits for new versions of a plan above needs one.
pub(super) fn named(cx: &mut Cx<'_>, plan: &Plan) {
    if plan.parents().next().is_some() {
        return;
    }
    for duty in plan.duties.iter().filter(|duty| matches!(duty.kind, DutyKind::OnParent { .. })) {
        let place = format!("duties/{}", duty.id);
        let id = quoted(duty.id.as_str());
        let message = say(
            format!("常规职责 {id} 等待上级预案的新版本，但没有写明上级预案"),
            format!("the standing duty {id} waits for new versions of a plan above, and none is named"),
        );
        let fix = say(
            "在 beside 中写明上级预案（relation: parent）",
            "name the plan above in `beside` (`relation: parent`)",
        );
        let at = spot(cx, &place);
        cx.report(Code::NoParent, at, &place, message, Some(fix));
    }
}

/// The plans above, each with what is to be said if no pack of that id is at hand.
pub(in crate::plan) fn elsewhere(cx: &Cx<'_>, plan: &Plan) -> Vec<(PlanId, Finding)> {
    let finding = |id: &PlanId| {
        let place = format!("beside/{id}");
        let named = quoted(id.as_str());
        let message = say(
            format!("上级预案 {named} 不在现有预案之中"),
            format!("the plan above, {named}, is not among the packs at hand"),
        );
        let fix =
            say("核对编号；它在另一节点的可以不管", "check the id; leave it if the plan is on another node");
        let made = cx.findings.made(Code::ParentElsewhere, spot(cx, &place), &place, message, Some(fix));
        (id.clone(), made)
    };
    plan.parents().map(finding).collect()
}
