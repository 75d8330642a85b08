use fengsui_domain::plan::{Lang, Plan, PlanId};

use super::super::{Library, citations, show};
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
