//! Options are tried together, on several threads and with what they share read once; what is found is what each
//! finds that is chosen by itself in a pack read from its files.

use std::fmt::Write;

use super::super::finding::{Code, Finding, say};
use super::super::load::load_with_options;
use super::super::{Library, PackFile, load};
use super::findings::cases;
use super::fixture;

/// Last of the files of a pack, so that the others keep their places.
const CHOSEN_FILE: &str = "zz-chosen.yaml";

type Files = Vec<(String, Vec<u8>)>;

fn packed(files: &Files) -> Vec<PackFile<'_>> {
    files.iter().map(|(path, bytes)| PackFile { path, bytes }).collect()
}

/// What is found when a pack and each version of it with one option more are read one after the other, and the
/// options that change no rule.
fn one_by_one(files: &Files) -> (Vec<Finding>, Vec<String>) {
    let own = load(&packed(files));
    let (mut found, mut idle) = (own.findings, Vec::new());
    let Some(plan) = own.plan else { return (found, idle) };
    for default in &plan.defaults {
        for option in default.options.iter().filter(|option| Some(&option.id) != default.chosen.as_ref()) {
            let mut chosen = format!("chosen:\n  {}: {}\n", default.id, option.id);
            for other in plan.defaults.iter().filter(|other| other.id != default.id) {
                if let Some(option) = &other.chosen {
                    writeln!(chosen, "  {}: {option}", other.id).expect("a string");
                }
            }
            let mut files: Files =
                files.iter().filter(|(path, _)| !path.ends_with("chosen.yaml")).cloned().collect();
            files.push((format!("{}/{CHOSEN_FILE}", plan.id), chosen.into_bytes()));
            let other = load(&packed(&files));
            for mut finding in other.findings {
                if !found.contains(&finding) {
                    let (default, option) = (&default.id, &option.id);
                    finding.message = say(
                        format!("选用 {default}={option} 时：{}", finding.message.zh),
                        format!("with {default}={option}: {}", finding.message.en),
                    );
                    found.push(finding);
                }
            }
            let unchanged = |mut other: fengsui_domain::plan::Plan| {
                other.defaults = plan.defaults.clone();
                other == plan
            };
            if other.plan.is_some_and(unchanged) {
                idle.push(format!("defaults/{}/options/{}", default.id, option.id));
            }
        }
    }
    found.sort_by(|a, b| {
        (&a.file, a.line, a.column, a.code, &a.place).cmp(&(&b.file, b.line, b.column, b.code, &b.place))
    });
    (found, idle)
}

/// The same of all options at once.
fn together(files: &Files) -> (Vec<Finding>, Vec<String>) {
    let found = load_with_options(&packed(files), None).findings;
    let (idle, found): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|finding| finding.code == Code::OptionIdle);
    (found, idle.into_iter().map(|finding| finding.place).collect())
}

/// The pack that is right, with many options: some are fine, some wrong, some change nothing.
fn many_options() -> Files {
    let (at, same) = ("at: 25%, to: office", "at: 50%, to: office");
    let mut options = String::new();
    for number in 0..24 {
        let change = match number % 6 {
            0 => "escalate: [{ at: 10%, to: office }]".to_owned(),
            1 => format!("escalate: [{{ at: 25%, to: nobody-{number} }}]"),
            2 => format!("escalate: [{{ {same} }}]"),
            3 => format!("when: facts.no_such_fact_{number} || incident.level == 'IV'"),
            4 => "when: incident.level == 'IV' && incident.level == 'III'".to_owned(),
            _ => "within: soon".to_owned(),
        };
        writeln!(
            options,
            "      option-{number}:\n        answer: {{ zh: 选项{number}, en: Option {number} }}\n        change:\n          clocks:\n            oral-report:\n              {change}"
        )
        .expect("a string");
    }
    let mut files = fixture("town");
    let text = std::str::from_utf8(&files[0].1).expect("text");
    let sooner = format!("              escalate: [{{ {at} }}]\n");
    assert!(text.contains(&sooner), "the option that others are written behind is there");
    files[0].1 = text.replacen(&sooner, &format!("{sooner}{options}"), 1).into_bytes();
    files
}

#[test]
fn every_option_finds_what_it_finds_alone() {
    let files = many_options();
    let (found, idle) = together(&files);
    assert!(found.len() >= 16, "{found:#?}");
    assert_eq!(idle.len(), 4, "{idle:?}");
    assert_eq!((found, idle), one_by_one(&files));
}

#[test]
fn broken_packs_are_found_out_alike() {
    // Where there are more options than are tried, only that is said.
    let too_many =
        |found: &[Finding]| found.iter().any(|it| it.code == Code::Limit && it.place == "defaults");
    for case in cases().into_iter().filter(|case| !too_many(&together(&case.files()).0)) {
        assert_eq!(together(&case.files()), one_by_one(&case.files()), "{}", case.what);
    }
}

#[test]
fn shipped_packs_are_found_right_alike() {
    let shipped = Library::shipped_files();
    let mut folders: Vec<&str> =
        shipped.iter().filter_map(|file| Some(file.path.split_once('/')?.0)).collect();
    folders.dedup();
    for folder in folders {
        let own =
            shipped.iter().filter(|file| file.path.split_once('/').is_some_and(|(name, _)| name == folder));
        let files: Files = own.map(|file| (file.path.to_owned(), file.bytes.to_vec())).collect();
        assert_eq!(together(&files), one_by_one(&files), "{folder}");
    }
}
