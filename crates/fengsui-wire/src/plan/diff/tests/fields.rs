//! Every field of every part of a plan, changed one at a time: the comparison says so, in both languages and in words.
//!
//! [`each_field`] takes its part apart by name, so a field that is new in the domain does not compile here until it
//! has a line of its own, and then fails until the comparison knows it.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::expr::Expr;
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::plan::{
    Alternative, Ask, Beside, Branch, Category, CategoryId, Choice, Clause, ClockMeets, ClockRule,
    ClockStart, Condition, Cycle, Default as Settlement, Disposal, DutyKind, EndCondition, EndWhen,
    Escalation, Evaluation, Fact, FactId, FactKind, Filing, Form, Gate, Grading, GradingRule,
    HeadquartersRule, HolidayYear, Holidays, Intake, Interpreted, Joined, Kept, Lang, Lead, Level, Named,
    Notice, OrderRule, Plan, PlanId, Playbook, PlaybookStep, Proof, ProofField, PublicationRule, Receipts,
    Recurrence, Relation, ResponseRule, Review, Right, Role, RoleId, Routed, RuleId, Stage, StandingDuty,
    StepRef, TemporaryState, Test, Text, Triage, Unverified, Within,
};
use jiff::SignedDuration;
use jiff::civil::{date, time};
use serde_json::Value;

use crate::plan::tests::{fixture, load_files};

use super::super::names::{SECTIONS, field_name, section_name};
use super::super::{diff, show_diff, whole};
use super::shipped;

/// A plan that has something everywhere: the e-government pack with what only the two others have.
fn full() -> Plan {
    let (mut plan, city, nation) =
        (shipped("jincheng-egov-2008"), shipped("jincheng-internet-2008"), shipped("national-2017"));
    plan.notice.clone_from(&nation.notice);
    plan.evaluation = nation.evaluation.or(city.evaluation);
    plan.interpreted_by.clone_from(&nation.interpreted_by);
    plan.disposal = city.disposal;
    let about = plan.orders[0].id.clone();
    plan.clocks[0].about = Some(about);
    plan.clocks[0].action = Some(plan.immediate_actions[0].id.clone());
    plan.responses[0].headquarters = Some(HeadquartersRule { clause: clause("5.b"), always: false });
    plan.responses[0].delegated = Some(city.issuer.clone());
    plan.joined = vec![Joined {
        id: PlanId::new("other"),
        title: city.title,
        filing: plan.filing.clone(),
        zone: city.zone,
        holidays: plan.holidays.clone(),
    }];
    plan.unverified = vec![Unverified { clause: clause("1"), open: city.issuer.clone() }];
    plan.warnings = load_files(&fixture("town")).plan.expect("a plan").warnings;
    plan.taxonomy = Some(clause("2.1"));
    let category = plan.categories.values_mut().next().expect("a class");
    category.routed_to = Some(Routed { to: city.issuer.clone(), clause: clause("2.1") });
    plan
}

/// A change of one field: what is changed, and the plan with it.
type Changed = (String, Plan);

/// Changes each named field of one part in a plan of its own; the names are all that the part has.
macro_rules! each_field {
    ($found:ident, $plan:ident, $part:ident at $at:expr, { $($field:ident: $value:expr),+ $(,)? }) => {{
        // Without `..`: a field without a line here does not compile.
        fn _every_field_has_a_line($part { $($field: _),+ }: &$part) {}
        fn part<'p>(plan: &'p mut Plan, at: impl FnOnce(&'p mut Plan) -> &'p mut $part) -> &'p mut $part {
            at(plan)
        }
        $({
            let mut plan = $plan.clone();
            part(&mut plan, $at).$field = $value;
            assert!(plan != $plan, "{}.{}: the value is another", stringify!($part), stringify!($field));
            $found.push((format!("{}.{}", stringify!($part), stringify!($field)), plan));
        })+
    }};
}

mod warnings;

fn text() -> Text {
    Text { zh: "另一个".to_owned(), en: "another".to_owned() }
}

fn clause(number: &str) -> Clause {
    Clause::new(format!("jincheng-egov-2008/{number}"))
}

fn nine() -> Clause {
    clause("9.9")
}

fn rule() -> RuleId {
    RuleId::new("another")
}

fn rules() -> Vec<RuleId> {
    vec![rule()]
}

fn bodies() -> Vec<RoleId> {
    vec![RoleId::new("cyber-police"), RoleId::new("leading-group")]
}

fn never() -> Expr {
    Expr::Const(false)
}

fn head(found: &mut Vec<Changed>, plan: &Plan) {
    let plan = plan.clone();
    each_field!(found, plan, Plan at |plan| plan, {
        id: PlanId::new("another"),
        title: text(),
        document: "No. 9".to_owned(),
        issuer: text(),
        notice: None,
        aims: Vec::new(),
        basis: vec![Named { id: rule(), title: text(), clause: nine() }],
        in_force_from: date(2030, 1, 1),
        in_force_until: Some(date(2031, 1, 1)),
        zone: "Europe/Brussels".to_owned(),
        clauses: BTreeMap::from([(nine(), text())]),
        roles: BTreeMap::new(),
        categories: BTreeMap::new(),
        facts: BTreeMap::new(),
        levels: BTreeMap::new(),
        grading: Grading { confirmed_by: Vec::new(), clause: nine(), rules: Vec::new() },
        intake: Intake::default(),
        triage: Triage::default(),
        clocks: Vec::new(),
        responses: Vec::new(),
        immediate_actions: Vec::new(),
        disposal: None,
        orders: Vec::new(),
        grants: None,
        playbooks: Vec::new(),
        review: Review { leads: Vec::new(), topics: Vec::new(), clause: nine(), plan_change: None },
        filing: None,
        publications: Vec::new(),
        duties: Vec::new(),
        evidence: Vec::new(),
        evaluation: None,
        taxonomy: None,
        interpreted_by: None,
        in_force_clause: Some(nine()),
        defaults: Vec::new(),
        beside: BTreeMap::new(),
        joined: Vec::new(),
        warnings: None,
        holidays: Holidays::default(),
        unverified: Vec::new(),
    });
    each_field!(found, plan, Unverified at |plan| &mut plan.unverified[0], { clause: nine(), open: text() });
    each_field!(found, plan, Holidays at |plan| &mut plan.holidays, { years: BTreeMap::new() });
    each_field!(found, plan, HolidayYear at |plan| plan.holidays.years.values_mut().next().expect("has one"), {
        off: BTreeSet::new(), worked: BTreeSet::new(), source: text(),
    });
    each_field!(found, plan, Notice at |plan| plan.notice.as_mut().expect("has one"), {
        approved_by: None, issued: date(2030, 1, 1), published: None, addressees: None, clause: nine(),
    });
    each_field!(found, plan, Evaluation at |plan| plan.evaluation.as_mut().expect("has one"), {
        every_months: 99, last: Some(date(2030, 1, 1)), by: bodies(), clause: nine(),
    });
    each_field!(found, plan, Interpreted at |plan| plan.interpreted_by.as_mut().expect("has one"), {
        by: text(), clause: nine(),
    });
    each_field!(found, plan, Joined at |plan| &mut plan.joined[0], {
        id: PlanId::new("another"), title: text(), filing: None, zone: "Europe/Brussels".to_owned(),
        holidays: Holidays::default(),
    });
    each_field!(found, plan, Beside at |plan| plan.beside.values_mut().next().expect("has one"), {
        relation: Relation::Parent, clause: nine(), bodies: BTreeMap::new(), facts: BTreeMap::new(),
    });
    each_field!(found, plan, Settlement at |plan| &mut plan.defaults[0], {
        id: rule(), clauses: vec![nine()], question: text(), answer: text(),
        options: vec![Alternative { id: rule(), answer: text() }], chosen: Some(rule()),
    });
    each_field!(found, plan, Proof at |plan| &mut plan.evidence[0], { clause: nine(), keeps: Kept::Checkpoints });
    each_field!(found, plan, Named at |plan| &mut plan.immediate_actions[0], {
        id: rule(), title: text(), clause: nine(),
    });
}

fn grading(found: &mut Vec<Changed>, plan: &Plan) {
    let plan = plan.clone();
    each_field!(found, plan, Role at |plan| plan.roles.values_mut().next().expect("has one"), {
        title: text(), duty: text(), clause: nine(), fallback: Some(RoleId::new("leading-group")), temporary: true,
    });
    each_field!(found, plan, Category at |plan| plan.categories.values_mut().next().expect("has one"), {
        place: 99,
        title: text(),
        describes: text(),
        clause: nine(),
        parent: Some(CategoryId::new("fault")),
        maps_to: Vec::new(),
        routed_to: None,
    });
    each_field!(found, plan, Routed at |plan| first_category(plan).routed_to.as_mut().expect("has one"), { to: text(), clause: nine() });
    let spread = || FactId::new("spread");
    each_field!(found, plan, Fact at |plan| plan.facts.get_mut(&spread()).expect("has it"), {
        place: 99,
        title: text(),
        hint: text(),
        kind: FactKind::Count,
        judged_by: RoleId::new("leading-group"),
        clause: nine(),
        needs_reason: true,
    });
    each_field!(found, plan, Choice at |plan| first_choice(plan, &spread()), {
        id: "another".to_owned(), title: text(), clause: Some(nine()),
    });
    each_field!(found, plan, Level at |plan| plan.levels.values_mut().next().expect("has one"), {
        title: text(), clause: nine(),
    });
    each_field!(found, plan, Grading at |plan| &mut plan.grading, {
        confirmed_by: bodies(), clause: nine(), rules: Vec::new(),
    });
    each_field!(found, plan, GradingRule at |plan| &mut plan.grading.rules[0], {
        id: rule(), level: IncidentLevel::IV, when: never(), clause: nine(), says: text(), judge: Some(text()),
    });
    each_field!(found, plan, Intake at |plan| &mut plan.intake, { sources: Vec::new(), points: Vec::new() });
    each_field!(found, plan, Triage at |plan| &mut plan.triage, {
        clause: None,
        incident: None,
        false_positive: Some(nine()),
        not_ours: Some(nine()),
        scope: Some(nine()),
        analysis: Vec::new(),
    });
}

fn first_category(plan: &mut Plan) -> &mut Category {
    plan.categories.values_mut().next().expect("has one")
}

fn first_choice<'p>(plan: &'p mut Plan, fact: &FactId) -> &'p mut Choice {
    let FactKind::OneOf(choices) = &mut plan.facts.get_mut(fact).expect("has it").kind else {
        panic!("choices")
    };
    &mut choices[0]
}

fn obligations(found: &mut Vec<Changed>, plan: &Plan) {
    let plan = plan.clone();
    each_field!(found, plan, ClockRule at |plan| &mut plan.clocks[0], {
        id: rule(),
        title: text(),
        clause: nine(),
        when: never(),
        of: bodies(),
        to: bodies(),
        any_addressee: true,
        form: Some(Form::Oral),
        starts: ClockStart::ResponseEnded,
        about: None,
        step: Some(StepRef { playbook: rule(), step: rule() }),
        after: rules(),
        within: Within::Span(SignedDuration::from_hours(99)),
        no_later_than: Some(SignedDuration::from_hours(99)),
        day_off: Some(time(12, 0, 0, 0)),
        met_by: ClockMeets::Filing,
        action: None,
        repeats: true,
        escalate: Vec::new(),
        extendable_by: bodies(),
        is_default: false,
    });
    each_field!(found, plan, Escalation at |plan| &mut plan.clocks[0].escalate[0], {
        at_percent: 99, to: RoleId::new("leading-group"),
    });
    let stepped = |plan: &Plan| plan.clocks.iter().position(|clock| clock.step.is_some()).expect("has one");
    each_field!(found, plan, StepRef at |plan| { let at = stepped(plan); plan.clocks[at].step.as_mut().expect("it") }, {
        playbook: rule(), step: rule(),
    });
    each_field!(found, plan, StandingDuty at |plan| &mut plan.duties[0], {
        id: rule(),
        title: text(),
        clause: nine(),
        by: bodies(),
        kind: DutyKind::AsNeeded,
        proof: vec![ProofField { id: rule(), title: text() }],
        document: false,
        receipts: None,
        extendable_by: bodies(),
        is_default: false,
    });
    let proven = |plan: &Plan| plan.duties.iter().position(|duty| !duty.proof.is_empty()).expect("has one");
    each_field!(found, plan, ProofField at |plan| { let at = proven(plan); &mut plan.duties[at].proof[0] }, {
        id: rule(), title: text(),
    });
    each_field!(found, plan, Receipts at |plan| plan.duties[0].receipts.as_mut().expect("has them"), {
        from: bodies(), clause: nine(),
    });
    each_field!(found, plan, Recurrence at recurrence, {
        cycle: Cycle::HalfYear, times: 9, by_time: Some(time(3, 0, 0, 0)), settable: false,
    });
    each_field!(found, plan, Condition at condition, { test: Test::Stated, renew_months: 99 });
    each_field!(found, plan, OrderRule at |plan| &mut plan.orders[0], {
        id: rule(),
        title: text(),
        clause: nine(),
        when: never(),
        from: bodies(),
        to: bodies(),
        experts: vec![Named { id: rule(), title: text(), clause: nine() }],
        aftermath: true,
    });
}

fn recurrence(plan: &mut Plan) -> &mut Recurrence {
    let kinds = plan.duties.iter_mut().map(|duty| &mut duty.kind);
    let mut set =
        kinds.filter_map(|kind| if let DutyKind::Every(recurrence) = kind { Some(recurrence) } else { None });
    set.find(|recurrence| recurrence.settable && recurrence.cycle != Cycle::HalfYear).expect("has one")
}

fn condition(plan: &mut Plan) -> &mut Condition {
    let kinds = plan.duties.iter_mut().map(|duty| &mut duty.kind);
    let mut all =
        kinds.filter_map(|kind| if let DutyKind::Holds(condition) = kind { Some(condition) } else { None });
    all.find(|condition| matches!(condition.test, Test::AtLeast { .. })).expect("has one")
}

fn rights(found: &mut Vec<Changed>, plan: &Plan) {
    let plan = plan.clone();
    each_field!(found, plan, ResponseRule at |plan| &mut plan.responses[0], {
        level: IncidentLevel::IV,
        title: text(),
        clause: nine(),
        start: plan.responses[0].adjust.clone(),
        adjust: plan.responses[0].start.clone(),
        end: plan.responses[0].start.clone(),
        end_when: EndWhen { all: true, conditions: Vec::new() },
        two_person: true,
        headquarters: None,
        delegated: None,
    });
    each_field!(found, plan, HeadquartersRule at |plan| plan.responses[0].headquarters.as_mut().expect("has one"), {
        clause: nine(), always: true,
    });
    each_field!(found, plan, Right at |plan| &mut plan.responses[0].start, {
        propose: bodies(), decide: bodies(), without_proposal: false, notify: bodies(), clause: nine(),
    });
    each_field!(found, plan, EndWhen at |plan| &mut plan.responses[0].end_when, { all: false, conditions: Vec::new() });
    each_field!(found, plan, EndCondition at |plan| &mut plan.responses[0].end_when.conditions[0], {
        id: rule(), title: text(), clause: nine(), needs_derived_closed: true,
    });
    let stage = || Stage { by: bodies(), clause: nine() };
    each_field!(found, plan, Disposal at |plan| plan.disposal.as_mut().expect("has one"), {
        draft: stage(),
        verify: stage(),
        sum_up: None,
        approve: stage(),
        resources: None,
        execute: stage(),
        order: None,
    });
    each_field!(found, plan, Stage at |plan| plan.grants.as_mut().expect("has one"), { by: bodies(), clause: nine() });
    each_field!(found, plan, Review at |plan| &mut plan.review, {
        leads: Vec::new(), topics: Vec::new(), clause: nine(), plan_change: None,
    });
    each_field!(found, plan, Lead at |plan| &mut plan.review.leads[0], { when: never(), by: bodies(), clause: nine() });
    each_field!(found, plan, Filing at |plan| plan.filing.as_mut().expect("has one"), {
        by: bodies(), to: bodies(), to_each: !plan.filing.as_ref().expect("has one").to_each, clause: nine(),
    });
    each_field!(found, plan, PublicationRule at |plan| &mut plan.publications[0], {
        id: rule(),
        title: text(),
        clause: nine(),
        when: never(),
        audience: text(),
        draft: bodies(),
        approve: bodies(),
        release: bodies(),
    });
}

fn playbooks(found: &mut Vec<Changed>, plan: &Plan) {
    let plan = plan.clone();
    let book = |plan: &Plan| plan.playbooks.iter().position(|book| !book.states.is_empty()).expect("has one");
    each_field!(found, plan, Playbook at |plan| &mut plan.playbooks[0], {
        id: rule(),
        title: text(),
        clause: nine(),
        when: never(),
        categories: Vec::new(),
        by: bodies(),
        asks: Vec::new(),
        first: Some(text()),
        states: vec![TemporaryState { id: rule(), title: text(), clause: nine() }],
        steps: Vec::new(),
    });
    each_field!(found, plan, TemporaryState at |plan| { let at = book(plan); &mut plan.playbooks[at].states[0] }, {
        id: rule(), title: text(), clause: nine(),
    });
    each_field!(found, plan, PlaybookStep at |plan| &mut plan.playbooks[0].steps[0], {
        id: rule(),
        title: text(),
        hint: Some(text()),
        clause: nine(),
        by: bodies(),
        recorded_by: bodies(),
        after: rules(),
        when: never(),
        ask: Some(Ask { question: text(), branches: Vec::new() }),
        gate: Some(Gate { title: text(), clause: nine(), by: bodies(), waive: bodies() }),
        urgent_before: rules(),
        needs: Some(text()),
        opens: Some(rule()),
        closes: Some(rule()),
        optional: bodies(),
    });
    each_field!(found, plan, Ask at ask, { question: text(), branches: Vec::new() });
    each_field!(found, plan, Branch at |plan| &mut ask(plan).branches[0], {
        id: rule(),
        title: text(),
        clause: Some(nine()),
        steps: rules(),
        raises: Some(FactId::new("data_stolen")),
    });
    each_field!(found, plan, Gate at gate, { title: text(), clause: nine(), by: bodies(), waive: bodies() });
    let mut swapped = plan.clone();
    swapped.playbooks[0].steps.swap(0, 1);
    found.push(("the order of steps".to_owned(), swapped));
}

fn ask(plan: &mut Plan) -> &mut Ask {
    plan.playbooks
        .iter_mut()
        .flat_map(|book| &mut book.steps)
        .find_map(|step| step.ask.as_mut())
        .expect("has one")
}

fn gate(plan: &mut Plan) -> &mut Gate {
    plan.playbooks
        .iter_mut()
        .flat_map(|book| &mut book.steps)
        .find_map(|step| step.gate.as_mut())
        .expect("has one")
}

#[test]
fn every_field_of_every_part_is_compared() {
    let plan = full();
    let mut found = Vec::new();
    head(&mut found, &plan);
    grading(&mut found, &plan);
    obligations(&mut found, &plan);
    rights(&mut found, &plan);
    playbooks(&mut found, &plan);
    warnings::each(&mut found, &plan);
    assert!(found.len() > 200, "{}", found.len());
    for (what, changed) in found {
        let differences = diff(&plan, &changed);
        assert!(!differences.is_empty(), "{what} is not compared");
        for lang in [Lang::Zh, Lang::En] {
            let page = show_diff(&plan, &changed, lang);
            assert!(!page.contains("Nothing differs") && !page.contains("没有差别"), "{what}: {page}");
            assert!(!page.contains("\"zh\"") && !page.contains("null"), "{what}: {page}");
        }
    }
}

/// What the API shows of a plan is compared: no section is without a line, and none is without a name in words.
#[test]
fn every_section_and_every_field_has_a_name() {
    let plan = full();
    let sections = whole(&plan);
    let known: BTreeSet<&str> = SECTIONS.iter().map(|row| row.0).collect();
    // `digest` names the version that is compared and says nothing of what is in it.
    let all: BTreeSet<&str> = sections.keys().map(String::as_str).filter(|key| *key != "digest").collect();
    assert_eq!(known, all);
    for key in known {
        assert!(section_name(key, Lang::Zh) != key, "{key}");
    }
    let mut fields = BTreeSet::new();
    for (section, value) in &sections {
        // The keys of these are clauses and names of the pack.
        if !["clauses", "filings_beside"].contains(&section.as_str()) {
            keys(value, &mut fields);
        }
    }
    fields.retain(|field| field_name(field, Lang::Zh) == *field);
    assert_eq!(fields, BTreeSet::new(), "these have no name in Chinese");
}

/// The names of the fields of every object, without those of tables whose keys are names of the pack.
fn keys(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                found.insert(key.clone());
                let table = matches!(key.as_str(), "bodies" | "facts") && value.is_object();
                if !table {
                    keys(value, found);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}
