//! The response: rights in words, what waits for a decision, and the forms that move it.

use axum::extract::{Path, State};
use fengsui_domain::incident::{Command, IncidentChange, Phase, Step};
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{ResponseRule, Right, RuleId};

use super::super::post::Posted;
use super::super::shell::PageResult;
use super::super::show;
use super::act::{Asked, Place, act, both, one};
use super::case::{Case, change_of, forms, only};
use super::head::head;
use super::overview::level;
use super::said;
use crate::app::App;
use crate::console::view::form::{FieldProblem, Form};
use crate::console::view::incident::response::{
    EndCondition, EndPanel, Headquarters, Pending, Response, RightRow,
};
use crate::console::view::parts::{Act, Choice, Gate};
use crate::console::view::shell::Shell;
use crate::console::view::words::{IncidentTab, Notice, ResponseState, ResponseStep};

const PLACE: Place = Place { tab: IncidentTab::Response, names: &[] };

/// How the reader may take a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// By proposing it; somebody else decides.
    Propose,
    /// By deciding it.
    Decide,
}

/// `GET /incidents/{number}/response`.
pub(super) fn view(case: &Case<'_>, shell: Shell, failed: Option<Form>) -> Response {
    let incident = &case.incident;
    let response = incident.phase.response();
    let at_level = response.map_or(incident.level(), |response| response.level);
    let rule = case.plan.response(at_level);
    let waits = incident.proposal.as_ref().map(|proposal| proposal.step.name());
    let graded = matches!(incident.phase, Phase::Graded(_));
    let responding = matches!(incident.phase, Phase::Responding(_));
    let start = rule.map(|rule| (way(case, rule, &rule.start), gate(case, rule, &rule.start)));
    let (start, propose) = match start {
        Some((Way::Decide, gate)) => (gate, Gate::Hidden),
        Some((Way::Propose, gate)) => (Gate::Hidden, gate),
        None => (Gate::Hidden, Gate::Hidden),
    };
    let adjust = rule.map_or(Gate::Hidden, |rule| gate(case, rule, &rule.adjust));
    Response {
        state: state(case),
        level: response.map(|response| show::level_mark(response.level, true)),
        range: response.map(|response| response.range.clone()).unwrap_or_default(),
        started_at: response.map(|response| case.moment(response.started_at)),
        ended_at: incident.phase.ended_at().map(|at| case.moment(at)),
        suggested: Some(show::level(incident.level())),
        delegated: rule
            .and_then(|rule| Some((case.text(rule.delegated.as_ref()?), case.clause(&rule.clause)))),
        rights: rule.map(|rule| rights(case, rule)).unwrap_or_default(),
        pending: pending(case),
        propose: only(graded && waits != Some("start"), propose),
        start: only(graded, start),
        adjust: only(responding && waits != Some("adjust"), adjust),
        end: end_panel(case, rule),
        headquarters: rule.and_then(|rule| headquarters_panel(case, rule)),
        actions: actions(case),
        act: only(case.not_ended(), case.gate(Permission::IncidentWork)),
        action_choices: case
            .plan
            .immediate_actions
            .iter()
            .map(|named| Choice {
                value: named.id.to_string(),
                text: case.text(&named.title),
                hint: String::new(),
            })
            .collect(),
        history: history(case),
        zone: case.zone_name(),
        forms: forms(begun(case, at_level), failed),
        head: head(case),
        tab: IncidentTab::Response,
        shell,
    }
}

fn begun(case: &Case<'_>, level: IncidentLevel) -> Vec<Form> {
    let range = case
        .incident
        .phase
        .response()
        .map_or(case.incident.unit.as_str(), |response| response.range.as_str());
    let step = |id: &str| Form::new(id).with("level", level.as_str()).with("range", range);
    let end = case.incident.ticks.iter().fold(Form::new("end"), |form, (condition, tick)| {
        form.with(&format!("basis.{condition}"), &tick.basis)
    });
    vec![
        step("start"),
        step("propose"),
        step("adjust"),
        end,
        Form::new("action").with("at", case.typed_now()),
    ]
}

fn state(case: &Case<'_>) -> ResponseState {
    let waits = case.incident.proposal.as_ref().map(|proposal| &proposal.step);
    match (&case.incident.phase, waits) {
        (Phase::Responding(_), Some(Step::End)) => ResponseState::EndProposed,
        (Phase::Responding(_), _) => ResponseState::Started,
        (Phase::Ended(_) | Phase::Reviewed(_) | Phase::Archived(_), _) => ResponseState::Ended,
        (_, Some(_)) => ResponseState::Proposed,
        (_, None) => ResponseState::None,
    }
}

/// Whether a step must be proposed before it is decided.
fn must_be_proposed(rule: &ResponseRule, right: &Right) -> bool {
    (rule.two_person || !right.without_proposal) && !right.propose.is_empty()
}

/// Deciders decide where no proposal is needed; everybody else proposes, where the plan knows proposers.
fn way(case: &Case<'_>, rule: &ResponseRule, right: &Right) -> Way {
    let decides = case.may(Permission::IncidentDecide) && case.entitled(&right.decide).is_ok();
    if must_be_proposed(rule, right) || (!decides && !right.propose.is_empty()) {
        Way::Propose
    } else {
        Way::Decide
    }
}

fn gate(case: &Case<'_>, rule: &ResponseRule, right: &Right) -> Gate {
    match way(case, rule, right) {
        Way::Propose => case.gate_for(Permission::IncidentPropose, &right.propose),
        Way::Decide => case.gate_for(Permission::IncidentDecide, &right.decide),
    }
}

fn step_word(step: &Step) -> ResponseStep {
    match step {
        Step::Start { .. } => ResponseStep::Start,
        Step::Adjust { .. } => ResponseStep::Adjust,
        Step::End => ResponseStep::End,
    }
}

fn rights(case: &Case<'_>, rule: &ResponseRule) -> Vec<RightRow> {
    let row = |step, right: &Right| RightRow {
        step,
        propose: case.roles(&right.propose),
        decide: case.roles(&right.decide),
        notify: case.roles(&right.notify),
        two_person: rule.two_person,
        clause: case.clause(&right.clause),
    };
    vec![
        row(ResponseStep::Start, &rule.start),
        row(ResponseStep::Adjust, &rule.adjust),
        row(ResponseStep::End, &rule.end),
    ]
}

/// The rule and right a step falls under; adjusting, the stricter of both levels counts.
fn right_for<'p>(case: &Case<'p>, step: &Step) -> Option<(&'p ResponseRule, &'p Right)> {
    let running = case.incident.phase.response().map(|response| response.level);
    let level = match step {
        Step::Start { level, .. } => *level,
        Step::Adjust { level, .. } => running.map_or(*level, |running| running.min(*level)),
        Step::End => running.unwrap_or(case.incident.level()),
    };
    let rule = case.plan.response(level)?;
    let right = match step {
        Step::Start { .. } => &rule.start,
        Step::Adjust { .. } => &rule.adjust,
        Step::End => &rule.end,
    };
    Some((rule, right))
}

fn pending(case: &Case<'_>) -> Option<Pending> {
    let open = case.incident.proposal.as_ref()?;
    let running = case.incident.phase.response();
    let (level, range) = match &open.step {
        Step::Start { level, range } | Step::Adjust { level, range } => (*level, range.clone()),
        Step::End => (
            running.map_or(case.incident.level(), |response| response.level),
            running.map(|response| response.range.clone()).unwrap_or_default(),
        ),
    };
    let decide = right_for(case, &open.step).map_or(Gate::Hidden, |(rule, right)| {
        let own = case.visitor.caller.by().account() == Some(open.signed.person.account);
        match case.gate_for(Permission::IncidentDecide, &right.decide) {
            Gate::Open if rule.two_person && own => case
                .closed(&fengsui_domain::refusal::Refusal::SamePerson { first: "propose", second: "decide" }),
            gate => gate,
        }
    });
    Some(Pending {
        step: step_word(&open.step),
        level: show::level(level),
        range,
        grounds: open.grounds.clone(),
        by: case.signed(&open.signed),
        at: case.moment(open.signed.at),
        decide,
    })
}

fn end_panel(case: &Case<'_>, rule: Option<&ResponseRule>) -> EndPanel {
    let Some(rule) = rule else {
        let clause = case.clause(&case.plan.review.clause);
        return EndPanel { all: true, conditions: Vec::new(), gate: Gate::Hidden, proposes: false, clause };
    };
    let open = case.incident.derived_open();
    let conditions = rule.end_when.conditions.iter().map(|condition| EndCondition {
        id: condition.id.to_string(),
        title: case.text(&condition.title),
        clause: case.clause(&condition.clause),
        ticked: case
            .incident
            .ticks
            .get(&condition.id)
            .filter(|tick| tick.holds)
            .map(|tick| (tick.basis.clone(), case.by(&tick.by), case.moment(tick.at))),
        blocked: (condition.needs_derived_closed && open > 0)
            .then(|| case.lang.t_n("refusal-derived-open", open).into_owned()),
    });
    let responding = matches!(case.incident.phase, Phase::Responding(_));
    let waits = case.incident.proposal.as_ref().is_some_and(|open| open.step == Step::End);
    EndPanel {
        all: rule.end_when.all,
        conditions: conditions.collect(),
        gate: only(responding && !waits, gate(case, rule, &rule.end)),
        proposes: way(case, rule, &rule.end) == Way::Propose,
        clause: case.clause(&rule.end.clause),
    }
}

fn headquarters_panel(case: &Case<'_>, rule: &ResponseRule) -> Option<Headquarters> {
    let known = rule.headquarters.as_ref()?;
    let may = matches!(case.incident.phase, Phase::Graded(_) | Phase::Responding(_));
    let is = |change: &IncidentChange| matches!(change, IncidentChange::HeadquartersDecided { .. });
    Some(Headquarters {
        decided: case
            .incident
            .headquarters
            .as_ref()
            .map(|decided| (decided.formed, decided.grounds.clone(), case.act(&decided.signed, "", is))),
        gate: only(may && !known.always, case.gate_for(Permission::IncidentDecide, &rule.start.decide)),
        always: known.always,
        clause: case.clause(&known.clause),
    })
}

fn actions(case: &Case<'_>) -> Vec<Act> {
    let taken = case.incident.actions.iter().rev().map(|taken| Act {
        at: case.moment(taken.at),
        by: case.by(&taken.by),
        what: format!("{}{}{}", said::action(case, &taken.action), case.t("colon"), taken.note),
        proof: case
            .proof(|change| matches!(change, IncidentChange::ActionTaken { action } if action == taken)),
    });
    taken.collect()
}

/// What happened to the response, newest first.
fn history(case: &Case<'_>) -> Vec<Act> {
    use IncidentChange as I;
    let rows = case.entries.iter().filter_map(|row| {
        let change = change_of(row)?;
        let signed = match change {
            I::Proposed { proposal } => &proposal.signed,
            I::Declined { decision }
            | I::ResponseStarted { decision, .. }
            | I::ResponseAdjusted { decision, .. }
            | I::ResponseEnded { decision } => &decision.signed,
            I::HeadquartersDecided { headquarters } => &headquarters.signed,
            _ => return None,
        };
        Some(Act {
            at: case.moment(signed.at),
            by: case.signed(signed),
            what: said::with_detail(case, change),
            proof: Some(show::proof(row.index)),
        })
    });
    rows.collect()
}

/// `POST …/response/start`: decided at once where the plan allows it, else proposed.
pub(super) async fn start(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    act(&app, &number, &posted, PLACE, |case| {
        let (level, range) = level_and_range(&posted)?;
        Ok(take(case, &posted, Step::Start { level, range }))
    })
    .await
}

/// `POST …/response/propose`.
pub(super) async fn propose(
    State(app): State<App>,
    Path(number): Path<String>,
    posted: Posted,
) -> PageResult {
    act(&app, &number, &posted, PLACE, |_| {
        let (level, range) = level_and_range(&posted)?;
        let grounds = posted.text("grounds").to_owned();
        one(Command::Propose { step: Step::Start { level, range }, grounds }, Notice::Proposed)
    })
    .await
}

/// `POST …/response/adjust`: decided at once where the plan allows it, else proposed.
pub(super) async fn adjust(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    act(&app, &number, &posted, PLACE, |case| {
        let (level, range) = level_and_range(&posted)?;
        Ok(take(case, &posted, Step::Adjust { level, range }))
    })
    .await
}

type LevelAndRange = Result<(IncidentLevel, String), Vec<crate::console::view::form::FieldError>>;

fn level_and_range(posted: &Posted) -> LevelAndRange {
    let range = match posted.text("range") {
        "" => Err(posted.wrong("range", FieldProblem::Required)),
        range => Ok(range.to_owned()),
    };
    both(level(posted), range)
}

/// A step, proposed or decided as the plan lets this reader take it.
fn take(case: &Case<'_>, posted: &Posted, step: Step) -> (Vec<Command>, Notice) {
    let grounds = posted.text("grounds").to_owned();
    let way = right_for(case, &step).map_or(Way::Decide, |(rule, right)| way(case, rule, right));
    match way {
        Way::Propose => (vec![Command::Propose { step, grounds }], Notice::Proposed),
        Way::Decide => (vec![Command::Decide { step, approve: true, grounds }], Notice::Decided),
    }
}

/// `POST …/response/decide`: on what was proposed; an approval without words takes the proposal's grounds.
pub(super) async fn decide(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    let place = Place { names: &[("grounds", "reason")], ..PLACE };
    act(&app, &number, &posted, place, |case| deciding(case, &posted)).await
}

fn deciding(case: &Case<'_>, posted: &Posted) -> Asked {
    let approve = match posted.text("decision") {
        "approve" => true,
        "refuse" => false,
        _ => return Err(vec![posted.wrong("decision", FieldProblem::ChooseOne)]),
    };
    let Some(open) = &case.incident.proposal else {
        let gone = crate::console::view::form::FieldError {
            field: String::new(),
            label: String::new(),
            text: case.t("problem-conflict-why"),
        };
        return Err(vec![gone]);
    };
    let grounds = match posted.text("reason") {
        "" if approve => open.grounds.clone(),
        reason => reason.to_owned(),
    };
    one(Command::Decide { step: open.step.clone(), approve, grounds }, Notice::Decided)
}

/// `POST …/response/end`: the conditions first, each with its basis, then the step.
pub(super) async fn end(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    act(&app, &number, &posted, PLACE, |case| {
        let mut commands = Vec::new();
        let mut errors = Vec::new();
        for condition in posted.all("condition") {
            let field = format!("basis.{condition}");
            let basis = posted.text(&field).to_owned();
            let condition = RuleId::new(condition);
            let known = case
                .incident
                .ticks
                .get(&condition)
                .is_some_and(|tick| tick.holds && (basis.is_empty() || tick.basis == basis));
            match (known, basis.is_empty()) {
                (true, _) => {}
                (false, true) => errors.push(posted.wrong(&field, FieldProblem::Required)),
                (false, false) => commands.push(Command::TickCondition { condition, holds: true, basis }),
            }
        }
        let kept = posted.all("condition");
        let gone = case.incident.ticks.iter().filter(|(id, tick)| tick.holds && !kept.contains(&id.as_str()));
        commands.extend(gone.map(|(id, tick)| {
            let basis = tick.basis.clone();
            Command::TickCondition { condition: id.clone(), holds: false, basis }
        }));
        if posted.text("grounds").is_empty() {
            errors.push(posted.wrong("grounds", FieldProblem::Required));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let (step, notice) = take(case, &posted, Step::End);
        commands.extend(step);
        Ok((commands, notice))
    })
    .await
}

/// `POST …/response/headquarters`.
pub(super) async fn headquarters(
    State(app): State<App>,
    Path(number): Path<String>,
    posted: Posted,
) -> PageResult {
    act(&app, &number, &posted, PLACE, |_| {
        let form = match posted.text("decision") {
            "form" => true,
            "not" => false,
            _ => return Err(vec![posted.wrong("decision", FieldProblem::ChooseOne)]),
        };
        let grounds = posted.text("grounds").to_owned();
        one(Command::DecideHeadquarters { form, grounds }, Notice::Decided)
    })
    .await
}

/// `POST …/actions`.
pub(super) async fn action(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    let place = Place { names: &[("note", "what")], ..PLACE };
    act(&app, &number, &posted, place, |case| {
        let at = posted.at_required("at", &case.zone).map_err(|error| vec![error])?;
        let note = posted.text("what").to_owned();
        one(Command::TakeAction { action: RuleId::new(posted.text("action")), at, note }, Notice::ActionSaved)
    })
    .await
}
