//! Which rules of the plan a test ran: read off the changes the engine made, for `cargo xtask coverage`.
//!
//! A test does not say what it covers. After every accepted command the desk hands the changes over, and
//! each is traced to the rules it follows from: a clock that started to its rule, a response that ended to
//! the right to end it, an act to the body that did it. With [`FOLDER`] set, plan, place and test are
//! written down; without it nothing is. Chance covers nothing: `random` is left out.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::Mutex;

use fengsui_domain::expr::Value as Answer;
use fengsui_domain::grading::Proposal;
use fengsui_domain::id::RunId;
use fengsui_domain::incident::{Incident, IncidentChange, OrderTo, SkippedWhy};
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{CategoryId, FactId, Plan, RuleId};
use fengsui_domain::warning::Signal;
use fengsui_wire::plan::citations;
use serde_json::Value;

/// The variable that names the folder to write to.
const FOLDER: &str = "FENGSUI_RULES_RAN";
/// The test binary, as the lists name it.
const BINARY: &str = "fengsui-wire::it";

/// What this process has written, so that a test that does a thing often says so once.
static WRITTEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Notes the rules that led to these changes; `before` is the incident before them, if there was one.
pub(crate) fn note(plan: &Plan, before: Option<&Incident>, after: &Incident, changes: &[IncidentChange]) {
    // What several plans do together is noted by `together`: the rules of each are run by tests of their own.
    if std::env::var_os(FOLDER).is_none() || !plan.joined.is_empty() {
        return;
    }
    let mut places = BTreeSet::new();
    for change in changes {
        trace(plan, before.unwrap_or(after), after, change, &mut places);
        bodies(&serde_json::to_value(change).unwrap(), plan, &mut places);
    }
    write(plan, &places);
}

/// That plans ran together, noted where one of them says that it may.
pub(crate) fn together(packs: &[Plan]) {
    for pack in packs {
        let others = packs.iter().filter(|other| pack.beside.contains_key(&other.id));
        write(pack, &others.map(|other| format!("beside/{}", other.id)).collect());
    }
}

/// Notes a standing duty of which a record was accepted, or a receipt for one.
pub(crate) fn duty(plan: &Plan, duty: &RuleId, receipt: bool) {
    let place = format!("duties/{duty}");
    let receipts = receipt.then(|| format!("{place}/receipts"));
    write(plan, &[place].into_iter().chain(receipts).collect());
}

/// The day by which the plan is to be evaluated next, noted as run.
pub(crate) fn evaluation_due(plan: &Plan) -> Option<jiff::civil::Date> {
    write(plan, &BTreeSet::from(["evaluation".to_owned()]));
    plan.evaluation_due()
}

/// Whether the plan is in force, noted as run.
pub(crate) fn in_force_at(plan: &Plan, at: jiff::Timestamp) -> bool {
    write(plan, &BTreeSet::from(["in_force".to_owned()]));
    plan.in_force_at(at)
}

/// The colour that was proposed for a threat, and the rule that decided on it. Who may issue the warning and
/// what it obliges to is not noted: nothing issues one.
pub(crate) fn colour(plan: &Plan, found: &Proposal<Signal>) {
    let colour = found.level.and_then(Signal::colour).map(|colour| format!("warnings/colours/{colour}"));
    let own = found.rule.iter().map(|rule| format!("warnings/grading/rules/{rule}"));
    write(plan, &own.chain(colour).collect());
}

/// Writes down the places that a clause is cited at; a plan with an option chosen is not the one the lists are of.
fn write(plan: &Plan, places: &BTreeSet<String>) {
    if !plan.chosen().is_empty() {
        return;
    }
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let thread = std::thread::current();
    let Some(test) = thread.name().filter(|name| name.contains("::") && !name.starts_with("random::")) else {
        return;
    };
    let cited: BTreeSet<String> = citations(plan).into_iter().map(|(_, place)| place).collect();
    let mut written = WRITTEN.lock().unwrap();
    let lines: Vec<String> = places
        .intersection(&cited)
        .map(|place| format!("{}\t{place}\t{BINARY} {test}\n", plan.id))
        .filter(|line| written.insert(line.clone()))
        .collect();
    let path = std::path::Path::new(&folder).join(format!("{}.tsv", std::process::id()));
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
    file.write_all(lines.concat().as_bytes()).unwrap();
}

/// The places of the rules a change follows from, beside the bodies it names.
fn trace(
    plan: &Plan,
    before: &Incident,
    after: &Incident,
    change: &IncidentChange,
    places: &mut BTreeSet<String>,
) {
    let running = before.phase.response().map(|response| response.level);
    let mut add = |place: String| {
        places.insert(place);
    };
    match change {
        IncidentChange::Opened { category, answers, level, .. } => {
            places.extend(classes(plan, category));
            places.insert(format!("levels/{level}"));
            answers.iter().for_each(|(fact, value)| places.extend(answered(fact, value)));
        }
        IncidentChange::Answered { answers } => {
            answers.iter().for_each(|(fact, (value, _))| places.extend(answered(fact, value)));
        }
        IncidentChange::Categorised { category } => places.extend(classes(plan, category)),
        IncidentChange::Verified { .. } => {
            add("triage".to_owned());
            add("triage/incident".to_owned());
        }
        IncidentChange::Analysed { points } => {
            points.keys().for_each(|point| add(format!("triage/analysis/{point}")));
        }
        IncidentChange::Graded { level, rule, .. } => {
            add("grading".to_owned());
            add(format!("levels/{level}"));
            rule.iter().for_each(|rule| add(format!("grading/rules/{rule}")));
        }
        IncidentChange::ClockStarted { clock } => add(format!("clocks/{}", clock.rule)),
        IncidentChange::ActionTaken { action } => add(format!("immediate_actions/{}", action.action)),
        IncidentChange::ResponseStarted { level, .. } => places.extend(step(*level, "start")),
        IncidentChange::ResponseAdjusted { level, .. } => {
            places.extend(step(running.map_or(*level, |running| running.min(*level)), "adjust"));
        }
        IncidentChange::ResponseEnded { .. } => {
            running.into_iter().for_each(|level| places.extend(step(level, "end")));
        }
        IncidentChange::HeadquartersDecided { .. } => {
            let level = after.phase.response().map_or(after.level(), |response| response.level);
            add(format!("responses/{level}/headquarters"));
        }
        IncidentChange::ConditionTicked { condition, .. } => {
            running.iter().for_each(|level| add(format!("responses/{level}/end_when/{condition}")));
        }
        IncidentChange::DisposalDrafted { .. } => add("disposal/draft".to_owned()),
        IncidentChange::DisposalVerified { .. } => add("disposal/verify".to_owned()),
        IncidentChange::DisposalSummedUp { .. } => add("disposal/sum_up".to_owned()),
        IncidentChange::DisposalDecided { .. } => add("disposal/approve".to_owned()),
        IncidentChange::DisposalStepDone { .. } => add("disposal/execute".to_owned()),
        IncidentChange::OrderGiven { order } => {
            add(format!("orders/{}", order.rule));
            if let OrderTo::Expert { field, .. } = &order.to {
                add(format!("orders/{}/experts/{field}", order.rule));
            }
        }
        IncidentChange::GrantGiven { .. } => add("grants".to_owned()),
        IncidentChange::PlaybookStarted { run } => add(format!("playbooks/{}", run.playbook)),
        IncidentChange::PlaybookStepDone { run, done } => {
            places.extend(playbook_step(plan, after, *run, &done.step, done.branch.as_ref()));
        }
        // A step that another answer or a condition made needless was not run.
        IncidentChange::PlaybookStepSkipped { run, skipped } if skipped.why == SkippedWhy::LeftOut => {
            places.extend(playbook_step(plan, after, *run, &skipped.step, None));
        }
        IncidentChange::PlaybookStepSwapped { run, swap } => {
            places.extend(playbook_step(plan, after, *run, &swap.step, None));
        }
        IncidentChange::PlaybookGatePassed { run, gate } => {
            let step = playbook_step(plan, after, *run, &gate.step, None);
            places.extend(step.first().map(|place| format!("{place}/gate")));
        }
        IncidentChange::ReviewCompleted { review } => {
            add("review".to_owned());
            review.topics.keys().for_each(|topic| add(format!("review/topics/{topic}")));
            if !review.plan_change.is_empty() {
                add("review/plan_change".to_owned());
            }
            let lead = plan.review.leads.iter().position(|lead| before.holds(&lead.when));
            lead.iter().for_each(|at| add(format!("review/leads/{at}")));
        }
        IncidentChange::Filed { .. } => add("filing".to_owned()),
        IncidentChange::PublicationDrafted { publication } => {
            add(format!("publications/{}", publication.rule));
        }
        _ => {}
    }
}

fn step(level: IncidentLevel, right: &str) -> [String; 2] {
    [format!("responses/{level}"), format!("responses/{level}/{right}")]
}

/// A step of a running playbook, the answer given to its question, and the temporary states it opens or closes.
fn playbook_step(
    plan: &Plan,
    incident: &Incident,
    run: RunId,
    step: &RuleId,
    branch: Option<&RuleId>,
) -> Vec<String> {
    let run = incident.run(run).unwrap();
    let known = plan.playbook(&run.playbook).unwrap().step(step).unwrap();
    let book = format!("playbooks/{}", run.playbook);
    let place = format!("{book}/steps/{step}");
    let answer = branch.map(|branch| format!("{place}/ask/{branch}"));
    let states = known.opens.iter().chain(&known.closes).map(|state| format!("{book}/states/{state}"));
    [place].into_iter().chain(answer).chain(states).collect()
}

/// A category, and where it or one above it leads away.
fn classes(plan: &Plan, category: &CategoryId) -> Vec<String> {
    let mut places = vec!["categories".to_owned()];
    let mut next = Some(category);
    while let Some(id) = next {
        places.push(format!("categories/{id}"));
        places.push(format!("categories/{id}/routed_to"));
        next = plan.categories.get(id).and_then(|category| category.parent.as_ref());
    }
    places
}

fn answered(fact: &FactId, value: &Answer) -> Vec<String> {
    let mut places = vec![format!("facts/{fact}")];
    if let Answer::Choice(choice) = value {
        places.push(format!("facts/{fact}/{choice}"));
    }
    places
}

/// Every body that acts, owes, is owed, told or manned in a change.
fn bodies(value: &Value, plan: &Plan, places: &mut BTreeSet<String>) {
    let mut body = |value: &Value| {
        let named = value.as_str().filter(|name| plan.roles.contains_key(&crate::desk::role(name)));
        places.extend(named.map(|name| format!("roles/{name}")));
    };
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                if matches!(key.as_str(), "body" | "of" | "to" | "role") {
                    body(value);
                    value.as_array().into_iter().flatten().for_each(&mut body);
                }
            }
            map.values().for_each(|value| bodies(value, plan, places));
        }
        Value::Array(items) => items.iter().for_each(|value| bodies(value, plan, places)),
        _ => {}
    }
}
