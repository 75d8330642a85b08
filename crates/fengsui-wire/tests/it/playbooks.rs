//! The playbooks of `jincheng-egov-2008` (5.1 to 5.7) run by the engine: every branch to its end, every gate,
//! every "urgent first", every clock with its clause, and who may not.

use std::collections::BTreeMap;

use fengsui_domain::actor::Actor;
use fengsui_domain::clock::{ClockState, ReplacedWhy};
use fengsui_domain::expr::Value;
use fengsui_domain::id::RunId;
use fengsui_domain::incident::{Command, PlanVersion, Run, RunStepState, SkippedWhy, Wait};
use fengsui_domain::level::IncidentLevel::IV;
use fengsui_domain::plan::{Ask, CategoryId, FactId, Plan, PlanId, Playbook, PlaybookStep, RuleId};
use jiff::{SignedDuration, Timestamp};

use crate::desk::{Desk, at, minute, opening, role, rule, speaker};

pub(crate) fn plan() -> Plan {
    crate::together::pack("jincheng-egov-2008")
}

/// Somebody of this body.
pub(crate) fn of(body: &str) -> Actor {
    speaker(body, &[body])
}

/// An incident of this category under the plan, with every body manned and the kind of asset known.
pub(crate) fn opened(category: &str, asset_kind: &str) -> Desk {
    let version = PlanVersion { id: PlanId::new("jincheng-egov-2008"), digest: "0".repeat(64) };
    let answers = BTreeMap::from([(FactId::new("asset_kind"), Value::Choice(asset_kind.to_owned()))]);
    let opening = fengsui_domain::incident::Opening {
        plan: version,
        category: CategoryId::new(category),
        answers,
        ..opening(IV)
    };
    Desk::opened_under(plan(), opening).unwrap()
}

/// Starts a playbook for something found at this minute.
pub(crate) fn started(desk: &mut Desk, playbook: &str, found: i64) -> RunId {
    desk.does(&of("unit-duty-officer"), start(playbook, found));
    desk.incident.runs.last().unwrap().id
}

pub(crate) fn start(playbook: &str, found: i64) -> Command {
    Command::StartPlaybook { playbook: rule(playbook), what: "www".to_owned(), found_at: at(found) }
}

pub(crate) fn done(desk: &Desk, run: RunId, step: &str) -> Command {
    let (at, result) = (desk.now, "as asked".to_owned());
    Command::DoStep { run, step: rule(step), at, result, spoke: String::new(), grant: None }
}

pub(crate) fn answered(desk: &Desk, run: RunId, step: &str, branch: &str) -> Command {
    let (step, branch, grounds) = (rule(step), rule(branch), "seen in the log".to_owned());
    Command::AnswerStep { run, step, branch, at: desk.now, grounds, spoke: String::new() }
}

pub(crate) fn gate(desk: &Desk, run: RunId, step: &str, spoke: &str) -> Command {
    let (at, spoke) = (desk.now, spoke.to_owned());
    Command::OpenGate { run, step: rule(step), at, text: "samples taken".to_owned(), spoke }
}

pub(crate) fn waive(run: RunId, step: &str, reason: &str) -> Command {
    Command::WaiveGate { run, step: rule(step), reason: reason.to_owned() }
}

pub(crate) fn urgent(run: RunId, step: &str, before: &str, reason: &str) -> Command {
    Command::SwapSteps { run, step: rule(step), before: rule(before), reason: reason.to_owned() }
}

pub(crate) fn run(desk: &Desk, id: RunId) -> &Run {
    desk.incident.run(id).unwrap()
}

pub(crate) fn playbook(desk: &Desk, id: RunId) -> Playbook {
    desk.plan.playbook(&run(desk, id).playbook).unwrap().clone()
}

/// A step's turn: does it, answers it, or waives what it waits for. `false` if it must wait for others.
pub(crate) fn take(
    desk: &mut Desk,
    id: RunId,
    step: &PlaybookStep,
    choose: &mut dyn FnMut(&Ask) -> RuleId,
) -> bool {
    let known = playbook(desk, id);
    let command = match run(desk, id).state(&known, step) {
        RunStepState::Waiting(waits) if waits == [Wait::Gate] => waive(id, step.id.as_str(), "nobody comes"),
        RunStepState::Done | RunStepState::Skipped | RunStepState::Waiting(_) => return false,
        RunStepState::Possible => match &step.ask {
            Some(ask) => answered(desk, id, step.id.as_str(), choose(ask).as_str()),
            None => done(desk, id, step.id.as_str()),
        },
    };
    let doer = match &command {
        Command::WaiveGate { .. } => &step.gate.as_ref().unwrap().waive[0],
        _ => &step.by[0],
    };
    let command = match command {
        Command::DoStep { run, step: name, at, result, spoke, .. } if step.needs.is_some() => {
            let grant = Some(granted(desk, doer.as_str()));
            Command::DoStep { run, step: name, at, result, spoke, grant }
        }
        other => other,
    };
    desk.does(&of(doer.as_str()), command);
    true
}

/// An operating permission for a body, given by whoever the plan says.
fn granted(desk: &mut Desk, to: &str) -> fengsui_domain::id::GrantId {
    let giver = desk.plan.grants.as_ref().unwrap().by[0].to_string();
    let until = desk.now + SignedDuration::from_hours(1);
    desk.does(&of(&giver), grant(to, until));
    desk.incident.grants.last().unwrap().id
}

/// The words that give an operating permission to a body.
pub(crate) fn grant(to: &str, until: Timestamp) -> Command {
    let words = |text: &str| text.to_owned();
    Command::GiveGrant {
        to: role(to),
        person: String::new(),
        what: words("change settings"),
        asset: words("firewall"),
        until,
        reason: words("to stop it"),
    }
}

/// Takes whatever can be taken until the run has ended.
pub(crate) fn finish(desk: &mut Desk, id: RunId, choose: &mut dyn FnMut(&Ask) -> RuleId) {
    let steps = playbook(desk, id).steps;
    // A pass that settles nothing would settle nothing again; a step takes two acts at most, gate and deed.
    for _ in 0..=2 * steps.len() {
        if !run(desk, id).runs() {
            return;
        }
        let moved = steps.iter().filter(|step| take(desk, id, step, choose)).count();
        assert!(moved > 0 || !run(desk, id).runs(), "stuck: {:?}", run(desk, id));
    }
    assert!(!run(desk, id).runs(), "it has no end: {:?}", run(desk, id));
}

fn category(playbook: &Playbook) -> String {
    playbook.categories.first().map_or("attack", CategoryId::as_str).to_owned()
}

/// Walks a playbook answering the questions by these numbers; returns how many answers each question had.
fn walk(known: &Playbook, answers: &[usize]) -> Vec<usize> {
    let mut desk = opened(&category(known), "website");
    let id = started(&mut desk, known.id.as_str(), 0);
    let mut asked = Vec::new();
    finish(&mut desk, id, &mut |ask| {
        let choice = answers.get(asked.len()).copied().unwrap_or(0);
        asked.push(ask.branches.len());
        ask.branches[choice].id.clone()
    });
    let ended = run(&desk, id);
    assert!(known.steps.iter().all(|step| ended.settled(&step.id)), "{}", known.id);
    assert_eq!(ended.open_states(known), [], "{}", known.id);
    asked
}

/// 5.1 to 5.7: whatever is answered, every playbook comes to its end with every step settled.
#[test]
fn every_branch_comes_to_its_end() {
    let mut walks = BTreeMap::new();
    for known in &plan().playbooks {
        let mut ahead = vec![Vec::new()];
        while let Some(answers) = ahead.pop() {
            let asked = walk(known, &answers);
            *walks.entry(known.id.to_string()).or_insert(0) += 1;
            for (at, choices) in asked.iter().enumerate().skip(answers.len()) {
                for choice in 1..*choices {
                    let mut other = answers.clone();
                    other.resize(at, 0);
                    other.push(choice);
                    ahead.push(other);
                }
            }
        }
    }
    let walks: Vec<_> = walks.iter().map(|(id, walks)| (id.as_str(), *walks)).collect();
    let expected = [
        ("data-loss", 1),
        ("denial-of-service", 2),
        ("intrusion", 12),
        ("line-fault", 9),
        ("machine-room", 6),
        ("virus-outbreak", 4),
        ("website-tampering", 2),
    ];
    assert_eq!(walks, expected);
}

/// Takes every step that does not wait for this one.
pub(crate) fn all_before(desk: &mut Desk, id: RunId, last: &str) {
    let steps = playbook(desk, id).steps;
    for _ in 0..steps.len() {
        for step in steps.iter().filter(|step| step.id.as_str() != last) {
            take(desk, id, step, &mut |ask| ask.branches[0].id.clone());
        }
    }
}

/// 5.2.4.a, 5.3.6.a, 5.4.4: no cleaning, rebuilding or restoring before the police have their samples.
#[test]
fn every_gate_waits_for_the_samples() {
    for (book, step, clause) in [
        ("website-tampering", "clean", "5.2.4.a"),
        ("intrusion", "rebuild", "5.3.6.a"),
        ("denial-of-service", "restore", "5.4.4"),
    ] {
        let mut desk = opened("attack", "website");
        let id = started(&mut desk, book, 0);
        let known = playbook(&desk, id);
        let gated = known.step(&rule(step)).unwrap();
        assert_eq!(gated.gate.as_ref().unwrap().clause.number(), clause);
        all_before(&mut desk, id, step);
        assert_eq!(run(&desk, id).state(&known, gated), RunStepState::Waiting(vec![Wait::Gate]), "{clause}");
        let act = done(&desk, id, step);
        assert_eq!(desk.refused(&of("technician"), act), "not_ready", "{clause}");
        let by_unit = gate(&desk, id, step, "");
        assert_eq!(desk.refused(&of("technician"), by_unit.clone()), "not_entitled", "{clause}");
        assert_eq!(desk.refused(&of("unit-security-lead"), by_unit), "missing", "who said so: {clause}");
        assert_eq!(desk.refused(&of("cyber-police"), waive(id, step, "no")), "not_entitled", "{clause}");
        assert_eq!(desk.refused(&of("unit-security-lead"), waive(id, step, " ")), "missing", "{clause}");
        for (who, command) in [
            ("cyber-police", gate(&desk, id, step, "")),
            ("unit-security-lead", gate(&desk, id, step, "officer Wang")),
            ("unit-security-lead", waive(id, step, "they will not come")),
        ] {
            let mut desk = desk.clone();
            desk.does(&of(who), command.clone());
            assert_eq!(run(&desk, id).state(&known, gated), RunStepState::Possible, "{clause} by {who}");
            assert_eq!(desk.refused(&of("unit-security-lead"), waive(id, step, "again")), "already_done");
            let act = done(&desk, id, step);
            desk.does(&of("technician"), act);
        }
    }
}

/// 5.2.1.b, and in every playbook by default: urgent first, with a reason; the clocks of the reports keep running.
#[test]
fn urgent_steps_may_be_taken_first() {
    let reports = ["tell-lead", "report-police", "report-office"];
    for (book, category, step, before, clock) in [
        ("website-tampering", "attack", "disconnect", &reports[..], Some("tampering-report-police")),
        ("intrusion", "attack", "intruded", &reports[..], Some("intrusion-report-police")),
        ("denial-of-service", "attack", "mitigate", &["police-on-scene"][..], None),
        ("machine-room", "fault", "fire-power", &["fire-people"][..], None),
    ] {
        let mut desk = opened(category, "website");
        let id = started(&mut desk, book, 0);
        let known = playbook(&desk, id);
        let first = known.step(&rule(step)).unwrap();
        match book {
            "machine-room" => {
                let act = answered(&desk, id, "cause", "fire");
                desk.does(&of("technician"), act);
            }
            "denial-of-service" => {
                let act = done(&desk, id, "report-police");
                desk.does(&of("unit-duty-officer"), act);
            }
            _ => {}
        }
        let doer = first.by[0].as_str();
        let act = done(&desk, id, step);
        let answer = answered(&desk, id, step, "intruded");
        let act = if first.ask.is_some() { answer } else { act };
        assert_eq!(desk.refused(&of(doer), act.clone()), "steps_open", "{book}");
        assert_eq!(desk.refused(&of(doer), urgent(id, step, before[0], "")), "missing", "{book}");
        assert_eq!(desk.refused(&of("leading-group"), urgent(id, step, before[0], "x")), "not_entitled");
        for other in before {
            desk.does(&of(doer), urgent(id, step, other, "it spreads"));
        }
        assert_eq!(desk.refused(&of(doer), urgent(id, step, before[0], "x")), "already_done", "{book}");
        assert_eq!(run(&desk, id).state(&known, first), RunStepState::Possible, "{book}");
        assert_eq!(run(&desk, id).swaps.len(), before.len());
        if let Some(clock) = clock {
            desk.does(&of(doer), act);
            let runs = desk.incident.running().any(|running| running.rule.as_str() == clock);
            assert!(runs, "{book}: the clock of the report keeps running");
        }
        finish(&mut desk, id, &mut |ask| ask.branches[0].id.clone());
    }
    let mut desk = opened("attack", "website");
    let id = started(&mut desk, "website-tampering", 0);
    assert_eq!(desk.refused(&of("technician"), urgent(id, "clean", "disconnect", "x")), "unknown_value");
}

/// A run found at minute 0 and started at 3; `report-police` done at 10: what falls due when, for whom.
#[test]
fn the_clocks_of_steps() {
    let website = "website";
    for (book, kind, clause, clock, owed_by, due) in [
        ("virus-outbreak", website, "5.1.1", "virus-disconnect", "technician", 0),
        ("virus-outbreak", website, "5.1.4.2", "virus-website", "technician", 120),
        ("virus-outbreak", "office-system", "5.1.4.3", "virus-system", "technician", 240),
        ("virus-outbreak", "other", "5.1.4.3", "virus-system", "technician", 240),
        ("website-tampering", website, "5.2.1.a", "tampering-tell-lead", "unit-duty-officer", 0),
        ("website-tampering", website, "5.2.1.a", "tampering-report-police", "unit-duty-officer", 0),
        ("website-tampering", website, "5.2.1.a", "tampering-report-office", "unit-duty-officer", 0),
        ("website-tampering", website, "5.2.2", "tampering-lead-on-scene", "unit-security-lead", 10),
        ("website-tampering", website, "5.2.3.a", "tampering-police", "cyber-police", 130),
        ("intrusion", website, "5.3.1", "intrusion-report-police", "unit-duty-officer", 0),
        ("intrusion", website, "5.3.3", "intrusion-lead-on-scene", "unit-security-lead", 10),
        ("intrusion", website, "5.3.4.a", "intrusion-police-website", "cyber-police", 130),
        ("intrusion", "business-system", "5.3.4.a", "intrusion-police-system", "cyber-police", 250),
        ("denial-of-service", website, "5.4.1", "dos-report-office", "unit-duty-officer", 0),
        ("denial-of-service", website, "5.4.2", "dos-lead-on-scene", "unit-security-lead", 10),
        ("denial-of-service", website, "5.4.3.a", "dos-police-website", "cyber-police", 130),
        ("denial-of-service", "office-system", "5.4.3.a", "dos-police-system", "cyber-police", 250),
    ] {
        let mut desk = opened("attack", kind);
        desk.at(3);
        let id = started(&mut desk, book, 0);
        desk.at(10);
        if book != "virus-outbreak" {
            for step in ["tell-lead", "report-police", "report-office"] {
                let act = done(&desk, id, step);
                desk.does(&of("unit-duty-officer"), act);
            }
        }
        let known = desk.clock(clock, owed_by, "");
        assert_eq!((known.clause.number(), minute(known.due_at)), (clause, due), "{clock}");
        let about = known.step.as_ref().unwrap();
        assert_eq!(about.run, id, "{clock}");
    }
}

/// A clock of a step is met by the step, falls away with it, and each run has its own.
#[test]
fn clocks_end_with_their_step() {
    let mut desk = opened("attack", "website");
    let first = started(&mut desk, "virus-outbreak", 0);
    let second = started(&mut desk, "virus-outbreak", 0);
    desk.at(4);
    let act = done(&desk, first, "disconnect");
    desk.does(&of("technician"), act);
    let stands = |desk: &Desk, run: RunId| {
        let mut clocks = desk.incident.clocks.iter();
        let of_run = |clock: &&fengsui_domain::clock::Clock| {
            clock.rule.as_str() == "virus-disconnect"
                && clock.step.as_ref().is_some_and(|about| about.run == run)
        };
        clocks.find(of_run).unwrap().state.clone()
    };
    assert!(matches!(stands(&desk, first), ClockState::Met(met) if !met.late && met.at == at(4)));
    assert_eq!(stands(&desk, second), ClockState::Running);
    let stop = |reason: &str| Command::StopPlaybook { run: second, reason: reason.to_owned() };
    assert_eq!(desk.refused(&of("technician"), stop("")), "missing");
    desk.does(&of("technician"), stop("the same machine"));
    assert!(matches!(stands(&desk, second), ClockState::Replaced { why: ReplacedWhy::StepFellAway, .. }));
    let act = done(&desk, second, "disconnect");
    assert_eq!(desk.refused(&of("technician"), act), "already_done");
}

/// 5.1.4: an answer that any of the three conditions holds sets the mark, and the reports fall due at once.
#[test]
fn a_virus_beyond_control_raises_the_reports() {
    for (branch, raised) in
        [("cleared", false), ("not-removable", true), ("website-late", true), ("system-late", true)]
    {
        let mut desk = opened("attack", "website");
        let id = started(&mut desk, "virus-outbreak", 0);
        for step in ["disconnect", "back-up", "disinfect"] {
            let act = done(&desk, id, step);
            desk.does(&of("technician"), act);
        }
        desk.at(30);
        let act = answered(&desk, id, "under-control", branch);
        desk.does(&of("technician"), act);
        let due: Vec<_> =
            desk.incident.running().filter(|clock| clock.rule.as_str() == "virus-report").collect();
        assert_eq!(due.len(), if raised { 2 } else { 0 }, "{branch}");
        assert!(due.iter().all(|clock| minute(clock.due_at) == 30), "{branch}");
        let skipped = run(&desk, id).skipped(&rule("get-help")).map(|skipped| skipped.why);
        assert_eq!(skipped, (!raised).then_some(SkippedWhy::OtherBranch), "{branch}");
    }
}

/// 5.5.b: running without protection is listed while it lasts; the run can neither end nor be stopped before.
#[test]
fn a_temporary_state_holds_the_run() {
    for (cause, steps, closer, state) in [
        ("protection-device", &["device-cut", "device-bypass"][..], "device-replace", "no-protection"),
        ("ups", &["ups-bypass"][..], "ups-replace", "no-ups"),
    ] {
        let mut desk = opened("fault", "other");
        let id = started(&mut desk, "machine-room", 0);
        let act = answered(&desk, id, "cause", cause);
        desk.does(&of("technician"), act);
        for step in steps {
            let act = done(&desk, id, step);
            desk.does(&of("technician"), act);
        }
        let known = playbook(&desk, id);
        let open = run(&desk, id).open_states(&known);
        assert_eq!(open.iter().map(|open| open.state.as_str()).collect::<Vec<_>>(), [state]);
        let stop = Command::StopPlaybook { run: id, reason: "enough".to_owned() };
        assert_eq!(desk.refused(&of("technician"), stop), "conditions_open");
        let act = done(&desk, id, closer);
        desk.does(&of("technician"), act);
        assert!(!run(&desk, id).runs(), "{cause}");
    }
}

/// 5.3.4.b: settings are changed under a permission of the security lead, and by nobody without one.
#[test]
fn settings_are_changed_under_a_permission() {
    let mut desk = opened("attack", "website");
    let id = started(&mut desk, "intrusion", 0);
    for (by, step) in [("unit-duty-officer", "report-police"), ("cyber-police", "police-on-scene")] {
        let act = done(&desk, id, step);
        desk.does(&of(by), act);
    }
    let act = done(&desk, id, "block");
    assert_eq!(desk.refused(&of("cyber-police"), act), "not_ready");
    let known = playbook(&desk, id);
    assert!(take(&mut desk, id, known.step(&rule("block")).unwrap(), &mut |ask| ask.branches[0].id.clone()));
}

/// Who may not, and when not.
#[test]
fn what_is_refused() {
    let mut desk = opened("attack", "website");
    assert_eq!(desk.refused(&of("unit-duty-officer"), start("no-such", 0)), "unknown_value");
    assert_eq!(
        desk.refused(&of("unit-duty-officer"), start("machine-room", 0)),
        "not_ready",
        "2.1.2: faults"
    );
    assert_eq!(desk.refused(&of("leading-group"), start("virus-outbreak", 0)), "not_entitled", "3.1");
    assert_eq!(desk.refused(&of("unit-duty-officer"), start("virus-outbreak", 60)), "bad_time");
    let id = started(&mut desk, "website-tampering", 0);
    for (who, command, code) in [
        ("unit-duty-officer", done(&desk, id, "no-such"), "unknown_value"),
        ("technician", done(&desk, id, "tell-lead"), "not_entitled"),
        ("technician", done(&desk, id, "clean"), "steps_open"),
        ("technician", answered(&desk, id, "disconnect", "yes"), "not_ready"),
        ("cyber-police", done(&desk, id, "serious"), "not_ready"),
        (
            "unit-duty-officer",
            Command::SkipStep { run: id, step: rule("tell-lead"), reason: "x".to_owned() },
            "not_ready",
        ),
        (
            "unit-security-lead",
            Command::SkipStep { run: id, step: rule("trace"), reason: "x".to_owned() },
            "steps_open",
        ),
        ("unit-security-lead", waive(id, "disconnect", "x"), "not_ready"),
        (
            "unit-duty-officer",
            Command::StopPlaybook { run: RunId(uuid::Uuid::nil()), reason: "x".to_owned() },
            "unknown_value",
        ),
    ] {
        let name = command.name();
        assert_eq!(desk.refused(&of(who), command), code, "`{name}` by {who}");
    }
    let act = done(&desk, id, "report-police");
    desk.does(&of("unit-duty-officer"), act.clone());
    assert_eq!(desk.refused(&of("unit-duty-officer"), act), "already_done");
    let recorded = done(&desk, id, "police-on-scene");
    assert_eq!(desk.refused(&of("technician"), recorded), "missing", "who said so");
    let mut unanswered = Desk::opened_under(
        plan(),
        fengsui_domain::incident::Opening {
            plan: PlanVersion { id: PlanId::new("jincheng-egov-2008"), digest: "0".repeat(64) },
            beside: Vec::new(),
            ..opening(IV)
        },
    )
    .unwrap();
    assert_eq!(unanswered.refused(&of("unit-duty-officer"), start("virus-outbreak", 0)), "conditions_open");
}
