use fengsui_domain::plan::{Lang, Plan};

use super::super::finding::MAX_FINDINGS;
use super::super::yaml::MAX_FILE_BYTES;
use super::super::{Loaded, MAX_FILES, digest};
use super::{PackFile, fixture, load, load_files, said};

/// The minimal pack as one text.
fn text() -> String {
    let [(_, bytes)] = <[_; 1]>::try_from(fixture("minimal")).expect("one file");
    String::from_utf8(bytes).expect("text")
}

fn load_text(text: &str) -> Loaded {
    load(&[PackFile { path: "minimal/plan.yaml", bytes: text.as_bytes() }])
}

/// The minimal pack with one place changed; `from` must stand in it.
fn changed(from: &str, to: &str) -> Loaded {
    let text = text();
    assert!(text.contains(from), "`{from}` is not in the minimal pack");
    load_text(&text.replacen(from, to, 1))
}

fn plan() -> Plan {
    let loaded = load_files(&fixture("minimal"));
    assert_eq!(said(&loaded), [""; 0]);
    loaded.plan.expect("the minimal pack is right")
}

#[test]
#[expect(clippy::too_many_lines, reason = "one flat table")]
fn what_one_change_makes_wrong() {
    for (from, to, expected) in [
        // Header.
        (
            "plan: minimal",
            "plan: Minimal!",
            r#"FP009 minimal/plan.yaml:1:7: "Minimal!" is not understood here; use lower-case letters, digits and hyphens"#,
        ),
        (
            "plan: minimal",
            "plan: minimals",
            r#"FP015 minimal/plan.yaml:1:7: the plan is called "minimals", but its folder "minimal""#,
        ),
        ("plan: minimal\n", "", r#"FP007 minimal/plan.yaml:1:1: the section "plan" is missing"#),
        (
            "zone: Asia/Shanghai",
            "zone: Asia/Shanghi",
            r#"FP009 minimal/plan.yaml:6:7: "Asia/Shanghi" is not understood here; write an IANA time zone, as in Asia/Shanghai"#,
        ),
        (
            "zone: Asia/Shanghai",
            "zone: ../etc/passwd",
            r#"FP009 minimal/plan.yaml:6:7: "../etc/passwd" is not understood here; write an IANA time zone, as in Asia/Shanghai"#,
        ),
        (
            "from: 2020-01-01",
            "from: 2020-1-1",
            r#"FP009 minimal/plan.yaml:5:19: "2020-1-1" is not understood here; write a day as in 2008-01-04"#,
        ),
        ("document: \"1\"", "document: \"\"", "FP010 minimal/plan.yaml:3:11: the text is empty"),
        ("document: \"1\"", "document:", "FP008 minimal/plan.yaml:3:9: expected a text, found nothing"),
        (
            "document: \"1\"",
            "document: \"a\\u0007\"",
            r#"FP009 minimal/plan.yaml:3:11: "a\u{7}" is not understood here; remove the control character"#,
        ),
        (
            "zh: 市政府",
            "zh: City government",
            "FP012 minimal/plan.yaml:4:9: the Chinese and the English are the same",
        ),
        // Names.
        (
            "  office:\n",
            "  Office:\n",
            r#"FP013 minimal/plan.yaml:11:3: the name "Office" is not well formed; use lower-case letters, digits and hyphens, at most 64, as in security-office"#,
        ),
        (
            "clause: minimal/2",
            "clause: minimal",
            r#"FP009 minimal/plan.yaml:82:13: "minimal" is not understood here; write document/number, as in jincheng-internet-2008/5.1.3.a"#,
        ),
        (
            "title: { zh: 办公室, en: Office }",
            "title: { zh: 办公室, en: Office, fr: Bureau }",
            r#"FP006 minimal/plan.yaml:12:35: unknown key "fr"; known are "zh", "en""#,
        ),
        (
            "    parent: attack\n",
            "    maps_to: [RSIT]\n",
            r#"FP009 minimal/plan.yaml:34:15: "RSIT" is not understood here; write taxonomy/class, as in rsit/malicious-code"#,
        ),
        // Facts and grading.
        (
            "answer: mark",
            "answer: maybe",
            r#"FP009 minimal/plan.yaml:47:13: unknown value "maybe"; known are "yes-or-no", "mark", "count""#,
        ),
        (
            "answer: mark",
            "answer: mark\n    one_of: { a: { zh: 甲, en: a }, b: { zh: 乙, en: b } }",
            "FP008 minimal/plan.yaml:45:5: `answer` and `one_of` stand together; keep one of them",
        ),
        (
            "      strong: { zh: 强, en: strong }\n",
            "",
            "FP010 minimal/plan.yaml:40:7: a choice needs at least two answers",
        ),
        (
            "  special:\n",
            "  special-case:\n",
            r#"FP013 minimal/plan.yaml:44:3: the name "special-case" is not well formed; use lower-case letters, digits and underscores, at most 64, a letter first, as in social_impact"#,
        ),
        ("  IV: {", "  V: {", r#"FP024 minimal/plan.yaml:52:3: unknown level "V"; did you mean "I"?"#),
        (
            "      when: facts.spread == \"strong\"",
            "      when: >-\n        facts.special ||\n        facts.spread == \"strog\"",
            r#"FP023 minimal/plan.yaml:61:25: "strog" is not a choice of "spread"; did you mean "strong"?"#,
        ),
        (
            "facts.spread == \"strong\"",
            "facts.special && !facts.special",
            r#"FP049 minimal/plan.yaml:57:11: the grading rule "larger" can never be the one that decides; a rule above always holds first, or its condition never does"#,
        ),
        ("confirmed_by: office", "confirmed_by: []", "FP010 minimal/plan.yaml:54:17: nobody is named"),
        (
            "  IV: {",
            "  II: { title: { zh: 重大, en: Major }, clause: minimal/1 }\n  IV: {",
            "FP045 minimal/plan.yaml:92:3: level II has no response",
        ),
        // Clocks.
        (
            "of: unit, to: office",
            "of: unit, to: office, to_any_of: office",
            "FP041 minimal/plan.yaml:84:11: `to` and `to_any_of` stand together",
        ),
        (
            "of: unit, to: office",
            "of: [unit, office], to: office",
            r#"FP041 minimal/plan.yaml:84:11: "office" owes the duty to itself"#,
        ),
        (
            "of: unit, to: office",
            "of: [unit, unit], to: office",
            r#"FP014 minimal/plan.yaml:84:24: "unit" stands here twice"#,
        ),
        (
            "met_by: report",
            "met_by: filing",
            "FP041 minimal/plan.yaml:84:11: `form` is only for clocks that a report meets",
        ),
        ("within: 30 min", "within: at once", "FP041 minimal/plan.yaml:80:5: `at once` needs a `tolerance`"),
        ("at: 50%", "at: 101%", "FP042 minimal/plan.yaml:89:15: 101% is out of range; write 1% to 100%"),
        (
            "at: 50%",
            "at: half",
            r#"FP009 minimal/plan.yaml:89:15: "half" is not understood here; write it as in 50%"#,
        ),
        (
            "    met_by: report\n",
            "    met_by: report\n    is_default: true\n",
            r#"FP053 minimal/plan.yaml:80:9: the clock "oral-report" is marked as our figure, but `defaults` does not say why; add "minimal/2" to `defaults`"#,
        ),
        // Responses.
        (
            "end: { propose: headquarters, decide: office, clause: minimal/1 }",
            "end: { propose: headquarters, clause: minimal/1 }",
            "FP044 minimal/plan.yaml:96:10: nobody decides; add `decide`",
        ),
        (
            "      any_of:\n",
            "      any_of: {}\n      all_of:\n",
            "FP044 minimal/plan.yaml:98:7: either `any_of` or `all_of` belongs here",
        ),
        (
            "draft: { by: unit",
            "draft: { by: ",
            "FP008 minimal/plan.yaml:112:14: expected a name or a list of names, found nothing",
        ),
        // Clauses.
        (
            "  minimal/2: {",
            "  minimal/3: { zh: 第三条, en: Article 3 }\n  minimal/2: {",
            r#"FP054 minimal/plan.yaml:9:3: nothing cites the clause "minimal/3""#,
        ),
        (
            "  minimal/2: {",
            "  other/2: {",
            r#"FP025 minimal/plan.yaml:82:13: unknown clause "minimal/2"; did you mean "minimal/1"?"#,
        ),
    ] {
        let found = said(&changed(from, to));
        assert!(found.contains(&expected.to_owned()), "{from} to {to}: {found:#?}");
    }
}

#[test]
fn rules_in_the_wrong_order() {
    let text = text();
    let (start, end) =
        (text.find("    - id: larger").expect("a rule"), text.find("    - id: general").expect("a rule"));
    let rules_end = text.find("intake:").expect("a section");
    let swapped = [&text[..start], &text[end..rules_end], &text[start..end], &text[rules_end..]].concat();
    assert_eq!(
        said(&load_text(&swapped)),
        [
            "FP050 minimal/plan.yaml:62:7: a rule of level III stands below one of level IV; list the worst level first"
        ]
    );
}

#[test]
fn a_level_without_a_rule_is_a_warning() {
    let text = text();
    let (start, end) =
        (text.find("    - id: larger").expect("a rule"), text.find("    - id: general").expect("a rule"));
    let loaded = load_text(&[&text[..start], &text[end..]].concat());
    assert_eq!(said(&loaded), ["FP051 minimal/plan.yaml:51:3: no grading rule proposes level III"]);
    assert!(loaded.plan.is_some(), "a warning does not stop the pack");
}

#[test]
fn more_combinations_than_are_tried() {
    let fact = |at: usize| {
        format!(
            "  q{at}:\n    title: {{ zh: 问题, en: q }}\n    hint: {{ zh: 提示, en: h }}\n    answer: yes-or-no\n    judged_by: office\n    clause: minimal/1\n"
        )
    };
    let facts: String = (0..32).map(fact).collect();
    // Of each pair one holds, and of the last none: it never holds, and shows that at the end only.
    let pair = |at: usize| {
        let (one, other) = (2 * at, 2 * at + 1);
        format!("(facts.q{one}&&!facts.q{other}||!facts.q{one}&&facts.q{other})")
    };
    let when: Vec<String> = (0..16).map(pair).chain(["facts.q31&&!facts.q31".to_owned()]).collect();
    let text = text()
        .replace("levels:\n", &format!("{facts}levels:\n"))
        .replace("facts.spread == \"strong\"", &when.join("&&"));
    let loaded = load_text(&text);
    assert_eq!(
        said(&loaded),
        [
            "FP052 minimal/plan.yaml:249:11: there are too many combinations of answers to try whether every rule is reached"
        ]
    );
    assert!(loaded.plan.is_some());
}

#[test]
fn a_section_in_two_files() {
    let twice = "roles: {}\nintake:\n  points: {}\n";
    let text = text();
    let files = [("minimal/a.yaml", text.as_str()), ("minimal/b.yaml", twice)];
    let loaded = load(&files.map(|(path, text)| PackFile { path, bytes: text.as_bytes() }));
    assert_eq!(
        said(&loaded),
        [
            r#"FP005 minimal/b.yaml:1:1: the section "roles" stands in another file too; keep one of them"#,
            r#"FP005 minimal/b.yaml:2:1: the section "intake" stands in another file too; keep one of them"#,
        ]
    );
}

#[test]
fn limits_of_a_pack() {
    let many: Vec<(String, Vec<u8>)> =
        (0..=MAX_FILES).map(|at| (format!("x/{at}.yaml"), Vec::new())).collect();
    assert_eq!(
        said(&load_files(&many)),
        ["FP001 x/0.yaml:1:1: the folder has 33 .yaml files, 1 to 32 belong there"]
    );
    assert_eq!(said(&load_files(&[])), ["FP001 :1:1: the folder has 0 .yaml files, 1 to 32 belong there"]);
    let huge = format!("# {}\n", "x".repeat(MAX_FILE_BYTES));
    assert_eq!(
        said(&load_text(&huge)),
        ["FP001 minimal/plan.yaml:1:1: the file has 262147 bytes, at most 262144 are read"]
    );
    let keys: Vec<String> = (0..MAX_FINDINGS + 50).map(|at| format!("wrong{at}: 1\n")).collect();
    let loaded = load_text(&keys.concat());
    assert_eq!((loaded.findings.len(), loaded.cut_short), (MAX_FINDINGS, true));
    let long = changed("zh: 最小预案", &format!("zh: {}", "长".repeat(201)));
    assert_eq!(said(&long), ["FP001 minimal/plan.yaml:2:14: the text has 201 characters, at most 200 fit"]);
    let predicate = format!("when: {}true", "true && ".repeat(125));
    let long = changed("when: true", &predicate);
    assert_eq!(
        said(&long),
        ["FP001 minimal/plan.yaml:64:13: the predicate has 1004 bytes, at most 1000 fit"]
    );
}

#[test]
fn a_list_at_the_top_is_no_plan() {
    assert_eq!(
        said(&load_text("- a\n"))[..1],
        ["FP008 minimal/plan.yaml:1:1: the file has to consist of sections"]
    );
}

#[test]
fn a_file_that_cannot_be_read_does_not_make_its_sections_missing() {
    let text = text();
    let (first, rest) = text.split_at(text.find("roles:").expect("a section"));
    let broken = rest.replacen("roles:\n", "roles:\n\tx: 1\n", 1);
    let files = [("minimal/a.yaml", first), ("minimal/b.yaml", broken.as_str())];
    let loaded = load(&files.map(|(path, text)| PackFile { path, bytes: text.as_bytes() }));
    let codes: Vec<&str> = loaded.findings.iter().map(|finding| finding.code.info().code).collect();
    assert_eq!(codes, ["FP003"], "{:?}", said(&loaded));
}

#[test]
fn files_in_any_order_give_the_same_plan_and_digest() {
    let text = text();
    let (first, rest) = text.split_at(text.find("roles:").expect("a section"));
    let files = [("minimal/a.yaml", first), ("minimal/b.yaml", rest)];
    let forward = files.map(|(path, text)| PackFile { path, bytes: text.as_bytes() });
    let backward = [forward[1], forward[0]];
    assert_eq!(load(&forward).plan, Some(plan()));
    assert_eq!(load(&backward).plan, Some(plan()));
    assert_eq!(load(&forward).digest, load(&backward).digest);
}

#[test]
fn the_digest_names_the_exact_version() {
    let file = |path: &'static str, bytes: &'static [u8]| PackFile { path, bytes };
    let one = digest(&[file("x/a.yaml", b"1"), file("x/b.yaml", b"2")]);
    // sha256("a.yaml" 00 0000000000000001 "1" "b.yaml" 00 0000000000000001 "2"), by sha256sum.
    assert_eq!(one, "f6b52b60640c63b145eb720d0239f73e810798e944946cd257e372616a89e7e1");
    assert_eq!(one, digest(&[file("elsewhere/x/b.yaml", b"2"), file("elsewhere/x/a.yaml", b"1")]));
    for other in [
        digest(&[file("x/a.yaml", b"2"), file("x/b.yaml", b"1")]),
        digest(&[file("x/a.yaml", b"12"), file("x/b.yaml", b"")]),
        digest(&[file("x/a.yaml", b"1")]),
        digest(&[file("x/a.yaml", b"1"), file("x/c.yaml", b"2")]),
    ] {
        assert_ne!(one, other);
    }
}

#[test]
fn what_the_minimal_plan_says() {
    let plan = plan();
    assert_eq!(plan.title.get(Lang::Zh), "最小预案");
    assert_eq!(plan.in_force_until.map(|day| day.to_string()).as_deref(), Some("2030-12-31"));
    let clock = &plan.clocks[0];
    assert_eq!(clock.when.to_string(), r#"incident.level == "IV" || facts.special"#);
    let start = &plan.responses[1].start;
    assert!(start.without_proposal, "without proposers the deciders act alone");
    assert!(!plan.responses[0].start.without_proposal);
}
