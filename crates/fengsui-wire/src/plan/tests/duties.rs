//! The section `duties`: what is refused and where, and what the shipped packs' duties look like in words.

use fengsui_domain::plan::{Lang, PlanId};

use super::super::{Library, Loaded, PackFile, diff, show};

/// The e-government pack with one place of its duties changed.
fn changed(from: &str, to: &str) -> Loaded {
    let files = Library::shipped_files();
    let own = files.iter().filter(|file| file.path.starts_with("jincheng-egov-2008/"));
    let texts: Vec<(String, String)> = own
        .map(|file| {
            let text = String::from_utf8(file.bytes.to_vec()).expect("text");
            let text = if file.path.ends_with("duties.yaml") {
                assert!(text.contains(from), "`{from}` is not in the pack");
                text.replacen(from, to, 1)
            } else {
                text
            };
            (file.path.to_owned(), text)
        })
        .collect();
    let files: Vec<PackFile<'_>> =
        texts.iter().map(|(path, text)| PackFile { path, bytes: text.as_bytes() }).collect();
    super::super::load(&files)
}

#[test]
fn a_duty_at_odds_with_itself_is_refused_where_it_stands() {
    let every = "    every: day\n";
    for (from, to, code, says) in [
        (every, "", "FP070", "it is not said when it is owed"),
        (every, "    every: day\n    as_needed: true\n", "FP070", "in several ways"),
        (every, "    as_needed: false\n", "FP070", "can only be true"),
        (every, "    as_needed: true\n    times: 2\n", "FP070", "go with `every` only"),
        (every, "    every: fortnight\n", "FP009", "unknown value \"fortnight\""),
        (every, "    every: day\n    times: 51\n", "FP009", "a whole number, 1 to 50"),
        (every, "    every: day\n    by_time: \"25:00\"\n", "FP009", "write a time as in"),
        (
            "{ more_than: 100, unit: { zh: 公里, en: km }, renew_months: 12 }",
            "{ more_than: 100, renew_months: 12 }",
            "FP070",
            "write one",
        ),
        (
            "{ not_passed: true, renew_months: 12 }",
            "{ not_passed: true, stated: true, renew_months: 12 }",
            "FP070",
            "write one",
        ),
        (
            "{ not_passed: true, renew_months: 12 }",
            "{ not_passed: true }",
            "FP007",
            "\"renew_months\" is missing",
        ),
        ("{ within: 30 d }", "{ within: 12 h }", "FP009", "whole days"),
        (
            "{ not_passed: true, renew_months: 12 }\n",
            "{ not_passed: true, renew_months: 12 }\n    document: true\n",
            "FP070",
            "proved by what is vouched for",
        ),
        (every, "    every: day\n    extendable_by: [nobody]\n", "FP020", "unknown role \"nobody\""),
        (
            "    as_needed: true\n",
            "    as_needed: true\n    receipts: { from: [cyber-police], clause: jincheng-egov-2008/4.3.a }\n",
            "FP070",
            "does not go with `as_needed`",
        ),
        (
            "    as_needed: true\n    proof:\n      form: { zh: 形式, en: Form }\n      audience: { zh: 对象, en: Audience }\n      material: { zh: 材料, en: Material }\n",
            "    as_needed: true\n",
            "FP071",
            "what proves it",
        ),
    ] {
        let loaded = changed(from, to);
        let found: Vec<String> =
            loaded.findings.iter().map(|finding| format!("{} {finding}", finding.code.info().code)).collect();
        let fits = found.iter().any(|line| {
            line.starts_with(&format!("{code} jincheng-egov-2008/duties.yaml:")) && line.contains(says)
        });
        assert!(fits && loaded.plan.is_none(), "{to}: {found:#?}");
    }
    let unexplained = changed("  - id: daily-check\n", "  - id: daily-check\n    is_default: true\n");
    let codes: Vec<&str> = unexplained.findings.iter().map(|finding| finding.code.info().code).collect();
    assert_eq!(codes, ["FP053"]);
}

#[test]
fn duties_are_shown_and_compared() {
    let plan = Library::shipped().get(&PlanId::new("jincheng-egov-2008")).expect("shipped").plan.clone();
    let page = show(&plan, Lang::En);
    for sentence in [
        "- Technician or Unit security lead · every day\n",
        "every working day, before 18:00",
        "more than 100 km, vouched for anew every 12 months",
        "every week (a unit may set another rhythm)",
        "within 30 days of a change",
        "not expired, vouched for anew every 12 months",
        "Aims and principles",
    ] {
        assert!(page.contains(sentence), "`{sentence}` in\n{page}");
    }
    let mut later = plan.clone();
    later.duties[1].is_default = false;
    later.duties.remove(0);
    let differences = diff(&plan, &later);
    let places: Vec<_> =
        differences.iter().map(|found| (found.section.as_str(), found.id.as_deref())).collect();
    assert_eq!(places, [("duties", Some("post-list")), ("duties", Some("technicians"))]);
}
