//! The overview: verification, analysis, facts, the level and why it is that; class and withdrawal.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use fengsui_domain::expr::{Atom, Truth as T};
use fengsui_domain::grading::{Proposal, RuleTrail};
use fengsui_domain::incident::{Attached, Command, Grading, GradingKind, IncidentChange, Phase};
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{CategoryId, Named, PlanId, RuleId};
use fengsui_service::Error;

use super::super::post::Posted;
use super::super::shell::{PageError, PageResult, plans_beside};
use super::super::show;
use super::act::{Asked, Place, act, one};
use super::case::{Case, forms, only};
use super::head::head;
use super::said;
use crate::app::App;
use crate::console::view::form::{FieldProblem, Form};
use crate::console::view::incident::closing::Topic;
use crate::console::view::incident::overview::{Flip, GradeRecord, LevelWhy, Overview, PlanRow, RuleTested};
use crate::console::view::parts::{Act, Choice, Condition, IncidentRef, Point};
use crate::console::view::shell::Shell;
use crate::console::view::words::{IncidentTab, Notice, Truth};

/// Entries shown as the latest.
const RECENT: usize = 8;
/// Rows of "one changed fact would make it".
const FLIPS: usize = 12;

const PLACE: Place = Place { tab: IncidentTab::Overview, names: &[("basis", "found")] };

/// `GET /incidents/{number}`.
pub(super) async fn view(case: &Case<'_>, shell: Shell, failed: Option<Form>) -> Result<Overview, PageError> {
    let proposal = case.app.service.proposal(&case.incident)?;
    let event = case.app.service.event(&case.visitor.caller, case.incident.event).await?.value;
    let points = case.plan.intake.points.iter().map(|point| Point {
        title: case.text(&point.title),
        text: event.intake.points.get(&point.id).cloned().unwrap_or_default(),
        clause: Some(case.clause(&point.clause)),
    });
    let what = Point { title: case.t("event-details"), text: event.intake.details.clone(), clause: None };
    let phase = &case.incident.phase;
    let may_grade = matches!(phase, Phase::Analysing(_) | Phase::Graded(_) | Phase::Responding(_));
    let before_response = matches!(phase, Phase::Judged(_) | Phase::Analysing(_) | Phase::Graded(_));
    Ok(Overview {
        head: head(case),
        tab: IncidentTab::Overview,
        routed: case
            .plan
            .routed(&case.incident.category)
            .map(|routed| (case.text(&routed.to), case.clause(&routed.clause))),
        why: why(case, &proposal),
        points: std::iter::once(what).chain(points).collect(),
        event: (event.number.clone(), format!("/events/{}", event.number)),
        facts: show::fact_fields(case.plan, case.lang),
        verify: only(matches!(phase, Phase::Judged(_)), case.gate(Permission::EventTriage)),
        amend: only(case.not_ended(), case.gate(Permission::IncidentWork)),
        grade: only(may_grade, case.gate_for(Permission::IncidentGrade, &case.plan.grading.confirmed_by)),
        analysis: analysis(case),
        analyse: only(may_grade, case.gate(Permission::IncidentWork)),
        categories: show::category_choices(case.plan, case.lang),
        categorise: only(case.not_ended(), case.gate(Permission::IncidentWork)),
        beside: case.incident.beside.iter().map(|attached| plan_row(case, attached)).collect(),
        attachable: attachable(case).await?,
        plans: only(
            case.not_ended(),
            case.gate_for(Permission::IncidentGrade, &case.plan.grading.confirmed_by),
        ),
        withdraw: only(before_response, case.gate(Permission::EventTriage)),
        grades: grades(case),
        derived: derived(case).await?,
        recent: case.entries.iter().take(RECENT).filter_map(|row| recent(case, row)).collect(),
        forms: forms([known_facts(case), suggested(&proposal), written(case), classed(case)], failed),
        shell,
    })
}

/// A plan that governs too, and the form that takes it off.
fn plan_row(case: &Case<'_>, attached: &Attached) -> PlanRow {
    let id = &attached.plan.id;
    let joined = case.plan.joined.iter().find(|joined| joined.id == *id);
    let is_meant = |change: &IncidentChange| matches!(change, IncidentChange::PlanAttached { plan, .. } if plan.id == *id);
    PlanRow {
        id: id.to_string(),
        title: joined.map_or_else(|| id.to_string(), |joined| case.text(&joined.title)),
        href: format!("/plans/{id}"),
        attached: Act {
            at: case.moment(attached.at),
            by: case.by(&attached.by),
            what: attached.reason.clone(),
            proof: case.proof(is_meant),
        },
        detach: (!case.incident.has_begun_under(id)).then(|| format!("detach-{id}")),
    }
}

/// Plans in force that do not govern the incident yet.
async fn attachable(case: &Case<'_>) -> Result<Vec<Choice>, PageError> {
    let lead = case.app.service.plan(&case.incident.plan)?;
    let governing: Vec<&PlanId> = case.incident.plans().map(|version| &version.id).collect();
    plans_beside(case.app, lead, &governing, case.lang).await
}

/// The facts as they are answered, to be completed.
fn known_facts(case: &Case<'_>) -> Form {
    case.incident.answers.iter().fold(Form::new("facts"), |form, (fact, answer)| {
        let form = form.with(&format!("fact.{fact}"), said::typed_value(&answer.value));
        form.with(&format!("reason.{fact}"), &answer.reason)
    })
}

/// Points of the analysis; none while it has not begun.
fn analysis(case: &Case<'_>) -> Vec<Topic> {
    if matches!(case.incident.phase, Phase::Judged(_)) {
        return Vec::new();
    }
    let topic = |point: &Named| Topic {
        id: point.id.to_string(),
        title: case.text(&point.title),
        clause: case.clause(&point.clause),
        text: case.incident.analysis.get(&point.id).cloned().unwrap_or_default(),
    };
    case.plan.triage.analysis.iter().map(topic).collect()
}

/// The analysis as it is written, to be completed.
fn written(case: &Case<'_>) -> Form {
    let points = case.incident.analysis.iter();
    points.fold(Form::new("analysis"), |form, (point, text)| form.with(&format!("topic.{point}"), text))
}

fn classed(case: &Case<'_>) -> Form {
    Form::new("category").with("category", case.incident.category.as_str())
}

fn suggested(proposal: &Proposal) -> Form {
    match proposal.level {
        Some(level) => Form::new("grade").with("level", level.as_str()),
        None => Form::new("grade"),
    }
}

fn why(case: &Case<'_>, proposal: &Proposal) -> LevelWhy {
    // Rules after the deciding one were not needed.
    let last =
        proposal.rule.as_ref().and_then(|rule| proposal.trail.iter().position(|each| each.rule == *rule));
    let tested = last.map_or(proposal.trail.len(), |last| last + 1);
    let turns = proposal.turning.iter().filter_map(|turn| {
        let level = show::level(turn.level?);
        let title = case.text(&case.plan.fact_title(&turn.fact));
        let value = case.text(&case.plan.value_title(&turn.fact, &turn.to));
        Some(Flip { fact: format!("{title}{}{value}", case.t("colon")), level })
    });
    LevelWhy {
        proposed: proposal.level.map(show::level),
        rules: proposal.trail[..tested].iter().map(|rule| tested_rule(case, proposal, rule)).collect(),
        flips: turns.take(FLIPS).collect(),
        judge: proposal.judge.as_ref().map(|text| case.text(text)),
        confirmed_by: case.roles(&case.plan.grading.confirmed_by),
        clause: case.clause(&case.plan.grading.clause),
    }
}

fn tested_rule(case: &Case<'_>, proposal: &Proposal, trail: &RuleTrail) -> RuleTested {
    let rule = case.plan.grading_rule(&trail.rule);
    RuleTested {
        level: show::level(trail.level),
        says: rule.map(|rule| case.text(&rule.says)).unwrap_or_default(),
        clause: case.clause(&trail.clause),
        truth: truth(trail.truth),
        conditions: trail.atoms.iter().map(|atom| condition(case, atom)).collect(),
        decides: proposal.rule.as_ref() == Some(&trail.rule),
    }
}

fn condition(case: &Case<'_>, atom: &Atom) -> Condition {
    let (asked, holds) = if atom.negated {
        (fengsui_domain::expr::Expr::Not(Box::new(atom.condition.clone())), !atom.truth)
    } else {
        (atom.condition.clone(), atom.truth)
    };
    let value = match (&atom.value, atom.condition.fact()) {
        (Some(value), Some(fact)) => case.text(&case.plan.value_title(fact, value)),
        _ => case.t("not-known"),
    };
    Condition { text: case.text(&case.plan.words(&asked)), value, truth: truth(holds) }
}

/// Whether a condition holds, as pages name it.
pub(super) fn truth(of: T) -> Truth {
    match of {
        T::True => Truth::True,
        T::False => Truth::False,
        T::Unknown => Truth::Unknown,
    }
}

/// The grading history, newest first, each with the level before it.
fn grades(case: &Case<'_>) -> Vec<GradeRecord> {
    let all = &case.incident.gradings;
    let mark = |of: &Grading| show::level_mark(of.level, of.kind != GradingKind::Provisional);
    let rows = all.iter().enumerate().map(|(place, grading)| {
        let entry = case.entry(|change, entry| {
            let grades = matches!(change, IncidentChange::Graded { .. } | IncidentChange::Opened { .. });
            grades && entry.at == grading.at
        });
        let act = Act {
            at: case.moment(grading.at),
            by: case.by(&grading.by),
            what: String::new(),
            proof: entry.map(|row| show::proof(row.index)),
        };
        GradeRecord {
            from: place.checked_sub(1).map(|before| mark(&all[before])),
            to: mark(grading),
            overridden: grading.kind == GradingKind::Overridden,
            reason: grading.reason.clone(),
            act,
        }
    });
    let mut rows: Vec<GradeRecord> = rows.collect();
    rows.reverse();
    rows
}

/// Incidents derived from this one, with whether they are closed.
pub(super) async fn derived(case: &Case<'_>) -> Result<Vec<(IncidentRef, bool)>, PageError> {
    let mut found = Vec::new();
    for derived in &case.incident.derived {
        let incident = case.app.service.incident(&case.visitor.caller, derived.incident).await?.value;
        found.push((show::incident(&incident), derived.closed));
    }
    Ok(found)
}

fn recent(case: &Case<'_>, row: &fengsui_service::store::TimelineRow) -> Option<Act> {
    let change = super::case::change_of(row)?;
    Some(Act {
        at: case.moment(row.entry.at),
        by: case.by(&row.entry.by),
        what: said::what(case, change),
        proof: Some(show::proof(row.index)),
    })
}

/// `POST /incidents/{number}/verify`.
pub(super) async fn verify(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    let basis = posted.text("found").to_owned();
    act(&app, &number, &posted, PLACE, |_| one(Command::Verify { basis }, Notice::Verified)).await
}

/// `POST /incidents/{number}/facts`.
pub(super) async fn answer(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    act(&app, &number, &posted, PLACE, |case| {
        let facts = posted.facts(case.plan)?;
        let answers = facts.into_iter().map(|(fact, value, reason)| (fact, (value, reason))).collect();
        one(Command::Answer { answers }, Notice::FactsSaved)
    })
    .await
}

/// `POST /incidents/{number}/analysis`: the points that were changed.
pub(super) async fn analyse(
    State(app): State<App>,
    Path(number): Path<String>,
    posted: Posted,
) -> PageResult {
    act(&app, &number, &posted, PLACE, |case| {
        let known = &case.incident.analysis;
        let points = case
            .plan
            .triage
            .analysis
            .iter()
            .map(|point| (point.id.clone(), posted.text(&format!("topic.{}", point.id)).to_owned()));
        let changed = points.filter(|(id, text)| known.get(id).map_or("", String::as_str) != text);
        let points: BTreeMap<RuleId, String> = changed.collect();
        let commands = if points.is_empty() { Vec::new() } else { vec![Command::Analyse { points }] };
        Ok((commands, Notice::AnalysisSaved))
    })
    .await
}

/// `POST /incidents/{number}/category`.
pub(super) async fn categorise(
    State(app): State<App>,
    Path(number): Path<String>,
    posted: Posted,
) -> PageResult {
    act(&app, &number, &posted, PLACE, |case| {
        let category = CategoryId::new(posted.text("category"));
        let same = category == case.incident.category;
        let commands = if same { Vec::new() } else { vec![Command::Categorise { category }] };
        Ok((commands, Notice::CategoryChanged))
    })
    .await
}

/// `POST /incidents/{number}/plans`.
pub(super) async fn attach_plan(
    State(app): State<App>,
    Path(number): Path<String>,
    posted: Posted,
) -> PageResult {
    let plan = match app.service.plan_chosen(Some(&PlanId::new(posted.text("plan")))).await {
        Err(Error::Refused(_)) => None,
        found => Some(found?),
    };
    act(&app, &number, &posted, PLACE, |_| {
        let plan = plan.ok_or_else(|| vec![posted.wrong("plan", FieldProblem::ChooseOne)])?;
        let reason = posted.text("reason").to_owned();
        one(Command::AttachPlan { plan, reason }, Notice::PlansChanged)
    })
    .await
}

/// `POST /incidents/{number}/plans/{plan}/detach`.
pub(super) async fn detach_plan(
    State(app): State<App>,
    Path((number, plan)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    act(&app, &number, &posted, PLACE, |_| {
        let (plan, reason) = (PlanId::new(plan), posted.text("reason").to_owned());
        one(Command::DetachPlan { plan, reason }, Notice::PlansChanged)
    })
    .await
}

/// `POST /incidents/{number}/withdraw`: its event waits for triage again.
pub(super) async fn withdraw(
    State(app): State<App>,
    Path(number): Path<String>,
    posted: Posted,
) -> PageResult {
    let reason = posted.text("reason").to_owned();
    act(&app, &number, &posted, PLACE, |_| one(Command::Withdraw { reason }, Notice::Withdrawn)).await
}

/// `POST /incidents/{number}/grade`.
pub(super) async fn grade(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    act(&app, &number, &posted, PLACE, |_| grading(&posted)).await
}

fn grading(posted: &Posted) -> Asked {
    let reason = posted.text("reason").to_owned();
    let level = level(posted).map_err(|error| vec![error])?;
    one(Command::Grade { level, reason }, Notice::LevelConfirmed)
}

/// The level chosen on a form.
pub(super) fn level(posted: &Posted) -> Result<IncidentLevel, crate::console::view::form::FieldError> {
    IncidentLevel::parse(posted.text("level")).ok_or_else(|| posted.wrong("level", FieldProblem::ChooseOne))
}
