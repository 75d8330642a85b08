//! The disposal plan: four stages by separate people, and the steps carried out.

use axum::extract::{Path, State};
use fengsui_domain::incident::{
    Command, Disposal as Plan, DisposalDraft, DisposalState as S, DisposalVerdict, IncidentChange, Signed,
};
use fengsui_domain::permission::Permission;
use fengsui_domain::plan;
use fengsui_domain::refusal::Refusal;

use super::super::post::Posted;
use super::super::shell::PageResult;
use super::act::{Place, act, nothing, one};
use super::case::{Case, forms, only};
use super::head::head;
use crate::app::App;
use crate::console::view::form::{FieldError, FieldProblem, Form};
use crate::console::view::incident::disposal::{Disposal, DisposalVersion, Stage};
use crate::console::view::parts::{Act, Choice, Gate};
use crate::console::view::shell::Shell;
use crate::console::view::words::{DisposalStage, DisposalState, IncidentTab, Notice, Step};

const PLACE: Place = Place { tab: IncidentTab::Disposal, names: &[("reason", "remarks")] };

/// `GET /incidents/{number}/disposal`.
pub(super) fn view(case: &Case<'_>, shell: Shell, failed: Option<Form>) -> Disposal {
    let all = case.incident.disposals.iter().enumerate().rev();
    let chain = case.plan.disposal.as_ref();
    let drafters = chain.map_or(&[][..], |chain| &chain.draft.by);
    Disposal {
        in_plan: chain.is_some(),
        versions: all.map(|(place, plan)| version(case, place, plan)).collect(),
        draft: only(case.not_ended() && chain.is_some(), case.gate_for(Permission::IncidentWork, drafters)),
        forms: forms([begun(case)], failed),
        head: head(case),
        tab: IncidentTab::Disposal,
        shell,
    }
}

/// A new version begins with what the last one said.
fn begun(case: &Case<'_>) -> Form {
    let form = Form::new("draft");
    let Some(last) = case.incident.disposals.last() else { return form };
    form.with("steps", last.draft.steps.join("\n"))
        .with("resources", &last.draft.resources)
        .with("risks", &last.draft.risks)
        .with("rollback", &last.draft.rollback)
}

fn version(case: &Case<'_>, place: usize, plan: &Plan) -> DisposalVersion {
    let current = place + 1 == case.incident.disposals.len();
    DisposalVersion {
        number: place as u64 + 1,
        state: match plan.state {
            S::Done => DisposalState::Executed,
            _ if !current => DisposalState::Superseded,
            S::Drafted => DisposalState::Drafted,
            S::Verified => DisposalState::Verified,
            S::Approved => DisposalState::Approved,
            S::Failed | S::Returned | S::Rejected => DisposalState::Returned,
        },
        steps: plan.draft.steps.join("\n"),
        resources: plan.draft.resources.clone(),
        risks: plan.draft.risks.clone(),
        rollback: plan.draft.rollback.clone(),
        stages: stages(case, plan, current && !case.incident.is_closed()),
        executed: plan.done.iter().rev().map(|done| executed(case, plan, done)).collect(),
        open_steps: plan
            .open_steps()
            .map(|step| Choice {
                value: step.to_string(),
                text: format!("{}. {}", step + 1, plan.draft.steps[step]),
                hint: String::new(),
            })
            .collect(),
    }
}

fn executed(case: &Case<'_>, plan: &Plan, done: &fengsui_domain::incident::StepDone) -> Act {
    let step = plan.draft.steps.get(done.step).map_or("", String::as_str);
    let id = plan.id;
    Act {
        at: case.moment(done.at),
        by: case.signed(&done.signed),
        what: format!("{step}{}{}", case.t("colon"), done.result),
        proof: case.proof(|change| {
            matches!(change, IncidentChange::DisposalStepDone { disposal, done: known } if *disposal == id && known == done)
        }),
    }
}

/// What is known of one stage.
struct Known<'p> {
    stage: DisposalStage,
    rule: &'p plan::Stage,
    signed: Option<&'p Signed>,
    remarks: String,
    /// It is this stage's turn.
    now: bool,
    /// Earlier stages whose people may not take this one.
    apart: Vec<(&'static str, &'p Signed)>,
    permission: Permission,
    name: &'static str,
}

fn stages(case: &Case<'_>, of: &Plan, current: bool) -> Vec<Stage> {
    let Some(rule) = &case.plan.disposal else { return Vec::new() };
    let verified = of.verifications.last();
    let drafted = ("draft-disposal", &of.drafted);
    let verifiers: Vec<_> = of.verifications.iter().map(|each| ("verify-disposal", &each.signed)).collect();
    let decided = of.decided.as_ref().map(|signed| ("decide-disposal", signed));
    let reason = case.entry(
        |change, _| matches!(change, IncidentChange::DisposalDecided { disposal, .. } if *disposal == of.id),
    );
    let reason = reason.and_then(super::case::change_of).map_or_else(String::new, |change| match change {
        IncidentChange::DisposalDecided { reason, .. } => reason.clone(),
        _ => String::new(),
    });
    let finished = if of.state == S::Done { of.done.last().map(|done| &done.signed) } else { None };
    let known = [
        Known {
            stage: DisposalStage::Draft,
            rule: &rule.draft,
            signed: Some(&of.drafted),
            remarks: String::new(),
            now: false,
            apart: Vec::new(),
            permission: Permission::IncidentWork,
            name: "draft-disposal",
        },
        Known {
            stage: DisposalStage::Verify,
            rule: &rule.verify,
            signed: verified.map(|each| &each.signed),
            remarks: verified.map(|each| each.remarks.clone()).unwrap_or_default(),
            now: of.state == S::Drafted,
            apart: vec![drafted],
            permission: Permission::IncidentDecide,
            name: "verify-disposal",
        },
        Known {
            stage: DisposalStage::Approve,
            rule: &rule.approve,
            signed: of.decided.as_ref(),
            remarks: reason,
            now: of.state == S::Verified,
            apart: verifiers.iter().copied().chain([drafted]).collect(),
            permission: Permission::IncidentDecide,
            name: "decide-disposal",
        },
        Known {
            stage: DisposalStage::Execute,
            rule: &rule.execute,
            signed: finished,
            remarks: String::new(),
            now: of.state == S::Approved,
            apart: verifiers.iter().copied().chain(decided).collect(),
            permission: Permission::IncidentWork,
            name: "do-disposal-step",
        },
    ];
    known.into_iter().map(|known| stage(case, of, known, current)).collect()
}

fn stage(case: &Case<'_>, of: &Plan, known: Known<'_>, current: bool) -> Stage {
    let id = of.id;
    let is = |change: &IncidentChange| match (known.stage, change) {
        (DisposalStage::Draft, IncidentChange::DisposalDrafted { disposal }) => disposal.id == id,
        (DisposalStage::Verify, IncidentChange::DisposalVerified { disposal, .. })
        | (DisposalStage::Approve, IncidentChange::DisposalDecided { disposal, .. })
        | (DisposalStage::Execute, IncidentChange::DisposalStepDone { disposal, .. }) => *disposal == id,
        _ => false,
    };
    let step = match (known.signed.is_some(), known.now && current) {
        (_, true) => Step::Now,
        (true, false) => Step::Done,
        (false, false) => Step::Ahead,
    };
    Stage {
        stage: known.stage,
        step,
        allowed: case.roles(&known.rule.by),
        clause: case.clause(&known.rule.clause),
        by: known.signed.map(|signed| case.signed(signed)),
        at: known.signed.map(|signed| case.moment(signed.at)),
        proof: known.signed.and_then(|_| case.proof(is)),
        gate: only(known.now && current, stage_gate(case, &known)),
        remarks: known.remarks,
    }
}

fn stage_gate(case: &Case<'_>, known: &Known<'_>) -> Gate {
    let me = case.visitor.caller.by().account();
    let own = known.apart.iter().find(|(_, signed)| Some(signed.person.account) == me);
    match (case.gate_for(known.permission, &known.rule.by), own) {
        (Gate::Open, Some((first, _))) => case.closed(&Refusal::SamePerson { first, second: known.name }),
        (gate, _) => gate,
    }
}

/// `POST …/disposal`.
pub(super) async fn draft(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    act(&app, &number, &posted, PLACE, |_| {
        let steps = posted.text("steps").lines().map(str::trim).filter(|line| !line.is_empty());
        let draft = DisposalDraft {
            steps: steps.map(str::to_owned).collect(),
            resources: posted.text("resources").to_owned(),
            risks: posted.text("risks").to_owned(),
            rollback: posted.text("rollback").to_owned(),
        };
        one(Command::DraftDisposal { draft }, Notice::DisposalSaved)
    })
    .await
}

/// The version a path names, from 1.
fn named(case: &Case<'_>, version: usize) -> Result<fengsui_domain::id::DisposalId, Vec<FieldError>> {
    let gone =
        || FieldError { field: String::new(), label: String::new(), text: case.t("problem-not-found-why") };
    let plan = version.checked_sub(1).and_then(|place| case.incident.disposals.get(place));
    plan.map(|plan| plan.id).ok_or_else(|| vec![gone()])
}

/// `POST …/disposal/{version}/verify`.
pub(super) async fn verify(
    State(app): State<App>,
    Path((number, version)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let version: usize = version.parse().map_err(|_| nothing())?;
    act(&app, &number, &posted, PLACE, |case| {
        let pass = match posted.text("decision") {
            "pass" => true,
            "return" => false,
            _ => return Err(vec![posted.wrong("decision", FieldProblem::ChooseOne)]),
        };
        let (disposal, remarks) = (named(case, version)?, posted.text("remarks").to_owned());
        one(Command::VerifyDisposal { disposal, pass, remarks }, Notice::DisposalSaved)
    })
    .await
}

/// `POST …/disposal/{version}/approve`.
pub(super) async fn approve(
    State(app): State<App>,
    Path((number, version)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let version: usize = version.parse().map_err(|_| nothing())?;
    act(&app, &number, &posted, PLACE, |case| {
        let verdict = DisposalVerdict::parse(posted.text("decision"));
        let verdict = verdict.ok_or_else(|| vec![posted.wrong("decision", FieldProblem::ChooseOne)])?;
        let (disposal, reason) = (named(case, version)?, posted.text("remarks").to_owned());
        one(Command::DecideDisposal { disposal, verdict, reason }, Notice::DisposalSaved)
    })
    .await
}

/// `POST …/disposal/{version}/execute`: one step, done now.
pub(super) async fn execute(
    State(app): State<App>,
    Path((number, version)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let version: usize = version.parse().map_err(|_| nothing())?;
    act(&app, &number, &posted, PLACE, |case| {
        let step =
            posted.text("step").parse().map_err(|_| vec![posted.wrong("step", FieldProblem::ChooseOne)])?;
        let (disposal, result) = (named(case, version)?, posted.text("result").to_owned());
        one(Command::DoDisposalStep { disposal, step, at: case.now, result }, Notice::DisposalSaved)
    })
    .await
}
