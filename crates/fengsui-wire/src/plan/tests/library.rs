use std::collections::BTreeMap;

use fengsui_domain::plan::{PlanId, RuleId};

use super::super::{Finding, FindingJson, Library, Origin, Pack, PackFile, Severity, SummaryJson};
use super::{fixture, load_files};

fn files(list: &[(String, Vec<u8>)]) -> Vec<PackFile<'_>> {
    list.iter().map(|(path, bytes)| PackFile { path, bytes }).collect()
}

/// A copy of the minimal pack in `folder`, with its document number changed.
fn minimal(folder: &str, document: &str) -> Vec<(String, Vec<u8>)> {
    let copy = |(path, bytes): (String, Vec<u8>)| {
        let text = String::from_utf8(bytes)
            .expect("text")
            .replace("document: \"1\"", &format!("document: \"{document}\""));
        (path.replacen("minimal/", &format!("{folder}/"), 1), text.into_bytes())
    };
    fixture("minimal").into_iter().map(copy).collect()
}

#[test]
fn what_is_embedded_is_what_lies_in_the_folder() {
    let root = format!("{}/../../plans", env!("CARGO_MANIFEST_DIR"));
    let mut on_disk = Vec::new();
    for pack in
        std::fs::read_dir(&root).expect("the plans folder").map(|entry| entry.expect("an entry").path())
    {
        for file in
            std::fs::read_dir(&pack).into_iter().flatten().map(|entry| entry.expect("an entry").path())
        {
            let path = file
                .strip_prefix(&root)
                .expect("below the root")
                .to_str()
                .expect("a readable name")
                .to_owned();
            on_disk.push((path, std::fs::read(file).expect("a readable file")));
        }
    }
    on_disk.sort();
    let embedded: Vec<(String, Vec<u8>)> =
        Library::shipped_files().iter().map(|file| (file.path.to_owned(), file.bytes.to_vec())).collect();
    assert!(on_disk == embedded, "the embedded packs are stale; build again");
}

#[test]
fn shipped_packs_have_no_findings() {
    // Every option of every default is tried as well.
    assert_eq!(Library::check(&Library::shipped_files(), None), []);
    assert!(Library::shipped().get(&PlanId::new("jincheng-internet-2008")).is_some());
}

/// The choice of one option.
fn choice(default: &str, option: &str) -> BTreeMap<RuleId, RuleId> {
    BTreeMap::from([(RuleId::new(default), RuleId::new(option))])
}

#[test]
fn a_choice_makes_a_version_that_is_kept_and_put_in_use_when_told() {
    let id = PlanId::new("town");
    let library = Library::default();
    assert_eq!(library.add(Origin::Operator, &files(&fixture("town"))), []);
    let clock = RuleId::new("oral-report");
    let percent = |pack: &Pack| pack.plan.clock(&clock).expect("the clock").escalate[0].at_percent;
    let written = library.get(&id).expect("in use");
    assert_eq!((percent(written), written.plan.chosen()), (50, BTreeMap::new()));
    let sooner = choice("oral-report-reminder", "sooner");
    let chosen = library.choosing(&id, &sooner).expect("an option that fits");
    assert_eq!((percent(chosen), chosen.plan.chosen()), (25, sooner.clone()));
    assert_eq!(chosen.plan.defaults[0].holds().en, "A reminder when a quarter of it is gone");
    assert_ne!(chosen.digest, written.digest);
    assert_eq!(library.get(&id).expect("in use").digest, written.digest, "not in use until it is told");
    assert!(library.put_in_use(&id, &chosen.digest) && !library.put_in_use(&id, "0"));
    assert_eq!(library.get(&id).expect("in use").digest, chosen.digest);
    assert_eq!(
        library.version(&id, &written.digest).map(percent),
        Some(50),
        "incidents that run keep theirs"
    );
    assert_eq!(library.choosing(&id, &sooner).expect("the same").digest, chosen.digest);
    let back = library.choosing(&id, &BTreeMap::new()).expect("as it was written");
    assert_eq!(back.digest, written.digest, "no choice is the version as it was written");
    let files = chosen.files().map(|(name, _)| name.to_owned()).collect::<Vec<_>>();
    assert_eq!(files, ["plan.yaml", "chosen.yaml"]);
}

/// An operator may choose otherwise than the pack does, also nothing at all.
#[test]
fn what_an_operator_chooses_takes_the_place_of_what_the_pack_chooses() {
    let (id, library) = (PlanId::new("town"), Library::default());
    let mut written = fixture("town");
    let own = b"chosen: { oral-report-reminder: sooner }\n".to_vec();
    written.push(("town/settled.yaml".to_owned(), own));
    assert_eq!(library.add(Origin::Operator, &files(&written)), []);
    let sooner = choice("oral-report-reminder", "sooner");
    let pack = library.get(&id).expect("in use");
    assert_eq!(pack.plan.chosen(), sooner);
    assert_eq!(library.choosing(&id, &sooner).expect("what it chooses").digest, pack.digest);
    let ours = library.choosing(&id, &BTreeMap::new()).expect("nothing chosen");
    assert!(ours.plan.chosen().is_empty() && ours.digest != pack.digest, "{:?}", ours.plan.chosen());
    let kept: Vec<(String, Vec<u8>)> =
        ours.files().map(|(name, bytes)| (format!("town/{name}"), bytes.to_vec())).collect();
    assert_eq!(Library::default().add_kept(&files(&kept)), [], "what is kept can be read again");
    assert!(library.put_in_use(&id, &ours.digest));
    assert_eq!(library.choosing(&id, &sooner).expect("as it was").digest, pack.digest);
}

#[test]
fn a_choice_that_does_not_fit_makes_no_version() {
    let library = Library::default();
    library.add(Origin::Operator, &files(&fixture("town")));
    for (default, option, says) in [
        (
            "oral-report-reminder",
            "later",
            "FP100 town/chosen.yaml:3:27: unknown option \"later\"; known are \"sooner\"",
        ),
        (
            "oral-report-remidner",
            "sooner",
            "FP100 town/chosen.yaml:3:27: unknown default \"oral-report-remidner\"; did you mean \"oral-report-reminder\"?",
        ),
        ("no\nsuch: x", "y", "FP013"),
    ] {
        let found = library.choosing(&PlanId::new("town"), &choice(default, option)).expect_err(says);
        let line = format!("{} {}", found[0].code.info().code, found[0]);
        assert!(line.starts_with(says), "{line}");
    }
    assert_eq!(library.choosing(&PlanId::new("village"), &BTreeMap::new()).expect_err("no such plan"), []);
}

/// A pack is whole in its folder, so two packs of one country each list its days off: they must say the same.
#[test]
fn packs_of_one_zone_know_the_same_days_off() {
    let library = Library::shipped();
    let plans: Vec<_> = library.list().map(|pack| pack.plan.clone()).collect();
    let mut lists = Vec::new();
    for plan in plans {
        let choices = plan.defaults.iter().flat_map(|default| {
            default.options.iter().map(|option| choice(default.id.as_str(), option.id.as_str()))
        });
        for choice in std::iter::once(BTreeMap::new()).chain(choices) {
            let chosen = &library.choosing(&plan.id, &choice).expect("an option that fits").plan;
            // With most options the list is that of the pack.
            if !chosen.holidays.years.is_empty() && (choice.is_empty() || chosen.holidays != plan.holidays) {
                let name = format!("{} {choice:?}", plan.id);
                lists.push((chosen.zone.clone(), name, chosen.holidays.clone()));
            }
        }
    }
    let in_china = lists.iter().filter(|(zone, ..)| zone == "Asia/Shanghai").count();
    assert!(in_china >= 2, "the pack of the city and the option of the national one: {in_china}");
    for (at, (zone, name, own)) in lists.iter().enumerate() {
        for (_, other_name, other) in lists[..at].iter().filter(|(other, ..)| other == zone) {
            assert_eq!(own, other, "{name} and {other_name}");
        }
    }
}

#[test]
fn a_kept_version_is_at_hand_and_not_in_use() {
    let (first, second) = (minimal("a/minimal", "1"), minimal("b/minimal", "2"));
    let library = Library::default();
    library.add(Origin::Operator, &files(&first));
    assert_eq!(library.add_kept(&files(&second)), []);
    assert_eq!(library.get(&PlanId::new("minimal")).expect("in use").plan.document, "1");
    let kept = super::load_files(&second).digest;
    assert_eq!(library.version(&PlanId::new("minimal"), &kept).expect("kept").plan.document, "2");
}

#[test]
fn the_version_added_last_is_in_use_and_the_older_one_stays() {
    let id = PlanId::new("minimal");
    let (first, second) = (minimal("a/minimal", "1"), minimal("b/minimal", "2"));
    let library = Library::default();
    assert_eq!(library.add(Origin::Shipped, &files(&first)), []);
    let old = library.get(&id).expect("loaded").digest.clone();
    assert_eq!(library.add(Origin::Operator, &files(&second)), []);
    let pack = library.get(&id).expect("loaded");
    assert_eq!((pack.plan.document.as_str(), pack.origin), ("2", Origin::Operator));
    assert_ne!(pack.digest, old);
    assert_eq!(library.version(&id, &old).expect("kept").plan.document, "1");
    assert!(library.version(&id, "0").is_none());
    assert_eq!(library.list().count(), 1);
    // The same version again takes no second place, wherever it lies.
    library.add(Origin::Operator, &files(&minimal("c/minimal", "1")));
    assert_eq!(library.get(&id).expect("loaded").digest, old);
}

#[test]
fn a_broken_folder_does_not_keep_the_others_out() {
    let mut both = fixture("broken-sense");
    both.extend(fixture("minimal"));
    let library = Library::default();
    let findings = library.add(Origin::Operator, &files(&both));
    assert_eq!(findings.len(), 13);
    assert!(findings.iter().all(|finding| finding.file.starts_with("broken-sense/")));
    assert_eq!(library.list().map(|pack| pack.plan.id.as_str()).collect::<Vec<_>>(), ["minimal"]);
}

/// A plan above may be here, among what the program ships, or on another node: only the last is said, as a warning.
#[test]
fn a_plan_above_that_is_elsewhere_is_no_error() {
    let town = || {
        let [(path, bytes)] = <[_; 1]>::try_from(fixture("town")).expect("one file");
        let text = String::from_utf8(bytes).expect("text");
        let above = |id: &str| {
            let text = text.replacen(
                "  county:\n    relation: overlap\n",
                &format!("  {id}:\n    relation: parent\n"),
                1,
            );
            assert!(text.contains(id), "the plan above is named");
            vec![(path.clone(), text.into_bytes())]
        };
        ["minimal", "national-2017", "county"].map(above)
    };
    let [minimal_above, national_above, county_above] = town();
    let codes = |findings: Vec<Finding>| -> Vec<(&str, Severity)> {
        findings.iter().map(|finding| (finding.code.info().code, finding.severity)).collect()
    };
    let warned = [("FP073", Severity::Warning)];
    let library = Library::default();
    assert_eq!(codes(library.add(Origin::Operator, &files(&minimal_above))), warned, "not here yet");
    assert!(library.get(&PlanId::new("town")).is_some(), "and the pack is used all the same");
    library.add(Origin::Operator, &files(&fixture("minimal")));
    assert_eq!(codes(library.add(Origin::Operator, &files(&minimal_above))), [], "here now");
    assert_eq!(codes(Library::default().add(Origin::Operator, &files(&national_above))), [], "shipped");
    assert_eq!(codes(library.add(Origin::Operator, &files(&county_above))), warned);
}

#[test]
fn the_row_of_a_list() {
    let library = Library::default();
    library.add(Origin::Operator, &files(&fixture("minimal")));
    let pack = library.list().next().expect("one pack");
    let row = serde_json::to_value(SummaryJson::from(pack)).expect("plain data");
    let expected = serde_json::json!({
        "id": "minimal",
        "title": { "zh": "最小预案", "en": "Minimal plan" },
        "in_force": { "from": "2020-01-01", "until": "2030-12-31" },
        // 2 grading rules, 1 clock, 2 responses with 1 condition each, 4 stages, review, filing.
        "rules": 13,
        "digest": pack.digest,
    });
    assert_eq!(row, expected);
}

#[test]
fn a_finding_in_json() {
    let loaded = load_files(&fixture("broken-names"));
    let finding =
        loaded.findings.iter().find(|finding| finding.code.info().code == "FP021").expect("the category");
    let json = serde_json::to_value(FindingJson::from(finding)).expect("plain data");
    let expected = serde_json::json!({
        "code": "FP021",
        "severity": "error",
        "file": "broken-names/people.yaml",
        "line": 25,
        "column": 13,
        "place": "categories/virus/parent",
        "message": { "zh": "未知的类别 \"atack\"", "en": "unknown category \"atack\"" },
        "fix": { "zh": "是否为 \"attack\"？", "en": "did you mean \"attack\"?" },
    });
    assert_eq!(json, expected);
}
