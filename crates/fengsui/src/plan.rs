//! `fengsui plan`.

use std::path::Path;

use fengsui_domain::plan::{Lang, PlanId, RuleId};
use fengsui_wire::plan::{
    Finding, FindingJson, Library, Origin, PackFile, Severity, SummaryJson, card, show,
};

use crate::cli::{self, Plan};
use crate::exit::{Failure, Outcome, answer, print_json, print_line};

/// Bytes of one file handed to the loader; it has narrower limits of its own.
const MAX_FILE_BYTES: u64 = 8 << 20;

pub(crate) fn run(command: Plan) -> Outcome {
    match command {
        Plan::List { json } => list(json),
        Plan::Show { plan, lang } => print(&plan, lang),
        Plan::Card { plan, playbook, lang } => print_card(&plan, &playbook, lang),
        Plan::Check { plans, json } => check(&plans, json),
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

fn print(id: &str, lang: cli::Lang) -> Outcome {
    let library = Library::shipped();
    let pack = library.get(&PlanId::new(id)).ok_or_else(|| unknown(&library, id))?;
    print_line(&show(&pack.plan, language(lang)))?;
    Ok(answer(true))
}

/// One playbook as a card for the wall.
fn print_card(id: &str, playbook: &str, lang: cli::Lang) -> Outcome {
    let library = Library::shipped();
    let pack = library.get(&PlanId::new(id)).ok_or_else(|| unknown(&library, id))?;
    let card = card(&pack.plan, &RuleId::new(playbook), language(lang)).ok_or_else(|| {
        let known: Vec<String> = pack.plan.playbooks.iter().map(|known| known.id.to_string()).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        Failure::usage(format!("the plan `{id}` has no playbook `{playbook}`; it has: {known}"))
    })?;
    print_line(card.trim_end())?;
    Ok(answer(true))
}

fn language(lang: cli::Lang) -> Lang {
    match lang {
        cli::Lang::Zh => Lang::Zh,
        cli::Lang::En => Lang::En,
    }
}

fn check(plans: &[String], json: bool) -> Outcome {
    let shipped = Library::shipped_files();
    let mut findings: Vec<Finding> = Vec::new();
    let mut checked = Vec::new();
    if plans.is_empty() {
        findings.extend(Library::default().add(Origin::Shipped, &shipped));
        checked.push(format!("{} files", shipped.len()));
    }
    for name in plans {
        let folder = format!("{name}/");
        let own: Vec<PackFile<'_>> =
            shipped.iter().filter(|file| file.path.starts_with(&folder)).copied().collect();
        if own.is_empty() {
            findings.extend(check_folder(Path::new(name))?);
        } else {
            findings.extend(Library::default().add(Origin::Shipped, &own));
        }
        checked.push(name.clone());
    }
    if json {
        print_json(&findings.iter().map(FindingJson::from).collect::<Vec<_>>())?;
    } else {
        for finding in &findings {
            print_line(&finding.to_string())?;
        }
    }
    eprintln!("checked {}: {} findings", checked.join(", "), findings.len());
    Ok(answer(!findings.iter().any(|finding| finding.severity == Severity::Error)))
}

fn check_folder(folder: &Path) -> Result<Vec<Finding>, Failure> {
    let unreadable = |error: std::io::Error| {
        Failure::usage(format!(
            "`{}` is neither a shipped plan nor a folder that can be read: {error}",
            folder.display()
        ))
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
            let size = std::fs::metadata(&path).map_err(unreadable)?.len();
            if size > MAX_FILE_BYTES {
                let words =
                    format!("`{}` has {size} bytes, at most {MAX_FILE_BYTES} are read", path.display());
                return Err(Failure::usage(words));
            }
            files.push((path.display().to_string(), std::fs::read(&path).map_err(unreadable)?));
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(Failure::usage(format!("`{}` holds no `.yaml` file", folder.display())));
    }
    let packs: Vec<PackFile<'_>> = files.iter().map(|(path, bytes)| PackFile { path, bytes }).collect();
    Ok(Library::default().add(Origin::Operator, &packs))
}

fn unknown(library: &Library, id: &str) -> Failure {
    let known = library.list().map(|pack| pack.plan.id.to_string()).collect::<Vec<_>>().join(", ");
    Failure::usage(format!("there is no plan `{id}`; there are: {known}"))
}
