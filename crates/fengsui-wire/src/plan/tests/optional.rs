//! What a pack may leave out or add: sections its document does not have, keys that few plans need.

use fengsui_domain::expr::{Expr, Situation, Truth};
use fengsui_domain::level::IncidentLevel::{III, IV};
use fengsui_domain::plan::{HeadquartersRule, Intake, Lang, Plan, RoleId, RuleId, Triage};

use super::super::{Loaded, PackFile, SummaryJson, citations, show};
use super::{fixture, load, said};

fn text() -> String {
    let [(_, bytes)] = <[_; 1]>::try_from(fixture("minimal")).expect("one file");
    String::from_utf8(bytes).expect("text")
}

fn load_text(text: &str) -> Loaded {
    load(&[PackFile { path: "minimal/plan.yaml", bytes: text.as_bytes() }])
}

/// The minimal pack with places changed, each of which must stand in it.
fn changed(changes: &[(&str, &str)]) -> Loaded {
    let changed = changes.iter().fold(text(), |text, (from, to)| {
        assert!(text.contains(from), "`{from}` is not in the minimal pack");
        text.replacen(from, to, 1)
    });
    load_text(&changed)
}

fn plan(changes: &[(&str, &str)]) -> Plan {
    let loaded = changed(changes);
    assert_eq!(said(&loaded), [""; 0]);
    loaded.plan.expect("nothing is wrong with it")
}

/// The minimal pack without a top-level section.
fn without(section: &str) -> String {
    let mut kept = true;
    let lines = text();
    let lines = lines.lines().filter(|line| {
        if !line.starts_with([' ', '#']) {
            kept = !line.starts_with(&format!("{section}:"));
        }
        kept
    });
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn sections_a_document_does_not_have_are_left_out() {
    for (section, needed) in [
        ("intake", false),
        ("triage", false),
        ("disposal", false),
        ("filing", false),
        ("review", true),
        ("responses", true),
        ("clocks", true),
        ("grading", true),
    ] {
        let loaded = load_text(&without(section));
        let expected = format!("FP007 minimal/plan.yaml:1:1: the section \"{section}\" is missing");
        assert_eq!(said(&loaded), if needed { vec![expected] } else { Vec::new() }, "{section}");
        let Some(plan) = loaded.plan else { continue };
        match section {
            "intake" => assert_eq!(plan.intake, Intake::default()),
            "triage" => assert_eq!(plan.triage, Triage::default()),
            "disposal" => assert_eq!(plan.disposal, None),
            _ => assert_eq!(plan.filing, None),
        }
        let cites = |plan: &Plan| citations(plan).iter().any(|(_, place)| place.starts_with(section));
        assert!(!cites(&plan), "nothing of {section} is cited");
        for lang in [Lang::Zh, Lang::En] {
            assert!(!show(&plan, lang).is_empty(), "{section}");
        }
    }
}

#[test]
fn a_summary_counts_only_what_there_is() {
    let rules = |text: &str| {
        let library = super::super::Library::default();
        library.add(
            super::super::Origin::Operator,
            &[PackFile { path: "minimal/plan.yaml", bytes: text.as_bytes() }],
        );
        let rules = library.list().map(|pack| SummaryJson::from(pack).rules).next();
        rules.expect("one pack")
    };
    assert_eq!((rules(&text()), rules(&without("disposal")), rules(&without("filing"))), (13, 9, 12));
}

#[test]
fn keys_that_few_plans_need() {
    let plan = plan(&[
        (
            "issuer:",
            "notice: { approved_by: { zh: 小组, en: Group }, issued: 2019-12-01, clause: minimal/1 }\nissuer:",
        ),
        (
            "    parent: attack\n",
            "    parent: attack\n    routed_to: { zh: 专项预案, en: Special plan, clause: minimal/1 }\n",
        ),
        ("      strong: { zh: 强, en: strong }", "      strong: { zh: 强, en: strong, clause: minimal/2 }"),
        ("when: incident.level == \"IV\" || facts.special", "when: response.level == \"IV\""),
        ("starts: body_became_aware\n", "starts: response_started\n    repeats: true\n"),
        (
            "end: { decide: office, clause: minimal/1 }",
            "end: { decide: office, notify: unit, clause: minimal/1 }",
        ),
        ("headquarters: minimal/1", "headquarters: { clause: minimal/1, always: true }"),
        (
            "title: { zh: 四级响应, en: Level IV response }",
            "title: { zh: 四级响应, en: Level IV response }\n    delegated: { zh: 按地方预案, en: By local plans }",
        ),
        (
            "  led_by: office\n",
            "  leads:\n    - { when: incident.level == \"III\", by: office, clause: minimal/1 }\n    - { when: true, by: unit, clause: minimal/2 }\n",
        ),
        ("  plan_change: minimal/1\n", ""),
    ]);
    assert_eq!(plan.notice.as_ref().map(|notice| notice.issued.to_string()).as_deref(), Some("2019-12-01"));
    let virus = fengsui_domain::plan::CategoryId::new("virus");
    assert_eq!(plan.routed(&virus).map(|routed| routed.to.en.as_str()), Some("Special plan"));
    assert!(plan.clocks[0].repeats);
    let (iii, iv) = (plan.response(III).expect("III"), plan.response(IV).expect("IV"));
    let clause = fengsui_domain::plan::Clause::new("minimal/1");
    assert_eq!(iii.headquarters, Some(HeadquartersRule { clause, always: true }));
    assert_eq!(iv.delegated.as_ref().map(|text| text.en.as_str()), Some("By local plans"));
    let right = [&iii.end, &iv.end].map(|right| right.notify.len());
    assert_eq!(right, [0, 1]);
    let leads: Vec<(bool, &RoleId)> =
        plan.review.leads.iter().map(|lead| (lead.when == Expr::Const(true), &lead.by[0])).collect();
    assert_eq!(leads, [(false, &RoleId::new("office")), (true, &RoleId::new("unit"))]);
    assert_eq!(plan.review.plan_change, None);
    let facts = std::collections::BTreeMap::new();
    for (response, truth) in [(None, Truth::Unknown), (Some(III), Truth::False), (Some(IV), Truth::True)] {
        let situation = Situation { facts: &facts, level: Some(IV), response };
        assert_eq!(plan.clocks[0].when.eval(&situation), truth, "{response:?}");
    }
    let page = show(&plan, Lang::En);
    for sentence in [
        "- Agreed to by: Group",
        "- Issued: 2019-12-01 [1]",
        "Another plan applies; here it is recorded and handed over: Special plan [1]",
        "strong [2]",
        "When: the response is level IV",
        "owed again each time it is met, as long as it applies",
        "End: Office decides; Unit is told [1]",
        "the start forms a headquarters [1]",
        "Left to other plans: By local plans",
        "Review, led by: Office [1], when the incident is level III",
        "Review, led by: Unit [2]",
    ] {
        assert!(page.contains(sentence), "`{sentence}` in\n{page}");
    }
}

#[test]
fn an_action_is_one_of_the_pack() {
    let actions = "immediate_actions:\n  isolate: { zh: 隔离, en: Isolate, clause: minimal/1 }\nclocks:\n";
    let with = |duty: &str, action: &str| {
        changed(&[
            ("clocks:\n", actions),
            ("duty: { of: unit, to: office, form: oral }", duty),
            ("    met_by: report\n", action),
        ])
    };
    let right = with("duty: { of: unit }", "    met_by: immediate_action\n    action: isolate\n");
    assert_eq!(said(&right), [""; 0]);
    let named = right.plan.expect("right").clocks[0].action.clone();
    assert_eq!(named, Some(RuleId::new("isolate")));
    for (duty, action, expected) in [
        (
            "duty: { of: unit }",
            "    met_by: immediate_action\n    action: isolte\n",
            r#"unknown immediate action "isolte"; did you mean "isolate"?"#,
        ),
        (
            "duty: { of: unit, to: office }",
            "    met_by: report\n    action: isolate\n",
            "`action` is only for clocks that an immediate action meets",
        ),
        (
            "duty: { of: unit }",
            "    met_by: immediate_action\n    repeats: true\n",
            "`repeats` is only for clocks that a report meets",
        ),
    ] {
        let found = said(&with(duty, action));
        assert!(found.len() == 1 && found[0].ends_with(expected), "{found:?}");
    }
}

#[test]
fn a_review_has_one_way_to_name_its_lead_and_one_lead_at_every_level() {
    for (from, to, expected) in [
        (
            "  led_by: office\n",
            "  led_by: office\n  leads: []\n",
            "`led_by` and `leads` stand together; keep one of them",
        ),
        (
            "  led_by: office\n",
            "  leads:\n    - { when: incident.level == \"III\", by: office, clause: minimal/1 }\n",
            "nobody leads the review of a level IV incident",
        ),
        (
            "  led_by: office\n",
            "  leads:\n    - { when: facts.special, by: office, clause: minimal/1 }\n",
            "nobody leads the review of a level III incident",
        ),
        ("  led_by: office\n", "", r#""led_by" is missing"#),
    ] {
        let found = said(&changed(&[(from, to)]));
        assert!(found.iter().any(|line| line.ends_with(expected)), "{expected}: {found:?}");
    }
}
