//! Every way through every playbook, walked in virtual time by the people of a drill.
//!
//! The table is made from the plans: a drill takes the first answer wherever nothing is said, and each
//! question it came to is then answered otherwise, until nothing new comes up.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::plan::{Plan, Playbook, RuleId};
use fengsui_wire::plan::Library;
use fengsui_wire::plan::scenario::{Happening, Scenario};

use crate::{drilled, scenario};

type Answers = BTreeMap<RuleId, RuleId>;

/// A drill of this playbook with these answers.
fn walk(base: &Scenario, playbook: &Playbook, answers: &Answers) -> Scenario {
    let mut scenario = base.clone();
    for inject in &mut scenario.injects {
        match &mut inject.what {
            Happening::Event(reported) => {
                let fits = playbook.categories.first().cloned();
                if let (Some(fits), fengsui_wire::plan::scenario::Found::Incident { category, .. }) =
                    (fits, &mut reported.found)
                {
                    *category = fits;
                }
            }
            Happening::Playbook(chosen) => {
                chosen.playbook = playbook.id.clone();
                chosen.branches = answers.clone();
                chosen.urgent.clear();
                chosen.skip.clear();
            }
            _ => {}
        }
    }
    scenario
}

/// The questions that were asked, by the answers given and the steps they call for.
fn asked(playbook: &Playbook, answers: &Answers) -> Vec<(RuleId, Vec<RuleId>)> {
    let mut open: BTreeSet<&RuleId> = BTreeSet::new();
    let called = |id: &RuleId| playbook.called_by(id).next().is_some();
    let mut asked = Vec::new();
    for step in &playbook.steps {
        if called(&step.id) && !open.contains(&step.id) {
            continue;
        }
        if let Some(ask) = &step.ask {
            let chosen = answers.get(&step.id).unwrap_or(&ask.branches[0].id);
            open.extend(ask.branch(chosen).unwrap().steps.iter());
            asked.push((step.id.clone(), ask.branches.iter().map(|branch| branch.id.clone()).collect()));
        }
    }
    asked
}

/// Every set of answers that leads another way.
fn ways(playbook: &Playbook) -> Vec<Answers> {
    let (mut ways, mut ahead) = (Vec::new(), vec![Answers::new()]);
    let mut seen = BTreeSet::new();
    while let Some(answers) = ahead.pop() {
        let asked = asked(playbook, &answers);
        let full: Answers = asked
            .iter()
            .map(|(step, branches)| (step.clone(), answers.get(step).unwrap_or(&branches[0]).clone()))
            .collect();
        if !seen.insert(full.clone()) {
            continue;
        }
        for (step, branches) in &asked {
            for branch in branches {
                let mut other = full.clone();
                other.insert(step.clone(), branch.clone());
                ahead.push(other);
            }
        }
        ways.push(full);
    }
    ways
}

fn egov(plans: &Library) -> &Plan {
    &plans.list().find(|pack| pack.plan.id.as_str() == "jincheng-egov-2008").unwrap().plan
}

#[test]
fn every_branch_of_every_playbook_comes_to_its_end() {
    let plans = Library::shipped();
    let base = scenario("egov-line-fault", &plans);
    let mut walked: BTreeMap<String, usize> = BTreeMap::new();
    for playbook in &egov(&plans).playbooks {
        for answers in ways(playbook) {
            let drill = drilled(&walk(&base, playbook, &answers), &plans, 3);
            let refused: Vec<_> = drill.timeline.iter().filter(|act| act.refused.is_some()).collect();
            assert!(refused.is_empty(), "{} {answers:?}: {refused:#?}", playbook.id);
            assert_eq!(drill.incidents[0].phase, "archived", "{} {answers:?}", playbook.id);
            let given = drill.timeline.iter().filter(|act| act.act == "answer-step").count();
            assert_eq!(given, answers.len(), "{} {answers:?}: every question is answered once", playbook.id);
            assert!(drill.ledger.verified, "{} {answers:?}", playbook.id);
            *walked.entry(playbook.id.to_string()).or_default() += 1;
        }
    }
    // Every question with its other answers, counted from the document: 5.1 to 5.7.
    let expected = [
        ("data-loss", 1),
        ("denial-of-service", 2),
        ("intrusion", 12),
        ("line-fault", 9),
        ("machine-room", 6),
        ("virus-outbreak", 4),
        ("website-tampering", 2),
    ];
    assert_eq!(walked, expected.map(|(id, ways)| (id.to_owned(), ways)).into());
}
