use super::{fixture, load_files, said};

/// Every finding of a broken pack, all in one run.
fn check(folder: &str, expected: &[&str]) {
    let loaded = load_files(&fixture(folder));
    assert_eq!(loaded.plan, None, "{folder} must not give a plan");
    assert_eq!(said(&loaded), expected, "{folder}");
}

#[test]
fn names_that_do_not_exist() {
    check(
        "broken-names",
        &[
            r#"FP024 broken-names/clocks.yaml:5:29: unknown level "IIV"; known are "III", "IV""#,
            r#"FP022 broken-names/clocks.yaml:5:38: unknown fact "specials"; did you mean "special"?"#,
            r#"FP023 broken-names/clocks.yaml:5:72: "stong" is not a choice of "spread"; did you mean "strong"?"#,
            r#"FP020 broken-names/clocks.yaml:6:28: unknown role "ofice"; did you mean "office"?"#,
            r#"FP009 broken-names/clocks.yaml:6:48: unknown value "verbal"; known are "oral", "written""#,
            r#"FP009 broken-names/clocks.yaml:7:13: unknown value "body_became_awre"; did you mean "body_became_aware"?"#,
            r#"FP009 broken-names/clocks.yaml:8:13: "30 minutes" is not understood here; write it as in 30 min, 2 h, 30 d, 1 month, 10 calendar days, 5 working days or at once"#,
            r#"FP009 broken-names/clocks.yaml:9:13: unknown value "reports"; did you mean "report"?"#,
            r#"FP006 broken-names/grading.yaml:8:5: unknown key "judge_by"; did you mean "judged_by"?"#,
            r#"FP022 broken-names/grading.yaml:25:13: unknown fact "spred"; did you mean "spread"?"#,
            r#"FP014 broken-names/grading.yaml:28:11: the id "larger" is taken"#,
            r#"FP024 broken-names/grading.yaml:29:14: unknown level "IIII"; did you mean "III"?"#,
            r#"FP025 broken-names/people.yaml:5:13: unknown clause "broken-names/7"; did you mean "broken-names/1"?"#,
            r#"FP020 broken-names/people.yaml:11:15: unknown role "ofice"; did you mean "office"?"#,
            r#"FP026 broken-names/people.yaml:24:13: the clause "minimal/1" is of another document; did you mean "broken-names/1"?"#,
            r#"FP021 broken-names/people.yaml:25:13: unknown category "atack"; did you mean "attack"?"#,
            r#"FP006 broken-names/response.yaml:20:7: unknown key "al_of"; did you mean "all_of"?"#,
            r#"FP006 broken-names/response.yaml:27:1: unknown section "reviews"; did you mean "review"?"#,
        ],
    );
}

#[test]
fn files_that_are_no_plan_files() {
    check(
        "broken-yaml",
        &[
            "FP003 broken-yaml/clocks.yaml:8:4: not valid YAML: while parsing a block collection, did not find expected '-' indicator; indent this line by as many blanks as the lines that belong with it",
            "FP008 broken-yaml/grading.yaml:34:12: expected keys with values, found a text",
            r#"FP006 broken-yaml/grading.yaml:35:3: unknown key "source"; did you mean "sources"?"#,
            "FP016 broken-yaml/notes.yml:1:1: the file is not read; name it `.yaml`",
            "FP004 broken-yaml/people.yaml:3:20: an anchor is not allowed in a plan file; write the content out",
            r#"FP009 broken-yaml/people.yaml:10:16: "maybe" is not understood here; write true or false"#,
            "FP008 broken-yaml/people.yaml:11:15: expected a text, found a list",
            "FP004 broken-yaml/people.yaml:13:12: an alias is not allowed in a plan file; write the content out",
            "FP011 broken-yaml/plan.yaml:2:8: the English text is missing; add `en`",
            r#"FP009 broken-yaml/plan.yaml:5:38: "2030-13-31" is not understood here; write a day as in 2008-01-04"#,
            r#"FP005 broken-yaml/plan.yaml:7:1: the key "document" stands here twice"#,
            r#"FP005 broken-yaml/response.yaml:14:5: the key "level" stands here twice"#,
        ],
    );
}

#[test]
fn plans_that_cannot_be_carried_out() {
    check(
        "broken-sense",
        &[
            "FP041 broken-sense/clocks.yaml:2:5: `tolerance` goes with `at once` only",
            "FP040 broken-sense/clocks.yaml:6:11: the clock does not say to whom; add `to` or `to_any_of`",
            "FP042 broken-sense/clocks.yaml:12:15: 0% is out of range; write 1% to 100%",
            "FP033 broken-sense/grading.yaml:30:13: a grading rule cannot read the level it decides; use facts only",
            "FP047 broken-sense/people.yaml:7:5: a temporary role has no fallback; add `fallback`: who acts until it is formed",
            r#"FP046 broken-sense/people.yaml:16:3: the fallback goes in a circle: "deputy → unit → deputy""#,
            r#"FP048 broken-sense/people.yaml:22:3: the parent goes in a circle: "attack → virus → attack""#,
            "FP009 broken-sense/plan.yaml:5:11: the last day in force is before the first",
            "FP045 broken-sense/response.yaml:2:3: level IV has no response",
            "FP043 broken-sense/response.yaml:5:12: nobody decides; add `decide`",
            "FP044 broken-sense/response.yaml:7:10: a proposal is needed and nobody may make one; add `propose`, or drop `without_proposal: false`",
            "FP044 broken-sense/response.yaml:9:7: there is no condition for ending",
            r#"FP014 broken-sense/response.yaml:12:5: level "III" has two responses"#,
        ],
    );
}

#[test]
fn a_finding_speaks_chinese_too() {
    use fengsui_domain::plan::Lang;
    let loaded = load_files(&fixture("broken-names"));
    let role =
        loaded.findings.iter().find(|finding| finding.place == "clocks/duty/to").expect("the role's finding");
    assert_eq!(
        role.in_words(Lang::Zh),
        "broken-names/clocks.yaml:6:28: 未知的机构 \"ofice\"；是否为 \"office\"？"
    );
}
