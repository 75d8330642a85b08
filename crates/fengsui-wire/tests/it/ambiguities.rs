//! What the documents leave open: every row has a default, options, and a test of each that runs the engine.
//!
//! The table is in `rows`, the tests next to it by plan; `rows` also holds `docs/src/ambiguities.md` against
//! table and packs.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fengsui_domain::actor::Actor;
use fengsui_domain::expr::Value;
use fengsui_domain::grading::propose as proposal;
use fengsui_domain::incident::{Command, IncidentChange, Opening, PlanVersion, Step};
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{CategoryId, FactId, FactKind, Plan, PlanId, RoleId, RuleId};
use fengsui_domain::refusal::Refusal;
use fengsui_wire::plan::Library;

use crate::desk::{Desk, approve, at, holds, minute, opening, propose, speaker, start};
use crate::duties::Shelf;

mod both;
mod egov;
mod internet;
mod national;
mod rows;
mod warnings;

const NATIONAL: &str = "national-2017";
const INTERNET: &str = "jincheng-internet-2008";
const EGOV: &str = "jincheng-egov-2008";

/// A shipped plan with one option chosen, `default=option`, or none.
pub(crate) fn version(plan: &str, choice: &str) -> Plan {
    static LIBRARY: LazyLock<Library> = LazyLock::new(Library::shipped);
    let options: BTreeMap<RuleId, RuleId> = choice
        .split_once('=')
        .map(|(default, option)| (RuleId::new(default), RuleId::new(option)))
        .into_iter()
        .collect();
    assert_eq!(options.is_empty(), choice.is_empty(), "`{choice}`");
    LIBRARY.choosing(&PlanId::new(plan), &options).unwrap().plan.clone()
}

/// Somebody of this body.
fn of(body: &str) -> Actor {
    speaker(body, &[body])
}

/// Another person of it.
fn second(body: &str) -> Actor {
    speaker(&format!("{body}-2"), &[body])
}

fn fact(name: &str) -> FactId {
    FactId::new(name)
}

fn value(word: &str) -> Value {
    match word {
        "yes" => Value::Bool(true),
        "no" => Value::Bool(false),
        choice => Value::Choice(choice.to_owned()),
    }
}

/// One answer, with a reason.
fn answer(name: &str, word: &str) -> Command {
    Command::Answer { answers: BTreeMap::from([(fact(name), (value(word), "seen".to_owned()))]) }
}

/// The stable code of a refusal; empty for what was accepted.
fn code(result: Result<Vec<IncidentChange>, Refusal>) -> &'static str {
    result.err().map_or("", |refusal| refusal.code())
}

/// An incident of this provisional level, opened at minute 0 under this version.
fn opened(plan: &str, choice: &str, level: IncidentLevel, answers: &[(&str, &str)]) -> Desk {
    let category = if plan == NATIONAL { "trojan" } else { "attack" };
    let opening = Opening {
        plan: PlanVersion { id: PlanId::new(plan), digest: "0".repeat(64) },
        category: CategoryId::new(category),
        answers: answers.iter().map(|(name, word)| (fact(name), value(word))).collect(),
        ..opening(level)
    };
    manned(Desk::opened_under(version(plan, choice), opening).unwrap())
}

/// Everybody has people, those included that exist for a time only.
fn manned(mut desk: Desk) -> Desk {
    if desk.plan.id.as_str() == NATIONAL {
        desk.manned = desk.plan.roles.keys().cloned().collect();
    }
    desk
}

/// The same, verified and its level confirmed.
fn graded(plan: &str, choice: &str, level: IncidentLevel) -> Desk {
    let mut desk = opened(plan, choice, level, &[]);
    confirmed(&mut desk, level);
    desk
}

fn confirmed(desk: &mut Desk, level: IncidentLevel) {
    let confirms = desk.plan.grading.confirmed_by[0].to_string();
    desk.does(&of(&confirms), Command::Verify { basis: "seen in the log".to_owned() });
    desk.does(&of(&confirms), Command::Grade { level, reason: "judged".to_owned() });
}

/// Takes a step: proposed by these, then decided by another person.
fn taken(desk: &mut Desk, step: &Step, propose_by: &[&str], decide_by: &str) {
    for body in propose_by {
        desk.does(&of(body), propose(step.clone()));
    }
    desk.does(&second(decide_by), approve(step.clone()));
}

/// An incident whose response of this level runs.
fn responding(plan: &str, choice: &str, level: IncidentLevel, propose_by: &[&str], decide_by: &str) -> Desk {
    let mut desk = graded(plan, choice, level);
    taken(&mut desk, &start(level), propose_by, decide_by);
    desk
}

/// Ticks every condition of ending.
fn tick(desk: &mut Desk, by: &str) {
    let level = desk.incident.phase.response().unwrap().level;
    let conditions = desk.plan.response(level).unwrap().end_when.conditions.clone();
    for condition in conditions {
        desk.does(&of(by), holds(condition.id.as_str(), true));
    }
}

/// An incident whose response of this level was ended at minute 0, by whoever the plan as shipped entitles.
fn ended(plan: &str, choice: &str, level: IncidentLevel) -> Desk {
    let rule = version(plan, "").response(level).unwrap().clone();
    let first = |roles: &[RoleId]| roles.first().map(ToString::to_string);
    let bodies = |right: &fengsui_domain::plan::Right| (first(&right.propose), first(&right.decide).unwrap());
    let (proposes, decides) = bodies(&rule.start);
    let proposes: Vec<&str> = proposes.iter().map(String::as_str).collect();
    let mut desk = responding(plan, choice, level, &proposes, &decides);
    let confirms = desk.plan.grading.confirmed_by[0].to_string();
    tick(&mut desk, &confirms);
    let (proposes, decides) = bodies(&rule.end);
    let proposes: Vec<&str> = proposes.iter().map(String::as_str).collect();
    taken(&mut desk, &Step::End, &proposes, &decides);
    desk
}

/// The running clocks of a rule: `who -> to whom by minute`, sorted.
fn owed(desk: &Desk, rule: &str) -> Vec<String> {
    let clocks = desk.incident.running().filter(|clock| clock.rule.as_str() == rule);
    let mut rows: Vec<String> = clocks
        .map(|clock| {
            let to: Vec<&str> = clock.to.iter().map(RoleId::as_str).collect();
            format!("{} -> {} by {}", clock.of, to.join(" or "), minute(clock.due_at))
        })
        .collect();
    rows.sort();
    rows
}

/// What the rules propose for these answers, and whether a person must look.
fn proposed(plan: &str, choice: &str, answers: &[(&str, &str)]) -> (Option<IncidentLevel>, bool) {
    let plan = version(plan, choice);
    let answers: BTreeMap<_, _> = answers.iter().map(|(name, word)| (fact(name), value(word))).collect();
    for (name, value) in &answers {
        let known = match (&plan.facts[name].kind, value) {
            (FactKind::OneOf(choices), Value::Choice(chosen)) => {
                choices.iter().any(|choice| choice.id == *chosen)
            }
            (FactKind::Bool, Value::Bool(_)) => true,
            _ => false,
        };
        assert!(known, "{name} = {value:?}");
    }
    let proposed = proposal(&plan, &answers);
    (proposed.level, proposed.needs_judge)
}

/// An extension of the running clock of a rule to this minute.
fn extend(desk: &Desk, rule: &str, until: i64) -> Command {
    let clock = desk.incident.running().find(|clock| clock.rule.as_str() == rule).unwrap().id;
    Command::Extend { clock, until: at(until), reason: "the laboratory needs longer".to_owned() }
}

/// What a record of a standing duty is asked for.
fn asked(shelf: &Shelf, duty: &str) -> Vec<String> {
    shelf.duty(duty).proof.iter().map(|field| field.id.to_string()).collect()
}
