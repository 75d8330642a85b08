//! The cases of the tables: an incident brought to a stage with real commands, each stage at its own instant.
//!
//! `STAGE: LEVEL [FACT[=VALUE]]...`, where the stage is `opened`, `confirmed`, `responding`, `ended`, `reviewed`,
//! `ordered RULE from BODY to BODY` (the last of them a body, or `expert FIELD`), or
//! `playbook PLAYBOOK [after STEP[=BRANCH]...]`.

use std::collections::BTreeMap;

use fengsui_domain::actor::Actor;
use fengsui_domain::expr::Value;
use fengsui_domain::id::RunId;
use fengsui_domain::incident::{Command, Opening, OrderTo, OrderWords, PlanVersion, Step};
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{CategoryId, FactId, FactKind, Plan, PlanId};

use crate::desk::{Desk, approve, at, holds, opening, order, propose, rule, speaker, start};
use crate::together::pack;

/// Minutes from when the event reached the desk: the unit knew before it.
const AWARE: i64 = -5;
const CONFIRMED: i64 = 10;
const RESPONSE: i64 = 20;
const FOUND: i64 = 25;
const PLAYBOOK: i64 = 28;
const STEPS: i64 = 30;
const ORDER: i64 = 40;
const ENDED: i64 = 60;
const REVIEWED: i64 = 90;
const AFTERMATH: i64 = 120;

/// A case, read from its line.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// The words before the colon.
    pub(super) stage: Vec<String>,
    pub(super) level: IncidentLevel,
    pub(super) facts: BTreeMap<FactId, Value>,
}

/// Somebody who speaks for every body of the plan: who may do what is tested elsewhere.
pub(crate) fn everybody(plan: &Plan, name: &str) -> Actor {
    let bodies: Vec<&str> = plan.roles.keys().map(fengsui_domain::plan::RoleId::as_str).collect();
    speaker(name, &bodies)
}

impl Case {
    pub(crate) fn read(text: &str) -> Self {
        let (stage, rest) = text.split_once(": ").unwrap_or_else(|| panic!("`{text}` has no colon"));
        let (level, facts) = given(rest);
        Self { stage: stage.split(' ').map(str::to_owned).collect(), level, facts }
    }

    /// Whether a response of the case's level runs or has run.
    pub(super) fn responds(&self) -> bool {
        matches!(self.stage[0].as_str(), "responding" | "ended" | "reviewed" | "ordered")
    }

    /// The incident of the case under a plan as shipped.
    pub(crate) fn open(&self, plan: &PlanId) -> Desk {
        self.open_under(pack(plan.as_str()))
    }

    /// The incident of the case under this plan.
    pub(crate) fn open_under(&self, pack: Plan) -> Desk {
        let words: Vec<&str> = self.stage.iter().map(String::as_str).collect();
        let category = category(&pack, words.get(1).filter(|_| words[0] == "playbook"));
        let version = PlanVersion { id: pack.id.clone(), digest: "0".repeat(64) };
        let opening = Opening {
            plan: version,
            category,
            aware_at: at(AWARE),
            answers: self.facts.clone(),
            ..opening(self.level)
        };
        let mut desk = Desk::opened_under(pack, opening).unwrap();
        desk.manned = desk.plan.roles.keys().cloned().collect();
        let level = self.level;
        match words.as_slice() {
            ["opened"] => {}
            ["confirmed"] => confirm(&mut desk, level),
            ["responding"] => respond(&mut desk, level),
            ["ended"] => end(&mut desk, level),
            ["reviewed"] => {
                end(&mut desk, level);
                desk.at(REVIEWED);
                review(&mut desk);
            }
            ["ordered", kind, "from", from, "to", to @ ..] => {
                if desk.plan.order(&rule(kind)).unwrap().aftermath {
                    end(&mut desk, level);
                    desk.at(AFTERMATH);
                } else {
                    respond(&mut desk, level);
                    desk.at(ORDER);
                }
                let words = match to {
                    ["expert", field] => OrderWords {
                        to: OrderTo::Expert { name: "Professor Chen".to_owned(), field: rule(field) },
                        ..order(kind, "unit")
                    },
                    body => order(kind, body[0]),
                };
                desk.does(&speaker("giver", &[from]), Command::GiveOrder { words });
            }
            ["playbook", book, rest @ ..] => {
                desk.at(PLAYBOOK);
                let who = everybody(&desk.plan, "everybody");
                desk.does(&who, crate::playbooks::start(book, FOUND));
                let run = desk.incident.runs.last().unwrap().id;
                desk.at(if rest.is_empty() { PLAYBOOK } else { STEPS });
                for step in rest.iter().skip(1) {
                    let (step, branch) = step.split_once('=').unwrap_or((step, ""));
                    take(&mut desk, run, step, branch);
                }
            }
            other => panic!("no stage is written {other:?}"),
        }
        desk
    }
}

/// A level and answers, as written.
pub(super) fn given(text: &str) -> (IncidentLevel, BTreeMap<FactId, Value>) {
    let mut words = text.split(' ');
    let level = words.next().unwrap();
    let level = *IncidentLevel::ALL.iter().find(|known| known.to_string() == level).unwrap();
    let answer = |word: &str| match word.split_once('=') {
        Some((fact, choice)) => (FactId::new(fact.to_owned()), Value::Choice(choice.to_owned())),
        None => (FactId::new(word.to_owned()), Value::Bool(true)),
    };
    (level, words.map(answer).collect())
}

/// The first class that the plan itself governs and the playbook fits.
fn category(plan: &Plan, playbook: Option<&&str>) -> CategoryId {
    let fits = playbook.and_then(|book| plan.playbook(&rule(book)).unwrap().categories.first());
    let own = || plan.classes().into_iter().map(|(id, _)| id).find(|id| plan.routed(id).is_none()).unwrap();
    fits.unwrap_or_else(|| own()).clone()
}

fn confirm(desk: &mut Desk, level: IncidentLevel) {
    let who = everybody(&desk.plan, "everybody");
    desk.at(CONFIRMED).does(&who, Command::Verify { basis: "seen in the log".to_owned() });
    desk.does(&who, Command::Grade { level, reason: "as judged".to_owned() });
}

fn respond(desk: &mut Desk, level: IncidentLevel) {
    confirm(desk, level);
    decide(desk.at(RESPONSE), level, start(level));
}

fn end(desk: &mut Desk, level: IncidentLevel) {
    respond(desk, level);
    desk.at(ENDED);
    let who = everybody(&desk.plan, "everybody");
    for condition in desk.plan.response(level).unwrap().end_when.conditions.clone() {
        desk.does(&who, holds(condition.id.as_str(), true));
    }
    decide(desk, level, Step::End);
}

/// A step of the response, by two people where the plan wants two.
pub(super) fn decide(desk: &mut Desk, level: IncidentLevel, step: Step) {
    let (first, second) = (everybody(&desk.plan, "first"), everybody(&desk.plan, "second"));
    let response = desk.plan.response(level).unwrap();
    let right = if step == Step::End { &response.end } else { &response.start };
    if !right.propose.is_empty() && !right.without_proposal || response.two_person {
        desk.does(&first, propose(step.clone()));
    }
    desk.does(&second, approve(step));
}

/// The review with every topic.
pub(super) fn review(desk: &mut Desk) {
    let topics = desk.plan.review.topics.iter().map(|topic| (topic.id.clone(), "what we found".to_owned()));
    let review = Command::Review { topics: topics.collect(), plan_change: "none needed".to_owned() };
    let who = everybody(&desk.plan, "everybody");
    desk.does(&who, review);
}

/// Does a step of a playbook now, or answers its question.
pub(super) fn take(desk: &mut Desk, run: RunId, step: &str, branch: &str) {
    let who = everybody(&desk.plan, "everybody");
    let at = desk.now;
    let command = if branch.is_empty() {
        crate::playbooks::done(desk, run, step)
    } else {
        let (step, branch) = (rule(step), rule(branch));
        Command::AnswerStep { run, step, branch, at, grounds: "seen".to_owned(), spoke: String::new() }
    };
    desk.does(&who, command);
}

/// Changes level and answers to what is given; what was answered and is not given any more is taken back.
pub(crate) fn change(desk: &mut Desk, level: IncidentLevel, facts: &BTreeMap<FactId, Value>) {
    let who = everybody(&desk.plan, "everybody");
    let known = desk.incident.facts();
    let dropped = known.keys().filter(|fact| !facts.contains_key(*fact));
    let dropped = dropped.filter(|fact| desk.plan.facts[*fact].kind == FactKind::Bool);
    let answers: BTreeMap<FactId, (Value, String)> = dropped
        .map(|fact| (fact.clone(), Value::Bool(false)))
        .chain(
            facts
                .iter()
                .filter(|(fact, value)| known.get(*fact) != Some(value))
                .map(|(fact, value)| (fact.clone(), value.clone())),
        )
        .map(|(fact, value)| (fact, (value, "as seen since".to_owned())))
        .collect();
    if !answers.is_empty() {
        desk.does(&who, Command::Answer { answers });
    }
    if desk.incident.level() != level {
        desk.does(&who, Command::Grade { level, reason: "as judged since".to_owned() });
    }
}
