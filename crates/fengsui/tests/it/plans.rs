//! `fengsui plan`: the packs that come with the program, listed, shown and checked.

use crate::program::{done, fengsui};

const SHIPPED: [&str; 6] = [
    "cn-reporting-2025",
    "eu-dora",
    "eu-nis2",
    "jincheng-egov-2008",
    "jincheng-internet-2008",
    "national-2017",
];

#[test]
fn every_pack_is_listed_shown_and_clean() {
    let list = done(&[&"plan", &"list"]);
    let listed: Vec<&str> = list.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(listed, SHIPPED);
    for pack in SHIPPED {
        let checked = fengsui(&[&"plan", &"check", &"--on", &"2026-10-30", &pack]);
        assert_eq!((checked.code, checked.out.as_str()), (0, ""), "{checked:?}");
        for lang in ["zh", "en"] {
            let page = done(&[&"plan", &"show", &pack, &"--lang", &lang]);
            assert!(page.contains(pack), "{pack} in {lang}");
        }
    }
    let unknown = fengsui(&[&"plan", &"show", &"nowhere-2020"]);
    assert_eq!(unknown.code, 2, "{unknown:?}");
    assert!(SHIPPED.iter().all(|pack| unknown.err.contains(pack)), "{unknown:?}");
}

#[test]
fn a_finding_is_told_with_its_code_and_the_folder_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let pack = folder.path().join("our-plan");
    std::fs::create_dir(&pack).expect("a folder");
    std::fs::write(pack.join("plan.yaml"), "plan: our-plan\nzone: Asia/Shanghi\n").expect("a file");
    let checked = fengsui(&[&"plan", &"check", &"--on", &"2026-10-30", &pack]);
    assert_eq!(checked.code, 1, "{checked:?}");
    let zone = checked.out.lines().find(|line| line.starts_with("FP009 error ")).expect("the zone");
    assert!(zone.contains("plan.yaml:2:7: \"Asia/Shanghi\" is not understood here"), "{zone}");
}

/// A pack of a stranger may have anything behind the name of a file.
#[test]
fn a_link_to_a_device_is_no_file_of_a_plan() {
    let folder = tempfile::tempdir().expect("a folder");
    let link = folder.path().join("plan.yaml");
    std::os::unix::fs::symlink("/dev/zero", &link).expect("a link");
    let checked = fengsui(&[&"plan", &"check", &folder.path()]);
    let words = format!("fengsui: `{}` cannot be read: it is not a regular file\n", link.display());
    assert_eq!((checked.code, checked.err.as_str()), (2, words.as_str()), "{checked:?}");
    let checked = fengsui(&[&"drill", &"check", &link]);
    assert!(checked.code == 2 && checked.err.contains("it is not a regular file"), "{checked:?}");
}

#[test]
fn coverage_speaks_of_every_clause_of_a_register() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("clauses.toml");
    let clause = |id: &str| format!("[[clause]]\nid = \"{id}\"\ntitle = \"t\"\nkind = \"rule\"\n");
    let ids = ["elsewhere-2020/1", "national-2017/7.8", "national-2017/4.1.a"];
    std::fs::write(&file, ids.map(clause).concat()).expect("the register is written");
    let text = done(&[&"plan", &"coverage", &"--json", &"--clauses", &file]);
    let rows: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let found: Vec<_> =
        rows.as_array().expect("rows").iter().map(|row| (&row["id"], &row["state"])).collect();
    assert_eq!(
        serde_json::json!(found),
        serde_json::json!([[ids[0], "missing"], [ids[1], "evidence"], [ids[2], "executable"],])
    );
    assert_eq!(rows[0]["where"], serde_json::json!([]));
    assert!(rows[2]["where"][0]["tests"][0].as_str().is_some_and(|test| test.contains("::")), "{rows}");
    let table = done(&[&"plan", &"coverage", &"--clauses", &file]);
    assert!(table.contains("rule                      1        1       1       3\n"), "{table}");
    assert!(table.contains("missing: elsewhere-2020/1  t: no rule and no record names it"), "{table}");
    let own = done(&[&"plan", &"coverage", &"national-2017"]);
    assert!(own.starts_with("kind") && own.contains("\nall "), "{own}");

    std::fs::write(&file, "[[clause]]\nid = 4\n").expect("the register is written");
    let refused = fengsui(&[&"plan", &"coverage", &"--clauses", &file]);
    assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{refused:?}");
    assert!(refused.err.contains("clauses.toml: line 2, column 6"), "{refused:?}");
    assert_eq!(fengsui(&[&"plan", &"coverage", &"nowhere-2020"]).code, 2);
    assert_eq!(fengsui(&[&"plan", &"coverage", &"--clauses", &"no-such-file.toml"]).code, 2);
}

#[test]
fn a_playbook_is_printed_as_a_card() {
    let card = done(&[&"plan", &"card", &"jincheng-egov-2008", &"website-tampering", &"--lang", &"en"]);
    assert!(card.contains("Web page defacement") && card.contains("Waits until"), "{card}");
    let unknown = fengsui(&[&"plan", &"card", &"jincheng-egov-2008", &"no-such"]);
    assert_eq!(unknown.code, 2, "{unknown:?}");
    assert!(unknown.err.contains("virus-outbreak"), "{unknown:?}");
}

#[test]
fn what_the_national_plan_leaves_open_is_said() {
    let page = done(&[&"plan", &"show", &"national-2017", &"--lang", &"en"]);
    for sentence in [
        "Another plan applies; here it is recorded and handed over: the special plan for information content security [1.3.c]",
        "the start forms a headquarters [2.1.c · D1]",
        "Left to other plans: Level III responses follow the plans of the region and department where it happened",
        "owed again each time it is met, as long as it applies",
    ] {
        assert!(page.contains(sentence), "{sentence}");
    }
    for absent in ["## Disposal plan", "## Publication", "files with"] {
        assert!(!page.contains(absent), "the plan has no such thing: {absent}");
    }
}

/// What two plans ask for in one situation, and answers that cannot be meant.
#[test]
fn obligations_of_two_plans() {
    let both: [&dyn AsRef<std::ffi::OsStr>; 4] =
        [&"plan", &"obligations", &"jincheng-internet-2008", &"national-2017"];
    let asked = |more: &[&'static dyn AsRef<std::ffi::OsStr>]| fengsui(&[&both[..], more].concat());
    let page = asked(&[&"--fact", &"spread=strong", &"--lang", &"en"]);
    assert_eq!(page.code, 0, "{page:?}");
    for sentence in ["- Level: II [2.2.2]", "within 2 hours", "What one other answer would change"] {
        assert!(page.out.contains(sentence), "{sentence}");
    }
    let rows = asked(&[&"--level", &"IV", &"--json"]);
    let rows: serde_json::Value = serde_json::from_str(&rows.out).unwrap();
    assert_eq!((&rows[0]["level"], &rows[1]["plan"]), (&"IV".into(), &"national-2017".into()));
    let oral = rows[0]["duties"].as_array().unwrap().iter().find(|duty| duty["rule"] == "unit-oral-general");
    let oral = oral.unwrap();
    assert_eq!(
        (&oral["applies"], &oral["within_s"], &oral["form"]),
        (&"true".into(), &1800.into(), &"oral".into())
    );
    for (wrong, says) in [
        (&"spread" as &'static dyn AsRef<std::ffi::OsStr>, "write `fact=answer`"),
        (&"sprad=strong", "has no fact `sprad`"),
        (&"spread=huge", "is answered with none"),
    ] {
        let refused = asked(&[&"--fact", wrong]);
        assert_eq!(refused.code, 2, "{refused:?}");
        assert!(refused.err.contains(says), "{refused:?}");
    }
    let level = asked(&[&"--level", &"V"]);
    assert!(level.code == 2 && level.err.contains("there are: I, II, III, IV"), "{level:?}");
}

/// Working days over the turn of the year: due times are told, and what is not known of the days on the way.
#[test]
fn due_times_of_the_calendar() {
    let folder = tempfile::tempdir().expect("a folder");
    let pack = folder.path().join("jincheng-egov-2008");
    std::fs::create_dir(&pack).expect("a folder");
    let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plans/jincheng-egov-2008");
    for file in std::fs::read_dir(shipped).expect("the pack") {
        let file = file.expect("a file").path();
        std::fs::copy(&file, pack.join(file.file_name().expect("a name"))).expect("copied");
    }
    let checked = |on: &'static str| fengsui(&[&"plan", &"check", &"--on", &on, &pack]);
    assert_eq!(checked("2026-10-30").out, "");
    let late = checked("2026-11-23");
    assert_eq!(late.code, 0, "{late:?}");
    assert!(late.out.starts_with("FP096 warning ") && late.out.contains("working days of 2027"), "{late:?}");
    let unknown = fengsui(&[&"plan", &"check", &"--on", &"tomorrow", &pack]);
    assert_eq!(unknown.code, 2, "{unknown:?}");
    let asked = |more: &[&'static dyn AsRef<std::ffi::OsStr>]| {
        let plan: [&dyn AsRef<std::ffi::OsStr>; 7] = [
            &"plan",
            &"obligations",
            &"jincheng-internet-2008",
            &"--level",
            &"IV",
            &"--start",
            &"2026-12-31T18:00:00+08:00",
        ];
        fengsui(&[&plan[..], more].concat())
    };
    let page = asked(&[&"--lang", &"en"]).out;
    assert!(page.contains("- Due, if it begins then: 2026-12-31 18:30 +08:00\n"), "{page}");
    let rows: serde_json::Value = serde_json::from_str(&asked(&[&"--json"]).out).expect("JSON");
    let oral = rows[0]["duties"]
        .as_array()
        .and_then(|duties| duties.iter().find(|duty| duty["rule"] == "unit-oral-general"));
    let oral = oral.expect("the oral report");
    assert_eq!(
        (&oral["due_at"], &oral["calendar"]),
        (&"2026-12-31T10:30:00Z".into(), &serde_json::Value::Null)
    );
    assert_eq!(oral["holidays_unknown"], serde_json::json!([]));
}

/// A copy of a shipped pack with a longer limit: one sentence; a folder that is no plan says why.
#[test]
fn what_differs_between_two_versions() {
    let folder = tempfile::tempdir().unwrap();
    let (shipped, copy) = (
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plans/jincheng-internet-2008"),
        folder.path().join("jincheng-internet-2008"),
    );
    std::fs::create_dir(&copy).unwrap();
    for file in std::fs::read_dir(shipped).unwrap() {
        let file = file.unwrap().path();
        let text = std::fs::read_to_string(&file).unwrap().replacen("within: 30 min", "within: 40 min", 1);
        std::fs::write(copy.join(file.file_name().unwrap()), text).unwrap();
    }
    let page = done(&[&"plan", &"diff", &"jincheng-internet-2008", &copy, &"--lang", &"en"]);
    assert!(
        page.contains("- **Oral report of a general event** [5.1.3.a]\n  - within: 30 min → 40 min"),
        "{page}"
    );
    let rows = done(&[&"plan", &"diff", &copy, &"jincheng-internet-2008", &"--json"]);
    let rows: serde_json::Value = serde_json::from_str(&rows).unwrap();
    assert_eq!((rows.as_array().unwrap().len(), &rows[0]["after"]), (1, &1800.into()));
    std::fs::write(copy.join("clocks.yaml"), "clocks: 3\n").unwrap();
    let broken = fengsui(&[&"plan", &"diff", &"jincheng-internet-2008", &copy]);
    assert!(broken.code == 2 && broken.err.contains("is not a plan that can be read: "), "{broken:?}");
}

/// What the city plan makes of a threat: the colour and why, who issues it, and a refusal as a negative answer.
#[test]
fn what_a_plan_makes_of_a_threat() {
    let city: [&dyn AsRef<std::ffi::OsStr>; 3] = [&"plan", &"warning", &"jincheng-internet-2008"];
    let asked = |more: &[&'static dyn AsRef<std::ffi::OsStr>]| fengsui(&[&city[..], more].concat());
    let page = asked(&[
        &"--fact",
        &"new_threat=true",
        &"--fact",
        &"whole_city=true",
        &"--fact",
        &"threat_spread=nationwide",
        &"--by",
        &"security-office",
        &"--lang",
        &"en",
    ]);
    assert_eq!(page.code, 0, "{page:?}");
    for sentence in [
        "- Colour: **Red (grade I, especially serious)** (proposed by the rules) [4.3.1.1",
        "## What one other answer would change",
        "first decided by City government; the decision names who issues (because of the colour) [4.3.2.b",
        "- Issuing unit [4.2.3.b]",
        "  - Telephone [4.3.3.a]",
        "within 30 minutes, from the issue",
    ] {
        assert!(page.out.contains(sentence), "{sentence}\n{}", page.out);
    }
    let json = asked(&[&"--colour", &"yellow", &"--by", &"unit", &"--json"]);
    assert_eq!(json.code, 1, "a body without the right: {json:?}");
    let found: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((&found["colour"], &found["colour_is"]), (&"yellow".into(), &"given".into()));
    assert_eq!(found["issue"]["ruling"], "must_not");
    assert_eq!(found["issue"]["entitled"][0]["by"], serde_json::json!(["security-office"]));
    assert_eq!(found["owed"][0]["due_s"], 7_200);
}

/// The national plan proposes by the level that is expected; reach decides who issues.
#[test]
fn the_national_plan_warns_by_the_level_expected() {
    let orange = done(&[
        &"plan",
        &"warning",
        &"national-2017",
        &"--fact",
        &"threat=serious",
        &"--fact",
        &"effect=serious",
        &"--lang",
        &"en",
    ]);
    assert!(orange.contains("**Red** (the worst still possible; answers are missing)"), "{orange}");
    let office =
        ["--colour", "orange", "--by", "provincial-cyberspace", "--reach", "several-regions", "--json"];
    let mut asked: Vec<&dyn AsRef<std::ffi::OsStr>> = vec![&"plan", &"warning", &"national-2017"];
    asked.extend(office.iter().map(|word| word as &dyn AsRef<std::ffi::OsStr>));
    let refused = fengsui(&asked);
    assert_eq!(refused.code, 1, "{refused:?}");
    let found: serde_json::Value = serde_json::from_str(&refused.out).unwrap();
    assert_eq!(found["issue"]["refusals"][0]["because"], "reach");
    assert_eq!(found["issue"]["entitled"][0]["by"], serde_json::json!(["national-emergency-office"]));
    assert_eq!(found["before"].as_array().unwrap().len(), 7, "3.2.a to 3.3.b");
}

#[test]
fn what_cannot_be_asked_of_warnings_is_said() {
    for (wrong, says) in [
        (&["no-such-plan"][..], "there is no plan `no-such-plan`"),
        (&["jincheng-egov-2008"], "has no warnings; these have: jincheng-internet-2008, national-2017"),
        (&["national-2017", "--colour", "violet"], "there are: red, orange, yellow, blue"),
        (&["national-2017", "--by", "mayor"], "`mayor` is no body of `national-2017`"),
        (
            &["national-2017", "--reach", "galaxy"],
            "`galaxy` is no reach; there are: own-industry, own-region",
        ),
        (
            &["jincheng-internet-2008", "--fact", "spread=strong"],
            "has no fact `spread`; there are: new_threat",
        ),
        (&["jincheng-internet-2008", "--fact", "systems_hit=many"], "is answered with a whole number"),
        (&["jincheng-internet-2008", "--fact", "new_threat"], "write `fact=answer`"),
    ] {
        let mut asked: Vec<&dyn AsRef<std::ffi::OsStr>> = vec![&"plan", &"warning"];
        asked.extend(wrong.iter().map(|word| word as &dyn AsRef<std::ffi::OsStr>));
        let refused = fengsui(&asked);
        assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{refused:?}");
        assert!(refused.err.contains(says), "{says}: {refused:?}");
    }
}
