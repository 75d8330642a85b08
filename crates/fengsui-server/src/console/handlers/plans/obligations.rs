//! What a plan asks for in a situation: asked with answers, told with reasons.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use fengsui_domain::expr::{Answers, Truth};
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::obligation::{self, Circumstances, Turn};
use fengsui_domain::permission::Permission;
use fengsui_domain::plan::{ClockRule, Plan, PlanId, RuleId};
use fengsui_wire::plan::{answer_of, typed};

use super::sections;
use crate::app::App;
use crate::console::handlers::session::Visitor;
use crate::console::handlers::shell::{PageResult, page, shell};
use crate::console::handlers::show;
use crate::console::lang::Lang;
use crate::console::view::form::{FieldProblem, Form};
use crate::console::view::parts::FactField;
use crate::console::view::plan::{Obligations, PlanRule, TurnRow};
use crate::console::view::problem::ProblemKind;
use crate::console::view::words::Section;

/// What stands before the name of a question in the address.
const FACT: &str = "fact.";

/// `GET /plans/{id}/obligations`.
pub(super) async fn obligations(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> PageResult {
    visitor.caller.actor.permit(Permission::PlanRead)?;
    let lang = visitor.look.lang;
    let pack = app.service.plans().get(&PlanId::new(id)).ok_or(ProblemKind::NotFound)?;
    let plan = &pack.plan;
    let mut form = Form::from_pairs("filter", asked.clone());
    let known = circumstances(plan, &asked, &mut form, lang);
    let found = obligation::obligations(plan, &known);
    let of = |truth: Truth| {
        let duties = found.duties.iter().filter(|duty| duty.truth == truth);
        let mut rules: Vec<&ClockRule> = duties.filter_map(|duty| plan.clock(&duty.rule)).collect();
        rules.sort_by_key(|rule| rule.within.due());
        rules.into_iter().map(|rule| sections::clock(plan, rule, lang)).collect::<Vec<PlanRule>>()
    };
    let rule = found.rule.as_ref().and_then(|rule| plan.grading_rule(rule));
    let view = Obligations {
        shell: shell(&app, &visitor, "obligations", Some(Section::Plans)).await?,
        id: plan.id.to_string(),
        title: show::text(&plan.title, lang),
        // A supposition needs no reason.
        facts: show::fact_fields(plan, lang)
            .into_iter()
            .map(|fact| FactField { needs_reason: false, ..fact })
            .collect(),
        level: show::level(found.level),
        because: rule.map(|rule| show::clause(&rule.clause, plan)),
        owed: of(Truth::True),
        open: of(Truth::Unknown),
        turns: found.turns.iter().map(|turn| row(plan, &known, turn, lang)).collect(),
        form,
    };
    page(&view)
}

/// What the address says of a case; an answer that is none stands beside its question.
fn circumstances(
    plan: &Plan,
    asked: &BTreeMap<String, String>,
    form: &mut Form,
    lang: Lang,
) -> Circumstances {
    let mut facts = Answers::new();
    let given = asked.iter().filter_map(|(key, value)| Some((key.strip_prefix(FACT)?, value)));
    for (fact, value) in given.filter(|(_, value)| !value.is_empty()) {
        if let Ok((fact, value)) = answer_of(plan, fact, value) {
            facts.insert(fact, value);
        } else {
            let problem = FieldProblem::NotAChoice.text(lang);
            *form = form.clone().fail(&format!("{FACT}{fact}"), fact, problem);
        }
    }
    let level = asked.get("level").and_then(|level| IncidentLevel::parse(level));
    Circumstances { facts, level, response: None }
}

fn row(plan: &Plan, known: &Circumstances, turn: &Turn, lang: Lang) -> TurnRow {
    let titles = |rules: &[RuleId]| -> Vec<String> {
        rules.iter().filter_map(|id| plan.clock(id)).map(|rule| show::text(&rule.title, lang)).collect()
    };
    // Names of facts and choices are lower-case letters, digits, hyphens and underscores: no escaping.
    let mut then = known.facts.clone();
    then.insert(turn.fact.clone(), turn.to.clone());
    let level = known.level.map(|level| format!("level={level}"));
    let facts = then.iter().map(|(fact, value)| format!("{FACT}{fact}={}", typed(value)));
    let query = level.into_iter().chain(facts).collect::<Vec<_>>().join("&");
    TurnRow {
        fact: show::text(&plan.fact_title(&turn.fact), lang),
        to: show::text(&plan.value_title(&turn.fact, &turn.to), lang),
        level: show::level(turn.level),
        added: titles(&turn.added),
        dropped: titles(&turn.dropped),
        href: format!("/plans/{}/obligations?{query}", plan.id),
    }
}
