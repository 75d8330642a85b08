//! Plans named on the command line: a shipped one by its id, one of somebody's own by its folder.

use std::collections::BTreeMap;
use std::path::Path;

use fengsui_domain::plan::{Plan, PlanId, RuleId};
use fengsui_service::folder::read_limited;
use fengsui_wire::plan::{Finding, Library, Origin, PackFile, Severity};

use crate::exit::Failure;

/// Files of one folder handed to the loader, which takes 32 of a pack.
const MAX_FILES: usize = 1_000;

/// The shipped plans and those in the folders named, with the id of each name in order.
///
/// A name is the id of a shipped plan where there is one, and a folder otherwise. The plan in a folder takes the
/// place of a shipped one with its id.
pub(crate) fn at_hand<N: AsRef<str>>(names: &[N]) -> Result<(Library, Vec<PlanId>), Failure> {
    let library = Library::shipped();
    let mut ids: Vec<PlanId> = Vec::new();
    for name in names {
        let id = in_library(&library, name.as_ref())?;
        if ids.contains(&id) {
            return Err(Failure::usage(format!("the plan `{id}` is named twice; name it once")));
        }
        ids.push(id);
    }
    Ok((library, ids))
}

/// The plan of this name, with these options chosen.
pub(super) fn plan_at(name: &str, choose: &[String]) -> Result<Plan, Failure> {
    let library = Library::shipped();
    let id = in_library(&library, name)?;
    choosing(&library, &id, name, choose)
}

/// The id of the plan of this name; one in a folder is put into the library.
fn in_library(library: &Library, name: &str) -> Result<PlanId, Failure> {
    let id = PlanId::new(name);
    if library.get(&id).is_some() {
        return Ok(id);
    }
    if !Path::new(name).exists() {
        return Err(unknown(library, name));
    }
    let files = read_folder(Path::new(name))?;
    let packs: Vec<PackFile<'_>> = files.iter().map(|(path, bytes)| PackFile { path, bytes }).collect();
    let own = Library::default();
    let findings = own.add(Origin::Operator, &packs);
    let Some(pack) = own.list().next() else {
        let first = findings.iter().find(|finding| finding.severity == Severity::Error);
        let first = first.map_or_else(String::new, |finding| format!(": {finding}"));
        return Err(Failure::usage(format!(
            "`{name}` is not a plan that can be read{first}; `fengsui plan check {name}` says all"
        )));
    };
    library.add(Origin::Operator, &packs);
    Ok(pack.plan.id.clone())
}

/// The plan with these options chosen; `name` is what it was called on the command line.
pub(super) fn choosing(
    library: &Library,
    id: &PlanId,
    name: &str,
    written: &[String],
) -> Result<Plan, Failure> {
    let own = library.get(id).ok_or_else(|| unknown(library, name))?;
    let mut options = own.plan.chosen();
    options.extend(chosen(written)?);
    let found = library.choosing(id, &options);
    let pack = found.map_err(|findings| match findings.first() {
        Some(finding) => Failure::usage(format!(
            "{}\n`fengsui plan defaults {name}` lists what may be chosen",
            said(finding)
        )),
        None => unknown(library, name),
    })?;
    Ok(pack.plan.clone())
}

/// A finding in words; what the command line chose stands in no file, so no place is told.
fn said(finding: &Finding) -> String {
    if !finding.place.starts_with("chosen/") {
        return finding.to_string();
    }
    let fix = finding.fix.as_ref().map_or_else(String::new, |fix| format!("; {}", fix.en));
    format!("{}{fix}", finding.message.en)
}

/// The options that the command line chooses, each as `DEFAULT=OPTION`.
fn chosen(written: &[String]) -> Result<BTreeMap<RuleId, RuleId>, Failure> {
    let choice = |word: &String| match word.split_once('=') {
        Some((default, option)) => Ok((RuleId::new(default), RuleId::new(option))),
        None => Err(Failure::usage(format!("`{word}` chooses nothing; write `default=option`"))),
    };
    written.iter().map(choice).collect()
}

/// The files of a folder by their paths, in order.
pub(super) fn read_folder(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let unreadable = |error: std::io::Error| {
        Failure::usage(format!(
            "`{}` is neither a shipped plan nor a folder that can be read: {error}",
            folder.display()
        ))
    };
    // A pack bears the name of its folder, which `.` does not tell.
    let folder =
        if folder.file_name().is_none() { &folder.canonicalize().map_err(unreadable)? } else { folder };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
            if files.len() >= MAX_FILES {
                let words = format!("`{}` holds more than {MAX_FILES} files of a plan", folder.display());
                return Err(Failure::usage(words));
            }
            let bytes = read_limited(&path);
            let bytes = bytes
                .map_err(|error| Failure::usage(format!("`{}` cannot be read: {error}", path.display())))?;
            files.push((path.display().to_string(), bytes));
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(Failure::usage(format!("`{}` holds no `.yaml` file", folder.display())));
    }
    Ok(files)
}

/// What is said where there is no plan of this name.
pub(super) fn unknown(library: &Library, name: &str) -> Failure {
    let known = library.list().map(|pack| pack.plan.id.to_string()).collect::<Vec<_>>().join(", ");
    Failure::usage(format!(
        "there is no plan `{name}`; there are: {known}; one of your own is named by its folder"
    ))
}
