//! `fengsui drill`: what it prints, how it ends.

use crate::program::{done, fengsui};

#[test]
fn the_shipped_scenarios_are_listed_and_right() {
    let list = done(&[&"drill", &"list"]);
    assert_eq!(list.lines().count(), 13, "{list}");
    let rows = fengsui(&[&"drill", &"list", &"--json"]).json();
    assert_eq!(rows.as_array().map(Vec::len), Some(13));
    let checked = fengsui(&[&"drill", &"check"]);
    assert_eq!((checked.code, checked.out.as_str()), (0, ""), "{checked:?}");
}

#[test]
fn the_same_seed_prints_the_same_bytes() {
    let run = |seed: &str| fengsui(&[&"drill", &"run", &"egov-line-fault", &"--json", &"--seed", &seed]);
    let first = run("7");
    assert_eq!(first.code, 0, "{}", first.err);
    assert_eq!(first.out, run("7").out);
    assert_ne!(first.out, run("8").out);
    let drill = first.json();
    assert_eq!(
        (drill["mark"].as_str(), drill["ledger"]["verified"].as_bool()),
        (Some("DRILL 演练"), Some(true))
    );
    let obligation = &drill["incidents"][0]["obligations"][0];
    for field in ["rule", "title", "clause", "of", "to", "started_at", "due_at", "met_at", "state", "by"] {
        assert!(!obligation[field].is_null(), "{field}: {obligation}");
    }
}

#[test]
fn a_drill_ends_as_its_expectations_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.yaml");
    let text = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../scenarios/internet-level-four.yaml"
    ));
    let text = text.unwrap().replace("scenario: internet-level-four", "scenario: own");
    for (text, code, says) in [
        (text.clone(), 0, "review"),
        (
            text.replace("filing: met", "filing: late"),
            1,
            "not as expected: filing should be late, but is met",
        ),
    ] {
        std::fs::write(&file, text).unwrap();
        let ended = fengsui(&[&"drill", &"run", &file, &"--lang", &"en"]);
        assert_eq!(ended.code, code, "{ended:?}");
        assert!(ended.out.starts_with("DRILL 演练") && ended.out.contains(says), "{ended:?}");
    }
    std::fs::write(&file, text.replace("lasts: 60 d", "lasts: long")).unwrap();
    let ended = fengsui(&[&"drill", &"run", &file]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{ended:?}");
    assert!(ended.err.contains("own.yaml:9:8: \"long\" is not understood here"), "{ended:?}");
    assert_eq!(fengsui(&[&"drill", &"check", &file]).code, 1);
    let unknown = fengsui(&[&"drill", &"run", &"no-such-drill"]);
    assert!(unknown.code == 2 && unknown.err.contains("egov-intrusion"), "{unknown:?}");
}

#[test]
fn a_report_is_written_and_marked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.html");
    done(&[&"drill", &"run", &"egov-machine-room", &"--report", &file]);
    let page = std::fs::read_to_string(&file).unwrap();
    assert!(page.contains("<div class=\"mark foot\">DRILL 演练</div>") && page.contains("机房火灾"));
    let nowhere = folder.path().join("none/report.html");
    assert_eq!(fengsui(&[&"drill", &"run", &"egov-machine-room", &"--report", &nowhere]).code, 3);
}
