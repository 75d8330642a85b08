//! `fengsui plan warning`.

use fengsui_domain::expr::Answers;
use fengsui_domain::plan::{Lang, Plan, RoleId};
use fengsui_domain::warning::{Reach, Ruling, WarningColour};
use fengsui_wire::plan::{Library, WarningAsked, WarningFound, WarningJson, answer_on_threat, show_threat};

use super::plan_at;
use crate::exit::{Failure, Outcome, answer, print_json, print_line};

/// What the command line says of a threat.
pub(super) struct Asked {
    pub(super) facts: Vec<String>,
    pub(super) colour: Option<String>,
    pub(super) by: Option<String>,
    pub(super) reach: String,
}

/// Prints what the plan makes of the threat; a negative answer if the body asked for must not issue it.
pub(super) fn run(id: &str, asked: &Asked, lang: Lang, json: bool) -> Outcome {
    let plan = &plan_at(id, &[])?;
    if plan.warnings.is_none() {
        return Err(no_warnings(plan));
    }
    let asked = meant(plan, asked)?;
    let Some(found) = WarningFound::new(plan, &asked) else { return Err(no_warnings(plan)) };
    if json {
        print_json(&WarningJson::new(plan, &asked, &found))?;
    } else if let Some(page) = show_threat(plan, &asked, lang) {
        print_line(page.trim_end())?;
    }
    let must_not = found.verdict.is_some_and(|verdict| matches!(verdict.ruling, Ruling::MustNot { .. }));
    Ok(answer(!must_not))
}

fn no_warnings(plan: &Plan) -> Failure {
    let id = &plan.id;
    let library = Library::shipped();
    let with = library.list().filter(|pack| pack.plan.warnings.is_some());
    let with = with.map(|pack| pack.plan.id.to_string()).collect::<Vec<_>>().join(", ");
    Failure::usage(format!("the plan `{id}` has no warnings; these have: {with}"))
}

/// What was typed becomes what is meant.
fn meant(plan: &Plan, asked: &Asked) -> Result<WarningAsked, Failure> {
    let mut answers = Answers::new();
    for word in &asked.facts {
        let (fact, value) = word
            .split_once('=')
            .ok_or_else(|| Failure::usage(format!("`{word}` is no answer; write `fact=answer`")))?;
        let (fact, value) = answer_on_threat(plan, fact, value).map_err(Failure::usage)?;
        answers.insert(fact, value);
    }
    let colour = asked.colour.as_deref().map(|name| colour(plan, name)).transpose()?;
    let by = asked.by.as_deref().map(|name| body(plan, name)).transpose()?;
    let reach = Reach::parse(&asked.reach).ok_or_else(|| {
        let known: Vec<&str> = Reach::ALL.iter().map(|reach| reach.as_str()).collect();
        Failure::usage(format!("`{}` is no reach; there are: {}", asked.reach, known.join(", ")))
    })?;
    Ok(WarningAsked { answers, colour, by, reach })
}

fn colour(plan: &Plan, name: &str) -> Result<WarningColour, Failure> {
    let colours = plan.warnings.iter().flat_map(|warnings| warnings.colours.keys());
    let known: Vec<&str> = colours.map(|colour| colour.as_str()).collect();
    let colour = WarningColour::parse(name).filter(|colour| known.contains(&colour.as_str()));
    let wrong = || format!("`{name}` is no colour of `{}`; there are: {}", plan.id, known.join(", "));
    colour.ok_or_else(|| Failure::usage(wrong()))
}

fn body(plan: &Plan, name: &str) -> Result<RoleId, Failure> {
    let role = RoleId::new(name);
    if plan.roles.contains_key(&role) {
        return Ok(role);
    }
    let known: Vec<&str> = plan.roles.keys().map(RoleId::as_str).collect();
    Err(Failure::usage(format!("`{name}` is no body of `{}`; there are: {}", plan.id, known.join(", "))))
}
