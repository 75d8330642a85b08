//! Which rules on intake and triage a test ran: read off the requests that a node accepted.
//!
//! The rest of a plan is run without a node, by the tests of `fengsui-wire`; what happens before there is an
//! incident needs one. `cargo xtask coverage` sets [`FOLDER`]; without it nothing is written down.

use std::io::Write as _;

use fengsui_domain::plan::Plan;
use fengsui_wire::plan::citations;
use serde_json::Value;

/// The variable that names the folder to write to.
const FOLDER: &str = "FENGSUI_RULES_RAN";
/// The test binary, as the lists name it.
const BINARY: &str = "fengsui-server::it";

/// Whether anybody wants to know.
pub(crate) fn wanted() -> bool {
    std::env::var_os(FOLDER).is_some()
}

/// Notes the rules behind an accepted request; `plan` gives the plan of an id, or the node's own.
pub(crate) fn note(path: &str, body: &Value, plan: impl Fn(Option<&str>) -> Option<Plan>) {
    let mut places = Vec::new();
    if path == "/api/v1/events" {
        places.extend(body["source"].as_str().map(|source| format!("intake/sources/{source}")));
        let points = body["points"].as_object().into_iter().flatten();
        places.extend(points.map(|(point, _)| format!("intake/points/{point}")));
    } else if path.starts_with("/api/v1/events/") && path.ends_with("/triage") {
        places.extend(["triage", "triage/scope"].map(String::from));
        places.extend(body["outcome"].as_str().map(|outcome| format!("triage/{outcome}")));
    }
    let thread = std::thread::current();
    let (Some(folder), Some(test)) = (std::env::var_os(FOLDER), thread.name()) else { return };
    let Some(plan) = plan(body["plan"].as_str()) else { return };
    let cited: Vec<String> = citations(&plan).into_iter().map(|(_, place)| place).collect();
    let ran = places.iter().filter(|place| test.contains("::") && cited.contains(place));
    let lines: String = ran.map(|place| format!("{}\t{place}\t{BINARY} {test}\n", plan.id)).collect();
    let path = std::path::Path::new(&folder).join(format!("{}.tsv", std::process::id()));
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
    file.write_all(lines.as_bytes()).unwrap();
}
