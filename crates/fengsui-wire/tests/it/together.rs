//! Several plans on one incident: all duties apply, the shortest clock comes first, none cancels another's.
//!
//! The example is the one the documents make: a defaced government website falls under the internet plan of
//! the city and under its e-government plan (`jincheng-egov-2008/1.4.b`); above both stands the national plan.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use fengsui_domain::actor::Actor;
use fengsui_domain::clock::{Clock, ClockState, ReplacedWhy};
use fengsui_domain::expr::Value;
use fengsui_domain::incident::{Command, Opening, PlanVersion};
use fengsui_domain::level::IncidentLevel::{self, I, II, III, IV};
use fengsui_domain::plan::{
    Beside, CategoryId, Clash, Clause, FactId, Form, Plan, PlanId, Relation, together,
};
use fengsui_domain::refusal::Refusal;
use fengsui_wire::plan::Library;

use crate::desk::{Desk, act, at, office, opening, report, role, rule, speaker};

pub(crate) const INTERNET: &str = "jincheng-internet-2008";
pub(crate) const EGOV: &str = "jincheng-egov-2008";
pub(crate) const NATIONAL: &str = "national-2017";

pub(crate) fn pack(id: &str) -> Plan {
    static PACKS: LazyLock<Library> = LazyLock::new(Library::shipped);
    PACKS.get(&PlanId::new(id)).unwrap().plan.clone()
}

fn version(id: &str) -> PlanVersion {
    PlanVersion { id: PlanId::new(id), digest: "1".repeat(64) }
}

/// What the first of these plans makes together with the others.
fn whole(ids: &[&str]) -> Plan {
    let packs: Vec<Plan> = ids.iter().map(|id| pack(id)).collect();
    let others: Vec<&Plan> = packs[1..].iter().collect();
    crate::ran::together(&packs);
    together(&packs[0], &others).unwrap()
}

/// An incident opened under the first of these plans with the others beside it.
pub(crate) fn opened(ids: &[&str], level: IncidentLevel) -> Desk {
    let beside = ids[1..].iter().map(|id| version(id)).collect();
    Desk::opened_under(whole(ids), Opening { beside, ..of(ids[0], level) }).unwrap()
}

/// What triage hands over, in words of this plan.
pub(crate) fn of(id: &str, level: IncidentLevel) -> Opening {
    let category = if id == NATIONAL { "network-attack" } else { "attack" };
    Opening { plan: version(id), category: CategoryId::new(category), ..opening(level) }
}

/// Running clocks of one document: rule as its own pack calls it, obliged body, minutes to the deadline.
fn running(desk: &Desk, document: &str) -> BTreeSet<(String, String, i64)> {
    let own = desk.incident.running().filter(|clock| clock.clause.document() == document);
    own.map(|clock| {
        let rule = clock.rule.as_str();
        let rule = rule.split_once('~').map_or(rule, |(_, rule)| rule);
        (rule.to_owned(), clock.of.to_string(), (clock.lapses_at.as_second() - at(0).as_second()) / 60)
    })
    .collect()
}

/// The same under that plan alone.
fn alone(id: &str, level: IncidentLevel) -> BTreeSet<(String, String, i64)> {
    let desk = Desk::opened_under(pack(id), of(id, level)).unwrap();
    running(&desk, id)
}

/// A person of the body that confirms levels.
fn confirming() -> Actor {
    office()
}

pub(crate) fn attach(id: &str) -> Command {
    Command::AttachPlan { plan: version(id), reason: "it is a government website".to_owned() }
}

pub(crate) fn detach(id: &str) -> Command {
    Command::DetachPlan { plan: PlanId::new(id), reason: "it is none".to_owned() }
}

/// The plan of the desk becomes what these make together, as the service puts it before a command.
pub(crate) fn under(desk: &mut Desk, ids: &[&str]) {
    desk.plan = whole(ids);
}

/// Every pair of shipped plans, and all three in any order, can run together; alone a plan is itself.
#[test]
fn any_shipped_plans_run_together() {
    for first in [INTERNET, EGOV, NATIONAL] {
        assert_eq!(whole(&[first]), pack(first));
        for second in [INTERNET, EGOV, NATIONAL] {
            for third in [INTERNET, EGOV, NATIONAL] {
                if first == second || second == third || first == third {
                    continue;
                }
                let plan = whole(&[first, second, third]);
                let parts = [first, second, third].map(pack);
                let sum = |count: fn(&Plan) -> usize| parts.iter().map(count).sum::<usize>();
                assert_eq!(plan.clocks.len(), sum(|plan| plan.clocks.len()));
                assert_eq!(plan.playbooks.len(), sum(|plan| plan.playbooks.len()));
                assert_eq!(plan.orders.len(), sum(|plan| plan.orders.len()));
                assert_eq!(plan.publications.len(), sum(|plan| plan.publications.len()));
                assert_eq!(plan.grading.rules.len(), sum(|plan| plan.grading.rules.len()));
                assert_eq!(plan.joined.len(), 2);
                let levels: Vec<_> = plan.grading.rules.iter().map(|rule| rule.level).collect();
                assert!(levels.is_sorted(), "tested from the gravest level down");
            }
        }
    }
}

/// `jincheng-egov-2008/1.4.b`: whatever a plan asks for alone it asks for beside the other, at every level.
#[test]
fn all_duties_apply() {
    for level in IncidentLevel::ALL {
        for ids in [[INTERNET, EGOV], [INTERNET, NATIONAL], [NATIONAL, INTERNET]] {
            let desk = opened(&ids, level);
            for id in ids {
                let (together, alone) = (running(&desk, id), alone(id, level));
                let (count, expected) = (together.len(), alone.len());
                assert_eq!(count, expected, "{ids:?} {level}: {id}\n{together:#?}\n{alone:#?}");
                let deadlines = |clocks: &BTreeSet<(String, String, i64)>| -> BTreeSet<(String, i64)> {
                    clocks.iter().map(|(rule, _, minutes)| (rule.clone(), *minutes)).collect()
                };
                assert_eq!(deadlines(&together), deadlines(&alone), "{ids:?} {level}: {id}");
            }
        }
    }
}

/// The same body in both plans: one report to it meets what both ask for, and each clock keeps its clause.
#[test]
fn one_report_meets_both() {
    let mut desk = opened(&[INTERNET, EGOV], I);
    let open = |desk: &Desk| -> Vec<Clock> {
        let to_office =
            |clock: &&Clock| clock.to.contains(&role("leading-group")) && clock.of == role("security-office");
        desk.incident.running().filter(to_office).cloned().collect()
    };
    let [clock] = &open(&desk)[..] else { panic!("the office reports to the leading group") };
    assert_eq!(clock.clause, Clause::new("jincheng-egov-2008/3.1"));
    assert_eq!(clock.rule, rule("jincheng-egov-2008~leading-group"));
    desk.at(20);
    desk.does(&office(), report(Form::Oral, "security-office", "leading-group", at(20)));
    assert!(open(&desk).is_empty(), "the informatisation office of the one plan is the office of the other");
}

/// A mark of one plan sets clocks of that plan alone, and a raised level asks each plan for its own.
#[test]
fn regrading_leaves_the_right_clocks_of_both() {
    let mut desk = opened(&[INTERNET, EGOV], IV);
    desk.does(&office(), Command::Verify { basis: "seen".to_owned() });
    for level in [II, IV, I, III, I] {
        desk.at(10);
        desk.grade(level);
        let rules = |document: &str| -> BTreeSet<String> {
            running(&desk, document).into_iter().map(|(rule, _, _)| rule).collect()
        };
        for id in [INTERNET, EGOV] {
            let mut single = Desk::opened_under(pack(id), of(id, IV)).unwrap();
            let confirms = single.plan.grading.confirmed_by[0].to_string();
            let someone = speaker("someone", &[&confirms]);
            single.does(&someone, Command::Verify { basis: "seen".to_owned() });
            single.at(10);
            single.does(&someone, Command::Grade { level, reason: "judged".to_owned() });
            let expected: BTreeSet<String> =
                running(&single, id).into_iter().map(|(rule, _, _)| rule).collect();
            assert_eq!(rules(id), expected, "{id} at level {level}");
        }
    }
    let heirs = desk.incident.clocks.iter().filter_map(|clock| Some((clock, clock.replaces?)));
    for (clock, replaced) in heirs {
        let before = desk.incident.clock(replaced).unwrap();
        assert_eq!(before.clause.document(), clock.clause.document(), "no duty is heir to another plan's");
    }
}

/// A plan attached late: its clocks count from when the event became known, so what is late is seen to be.
#[test]
fn attached_later() {
    let mut desk = opened(&[INTERNET], I);
    desk.at(90);
    under(&mut desk, &[INTERNET, EGOV]);
    desk.does(&confirming(), attach(EGOV));
    assert_eq!(running(&desk, EGOV), running(&opened(&[INTERNET, EGOV], I), EGOV));
    let clock = desk.incident.running().find(|clock| clock.rule == rule("jincheng-egov-2008~leading-group"));
    assert!(clock.unwrap().overdue(at(90)), "an hour from awareness is over");
    assert_eq!(desk.incident.plans().count(), 2);
    assert_eq!(desk.tries(&confirming(), attach(EGOV)), Err(Refusal::AlreadyDone { action: "attach-plan" }));
}

/// Taking a plan off ends its duties and nothing else; what was begun under it keeps it.
#[test]
fn detached() {
    let mut desk = opened(&[INTERNET, EGOV], I);
    let before = running(&desk, INTERNET);
    under(&mut desk, &[INTERNET]);
    desk.does(&confirming(), detach(EGOV));
    assert_eq!(running(&desk, INTERNET), before);
    assert_eq!(running(&desk, EGOV), BTreeSet::new());
    let ended = desk.incident.clocks.iter().filter(|clock| clock.clause.document() == EGOV);
    for clock in ended {
        let why = ReplacedWhy::PlanDetached;
        assert!(matches!(clock.state, ClockState::Replaced { why: found, .. } if found == why), "{clock:?}");
    }
    let unknown = Refusal::Unknown { field: "plan", value: EGOV.to_owned() };
    assert_eq!(desk.tries(&confirming(), detach(EGOV)), Err(unknown));
}

/// `national-2017/1.3.c`: the national plan leaves content to a special plan; the city's plan beside it still asks.
#[test]
fn a_class_that_the_leading_plan_leaves_to_others_ends_its_own_duties_only() {
    let mut desk = opened(&[NATIONAL, INTERNET], II);
    let city = running(&desk, INTERNET);
    assert!(!city.is_empty() && !running(&desk, NATIONAL).is_empty());
    let category = CategoryId::new("content-security");
    assert!(desk.plan.routed(&category).is_some());
    let someone = speaker("someone", &["region-or-department", "security-office"]);
    desk.does(&someone, Command::Categorise { category });
    assert_eq!(running(&desk, NATIONAL), BTreeSet::new());
    assert_eq!(running(&desk, INTERNET), city);
}

/// `jincheng-internet-2008/5.3.1`: what another plan lists is no immediate measure of this one, and the other way.
#[test]
fn an_immediate_action_meets_the_duty_of_its_own_plan() {
    let mut desk = opened(&[INTERNET, NATIONAL], III);
    let open = |desk: &Desk, id: &str| {
        running(desk, id).iter().any(|(rule, _, _)| rule == "immediate-action" || rule == "unit-plan-started")
    };
    desk.does(&office(), act("national-2017~start-own-plan", at(0)));
    assert_eq!([INTERNET, NATIONAL].map(|id| open(&desk, id)), [true, false]);
    desk.does(&office(), act("isolate-host", at(0)));
    assert_eq!([INTERNET, NATIONAL].map(|id| open(&desk, id)), [false, false]);
}

/// `jincheng-internet-2008/5.2.2.1.a`: beside a plan that decides otherwise on the response, the city government
/// is asked by a report, and by nothing that was reported before.
#[test]
fn a_request_of_a_plan_beside_is_a_report_to_whoever_decides_there() {
    let mut desk = opened(&[EGOV, INTERNET], II);
    let someone = speaker("someone", &["informatisation-office", "unit-security-lead", "unit-leader"]);
    let request = "jincheng-internet-2008~request-response";
    let tell = |desk: &mut Desk, minute| {
        let of = desk.plan.clock(&rule(request)).unwrap().of[0].to_string();
        desk.at(minute).does(&someone, report(Form::Oral, &of, "city-government", at(minute)));
    };
    tell(&mut desk, 1);
    desk.at(5).does(&someone, Command::Verify { basis: "seen".to_owned() });
    desk.does(&someone, Command::Grade { level: II, reason: "judged".to_owned() });
    assert!(desk.running_rules().contains(request), "{:?}", desk.running_rules());
    tell(&mut desk, 8);
    assert!(!desk.running_rules().contains(request), "{:?}", desk.running_rules());
    // Under the plan that leads, only the proposal itself asks.
    let mut desk = Desk::graded(II);
    desk.at(3).report(Form::Oral, "security-office", "city-government", 3);
    assert!(desk.running_rules().contains("request-response"));
}

/// A playbook of the attached plan runs, asks its own questions, and keeps the plan on the incident.
#[test]
fn a_playbook_of_the_other_plan() {
    let mut desk = opened(&[INTERNET, EGOV], III);
    let id = rule("jincheng-egov-2008~website-tampering");
    let duty_officer = speaker("everybody", &["unit-duty-officer", "unit-security-lead"]);
    desk.does(
        &duty_officer,
        Command::StartPlaybook { playbook: id.clone(), what: "www".to_owned(), found_at: at(0) },
    );
    assert_eq!(desk.incident.runs[0].playbook, id);
    let clocks: BTreeSet<_> =
        desk.incident.running().filter_map(|clock| Some(clock.step.as_ref()?.step.to_string())).collect();
    assert!(clocks.contains("report-police"), "the steps of the playbook have their clocks: {clocks:?}");
    under(&mut desk, &[INTERNET]);
    let refused = desk.tries(&confirming(), detach(EGOV));
    assert!(matches!(refused, Err(Refusal::NotReady { action: "detach-plan", .. })), "{refused:?}");
}

/// `jincheng-egov-2008/2.2`: the levels of both plans are tested, the graver proposal is proposed.
#[test]
fn the_graver_level_is_proposed() {
    let mut desk = opened(&[INTERNET, EGOV], IV);
    desk.does(&office(), Command::Verify { basis: "seen".to_owned() });
    let answers = |facts: &[(&str, Value)]| Command::Answer {
        answers: facts
            .iter()
            .map(|(fact, value)| (FactId::new(*fact), (value.clone(), String::new())))
            .collect(),
    };
    let no = Value::Bool(false);
    desk.does(
        &office(),
        answers(&[
            ("spread", Value::Choice("none".to_owned())),
            ("vital_system", no.clone()),
            ("individual_units", no.clone()),
            ("jincheng-egov-2008~individual_units", no),
            ("jincheng-egov-2008~vital_system", Value::Bool(true)),
        ]),
    );
    let proposal = fengsui_domain::grading::propose(&desk.plan, &desk.incident.facts());
    assert_eq!(proposal.level, Some(II));
    assert_eq!(proposal.rule, Some(rule("jincheng-egov-2008~major")), "one answer on spread served both");
}

/// `national-2017/4.2.3`: at levels III and IV the national plan leaves the response to the local one.
#[test]
fn delegation_by_level() {
    let plan = whole(&[NATIONAL, INTERNET]);
    let internet = pack(INTERNET);
    for level in [III, IV] {
        let (response, local) = (plan.response(level).unwrap(), internet.response(level).unwrap());
        assert_eq!(response.start.decide, local.start.decide);
        assert_eq!(response.delegated, None);
    }
    for level in [I, II] {
        assert_eq!(plan.response(level), pack(NATIONAL).response(level));
    }
}

/// What packs say of each other is held to what there is.
#[test]
fn what_cannot_run_together() {
    let (lead, mut other) = (pack(INTERNET), pack(EGOV));
    let twice = together(&lead, &[&other, &other]);
    assert_eq!(twice, Err(Clash::Twice(PlanId::new(EGOV))));
    let beside = |bodies: &[(&str, &str)], facts: &[(&str, &str)]| Beside {
        relation: Relation::Overlap,
        clause: Clause::new("jincheng-egov-2008/1.4.b"),
        bodies: bodies.iter().map(|(own, to)| (role(own), role(to))).collect(),
        facts: facts.iter().map(|(own, to)| (FactId::new(*own), FactId::new(*to))).collect(),
    };
    let mut clash = |said: Beside| {
        other.beside.insert(PlanId::new(INTERNET), said);
        together(&lead, &[&other]).unwrap_err().to_string()
    };
    let cases = [
        (beside(&[("unit", "nobody")], &[]), "takes nobody for the same"),
        (beside(&[], &[("spread", "nothing")]), "takes nothing for the same"),
        (beside(&[], &[("asset_kind", "spread")]), "answered in another way"),
        (beside(&[], &[("data_stolen", "vital_system")]), "answered in another way"),
    ];
    for (said, message) in cases {
        let found = clash(said);
        assert!(found.contains(message), "{found}");
    }
}

/// Only whoever confirms levels says which plans govern, and not after the end.
#[test]
fn who_says_which_plans_govern() {
    let mut desk = opened(&[INTERNET], III);
    under(&mut desk, &[INTERNET, EGOV]);
    let refused = desk.tries(&speaker("wang", &["unit"]), attach(EGOV));
    assert!(matches!(refused, Err(Refusal::NotEntitled { .. })), "{refused:?}");
    let no_reason = Command::AttachPlan { plan: version(EGOV), reason: " ".to_owned() };
    assert_eq!(desk.tries(&confirming(), no_reason), Err(Refusal::Missing { field: "reason" }));
    let mut desk = Desk::ended(III);
    let refused = desk.tries(&confirming(), attach(EGOV));
    assert!(matches!(refused, Err(Refusal::WrongPhase { .. })), "{refused:?}");
}
