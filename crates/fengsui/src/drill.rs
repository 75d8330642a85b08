//! `fengsui drill`.

use std::path::{Path, PathBuf};

use fengsui_domain::plan;
use fengsui_drill::{Asked, report, run as run_drill, shipped};
use fengsui_service::folder::read_limited;
use fengsui_wire::plan::scenario::{LoadedScenario, Scenario, load};
use fengsui_wire::plan::{Finding, FindingJson, Library, Severity};

use crate::cli::Drill;
use crate::exit::{Failure, Outcome, answer, print_json, print_line};
use crate::plan::{at_hand, counted, language};

/// A scenario at hand.
#[derive(serde::Serialize)]
struct Row {
    id: String,
    plan: String,
    title: [String; 2],
    says: [String; 2],
}

pub(crate) fn run(command: Drill) -> Outcome {
    match command {
        Drill::List { json } => list(json),
        Drill::Check { scenarios, plan, json } => check(&scenarios, &at_hand(&plan)?.0, json),
        Drill::Run { scenario, plan, seed, lang, json, report } => {
            let seen = Seen { seed, lang: language(lang), json, report };
            drill(&scenario, &at_hand(&plan)?.0, &seen)
        }
    }
}

fn list(json: bool) -> Outcome {
    let plans = Library::shipped();
    let mut rows = Vec::new();
    for known in shipped::all() {
        let Scenario { id, plan, title, says, .. } = usable(load(known.name, known.bytes, &plans))?;
        rows.push(Row { id, plan: plan.to_string(), title: [title.zh, title.en], says: [says.zh, says.en] });
    }
    if json {
        print_json(&rows)?;
    } else {
        for row in rows {
            print_line(&format!("{}  {}  {}", row.id, row.title[0], row.title[1]))?;
        }
    }
    Ok(answer(true))
}

fn check(names: &[String], plans: &Library, json: bool) -> Outcome {
    let all: Vec<String> = shipped::all().into_iter().map(|known| known.name.to_owned()).collect();
    let names = if names.is_empty() { &all } else { names };
    let mut findings: Vec<Finding> = Vec::new();
    for name in names {
        findings.extend(loaded(name, plans)?.findings);
    }
    if json {
        print_json(&findings.iter().map(FindingJson::from).collect::<Vec<_>>())?;
    } else {
        for finding in &findings {
            print_line(&finding.to_string())?;
        }
    }
    eprintln!("checked {}: {}", names.join(", "), counted(findings.len()));
    Ok(answer(!findings.iter().any(|finding| finding.severity == Severity::Error)))
}

/// How a drill is run and seen.
struct Seen {
    seed: u64,
    lang: plan::Lang,
    json: bool,
    report: Option<PathBuf>,
}

fn drill(name: &str, plans: &Library, seen: &Seen) -> Outcome {
    let &Seen { seed, lang, json, .. } = seen;
    let scenario = usable(loaded(name, plans)?)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let asked = Asked { scenario: &scenario, plans, seed, lang };
    let done = runtime.block_on(run_drill(asked))?;
    if let Some(path) = &seen.report {
        std::fs::write(path, report::html(&done, lang))
            .map_err(|error| Failure::stopped(format!("cannot write `{}`: {error}", path.display())))?;
        eprintln!("the report is in {}", path.display());
    }
    if json {
        print_json(&done)?;
    } else {
        print_line(report::summary(&done, lang).trim_end())?;
    }
    Ok(answer(done.holds()))
}

/// A shipped scenario by its name, or one in a file.
fn loaded(name: &str, plans: &Library) -> Result<LoadedScenario, Failure> {
    if let Some(known) = shipped::get(name) {
        return Ok(load(known.name, known.bytes, plans));
    }
    let bytes = read_limited(Path::new(name)).map_err(|error| {
        let known: Vec<&str> = shipped::all().iter().map(|known| known.name).collect();
        let known = known.join(", ");
        Failure::usage(format!(
            "`{name}` is neither a shipped scenario nor a file that can be read: {error}; there are: {known}"
        ))
    })?;
    Ok(load(name, &bytes, plans))
}

/// The scenario, or everything that is wrong with it.
fn usable(loaded: LoadedScenario) -> Result<Scenario, Failure> {
    let findings = loaded.findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    loaded.scenario.ok_or_else(|| Failure::usage(format!("the scenario cannot be read:\n{findings}")))
}
