//! What people read of warnings: the plan's section, a threat's page, and what differs.

use fengsui_domain::plan::Lang;
use fengsui_domain::warning::{Reach, WarningColour};

use super::super::super::{WarningAsked, WarningFound, WarningJson, diff, show, show_diff, show_threat};
use super::{answers, jincheng, national, role};

fn is_chinese(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

fn asked(list: &str, colour: Option<WarningColour>, by: Option<&str>, reach: Reach) -> WarningAsked {
    WarningAsked { answers: answers(jincheng(), list), colour, by: by.map(role), reach }
}

fn page(asked: &WarningAsked, lang: Lang) -> String {
    show_threat(jincheng(), asked, lang).expect("the plan has warnings")
}

#[test]
fn the_plan_is_shown_with_its_clauses() {
    for (plan, lang, sentences) in [
        (
            national(),
            Lang::En,
            &[
                "- **Red** (`red`) stands for an incident of level I [3.1.b]",
                "- **Orange and below for several industries that stays inside one province is issued by that province** (ours) [3.3.c · D",
                "  - Colours: Orange, Yellow, Blue",
                "- Lifted by: whoever issued it; everybody who had it is told within 30 minutes (ours) [3.5 · D",
                "- each measure has a time limit; further fields may be added [3.3.e",
                "command body · within 15 minutes, from the issue, kept up until it is lifted or the period ends",
                "### Period of important national activities and meetings [6.5.a]",
                "lifted by whoever ordered it; otherwise it ends with the period",
            ][..],
        ),
        (
            jincheng(),
            Lang::Zh,
            &[
                "- **红色（Ⅰ级，特别严重）** (`red`) 对应Ⅰ级事件 [4.3.1.1",
                "  - **橙色（Ⅱ级，严重）** 发现新的威胁，可能影响基础运营网络",
                "  - 只限市政府的决定所指明者",
                "  - 或标记：威胁可能衍生其他安全事件",
                "- 调整：市网安办 [4.3.2.a]",
                "  - 黄色（Ⅲ级，较重）：2 小时内",
                "- 预案没有按颜色规定措施，以每次预警所写的措施为准 [4.2.3.b]",
            ],
        ),
    ] {
        let shown = show(plan, lang).to_lowercase();
        for sentence in sentences {
            assert!(shown.contains(&sentence.to_lowercase()), "{sentence}\n{}", section(&shown));
        }
    }
}

/// The section on warnings of a page.
fn section(page: &str) -> &str {
    let start = page.find("## warnings").or_else(|| page.find("## 预警")).unwrap_or(0);
    &page[start..]
}

#[test]
fn a_threat_has_its_page_in_both_languages() {
    let list = "new_threat=true whole_city=false threat_spread=none networks_hit=0 systems_hit=2";
    let asked = asked(list, None, Some("security-office"), Reach::OwnRegion);
    let en = page(&asked, Lang::En);
    for sentence in [
        "- Colour: **Yellow (grade III, fairly serious)** (proposed by the rules) [4.3.1.3",
        "does not hold",
        "How far it may spread = it may keep spreading → Orange (grade II, serious)",
        "new internet security threat = no → no warning",
        "- **City security office** may issue it [4.3.2.a]",
        "- Lifted by: City security office [4.3.2.a]",
        "## For whom, and how it reaches them",
        "each unit told, each person told · issue, update, adjustment, lifting · within 2 hours, from the issue",
    ] {
        assert!(en.contains(sentence), "{sentence}\n{en}");
    }
    assert!(!en.chars().any(is_chinese), "{en}");
    let zh = page(&asked, Lang::Zh);
    let odd: Vec<&str> =
        zh.lines().filter(|line| !line.is_empty() && !line.chars().any(is_chinese)).collect();
    assert_eq!(odd, [""; 0]);
    assert!(zh.contains("- **市网安办** 可以发布 [4.3.2.a]"), "{zh}");
}

#[test]
fn a_refusal_and_a_gate_are_said() {
    let red = Some(WarningColour::Red);
    let gated = page(&asked("", red, Some("working-bodies"), Reach::OwnRegion), Lang::En);
    assert!(gated.contains("**Working bodies** may issue it after this decision [4.3.2.b"), "{gated}");
    let gate = "first decided by City government; the decision names who issues (because of the colour)";
    assert!(gated.contains(gate), "{gated}");
    let unit = page(&asked("", red, Some("unit"), Reach::OwnRegion), Lang::En);
    assert!(unit.contains("the plan gives it no right to issue"), "{unit}");
    let beyond = page(&asked("", red, Some("security-office"), Reach::SeveralRegions), Lang::En);
    assert!(beyond.contains("nobody may issue such a warning under this plan"), "{beyond}");
    assert!(beyond.contains("Plan of the authority above: national-2017"), "{beyond}");
    let none = page(&asked("new_threat=false", None, None, Reach::OwnRegion), Lang::En);
    assert!(none.contains("- Colour: none: no rule can hold") && !none.contains("## Who issues"), "{none}");
    let open = page(&asked("new_threat=true", None, None, Reach::OwnRegion), Lang::Zh);
    assert!(open.contains("（尚有未答问题，仍可能的最高颜色）") && open.contains("- 未答问题："), "{open}");
}

#[test]
fn the_same_as_json() {
    let list = "new_threat=true whole_city=false threat_spread=further networks_hit=0 systems_hit=1";
    let asked = asked(list, None, Some("unit"), Reach::OwnRegion);
    let found = WarningFound::new(jincheng(), &asked).expect("warnings");
    let json = serde_json::to_value(WarningJson::new(jincheng(), &asked, &found)).expect("JSON");
    for (pointer, expected) in [
        ("/colour", "orange"),
        ("/colour_is", "proposed"),
        ("/proposal/rule", "orange-gap"),
        ("/proposal/rules/0/colour", "red"),
        ("/proposal/rules/0/holds", "false"),
        ("/issue/ruling", "must_not"),
        ("/issue/entitled/0/right", "authorised-department"),
        ("/issue/entitled/0/after/0/by/0", "city-government"),
        ("/issue/two_person", "jincheng-internet-2008/4.3.2.b"),
        ("/changes/lift/by/0", "security-office"),
        ("/form/fields/6/id", "issuer"),
        ("/editions/0/channels/1/id", "e-mail"),
        ("/before/3/id", "assess-risk"),
        ("/owed/0/kind", "receipt"),
    ] {
        assert_eq!(json.pointer(pointer).and_then(|value| value.as_str()), Some(expected), "{pointer}");
    }
    assert_eq!(json.pointer("/owed/0/due_s").and_then(serde_json::Value::as_i64), Some(1_800));
    assert!(json.pointer("/proposal/judge/en").is_some_and(serde_json::Value::is_string));
}

#[test]
fn a_change_of_warnings_is_named() {
    let before = jincheng().clone();
    let mut after = before.clone();
    let warnings = after.warnings.as_mut().expect("warnings");
    warnings.rights[0].highest = WarningColour::Orange;
    warnings.measures.remove(0);
    warnings.form.measures_have_limits = true;
    if let Some(span) = warnings.receipts[0].within.get_mut(&WarningColour::Red) {
        *span = jiff::SignedDuration::from_mins(15);
    }
    let shown = show_diff(&before, &after, Lang::En);
    for line in [
        "## Warnings\n\n- form · measures have time limits: no → yes",
        "## Rights to issue\n\n- **The security office issues yellow and blue in one hand** [4.3.2.a]\n  - up to: yellow → orange",
        "## Measures\n\n- gone: **Combine the monitoring",
        "(colour red, within 30 min)",
        "(colour red, within 15 min)",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
    let mut without = before.clone();
    without.warnings = None;
    let gone = diff(&before, &without);
    assert!(gone.iter().any(|one| one.section == "warnings/rights" && one.id.is_some()), "{gone:#?}");
    assert!(gone.len() > 20);
    assert!(!show_diff(&without, &before, Lang::Zh).contains("\"zh\""), "no raw JSON");
    let rules = |plan: &mut fengsui_domain::plan::Plan| {
        let warnings = plan.warnings.as_mut().expect("warnings");
        if let fengsui_domain::plan::ColourRules::Own(rules) = &mut warnings.grading.rules {
            rules.swap(1, 2);
        }
    };
    let mut order = before.clone();
    rules(&mut order);
    assert_eq!(diff(&before, &order).len(), 1, "the order of rules counts");
}
