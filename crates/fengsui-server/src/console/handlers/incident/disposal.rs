//! The disposal plan: four stages by separate people, and the steps carried out.

use axum::extract::{Path, State};
use fengsui_domain::incident::{
    Command, Disposal as Plan, DisposalDraft, DisposalState as S, DisposalVerdict, DraftStep,
    Finding as Found, IncidentChange, Signed, SummingUp, Verification,
};
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{self, RoleId};
use fengsui_domain::refusal::Refusal;

use super::super::post::Posted;
use super::super::shell::{PageError, PageResult};
use super::super::show;
use super::act::{Place, act, nothing, one};
use super::case::{Case, forms, only};
use super::head::head;
use super::pins;
use crate::app::App;
use crate::console::view::form::{FieldError, FieldProblem, Form};
use crate::console::view::incident::disposal::{Disposal, DisposalVersion, FindingRow, Stage};
use crate::console::view::parts::{Act, Choice, Gate};
use crate::console::view::shell::Shell;
use crate::console::view::words::{DisposalStage, DisposalState, Finding, IncidentTab, Notice, Step};

const PLACE: Place = Place { tab: IncidentTab::Disposal, names: &[("reason", "remarks")] };

/// `GET /incidents/{number}/disposal`.
pub(super) async fn view(case: &Case<'_>, shell: Shell, failed: Option<Form>) -> Result<Disposal, PageError> {
    let all = case.incident.disposals.iter().enumerate().rev();
    let chain = case.plan.disposal.as_ref();
    let drafters = chain.map_or(&[][..], |chain| &chain.draft.by);
    Ok(Disposal {
        pins: pins::pinned(case),
        offers: pins::offered(case).await?,
        pin: pins::gate(case),
        in_plan: chain.is_some(),
        versions: all.map(|(place, plan)| version(case, place, plan)).collect(),
        kinds: kinds(case),
        permissions: permissions(case),
        draft: only(case.not_ended() && chain.is_some(), case.gate_for(Permission::IncidentWork, drafters)),
        forms: forms([begun(case)], failed),
        head: head(case),
        tab: IncidentTab::Disposal,
        shell,
    })
}

/// Kinds of verifier that the reader speaks for.
fn kinds(case: &Case<'_>) -> Vec<Choice> {
    let kinds = case.plan.disposal.iter().flat_map(|chain| &chain.verify.by);
    let mine = kinds.filter(|kind| case.entitled(std::slice::from_ref(*kind)).is_ok());
    show::role_choices(case.plan, mine, case.lang)
}

/// Operating permissions that can be used now.
fn permissions(case: &Case<'_>) -> Vec<Choice> {
    let live = case.incident.grants.iter().filter(|grant| grant.live(case.now));
    live.map(|grant| Choice {
        value: grant.id.to_string(),
        text: format!("{} · {} · {}", case.role(&grant.to), grant.what, grant.asset),
        hint: String::new(),
    })
    .collect()
}

/// A step as a line: what is done, and behind a bar the permission it takes.
fn line(step: &DraftStep) -> String {
    if step.needs.is_empty() { step.text.clone() } else { format!("{} | {}", step.text, step.needs) }
}

/// The bar stands between blanks, as in `restart the core switch | network equipment`, or is full-width.
fn step_of(line: &str) -> DraftStep {
    let parts = line.rsplit_once(" | ").or_else(|| line.rsplit_once('｜'));
    let (text, needs) = parts.unwrap_or((line, ""));
    DraftStep { text: text.trim().to_owned(), needs: needs.trim().to_owned() }
}

fn lines(plan: &Plan) -> String {
    plan.draft.steps.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A new version begins with what the last one said.
fn begun(case: &Case<'_>) -> Form {
    let form = Form::new("draft");
    let Some(last) = case.incident.disposals.last() else { return form };
    form.with("steps", lines(last))
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
        steps: lines(plan),
        resources: plan.draft.resources.clone(),
        risks: plan.draft.risks.clone(),
        rollback: plan.draft.rollback.clone(),
        stages: stages(case, plan, current && !case.incident.is_closed()),
        findings: plan.verifications.iter().map(|each| finding(case, plan, each)).collect(),
        orders: case.incident.orders.iter().filter(|order| order.disposal == Some(plan.id)).count(),
        executed: plan.done.iter().rev().map(|done| executed(case, plan, done)).collect(),
        open_steps: plan
            .open_steps()
            .map(|step| Choice {
                value: step.to_string(),
                text: format!("{}. {}", step + 1, line(&plan.draft.steps[step])),
                hint: String::new(),
            })
            .collect(),
    }
}

fn finding(case: &Case<'_>, plan: &Plan, found: &Verification) -> FindingRow {
    let id = plan.id;
    let kind = found.of.as_ref().unwrap_or(&found.signed.body);
    let act = case.act(&found.signed, found.remarks.clone(), |change| {
        matches!(change, IncidentChange::DisposalVerified { disposal, verification, .. } if *disposal == id && verification == found)
    });
    let finding = match found.finding {
        Found::Pass => Finding::Pass,
        Found::Fail => Finding::Fail,
        Found::Remarks => Finding::Remarks,
    };
    FindingRow { kind: case.role(kind), finding, act }
}

fn executed(case: &Case<'_>, plan: &Plan, done: &fengsui_domain::incident::StepDone) -> Act {
    let step = plan.draft.steps.get(done.step).map_or("", |step| step.text.as_str());
    let id = plan.id;
    let grant = done.grant.and_then(|grant| case.incident.grant(grant));
    let under = grant.map_or_else(String::new, |grant| {
        format!(" · {}{}{} · {}", case.t("grant"), case.t("colon"), grant.what, grant.asset)
    });
    Act {
        at: case.moment(done.at),
        by: case.signed(&done.signed),
        what: format!("{step}{}{}{under}", case.t("colon"), done.result),
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
    let summed = of.summing_up.as_ref();
    let checkers: Vec<_> =
        verifiers.iter().copied().chain(summed.map(|summed| ("sum-up-disposal", &summed.signed))).collect();
    let decided = of.decided.as_ref().map(|signed| ("decide-disposal", signed));
    let reason = case.entry(
        |change, _| matches!(change, IncidentChange::DisposalDecided { disposal, .. } if *disposal == of.id),
    );
    let reason = reason.and_then(super::case::change_of).map_or_else(String::new, |change| match change {
        IncidentChange::DisposalDecided { reason, .. } => reason.clone(),
        _ => String::new(),
    });
    let finished = if of.state == S::Done { of.done.last().map(|done| &done.signed) } else { None };
    let sum_up = rule.sum_up.as_ref().map(|rule| Known {
        stage: DisposalStage::SumUp,
        rule,
        signed: summed.map(|summed| &summed.signed),
        remarks: summed.map(|summed| summed_up(case, summed)).unwrap_or_default(),
        now: of.state == S::Drafted && verified.is_some(),
        apart: vec![drafted],
        permission: Permission::IncidentDecide,
        name: "sum-up-disposal",
    });
    let (before, after) = (
        [
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
                remarks: String::new(),
                now: of.state == S::Drafted,
                apart: verifiers.iter().copied().chain([drafted]).collect(),
                permission: Permission::IncidentDecide,
                name: "verify-disposal",
            },
        ],
        [
            Known {
                stage: DisposalStage::Approve,
                rule: &rule.approve,
                signed: of.decided.as_ref(),
                remarks: reason,
                now: of.state == S::Verified,
                apart: checkers.iter().copied().chain([drafted]).collect(),
                permission: Permission::IncidentDecide,
                name: "decide-disposal",
            },
            Known {
                stage: DisposalStage::Execute,
                rule: &rule.execute,
                signed: finished,
                remarks: String::new(),
                now: of.state == S::Approved,
                apart: checkers.iter().copied().chain(decided).collect(),
                permission: Permission::IncidentWork,
                name: "do-disposal-step",
            },
        ],
    );
    let known = before.into_iter().chain(sum_up).chain(after);
    known.map(|known| stage(case, of, known, current)).collect()
}

/// What the summing-up came to, with the kinds of verifier that gave no finding.
fn summed_up(case: &Case<'_>, summed: &SummingUp) -> String {
    let missing = if summed.missing.is_empty() {
        String::new()
    } else {
        case.lang.t_s("findings-missing", &case.roles(&summed.missing)).into_owned()
    };
    [summed.remarks.clone(), missing]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

fn stage(case: &Case<'_>, of: &Plan, known: Known<'_>, current: bool) -> Stage {
    let id = of.id;
    let is = |change: &IncidentChange| match (known.stage, change) {
        (DisposalStage::Draft, IncidentChange::DisposalDrafted { disposal }) => disposal.id == id,
        (DisposalStage::Verify, IncidentChange::DisposalVerified { disposal, .. })
        | (DisposalStage::SumUp, IncidentChange::DisposalSummedUp { disposal, .. })
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
            steps: steps.map(step_of).collect(),
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
        let finding = match Finding::parse(posted.text("finding")) {
            Some(Finding::Pass) => Found::Pass,
            Some(Finding::Fail) => Found::Fail,
            Some(Finding::Remarks) => Found::Remarks,
            None => return Err(vec![posted.wrong("finding", FieldProblem::ChooseOne)]),
        };
        let of = Some(posted.text("of")).filter(|of| !of.is_empty()).map(RoleId::new);
        let (disposal, remarks) = (named(case, version)?, posted.text("remarks").to_owned());
        one(Command::VerifyDisposal { disposal, of, finding, remarks }, Notice::DisposalSaved)
    })
    .await
}

/// `POST …/disposal/{version}/sum-up`.
pub(super) async fn sum_up(
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
        one(Command::SumUpDisposal { disposal, pass, remarks }, Notice::DisposalSaved)
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
        let grant = posted.parse("grant").map_err(|error| vec![error])?;
        let (disposal, result) = (named(case, version)?, posted.text("result").to_owned());
        one(Command::DoDisposalStep { disposal, step, at: case.now, result, grant }, Notice::DisposalSaved)
    })
    .await
}
