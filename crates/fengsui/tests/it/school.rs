//! The pack of the tutorial, `examples/school-2026`: what the page on plan packs and the one on the API say about
//! it is so, from the check to the archive.

use std::path::{Path, PathBuf};

use fengsui_service::Environment;
use serde_json::{Value, json};

use crate::client::Client;
use crate::program::{Node, done, fengsui};

/// The page whose tutorial writes the pack.
const PAGE: &str = include_str!("../../../../docs/src/plan-packs.md");
/// The page that walks an incident through the API.
const API: &str = include_str!("../../../../docs/src/api.md");

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

/// The folder of the pack.
fn pack() -> PathBuf {
    examples().join("school-2026")
}

/// The fenced blocks of a language under a heading.
fn blocks<'p>(page: &'p str, heading: &str, language: &str) -> Vec<&'p str> {
    let (_, section) = page.split_once(&format!("\n{heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let fence = format!("```{language}\n");
    section.split(fence.as_str()).skip(1).map(|rest| rest.split("```\n").next().unwrap()).collect()
}

#[test]
fn the_tutorial_shows_the_pack_as_it_is() {
    let shown = blocks(PAGE, "## Write a small plan", "yaml");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(pack()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.push(examples().join("school-website.yaml"));
    for file in &files {
        let text = std::fs::read_to_string(file).unwrap();
        assert!(shown.contains(&text.as_str()), "the page does not show {} as it is", file.display());
    }
    assert_eq!(shown.len(), files.len(), "the page shows nothing else");
}

#[test]
fn every_command_about_a_plan_takes_the_folder() {
    let pack = pack();
    let checked = fengsui(&[&"plan", &"check", &pack]);
    assert_eq!((checked.code, checked.out.as_str()), (0, ""), "{checked:?}");
    assert!(checked.err.ends_with(": 0 findings\n"), "{checked:?}");
    for (arguments, says) in [
        (vec!["show", "--lang", "en"], "Emergency plan of Qingshan Middle School"),
        (vec!["defaults", "--lang", "en"], "Every 2 hours."),
        (vec!["obligations", "--lang", "en", "--fact", "pupils=30"], "Report of a leak to the police"),
        (vec!["coverage"], "no test ran clocks/police"),
    ] {
        let mut whole: Vec<&dyn AsRef<std::ffi::OsStr>> = vec![&"plan", &arguments[0], &pack];
        whole.extend(arguments[1..].iter().map(|word| word as &dyn AsRef<std::ffi::OsStr>));
        let told = done(&whole);
        assert!(told.contains(says), "{arguments:?}: {told}");
    }
    let card = done(&[&"plan", &"card", &pack, &"website", &"--lang", &"en"]);
    assert!(card.contains("Take the site down"), "{card}");
    let diff =
        done(&[&"plan", &"diff", &pack, &pack, &"--choose", &"progress-hours=two-hours", &"--lang", &"en"]);
    assert!(diff.contains("within: 4 h → 2 h"), "{diff}");
}

#[test]
fn what_cannot_be_asked_of_a_folder_is_said() {
    let pack = pack();
    for (arguments, says) in [
        (vec!["warning"], "the plan `school-2026` has no warnings; these have: jincheng-internet-2008"),
        (
            vec!["obligations", "--choose", "progress-hours=tow-hours"],
            "unknown option \"tow-hours\"; did you mean",
        ),
    ] {
        let mut whole: Vec<&dyn AsRef<std::ffi::OsStr>> = vec![&"plan", &arguments[0], &pack];
        whole.extend(arguments[1..].iter().map(|word| word as &dyn AsRef<std::ffi::OsStr>));
        let told = fengsui(&whole);
        assert_eq!(told.code, 2, "{told:?}");
        assert!(told.err.contains(says) && !told.err.contains("chosen.yaml"), "{told:?}");
    }
    let twice = fengsui(&[&"plan", &"obligations", &pack, &pack]);
    assert!(twice.err.contains("the plan `school-2026` is named twice"), "{twice:?}");
}

#[test]
fn the_drill_of_the_tutorial_ends_as_it_says() {
    let scenario = examples().join("school-website.yaml");
    let unknown = fengsui(&[&"drill", &"check", &scenario]);
    assert_eq!(unknown.code, 1, "the plan is not among the shipped ones: {unknown:?}");
    let checked = fengsui(&[&"drill", &"check", &scenario, &"--plan", &pack()]);
    assert_eq!((checked.code, checked.out.as_str()), (0, ""), "{checked:?}");
    let run = fengsui(&[&"drill", &"run", &scenario, &"--plan", &pack(), &"--json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let drill = run.json();
    assert_eq!(drill["plan"]["id"], "school-2026");
    let obligations = &drill["counts"]["obligations"];
    assert_eq!((&obligations["late"], &obligations["lapsed"]), (&json!(0), &json!(0)), "{obligations}");
}

/// Somebody with an account and a token of the node in a folder.
fn person(data: &Path, url: &str, name: &str, role: &str, bodies: &[&str]) -> Client {
    let mut create: Vec<&dyn AsRef<std::ffi::OsStr>> =
        vec![&"user", &"create", &name, &"--data", &data, &"--display", &name, &"--role", &role];
    for body in bodies {
        create.extend([&"--body" as &dyn AsRef<std::ffi::OsStr>, body]);
    }
    done(&create);
    let token = done(&[&"token", &"create", &"--data", &data, &"--account", &name, &"--name", &"test"]);
    Client::new(url, &token)
}

/// A request of the walk on the page about the API: who asks, the path, the body.
struct Asked {
    who: String,
    path: String,
    body: Value,
}

/// The walk as the page has it, one request a line: `li events {…}`.
fn walk() -> Vec<Asked> {
    let [block] =
        <[&str; 1]>::try_from(blocks(API, "## An incident from the event to the archive", "text")).unwrap();
    let request = |line: &str| {
        let (who, rest) = line.split_once(' ').unwrap();
        let (path, body) = rest.trim_start().split_once(' ').unwrap();
        let body = serde_json::from_str(body.trim()).unwrap_or_else(|error| panic!("{error}: {line}"));
        Asked { who: who.to_owned(), path: path.to_owned(), body }
    };
    block.lines().map(request).collect()
}

#[test]
fn an_incident_of_the_school_goes_to_the_archive_as_the_page_says() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let own = data.join("plans/school-2026");
    std::fs::create_dir_all(&own).unwrap();
    for file in std::fs::read_dir(pack()).unwrap() {
        let file = file.unwrap().path();
        std::fs::copy(&file, own.join(file.file_name().unwrap())).unwrap();
    }
    let node = Node::start_with(&data, &[&"--plan", &"school-2026"]);
    let people = [
        ("li", person(&data, &node.url, "li", "duty-officer", &["unit"])),
        ("wang", person(&data, &node.url, "wang", "duty-officer", &["head-of-it"])),
        ("zhao", person(&data, &node.url, "zhao", "commander", &["headmaster"])),
    ];
    let (mut event, mut incident, mut run, mut report) =
        (String::new(), String::new(), String::new(), String::new());
    let id = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut last = Value::Null;
    for Asked { who, path, body } in walk() {
        let (_, client) = people.iter().find(|(name, _)| *name == who).unwrap();
        let path = path.replace("EVENT", &event).replace("INCIDENT", &incident);
        let path = format!("/api/v1/{}", path.replace("RUN", &run).replace("REPORT", &report));
        let body = body.to_string().replace("NOW", &Environment::system().now().to_string());
        last = client.made(&path, &serde_json::from_str(&body).unwrap());
        if path.ends_with("/events") {
            event = id(&last["id"]);
        } else if path.ends_with("/triage") {
            incident = id(&last["incident"]);
        } else if path.ends_with("/playbooks") {
            run = id(&last["playbooks"][0]["id"]);
        } else if path.ends_with("/reports") {
            report = id(&last["reports"].as_array().unwrap().last().unwrap()["id"]);
        }
    }
    assert_eq!((&last["phase"], &last["plan"]["id"]), (&json!("archived"), &json!("school-2026")));
    for clock in last["clocks"].as_array().unwrap() {
        let state = clock["state"].as_str().unwrap();
        assert!(["met", "replaced"].contains(&state), "{clock}");
    }
    drop(node);
    assert!(done(&[&"ledger", &"verify", &data]).starts_with("good: "));
}

#[test]
fn a_refused_answer_says_what_it_takes() {
    let folder = tempfile::tempdir().unwrap();
    let unknown = fengsui(&[&"serve", &"--data", &folder.path(), &"--plan", &"no-such-plan"]);
    assert_eq!(unknown.code, 2, "{unknown:?}");
    assert!(unknown.err.contains("there is no plan `no-such-plan`; there are: "), "{unknown:?}");
    let node = Node::start_with(folder.path(), &[&"--plan", &"jincheng-egov-2008"]);
    let officer = person(folder.path(), &node.url, "li", "duty-officer", &["unit"]);
    let event = json!({"title": "x", "source": "report", "sender": "y", "unit": "z"});
    let event = officer.made("/api/v1/events", &event);
    let path = format!("/api/v1/events/{}/triage", event["id"].as_str().unwrap());
    let judged =
        json!({"outcome": "incident", "category": "attack", "level": "IV", "answers": {"asset_kind": "x"}});
    let (status, problem) = officer.post(&path, "", &judged).unwrap();
    assert_eq!(status, 422, "{problem}");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("asset_kind = x (it takes "), "{detail}");
}
