//! `fengsui plan`.

use std::path::Path;

use fengsui_domain::expr::Answers;
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::obligation::Circumstances;
use fengsui_domain::plan::{self, FactId, Lang, PlanId, RuleId};
use fengsui_service::Environment;
use fengsui_wire::api::Settlement;
use fengsui_wire::plan::{
    Finding, FindingJson, Library, ObligationsJson, PackFile, Severity, SummaryJson, answer_of, card, diff,
    show, show_defaults, show_diff, show_obligations,
};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::cli::{self, Plan};
use crate::exit::{Failure, Outcome, answer, print_json, print_line};

mod place;
mod warning;

pub(crate) use place::at_hand;
use place::{choosing, plan_at, read_folder, unknown};

pub(crate) fn run(command: Plan) -> Outcome {
    match command {
        Plan::List { json } => list(json),
        Plan::Show { plan, chosen, lang } => print(&plan, &chosen.choose, lang),
        Plan::Defaults { plan, chosen, lang, json } => defaults(&plan, &chosen.choose, lang, json),
        Plan::Card { plan, playbook, lang } => print_card(&plan, &playbook, lang),
        Plan::Check { plans, on, json } => check(&plans, on.unwrap_or_else(today), json),
        Plan::Diff { before, after, choose, lang, json } => {
            let (before, after) = (plan_at(&before, &[])?, plan_at(&after, &choose)?);
            if json {
                print_json(&diff(&before, &after))?;
            } else {
                print_line(&show_diff(&before, &after, language(lang)))?;
            }
            Ok(answer(true))
        }
        Plan::Obligations { plans, facts, level, response, start, chosen, lang, json } => {
            let asked = Asked { facts, level: level_of(level)?, response: level_of(response)?, start };
            obligations(&plans, &asked, &chosen.choose, lang, json)
        }
        Plan::Warning { plan, facts, colour, by, reach, lang, json } => {
            let asked = warning::Asked { facts, colour, by, reach };
            warning::run(&plan, &asked, language(lang), json)
        }
        Plan::Coverage { plan, clauses, json } => crate::coverage::run(plan.as_deref(), &clauses, json),
    }
}

fn list(json: bool) -> Outcome {
    let library = Library::shipped();
    let rows: Vec<SummaryJson> = library.list().map(SummaryJson::from).collect();
    if json {
        print_json(&rows)?;
    } else {
        for pack in library.list() {
            let plan = &pack.plan;
            print_line(&format!("{}  {}  {}", plan.id, plan.title.zh, plan.title.en))?;
        }
    }
    Ok(answer(true))
}

fn print(id: &str, choose: &[String], lang: cli::Lang) -> Outcome {
    let plan = plan_at(id, choose)?;
    print_line(&show(&plan, language(lang)))?;
    Ok(answer(true))
}

/// What the document leaves open, how the pack settles it, and what may be chosen instead.
fn defaults(id: &str, choose: &[String], lang: cli::Lang, json: bool) -> Outcome {
    let plan = plan_at(id, choose)?;
    if json {
        let rows: Vec<Settlement> = plan.defaults.iter().map(Settlement::from).collect();
        print_json(&rows)?;
    } else {
        print_line(show_defaults(&plan, language(lang)).trim_end())?;
    }
    Ok(answer(true))
}

/// One playbook as a card for the wall.
fn print_card(id: &str, playbook: &str, lang: cli::Lang) -> Outcome {
    let plan = plan_at(id, &[])?;
    let card = card(&plan, &RuleId::new(playbook), language(lang)).ok_or_else(|| {
        let known: Vec<String> = plan.playbooks.iter().map(|known| known.id.to_string()).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        Failure::usage(format!("the plan `{id}` has no playbook `{playbook}`; it has: {known}"))
    })?;
    print_line(card.text().trim_end())?;
    Ok(answer(true))
}

pub(crate) fn language(lang: cli::Lang) -> Lang {
    match lang {
        cli::Lang::Zh => Lang::Zh,
        cli::Lang::En => Lang::En,
    }
}

/// How many findings, in words.
pub(crate) fn counted(findings: usize) -> String {
    let several = if findings == 1 { "" } else { "s" };
    format!("{findings} finding{several}")
}

/// What the command line says of a case.
struct Asked {
    facts: Vec<String>,
    level: Option<IncidentLevel>,
    response: Option<IncidentLevel>,
    start: Option<jiff::Timestamp>,
}

/// The day on this machine.
fn today() -> Date {
    Environment::system().now().to_zoned(TimeZone::system()).date()
}

fn level_of(written: Option<String>) -> Result<Option<IncidentLevel>, Failure> {
    let unknown = |text: String| Failure::usage(format!("`{text}` is no level; there are: I, II, III, IV"));
    written.map(|text| IncidentLevel::parse(&text).ok_or_else(|| unknown(text))).transpose()
}

fn obligations(names: &[String], asked: &Asked, choose: &[String], lang: cli::Lang, json: bool) -> Outcome {
    let (library, ids) = at_hand(names)?;
    let known = |id: &PlanId| library.get(id).ok_or_else(|| unknown(&library, id.as_str()));
    let written = ids.iter().map(|id| Ok(&known(id)?.plan)).collect::<Result<Vec<_>, Failure>>()?;
    // Each plan takes the choices that are its own.
    let own = |plan: &plan::Plan, word: &&String| {
        word.split_once('=').is_none_or(|(default, _)| plan.default(&RuleId::new(default)).is_some())
    };
    if let Some(word) = choose.iter().find(|word| !written.iter().any(|plan| own(plan, word))) {
        return Err(Failure::usage(format!("none of these plans has the default of `{word}`")));
    }
    let mut plans = Vec::new();
    for (plan, name) in written.into_iter().zip(names) {
        let words: Vec<String> = choose.iter().filter(|word| own(plan, word)).cloned().collect();
        plans.push(choosing(&library, &plan.id, name, &words)?);
    }
    let plans: Vec<&plan::Plan> = plans.iter().collect();
    let mut rows = Vec::new();
    for plan in &plans {
        let facts = facts_of(plan, &plans, &asked.facts)?;
        let known = Circumstances { facts, level: asked.level, response: asked.response };
        let found = fengsui_domain::obligation::obligations(plan, &known);
        if !json {
            print_line(&show_obligations(plan, &found, language(lang), asked.start))?;
        }
        rows.push(ObligationsJson::new(plan, &found, asked.start));
    }
    if json {
        print_json(&rows)?;
    }
    Ok(answer(true))
}

/// The answers that concern this plan; a fact that none of the plans has is a mistake.
fn facts_of(plan: &plan::Plan, all: &[&plan::Plan], written: &[String]) -> Result<Answers, Failure> {
    let mut facts = Answers::new();
    for word in written {
        let (fact, value) = word
            .split_once('=')
            .ok_or_else(|| Failure::usage(format!("`{word}` is no answer; write `fact=answer`")))?;
        let elsewhere = all.iter().any(|other| other.facts.contains_key(&FactId::new(fact)));
        if elsewhere && !plan.facts.contains_key(&FactId::new(fact)) {
            continue;
        }
        let (fact, value) = answer_of(plan, fact, value).map_err(Failure::usage)?;
        facts.insert(fact, value);
    }
    Ok(facts)
}

fn check(plans: &[String], on: Date, json: bool) -> Outcome {
    let shipped = Library::shipped_files();
    let mut findings: Vec<Finding> = Vec::new();
    let mut checked = Vec::new();
    if plans.is_empty() {
        findings.extend(Library::check(&shipped, Some(on)));
        checked.push(format!("{} files", shipped.len()));
    }
    for name in plans {
        let folder = format!("{name}/");
        let own: Vec<PackFile<'_>> =
            shipped.iter().filter(|file| file.path.starts_with(&folder)).copied().collect();
        if own.is_empty() {
            findings.extend(check_folder(Path::new(name), on)?);
        } else {
            findings.extend(Library::check(&own, Some(on)));
        }
        checked.push(name.clone());
    }
    if json {
        print_json(&findings.iter().map(FindingJson::from).collect::<Vec<_>>())?;
    } else {
        for finding in &findings {
            let (code, severity) = (finding.code.info().code, finding.severity.as_str());
            print_line(&format!("{code} {severity} {finding}"))?;
        }
    }
    eprintln!("checked {}: {}", checked.join(", "), counted(findings.len()));
    Ok(answer(!findings.iter().any(|finding| finding.severity == Severity::Error)))
}

fn check_folder(folder: &Path, on: Date) -> Result<Vec<Finding>, Failure> {
    let files = read_folder(folder)?;
    let packs: Vec<PackFile<'_>> = files.iter().map(|(path, bytes)| PackFile { path, bytes }).collect();
    Ok(Library::check(&packs, Some(on)))
}
