//! The OpenAPI document: complete, consistent, and the same list as the routes.

use std::collections::{BTreeMap, BTreeSet};

use fengsui_domain::permission::Permission;
use fengsui_domain::refusal::Refusal;
use fengsui_server::openapi;
use fengsui_server::problem::Problem;
use fengsui_service::Error;
use fengsui_wire::api::ProblemCode;
use jiff::Timestamp;
use serde_json::Value;

use crate::schema::Document;

/// Operations that answer everybody.
const OPEN: [&str; 3] = ["/healthz", "/ledger/checkpoint", "/readyz"];

fn document() -> Document {
    Document::new(serde_json::to_value(openapi()).unwrap())
}

#[test]
fn the_routes_are_those_of_the_golden_list() {
    let document = document();
    let mut routes: Vec<String> = document
        .operations()
        .iter()
        .map(|(method, path, operation)| {
            format!("{method} {path} {}", operation["operationId"].as_str().unwrap())
        })
        .collect();
    routes
        .sort_by_key(|line| line.split_once(' ').map(|(method, path)| (path.to_owned(), method.to_owned())));
    let listed = routes.join("\n") + "\n";
    assert_eq!(
        listed,
        include_str!("../routes.txt"),
        "if this is meant, tests/routes.txt becomes:\n{listed}"
    );
}

/// A pack may only claim a record that there is a route for.
#[test]
fn what_a_plan_says_is_kept_has_a_route() {
    let routes: BTreeSet<String> = include_str!("../routes.txt")
        .lines()
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(route, _)| route.to_owned())
        .collect();
    for kept in fengsui_domain::plan::Kept::ALL {
        assert!(routes.contains(kept.route()), "{kept}: {}", kept.route());
    }
}

#[test]
fn operation_ids_are_unique_and_every_operation_has_a_tag_and_words() {
    let document = document();
    let mut seen = BTreeSet::new();
    for (method, path, operation) in document.operations() {
        let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
        assert!(!id.is_empty() && seen.insert(id.clone()), "{method} {path}: operation id `{id}`");
        assert!(
            operation["tags"].as_array().is_some_and(|tags| !tags.is_empty()),
            "{method} {path} has no tag"
        );
        assert!(
            operation["summary"].as_str().is_some_and(|words| !words.is_empty()),
            "{method} {path} has no summary"
        );
    }
}

#[test]
fn every_operation_tells_of_401_unless_it_is_open() {
    for (method, path, operation) in document().operations() {
        let told = operation["responses"].get("401").is_some();
        assert_eq!(told, !OPEN.contains(&path.as_str()), "{method} {path}");
    }
}

#[test]
fn every_problem_is_told_as_a_problem_document() {
    for (method, path, operation) in document().operations() {
        for (status, answer) in operation["responses"].as_object().unwrap() {
            if status.starts_with(['4', '5']) {
                let schema = &answer["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/Problem", "{method} {path} {status}");
            }
        }
    }
}

#[test]
fn every_parameter_of_a_path_is_told() {
    for (method, path, operation) in document().operations() {
        let none = Vec::new();
        let told = operation["parameters"].as_array().unwrap_or(&none);
        let told: BTreeSet<&str> =
            told.iter().filter(|one| one["in"] == "path").filter_map(|one| one["name"].as_str()).collect();
        let parts = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        assert_eq!(parts.collect::<BTreeSet<_>>(), told, "{method} {path}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    fn references<'v>(value: &'v Value, found: &mut BTreeSet<&'v str>) {
        match value {
            Value::Object(object) => {
                found.extend(object.get("$ref").and_then(Value::as_str));
                object.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let document = document().0;
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(found.len() > 50, "{found:?}");
    for reference in found {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference} leads nowhere");
    }
}

/// Objects of a schema, and of those it refers to, that take any field: neither closed nor a map.
fn open_objects(document: &Value, schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(object) => {
            if object.contains_key("properties")
                && object.get("additionalProperties") != Some(&Value::Bool(false))
            {
                found.push(schema.to_string());
            }
            if let Some(name) = object.get("$ref").and_then(Value::as_str) {
                open_objects(document, document.pointer(name.trim_start_matches('#')).unwrap(), found);
            }
            object.values().for_each(|value| open_objects(document, value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| open_objects(document, item, found)),
        _ => {}
    }
}

#[test]
fn bodies_of_requests_are_closed_all_the_way_down() {
    let document = document();
    let mut bodies = 0;
    for (method, path, operation) in document.operations() {
        let Some(schema) = operation.pointer("/requestBody/content/application~1json/schema") else {
            continue;
        };
        let mut open = Vec::new();
        open_objects(&document.0, schema, &mut open);
        assert_eq!(open, Vec::<String>::new(), "{method} {path} takes fields it does not know");
        bodies += 1;
    }
    assert!(bodies > 40, "only {bodies} bodies found");
}

#[test]
fn every_answer_that_asks_to_wait_says_how_long() {
    for (method, path, operation) in document().operations() {
        for (status, answer) in operation["responses"].as_object().unwrap() {
            let told = answer.pointer("/headers/Retry-After").is_some();
            assert_eq!(told, matches!(status.as_str(), "429" | "503"), "{method} {path} {status}");
        }
    }
}

/// One refusal of each kind; the match in `code` has no wildcard, so a new kind fails here by its count.
fn refusals() -> Vec<Refusal> {
    let at = Timestamp::UNIX_EPOCH;
    vec![
        Refusal::NotPermitted { needed: Permission::CaseRead },
        Refusal::NotEntitled { entitled: Vec::new() },
        Refusal::SamePerson { first: "a", second: "b" },
        Refusal::PersonRequired,
        Refusal::WrongPhase { action: "a", phase: "b" },
        Refusal::AlreadyDone { action: "a" },
        Refusal::NotReady { action: "a", needs: "b" },
        Refusal::StepsOpen { action: "a", steps: vec!["b".to_owned()] },
        Refusal::Missing { field: "a" },
        Refusal::TooLong { field: "a", chars: 2, max: 1 },
        Refusal::ControlCharacter { field: "a" },
        Refusal::Unknown { field: "a", value: "b".into() },
        Refusal::BadTime { field: "a", at, problem: "in the future" },
        Refusal::ReasonRequired { proposed: None },
        Refusal::ConditionsOpen { missing: Vec::new() },
        Refusal::DerivedOpen { open: 1 },
        Refusal::NameTaken { name: "a".into() },
        Refusal::LastAdministrator,
        Refusal::TooMany { field: "a", count: 2, max: 1 },
        Refusal::NotInPlan { what: "a" },
    ]
}

/// Fails to compile when a kind of refusal is added, as a reminder to list it above.
fn known(refusal: &Refusal) {
    match refusal {
        Refusal::NotPermitted { .. }
        | Refusal::NotEntitled { .. }
        | Refusal::SamePerson { .. }
        | Refusal::PersonRequired
        | Refusal::WrongPhase { .. }
        | Refusal::AlreadyDone { .. }
        | Refusal::NotReady { .. }
        | Refusal::StepsOpen { .. }
        | Refusal::NotInPlan { .. }
        | Refusal::Missing { .. }
        | Refusal::TooLong { .. }
        | Refusal::ControlCharacter { .. }
        | Refusal::Unknown { .. }
        | Refusal::BadTime { .. }
        | Refusal::ReasonRequired { .. }
        | Refusal::ConditionsOpen { .. }
        | Refusal::DerivedOpen { .. }
        | Refusal::NameTaken { .. }
        | Refusal::LastAdministrator
        | Refusal::TooMany { .. } => {}
    }
}

#[test]
fn every_code_is_in_the_document() {
    let document = document();
    let codes =
        document.0.pointer("/components/schemas/ProblemCode/enum").unwrap().as_array().unwrap().clone();
    for refusal in refusals() {
        known(&refusal);
        assert!(codes.contains(&refusal.code().into()), "{refusal:?}");
    }
    let mut statuses = BTreeMap::new();
    for error in [
        Error::NotFound { what: "a", id: "b".into() },
        Error::Unauthenticated { reason: "a" },
        Error::SignIn,
        Error::SlowDown { wait_s: 1 },
        Error::Invalid { field: "a", problem: "b".into() },
        Error::Changed { expected: 1, found: 2 },
        Error::KeyReused,
        Error::PlanMissing { id: "a".into(), digest: "b".into() },
        Error::TooLarge { what: "a", bytes: 2, max: 1 },
    ] {
        let problem = Problem::from(error);
        assert!(ProblemCode::parse(problem.code).is_some(), "{problem:?}");
        statuses.insert(problem.code, problem.status.as_u16());
    }
    assert_eq!(statuses["not_found"], 404);
    assert_eq!(statuses["changed"], 412);
}
