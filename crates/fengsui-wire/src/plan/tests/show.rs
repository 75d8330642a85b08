use fengsui_domain::expr::Answers;
use fengsui_domain::level::IncidentLevel;
use fengsui_domain::obligation::{Circumstances, obligations};
use fengsui_domain::plan::{Lang, Plan, PlanId, RuleId, Text, Unverified};

use super::super::{Library, card, citations, show, show_obligations};
use super::{fixture, load_files};

fn minimal() -> Plan {
    load_files(&fixture("minimal")).plan.expect("the minimal pack is right")
}

fn shipped() -> Plan {
    Library::shipped().get(&PlanId::new("jincheng-internet-2008")).expect("shipped").plan.clone()
}

/// Every shipped plan.
fn all_shipped() -> Vec<Plan> {
    Library::shipped().list().map(|pack| pack.plan.clone()).collect()
}

fn is_chinese(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

#[test]
fn the_minimal_plan_in_both_languages() {
    let golden = fixture("shown");
    for (lang, name) in [(Lang::En, "shown/minimal.en.md"), (Lang::Zh, "shown/minimal.zh.md")] {
        let (_, expected) = golden.iter().find(|(path, _)| path == name).expect(name);
        let expected = String::from_utf8_lossy(expected);
        assert_eq!(show(&minimal(), lang), expected, "{name}");
    }
}

#[test]
fn every_cited_clause_stands_beside_something() {
    let plans = all_shipped();
    for (plan, lang) in plans.iter().flat_map(|plan| [(plan, Lang::Zh), (plan, Lang::En)]) {
        let page = show(plan, lang);
        for (clause, place) in citations(plan) {
            let own = clause.document() == plan.id.as_str();
            let number = if own { clause.number() } else { clause.as_str() };
            let shown = page.contains(&format!("[{number}]"))
                || page.contains(&format!("[{number} ·"))
                || page.contains(&format!("{number},"))
                || page.contains(&format!(", {number}"));
            assert!(shown, "{place}: [{number}] in {lang:?}");
        }
    }
}

/// Wherever a clause stands that was not checked, the mark of what is open stands with it.
fn assert_marked(plan: &Plan, page: &str, what: &str) -> usize {
    let mut seen = 0;
    for open in &plan.unverified {
        let own = open.clause.document() == plan.id.as_str();
        let number = if own { open.clause.number() } else { open.clause.as_str() };
        for bracket in page.split('[').skip(1).filter_map(|rest| rest.split(']').next()) {
            if bracket.split(" · ").next() == Some(number) {
                assert!(bracket.contains(" · U"), "{what}: [{bracket}]");
                seen += 1;
            }
        }
    }
    seen
}

#[test]
fn what_was_not_checked_is_marked_wherever_its_clause_stands() {
    for plan in all_shipped().iter().filter(|plan| !plan.unverified.is_empty()) {
        for lang in [Lang::Zh, Lang::En] {
            let what = format!("{} in {lang:?}", plan.id);
            assert!(assert_marked(plan, &show(plan, lang), &what) >= plan.unverified.len(), "{what}");
            let known =
                Circumstances { level: Some(IncidentLevel::II), facts: Answers::new(), response: None };
            let page = show_obligations(plan, &obligations(plan, &known), lang, None);
            assert!(assert_marked(plan, &page, &what) > 0, "{what}: what is owed\n{page}");
            for open in &plan.unverified {
                let explained = page.contains(open.open.get(lang));
                assert!(explained, "{what}: what is owed does not explain {}", open.clause);
            }
        }
    }
}

/// A card is printed alone, so the words stand on it and not a number.
#[test]
fn a_card_says_which_step_was_not_checked() {
    let library = Library::shipped();
    let mut plan = library.get(&PlanId::new("jincheng-egov-2008")).expect("the pack").plan.clone();
    let playbook = plan.playbook(&RuleId::new("machine-room")).expect("the playbook");
    let clause = playbook.steps[0].clause.clone();
    let steps = playbook.steps.iter().filter(|step| step.clause == clause).count();
    plan.unverified = vec![Unverified { clause, open: Text { zh: "抄件".into(), en: "a copy".into() } }];
    for (lang, mark) in [(Lang::Zh, "（未经核对）"), (Lang::En, "(not checked)")] {
        let card = card(&plan, &RuleId::new("machine-room"), lang).expect("a card");
        assert_eq!(card.steps.iter().filter(|step| step.clause.ends_with(mark)).count(), steps);
    }
}

#[test]
fn a_settlement_is_named_beside_the_rules_it_concerns() {
    let page = show(&shipped(), Lang::En);
    let settlement =
        page.lines().find(|line| line.contains("[6.2, 6.2.2]")).expect("the settlement on deadlines");
    let (number, _) = settlement.trim_start_matches("- **").split_once("**").expect("its number");
    assert!(
        page.contains(&format!("**Investigation and evaluation** (our figure) [6.2 · {number}]")),
        "{number}"
    );
}

#[test]
fn each_language_keeps_to_itself() {
    for plan in all_shipped() {
        for line in show(&plan, Lang::En).lines().filter(|line| !line.starts_with("- Document: ")) {
            assert!(!line.chars().any(is_chinese), "{line}");
        }
        // The numbers of settlements apart, every line of the Chinese page is Chinese.
        let page = show(&plan, Lang::Zh);
        let words = page.lines().filter(|line| !line.is_empty() && !line.starts_with("- **D"));
        assert_eq!(words.filter(|line| !line.chars().any(is_chinese)).collect::<Vec<_>>(), [""; 0]);
    }
}

#[test]
fn who_owes_what_to_whom_reads_like_the_clause() {
    let (zh, en) = (show(&shipped(), Lang::Zh), show(&shipped(), Lang::En));
    for (page, sentence) in [
        // 5.1.3.a
        (&zh, "事发单位向市网安办值班室口头报告"),
        (&zh, "自该机构获知事件起，30 分钟内"),
        // 5.1.4.b
        (&zh, "市网安办、区县政府、责任单位均须分别向市委值班室、市政府值班室书面报告"),
        (
            &en,
            "City security office, District or county government, Responsible unit must each report in writing to each of Duty room of the city Party committee, Duty room of the city government",
        ),
        (&en, "within 2 hours, from that body becoming aware of the event"),
        // 5.1.3.c
        (&zh, "事件等级为Ⅰ级、Ⅱ级或Ⅲ级，或特殊情况"),
        (&en, "at once (a person is told after 5 minutes), from that body becoming aware of the event"),
        // 5.3.1
        (&zh, "事发单位向市网安办值班室、市应急联动中心或区县政府报告"),
        // 5.5.1
        (&zh, "结束：市应急处置指挥部建议，市政府决定"),
        // 6.4.2.b
        (&zh, "市网安办或责任单位拟稿 → 市网安办核定 → 市政府新闻办发布"),
    ] {
        assert!(page.contains(sentence), "{sentence}");
    }
}
