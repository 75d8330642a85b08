//! Warnings of the shipped packs, clause by clause: what the packs say, and what the rules make of it.

use std::sync::LazyLock;

use fengsui_domain::expr::Answers;
use fengsui_domain::plan::{Clause, Measure, MeasureKind, Plan, PlanId, RoleId, Warnings, Within};
use fengsui_domain::warning::{Owed, Owing, Reach, Ruling, Verdict, WarningColour, may_issue};

use super::super::{Library, answer_on_threat};

mod defaults;
mod jincheng;
mod national;
mod page;
mod random;

static LIBRARY: LazyLock<Library> = LazyLock::new(Library::shipped);

fn plan(id: &str) -> &'static Plan {
    &LIBRARY.get(&PlanId::new(id)).expect("the pack is shipped").plan
}

fn national() -> &'static Plan {
    plan("national-2017")
}

fn jincheng() -> &'static Plan {
    plan("jincheng-internet-2008")
}

fn warnings(plan: &Plan) -> &Warnings {
    plan.warnings.as_ref().expect("the plan has warnings")
}

fn role(name: &str) -> RoleId {
    RoleId::new(name)
}

fn roles(names: &[&str]) -> Vec<RoleId> {
    names.iter().copied().map(RoleId::new).collect()
}

/// Answers written as `fact=answer`, with spaces between them.
fn answers(plan: &Plan, list: &str) -> Answers {
    let answer = |pair: &str| {
        let (fact, value) = pair.split_once('=').expect("fact=answer");
        answer_on_threat(plan, fact, value).expect(pair)
    };
    list.split_whitespace().map(answer).collect()
}

fn verdict(plan: &Plan, body: &str, colour: WarningColour, reach: Reach, list: &str) -> Verdict {
    may_issue(plan, &role(body), colour, reach, &answers(plan, list)).expect("the plan has warnings")
}

/// The answer in short: `may`, `after CLAUSE`, `after CLAUSE if named`, or `must not`.
fn ruling(verdict: &Verdict) -> String {
    match &verdict.ruling {
        Ruling::May { clause, .. } => format!("may [{}]", clause.number()),
        Ruling::AfterApproval { clause, gates, if_named, .. } => {
            let gates: Vec<&str> = gates.iter().map(|gate| gate.clause.number()).collect();
            let named = if *if_named { " if named" } else { "" };
            format!("after [{}]{named} [{}]", gates.join(", "), clause.number())
        }
        Ruling::MustNot { .. } => "must not".to_owned(),
    }
}

/// A measure in short: minutes after which it is due, and how it is owed.
fn owed_how(kind: MeasureKind) -> String {
    let minutes = |within: Option<Within>| within.map(|within| within.due().as_mins());
    match kind {
        MeasureKind::Once(within) => minutes(within).map_or("once".to_owned(), |min| format!("once {min}")),
        MeasureKind::Standing(within) => {
            minutes(within).map_or("standing".to_owned(), |min| format!("standing {min}"))
        }
        MeasureKind::Every(span) => format!("every {}", span.as_mins()),
        MeasureKind::AsItComes(within) => {
            minutes(within).map_or("as it comes".to_owned(), |min| format!("as it comes {min}"))
        }
    }
}

/// The measures among what is owed: id, clause, how.
fn measures(owed: &[Owed]) -> Vec<(&str, &str, String)> {
    let measure = |owed: &'_ Owed| match &owed.what {
        Owing::Measure(kind) => Some(owed_how(*kind)),
        Owing::Receipt { .. } => None,
    };
    let rows = owed.iter().filter_map(|owed| Some((owed, measure(owed)?)));
    rows.map(|(owed, how)| (owed.rule.as_str(), owed.clause.number(), how)).collect()
}

fn measure<'p>(plan: &'p Plan, id: &str) -> &'p Measure {
    warnings(plan).measures.iter().find(|measure| measure.id.as_str() == id).expect(id)
}

fn clause(plan: &Plan, number: &str) -> Clause {
    Clause::new(format!("{}/{number}", plan.id))
}
