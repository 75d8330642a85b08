//! Entries of an incident in words: what happened, in a line; more, on request.

use std::collections::BTreeMap;

use fengsui_domain::expr::Value;
use fengsui_domain::id::{ClockId, RunId};
use fengsui_domain::incident::{
    DisposalVerdict, Finding, GradingKind, Grant, IncidentChange as I, Order, OrderOutcome, Run, Step,
};
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{FactId, RuleId};

use super::super::show;
use super::case::Case;
use super::head::duty;
use super::orders;

/// What happened, in a line.
pub(super) fn what(case: &Case<'_>, change: &I) -> String {
    let about = about(case, change);
    let done = case.t(key(change));
    if about.is_empty() { done } else { format!("{done}{}{about}", case.t("colon")) }
}

/// The line with its grounds behind it.
pub(super) fn with_detail(case: &Case<'_>, change: &I) -> String {
    match detail(case, change) {
        detail if detail.is_empty() => what(case, change),
        detail => format!("{} · {detail}", what(case, change)),
    }
}

/// An answer as a field holds it.
pub(super) fn typed_value(value: &Value) -> String {
    match value {
        Value::Bool(yes) => yes.to_string(),
        Value::Count(count) => count.to_string(),
        Value::Choice(choice) => choice.clone(),
    }
}

/// An immediate action's name.
pub(super) fn action(case: &Case<'_>, id: &RuleId) -> String {
    let known = case.plan.immediate_actions.iter().find(|named| named.id == *id);
    known.map_or_else(|| id.to_string(), |named| case.text(&named.title))
}

/// It is something to look at.
pub(super) fn is_abnormal(change: &I) -> bool {
    match change {
        I::ClockLapsed { .. } | I::Declined { .. } | I::Withdrawn { .. } | I::OrderWithdrawn { .. } => true,
        I::ClockMet { met, .. } => met.late,
        I::Graded { kind, .. } => *kind == GradingKind::Overridden,
        I::DisposalVerified { verification, .. } => verification.finding == Finding::Fail,
        I::DisposalSummedUp { summing_up, .. } => !summing_up.pass,
        I::OrderReported { report, .. } => report.outcome == OrderOutcome::NotPossible,
        I::DisposalDecided { verdict, .. } => *verdict != DisposalVerdict::Approve,
        _ => false,
    }
}

/// The group of a change: a code for the filter, and the key of its name.
pub(super) fn group(change: &I) -> (&'static str, &'static str) {
    match change {
        I::Opened { .. }
        | I::Verified { .. }
        | I::Answered { .. }
        | I::Categorised { .. }
        | I::PlanAttached { .. }
        | I::PlanDetached { .. }
        | I::Analysed { .. }
        | I::AwarenessRecorded { .. }
        | I::OccurrenceRecorded { .. }
        | I::Withdrawn { .. } => ("incident", "incident"),
        I::Graded { .. } => ("level", "level"),
        I::ClockStarted { .. }
        | I::ClockTold { .. }
        | I::ClockLapsed { .. }
        | I::ClockMet { .. }
        | I::ClockReplaced { .. } => ("clocks", "tab-clocks"),
        I::Reported { .. } | I::ReportReceipted { .. } => ("reports", "tab-reports"),
        I::ActionTaken { .. }
        | I::Proposed { .. }
        | I::Declined { .. }
        | I::ResponseStarted { .. }
        | I::ResponseAdjusted { .. }
        | I::HeadquartersDecided { .. }
        | I::ConditionTicked { .. }
        | I::ResponseEnded { .. } => ("response", "tab-response"),
        I::DisposalDrafted { .. }
        | I::DisposalVerified { .. }
        | I::DisposalSummedUp { .. }
        | I::DisposalDecided { .. }
        | I::DisposalStepDone { .. }
        | I::Pinned { .. }
        | I::Unpinned { .. } => ("disposal", "tab-disposal"),
        I::OrderGiven { .. }
        | I::OrderAcknowledged { .. }
        | I::OrderReported { .. }
        | I::OrderWithdrawn { .. }
        | I::GrantGiven { .. }
        | I::GrantEnded { .. } => ("orders", "tab-orders"),
        I::PlaybookStarted { .. }
        | I::PlaybookStepDone { .. }
        | I::PlaybookStepSkipped { .. }
        | I::PlaybookGatePassed { .. }
        | I::PlaybookStepSwapped { .. }
        | I::PlaybookEnded { .. } => ("playbooks", "tab-playbooks"),
        I::EvidenceAdded { .. } | I::EvidenceHandedOver { .. } => ("evidence", "tab-evidence"),
        I::Assigned { .. } | I::Relieved { .. } => ("people", "tab-people"),
        I::DerivedLinked { .. }
        | I::DerivedClosed { .. }
        | I::PublicationDrafted { .. }
        | I::PublicationApproved { .. }
        | I::PublicationReleased { .. }
        | I::ReviewDrafted { .. }
        | I::ReviewCompleted { .. }
        | I::Filed { .. }
        | I::FilingReceipted { .. }
        | I::Archived { .. } => ("closing", "tab-closing"),
        I::Noted { .. } => ("note", "note"),
    }
}

/// Every group, in the order of the tabs.
pub(super) const GROUPS: [(&str, &str); 12] = [
    ("incident", "incident"),
    ("level", "level"),
    ("clocks", "tab-clocks"),
    ("reports", "tab-reports"),
    ("response", "tab-response"),
    ("disposal", "tab-disposal"),
    ("orders", "tab-orders"),
    ("playbooks", "tab-playbooks"),
    ("evidence", "tab-evidence"),
    ("people", "tab-people"),
    ("closing", "tab-closing"),
    ("note", "note"),
];

fn key(change: &I) -> &'static str {
    match change {
        I::Opened { .. } => "did-opened",
        I::Verified { .. } => "did-verified",
        I::Answered { .. } => "did-answered",
        I::Categorised { .. } => "did-categorised",
        I::Analysed { .. } => "did-analysed",
        I::Graded { kind: GradingKind::Overridden, .. } => "did-overridden",
        I::Graded { .. } => "did-graded",
        I::AwarenessRecorded { .. } => "did-aware",
        I::OccurrenceRecorded { .. } => "did-occurred",
        I::ClockStarted { .. } => "did-clock-started",
        I::ClockTold { .. } => "did-clock-told",
        I::ClockLapsed { .. } => "did-clock-lapsed",
        I::ClockMet { met, .. } if met.late => "did-clock-met-late",
        I::ClockMet { .. } => "did-clock-met",
        I::ClockReplaced { .. } => "did-clock-replaced",
        I::Reported { .. } => "did-reported",
        I::ReportReceipted { .. } => "did-receipted",
        I::ActionTaken { .. } => "did-action",
        I::Proposed { proposal } => match proposal.step {
            Step::Start { .. } => "did-proposed-start",
            Step::Adjust { .. } => "did-proposed-adjust",
            Step::End => "did-proposed-end",
        },
        I::Declined { .. } => "did-declined",
        I::ResponseStarted { .. } => "did-response-started",
        I::ResponseAdjusted { .. } => "did-response-adjusted",
        I::HeadquartersDecided { headquarters } if headquarters.formed => "hq-formed",
        I::HeadquartersDecided { .. } => "hq-not-formed",
        I::ConditionTicked { tick, .. } if tick.holds => "did-ticked",
        I::ConditionTicked { .. } => "did-unticked",
        I::ResponseEnded { .. } => "did-response-ended",
        I::DisposalDrafted { .. } => "did-disposal-drafted",
        I::DisposalVerified { verification, .. } => match verification.finding {
            Finding::Pass => "did-disposal-verified",
            Finding::Fail => "did-disposal-failed",
            Finding::Remarks => "did-disposal-remarked",
        },
        I::DisposalSummedUp { summing_up, .. } if summing_up.pass => "did-disposal-submitted",
        I::DisposalSummedUp { .. } => "did-disposal-sent-back",
        I::DisposalDecided { verdict, .. } => match verdict {
            DisposalVerdict::Approve => "did-disposal-approved",
            DisposalVerdict::Return => "did-disposal-returned",
            DisposalVerdict::Reject => "did-disposal-rejected",
        },
        I::DisposalStepDone { .. } => "did-disposal-step",
        I::OrderGiven { .. } => "did-order-given",
        I::OrderAcknowledged { .. } => "did-order-acknowledged",
        I::OrderReported { report, .. } => match report.outcome {
            OrderOutcome::Progress => "did-order-progress",
            OrderOutcome::Arrived => "did-order-arrived",
            OrderOutcome::Done => "did-order-done",
            OrderOutcome::NotPossible => "did-order-not-possible",
        },
        I::OrderWithdrawn { .. } => "did-order-withdrawn",
        I::GrantGiven { .. } => "did-grant-given",
        I::GrantEnded { .. } => "did-grant-ended",
        I::Pinned { .. } => "did-pinned",
        I::Unpinned { .. } => "did-unpinned",
        I::PlaybookStarted { .. } => "did-playbook-started",
        I::PlaybookStepDone { done, .. } if done.branch.is_some() => "did-playbook-answered",
        I::PlaybookStepDone { .. } => "did-playbook-step",
        I::PlaybookStepSkipped { .. } => "did-playbook-skipped",
        I::PlaybookGatePassed { gate, .. } if gate.waived => "did-playbook-waived",
        I::PlaybookGatePassed { .. } => "did-playbook-gate",
        I::PlaybookStepSwapped { .. } => "did-playbook-swapped",
        I::PlaybookEnded { end, .. } if end.stopped.is_empty() => "did-playbook-ended",
        I::PlaybookEnded { .. } => "did-playbook-stopped",
        I::EvidenceAdded { .. } => "did-evidence-added",
        I::EvidenceHandedOver { .. } => "did-evidence-handed",
        I::Assigned { .. } => "did-assigned",
        I::Relieved { .. } => "did-relieved",
        I::DerivedLinked { .. } => "did-derived-linked",
        I::DerivedClosed { .. } => "did-derived-closed",
        I::PublicationDrafted { .. } => "did-publication-drafted",
        I::PublicationApproved { .. } => "did-publication-approved",
        I::PublicationReleased { .. } => "did-publication-released",
        I::ReviewDrafted { .. } => "did-review-drafted",
        I::ReviewCompleted { .. } => "did-review-completed",
        I::Filed { .. } => "did-filed",
        I::FilingReceipted { .. } => "did-filing-receipted",
        I::Archived { .. } => "did-archived",
        I::Withdrawn { .. } => "did-withdrawn",
        I::PlanAttached { .. } => "did-plan-attached",
        I::PlanDetached { .. } => "did-plan-detached",
        I::Noted { .. } => "did-noted",
    }
}

/// What a change is about, in a few words.
fn about(case: &Case<'_>, change: &I) -> String {
    match change {
        I::Opened { level, .. } | I::Graded { level, .. } => level_words(case, *level),
        I::Answered { answers } => in_order(case, answers)
            .map(|(fact, (value, _))| {
                let (title, value) = (case.plan.fact_title(fact), case.plan.value_title(fact, value));
                format!("{} = {}", case.text(&title), case.text(&value))
            })
            .collect::<Vec<_>>()
            .join(&case.t("list-comma")),
        I::Categorised { category } => case
            .plan
            .categories
            .get(category)
            .map_or_else(|| category.to_string(), |known| case.text(&known.title)),
        I::OccurrenceRecorded { at } => case.moment(*at).local,
        I::AwarenessRecorded { body, at } => format!("{} {}", case.role(body), case.moment(*at).local),
        I::ClockStarted { clock } => duty(case, clock),
        I::ClockTold { clock, to, percent, .. } => {
            format!("{} ({percent} %) · {}", case.role(to), clock_words(case, *clock))
        }
        I::ClockLapsed { clock, .. } | I::ClockMet { clock, .. } | I::ClockReplaced { clock, .. } => {
            clock_words(case, *clock)
        }
        I::Reported { report } => {
            let form = case.t(show::form(report.form).key());
            format!("{} → {} · {form}", case.role(&report.of), case.role(&report.to))
        }
        I::ActionTaken { action: taken } => action(case, &taken.action),
        I::Proposed { proposal } => match &proposal.step {
            Step::Start { level, range } | Step::Adjust { level, range } => {
                format!("{} · {range}", level_words(case, *level))
            }
            Step::End => String::new(),
        },
        I::ResponseStarted { level, range, .. } | I::ResponseAdjusted { level, range, .. } => {
            format!("{} · {range}", level_words(case, *level))
        }
        I::ConditionTicked { condition, .. } => condition_words(case, condition),
        I::Pinned { pin } => pin.title.clone(),
        I::EvidenceAdded { evidence } => evidence.name.clone(),
        I::EvidenceHandedOver { custody, .. } => custody.holder.clone(),
        I::Assigned { role, person } | I::Relieved { role, person } => {
            format!("{person} · {}", case.role(role))
        }
        I::DisposalStepDone { disposal, done } => {
            let plan = case.incident.disposals.iter().find(|plan| plan.id == *disposal);
            let step = plan.and_then(|plan| plan.draft.steps.get(done.step));
            step.map(|step| step.text.clone()).unwrap_or_default()
        }
        I::DisposalVerified { verification, .. } => {
            verification.of.as_ref().map(|kind| case.role(kind)).unwrap_or_default()
        }
        I::OrderGiven { order } => order_words(case, order),
        I::OrderAcknowledged { order, .. }
        | I::OrderReported { order, .. }
        | I::OrderWithdrawn { order, .. } => {
            case.incident.order(*order).map(|order| order_words(case, order)).unwrap_or_default()
        }
        I::PlaybookStarted { run } => run_words(case, run),
        I::PlaybookEnded { run, .. } => {
            case.incident.run(*run).map(|run| run_words(case, run)).unwrap_or_default()
        }
        I::PlaybookStepDone { run, done } => playbook_step(case, *run, &done.step),
        I::PlaybookStepSkipped { run, skipped } => playbook_step(case, *run, &skipped.step),
        I::PlaybookGatePassed { run, gate } => playbook_step(case, *run, &gate.step),
        I::PlaybookStepSwapped { run, swap } => playbook_step(case, *run, &swap.step),
        I::GrantGiven { grant } => grant_words(case, grant),
        I::GrantEnded { grant, .. } => {
            case.incident.grant(*grant).map(|grant| grant_words(case, grant)).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// More about a change; may be empty.
pub(super) fn detail(case: &Case<'_>, change: &I) -> String {
    match change {
        I::Opened { reason, .. }
        | I::Graded { reason, .. }
        | I::Withdrawn { reason }
        | I::PlanAttached { reason, .. }
        | I::PlanDetached { reason, .. }
        | I::ClockReplaced { reason, .. }
        | I::DisposalDecided { reason, .. }
        | I::OrderWithdrawn { reason, .. }
        | I::GrantEnded { reason, .. } => reason.clone(),
        I::Verified { basis } => basis.clone(),
        I::Answered { answers } => {
            let reasons = in_order(case, answers).map(|(_, (_, reason))| reason.as_str());
            reasons.filter(|reason| !reason.is_empty()).collect::<Vec<_>>().join("\n")
        }
        I::Analysed { points } => texts(points.values()),
        I::Reported { report } => report.text.clone(),
        I::ReportReceipted { receipt, .. } | I::FilingReceipted { receipt, .. } => {
            let at = case.moment(receipt.at);
            format!("{} {} · {}", at.local, at.zone, receipt.reference)
        }
        I::ActionTaken { action } => action.note.clone(),
        I::Proposed { proposal } => proposal.grounds.clone(),
        I::Declined { decision }
        | I::ResponseStarted { decision, .. }
        | I::ResponseAdjusted { decision, .. }
        | I::ResponseEnded { decision } => decision.grounds.clone(),
        I::HeadquartersDecided { headquarters } => headquarters.grounds.clone(),
        I::ConditionTicked { tick, .. } => tick.basis.clone(),
        I::DisposalDrafted { disposal } => texts(disposal.draft.steps.iter().map(|step| &step.text)),
        I::DisposalSummedUp { summing_up, .. } => summing_up.remarks.clone(),
        I::OrderGiven { order } => order.what.clone(),
        I::OrderAcknowledged { acknowledgement, .. } => acknowledgement.spoke.clone(),
        I::OrderReported { report, .. } => report.text.clone(),
        I::GrantGiven { grant } => grant.reason.clone(),
        I::Pinned { pin } => pin.note.clone(),
        I::PlaybookStepDone { done, .. } => texts([&done.result, &done.spoke]),
        I::PlaybookStepSkipped { skipped, .. } => skipped.reason.clone(),
        I::PlaybookGatePassed { gate, .. } => texts([&gate.text, &gate.spoke]),
        I::PlaybookStepSwapped { swap, .. } => swap.reason.clone(),
        I::PlaybookEnded { end, .. } => end.stopped.clone(),
        I::DisposalVerified { verification, .. } => verification.remarks.clone(),
        I::DisposalStepDone { done, .. } => done.result.clone(),
        I::EvidenceAdded { evidence } => format!("SHA-256 {}", evidence.sha256),
        I::EvidenceHandedOver { custody, .. } => custody.why.clone(),
        I::PublicationDrafted { publication } => publication.text.clone(),
        I::ReviewDrafted { topics } => texts(topics.values()),
        I::ReviewCompleted { review } => texts(review.topics.values()),
        I::Filed { filing, .. } => filing.summary.clone(),
        I::Noted { text } => text.clone(),
        _ => String::new(),
    }
}

/// Answers in the order in which the plan asks.
fn in_order<'a, A>(
    case: &'a Case<'_>,
    answers: &'a BTreeMap<FactId, A>,
) -> impl Iterator<Item = (&'a FactId, &'a A)> {
    case.plan.questions().into_iter().filter_map(|(fact, _)| answers.get_key_value(fact))
}

fn texts<'t>(texts: impl IntoIterator<Item = &'t String>) -> String {
    texts.into_iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join("\n")
}

fn level_words(case: &Case<'_>, level: IncidentLevel) -> String {
    let level = show::level(level);
    format!("{} {}", level.code(), case.t(level.key()))
}

fn clock_words(case: &Case<'_>, id: ClockId) -> String {
    case.incident.clock(id).map(|clock| duty(case, clock)).unwrap_or_default()
}

fn order_words(case: &Case<'_>, order: &Order) -> String {
    format!("{} → {}", orders::title(case, order), orders::addressee(case, order))
}

fn run_words(case: &Case<'_>, run: &Run) -> String {
    let title = case.plan.playbook(&run.playbook);
    let title = title.map_or_else(|| run.playbook.to_string(), |known| case.text(&known.title));
    format!("{title} · {}", run.what)
}

/// `title of the playbook · what it is about · title of the step`
fn playbook_step(case: &Case<'_>, id: RunId, step: &RuleId) -> String {
    let Some(run) = case.incident.run(id) else { return step.to_string() };
    let known = case.plan.playbook(&run.playbook).and_then(|playbook| playbook.step(step));
    let title = known.map_or_else(|| step.to_string(), |known| case.text(&known.title));
    format!("{} · {title}", run_words(case, run))
}

fn grant_words(case: &Case<'_>, grant: &Grant) -> String {
    format!("{} · {} · {}", case.role(&grant.to), grant.what, grant.asset)
}

fn condition_words(case: &Case<'_>, id: &RuleId) -> String {
    let mut conditions = case.plan.responses.iter().flat_map(|rule| &rule.end_when.conditions);
    let known = conditions.find(|known| known.id == *id);
    known.map_or_else(|| id.to_string(), |known| case.text(&known.title))
}
