//! Forms of playbooks, each one command of the core; "urgent first" is one for each step it goes before.
//!
//! None of them sends the version seen: a step taken by somebody else meanwhile is refused by the core, and
//! people on one scene must not hold each other up.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use fengsui_domain::expr::Value;
use fengsui_domain::id::RunId;
use fengsui_domain::incident::Command;
use fengsui_domain::plan::{FactId, RuleId};
use jiff::Timestamp;

use super::super::act::{Asked, act, nothing, one};
use super::super::case::Case;
use super::{PLACE, may_start, unanswered};
use crate::app::App;
use crate::console::handlers::post::Posted;
use crate::console::handlers::shell::{PageError, PageResult};
use crate::console::view::form::{FieldError, FieldProblem};
use crate::console::view::words::Notice;

/// The incident's number, the run and the step that a path names.
type StepPath = Path<(String, String, String)>;

/// `POST …/playbooks`: starts one, with the answers it asks for.
pub(super) async fn start(State(app): State<App>, Path(number): Path<String>, posted: Posted) -> PageResult {
    act(&app, &number, &posted, PLACE, |case| {
        let playbook = RuleId::new(posted.text("playbook"));
        let facts = posted.facts(case.plan)?;
        let found_at = posted.at_required("found_at", &case.zone).map_err(|error| vec![error])?;
        asked_for(case, &playbook, &facts, &posted)?;
        let what = posted.text("what").to_owned();
        let answers: BTreeMap<_, _> =
            facts.into_iter().map(|(fact, value, reason)| (fact, (value, reason))).collect();
        let first = (!answers.is_empty()).then_some(Command::Answer { answers });
        let start = Command::StartPlaybook { playbook, what, found_at };
        Ok((first.into_iter().chain([start]).collect(), Notice::PlaybookStarted))
    })
    .await
}

/// Each question the playbook asks first needs an answer, now or before. Whoever may not start it is told so by
/// the core instead.
fn asked_for(
    case: &Case<'_>,
    playbook: &RuleId,
    given: &[(FactId, Value, String)],
    posted: &Posted,
) -> Result<(), Vec<FieldError>> {
    let playbook = case.plan.playbook(playbook).filter(|playbook| may_start(case, playbook).is_open());
    let asks = playbook.into_iter().flat_map(|playbook| unanswered(case, playbook));
    let missing = asks.filter(|fact| given.iter().all(|(known, ..)| known != *fact));
    let errors: Vec<FieldError> =
        missing.map(|fact| posted.wrong(&format!("fact.{fact}"), FieldProblem::Required)).collect();
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// `POST …/playbooks/{run}/steps/{step}/do`.
pub(super) async fn do_step(State(app): State<App>, path: StepPath, posted: Posted) -> PageResult {
    let (number, run, step) = named(path)?;
    act(&app, &number, &posted, PLACE, |case| {
        let at = when(&posted, case)?;
        let grant = posted.parse("grant").map_err(|error| vec![error])?;
        let (result, spoke) = (posted.text("result").to_owned(), posted.text("spoke").to_owned());
        saved(Command::DoStep { run, step, at, result, spoke, grant })
    })
    .await
}

/// `POST …/playbooks/{run}/steps/{step}/answer`.
pub(super) async fn answer(State(app): State<App>, path: StepPath, posted: Posted) -> PageResult {
    let (number, run, step) = named(path)?;
    act(&app, &number, &posted, PLACE, |case| {
        let branch = posted.text("branch");
        if branch.is_empty() {
            return Err(vec![posted.wrong("branch", FieldProblem::ChooseOne)]);
        }
        let (branch, at) = (RuleId::new(branch), when(&posted, case)?);
        let (grounds, spoke) = (posted.text("grounds").to_owned(), posted.text("spoke").to_owned());
        saved(Command::AnswerStep { run, step, branch, at, grounds, spoke })
    })
    .await
}

/// `POST …/playbooks/{run}/steps/{step}/gate`: what the step waits for is so.
pub(super) async fn open_gate(State(app): State<App>, path: StepPath, posted: Posted) -> PageResult {
    let (number, run, step) = named(path)?;
    act(&app, &number, &posted, PLACE, |case| {
        let at = when(&posted, case)?;
        let (text, spoke) = (posted.text("text").to_owned(), posted.text("spoke").to_owned());
        saved(Command::OpenGate { run, step, at, text, spoke })
    })
    .await
}

/// `POST …/playbooks/{run}/steps/{step}/waive`: it goes on without.
pub(super) async fn waive(State(app): State<App>, path: StepPath, posted: Posted) -> PageResult {
    let (number, run, step) = named(path)?;
    let reason = posted.text("reason").to_owned();
    act(&app, &number, &posted, PLACE, |_| saved(Command::WaiveGate { run, step, reason })).await
}

/// `POST …/playbooks/{run}/steps/{step}/skip`: the step is left out.
pub(super) async fn skip(State(app): State<App>, path: StepPath, posted: Posted) -> PageResult {
    let (number, run, step) = named(path)?;
    let reason = posted.text("reason").to_owned();
    act(&app, &number, &posted, PLACE, |_| saved(Command::SkipStep { run, step, reason })).await
}

/// `POST …/playbooks/{run}/steps/{step}/swap`: urgent first.
pub(super) async fn swap(State(app): State<App>, path: StepPath, posted: Posted) -> PageResult {
    let (number, run, step) = named(path)?;
    act(&app, &number, &posted, PLACE, |_| {
        let before = posted.all("before");
        if before.is_empty() {
            return Err(vec![posted.wrong("before", FieldProblem::ChooseOne)]);
        }
        let reason = posted.text("reason");
        let swap = |before| Command::SwapSteps {
            run,
            step: step.clone(),
            before: RuleId::new(before),
            reason: reason.to_owned(),
        };
        Ok((before.into_iter().map(swap).collect(), Notice::PlaybookSaved))
    })
    .await
}

/// `POST …/playbooks/{run}/stop`.
pub(super) async fn stop(
    State(app): State<App>,
    Path((number, run)): Path<(String, String)>,
    posted: Posted,
) -> PageResult {
    let run: RunId = run.parse().map_err(|_| nothing())?;
    let reason = posted.text("reason").to_owned();
    let command = Command::StopPlaybook { run, reason };
    act(&app, &number, &posted, PLACE, |_| one(command, Notice::PlaybookStopped)).await
}

fn named(Path((number, run, step)): StepPath) -> Result<(String, RunId, RuleId), PageError> {
    Ok((number, run.parse().map_err(|_| nothing())?, RuleId::new(step)))
}

/// The time typed; now if none was, since a page may have stood open for long.
fn when(posted: &Posted, case: &Case<'_>) -> Result<Timestamp, Vec<FieldError>> {
    let typed = posted.at("at", &case.zone).map_err(|error| vec![error])?;
    Ok(typed.unwrap_or(case.now))
}

fn saved(command: Command) -> Asked {
    one(command, Notice::PlaybookSaved)
}
